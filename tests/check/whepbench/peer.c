/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A peer that samples: the viewer of whepbench. */

#include "tests/support/watching.h"

#include <gst/check/gstcheck.h>

#define S G_USEC_PER_SEC

static const WatchingParams lossy = { .seed = 7,
  .is_sampling = TRUE,
  .path = { 10 * 1000, 5 * 1000, .loss_permille = 20 } };

GST_START_TEST (a_sampling_peer_misses_nothing_for_long)
{
  const Reception *video, *audio;
  const Playback *playback;
  Watching watching;

  watching_init (&watching, &lossy);
  camera_start (&watching.camera, CAMERA_RTP_TIME,
      network_now_us (watching.network));
  watching_connect (&watching);
  watching_run_for (&watching, 10 * S);
  video = peer_reception (watching.peer, WHEP_VIDEO);
  audio = peer_reception (watching.peer, WHEP_AUDIO);
  playback = peer_playback (watching.peer);
  ck_assert (playback->first_key_us != 0);
  ck_assert_uint_gt (playback->n_frames, 100);
  ck_assert_uint_gt (video->n_repaired, 0);
  ck_assert_uint_le (reception_n_missing (video), 20);
  ck_assert_uint_gt (audio->n_received, 100);
  ck_assert_uint_gt (peer_reports (watching.peer, WHEP_VIDEO)->n_reports, 0);
  ck_assert_uint_eq (video->packets->len, 0);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (datagrams_of_any_kind_are_harmless)
{
  const PeerParams params = { .seed = 1, .is_sampling = TRUE };
  const WhepAddress from = { .remote_port = 1 };
  WhepOutbox *out = whep_outbox_new ();
  Peer *peer = peer_new (&params);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < 10000; i++) {
    guint8 bytes[64];
    gsize size = g_rand_int_range (rand, 0, sizeof (bytes) + 1);

    for (gsize k = 0; k < size; k++)
      bytes[k] = g_rand_int (rand);
    peer_receive (peer, bytes, size, &from, i, out);
  }
  ck_assert (!peer_is_connected (peer) && out->n_runs == 0);
  peer_free (peer);
  whep_outbox_free (out);
}
GST_END_TEST;

static Suite *
peer_suite (void)
{
  Suite *suite = suite_create ("peer");
  TCase *tcase = tcase_create ("peer");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_sampling_peer_misses_nothing_for_long);
  tcase_add_test (tcase, datagrams_of_any_kind_are_harmless);
  return suite;
}

GST_CHECK_MAIN (peer);
