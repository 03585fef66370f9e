/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection's socket: see transport-io.h. */

#include "gst/rtmp/transport-io.h"

#include <gst/gstinfo.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

GST_DEBUG_CATEGORY_STATIC (rtmp_transport_debug);
#define GST_CAT_DEFAULT rtmp_transport_debug

#define READ_BYTES RTMP_TRANSPORT_READ_BYTES
/* Within the time that a peer may take to acknowledge; the last interval is
 * mostly for the response. */
#define MAX_PROBES 4
/* The kernel's maximum for TCP_KEEPIDLE. */
#define MAX_KEEPALIVE_S 32767

struct _RtmpTransport
{
  gchar *label;
  GSocket *socket;
  NetTls *tls;            /* NULL without TLS */
  GByteArray *sealed;     /* records to send */
  const guint8 *received; /* in buffer: records to decrypt */
  gsize n_received;
  gboolean is_drained; /* the last read emptied the socket */
  guint8 *buffer;
  guint8 *own_buffer; /* NULL if buffer is shared with others */
};

static void
set_option (RtmpTransport *self, gint level, gint option, gint value)
{
  g_autoptr (GError) error = NULL;

  if (!g_socket_set_option (self->socket, level, option, value, &error))
    GST_DEBUG ("%s: socket option %d: %s", self->label, option, error->message);
}

RtmpTransport *
rtmp_transport_new (GSocket *socket, const gchar *label, SSL_CTX *context)
{
  RtmpTransport *self = g_new0 (RtmpTransport, 1);

  GST_DEBUG_CATEGORY_INIT (rtmp_transport_debug, "rtmptransport", 0,
      "RTMP publisher's socket");
  self->label = g_strdup (label);
  self->socket = g_object_ref (socket);
  self->tls = context != NULL ? net_tls_new (context) : NULL;
  self->sealed = g_byte_array_new ();
  self->buffer = self->own_buffer = g_malloc (READ_BYTES);

  g_socket_set_blocking (socket, FALSE);
  g_socket_set_keepalive (socket, TRUE);
  set_option (self, IPPROTO_TCP, TCP_NODELAY, TRUE);
  return self;
}

void
rtmp_transport_watch (RtmpTransport *self, gint64 idle_us)
{
  gint64 idle_s = idle_us / G_USEC_PER_SEC;

  /* The first probe is sent after half the time, the others in the rest of it.
   * With a user timeout, the time and not the number of probes ends the
   * connection. */
  set_option (self, IPPROTO_TCP, TCP_KEEPIDLE,
      CLAMP (idle_s / 2, 1, MAX_KEEPALIVE_S));
  set_option (self, IPPROTO_TCP, TCP_KEEPINTVL,
      CLAMP (idle_s / 2 / MAX_PROBES, 1, MAX_KEEPALIVE_S));
  set_option (self, IPPROTO_TCP, TCP_USER_TIMEOUT,
      MIN (idle_us / 1000, G_MAXINT));
}

void
rtmp_transport_free (RtmpTransport *self)
{
  if (self == NULL)
    return;
  g_byte_array_unref (self->sealed);
  net_tls_free (self->tls);
  g_object_unref (self->socket);
  g_free (self->own_buffer);
  g_free (self->label);
  g_free (self);
}

/* A read that does not fill the buffer has emptied the socket: reading again
 * before waiting would cost one system call per message. */
static RtmpTransportResult
read_socket (RtmpTransport *self, const guint8 **data, gsize *size,
    GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) read_error = NULL;
  gssize n_read;

  *data = self->buffer;
  *size = 0;
  if (self->is_drained)
    return RTMP_TRANSPORT_WAIT;
  n_read = g_socket_receive (self->socket, (gchar *) self->buffer, READ_BYTES,
      cancellable, &read_error);
  self->is_drained = n_read > 0 && n_read < READ_BYTES;
  *size = MAX (n_read, 0);
  if (n_read > 0)
    return RTMP_TRANSPORT_BYTES;
  if (n_read == 0)
    return RTMP_TRANSPORT_END;
  if (g_error_matches (read_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return RTMP_TRANSPORT_WAIT;
  g_propagate_error (error, g_steal_pointer (&read_error));
  return RTMP_TRANSPORT_FAILED;
}

static RtmpTransportResult
open_records (RtmpTransport *self, const guint8 **data, gsize *size,
    GError **error)
{
  switch (net_tls_receive (self->tls, &self->received, &self->n_received, data,
      size, self->sealed)) {
    case NET_TLS_MORE:
    case NET_TLS_BYTES:
      return RTMP_TRANSPORT_BYTES;
    case NET_TLS_CLOSED:
      return RTMP_TRANSPORT_END;
    case NET_TLS_BROKEN:
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
          net_tls_why (self->tls));
      return RTMP_TRANSPORT_FAILED;
  }
  return RTMP_TRANSPORT_FAILED;
}

