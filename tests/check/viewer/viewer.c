/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One viewer against a simulated browser, in virtual time: how it connects,
 * whom it trusts, and how it ends. */

#include "tests/support/watchingclaims.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const WatchingParams clean = { .seed = 1, .path = WATCHING_CLEAN };

GST_START_TEST (a_viewer_plays_over_a_clean_network)
{
  Watching watching;
  FrameCount frames;
  const Reception *video;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 10 * SECOND);
  assert_all_arrived (&watching, WHEP_VIDEO);
  assert_all_arrived (&watching, WHEP_AUDIO);
  assert_live (&watching);

  video = peer_reception (watching.peer, WHEP_VIDEO);
  reception_count_frames (video, &frames);
  ck_assert_uint_eq (frames.n_broken, 0);
  ck_assert_uint_ge (frames.n_complete, 295);
  ck_assert_uint_ge (frames.n_key, 5);
  ck_assert_uint_eq (video->n_reordered, 0);
  ck_assert (peer_ice (watching.peer)->is_nominated);
  ck_assert_uint_ge (peer_ice (watching.peer)->n_answers, 4);
  ck_assert_uint_eq (peer_ice (watching.peer)->n_errors, 0);
  ck_assert_uint_eq (watching_stats (&watching).n_retransmitted, 0);
  ck_assert_uint_eq (watching_stats (&watching).n_jumps, 0);
  watching_clear (&watching);
}
GST_END_TEST;

static const gchar *const profiles[] = { "SRTP_AEAD_AES_128_GCM",
  "SRTP_AES128_CM_SHA1_80", PEER_BOTH_PROFILES };
static const gchar *const chosen_profiles[] = { "SRTP_AEAD_AES_128_GCM",
  "SRTP_AES128_CM_SHA1_80", "SRTP_AEAD_AES_128_GCM" };

GST_START_TEST (either_srtp_profile_plays)
{
  WatchingParams params = clean;
  Watching watching;

  params.srtp_profiles = profiles[__i__];
  watching_start (&watching, &params, 0);
  peer_loses (watching.peer, 3);
  watching_run_for (&watching, 3 * SECOND);
  ck_assert_str_eq (peer_dtls_profile (peer_dtls (watching.peer)),
      chosen_profiles[__i__]);
  assert_all_arrived (&watching, WHEP_VIDEO);
  assert_all_arrived (&watching, WHEP_AUDIO);
  ck_assert_uint_ge (peer_reports (watching.peer, WHEP_VIDEO)->n_reports, 2);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_wrong_fingerprint_closes_before_any_media)
{
  WatchingParams params = clean;
  Watching watching;

  params.has_wrong_fingerprint = TRUE;
  watching_init (&watching, &params);
  camera_start (&watching.camera, 0, network_now_us (watching.network));
  watching_join (&watching);
  watching_run_for (&watching, 5 * SECOND);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_CLOSED);
  ck_assert (whep_viewer_why (watching.viewer) != NULL);
  ck_assert_uint_eq (watching_stats (&watching).n_packets, 0);
  ck_assert (!peer_reception (watching.peer, WHEP_VIDEO)->has_started);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_viewer_without_consent_closes_after_30_seconds)
{
  Watching watching;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 60 * SECOND);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_PLAYING);
  peer_falls_silent (watching.peer);
  watching_run_for (&watching, 27 * SECOND);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_PLAYING);
  watching_run_for (&watching, 4 * SECOND);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_CLOSED);
  ck_assert_str_eq (whep_viewer_why (watching.viewer), "consent lost");
  ck_assert_uint_eq (peer_counts (watching.peer)->n_byes, 2);
  ck_assert (peer_is_closed (watching.peer));
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_viewer_without_checks_closes_after_10_seconds)
{
  Watching watching;

  watching_init (&watching, &clean);
  camera_start (&watching.camera, 0, network_now_us (watching.network));
  watching_join (&watching);
  peer_falls_silent (watching.peer);
  watching_run_for (&watching, 9 * SECOND);
  ck_assert_int_eq (whep_viewer_state (watching.viewer),
      WHEP_VIEWER_CONNECTING);
  watching_run_for (&watching, 2 * SECOND);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_CLOSED);
  watching_clear (&watching);
}
GST_END_TEST;

