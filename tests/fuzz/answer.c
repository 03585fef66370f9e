/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Any offer is refused in words, or answered by the rules: the judge of
 * tests/support/sdpcheck.h reads both texts. */

#include "gst/sdp/answer.h"
#include "tests/support/sdpcheck.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static const gchar *const addresses[] = { "192.168.1.2", "fd00::1", NULL };

static const struct
{
  const gchar *audio;
  guint32 profile_level_id;
} streams[] = {
  { NULL, 0 },
  { "PCMU", 0x640028 },
  { "PCMA", 0x42c01f },
};

static void
try_answer (const SdpOffer *offer, const guint8 *data, size_t size, guint i)
{
  const SdpAnswerParams params = {
    .video = { NULL, streams[i].profile_level_id, 1 },
    .audio = { streams[i].audio, 0, 2 },
    .ice_ufrag = "ouruf",
    .ice_pwd = "our0123456789abcdefghijk",
    .fingerprint = "AA:BB",
    .cname = "gateway",
    .stream_id = "stream",
    .port = 8080,
    .addresses = addresses,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (SdpAnswer) answer = sdp_answer_new (offer, &params, &error);
  g_autofree gchar *broken = NULL;

  if (answer == NULL) {
    g_assert (error->domain == SDP_ERROR && error->message[0] != '\0');
    return;
  }
  broken = sdp_check_answer ((const gchar *) data, size, answer->text);
  g_assert_cmpstr (broken, ==, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (SdpOffer) offer =
      sdp_offer_parse ((const gchar *) data, size, NULL);

  for (guint i = 0; offer != NULL && i < G_N_ELEMENTS (streams); i++)
    try_answer (offer, data, size, i);
  return 0;
}
