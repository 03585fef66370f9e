/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The listening TCP socket: see listener-io.h. */

#include "gst/rtmp/listener-io.h"

#include <gst/gstinfo.h>
#include <netinet/in.h>

GST_DEBUG_CATEGORY_STATIC (rtmp_listener_debug);
#define GST_CAT_DEFAULT rtmp_listener_debug

/* Connections that wait to be accepted: each is accepted at once. */
#define BACKLOG 128
/* Before another try when the machine has no descriptor to spare. */
#define PAUSE_US (100 * 1000)

struct _RtmpListener
{
  GSocket *socket;
  GCancellable *cancellable;
  guint16 port;
};

static gboolean
listen_on (GSocket *socket, GInetAddress *ip, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (ip, port);

  /* Some machines have this the other way round by default. */
  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_IPV6 &&
      !g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, 0, error))
    return FALSE;
  if (!g_socket_bind (socket, address, TRUE, error))
    return FALSE;
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

static GSocket *
open_any (const gchar *address, guint16 port, GError **error)
{
  g_autoptr (GInetAddress) ip = g_inet_address_new_from_string (address);
  g_autoptr (GInetAddress) any_ipv4 = NULL;
  g_autoptr (GError) first_error = NULL;
  GSocket *socket;

  if (ip == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "'%s' is not an IP address", address);
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
  GST_INFO ("no IPv6 here (%s): IPv4 only", first_error->message);
  any_ipv4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  return open_socket (any_ipv4, port, error);
}

static guint16
port_of (GSocket *socket)
{
  g_autoptr (GSocketAddress) address =
      g_socket_get_local_address (socket, NULL);

  g_assert (G_IS_INET_SOCKET_ADDRESS (address));
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

RtmpListener *
rtmp_listener_new (const gchar *address, guint16 port, GError **error)
{
  RtmpListener *self;
  GSocket *socket;

  GST_DEBUG_CATEGORY_INIT (rtmp_listener_debug, "rtmplistener", 0,
      "RTMP listening socket");
  socket = open_any (address, port, error);
  if (socket == NULL)
    return NULL;
  self = g_new0 (RtmpListener, 1);
  self->socket = socket;
  self->cancellable = g_cancellable_new ();
  self->port = port_of (socket);
  return self;
}

void
rtmp_listener_free (RtmpListener *self)
{
  if (self == NULL)
    return;
  g_object_unref (self->socket);
  g_object_unref (self->cancellable);
  g_free (self);
}

guint16
rtmp_listener_port (const RtmpListener *self)
{
  return self->port;
}

void
rtmp_listener_stop (RtmpListener *self)
{
  g_cancellable_cancel (self->cancellable);
}

/* Waits a while, or until the listener is stopped. */
static void
pause_accepting (RtmpListener *self)
{
  GPollFD fd;

  if (!g_cancellable_make_pollfd (self->cancellable, &fd)) {
    g_usleep (PAUSE_US);
    return;
  }
  g_poll (&fd, 1, PAUSE_US / 1000);
  g_cancellable_release_fd (self->cancellable);
}

GSocket *
rtmp_listener_accept (RtmpListener *self)
{
  /* Ends when it is stopped; failures are paused between. */
  while (!g_cancellable_is_cancelled (self->cancellable)) {
    g_autoptr (GError) error = NULL;
    GSocket *socket = g_socket_accept (self->socket, self->cancellable, &error);

    if (socket != NULL)
      return socket;
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      break;
    GST_WARNING ("could not accept a connection: %s", error->message);
    pause_accepting (self);
  }
  /* Or else the kernel would go on to accept what nobody serves. */
  g_socket_close (self->socket, NULL);
  return NULL;
}
