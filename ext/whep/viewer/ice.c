/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ICE-lite endpoint of one viewer: see ice.h. */

#include "ext/whep/viewer/ice.h"

#include <arpa/inet.h>
#include <gst/gstinfo.h>
#include <stun/stunagent.h>
#include <stun/usages/ice.h>
#include <string.h>

GST_DEBUG_CATEGORY_STATIC (whep_ice_debug);
#define GST_CAT_DEFAULT whep_ice_debug

/* Longer than any response we send; the 420 with its list of unknown attributes
 * is the longest. */
#define ANSWER_MAX 600
/* With aggressive nomination (RFC 5245 section 8.1.1.2), which Firefox still
 * uses, every pair that works is nominated. Within this time the higher
 * priority wins; a later nomination means that the browser has changed its
 * mind. */
#define NOMINATION_HOLDS_US (1 * G_USEC_PER_SEC)
/* The pair in use, and only that one, is checked about every 5 s (RFC 7675
 * section 5.1). Once three checks of it are missing, the browser uses another
 * one. */
#define SELECTED_SILENT_US (15 * G_USEC_PER_SEC)

/* RFC 8489 sections 5 and 14. */
#define STUN_HEADER_SIZE 20
#define STUN_ATTRIBUTE_HEADER_SIZE 4
#define STUN_COOKIE 0x2112a442
#define BINDING_REQUEST 0x0001
/* A browser's request has about ten attributes; longer ones are not worth
 * parsing. */
#define ATTRIBUTES_MAX 32

/* The comprehension-required attributes that a check may have (RFC 8445 section
 * 16.1). */
static const guint16 KNOWN_ATTRIBUTES[] = {
  STUN_ATTRIBUTE_USERNAME,
  STUN_ATTRIBUTE_MESSAGE_INTEGRITY,
  STUN_ATTRIBUTE_PRIORITY,
  STUN_ATTRIBUTE_USE_CANDIDATE,
  0,
};

/* RFC 4291 section 2.5.5.2. */
static const guint8 V4_MAPPED[12] = { [10] = 0xff, [11] = 0xff };

static guint16
read_u16 (const guint8 *data)
{
  return data[0] << 8 | data[1];
}

static guint32
read_u32 (const guint8 *data)
{
  return (guint32) read_u16 (data) << 16 | read_u16 (data + 2);
}

static gboolean
is_binding_request (const guint8 *data, gsize size)
{
  return size >= STUN_HEADER_SIZE && read_u16 (data) == BINDING_REQUEST &&
      read_u32 (data + 4) == STUN_COOKIE &&
      read_u16 (data + 2) == size - STUN_HEADER_SIZE;
}

void
whep_ice_credentials_init (WhepIceCredentials *self, const gchar *ufrag,
    const gchar *pwd, const gchar *remote_ufrag)
{
  g_strlcpy (self->ufrag, ufrag, sizeof (self->ufrag));
  g_strlcpy (self->pwd, pwd, sizeof (self->pwd));
  g_strlcpy (self->remote_ufrag, remote_ufrag, sizeof (self->remote_ufrag));
}

void
whep_ice_init (WhepIce *self, const WhepIceCredentials *credentials,
    gint64 now_us)
{
  static gsize is_category_ready = 0;

  if (g_once_init_enter (&is_category_ready)) {
    GST_DEBUG_CATEGORY_INIT (whep_ice_debug, "whepice", 0,
        "ICE of WHEP viewers");
    g_once_init_leave (&is_category_ready, 1);
  }
  memset (self, 0, sizeof (*self));
  self->credentials = *credentials;
  self->consent_until_us = now_us + WHEP_ICE_FIRST_CHECK_US;
}

static gboolean
is_restarting (const WhepIce *self)
{
  return self->former.ufrag[0] != '\0';
}

/* After a second restart before the first has completed, the address in use
 * still has the credentials that it was nominated with. */
void
whep_ice_restart (WhepIce *self, const WhepIceCredentials *credentials)
{
  if (!is_restarting (self))
    self->former = self->credentials;
  self->credentials = *credentials;
}

static gboolean
are_named (const WhepIceCredentials *self, const uint8_t *username,
    uint16_t username_size)
{
  gchar expected[WHEP_ICE_OUR_UFRAG + 1 + WHEP_ICE_UFRAG_MAX + 1];
  gint size = g_snprintf (expected, sizeof (expected), "%s:%s", self->ufrag,
      self->remote_ufrag);

  return username_size == size && memcmp (username, expected, size) == 0;
}

/* RFC 8445 section 7.2.2: USERNAME is the receiver's ufrag, a colon, the
 * sender's. Gives libnice the password that MESSAGE-INTEGRITY is checked
 * with. */
