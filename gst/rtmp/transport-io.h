/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection's socket, which never blocks, with TLS around it or without. */

#pragma once

#include "gst/net/tls.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  RTMP_TRANSPORT_BYTES, /* maybe none: TLS alone had something to say */
  RTMP_TRANSPORT_WAIT,  /* nothing is there before rtmp_transport_wait() */
  RTMP_TRANSPORT_END,   /* the peer has hung up */
  RTMP_TRANSPORT_FAILED,
} RtmpTransportResult;

typedef struct _RtmpTransport RtmpTransport;

/* Takes a reference to @socket. @label names it in the log; @context is
 * (nullable) for a connection without TLS. */
RtmpTransport *rtmp_transport_new (GSocket *socket, const gchar *label,
    SSL_CTX *context);
void rtmp_transport_free (RtmpTransport *self);

/* What is there now; @data is valid until the next call. After
 * RTMP_TRANSPORT_BYTES there may be more, and something for
 * rtmp_transport_send() to send. */
RtmpTransportResult rtmp_transport_receive (RtmpTransport *self,
    const guint8 **data, gsize *size, GCancellable *cancellable,
    GError **error);
/* Has the kernel find out whether the peer is there: an end that acknowledges
 * nothing for about @idle_us, neither what we say nor the probes that are sent
 * in its silence, fails with G_IO_ERROR_TIMED_OUT. */
void rtmp_transport_watch (RtmpTransport *self, gint64 idle_us);

/* Waits until there is something to receive. */
gboolean rtmp_transport_wait (RtmpTransport *self, gint64 patience_us,
    GCancellable *cancellable, GError **error);

/* Sends @bytes, which is emptied, and what TLS has to say. Waits no longer than
 * @patience_us for the peer to take it. */
gboolean rtmp_transport_send (RtmpTransport *self, GByteArray *bytes,
    gint64 patience_us, GCancellable *cancellable, GError **error);
/* Hangs up. Waits no longer than @patience_us for the peer to do so as well: if
 * there were bytes of it that nobody has read, the kernel would make it forget
 * what we said last. */
void rtmp_transport_close (RtmpTransport *self, gint64 patience_us);

/* Returns: (transfer full): the peer's IP address, "" if it has gone. */
gchar *rtmp_transport_dup_address (const RtmpTransport *self);
/* Returns: (transfer full): the same with its port: "IP:PORT", "[IPv6]:PORT".
 */
gchar *rtmp_transport_dup_endpoint (const RtmpTransport *self);

G_END_DECLS
