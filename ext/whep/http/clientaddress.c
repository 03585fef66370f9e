/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The client that a request or datagram is attributed to: see
 * clientaddress.h. */

#include "ext/whep/http/clientaddress.h"

#include <arpa/inet.h>
#include <string.h>

static gboolean
is_loopback (const guint8 *ip)
{
  struct in6_addr address;

  memcpy (&address, ip, sizeof (address));
  if (IN6_IS_ADDR_V4MAPPED (&address))
    return address.s6_addr[12] == 127;
  return IN6_IS_ADDR_LOOPBACK (&address);
}

static gboolean
read_last (const gchar *list, guint8 *ip)
{
  const gchar *comma = strrchr (list, ',');
  g_autofree gchar *last = g_strdup (comma == NULL ? list : comma + 1);

  return net_client_read_ip (g_strstrip (last), ip);
}

void
whep_client_from_request (const gchar *peer, const gchar *forwarded,
    gchar *client)
{
  guint8 ip[NET_IP_BYTES], behind[NET_IP_BYTES];

  if (net_client_read_ip (peer, ip) && is_loopback (ip) && forwarded != NULL &&
      read_last (forwarded, behind))
    net_client_from_ip (behind, client);
  else
    net_client_from_text (peer, client);
}

gchar *
whep_client_address_to_string (const WhepAddress *address)
{
  gchar text[INET6_ADDRSTRLEN];
  struct in6_addr ip;

  memcpy (&ip, address->remote_ip, sizeof (ip));
  if (IN6_IS_ADDR_V4MAPPED (&ip)) {
    inet_ntop (AF_INET, &ip.s6_addr[12], text, sizeof (text));
    return g_strdup_printf ("%s:%u", text, address->remote_port);
  }
  inet_ntop (AF_INET6, &ip, text, sizeof (text));
  return g_strdup_printf ("[%s]:%u", text, address->remote_port);
}
