/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses arbitrary bytes as a check, or arbitrary attributes in a check with a
 * valid signature. The first byte selects which, and whether ICE is being
 * restarted, in which case the check is signed with the previous
 * credentials. */

#include "ext/whep/viewer/ice.h"

#include <stun/stunagent.h>
#include <string.h>

#define UFRAG "Abcd1234"
#define PWD "abcdefghijklmnopqrstuvwx"
#define NOW_US (1000 * G_USEC_PER_SEC)
#define STUN_HEADER_SIZE 20
/* Leaves room for MESSAGE-INTEGRITY and FINGERPRINT. */
#define ATTRIBUTES_MAX 1024
#define REQUEST_MAX (ATTRIBUTES_MAX + 64)

static const WhepAddress FROM = { .remote_ip = { 1 }, .remote_port = 2 };

static void
init (WhepIce *ice, gboolean is_restarting)
{
  WhepIceCredentials credentials;

  whep_ice_credentials_init (&credentials, UFRAG, PWD, "theirs");
  whep_ice_init (ice, &credentials, NOW_US);
  whep_ice_credentials_init (&credentials, "Efgh5678",
      "zyxwvutsrqponmlkjihgfedc", "others");
  if (is_restarting)
    whep_ice_restart (ice, &credentials);
}

static void
receive (const guint8 *data, gsize size, gboolean is_restarting)
{
  static WhepOutbox out;
  WhepIce ice;
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];
  gboolean has_ufrag, is_valid;

  whep_outbox_flush (&out);
  init (&ice, is_restarting);
  has_ufrag = whep_ice_peek_ufrag (data, size, ufrag);
  is_valid = whep_ice_receive (&ice, data, size, &FROM, NOW_US + 1, &out);

  g_assert (out.n_runs <= 1);
  if (has_ufrag)
    g_assert (strlen (ufrag) == WHEP_ICE_OUR_UFRAG);
  if (is_valid) {
    g_assert (has_ufrag && strcmp (ufrag, UFRAG) == 0);
    g_assert (out.n_runs == 1);
    g_assert (ice.consent_until_us == NOW_US + 1 + WHEP_ICE_CONSENT_US);
  } else {
    g_assert (whep_ice_selected (&ice) == NULL);
    g_assert (ice.consent_until_us == NOW_US + WHEP_ICE_FIRST_CHECK_US);
  }
}

/* As a peer that knows the password could write it. */
static void
receive_signed (const guint8 *attributes, gsize size, gboolean is_restarting)
{
  guint8 request[REQUEST_MAX];
  guint8 *exact;
  StunAgent agent;
  StunMessage message;

  size = MIN (size, ATTRIBUTES_MAX) / 4 * 4;
  stun_agent_init (&agent, STUN_ALL_KNOWN_ATTRIBUTES,
      STUN_COMPATIBILITY_RFC5389,
      STUN_AGENT_USAGE_SHORT_TERM_CREDENTIALS |
          STUN_AGENT_USAGE_USE_FINGERPRINT);
  stun_agent_init_request (&agent, &message, request, sizeof (request),
      STUN_BINDING);
  memcpy (request + STUN_HEADER_SIZE, attributes, size);
  request[2] = size >> 8;
  request[3] = size;
  size = stun_agent_finish_message (&agent, &message, (const guint8 *) PWD,
      strlen (PWD));

  exact = g_memdup2 (request, size);
  receive (exact, size, is_restarting);
  g_free (exact);
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (size == 0)
    return 0;
  if (data[0] & 1)
    receive_signed (data + 1, size - 1, data[0] & 2);
  else
    receive (data + 1, size - 1, data[0] & 2);
  return 0;
}
