/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Detects whether a file has changed since it was last examined. */

#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>

G_BEGIN_DECLS

/* To be embedded; starts zeroed, which equals no file. */
typedef struct
{
  GStatBuf seen;
} AccessFileStamp;

/* Examines the file. Returns FALSE if there is none; the stamp is zeroed
 * then. */
gboolean access_filestamp_take (AccessFileStamp *self, const gchar *path,
    GError **error);
gboolean access_filestamp_equal (const AccessFileStamp *a,
    const AccessFileStamp *b);

G_END_DECLS
