/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The addresses of this machine: see interfaces-io.h. */

#include "ext/whep/http/interfaces-io.h"
#include "ext/whep/category.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

WHEP_CATEGORY ("whepinterfaces", "The network interfaces for WHEP");

static void
add (WhepCandidates *candidates, const struct sockaddr *address)
{
  gboolean is_ipv6 = address->sa_family == AF_INET6;
  gchar text[NI_MAXHOST];

  if (!is_ipv6 && address->sa_family != AF_INET)
    return;
  /* A link-local IPv6 address has a zone id and is therefore ignored. */
  if (getnameinfo (address,
          is_ipv6 ? sizeof (struct sockaddr_in6) : sizeof (struct sockaddr_in),
          text, sizeof (text), NULL, 0, NI_NUMERICHOST) == 0)
    whep_candidates_add (candidates, text);
}

void
whep_interfaces_list (WhepCandidates *candidates)
{
  struct ifaddrs *all = NULL;

  if (getifaddrs (&all) != 0) {
    GST_WARNING ("could not list the network interfaces: %s",
        g_strerror (errno));
    return;
  }
  for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next) {
    if (one->ifa_addr != NULL && (one->ifa_flags & IFF_UP) != 0)
      add (candidates, one->ifa_addr);
  }
  freeifaddrs (all);
}
