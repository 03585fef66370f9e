/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may publish: by a file of keys, and by a server that is asked. Without
 * either, everybody may. Any thread may call. */

#pragma once

#include "gst/access/hook-io.h"

G_BEGIN_DECLS

typedef struct _RtmpGuard RtmpGuard;

/* @path of the keys, @url of the server: (nullable), or "" for none. Fails if
 * the file can't be read or the URL is none. */
RtmpGuard *rtmp_guard_new (const gchar *path, const gchar *url, GError **error);
void rtmp_guard_free (RtmpGuard *self);

/* How one connection has logged in; starts zeroed. */
typedef struct
{
  gchar *challenge;       /* (nullable): the one that it alone has answered */
  gboolean has_published; /* by that: its age doesn't count any more */
} RtmpGuardLogin;

void rtmp_guard_login_clear (RtmpGuardLogin *self);

/* Who connects may have to log in, which rejects some connections.
 *
 * Returns: (transfer full) (nullable): NULL to welcome it, else the description
 * to reject it with; @why is static then. */
gchar *rtmp_guard_greet (RtmpGuard *self, RtmpGuardLogin *login,
    const gchar *app, const gchar *query, gint64 now_us, const gchar **why);

/* Both return: (transfer full) (nullable): NULL if it may publish, else why
 * not. The second waits for its answer. */
gchar *rtmp_guard_check_keys (RtmpGuard *self, RtmpGuardLogin *login,
    const AccessRequest *request, gint64 now_us);
gchar *rtmp_guard_ask (RtmpGuard *self, const AccessRequest *request,
    GCancellable *cancellable);

G_END_DECLS
