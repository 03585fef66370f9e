/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Offers of a peer, and the answers that it can use. */

#include "gst/sdp/offer.h"
#include "tests/support/answering.h"
#include "tests/support/foreignanswer.h"
#include "whepbench/peersdp.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const gchar *const addresses[] = { "192.0.2.7", "2001:db8::7", NULL };

static Peer *
make_peer (void)
{
  const PeerParams params = { .seed = 1, .is_sampling = TRUE };

  return peer_new (&params);
}

GST_START_TEST (an_offer_of_all_codecs_is_answered_with_each_of_them)
{
  const PeerOfferParams params = { .has_rtx = TRUE,
    .addresses = addresses,
    .port = 4000 };
  Peer *peer = make_peer ();
  g_autofree gchar *offer = peer_offer_new (peer, &params);

  for (guint i = 0; peer_codec_at (i) != NULL; i++) {
    const SdpCheckFacts facts = { peer_codec_at (i), "OPUS", 0 };
    g_auto (Answering) answering = { 0 };
    PeerRemote remote;

    answering_init (&answering, offer, strlen (offer), &facts);
    ck_assert_msg (answering.answer != NULL, "%s: %s", facts.video,
        answering.rejection);
    ck_assert_msg (answering.breaches == NULL, "%s", answering.breaches);
    ck_assert (peer_remote_parse (&remote, answering.answer->text));
    ck_assert_str_eq (remote.tracks[WHEP_VIDEO].encoding_name, facts.video);
    ck_assert_uint_eq (remote.tracks[WHEP_VIDEO].rtx_pt,
        remote.tracks[WHEP_VIDEO].pt + 1);
    ck_assert_uint_eq (remote.tracks[WHEP_VIDEO].ssrc, 0x11111111);
    ck_assert_uint_eq (remote.tracks[WHEP_AUDIO].clock_rate, 48000);
    ck_assert_uint_eq (remote.n_others, 1);
  }
  peer_free (peer);
}
GST_END_TEST;

GST_START_TEST (an_offer_has_the_candidates_of_the_peer)
{
  const PeerOfferParams params = { .addresses = addresses, .port = 4000 };
  Peer *peer = make_peer ();
  g_autofree gchar *offer = peer_offer_new (peer, &params);

  ck_assert (strstr (offer,
                 "a=candidate:1 1 udp 2130706431 192.0.2.7 4000 typ "
                 "host\r\n") != NULL);
  ck_assert (strstr (offer, " 2001:db8::7 4000 typ host\r\n") != NULL);
  peer_free (peer);
}
GST_END_TEST;

GST_START_TEST (an_offer_may_be_of_one_codec_or_of_sound_alone)
{
  const PeerOfferParams one = { .video_codec = "vp8" };
  const PeerOfferParams sound = { .is_audio_only = TRUE };
  Peer *peer = make_peer ();
  g_autofree gchar *vp8 = peer_offer_new (peer, &one);
  g_autofree gchar *audio = peer_offer_new (peer, &sound);
  g_autoptr (SdpOffer) parsed = sdp_offer_parse (audio, strlen (audio), NULL);

  ck_assert (strstr (vp8, "SAVPF 96\r\n") != NULL);
  ck_assert (strstr (vp8, "H264") == NULL);
  ck_assert (parsed != NULL && sdp_offer_n_sections (parsed) == 1);
  peer_free (peer);
}
GST_END_TEST;

GST_START_TEST (a_foreign_answer_can_be_used)
{
  PeerRemote remote;

  ck_assert (peer_remote_parse (&remote, foreign_answer ()));
  ck_assert (remote.is_active);
  ck_assert_str_eq (remote.ufrag, "efgh");
  ck_assert_uint_eq (remote.address.remote_port, 40000);
  ck_assert_uint_eq (remote.others[0].remote_port, 40001);
  ck_assert_uint_eq (remote.tracks[WHEP_VIDEO].pt, 108);
  ck_assert_uint_eq (remote.tracks[WHEP_VIDEO].rtx_pt, 109);
  ck_assert_uint_eq (remote.tracks[WHEP_VIDEO].ssrc, 0);
  ck_assert (remote.tracks[WHEP_AUDIO].is_accepted);
}
GST_END_TEST;

static const struct
{
  const gchar *line; /* of the answer, whose beginning is changed */
  const gchar *fault;
} faults[] = {
  { "a=ice-ufrag:", "the answer has no ICE credentials" },
  { "a=ice-pwd:", "the answer has no ICE credentials" },
  { "a=fingerprint:", "the answer has no SHA-256 fingerprint" },
  { "a=candidate:", "the answer has no UDP candidate with an address" },
  { "m=", "the answer accepts no track" },
};

GST_START_TEST (an_answer_that_cannot_be_used_has_a_reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_auto (GStrv) parts = g_strsplit (foreign_answer (), faults[i].line, -1);
    g_autofree gchar *text = g_strjoinv ("a=x-", parts);
    PeerRemote remote;

    ck_assert (!peer_remote_parse (&remote, text));
    ck_assert_str_eq (peer_remote_fault (&remote), faults[i].fault);
  }
}
GST_END_TEST;

GST_START_TEST (further_addresses_than_can_be_checked_are_ignored)
{
  GString *text = g_string_new (foreign_answer ());
  PeerRemote remote;

  for (guint i = 1; i < 100; i++)
    g_string_append_printf (text,
        "a=candidate:1 1 UDP 1 2001:db8::%u 1 typ host\r\n"
        "a=candidate:1 1 udp 1 x.local 1 typ host\r\n"
        "a=candidate:1 2 udp 1 192.0.2.1 1 typ host\r\n"
        "a=candidate:1 1 tcp 1 192.0.2.1 9 typ host\r\n",
        i);
  ck_assert (peer_remote_parse (&remote, text->str));
  ck_assert_uint_eq (remote.n_others, PEER_ICE_MAX_REMOTES - 1);
  g_string_free (text, TRUE);
}
GST_END_TEST;

static Suite *
peersdp_suite (void)
{
  Suite *suite = suite_create ("peersdp");
  TCase *tcase = tcase_create ("peersdp");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_offer_of_all_codecs_is_answered_with_each_of_them);
  tcase_add_test (tcase, an_offer_has_the_candidates_of_the_peer);
  tcase_add_test (tcase, an_offer_may_be_of_one_codec_or_of_sound_alone);
  tcase_add_test (tcase, a_foreign_answer_can_be_used);
  tcase_add_test (tcase, an_answer_that_cannot_be_used_has_a_reason);
  tcase_add_test (tcase, further_addresses_than_can_be_checked_are_ignored);
  return suite;
}

GST_CHECK_MAIN (peersdp);
