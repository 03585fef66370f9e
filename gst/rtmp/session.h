/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's side of one RTMP connection: bytes of the publisher come in;
 * bytes for the publisher are appended to @out, and events are returned one at
 * a time. Pure; has one owner and never calls back.
 *
 *   while (rtmp_session_receive (session, &data, &size, out, &event))
 *     … do what the event says …
 */

#pragma once

#include "gst/rtmp/conversation.h"
#include "gst/rtmp/handshake.h"

G_BEGIN_DECLS

typedef struct _RtmpSession RtmpSession;

/* @label names the session in the log until the stream's name is known. */
RtmpSession *rtmp_session_new (const gchar *label,
    const guint8 random[RTMP_HANDSHAKE_RANDOM_BYTES]);
void rtmp_session_free (RtmpSession *self);

/* Takes bytes up to the next event and moves *@data on. Returns FALSE if there
 * was none: all bytes are taken, the session is closed, or it waits for the
 * answer to an event; only then bytes may be left. */
gboolean rtmp_session_receive (RtmpSession *self, const guint8 **data,
    gsize *size, GByteArray *out, RtmpEvent *event);

/* Answer RTMP_EVENT_CONNECT. A rejection closes the session; the peer hears
 * @description, the log @why. */
void rtmp_session_accept_connect (RtmpSession *self, GByteArray *out);
void rtmp_session_reject_connect (RtmpSession *self, const gchar *description,
    const gchar *why, GByteArray *out);

/* Answer RTMP_EVENT_PUBLISH. A refusal closes the session; @why is (nullable)
 * for the usual words. */
void rtmp_session_accept_publish (RtmpSession *self, GByteArray *out);
void rtmp_session_reject_publish (RtmpSession *self, RtmpRefusal refusal,
    const gchar *why, GByteArray *out);

/* The server is about to end it: a publisher that knows how is asked to come
 * again. */
void rtmp_session_send_away (RtmpSession *self, GByteArray *out);
/* The stream is about to be another's: its publisher hears @why. */
void rtmp_session_dispossess (RtmpSession *self, const gchar *why,
    GByteArray *out);

/* Returns: what it means if the peer closes the connection now, in words that
 * stay valid for good. */
const gchar *rtmp_session_why_at_end (const RtmpSession *self);
/* The connection is at its end; @why is static. Does nothing if the session is
 * closed. */
void rtmp_session_end (RtmpSession *self, const gchar *why);

/* How many messages the peer has ended, and whether it has begun another. */
guint64 rtmp_session_n_messages (const RtmpSession *self);
gboolean rtmp_session_is_within_message (const RtmpSession *self);
RtmpSessionState rtmp_session_state (const RtmpSession *self);
/* Why it closed; NULL before. */
const gchar *rtmp_session_why (const RtmpSession *self);
/* APP/KEY from RTMP_EVENT_PUBLISH on; NULL before. */
const gchar *rtmp_session_name (const RtmpSession *self);
/* From RTMP_EVENT_CONNECT on, without its query; NULL before. */
const gchar *rtmp_session_app (const RtmpSession *self);
/* What followed '?' in the app, or else in the URL; from RTMP_EVENT_PUBLISH on
 * after that of the key. May hold secrets; NULL before RTMP_EVENT_CONNECT. */
const gchar *rtmp_session_query (const RtmpSession *self);

G_END_DECLS
