/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells whether a file is another one than when it was last looked at. */

#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>

G_BEGIN_DECLS

/* To be embedded; starts zeroed, which no file looks like. */
typedef struct
{
  GStatBuf seen;
} AccessFileStamp;

/* Looks at the file. Returns FALSE if there is none, which is zeroed then. */
gboolean access_filestamp_take (AccessFileStamp *self, const gchar *path,
    GError **error);
gboolean access_filestamp_equal (const AccessFileStamp *a,
    const AccessFileStamp *b);

G_END_DECLS
