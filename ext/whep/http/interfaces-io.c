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

/* An address that comes or goes is noticed this late. */
#define FRESH_US G_USEC_PER_SEC

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

static void
list_again (WhepInterfaces *self)
{
  gboolean is_ipv4_only = self->listed.is_ipv4_only;
  struct ifaddrs *all = NULL;

  if (getifaddrs (&all) != 0) {
    GST_WARNING ("could not list the network interfaces: %s",
        g_strerror (errno));
    return;
  }
  whep_candidates_clear (&self->listed);
  whep_candidates_init (&self->listed, is_ipv4_only);
  for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next) {
    if (one->ifa_addr != NULL && (one->ifa_flags & IFF_UP) != 0)
      add (&self->listed, one->ifa_addr);
  }
  freeifaddrs (all);
}

void
whep_interfaces_init (WhepInterfaces *self, gboolean is_ipv4_only)
{
  whep_candidates_init (&self->listed, is_ipv4_only);
  self->listed_us = 0;
}

void
whep_interfaces_clear (WhepInterfaces *self)
{
  whep_candidates_clear (&self->listed);
}

void
whep_interfaces_list (WhepInterfaces *self, WhepCandidates *candidates)
{
  gint64 now_us = g_get_monotonic_time ();

  if (self->listed_us == 0 || now_us - self->listed_us >= FRESH_US) {
    list_again (self);
    self->listed_us = now_us;
  }
  for (guint i = 0; i < self->listed.n_texts; i++)
    whep_candidates_add (candidates, self->listed.texts[i]);
}
