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

static gchar *
dup_last (const gchar *list)
{
  const gchar *comma = strrchr (list, ',');

  return g_strstrip (g_strdup (comma == NULL ? list : comma + 1));
}

static gboolean
read_last (const gchar *list, guint8 *ip)
{
  g_autofree gchar *last = dup_last (list);

  return net_client_read_ip (last, ip);
}

/* Returns whether a proxy on this machine, @peer, says whom it serves. */
static gboolean
read_behind (const gchar *peer, const gchar *forwarded, guint8 *behind)
{
  guint8 ip[NET_IP_BYTES];

  return net_client_read_ip (peer, ip) && is_loopback (ip) &&
      forwarded != NULL && read_last (forwarded, behind);
}

void
whep_client_from_request (const gchar *peer, const gchar *forwarded,
    gchar *client)
{
  guint8 behind[NET_IP_BYTES];

  if (read_behind (peer, forwarded, behind))
    net_client_from_ip (behind, client);
  else
    net_client_from_text (peer, client);
}

gchar *
whep_client_dup_scheme (const gchar *peer, const gchar *forwarded)
{
  guint8 ip[NET_IP_BYTES];
  g_autofree gchar *scheme = NULL;

  if (forwarded == NULL || !net_client_read_ip (peer, ip) || !is_loopback (ip))
    return NULL;
  scheme = dup_last (forwarded);
  return *scheme == '\0' ? NULL : g_ascii_strdown (scheme, -1);
}

gchar *
whep_client_address_dup_ip (const WhepAddress *address)
{
  gchar text[INET6_ADDRSTRLEN];
  struct in6_addr ip;

  memcpy (&ip, address->remote_ip, sizeof (ip));
  if (IN6_IS_ADDR_V4MAPPED (&ip))
    inet_ntop (AF_INET, &ip.s6_addr[12], text, sizeof (text));
  else
    inet_ntop (AF_INET6, &ip, text, sizeof (text));
  return g_strdup (text);
}

gchar *
whep_client_dup_forwarded (const gchar *peer, const gchar *forwarded)
{
  WhepAddress address = { 0 };

  return read_behind (peer, forwarded, address.remote_ip)
      ? whep_client_address_dup_ip (&address)
      : NULL;
}

gchar *
whep_client_address_to_string (const WhepAddress *address)
{
  g_autofree gchar *ip = whep_client_address_dup_ip (address);

  return g_strdup_printf (strchr (ip, ':') == NULL ? "%s:%u" : "[%s]:%u", ip,
      address->remote_port);
}
