/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of keys: see keysfile-io.h. */

#include "gst/access/keysfile-io.h"

#include "gst/access/parsedfile-io.h"

static gpointer
parse (const gchar *path, const gchar *text, gsize size,
    AccessKeysFormat format, GError **error)
{
  guint bad_line;
  AccessKeys *keys = access_keys_parse (text, size, format, &bad_line);

  if (keys == NULL)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
        "“%s”, line %u: not “%s”", path, bad_line,
        format == ACCESS_KEYS_BY_STREAM ? "APP/KEY SECRET" : "SECRET");
  return keys;
}

static gpointer
parse_by_stream (const gchar *path, const gchar *text, gsize size,
    GError **error)
{
  return parse (path, text, size, ACCESS_KEYS_BY_STREAM, error);
}

static gpointer
parse_alone (const gchar *path, const gchar *text, gsize size, GError **error)
{
  return parse (path, text, size, ACCESS_KEYS_ALONE, error);
}

static void
free_keys (gpointer keys)
{
  access_keys_free (keys);
}

static const AccessFileFormat formats[] = {
  [ACCESS_KEYS_BY_STREAM] = { ACCESS_KEYS_MAX_BYTES, parse_by_stream,
      free_keys },
  [ACCESS_KEYS_ALONE] = { ACCESS_KEYS_MAX_BYTES, parse_alone, free_keys },
};

AccessKeysFile *
access_keysfile_new (const gchar *path, AccessKeysFormat format, GError **error)
{
  return (
      AccessKeysFile *) access_parsedfile_new (path, &formats[format], error);
}

void
access_keysfile_free (AccessKeysFile *self)
{
  access_parsedfile_free ((AccessParsedFile *) self);
}

const AccessKeys *
access_keysfile_read (AccessKeysFile *self, GError **error)
{
  return access_parsedfile_read ((AccessParsedFile *) self, error);
}
