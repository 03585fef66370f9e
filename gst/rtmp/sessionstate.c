/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The states of an RTMP connection: see sessionstate.h. */

#include "gst/rtmp/sessionstate.h"

const gchar *
rtmp_sessionstate_name (RtmpSessionState state)
{
  switch (state) {
    case RTMP_SESSION_HANDSHAKING:
      return "handshaking";
    case RTMP_SESSION_CONNECTING:
      return "connecting";
    case RTMP_SESSION_CONNECT_PENDING:
      return "connect pending";
    case RTMP_SESSION_CONNECTED:
      return "connected";
    case RTMP_SESSION_PUBLISH_PENDING:
      return "publish pending";
    case RTMP_SESSION_PUBLISHING:
      return "publishing";
    case RTMP_SESSION_PLAY_PENDING:
      return "play pending";
    case RTMP_SESSION_PLAYING:
      return "playing";
    case RTMP_SESSION_CLOSED:
      return "closed";
  }
  return "none";
}

gboolean
rtmp_sessionstate_may_follow (RtmpSessionState from, RtmpSessionState to)
{
  switch (to) {
    case RTMP_SESSION_HANDSHAKING:
      return FALSE;
    case RTMP_SESSION_CONNECTING:
      return from == RTMP_SESSION_HANDSHAKING;
    case RTMP_SESSION_CONNECT_PENDING:
      return from == RTMP_SESSION_CONNECTING;
    case RTMP_SESSION_CONNECTED:
      return from == RTMP_SESSION_CONNECT_PENDING ||
          from == RTMP_SESSION_PUBLISHING || from == RTMP_SESSION_PLAYING;
    case RTMP_SESSION_PUBLISH_PENDING:
      return from == RTMP_SESSION_CONNECTED;
    case RTMP_SESSION_PUBLISHING:
      return from == RTMP_SESSION_PUBLISH_PENDING;
    case RTMP_SESSION_PLAY_PENDING:
      return from == RTMP_SESSION_CONNECTED;
    case RTMP_SESSION_PLAYING:
      return from == RTMP_SESSION_PLAY_PENDING ||
          from == RTMP_SESSION_CONNECTED;
    case RTMP_SESSION_CLOSED:
      return from != RTMP_SESSION_CLOSED;
  }
  return FALSE;
}
