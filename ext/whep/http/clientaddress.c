/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The client that a request or datagram is attributed to: see
 * clientaddress.h. */

#include "ext/whep/http/clientaddress.h"

#include <arpa/inet.h>
#include <string.h>

/* The part of an IPv6 address that identifies the client. */
#define NETWORK_BYTES 8
#define NETWORK_SUFFIX "/64"

static void
write_client (const struct in6_addr *ip, gchar *client)
{
  struct in6_addr network = *ip;

  if (IN6_IS_ADDR_V4MAPPED (ip)) {
    inet_ntop (AF_INET, &ip->s6_addr[12], client, WHEP_CLIENT_MAX + 1);
    return;
  }
  memset (&network.s6_addr[NETWORK_BYTES], 0, sizeof (network) - NETWORK_BYTES);
  inet_ntop (AF_INET6, &network, client, WHEP_CLIENT_MAX + 1);
  g_strlcat (client, NETWORK_SUFFIX, WHEP_CLIENT_MAX + 1);
}

void
whep_client_from_address (const WhepAddress *address, gchar *client)
{
  struct in6_addr ip;

  memcpy (&ip, address->remote_ip, sizeof (ip));
  write_client (&ip, client);
}

/* IPv4 becomes v4-mapped. */
static gboolean
read_ip (const gchar *text, struct in6_addr *ip)
{
  static const guint8 mapped[] = { [10] = 0xff, [11] = 0xff };

  if (inet_pton (AF_INET6, text, ip) == 1)
    return TRUE;
  memcpy (ip, mapped, sizeof (mapped));
  return inet_pton (AF_INET, text, &ip->s6_addr[12]) == 1;
}

static gboolean
is_loopback (const struct in6_addr *ip)
{
  if (IN6_IS_ADDR_V4MAPPED (ip))
    return ip->s6_addr[12] == 127;
  return IN6_IS_ADDR_LOOPBACK (ip);
}

static gboolean
read_last (const gchar *list, struct in6_addr *ip)
{
  const gchar *comma = strrchr (list, ',');
  g_autofree gchar *last = g_strdup (comma == NULL ? list : comma + 1);

  return read_ip (g_strstrip (last), ip);
}

void
whep_client_from_request (const gchar *peer, const gchar *forwarded,
    gchar *client)
{
  struct in6_addr ip, behind;

  /* An address with a scope id, on this link: each is a client of its own. */
  if (!read_ip (peer, &ip))
    g_strlcpy (client, peer, WHEP_CLIENT_MAX + 1);
  else if (is_loopback (&ip) && forwarded != NULL &&
      read_last (forwarded, &behind))
    write_client (&behind, client);
  else
    write_client (&ip, client);
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
