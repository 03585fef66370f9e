/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decides whether a publisher may publish: by the rule of
 * gst/access/authorizer-io.h and, on top of it, by the logins of RTMP
 * (authmod=adobe). Can be used from any thread. */

#pragma once

#include "gst/access/authorizer-io.h"

G_BEGIN_DECLS

typedef struct _RtmpAuthorizer RtmpAuthorizer;

/* @params: without the action. */
RtmpAuthorizer *rtmp_authorizer_new (const AccessAuthorizerParams *params,
    GError **error);
void rtmp_authorizer_free (RtmpAuthorizer *self);

/* The login of one connection; starts zeroed. */
typedef struct
{
  gchar *challenge;       /* (nullable): answered by this connection alone */
  gboolean has_published; /* with that challenge: its age no longer matters */
} RtmpLoginState;

void rtmp_login_state_clear (RtmpLoginState *self);

/* A publisher may have to log in before it publishes: in RTMP, one or two
 * connect commands are rejected on the way.
 *
 * Returns: (transfer full) (nullable): NULL to accept the connect command, else
 * the description to reject it with; @why is then a static text for the log. */
gchar *rtmp_authorizer_check_connect (RtmpAuthorizer *self,
    RtmpLoginState *login, const gchar *app, const gchar *query, gint64 now_us,
    const gchar **why);

/* Both return: (transfer full) (nullable): NULL if the publisher may publish,
 * else the reason why not. The second function waits for the answer of a
 * server. */
gchar *rtmp_authorizer_check_publish (RtmpAuthorizer *self,
    RtmpLoginState *login, const AccessRequest *request, gint64 now_us);
gchar *rtmp_authorizer_ask (RtmpAuthorizer *self, const AccessRequest *request,
    GCancellable *cancellable);

G_END_DECLS