/* Among hundreds of viewers that arrive at once, one may have to wait. */
GST_START_TEST (a_viewer_that_checks_late_has_the_full_handshake_time)
{
  const NetworkPath dead = { .loss_permille = 1000 };
  const NetworkPath long_way = { .delay_us = WHEP_ICE_FIRST_CHECK_US / 2 };
  Watching watching;

  watching_init (&watching, &clean);
  camera_start (&watching.camera, 0, network_now_us (watching.network));
  watching_join (&watching);
  network_set_path (watching.network, watching.peer_end, &dead);
  watching_run_for (&watching, 4 * SECOND);
  network_set_path (watching.network, watching.peer_end, &long_way);
  watching_run_for (&watching, WHEP_DTLS_TIMEOUT_US - 4 * SECOND + SECOND);
  ck_assert_int_eq (whep_viewer_state (watching.viewer),
      WHEP_VIEWER_CONNECTING);
  watching_run_for (&watching, 6 * SECOND);
  network_set_path (watching.network, watching.peer_end, &clean.path);
  watching_run_for (&watching, 5 * SECOND);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_PLAYING);
  assert_live (&watching);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_viewer_that_closes_sends_bye_and_close_notify)
{
  Watching watching;
  guint64 n_packets;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, SECOND);
  n_packets = watching_stats (&watching).n_packets;
  watching_viewer_closes (&watching, "deleted");
  watching_run_for (&watching, SECOND);
  ck_assert_str_eq (whep_viewer_why (watching.viewer), "deleted");
  ck_assert_uint_eq (peer_counts (watching.peer)->n_byes, 2);
  ck_assert (peer_is_closed (watching.peer));
  ck_assert_uint_eq (watching_stats (&watching).n_packets, n_packets);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_peer_that_closes_dtls_ends_its_viewer)
{
  Watching watching;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, SECOND);
  watching_peer_says (&watching, peer_closes);
  watching_run_for (&watching, 100 * MS);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_CLOSED);
  watching_clear (&watching);
}
GST_END_TEST;

/* A NAT has assigned another port to the browser, as its next check shows. */
GST_START_TEST (media_follows_a_viewer_that_moves)
{
  Watching watching;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 3 * SECOND);
  network_move (watching.network, watching.peer_end);
  watching_run_for (&watching, 5 * SECOND);
  ck_assert_uint_eq (peer_ice (watching.peer)->mapped.remote_port,
      network_address (watching.network, watching.peer_end).remote_port);
  assert_live (&watching);
  watching_clear (&watching);
}
GST_END_TEST;

static void
restart_ice (Watching *self, const gchar *ufrag)
{
  static const gchar pwd[] = "another-pwd-of-24-chars.";
  WhepIceCredentials credentials;

  peer_restarts_ice (self->peer);
  whep_ice_credentials_init (&credentials, ufrag, pwd,
      peer_ice (self->peer)->ufrag);
  whep_viewer_restart_ice (self->viewer, &credentials);
  /* The server's answer takes some time. */
  watching_run_for (self, 500 * MS);
  peer_takes_restart (self->peer, ufrag, pwd, network_now_us (self->network));
}

GST_START_TEST (an_ice_restart_loses_no_packet)
{
  Watching watching;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 3 * SECOND);
  restart_ice (&watching, "gateway2");
  watching_run_for (&watching, SECOND);
  ck_assert (peer_ice (watching.peer)->is_nominated);
  restart_ice (&watching, "gateway3");
  watching_run_for (&watching, 40 * SECOND);

  ck_assert_uint_eq (peer_ice (watching.peer)->n_errors, 0);
  ck_assert_str_eq (whep_viewer_ufrag (watching.viewer), "gateway1");
  ck_assert_uint_eq (watching_stats (&watching).n_retransmitted, 0);
  assert_all_arrived (&watching, WHEP_VIDEO);
  assert_all_arrived (&watching, WHEP_AUDIO);
  assert_live (&watching);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (an_ice_restart_from_another_network_recovers)
{
  Watching watching;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 3 * SECOND);
  network_move (watching.network, watching.peer_end);
  restart_ice (&watching, "gateway2");
  watching_run_for (&watching, 3 * SECOND);

  ck_assert_uint_eq (watching_stats (&watching).n_jumps, 0);
  assert_all_arrived (&watching, WHEP_VIDEO);
  assert_all_arrived (&watching, WHEP_AUDIO);
  assert_live (&watching);
  watching_clear (&watching);
}
GST_END_TEST;