static bool
validate_username (StunAgent *agent, StunMessage *message, uint8_t *username,
    uint16_t username_size, uint8_t **password, size_t *password_size,
    void *user_data)
{
  WhepIce *self = user_data;
  const WhepIceCredentials *credentials = &self->credentials;

  if (!are_named (credentials, username, username_size)) {
    credentials = &self->former;
    if (!is_restarting (self) ||
        !are_named (credentials, username, username_size))
      return false;
  }
  *password = (uint8_t *) credentials->pwd;
  *password_size = strlen (credentials->pwd);
  return true;
}

static void
to_sockaddr (const WhepAddress *address, struct sockaddr_storage *storage,
    socklen_t *size)
{
  struct sockaddr_in *v4 = (struct sockaddr_in *) storage;
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *) storage;

  memset (storage, 0, sizeof (*storage));
  if (memcmp (address->remote_ip, V4_MAPPED, sizeof (V4_MAPPED)) == 0) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons (address->remote_port);
    memcpy (&v4->sin_addr, address->remote_ip + sizeof (V4_MAPPED), 4);
    *size = sizeof (*v4);
    return;
  }
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons (address->remote_port);
  memcpy (&v6->sin6_addr, address->remote_ip, 16);
  *size = sizeof (*v6);
}

static gsize
write_success (StunAgent *agent, const StunMessage *request,
    const WhepAddress *from, guint8 *out)
{
  StunMessage answer;
  struct sockaddr_storage mapped;
  socklen_t mapped_size;

  to_sockaddr (from, &mapped, &mapped_size);
  if (!stun_agent_init_response (agent, &answer, out, ANSWER_MAX, request))
    return 0;
  if (stun_message_append_xor_addr (&answer, STUN_ATTRIBUTE_XOR_MAPPED_ADDRESS,
          &mapped, mapped_size) != STUN_MESSAGE_RETURN_SUCCESS)
    return 0;
  return stun_agent_finish_message (agent, &answer, NULL, 0);
}

static gsize
write_error (StunAgent *agent, const StunMessage *request, StunError code,
    guint8 *out)
{
  StunMessage answer;

  if (code == STUN_ERROR_UNKNOWN_ATTRIBUTE)
    return stun_agent_build_unknown_attributes_error (agent, &answer, out,
        ANSWER_MAX, request);
  if (!stun_agent_init_error (agent, &answer, out, ANSWER_MAX, request, code))
    return 0;
  return stun_agent_finish_message (agent, &answer, NULL, 0);
}

/* Returns whether the request is valid; otherwise @code is the error to respond
 * with, or 0 for no response. */
static gboolean
check_request (StunAgent *agent, WhepIce *self, const guint8 *data, gsize size,
    StunMessage *request, guint *code)
{
  *code = 0;
  switch (stun_agent_validate (agent, request, data, size, validate_username,
      self)) {
    case STUN_VALIDATION_SUCCESS:
      break;
    case STUN_VALIDATION_UNAUTHORIZED_BAD_REQUEST:
      *code = STUN_ERROR_BAD_REQUEST;
      return FALSE;
    case STUN_VALIDATION_UNAUTHORIZED:
      *code = STUN_ERROR_UNAUTHORIZED;
      return FALSE;
    case STUN_VALIDATION_UNKNOWN_REQUEST_ATTRIBUTE:
      *code = STUN_ERROR_UNKNOWN_ATTRIBUTE;
      return FALSE;
    /* Malformed, without FINGERPRINT, or not a request: not ICE. */
    case STUN_VALIDATION_NOT_STUN:
    case STUN_VALIDATION_INCOMPLETE_STUN:
    case STUN_VALIDATION_BAD_REQUEST:
    case STUN_VALIDATION_UNMATCHED_RESPONSE:
    case STUN_VALIDATION_UNKNOWN_ATTRIBUTE:
    case STUN_VALIDATION_FORBIDDEN:
      return FALSE;
  }
  /* RFC 8445 section 6.1.1: the lite agent is controlled, so the peer must not
   * be. */
  if (stun_message_has_attribute (request, STUN_ATTRIBUTE_ICE_CONTROLLED))
    *code = STUN_ERROR_ROLE_CONFLICT;
  return *code == 0;
}

static void
select_address (WhepIce *self, const WhepAddress *from, guint32 priority,
    gint64 now_us)
{
  self->selected = *from;
  self->has_selected = TRUE;
  self->selected_priority = priority;
  self->nominated_us = now_us;
  self->checked_us = now_us;
  GST_DEBUG ("%s: sending to port %u now, priority %08x",
      self->credentials.ufrag, from->remote_port, priority);
}

