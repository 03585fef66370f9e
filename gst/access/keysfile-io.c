/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of keys: see keysfile-io.h. */

#include "gst/access/keysfile-io.h"

#include "gst/access/filestamp-io.h"

struct _AccessKeysFile
{
  gchar *path;
  AccessKeysFormat format;
  AccessKeys *keys;      /* nullable: the file can't be read */
  AccessFileStamp stamp; /* the file, when it was last read */
};

static AccessKeys *
read_keys (const gchar *path, AccessKeysFormat format, gsize file_bytes,
    GError **error)
{
  g_autofree gchar *text = NULL;
  AccessKeys *keys;
  guint bad_line;
  gsize size;

  if (file_bytes > ACCESS_KEYS_MAX_BYTES) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "“%s” is longer than %d bytes", path, ACCESS_KEYS_MAX_BYTES);
    return NULL;
  }
  if (!g_file_get_contents (path, &text, &size, error))
    return NULL;
  keys = access_keys_parse (text, size, format, &bad_line);
  if (keys == NULL)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "“%s”, line %u: not “%s”", path, bad_line,
        format == ACCESS_KEYS_BY_STREAM ? "APP/KEY SECRET" : "SECRET");
  return keys;
}

/* Returns FALSE when the file has become invalid. It is then read again once it
 * has changed; until then there are no keys. */
static gboolean
refresh (AccessKeysFile *self, GError **error)
{
  AccessFileStamp now;

  if (!access_filestamp_take (&now, self->path, error)) {
    g_clear_pointer (&self->keys, access_keys_free);
    self->stamp = now;
    return FALSE;
  }
  if (access_filestamp_equal (&now, &self->stamp))
    return TRUE;
  self->stamp = now;
  g_clear_pointer (&self->keys, access_keys_free);
  self->keys = read_keys (self->path, self->format, now.seen.st_size, error);
  return self->keys != NULL;
}

AccessKeysFile *
access_keysfile_new (const gchar *path, AccessKeysFormat format, GError **error)
{
  AccessKeysFile *self = g_new0 (AccessKeysFile, 1);

  self->path = g_strdup (path);
  self->format = format;
  if (!refresh (self, error)) {
    access_keysfile_free (self);
    return NULL;
  }
  return self;
}

void
access_keysfile_free (AccessKeysFile *self)
{
  if (self == NULL)
    return;
  access_keys_free (self->keys);
  g_free (self->path);
  g_free (self);
}

const AccessKeys *
access_keysfile_read (AccessKeysFile *self, GError **error)
{
  refresh (self, error);
  return self->keys;
}