RtmpTransportResult
rtmp_transport_receive (RtmpTransport *self, const guint8 **data, gsize *size,
    GCancellable *cancellable, GError **error)
{
  if (self->tls == NULL)
    return read_socket (self, data, size, cancellable, error);
  if (self->n_received == 0) {
    RtmpTransportResult result = read_socket (self, &self->received,
        &self->n_received, cancellable, error);

    if (result != RTMP_TRANSPORT_BYTES)
      return result;
  }
  return open_records (self, data, size, error);
}

gboolean
rtmp_transport_wait (RtmpTransport *self, gint64 patience_us,
    GCancellable *cancellable, GError **error)
{
  if (!g_socket_condition_timed_wait (self->socket, G_IO_IN,
          MAX (patience_us, 0), cancellable, error))
    return FALSE;
  self->is_drained = FALSE;
  return TRUE;
}

static gboolean
write_all (RtmpTransport *self, GByteArray *bytes, gint64 patience_us,
    GCancellable *cancellable, GError **error)
{
  gint64 deadline_us = g_get_monotonic_time () + patience_us;

  while (bytes->len > 0) {
    g_autoptr (GError) send_error = NULL;
    gssize n_now = g_socket_send (self->socket, (const gchar *) bytes->data,
        bytes->len, cancellable, &send_error);

    if (n_now >= 0) {
      g_byte_array_remove_range (bytes, 0, n_now);
      continue;
    }
    if (!g_error_matches (send_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
      g_propagate_error (error, g_steal_pointer (&send_error));
      return FALSE;
    }
    if (!g_socket_condition_timed_wait (self->socket, G_IO_OUT,
            MAX (deadline_us - g_get_monotonic_time (), 0), cancellable, error))
      return FALSE;
  }
  return TRUE;
}

/* After the first reply, the kernel takes the connection for an interactive one
 * and delays acknowledgements, to send them along with the next reply. The next
 * reply may be seconds away, and publishers that leave Nagle's algorithm on, as
 * ffmpeg does, hold back the rest of a frame until they get an acknowledgement:
 * 40 ms. So the option is set again after each reply. */
static gboolean
write_socket (RtmpTransport *self, GByteArray *bytes, gint64 patience_us,
    GCancellable *cancellable, GError **error)
{
  if (bytes->len == 0)
    return TRUE;
  if (!write_all (self, bytes, patience_us, cancellable, error))
    return FALSE;
  set_option (self, IPPROTO_TCP, TCP_QUICKACK, TRUE);
  return TRUE;
}

gboolean
rtmp_transport_send (RtmpTransport *self, GByteArray *bytes, gint64 patience_us,
    GCancellable *cancellable, GError **error)
{
  if (self->tls == NULL)
    return write_socket (self, bytes, patience_us, cancellable, error);
  net_tls_send (self->tls, bytes->data, bytes->len, self->sealed);
  g_byte_array_set_size (bytes, 0);
  return write_socket (self, self->sealed, patience_us, cancellable, error);
}

static gboolean
is_no_room (gint number)
{
  return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
}

/* Returns: how many bytes it took; -1 if the connection has failed. */
static gssize
send_pieces (RtmpTransport *self, const struct iovec *pieces, guint n_pieces,
    GError **error)
{
  struct msghdr message = {
    .msg_iov = (struct iovec *) pieces,
    .msg_iovlen = n_pieces,
  };
  gssize n_now = sendmsg (g_socket_get_fd (self->socket), &message,
      MSG_NOSIGNAL | MSG_DONTWAIT);

  if (n_now >= 0 || is_no_room (errno))
    return MAX (n_now, 0);
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno),
      g_strerror (errno));
  return -1;
}

static gboolean
try_send_sealed (RtmpTransport *self, GError **error)
{
  const struct iovec piece = {
    .iov_base = self->sealed->data,
    .iov_len = self->sealed->len,
  };
  gssize n_now;

  if (self->sealed->len == 0)
    return TRUE;
  n_now = send_pieces (self, &piece, 1, error);
  if (n_now > 0)
    g_byte_array_remove_range (self->sealed, 0, n_now);
  return n_now >= 0;
}

