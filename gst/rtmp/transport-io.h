/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The non-blocking socket of a connection, with or without TLS. */

#pragma once

#include "gst/net/tls.h"

#include <gio/gio.h>
#include <sys/uio.h>

G_BEGIN_DECLS

/* The maximum per read: as much as a fast sender puts into the socket between
 * two reads. */
#define RTMP_TRANSPORT_READ_BYTES (64 * 1024)

typedef enum
{
  RTMP_TRANSPORT_BYTES, /* may be none, if TLS had only internal messages */
  RTMP_TRANSPORT_WAIT,  /* nothing to read: call rtmp_transport_wait() */
  RTMP_TRANSPORT_END,   /* the peer has closed the connection */
  RTMP_TRANSPORT_FAILED,
} RtmpTransportResult;

typedef struct _RtmpTransport RtmpTransport;

/* Takes a reference to @socket. @label names it in the log; @context is NULL
 * for a connection without TLS. */
RtmpTransport *rtmp_transport_new (GSocket *socket, const gchar *label,
    SSL_CTX *context);
void rtmp_transport_free (RtmpTransport *self);

/* Returns what is available; @data is valid until the next call. After
 * RTMP_TRANSPORT_BYTES there may be more, and TLS may have something for
 * rtmp_transport_send() to send. */
RtmpTransportResult rtmp_transport_receive (RtmpTransport *self,
    const guint8 **data, gsize *size, GCancellable *cancellable,
    GError **error);
/* Makes the kernel detect a dead peer: if for about @idle_us the peer
 * acknowledges neither data nor the probes that are sent when the connection is
 * idle, receiving fails with G_IO_ERROR_TIMED_OUT. */
void rtmp_transport_watch (RtmpTransport *self, gint64 idle_us);

/* Waits until there is something to receive. */
gboolean rtmp_transport_wait (RtmpTransport *self, gint64 patience_us,
    GCancellable *cancellable, GError **error);

/* Sends @bytes, which is emptied, and what TLS has queued. Waits up to
 * @patience_us for the peer to receive it. */
gboolean rtmp_transport_send (RtmpTransport *self, GByteArray *bytes,
    gint64 patience_us, GCancellable *cancellable, GError **error);
/* Sends as much as the socket takes without waiting; the first @n_sent bytes
 * need not be passed again. */
gboolean rtmp_transport_try_send (RtmpTransport *self,
    const struct iovec *pieces, guint n_pieces, gsize *n_sent, GError **error);
/* Returns whether some of what was accepted for sending still waits for room in
 * the socket. */
gboolean rtmp_transport_is_congested (const RtmpTransport *self);

/* Makes a connection without TLS receive into @buffer, of
 * RTMP_TRANSPORT_READ_BYTES, which the owner of many connections shares among
 * them. To be called between two calls that receive. */
void rtmp_transport_share_buffer (RtmpTransport *self, guint8 *buffer);
/* To be called when the owner has found the socket readable. */
void rtmp_transport_note_input (RtmpTransport *self);
/* Limits what the kernel keeps unsent, so that a slow peer gets recent data. */
void rtmp_transport_limit_unsent (RtmpTransport *self, gsize n_bytes);
/* Shuts the sending direction down. */
void rtmp_transport_shut_down (RtmpTransport *self);
gint rtmp_transport_fd (const RtmpTransport *self);

/* Closes the connection. Waits up to @patience_us for the peer to do so as
 * well: with unread input, the kernel would reset the connection and the peer
 * would lose what was sent last. */
void rtmp_transport_close (RtmpTransport *self, gint64 patience_us);

/* Returns: (transfer full): the peer's IP address; "" if it has disconnected.
 */
gchar *rtmp_transport_dup_address (const RtmpTransport *self);
/* Returns: (transfer full): the same with the port: "IP:PORT", "[IPv6]:PORT".
 */
gchar *rtmp_transport_dup_endpoint (const RtmpTransport *self);
gboolean rtmp_transport_is_encrypted (const RtmpTransport *self);

G_END_DECLS
