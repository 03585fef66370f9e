/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The candidate addresses of an answer: see candidates.h. */

#include "ext/whep/http/candidates.h"

#include <arpa/inet.h>
#include <string.h>

void
whep_candidates_init (WhepCandidates *self, gboolean is_ipv4_only)
{
  memset (self, 0, sizeof (*self));
  self->is_ipv4_only = is_ipv4_only;
}

void
whep_candidates_clear (WhepCandidates *self)
{
  for (guint i = 0; i < self->n_texts; i++)
    g_free (self->texts[i]);
  memset (self, 0, sizeof (*self));
}

static gboolean
is_loopback (const gchar *text)
{
  return g_str_has_prefix (text, "127.");
}

static gboolean
has (const WhepCandidates *self, const gchar *text)
{
  return g_strv_contains ((const gchar *const *) self->texts, text);
}

/* Returns the position for @text. Loopback comes last: only a browser on this
 * machine can use it, and some browsers do not accept it. */
static guint
place_for (const WhepCandidates *self, const gchar *text)
{
  guint place = self->n_texts;

  while (
      !is_loopback (text) && place > 0 && is_loopback (self->texts[place - 1]))
    place--;
  return place;
}

static void
add_text (WhepCandidates *self, const gchar *text)
{
  guint place = place_for (self, text);

  if (self->n_texts == WHEP_CANDIDATES_MAX || has (self, text))
    return;
  memmove (&self->texts[place + 1], &self->texts[place],
      (self->n_texts - place) * sizeof (self->texts[0]));
  self->texts[place] = g_strdup (text);
  self->n_texts++;
}

static void
add_ipv4 (WhepCandidates *self, const struct in_addr *ip)
{
  guint32 number = ntohl (ip->s_addr);
  gchar text[INET_ADDRSTRLEN];

  if (number == INADDR_ANY || number >> 28 >= 0xe)
    return;
  inet_ntop (AF_INET, ip, text, sizeof (text));
  add_text (self, text);
}

static void
add_ipv6 (WhepCandidates *self, const struct in6_addr *ip)
{
  gchar text[INET6_ADDRSTRLEN];

  if (IN6_IS_ADDR_UNSPECIFIED (ip) || IN6_IS_ADDR_LOOPBACK (ip) ||
      IN6_IS_ADDR_LINKLOCAL (ip) || IN6_IS_ADDR_MULTICAST (ip))
    return;
  if (self->is_ipv4_only)
    return;
  inet_ntop (AF_INET6, ip, text, sizeof (text));
  add_text (self, text);
}

gboolean
whep_candidates_add (WhepCandidates *self, const gchar *text)
{
  struct in6_addr ipv6;
  struct in_addr ipv4;

  if (inet_pton (AF_INET, text, &ipv4) == 1) {
    add_ipv4 (self, &ipv4);
    return TRUE;
  }
  if (inet_pton (AF_INET6, text, &ipv6) != 1)
    return FALSE;
  if (IN6_IS_ADDR_V4MAPPED (&ipv6)) {
    memcpy (&ipv4, &ipv6.s6_addr[12], sizeof (ipv4));
    add_ipv4 (self, &ipv4);
  } else {
    add_ipv6 (self, &ipv6);
  }
  return TRUE;
}

gboolean
whep_candidates_check (const gchar *const *texts, GError **error)
{
  WhepCandidates candidates;
  gboolean is_valid = TRUE;

  whep_candidates_init (&candidates, FALSE);
  for (guint i = 0; is_valid && texts[i] != NULL; i++) {
    is_valid = *texts[i] == '\0' || whep_candidates_add (&candidates, texts[i]);
    if (!is_valid)
      g_set_error (error, G_URI_ERROR, G_URI_ERROR_BAD_HOST,
          "“%s” is not an IP address", texts[i]);
  }
  whep_candidates_clear (&candidates);
  return is_valid;
}
