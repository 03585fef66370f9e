/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The controlling end of ICE: see peerice.h. */

#include "whepbench/peerice.h"

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
/* Of SHA-256. */
#define DIGEST_SIZE 32

/* Hashed, so that what is seen of it on the network does not tell the rest. */
static void
write_random_text (guint64 random, const gchar *purpose, gchar *text,
    gsize size)
{
  static const gchar ice_chars[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  GChecksum *hash = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[DIGEST_SIZE];
  gsize digest_size = sizeof (digest);

  G_STATIC_ASSERT (PEER_ICE_PWD_SIZE <= DIGEST_SIZE);
  g_checksum_update (hash, (const guint8 *) &random, sizeof (random));
  g_checksum_update (hash, (const guint8 *) purpose, -1);
  g_checksum_get_digest (hash, digest, &digest_size);
  g_checksum_free (hash);
  for (gsize i = 0; i < size; i++)
    text[i] = ice_chars[digest[i] % (sizeof (ice_chars) - 1)];
  text[size] = '\0';
}

void
peer_ice_renew (PeerIce *self, guint64 random)
{
  write_random_text (random, "ufrag", self->ufrag, PEER_ICE_UFRAG_SIZE);
  write_random_text (random, "pwd", self->pwd, PEER_ICE_PWD_SIZE);
}

void
peer_ice_init (PeerIce *self, guint64 random)
{
  memset (self, 0, sizeof (*self));
  stun_agent_init (&self->agent, STUN_ALL_KNOWN_ATTRIBUTES,
      STUN_COMPATIBILITY_RFC5389,
      STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS |
          STUN_AGENT_USAGE_USE_FINGERPRINT);
  peer_ice_renew (self, random);
  self->tie_breaker = random;
  self->next_check_us = G_MAXINT64;
}

void
peer_ice_start (PeerIce *self, const gchar *remote_ufrag,
    const gchar *remote_pwd, const WhepAddress *remotes, guint n_remotes,
    gint64 now_us)
{
  g_assert (n_remotes > 0);
  g_strlcpy (self->remote_pwd, remote_pwd, sizeof (self->remote_pwd));
  g_snprintf (self->username, sizeof (self->username), "%s:%s", remote_ufrag,
      self->ufrag);
  self->n_remotes = MIN (n_remotes, PEER_ICE_MAX_REMOTES);
  memcpy (self->remotes, remotes, self->n_remotes * sizeof (remotes[0]));
  self->remote = 0;
  self->is_connected = FALSE;
  self->is_nominated = FALSE;
  self->next_check_us = now_us;
}

/* RFC 4291 section 2.5.5.2. */
static const guint8 V4_MAPPED[12] = { [10] = 0xff, [11] = 0xff };

static socklen_t
write_sockaddr (const WhepAddress *address, struct sockaddr_storage *out)
{
  struct sockaddr_in *ipv4 = (struct sockaddr_in *) out;
  struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *) out;

  memset (out, 0, sizeof (*out));
  if (memcmp (address->remote_ip, V4_MAPPED, sizeof (V4_MAPPED)) == 0) {
    ipv4->sin_family = AF_INET;
    ipv4->sin_port = g_htons (address->remote_port);
    memcpy (&ipv4->sin_addr, address->remote_ip + sizeof (V4_MAPPED), 4);
    return sizeof (*ipv4);
  }
  ipv6->sin6_family = AF_INET6;
  ipv6->sin6_port = g_htons (address->remote_port);
  memcpy (&ipv6->sin6_addr, address->remote_ip, 16);
  return sizeof (*ipv6);
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

/* Returns: (nullable): the check that this responds to. */
static const PeerIceCheck *
find_check (const PeerIce *self, const StunMessage *answer)
{
  StunTransactionId id;

  stun_message_id (answer, id);
  for (guint i = 0; i < MIN (self->n_checks, PEER_ICE_MAX_CHECKS); i++)
    if (memcmp (self->checks[i].id, id, sizeof (id)) == 0)
      return &self->checks[i];
  return NULL;
}

/* The first address that responds is the one to nominate. */
static void
take_answer (PeerIce *self, const StunMessage *answer)
{
  const PeerIceCheck *check = find_check (self, answer);

  if (stun_message_get_class (answer) == STUN_ERROR) {
    self->n_errors++;
    return;
  }
  self->n_answers++;
  if (check != NULL && !self->is_connected)
    self->remote = MIN (check->remote, self->n_remotes - 1);
  self->is_connected = TRUE;
  if (check != NULL && check->nominates)
    self->is_nominated = TRUE;
  read_mapped (self, answer);
}

static bool
give_password (StunAgent *agent, StunMessage *message, uint8_t *username,
    uint16_t username_size, uint8_t **password, size_t *password_size,
    void *user_data)
{
  PeerIce *self = user_data;

  /* RFC 8445 section 7.2.2: USERNAME begins with the receiver's ufrag. */
  if (username_size <= PEER_ICE_UFRAG_SIZE ||
      memcmp (username, self->ufrag, PEER_ICE_UFRAG_SIZE) != 0 ||
      username[PEER_ICE_UFRAG_SIZE] != ':')
    return false;
  *password = (uint8_t *) self->pwd;
  *password_size = PEER_ICE_PWD_SIZE;
  return true;
}

static void
answer_check (PeerIce *self, const StunMessage *check, const WhepAddress *from,
    WhepOutbox *out)
{
  struct sockaddr_storage mapped;
  StunMessage answer;
  guint8 *room = whep_outbox_reserve (out, CHECK_MAX_BYTES);
  socklen_t mapped_size = write_sockaddr (from, &mapped);
  gsize size;

  if (room == NULL ||
      !stun_agent_init_response (&self->agent, &answer, room, CHECK_MAX_BYTES,
          check) ||
      stun_message_append_xor_addr (&answer, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
          &mapped, mapped_size) != STUN_MESSAGE_RETURN_SUCCESS)
    return;
  size = stun_agent_finish_message (&self->agent, &answer, NULL, 0);
  if (size > 0)
    whep_outbox_commit (out, from, size);
}

void
peer_ice_receive (PeerIce *self, const guint8 *data, gsize size,
    const WhepAddress *from, WhepOutbox *out)
{
  StunMessage message;
  /* For a response, takes the password from the check. */
  StunValidationStatus status = stun_agent_validate (&self->agent, &message,
      data, size, give_password, self);

  if (status != STUN_VALIDATION_SUCCESS)
    return;
  switch (stun_message_get_class (&message)) {
    case STUN_REQUEST:
      answer_check (self, &message, from, out);
      break;
    case STUN_RESPONSE:
    case STUN_ERROR:
      take_answer (self, &message);
      break;
    case STUN_INDICATION:
      break;
  }
}

const WhepAddress *
peer_ice_remote (const PeerIce *self)
{
  return &self->remotes[self->remote];
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
  slot->remote = self->remote;
  slot->nominates = self->is_connected;
  self->n_checks++;
}

/* Each address is checked at the same interval, in turns. */
static gint64
check_interval_us (const PeerIce *self)
{
  if (self->is_nominated)
    return CONSENT_INTERVAL_US;
  return self->is_connected ? CHECK_INTERVAL_US
                            : CHECK_INTERVAL_US / self->n_remotes;
}

void
peer_ice_tick (PeerIce *self, gint64 now_us, WhepOutbox *out)
{
  StunMessage check;
  guint8 *room;
  gsize size;

  if (now_us < self->next_check_us)
    return;
  self->next_check_us = now_us + check_interval_us (self);
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
  whep_outbox_commit (out, &self->remotes[self->remote], size);
  if (!self->is_connected)
    self->remote = (self->remote + 1) % self->n_remotes;
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
