/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An offer answered: see answering.h. */

#include "tests/support/answering.h"
#include "tests/support/rejectioncheck.h"

#include <string.h>

static const gchar *const addresses[] = { "192.168.1.2", "fd00::1", NULL };

SdpAnswerParams
answering_params (const SdpCheckFacts *facts)
{
  return (SdpAnswerParams){
    .video = { facts->video, facts->profile_level_id, 0x11111111, 0x33333333 },
    .audio = { facts->audio, 0, 0x22222222, 0x44444444 },
    .session_id = 42,
    .ice_ufrag = "ouruf",
    .ice_pwd = "our0123456789abcdefghijk",
    .fingerprint = "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:"
                   "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99",
    .cname = "gateway",
    .stream_id = "stream",
    .port = 8080,
    .addresses = addresses,
  };
}

void
answering_init (Answering *self, const gchar *offer, gsize size,
    const SdpCheckFacts *facts)
{
  SdpAnswerParams params = answering_params (facts);
  g_autoptr (GError) error = NULL;
  g_autoptr (SdpOffer) parsed = sdp_offer_parse (offer, size, &error);

  memset (self, 0, sizeof (*self));
  if (parsed != NULL)
    self->answer = sdp_answer_new (parsed, &params, &error);
  if (self->answer != NULL) {
    self->breaches = sdp_check_answer (offer, size, self->answer->text, facts);
    return;
  }
  g_assert (error->domain == SDP_ERROR && error->message[0] != '\0');
  self->rejection = sdp_error_type (error->code)->type;
  self->breaches = sdp_check_rejection (offer, size, self->rejection, facts);
}

void
answering_clear (Answering *self)
{
  g_clear_pointer (&self->answer, sdp_answer_free);
  g_clear_pointer (&self->breaches, g_free);
}
