/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file with the keys of tokens: see jwtfile-io.h. */

#include "gst/access/jwtfile-io.h"

#include "gst/access/parsedfile-io.h"

static gpointer
parse (const gchar *path, const gchar *text, gsize size, GError **error)
{
  const gchar *why;
  AccessJwtKeys *keys = access_jwtkeys_parse (text, size, &why);

  if (keys == NULL)
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "“%s”: %s", path,
        why);
  return keys;
}

static void
free_keys (gpointer keys)
{
  access_jwtkeys_free (keys);
}

static const AccessFileFormat format = { ACCESS_JWTKEYS_MAX_BYTES, parse,
  free_keys };

AccessJwtFile *
access_jwtfile_new (const gchar *path, GError **error)
{
  return (AccessJwtFile *) access_parsedfile_new (path, &format, error);
}

void
access_jwtfile_free (AccessJwtFile *self)
{
  access_parsedfile_free ((AccessParsedFile *) self);
}

const AccessJwtKeys *
access_jwtfile_read (AccessJwtFile *self, GError **error)
{
  return access_parsedfile_read ((AccessParsedFile *) self, error);
}
