/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How far an RTMP connection has come, and where it can go from there. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RTMP_SESSION_HANDSHAKING,
  RTMP_SESSION_CONNECTING,      /* the handshake is done, connect is to come */
  RTMP_SESSION_CONNECT_PENDING, /* connect has come; the owner has to answer */
  RTMP_SESSION_CONNECTED,
  RTMP_SESSION_PUBLISH_PENDING, /* to publish; the owner has to answer */
  RTMP_SESSION_PUBLISHING,
  RTMP_SESSION_CLOSED, /* rtmp_session_why() says why */
} RtmpSessionState;

const gchar *rtmp_sessionstate_name (RtmpSessionState state);
gboolean rtmp_sessionstate_may_follow (RtmpSessionState from,
    RtmpSessionState to);

G_END_DECLS
