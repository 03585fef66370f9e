/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The client that an address belongs to: see client.h. */

#include "gst/net/client.h"

#include <arpa/inet.h>
#include <string.h>

/* The part of an IPv6 address that identifies the client. */
#define NETWORK_BYTES 8
#define NETWORK_SUFFIX "/64"

gboolean
net_client_read_ip (const gchar *text, guint8 *ip)
{
  static const guint8 mapped[] = { [10] = 0xff, [11] = 0xff };

  if (inet_pton (AF_INET6, text, ip) == 1)
    return TRUE;
  memcpy (ip, mapped, sizeof (mapped));
  return inet_pton (AF_INET, text, ip + sizeof (mapped)) == 1;
}

void
net_client_from_ip (const guint8 *ip, gchar *client)
{
  struct in6_addr network;

  memcpy (&network, ip, sizeof (network));
  if (IN6_IS_ADDR_V4MAPPED (&network)) {
    inet_ntop (AF_INET, &network.s6_addr[12], client, NET_CLIENT_MAX + 1);
    return;
  }
  memset (&network.s6_addr[NETWORK_BYTES], 0, sizeof (network) - NETWORK_BYTES);
  inet_ntop (AF_INET6, &network, client, NET_CLIENT_MAX + 1);
  g_strlcat (client, NETWORK_SUFFIX, NET_CLIENT_MAX + 1);
}

void
net_client_from_text (const gchar *text, gchar *client)
{
  guint8 ip[NET_IP_BYTES];

  if (net_client_read_ip (text, ip))
    net_client_from_ip (ip, client);
  else
    g_strlcpy (client, text, NET_CLIENT_MAX + 1);
}
