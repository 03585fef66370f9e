/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The connections of a SoupServer: see listening.h. */

#include "tests/support/listening.h"

#include <gst/check/gstcheck.h>

static gboolean
accept_connection (GSocketService *service, GSocketConnection *connection,
    GObject *source, SoupServer *server)
{
  g_autoptr (GSocketAddress) local =
      g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote =
      g_socket_connection_get_remote_address (connection, NULL);

  return soup_server_accept_iostream (server, G_IO_STREAM (connection), local,
      remote, NULL);
}

GSocketService *
listening_start (SoupServer *server, guint *port)
{
  GSocketService *service = g_socket_service_new ();
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", *port);
  g_autoptr (GSocketAddress) address = NULL;

  ck_assert (g_socket_listener_add_address (G_SOCKET_LISTENER (service), any,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &address, NULL));
  g_signal_connect (service, "incoming", G_CALLBACK (accept_connection),
      server);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  return service;
}

void
listening_stop (GSocketService *service, SoupServer *server)
{
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_object_unref (service);
  soup_server_disconnect (server);
}
