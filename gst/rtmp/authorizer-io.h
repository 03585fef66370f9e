/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a publisher may publish: the rule of gst/access/authorizer-io.h, and
 * the logins of RTMP (authmod=adobe) on top of it. Any thread may call. */

#pragma once

#include "gst/access/authorizer-io.h"

G_BEGIN_DECLS

typedef struct _RtmpAuthorizer RtmpAuthorizer;

/* As access_authorizer_new(). */
RtmpAuthorizer *rtmp_authorizer_new (const gchar *path, const gchar *url,
    GError **error);
void rtmp_authorizer_free (RtmpAuthorizer *self);

/* What one connection has logged in with; starts zeroed. */
typedef struct
{
  gchar *challenge;       /* (nullable): the one that it alone has answered */
  gboolean has_published; /* with it: its age no longer counts */
} RtmpLoginState;

void rtmp_login_state_clear (RtmpLoginState *self);

/* A publisher may have to log in before it publishes: RTMP then rejects a
 * connect or two on the way.
 *
 * Returns: (transfer full) (nullable): NULL to accept the connect, else the
 * description to reject it with; @why is static then. */
gchar *rtmp_authorizer_check_connect (RtmpAuthorizer *self,
    RtmpLoginState *login, const gchar *app, const gchar *query, gint64 now_us,
    const gchar **why);

/* Both return: (transfer full) (nullable): NULL if it may publish, else why
 * not. The second waits for its answer. */
gchar *rtmp_authorizer_check_publish (RtmpAuthorizer *self,
    RtmpLoginState *login, const AccessRequest *request, gint64 now_us);
gchar *rtmp_authorizer_ask (RtmpAuthorizer *self, const AccessRequest *request,
    GCancellable *cancellable);

G_END_DECLS
