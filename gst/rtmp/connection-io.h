/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One accepted connection: its transport, read by one thread, and its session.
 */

#pragma once

#include "gst/rtmp/session.h"
#include "gst/rtmp/transport-io.h"

G_BEGIN_DECLS

/* From the connection until connect, and from there, or the end of a stream,
 * until publish. A slow link shakes hands and publishes in six round trips. */
#define RTMP_CONNECTION_PATIENCE_US (10 * G_USEC_PER_SEC)
/* Until the peer takes what we say, which is little. */
#define RTMP_CONNECTION_SEND_US (5 * G_USEC_PER_SEC)
/* Until who publishes has finished a message that it has begun, in times of
 * what it may be silent: the largest key frame on a slow link. */
#define RTMP_CONNECTION_MESSAGE_IDLES 6
/* From publish on: encoders say first of all what they are, and that soon. */
#define RTMP_CONNECTION_QUIET_US (G_USEC_PER_SEC / 2)
/* For the last words to be read, some round trips. */
#define RTMP_CONNECTION_LINGER_US (G_USEC_PER_SEC / 2)

typedef struct _RtmpConnection RtmpConnection;

/* Takes @transport. @label names it in the log; whose machine or network gives
 * no sign of life for about @idle_us is dropped. */
RtmpConnection *rtmp_connection_new (RtmpTransport *transport,
    const gchar *label, gint64 idle_us);
void rtmp_connection_free (RtmpConnection *self);

/* Waits for the next event. RTMP_EVENT_QUIET is returned once per stream, when
 * nothing has arrived for RTMP_CONNECTION_QUIET_US. Returns FALSE once the
 * session is closed and everything queued for the peer has been sent. */
gboolean rtmp_connection_next (RtmpConnection *self, RtmpEvent *event);

/* Answer RTMP_EVENT_CONNECT and RTMP_EVENT_PUBLISH: see session.h. */
void rtmp_connection_accept_connect (RtmpConnection *self);
void rtmp_connection_reject_connect (RtmpConnection *self,
    const gchar *description, const gchar *why);
void rtmp_connection_accept_publish (RtmpConnection *self);
void rtmp_connection_reject_publish (RtmpConnection *self, RtmpRefusal refusal,
    const gchar *why);

/* Closes the session for a reason of our own, on the reading thread. */
void rtmp_connection_end (RtmpConnection *self, const gchar *why);
/* Wakes the reading thread and makes it close the session; from any thread.
 * @why is static, and the first one counts. Who is sent away is asked to come
 * again, if it knows how. */
void rtmp_connection_shut_down (RtmpConnection *self, const gchar *why);
void rtmp_connection_send_away (RtmpConnection *self);
/* The same for a stream that somebody else takes over, which its publisher
 * hears. */
void rtmp_connection_dispossess (RtmpConnection *self);
/* Hangs up; on the reading thread, or once that has ended. To who was told why,
 * it gives the time to hear it. */
void rtmp_connection_close (RtmpConnection *self);

/* What names the connection in the log, as given. */
const gchar *rtmp_connection_label (const RtmpConnection *self);
/* The stream's; NULL before RTMP_EVENT_PUBLISH. */
const gchar *rtmp_connection_name (const RtmpConnection *self);
/* Of the session, see there; may hold secrets. */
const gchar *rtmp_connection_app (const RtmpConnection *self);
const gchar *rtmp_connection_query (const RtmpConnection *self);
/* The peer's IP address, alone and as "IP:PORT". */
const gchar *rtmp_connection_address (const RtmpConnection *self);
const gchar *rtmp_connection_endpoint (const RtmpConnection *self);
/* Is cancelled when the publisher is shut down. */
GCancellable *rtmp_connection_cancellable (const RtmpConnection *self);
const gchar *rtmp_connection_why (const RtmpConnection *self);

G_END_DECLS
