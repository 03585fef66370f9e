/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Listening sockets accept both families, and say why they can't be had. */

#include "gst/net/tcplisten-io.h"

#include <gst/check/gstcheck.h>

/* Returns: whether @address accepts on the port. */
static gboolean
can_connect (const gchar *address, guint16 port)
{
  g_autoptr (GSocketAddress) to =
      g_inet_socket_address_new_from_string (address, port);
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (to),
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

  return socket != NULL && g_socket_connect (socket, to, NULL, NULL);
}

GST_START_TEST (the_any_address_accepts_ipv4_too)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = net_tcp_listen ("::", 0, &error);

  ck_assert_msg (socket != NULL, "%s", error == NULL ? "" : error->message);
  ck_assert_int_gt (net_tcp_port (socket), 0);
  ck_assert (can_connect ("127.0.0.1", net_tcp_port (socket)));
  ck_assert (!g_socket_get_blocking (socket));
}
GST_END_TEST;

GST_START_TEST (an_ipv4_address_is_taken_alone)
{
  g_autoptr (GSocket) socket = net_tcp_listen ("127.0.0.1", 0, NULL);

  ck_assert (socket != NULL);
  ck_assert (can_connect ("127.0.0.1", net_tcp_port (socket)));
  ck_assert (!can_connect ("::1", net_tcp_port (socket)));
}
GST_END_TEST;

GST_START_TEST (a_taken_port_is_an_error)
{
  g_autoptr (GSocket) first = net_tcp_listen ("127.0.0.1", 0, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) second =
      net_tcp_listen ("127.0.0.1", net_tcp_port (first), &error);

  ck_assert (second == NULL);
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE));
}
GST_END_TEST;

GST_START_TEST (a_name_is_no_address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = net_tcp_listen ("localhost", 0, &error);

  ck_assert (socket == NULL);
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT));
  ck_assert (strstr (error->message, "localhost") != NULL);
}
GST_END_TEST;

static Suite *
tcplisten_suite (void)
{
  Suite *suite = suite_create ("tcplisten");
  TCase *tests = tcase_create ("tcplisten");

  tcase_add_test (tests, the_any_address_accepts_ipv4_too);
  tcase_add_test (tests, an_ipv4_address_is_taken_alone);
  tcase_add_test (tests, a_taken_port_is_an_error);
  tcase_add_test (tests, a_name_is_no_address);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (tcplisten);
