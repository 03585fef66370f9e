/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The states of an RTMP connection, and the transitions between them. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RTMP_SESSION_HANDSHAKING,
  RTMP_SESSION_CONNECTING,      /* the handshake is done, connect is awaited */
  RTMP_SESSION_CONNECT_PENDING, /* connect awaits the owner's answer */
  RTMP_SESSION_CONNECTED,
  RTMP_SESSION_PUBLISH_PENDING, /* publish awaits the owner's answer */
  RTMP_SESSION_PUBLISHING,
  RTMP_SESSION_PLAY_PENDING, /* play awaits the owner's answer */
  RTMP_SESSION_PLAYING,
  RTMP_SESSION_CLOSED, /* the reason: rtmp_session_why() */
} RtmpSessionState;

const gchar *rtmp_sessionstate_name (RtmpSessionState state);
gboolean rtmp_sessionstate_may_follow (RtmpSessionState from,
    RtmpSessionState to);

G_END_DECLS
