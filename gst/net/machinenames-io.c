/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* This machine's names and addresses: see machinenames-io.h. */

#include "gst/net/machinenames-io.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* RFC 1035 section 2.3.4, without the dot at the end. */
#define NAME_MAX_BYTES 253
/* An address in hexadecimal digits. */
#define HEX_DIGITS 32
/* IFA_F_TEMPORARY of linux/if_addr.h. */
#define TEMPORARY 0x01

static void
add (GPtrArray *names, const gchar *name)
{
  if (names->len < NET_MACHINENAMES_MAX &&
      !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_strdup (name));
}

/* A host may have a name that no certificate can have. */
static gboolean
is_dns_name (const gchar *name)
{
  return g_ascii_isalnum (*name) && strlen (name) <= NAME_MAX_BYTES &&
      strspn (name,
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") ==
      strlen (name);
}

static void
add_host (GPtrArray *names)
{
  const gchar *host = g_get_host_name ();
  gsize label_size = strcspn (host, ".");
  g_autofree gchar *local =
      g_strdup_printf ("%.*s.local", (int) label_size, host);

  if (!is_dns_name (host))
    return;
  add (names, host);
  if (is_dns_name (local))
    add (names, local);
}

static gchar *
hex_of (const struct in6_addr *ip)
{
  GString *hex = g_string_sized_new (HEX_DIGITS);

  for (guint i = 0; i < sizeof ip->s6_addr; i++)
    g_string_append_printf (hex, "%02x", ip->s6_addr[i]);
  return g_string_free (hex, FALSE);
}

/* Temporary addresses change daily, and the certificate would have to change
 * with them. proc(5): a line is the address, the interface's number, the prefix
 * length, the scope, the flags and the interface's name, in hexadecimal. */
static gboolean
is_temporary (const struct in6_addr *ip, const gchar *table)
{
  g_autofree gchar *hex = hex_of (ip);
  const gchar *line = table != NULL ? strstr (table, hex) : NULL;
  guint flags;

  return line != NULL &&
      sscanf (line + HEX_DIGITS, " %*x %*x %*x %x", &flags) == 1 &&
      (flags & TEMPORARY) != 0;
}

static gboolean
is_lasting (const struct sockaddr *address, const gchar *table)
{
  const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *) address;

  if (address->sa_family == AF_INET)
    return TRUE;
  return address->sa_family == AF_INET6 &&
      !IN6_IS_ADDR_LINKLOCAL (&ipv6->sin6_addr) &&
      !is_temporary (&ipv6->sin6_addr, table);
}

static void
add_address (GPtrArray *names, const struct sockaddr *address)
{
  gchar text[NI_MAXHOST];

  if (getnameinfo (address,
          address->sa_family == AF_INET6 ? sizeof (struct sockaddr_in6)
                                         : sizeof (struct sockaddr_in),
          text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
    add (names, text);
}

static void
add_interfaces (GPtrArray *names)
{
  g_autofree gchar *table = NULL;
  struct ifaddrs *all = NULL;

  if (getifaddrs (&all) != 0)
    return;
  /* Without IPv6, this file does not exist. */
  g_file_get_contents ("/proc/net/if_inet6", &table, NULL, NULL);
  for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next)
    if (one->ifa_addr != NULL && (one->ifa_flags & IFF_UP) != 0 &&
        is_lasting (one->ifa_addr, table))
      add_address (names, one->ifa_addr);
  freeifaddrs (all);
}

GStrv
net_machinenames_list (void)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  add_host (names);
  add (names, "localhost");
  add_interfaces (names);
  g_ptr_array_add (names, NULL);
  return (GStrv) g_ptr_array_steal (names, NULL);
}
