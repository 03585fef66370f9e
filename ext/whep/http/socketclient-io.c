/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The client at the other end of a socket: see socketclient-io.h. */

#include "ext/whep/http/socketclient-io.h"

void
whep_socket_client (GSocket *socket, gchar *client)
{
  g_autoptr (GSocketAddress) remote =
      g_socket_get_remote_address (socket, NULL);
  g_autofree gchar *ip = NULL;

  if (G_IS_INET_SOCKET_ADDRESS (remote))
    ip = g_inet_address_to_string (
        g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));
  net_client_from_text (ip != NULL ? ip : "", client);
}
