/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of keys, read again when it has changed. Has one owner. */

#pragma once

#include "gst/access/keys.h"

G_BEGIN_DECLS

typedef struct _AccessKeysFile AccessKeysFile;

/* Fails if the file can't be read. */
AccessKeysFile *access_keysfile_new (const gchar *path, AccessKeysFormat format,
    GError **error);
void access_keysfile_free (AccessKeysFile *self);

/* Returns: (transfer none) (nullable): the current contents of the file, valid
 * until the next call; NULL while it can't be read. @error is set only when
 * that begins. */
const AccessKeys *access_keysfile_read (AccessKeysFile *self, GError **error);

G_END_DECLS
