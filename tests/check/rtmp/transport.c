/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The socket options of a publisher's connection, and system calls. */

#include "gst/rtmp/transport-io.h"

#include <gst/check/gstcheck.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#define PATIENCE_US (20 * G_USEC_PER_SEC)
/* More than the kernel needs to take the connection for an interactive one. */
#define N_TURNS 10

/* Both ends of a TCP connection; this end has the transport. */
typedef struct
{
  GSocket *socket;
  GSocketConnection *peer;
  RtmpTransport *transport;
} Ends;

static Ends
ends_new (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) accepted = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  Ends self;

  ck_assert_uint_ne (port, 0);
  self.peer =
      g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
  ck_assert (self.peer != NULL);
  accepted = g_socket_listener_accept (listener, NULL, NULL, NULL);
  ck_assert (accepted != NULL);
  self.socket = g_object_ref (g_socket_connection_get_socket (accepted));
  /* Prevents the connection from closing the socket that it has handed over. */
  self.transport = rtmp_transport_new (self.socket, "test", NULL);
  g_object_set_data_full (G_OBJECT (self.socket), "connection",
      g_steal_pointer (&accepted), g_object_unref);
  return self;
}

static void
ends_clear (Ends *self)
{
  rtmp_transport_close (self->transport, 0);
  rtmp_transport_free (self->transport);
  g_object_set_data (G_OBJECT (self->socket), "connection", NULL);
  g_object_unref (self->socket);
  g_object_unref (self->peer);
}

static void
peer_says (Ends *self, const gchar *words)
{
  ck_assert (g_output_stream_write_all (g_io_stream_get_output_stream (
                                            G_IO_STREAM (self->peer)),
      words, strlen (words), NULL, NULL, NULL));
}

static void
assert_hears (Ends *self, const gchar *words)
{
  const guint8 *data;
  gsize size;

  ck_assert (rtmp_transport_wait (self->transport, PATIENCE_US, NULL, NULL));
  ck_assert_int_eq (rtmp_transport_receive (self->transport, &data, &size, NULL,
                        NULL),
      RTMP_TRANSPORT_BYTES);
  ck_assert_uint_eq (size, strlen (words));
  ck_assert_int_eq (memcmp (data, words, size), 0);
}

static void
say (Ends *self, const gchar *words)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_byte_array_append (bytes, (const guint8 *) words, strlen (words));
  ck_assert (
      rtmp_transport_send (self->transport, bytes, PATIENCE_US, NULL, NULL));
  ck_assert_uint_eq (bytes->len, 0);
}

static gint
option_of (const Ends *self, gint option)
{
  gint value = 0;

  ck_assert (
      g_socket_get_option (self->socket, IPPROTO_TCP, option, &value, NULL));
  return value;
}

GST_START_TEST (received_data_is_acknowledged_at_once)
{
  Ends ends = ends_new ();

  ck_assert_int_ne (option_of (&ends, TCP_NODELAY), 0);
  for (guint i = 0; i < N_TURNS; i++) {
    peer_says (&ends, "frame");
    assert_hears (&ends, "frame");
    say (&ends, "acknowledgement");
    ck_assert_msg (option_of (&ends, TCP_QUICKACK) != 0, "turn %u", i);
  }
  ends_clear (&ends);
}
GST_END_TEST;

GST_START_TEST (an_emptied_socket_is_waited_for_before_the_next_read)
{
  Ends ends = ends_new ();
  const guint8 *data;
  gsize size;

  peer_says (&ends, "one");
  assert_hears (&ends, "one");
  ck_assert_int_eq (rtmp_transport_receive (ends.transport, &data, &size, NULL,
                        NULL),
      RTMP_TRANSPORT_WAIT);
  ck_assert_uint_eq (size, 0);
  peer_says (&ends, "two");
  assert_hears (&ends, "two");

  /* The end is reported after the last data. */
  peer_says (&ends, "three");
  ck_assert (g_io_stream_close (G_IO_STREAM (ends.peer), NULL, NULL));
  assert_hears (&ends, "three");
  ck_assert_int_eq (rtmp_transport_receive (ends.transport, &data, &size, NULL,
                        NULL),
      RTMP_TRANSPORT_WAIT);
  ck_assert (rtmp_transport_wait (ends.transport, PATIENCE_US, NULL, NULL));
  ck_assert_int_eq (rtmp_transport_receive (ends.transport, &data, &size, NULL,
                        NULL),
      RTMP_TRANSPORT_END);
  ends_clear (&ends);
}
GST_END_TEST;