/* Datagrams that a stranger, or an eavesdropper on the path, might send. */
static void
inject_random (Watching *watching, guint from, GRand *rand, guint n_datagrams)
{
  guint8 data[200];

  for (guint i = 0; i < n_datagrams; i++) {
    gsize size = g_rand_int_range (rand, 0, sizeof (data) + 1);

    for (gsize at = 0; at < size; at++)
      data[at] = g_rand_int (rand);
    network_inject (watching->network, watching->viewer_end, from, data, size);
  }
}

static void
inject_variants (Watching *watching, GBytes *datagram, GRand *rand)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (datagram, &size);
  g_autofree guint8 *copy = g_memdup2 (data, size);

  for (gsize cut = 0; cut <= size; cut++)
    network_inject (watching->network, watching->viewer_end, watching->peer_end,
        data, cut);
  for (guint i = 0; i < 32; i++) {
    guint bit = g_rand_int_range (rand, 0, size * 8);

    copy[bit / 8] ^= 1 << bit % 8;
    network_inject (watching->network, watching->viewer_end, watching->peer_end,
        copy, size);
    copy[bit / 8] ^= 1 << bit % 8;
  }
}

GST_START_TEST (hostile_datagrams_change_nothing)
{
  Watching watching;
  GRand *rand = g_rand_new_with_seed (__i__);
  GBytes *recorded[WATCHING_RECORDS] = { NULL };
  WhepViewerStats before, after;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, SECOND);
  peer_loses (watching.peer, 20);
  watching_run_for (&watching, SECOND);
  ck_assert_uint_gt (watching_stats (&watching).n_retransmitted, 0);
  for (guint i = 0; i < MIN (watching.n_records, WATCHING_RECORDS); i++)
    recorded[i] = g_bytes_ref (watching.records[i]);

  before = watching_stats (&watching);
  inject_random (&watching, watching.peer_end, rand, 5000);
  for (guint i = 0; i < WATCHING_RECORDS && recorded[i] != NULL; i++)
    inject_variants (&watching, recorded[i], rand);
  after = watching_stats (&watching);
  ck_assert_int_eq (memcmp (&before, &after, sizeof (before)), 0);

  watching_run_for (&watching, 2 * SECOND);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_PLAYING);
  assert_all_arrived (&watching, WHEP_VIDEO);
  assert_live (&watching);
  for (guint i = 0; i < WATCHING_RECORDS; i++)
    g_clear_pointer (&recorded[i], g_bytes_unref);
  g_rand_free (rand);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (garbage_before_the_handshake_does_not_stop_it)
{
  Watching watching;
  GRand *rand = g_rand_new_with_seed (__i__);

  watching_init (&watching, &clean);
  camera_start (&watching.camera, 0, network_now_us (watching.network));
  watching_join (&watching);
  for (guint i = 0; i < 50; i++) {
    inject_random (&watching, watching.peer_end, rand, 20);
    watching_run_for (&watching, MS);
  }
  watching_run_for (&watching, 2 * SECOND);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_PLAYING);
  assert_live (&watching);
  g_rand_free (rand);
  watching_clear (&watching);
}
GST_END_TEST;

static Suite *
viewer_suite (void)
{
  Suite *suite = suite_create ("viewer");
  TCase *tcase = tcase_create ("viewer");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_viewer_plays_over_a_clean_network);
  tcase_add_loop_test (tcase, either_srtp_profile_plays, 0,
      G_N_ELEMENTS (profiles));
  tcase_add_test (tcase, a_wrong_fingerprint_closes_before_any_media);
  tcase_add_test (tcase, a_viewer_without_consent_closes_after_30_seconds);
  tcase_add_test (tcase, a_viewer_without_checks_closes_after_10_seconds);
  tcase_add_test (tcase, a_viewer_that_checks_late_has_the_full_handshake_time);
  tcase_add_test (tcase, a_viewer_that_closes_sends_bye_and_close_notify);
  tcase_add_test (tcase, a_peer_that_closes_dtls_ends_its_viewer);
  tcase_add_test (tcase, media_follows_a_viewer_that_moves);
  tcase_add_test (tcase, an_ice_restart_loses_no_packet);
  tcase_add_test (tcase, an_ice_restart_from_another_network_recovers);
  tcase_add_loop_test (tcase, hostile_datagrams_change_nothing, 1, 4);
  tcase_add_loop_test (tcase, garbage_before_the_handshake_does_not_stop_it, 1,
      4);
  return suite;
}

GST_CHECK_MAIN (viewer);
