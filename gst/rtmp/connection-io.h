/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One accepted connection: its transport, which one thread reads, and its
 * session. */

#pragma once

#include "gst/rtmp/session.h"
#include "gst/rtmp/transport-io.h"

G_BEGIN_DECLS

/* The time from accepting the connection until connect, and from there until
 * publish; also from the end of a stream until the next publish. On a slow
 * link, handshake to publish takes six round trips. */
#define RTMP_CONNECTION_PATIENCE_US (10 * G_USEC_PER_SEC)
/* Time for the peer to receive the replies, which are small. */
#define RTMP_CONNECTION_SEND_US (5 * G_USEC_PER_SEC)
/* Time for a publisher to complete a message that it has begun, as a multiple
 * of the idle timeout: enough for the largest key frame on a slow link. */
#define RTMP_CONNECTION_MESSAGE_IDLES 6
/* Counted from publish. Encoders send their metadata first, and soon. */
#define RTMP_CONNECTION_QUIET_US (G_USEC_PER_SEC / 2)
/* Several round trips, in which the peer can read the last replies. */
#define RTMP_CONNECTION_LINGER_US (G_USEC_PER_SEC / 2)

typedef struct _RtmpConnection RtmpConnection;

/* Takes @transport. @label names it in the log. The connection is dropped if
 * the peer's host or network gives no sign of life for about @idle_us. */
RtmpConnection *rtmp_connection_new (RtmpTransport *transport,
    const gchar *label, gint64 idle_us);
void rtmp_connection_free (RtmpConnection *self);

/* Waits for the next event. RTMP_EVENT_PLAY, if accepted, is the last one,
 * because the connection then belongs to another owner. RTMP_EVENT_QUIET is
 * returned once per stream, when nothing has arrived for
 * RTMP_CONNECTION_QUIET_US. Returns FALSE once the session is closed and
 * everything queued for the peer has been sent. */
gboolean rtmp_connection_next (RtmpConnection *self, RtmpEvent *event);

/* Answer RTMP_EVENT_CONNECT and RTMP_EVENT_PUBLISH: see session.h. */
void rtmp_connection_accept_connect (RtmpConnection *self);
void rtmp_connection_reject_connect (RtmpConnection *self,
    const gchar *description, const gchar *why);
void rtmp_connection_accept_publish (RtmpConnection *self);
void rtmp_connection_reject_publish (RtmpConnection *self,
    RtmpRejection rejection, const gchar *why);

/* Allows the peer to play as well: RTMP_EVENT_PLAY must then be answered, by
 * rtmp_connection_reject_play() or rtmp_connection_release(). To be called
 * before the first event. */
void rtmp_connection_allow_play (RtmpConnection *self);
void rtmp_connection_reject_play (RtmpConnection *self, const gchar *why);

/* The parts of a connection that another owner takes over. */
typedef struct
{
  gchar *label;
  RtmpTransport *transport;
  RtmpSession *session;
  GByteArray *out;    /* to be sent */
  const guint8 *data; /* of the transport: read, not yet consumed */
  gsize size;
} RtmpConnectionRest;

/* Accepts play and moves all parts to @rest. Only rtmp_connection_free() may be
 * called afterwards. */
void rtmp_connection_release (RtmpConnection *self, RtmpConnectionRest *rest);
void rtmp_connection_rest_clear (RtmpConnectionRest *self);

/* Closes the session for a local reason; on the reading thread. */
void rtmp_connection_end (RtmpConnection *self, const gchar *why);
/* Wakes the reading thread and makes it close the session; from any thread.
 * @why is static, and the first call sets it. rtmp_connection_send_away() also
 * asks the publisher to reconnect, if it supports that. */
void rtmp_connection_shut_down (RtmpConnection *self, const gchar *why);
void rtmp_connection_send_away (RtmpConnection *self);
/* The same for a stream that another publisher takes over; its publisher gets
 * that as the reason. */
void rtmp_connection_dispossess (RtmpConnection *self);
/* The same for a publisher that the application disconnects; @why is copied.
 * The first call sets it. */
void rtmp_connection_dismiss (RtmpConnection *self, const gchar *why);
/* Closes the socket; on the reading thread, or once that has ended. A peer that
 * was sent a reason gets time to read it. */
void rtmp_connection_close (RtmpConnection *self);

/* The label that names the connection in the log. */
const gchar *rtmp_connection_label (const RtmpConnection *self);
/* The stream's name; NULL before RTMP_EVENT_PUBLISH. */
const gchar *rtmp_connection_name (const RtmpConnection *self);
/* See session.h; may hold secrets. */
const gchar *rtmp_connection_app (const RtmpConnection *self);
const gchar *rtmp_connection_query (const RtmpConnection *self);
const gchar *rtmp_connection_flash_version (const RtmpConnection *self);
/* The peer's IP address, alone and as "IP:PORT", and its port. */
const gchar *rtmp_connection_address (const RtmpConnection *self);
const gchar *rtmp_connection_endpoint (const RtmpConnection *self);
guint rtmp_connection_port (const RtmpConnection *self);
gboolean rtmp_connection_is_encrypted (const RtmpConnection *self);
/* Cancelled when the connection is shut down. */
GCancellable *rtmp_connection_cancellable (const RtmpConnection *self);
const gchar *rtmp_connection_why (const RtmpConnection *self);

G_END_DECLS