GST_START_TEST (sending_to_a_peer_that_does_not_read_times_out)
{
  Ends ends = ends_new ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  /* More than the buffers of both ends. */
  g_byte_array_set_size (bytes, 64 * 1024 * 1024);
  ck_assert (!rtmp_transport_send (ends.transport, bytes, 0, NULL, &error));
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT));
  ends_clear (&ends);
}
GST_END_TEST;

/* Returns: (transfer full) (nullable): "" if a client from @connect to @listen
 * has the endpoint @expected, else its endpoint; NULL if the machine has no
 * such address. */
static gchar *
endpoint_of (GSocketFamily family, const gchar *listen, const gchar *connect,
    const gchar *expected)
{
  g_autoptr (GSocket) server =
      g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string (listen, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSocketAddress) own = NULL;
  g_autoptr (GSocketConnection) client = NULL;
  g_autoptr (GSocketClient) sockets = g_socket_client_new ();
  g_autoptr (GSocket) accepted = NULL;
  g_autofree gchar *found = NULL;
  g_autofree gchar *wanted = NULL;
  RtmpTransport *transport;

  if (server == NULL || !g_socket_bind (server, address, TRUE, NULL))
    return NULL;
  ck_assert (g_socket_listen (server, NULL));
  bound = g_socket_get_local_address (server, NULL);
  client = g_socket_client_connect_to_host (sockets, connect,
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)), NULL,
      NULL);
  ck_assert (client != NULL);
  accepted = g_socket_accept (server, NULL, NULL);
  transport = rtmp_transport_new (accepted, "test", NULL);
  found = rtmp_transport_dup_endpoint (transport);
  rtmp_transport_free (transport);
  own = g_socket_connection_get_local_address (client, NULL);
  wanted = g_strdup_printf (expected,
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (own)));
  return g_strdup (g_str_equal (found, wanted) ? "" : found);
}

GST_START_TEST (an_endpoint_includes_the_port)
{
  static const struct
  {
    GSocketFamily family;
    const gchar *listen, *connect, *expected;
  } addresses[] = {
    { G_SOCKET_FAMILY_IPV4, "127.0.0.1", "127.0.0.1", "127.0.0.1:%u" },
    { G_SOCKET_FAMILY_IPV6, "::1", "::1", "[::1]:%u" },
    { G_SOCKET_FAMILY_IPV6, "::", "127.0.0.1", "127.0.0.1:%u" },
  };
  guint n_asked = 0;

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_autofree gchar *found = endpoint_of (addresses[i].family,
        addresses[i].listen, addresses[i].connect, addresses[i].expected);

    /* Containers may have no IPv6. */
    n_asked += found != NULL;
    ck_assert_msg (found == NULL || *found == '\0', "%s", found);
  }
  ck_assert_uint_ge (n_asked, 1);
}
GST_END_TEST;

static Suite *
transport_suite (void)
{
  Suite *suite = suite_create ("transport");
  TCase *tcase = tcase_create ("transport");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, received_data_is_acknowledged_at_once);
  tcase_add_test (tcase, an_emptied_socket_is_waited_for_before_the_next_read);
  tcase_add_test (tcase, sending_to_a_peer_that_does_not_read_times_out);
  tcase_add_test (tcase, an_endpoint_includes_the_port);
  return suite;
}

GST_CHECK_MAIN (transport);