static void
seal (RtmpTransport *self, const struct iovec *pieces, guint n_pieces)
{
  g_autoptr (GByteArray) plain = g_byte_array_new ();

  for (guint i = 0; i < n_pieces; i++)
    g_byte_array_append (plain, pieces[i].iov_base, pieces[i].iov_len);
  net_tls_send (self->tls, plain->data, plain->len, self->sealed);
}

gboolean
rtmp_transport_try_send (RtmpTransport *self, const struct iovec *pieces,
    guint n_pieces, gsize *n_sent, GError **error)
{
  *n_sent = 0;
  if (self->tls == NULL) {
    gssize n_now = send_pieces (self, pieces, n_pieces, error);

    *n_sent = MAX (n_now, 0);
    return n_now >= 0;
  }
  if (!try_send_sealed (self, error))
    return FALSE;
  if (self->sealed->len > 0 || n_pieces == 0)
    return TRUE;
  seal (self, pieces, n_pieces);
  for (guint i = 0; i < n_pieces; i++)
    *n_sent += pieces[i].iov_len;
  return try_send_sealed (self, error);
}

gboolean
rtmp_transport_is_congested (const RtmpTransport *self)
{
  return self->sealed->len > 0;
}

void
rtmp_transport_share_buffer (RtmpTransport *self, guint8 *buffer)
{
  if (self->tls != NULL)
    return;
  g_clear_pointer (&self->own_buffer, g_free);
  self->buffer = buffer;
}

void
rtmp_transport_note_input (RtmpTransport *self)
{
  self->is_drained = FALSE;
}

void
rtmp_transport_limit_unsent (RtmpTransport *self, gsize n_bytes)
{
  set_option (self, IPPROTO_TCP, TCP_NOTSENT_LOWAT, n_bytes);
}

gint
rtmp_transport_fd (const RtmpTransport *self)
{
  return g_socket_get_fd (self->socket);
}

static void
send_close_notify (RtmpTransport *self)
{
  g_autoptr (GError) error = NULL;

  if (self->tls == NULL)
    return;
  net_tls_close (self->tls, self->sealed);
  if (!write_socket (self, self->sealed, 0, NULL, &error))
    GST_DEBUG ("%s: could not end TLS: %s", self->label, error->message);
}

void
rtmp_transport_shut_down (RtmpTransport *self)
{
  send_close_notify (self);
  g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
}

/* Reads and discards what the peer still sends. */
static void
linger (RtmpTransport *self, gint64 patience_us)
{
  gint64 deadline_us = g_get_monotonic_time () + patience_us;
  gssize n_read;

  if (patience_us <= 0 || !g_socket_shutdown (self->socket, FALSE, TRUE, NULL))
    return;
  do {
    if (!g_socket_condition_timed_wait (self->socket, G_IO_IN,
            MAX (deadline_us - g_get_monotonic_time (), 0), NULL, NULL))
      return;
    n_read = g_socket_receive (self->socket, (gchar *) self->buffer, READ_BYTES,
        NULL, NULL);
  } while (n_read > 0 && g_get_monotonic_time () < deadline_us);
}

void
rtmp_transport_close (RtmpTransport *self, gint64 patience_us)
{
  g_autoptr (GError) error = NULL;

  send_close_notify (self);
  linger (self, patience_us);
  if (!g_socket_close (self->socket, &error))
    GST_DEBUG ("%s: could not close the connection: %s", self->label,
        error->message);
}

/* On a dual-stack socket, IPv4 addresses are shown as IPv4. */
static gchar *
dup_ip (GInetSocketAddress *address)
{
  g_autofree gchar *text =
      g_inet_address_to_string (g_inet_socket_address_get_address (address));

  if (g_str_has_prefix (text, "::ffff:"))
    return g_strdup (text + strlen ("::ffff:"));
  return g_steal_pointer (&text);
}

gchar *
rtmp_transport_dup_address (const RtmpTransport *self)
{
  g_autoptr (GSocketAddress) address =
      g_socket_get_remote_address (self->socket, NULL);

  /* The peer has disconnected already. */
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("");
  return dup_ip (G_INET_SOCKET_ADDRESS (address));
}

gchar *
rtmp_transport_dup_endpoint (const RtmpTransport *self)
{
  g_autoptr (GSocketAddress) address =
      g_socket_get_remote_address (self->socket, NULL);
  g_autofree gchar *ip = NULL;
  guint port;

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("");
  ip = dup_ip (G_INET_SOCKET_ADDRESS (address));
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  return g_strdup_printf (strchr (ip, ':') != NULL ? "[%s]:%u" : "%s:%u", ip,
      port);
}

gboolean
rtmp_transport_is_encrypted (const RtmpTransport *self)
{
  return self->tls != NULL;
}
