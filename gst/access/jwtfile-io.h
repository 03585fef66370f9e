/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file with the keys of JSON Web Tokens, read again when it has changed. Has
 * one owner. */

#pragma once

#include "gst/access/jwtkeys.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _AccessJwtFile AccessJwtFile;

/* Fails if the file can't be read. */
AccessJwtFile *access_jwtfile_new (const gchar *path, GError **error);
void access_jwtfile_free (AccessJwtFile *self);

/* As access_keysfile_read(). */
const AccessJwtKeys *access_jwtfile_read (AccessJwtFile *self, GError **error);

G_END_DECLS
