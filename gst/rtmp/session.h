/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's side of one RTMP connection. The caller passes in the
 * publisher's bytes; replies are appended to @out, and events are returned one
 * at a time. Pure; has one owner and never calls back.
 *
 *   while (rtmp_session_receive (session, &data, &size, out, &event))
 *     … handle the event … */

#pragma once

#include "gst/rtmp/conversation.h"
#include "gst/rtmp/handshake.h"

G_BEGIN_DECLS

typedef struct _RtmpSession RtmpSession;

/* @label names the session in the log until the stream's name is known. */
RtmpSession *rtmp_session_new (const gchar *label,
    const guint8 random[RTMP_HANDSHAKE_RANDOM_BYTES]);
void rtmp_session_free (RtmpSession *self);

/* Consumes input up to the next event and advances *@data. Returns FALSE if
 * there was none: all input has been consumed, the session is closed, or it
 * waits for the answer to an event. Input is left over only in the last two
 * cases. */
gboolean rtmp_session_receive (RtmpSession *self, const guint8 **data,
    gsize *size, GByteArray *out, RtmpEvent *event);

/* Answer RTMP_EVENT_CONNECT. Rejecting closes the session; @description is sent
 * to the peer, @why is logged. */
void rtmp_session_accept_connect (RtmpSession *self, GByteArray *out);
void rtmp_session_reject_connect (RtmpSession *self, const gchar *description,
    const gchar *why, GByteArray *out);

/* Answer RTMP_EVENT_PUBLISH. Rejecting closes the session; @why (nullable)
 * replaces the default text. */
void rtmp_session_accept_publish (RtmpSession *self, GByteArray *out);
void rtmp_session_reject_publish (RtmpSession *self, RtmpRejection rejection,
    const gchar *why, GByteArray *out);

/* Makes play an event rather than an error; to be called before anything is
 * received. */
void rtmp_session_allow_play (RtmpSession *self);
/* Answer RTMP_EVENT_PLAY. Rejecting closes the session. */
void rtmp_session_accept_play (RtmpSession *self, GByteArray *out);
void rtmp_session_reject_play (RtmpSession *self, const gchar *why,
    GByteArray *out);
/* The publisher of the stream that is played has left for good, or was never
 * there: sends the status of that, and closes the session. */
void rtmp_session_end_play (RtmpSession *self, gboolean was_there,
    GByteArray *out);
/* Returns: the message stream that is published or played on. */
guint32 rtmp_session_stream_id (const RtmpSession *self);

/* The server is about to close the connection: asks a publisher that supports
 * it to reconnect. */
void rtmp_session_send_away (RtmpSession *self, GByteArray *out);
/* Another publisher is about to take the stream over: sends @why to the
 * current one. */
void rtmp_session_dispossess (RtmpSession *self, const gchar *why,
    GByteArray *out);
/* The application disconnects the publisher or player: sends @why to it. The
 * session of a player is then closed. */
void rtmp_session_dismiss (RtmpSession *self, const gchar *why,
    GByteArray *out);

/* Returns: the reason to log if the peer closes the connection now; static. */
const gchar *rtmp_session_why_at_end (const RtmpSession *self);
/* The connection has ended; @why is static. Does nothing if the session is
 * closed. */
void rtmp_session_end (RtmpSession *self, const gchar *why);

/* Return how many messages the peer has completed, and whether another one has
 * begun. */
guint64 rtmp_session_n_messages (const RtmpSession *self);
gboolean rtmp_session_is_within_message (const RtmpSession *self);
RtmpSessionState rtmp_session_state (const RtmpSession *self);
/* Returns: why the session closed; NULL before. */
const gchar *rtmp_session_why (const RtmpSession *self);
/* Returns: APP/KEY, from RTMP_EVENT_PUBLISH or RTMP_EVENT_PLAY on; NULL before.
 */
const gchar *rtmp_session_name (const RtmpSession *self);
/* Returns: the app without its query, from RTMP_EVENT_CONNECT on; NULL before.
 */
const gchar *rtmp_session_app (const RtmpSession *self);
/* Returns: what follows '?' in the app or else in the URL, from
 * RTMP_EVENT_CONNECT on; NULL before. From RTMP_EVENT_PUBLISH or
 * RTMP_EVENT_PLAY on, the query of the key precedes it. May hold secrets. */
const gchar *rtmp_session_query (const RtmpSession *self);
/* Returns: (nullable): the flashVer of connect, which is displayed. */
const gchar *rtmp_session_flash_version (const RtmpSession *self);

G_END_DECLS