/* Decides to which of the addresses that checks come from we send. */
static void
follow_nomination (WhepIce *self, const WhepAddress *from,
    gboolean is_nominated, guint32 priority, gint64 now_us)
{
  if (self->has_selected && whep_address_equal (&self->selected, from)) {
    self->checked_us = now_us;
    if (is_nominated)
      self->nominated_us = now_us;
    return;
  }
  if (!self->has_selected) {
    if (is_nominated)
      select_address (self, from, priority, now_us);
    return;
  }
  if (is_nominated &&
      (priority > self->selected_priority ||
          now_us - self->nominated_us >= NOMINATION_HOLDS_US))
    select_address (self, from, priority, now_us);
  else if (now_us - self->checked_us >= SELECTED_SILENT_US)
    select_address (self, from, priority, now_us);
}

/* The first nomination of the new ICE session ends the former session. */
static gboolean
ends_restart (WhepIce *self, const guint8 *check, gsize size,
    gboolean is_nominated)
{
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];

  if (!is_restarting (self) || !is_nominated ||
      !whep_ice_peek_ufrag (check, size, ufrag) ||
      strcmp (ufrag, self->credentials.ufrag) != 0)
    return FALSE;
  memset (&self->former, 0, sizeof (self->former));
  return TRUE;
}

gboolean
whep_ice_receive (WhepIce *self, const guint8 *data, gsize size,
    const WhepAddress *from, gint64 now_us, WhepOutbox *out)
{
  StunAgent agent;
  StunMessage request;
  guint8 *room = whep_outbox_reserve (out, ANSWER_MAX);
  gsize answer_size = 0;
  guint code, priority;
  gboolean is_valid, is_nominated;

  if (!is_binding_request (data, size))
    return FALSE;

  stun_agent_init (&agent, KNOWN_ATTRIBUTES, STUN_COMPATIBILITY_RFC5389,
      STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS |
          STUN_AGENT_USAGE_USE_FINGERPRINT);
  is_valid = check_request (&agent, self, data, size, &request, &code);
  if (room != NULL && is_valid)
    answer_size = write_success (&agent, &request, from, room);
  else if (room != NULL && code != 0)
    answer_size = write_error (&agent, &request, code, room);
  if (answer_size > 0)
    whep_outbox_commit (out, from, answer_size);
  if (!is_valid)
    return FALSE;

  is_nominated = stun_usage_ice_conncheck_use_candidate (&request);
  priority = stun_usage_ice_conncheck_priority (&request);
  self->consent_until_us = now_us + WHEP_ICE_CONSENT_US;
  if (ends_restart (self, data, size, is_nominated))
    select_address (self, from, priority, now_us);
  else
    follow_nomination (self, from, is_nominated, priority, now_us);
  return TRUE;
}

const WhepAddress *
whep_ice_selected (const WhepIce *self)
{
  return self->has_selected ? &self->selected : NULL;
}

gboolean
whep_ice_has_consent (const WhepIce *self, gint64 now_us)
{
  return now_us < self->consent_until_us;
}

/* Returns: (nullable): where USERNAME's value starts. */
static const guint8 *
find_username (const guint8 *data, gsize size, gsize *username_size)
{
  gsize offset = STUN_HEADER_SIZE;

  for (guint i = 0; i < ATTRIBUTES_MAX; i++) {
    gsize value_size;

    if (size - offset < STUN_ATTRIBUTE_HEADER_SIZE)
      return NULL;
    value_size = read_u16 (data + offset + 2);
    if (value_size > size - offset - STUN_ATTRIBUTE_HEADER_SIZE)
      return NULL;
    if (read_u16 (data + offset) == STUN_ATTRIBUTE_USERNAME) {
      *username_size = value_size;
      return data + offset + STUN_ATTRIBUTE_HEADER_SIZE;
    }
    /* Values are padded to four bytes. */
    offset += STUN_ATTRIBUTE_HEADER_SIZE + (value_size + 3) / 4 * 4;
    if (offset > size)
      return NULL;
  }
  return NULL;
}

gboolean
whep_ice_peek_ufrag (const guint8 *data, gsize size, gchar *ufrag)
{
  const guint8 *username;
  gsize username_size;

  if (!is_binding_request (data, size))
    return FALSE;
  username = find_username (data, size, &username_size);
  if (username == NULL || username_size <= WHEP_ICE_OUR_UFRAG ||
      username[WHEP_ICE_OUR_UFRAG] != ':')
    return FALSE;

  for (guint i = 0; i < WHEP_ICE_OUR_UFRAG; i++)
    if (!g_ascii_isalnum (username[i]))
      return FALSE;
  memcpy (ufrag, username, WHEP_ICE_OUR_UFRAG);
  ufrag[WHEP_ICE_OUR_UFRAG] = '\0';
  return TRUE;
}
