/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The controlling end of ICE: see peerice.h. */

#include "tests/support/peerice.h"

#include <stun/usages/ice.h>

#include <string.h>

/* The interval until the first response; libwebrtc pings unproven pairs every
 * 48 ms. */
#define CHECK_INTERVAL_US (50 * 1000)
/* RFC 7675 section 5.1 says 5 s; browsers ask twice as often. */
#define CONSENT_INTERVAL_US (2500 * 1000)
/* Of a peer-reflexive host candidate (RFC 8445 section 5.1.2). */
#define PRIORITY 1853824767
#define CHECK_MAX_BYTES 1024

static void
write_random_text (GRand *rand, gchar *text, gsize size)
{
  static const gchar ice_chars[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  for (gsize i = 0; i < size; i++)
    text[i] = ice_chars[g_rand_int_range (rand, 0, sizeof (ice_chars) - 1)];
  text[size] = '\0';
}

void
peer_ice_renew (PeerIce *self, GRand *rand)
{
  write_random_text (rand, self->ufrag, PEER_ICE_UFRAG_SIZE);
  write_random_text (rand, self->pwd, PEER_ICE_PWD_SIZE);
}

void
peer_ice_init (PeerIce *self, GRand *rand)
{
  memset (self, 0, sizeof (*self));
  stun_agent_init (&self->agent, STUN_ALL_KNOWN_ATTRIBUTES,
      STUN_COMPATIBILITY_RFC5389,
      STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS |
          STUN_AGENT_USAGE_USE_FINGERPRINT);
  peer_ice_renew (self, rand);
  self->tie_breaker = (guint64) g_rand_int (rand) << 32 | g_rand_int (rand);
  self->next_check_us = G_MAXINT64;
}

void
peer_ice_start (PeerIce *self, const gchar *remote_ufrag,
    const gchar *remote_pwd, const WhepAddress *remote, gint64 now_us)
{
  g_strlcpy (self->remote_pwd, remote_pwd, sizeof (self->remote_pwd));
  g_snprintf (self->username, sizeof (self->username), "%s:%s", remote_ufrag,
      self->ufrag);
  self->remote = *remote;
  self->is_connected = FALSE;
  self->is_nominated = FALSE;
  self->next_check_us = now_us;
}

static void
read_mapped (PeerIce *self, const StunMessage *answer)
{
  struct sockaddr_storage address;
  socklen_t size = sizeof (address);
  const struct sockaddr_in *ipv4 = (const struct sockaddr_in *) &address;
  const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *) &address;

  memset (&self->mapped, 0, sizeof (self->mapped));
  if (stun_message_find_xor_addr (answer, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
          &address, &size) != STUN_MESSAGE_RETURN_SUCCESS)
    return;
  if (address.ss_family == AF_INET6) {
    memcpy (self->mapped.remote_ip, &ipv6->sin6_addr, 16);
    self->mapped.remote_port = g_ntohs (ipv6->sin6_port);
    return;
  }
  self->mapped.remote_ip[10] = self->mapped.remote_ip[11] = 0xff;
  memcpy (self->mapped.remote_ip + 12, &ipv4->sin_addr, 4);
  self->mapped.remote_port = g_ntohs (ipv4->sin_port);
}

static gboolean
answers_nomination (const PeerIce *self, const StunMessage *answer)
{
  StunTransactionId id;

  stun_message_id (answer, id);
  for (guint i = 0; i < MIN (self->n_checks, PEER_ICE_MAX_CHECKS); i++)
    if (memcmp (self->checks[i].id, id, sizeof (id)) == 0)
      return self->checks[i].nominates;
  return FALSE;
}

void
peer_ice_receive (PeerIce *self, const guint8 *data, gsize size)
{
  StunMessage answer;
  /* Takes the password from the check that this responds to. */
  StunValidationStatus status =
      stun_agent_validate (&self->agent, &answer, data, size, NULL, NULL);

  if (status != STUN_VALIDATION_SUCCESS)
    return;
  if (stun_message_get_class (&answer) == STUN_ERROR) {
    self->n_errors++;
    return;
  }
  self->n_answers++;
  self->is_connected = TRUE;
  if (answers_nomination (self, &answer))
    self->is_nominated = TRUE;
  read_mapped (self, &answer);
}

/* The agent keeps a record of the checks in flight, but only of a limited
 * number. */
static void
remember (PeerIce *self, const StunMessage *check)
{
  PeerIceCheck *slot = &self->checks[self->n_checks % PEER_ICE_MAX_CHECKS];

  if (self->n_checks >= PEER_ICE_MAX_CHECKS)
    stun_agent_forget_transaction (&self->agent, slot->id);
  stun_message_id (check, slot->id);
  slot->nominates = self->is_connected;
  self->n_checks++;
}

void
peer_ice_tick (PeerIce *self, gint64 now_us, WhepOutbox *out)
{
  StunMessage check;
  guint8 *room;
  gsize size;

  if (now_us < self->next_check_us)
    return;
  self->next_check_us =
      now_us + (self->is_nominated ? CONSENT_INTERVAL_US : CHECK_INTERVAL_US);
  room = whep_outbox_reserve (out, CHECK_MAX_BYTES);
  if (room == NULL)
    return;
  size = stun_usage_ice_conncheck_create (&self->agent, &check, room,
      CHECK_MAX_BYTES, (const guint8 *) self->username, strlen (self->username),
      (const guint8 *) self->remote_pwd, strlen (self->remote_pwd),
      self->is_connected, TRUE, PRIORITY, self->tie_breaker, NULL,
      STUN_USAGE_ICE_COMPATIBILITY_RFC5245);
  g_assert (size > 0);
  remember (self, &check);
  whep_outbox_commit (out, &self->remote, size);
}

gint64
peer_ice_deadline_us (const PeerIce *self)
{
  return self->next_check_us;
}

void
peer_ice_stop (PeerIce *self)
{
  self->next_check_us = G_MAXINT64;
}
