/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that is parsed again when it has changed: see parsedfile-io.h. */

#include "gst/access/parsedfile-io.h"

#include "gst/access/filestamp-io.h"

struct _AccessParsedFile
{
  gchar *path;
  const AccessFileFormat *format;
  gpointer contents;     /* nullable: the file can't be read */
  AccessFileStamp stamp; /* the file, when it was last read */
};

static gpointer
read_contents (const AccessParsedFile *self, gsize file_bytes, GError **error)
{
  g_autofree gchar *text = NULL;
  gsize size;

  if (file_bytes > self->format->max_bytes) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "“%s” is longer than %" G_GSIZE_FORMAT " bytes", self->path,
        self->format->max_bytes);
    return NULL;
  }
  if (!g_file_get_contents (self->path, &text, &size, error))
    return NULL;
  return self->format->parse (self->path, text, size, error);
}

static void
forget (AccessParsedFile *self)
{
  if (self->contents != NULL)
    self->format->free (self->contents);
  self->contents = NULL;
}

/* Returns FALSE when the file has become invalid. It is then read again once it
 * has changed; until then there are no contents. */
static gboolean
refresh (AccessParsedFile *self, GError **error)
{
  AccessFileStamp now;

  if (!access_filestamp_take (&now, self->path, error)) {
    forget (self);
    self->stamp = now;
    return FALSE;
  }
  if (access_filestamp_equal (&now, &self->stamp))
    return TRUE;
  self->stamp = now;
  forget (self);
  self->contents = read_contents (self, now.seen.st_size, error);
  return self->contents != NULL;
}

AccessParsedFile *
access_parsedfile_new (const gchar *path, const AccessFileFormat *format,
    GError **error)
{
  AccessParsedFile *self = g_new0 (AccessParsedFile, 1);

  self->path = g_strdup (path);
  self->format = format;
  if (!refresh (self, error)) {
    access_parsedfile_free (self);
    return NULL;
  }
  return self;
}

void
access_parsedfile_free (AccessParsedFile *self)
{
  if (self == NULL)
    return;
  forget (self);
  g_free (self->path);
  g_free (self);
}

gconstpointer
access_parsedfile_read (AccessParsedFile *self, GError **error)
{
  refresh (self, error);
  return self->contents;
}
