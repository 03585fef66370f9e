/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A listening TCP socket: see tcplisten-io.h. */

#include "gst/net/tcplisten-io.h"

#include <gst/gstinfo.h>
#include <netinet/in.h>

GST_DEBUG_CATEGORY_STATIC (net_tcp_debug);
#define GST_CAT_DEFAULT net_tcp_debug

/* Connections that the kernel keeps until they are accepted, which happens
 * immediately. */
#define BACKLOG 128

static gboolean
listen_on (GSocket *socket, GInetAddress *ip, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (ip, port);

  /* IPV6_V6ONLY is set by default on some machines. */
  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_IPV6 &&
      !g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, 0, error))
    return FALSE;
  if (!g_socket_bind (socket, address, TRUE, error))
    return FALSE;
  g_socket_set_blocking (socket, FALSE);
  g_socket_set_listen_backlog (socket, BACKLOG);
  return g_socket_listen (socket, error);
}

static GSocket *
open_socket (GInetAddress *ip, guint16 port, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new (g_inet_address_get_family (ip),
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL || !listen_on (socket, ip, port, error))
    return NULL;
  return g_steal_pointer (&socket);
}

static gboolean
is_any_ipv6 (GInetAddress *ip)
{
  return g_inet_address_get_family (ip) == G_SOCKET_FAMILY_IPV6 &&
      g_inet_address_get_is_any (ip);
}

GSocket *
net_tcp_listen (const gchar *address, guint16 port, GError **error)
{
  g_autoptr (GInetAddress) ip = g_inet_address_new_from_string (address);
  g_autoptr (GInetAddress) any_ipv4 = NULL;
  g_autoptr (GError) first_error = NULL;
  GSocket *socket;

  GST_DEBUG_CATEGORY_INIT (net_tcp_debug, "nettcp", 0,
      "Listening TCP sockets of RTMP and HTTP");
  if (ip == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "“%s” is not an IP address", address);
    return NULL;
  }
  socket = open_socket (ip, port, &first_error);
  if (socket != NULL)
    return socket;
  if (!is_any_ipv6 (ip) ||
      g_error_matches (first_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)) {
    g_propagate_error (error, g_steal_pointer (&first_error));
    return NULL;
  }
  GST_INFO ("IPv6 is not available (%s): listening on IPv4 only",
      first_error->message);
  any_ipv4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  return open_socket (any_ipv4, port, error);
}

guint16
net_tcp_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) address =
      g_socket_get_local_address (socket, NULL);

  g_assert (G_IS_INET_SOCKET_ADDRESS (address));
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}
