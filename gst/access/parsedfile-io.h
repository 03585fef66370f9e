/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that is read and parsed again when it has changed. Has one owner. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  gsize max_bytes;
  /* Returns: (transfer full) (nullable): the parsed contents; @path is for the
   * error. */
  gpointer (*parse) (const gchar *path, const gchar *text, gsize size,
      GError **error);
  GDestroyNotify free;
} AccessFileFormat;

typedef struct _AccessParsedFile AccessParsedFile;

/* @format: static. Fails if the file can't be read. */
AccessParsedFile *access_parsedfile_new (const gchar *path,
    const AccessFileFormat *format, GError **error);
void access_parsedfile_free (AccessParsedFile *self);

/* Returns: (transfer none) (nullable): the current contents of the file, valid
 * until the next call; NULL while it can't be read. @error is set only when
 * that begins. */
gconstpointer access_parsedfile_read (AccessParsedFile *self, GError **error);

G_END_DECLS
