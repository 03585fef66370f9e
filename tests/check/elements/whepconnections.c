/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connections that come and say nothing. */

#include "ext/whep/net/connections-io.h"

#include <gst/check/gstcheck.h>

/* A server with other limits, on this thread; nobody answers at it. */
static SoupServer *
limited_server_new (WhepConnections **connections, guint max,
    gint64 patience_us, guint16 *port)
{
  SoupServer *server = soup_server_new (NULL, NULL);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;

  ck_assert (g_socket_bind (socket, any, TRUE, NULL));
  ck_assert (g_socket_listen (socket, NULL));
  address = g_socket_get_local_address (socket, NULL);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  *connections = whep_connections_new (server, max, patience_us);
  whep_connections_listen (*connections, socket);
  return server;
}

static GSocketConnection *
connect_to (guint16 port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GSocketConnection *connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);

  ck_assert (connection != NULL);
  return connection;
}

static gboolean
is_hung_up (GSocketConnection *connection)
{
  GSocket *socket = g_socket_connection_get_socket (connection);

  return g_socket_condition_check (socket, G_IO_IN) != 0;
}

GST_START_TEST (a_connection_that_dawdles_is_hung_up_on)
{
  WhepConnections *connections;
  guint16 port;
  SoupServer *server = limited_server_new (&connections, 8, 1000, &port);
  GSocketConnection *idle = connect_to (port);
  GSocketConnection *slow = connect_to (port);

  ck_assert (g_output_stream_write_all (g_io_stream_get_output_stream (
                                            G_IO_STREAM (slow)),
      "GET /", 5, NULL, NULL, NULL));
  while (!is_hung_up (idle) || !is_hung_up (slow))
    g_main_context_iteration (NULL, TRUE);

  g_object_unref (idle);
  g_object_unref (slow);
  soup_server_disconnect (server);
  whep_connections_free (connections);
  g_object_unref (server);
}
GST_END_TEST;

GST_START_TEST (the_oldest_connection_makes_room_for_a_new_one)
{
  WhepConnections *connections;
  guint16 port;
  SoupServer *server =
      limited_server_new (&connections, 2, G_TIME_SPAN_HOUR, &port);
  GSocketConnection *first = connect_to (port);
  GSocketConnection *second = connect_to (port);
  GSocketConnection *third = connect_to (port);

  while (!is_hung_up (first))
    g_main_context_iteration (NULL, TRUE);
  ck_assert (!is_hung_up (second));
  ck_assert (!is_hung_up (third));

  g_object_unref (first);
  g_object_unref (second);
  g_object_unref (third);
  soup_server_disconnect (server);
  whep_connections_free (connections);
  g_object_unref (server);
}
GST_END_TEST;

static Suite *
whepconnections_suite (void)
{
  Suite *suite = suite_create ("whepconnections");
  TCase *tcase = tcase_create ("whepconnections");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_connection_that_dawdles_is_hung_up_on);
  tcase_add_test (tcase, the_oldest_connection_makes_room_for_a_new_one);
  return suite;
}

GST_CHECK_MAIN (whepconnections);
