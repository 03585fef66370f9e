/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a simulated browser receives of a stream over a lossy network, in
 * virtual time: joins, repairs, rewinds, reports. */

#include "tests/support/watchingclaims.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* Two thirds of what Firefox's socket buffer holds, and 50 Mbit/s. */
#define BURST_BYTES (60 * 1200)
#define BYTES_PER_MS 6250
/* The size of most of the camera's packets. */
#define VIDEO_PACKET_BYTES 1180

static const WatchingParams clean = { .seed = 1, .path = WATCHING_CLEAN };

static const WatchingParams lossy[] = {
  { .seed = 1, .path = { 10 * MS, 5 * MS, .loss_permille = 50 } },
  { .seed = 2, .path = { 10 * MS, 5 * MS, .loss_permille = 50 } },
  { .seed = 3, .path = { 10 * MS, 5 * MS, .loss_permille = 200 } },
  { .seed = 4, .path = { 10 * MS, 5 * MS, .loss_permille = 200 } },
  { .seed = 5, .path = { 10 * MS, 5 * MS, 50, 50, 50 } },
};

/* A loss of more than a tenth that lasts for seconds would be answered by
 * thinning. */
static gint64
lossy_us (const WatchingParams *params)
{
  return params->path.loss_permille > 100 ? 2500 * MS : 10 * SECOND;
}

/* The camera stops before the end, so that the last losses can be repaired. */
GST_START_TEST (a_packet_that_the_network_loses_is_sent_again)
{
  const WatchingParams *params = &lossy[__i__];
  Watching watching;

  watching_start (&watching, params, 0);
  watching_run_for (&watching, lossy_us (params));
  camera_stop (&watching.camera, network_now_us (watching.network));
  watching_run_for (&watching, 2 * SECOND);

  ck_assert_uint_gt (network_n_lost (watching.network), 100);
  assert_all_arrived (&watching, WHEP_VIDEO);
  assert_all_arrived (&watching, WHEP_AUDIO);
  ck_assert_uint_gt (watching_stats (&watching).n_retransmitted, 100);
  ck_assert_uint_eq (watching_stats (&watching).n_jumps, 0);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_burst_of_losses_is_repaired)
{
  Watching watching;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, SECOND);
  peer_loses (watching.peer, 50);
  watching_run_for (&watching, 2 * SECOND);

  ck_assert_uint_eq (peer_counts (watching.peer)->n_dropped, 50);
  ck_assert_uint_eq (watching_stats (&watching).n_retransmitted, 50);
  assert_all_arrived (&watching, WHEP_VIDEO);
  assert_all_arrived (&watching, WHEP_AUDIO);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_late_viewer_starts_at_the_newest_key_frame_and_catches_up)
{
  Watching watching;
  const Reception *video;
  const MadePacket *first;
  gint64 joined_us;

  watching_init (&watching, &clean);
  camera_start (&watching.camera, CAMERA_RTP_TIME,
      network_now_us (watching.network));
  watching_run_for (&watching, 5700 * MS);
  joined_us = network_now_us (watching.network);
  watching_connect (&watching);
  watching_run_for (&watching, SECOND);

  video = peer_reception (watching.peer, WHEP_VIDEO);
  first = camera_made (&watching.camera, WHEP_VIDEO,
      watching_made_index (&watching, WHEP_VIDEO, video->first_seq));
  ck_assert (first->starts_key_frame);
  ck_assert_int_eq (first->media_us, NETWORK_START_US + 4 * SECOND);
  ck_assert_int_le (reception_get (video, video->first_seq)->received_us,
      joined_us + 100 * MS);
  ck_assert_uint_eq (watching.viewer_params.tracks[WHEP_VIDEO].first_rtp_time,
      reception_get (video, video->first_seq)->rtp_time);
  assert_all_arrived (&watching, WHEP_AUDIO);
  assert_live (&watching);
  watching_clear (&watching);
}
GST_END_TEST;

/* Firefox's socket buffer holds about 90 packets: however long the backlog, no
 * more than the pacer's burst may arrive at once. */
GST_START_TEST (a_backlog_is_paced)
{
  Watching watching;
  const Reception *video;
  const guint64 window = 5;
  gsize limit;

  watching_start (&watching, &clean, 5700 * MS);
  watching_run_for (&watching, SECOND);
  video = peer_reception (watching.peer, WHEP_VIDEO);
  ck_assert_uint_gt (reception_n_expected (video), 400);
  limit = BURST_BYTES + (window + 1) * BYTES_PER_MS + 1200;
  for (guint64 seq = video->first_seq; seq < video->highest_seq; seq++) {
    gint64 start_us = reception_get (video, seq)->received_us;
    gsize n_bytes = 0;

    for (guint64 at = seq; at <= video->highest_seq; at++) {
      const ReceivedPacket *packet = reception_get (video, at);

      if (packet->received_us > start_us + (gint64) window * MS)
        break;
      n_bytes += packet->size;
    }
    ck_assert_uint_le (n_bytes, limit);
  }
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_viewer_may_join_before_the_publisher)
{
  WatchingParams params = clean;
  Watching watching;

  params.has_no_playout_delay = __i__ == 1;
  watching_init (&watching, &params);
  watching_connect (&watching);
  watching_run_for (&watching, 5 * SECOND);
  ck_assert (!peer_reception (watching.peer, WHEP_VIDEO)->has_started);

  camera_start (&watching.camera, 7, network_now_us (watching.network));
  watching_run_for (&watching, 3 * SECOND);
  assert_all_arrived (&watching, WHEP_VIDEO);
  assert_all_arrived (&watching, WHEP_AUDIO);
  ck_assert_uint_eq (watching_made_index (&watching, WHEP_VIDEO,
                         peer_reception (watching.peer, WHEP_VIDEO)->first_seq),
      0);
  assert_live (&watching);
  watching_clear (&watching);
}
GST_END_TEST;

static void
assert_render_at_once (const ReceivedPacket *packet, guint id)
{
  gsize size = 0;
  const guint8 *delay = received_extension (packet, id, &size);

  ck_assert (delay != NULL);
  ck_assert_uint_eq (size, 3);
  ck_assert_int_eq (memcmp (delay, "\0\0\0", 3), 0);
}

GST_START_TEST (video_asks_to_be_rendered_at_once)
{
  Watching watching;
  const Reception *video;
  guint id;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, SECOND);
  video = peer_reception (watching.peer, WHEP_VIDEO);
  id = watching.viewer_params.tracks[WHEP_VIDEO].media.playout_delay_id;
  for (guint64 seq = video->first_seq; seq <= video->highest_seq; seq++)
    assert_render_at_once (reception_get (video, seq), id);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (without_playout_delay_a_viewer_waits_for_a_key_frame)
{
  WatchingParams params = clean;
  Watching watching;
  const Reception *video;
  const MadePacket *first;

  params.has_no_playout_delay = TRUE;
  watching_start (&watching, &params, 5 * SECOND);
  watching_run_for (&watching, 3 * SECOND);

  video = peer_reception (watching.peer, WHEP_VIDEO);
  first = camera_made (&watching.camera, WHEP_VIDEO,
      watching_made_index (&watching, WHEP_VIDEO, video->first_seq));
  ck_assert (first->starts_key_frame);
  ck_assert_int_eq (first->media_us, NETWORK_START_US + 6 * SECOND);
  ck_assert_uint_eq (reception_get (video, video->first_seq)->extension_profile,
      0);
  assert_all_arrived (&watching, WHEP_VIDEO);
  assert_live (&watching);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (sender_reports_give_both_tracks_the_media_clock)
{
  Watching watching;

  watching_start (&watching, &clean, 700 * MS);
  watching_run_for (&watching, 10 * SECOND);
  for (guint kind = 0; kind < WHEP_N_TRACKS; kind++) {
    const PeerReports *reports = peer_reports (watching.peer, kind);

    ck_assert_uint_ge (reports->n_reports, 9);
    ck_assert_uint_le (reports->n_reports, 12);
    ck_assert_str_eq (reports->last.cname, "gateway");
    assert_on_media_clock (&watching, kind);
  }
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (sender_reports_count_what_was_sent)
{
  Watching watching;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 3 * SECOND);
  camera_stop (&watching.camera, network_now_us (watching.network));
  watching_run_for (&watching, 2 * SECOND);
  for (guint kind = 0; kind < WHEP_N_TRACKS; kind++) {
    const Reception *reception = peer_reception (watching.peer, kind);
    const SenderReport *report = &peer_reports (watching.peer, kind)->last;

    ck_assert_uint_eq (report->n_packets, reception->n_received);
    ck_assert_uint_eq (report->n_bytes, reception->n_bytes);
  }
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (receiver_reports_show_the_round_trip_and_the_loss)
{
  const NetworkPath far_and_lossy = { .delay_us = 20 * MS,
    .loss_permille = 300 };
  Watching watching;
  WhepViewerStats stats;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 3 * SECOND);
  ck_assert_uint_eq (watching_stats (&watching).fraction_lost, 0);

  peer_stops_nacking (watching.peer);
  network_set_path (watching.network, watching.viewer_end, &far_and_lossy);
  network_set_path (watching.network, watching.peer_end, &far_and_lossy);
  watching_run_for (&watching, 10 * SECOND);
  stats = watching_stats (&watching);
  ck_assert_int_ge (stats.round_trip_us, 39 * MS);
  ck_assert_int_le (stats.round_trip_us, 41 * MS);
  ck_assert_uint_ge (stats.fraction_lost, 256 / 6);
  ck_assert_uint_le (stats.fraction_lost, 256 / 2);
  watching_clear (&watching);
}
GST_END_TEST;

static void
assert_rewound (const Watching *watching, guint64 since)
{
  const Reception *video = peer_reception (watching->peer, WHEP_VIDEO);
  guint64 seq = since;

  /* The first packet that was made before its predecessor. */
  for (; seq < video->highest_seq; seq++)
    if (watching_made_index (watching, WHEP_VIDEO, seq + 1) <
        watching_made_index (watching, WHEP_VIDEO, seq))
      break;
  ck_assert_uint_lt (seq, video->highest_seq);
  ck_assert (camera_made (&watching->camera, WHEP_VIDEO,
      watching_made_index (watching, WHEP_VIDEO, seq + 1))
                 ->starts_key_frame);
  assert_times_never_go_back (watching, WHEP_VIDEO);
  ck_assert_uint_eq (reception_n_missing (video), 0);
  ck_assert_uint_eq (watching_stats (watching).n_jumps, 1);
  assert_live (watching);
}

static void
ask_for_key (Watching *watching, gboolean is_fir)
{
  if (is_fir)
    watching_peer_says (watching, peer_asks_for_key_by_fir);
  else
    watching_peer_says (watching, peer_asks_for_key);
}

GST_START_TEST (a_key_frame_request_rewinds_once)
{
  Watching watching;
  guint64 asked_at;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 5 * SECOND);
  asked_at = peer_reception (watching.peer, WHEP_VIDEO)->highest_seq;
  for (guint i = 0; i < 4; i++) {
    ask_for_key (&watching, __i__ == 1);
    watching_run_for (&watching, 100 * MS);
  }
  watching_run_for (&watching, 500 * MS);
  ck_assert_uint_eq (watching_stats (&watching).n_plis, 4);
  assert_rewound (&watching, asked_at);
  watching_clear (&watching);
}
GST_END_TEST;

/* Whose decoder is not the browser's, which takes the picture for broken. */
GST_START_TEST (a_viewer_that_reorders_requests_a_key_frame_by_fir)
{
  const WatchingParams params = { .seed = 1,
    .path = WATCHING_CLEAN,
    .takes_untouched = TRUE };
  Watching watching;

  watching_start (&watching, &params, 0);
  watching_run_for (&watching, 5 * SECOND);
  ask_for_key (&watching, FALSE);
  watching_run_for (&watching, SECOND);
  ck_assert_uint_eq (watching_stats (&watching).n_plis, 0);
  ck_assert_uint_eq (watching_stats (&watching).n_jumps, 0);
  ask_for_key (&watching, TRUE);
  watching_run_for (&watching, SECOND);
  ck_assert_uint_eq (watching_stats (&watching).n_plis, 1);
  ck_assert_uint_eq (watching_stats (&watching).n_jumps, 1);
  watching_clear (&watching);
}
GST_END_TEST;

/* A packet from before the newest key frame is kept for a second. */
GST_START_TEST (a_nack_that_the_log_cannot_serve_rewinds)
{
  Watching watching;
  guint64 lost_seq;
  guint16 seq16;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 1500 * MS);
  lost_seq = peer_reception (watching.peer, WHEP_VIDEO)->highest_seq;
  watching_run_for (&watching, 3 * SECOND);
  seq16 = lost_seq;
  watching_peer_says (&watching, peer_nacks, WHEP_VIDEO, &seq16, 1);
  watching_run_for (&watching, SECOND);

  ck_assert_uint_eq (watching_stats (&watching).n_retransmitted, 0);
  assert_rewound (&watching, lost_seq);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (nacks_for_packets_that_were_never_sent_change_nothing)
{
  Watching watching;
  guint16 seqs[FEEDBACK_MAX_SEQS];
  guint64 newest;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 3 * SECOND);
  newest = peer_reception (watching.peer, WHEP_VIDEO)->highest_seq;
  for (guint i = 0; i < FEEDBACK_MAX_SEQS; i++)
    seqs[i] = newest + 1000 + i * 17;
  watching_peer_says (&watching, peer_nacks, WHEP_VIDEO, seqs,
      FEEDBACK_MAX_SEQS);
  watching_run_for (&watching, 3 * SECOND);
  ck_assert_uint_eq (watching_stats (&watching).n_retransmitted, 0);
  ck_assert_uint_eq (watching_stats (&watching).n_jumps, 0);
  assert_all_arrived (&watching, WHEP_VIDEO);
  watching_clear (&watching);
}
GST_END_TEST;

/* A viewer that keeps requesting everything gets no more of it than it was
 * sent, and does not affect anybody's picture. */
GST_START_TEST (a_flood_of_nacks_brings_no_more_than_what_is_sent)
{
  Watching watching;
  guint16 seqs[FEEDBACK_MAX_SEQS];
  const Reception *video;
  guint64 n_before, n_again;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, SECOND);
  video = peer_reception (watching.peer, WHEP_VIDEO);
  n_before = reception_n_expected (video);
  for (guint i = 0; i < FEEDBACK_MAX_SEQS; i++)
    seqs[i] = video->highest_seq - i;
  for (gint64 passed_us = 0; passed_us < 500 * MS; passed_us += 5 * MS) {
    for (guint i = 0; i < 10; i++)
      watching_peer_says (&watching, peer_nacks, WHEP_VIDEO, seqs,
          FEEDBACK_MAX_SEQS);
    watching_run_for (&watching, 5 * MS);
  }
  n_again = watching_stats (&watching).n_retransmitted;
  ck_assert_uint_gt (n_again, WHEP_REPAIRS_MAX);
  ck_assert_uint_le (n_again,
      WHEP_REPAIRS_BYTES / VIDEO_PACKET_BYTES + reception_n_expected (video) -
          n_before);

  watching_run_for (&watching, SECOND);
  assert_all_arrived (&watching, WHEP_VIDEO);
  assert_all_arrived (&watching, WHEP_AUDIO);
  assert_live (&watching);
  watching_clear (&watching);
}
GST_END_TEST;

/* The reports show the round trip; audio is then requested repeatedly. */
GST_START_TEST (a_repair_is_sent_once_per_round_trip)
{
  const WatchingParams far = { .seed = 1, .path = { .delay_us = 100 * MS } };
  Watching watching;
  WhepTrackKind kind = __i__;
  guint64 n_again;
  guint16 seq;

  watching_start (&watching, &far, 0);
  watching_run_for (&watching, 4 * SECOND);
  ck_assert_int_ge (watching_stats (&watching).round_trip_us, 195 * MS);
  seq = peer_reception (watching.peer, kind)->highest_seq;
  for (guint i = 0; i < 100; i++) {
    watching_peer_says (&watching, peer_nacks, kind, &seq, 1);
    watching_run_for (&watching, 10 * MS);
  }
  n_again = watching_stats (&watching).n_retransmitted;
  ck_assert_uint_ge (n_again, 4);
  ck_assert_uint_le (n_again, 5);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (nothing_drifts_in_ten_minutes)
{
  Watching watching;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 600 * SECOND);
  assert_all_arrived (&watching, WHEP_VIDEO);
  assert_all_arrived (&watching, WHEP_AUDIO);
  assert_live (&watching);
  for (guint kind = 0; kind < WHEP_N_TRACKS; kind++)
    assert_on_media_clock (&watching, kind);
  ck_assert_uint_eq (watching_stats (&watching).n_jumps, 0);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_paused_viewer_stays_and_resumes_live)
{
  Watching watching;
  const Reception *video, *audio;
  guint64 last_video, last_audio;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 3 * SECOND);
  video = peer_reception (watching.peer, WHEP_VIDEO);
  audio = peer_reception (watching.peer, WHEP_AUDIO);
  whep_viewer_set_paused (watching.viewer, TRUE);
  watching_run_for (&watching, 100 * MS);
  last_video = video->highest_seq;
  last_audio = audio->highest_seq;
  watching_run_for (&watching, 40 * SECOND);
  ck_assert_uint_eq (video->highest_seq, last_video);
  ck_assert_uint_eq (audio->highest_seq, last_audio);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_PLAYING);

  whep_viewer_set_paused (watching.viewer, FALSE);
  watching_run_for (&watching, SECOND);
  ck_assert (camera_made (&watching.camera, WHEP_VIDEO,
      watching_made_index (&watching, WHEP_VIDEO, last_video + 1))
                 ->starts_key_frame);
  assert_live (&watching);
  /* One second of audio, not forty. */
  ck_assert_uint_le (audio->highest_seq - last_audio, 60);
  watching_clear (&watching);
}
GST_END_TEST;

static Suite *
watching_suite (void)
{
  Suite *suite = suite_create ("watching");
  TCase *tcase = tcase_create ("watching");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, a_packet_that_the_network_loses_is_sent_again, 0,
      G_N_ELEMENTS (lossy));
  tcase_add_test (tcase, a_burst_of_losses_is_repaired);
  tcase_add_test (tcase,
      a_late_viewer_starts_at_the_newest_key_frame_and_catches_up);
  tcase_add_test (tcase, a_backlog_is_paced);
  tcase_add_loop_test (tcase, a_viewer_may_join_before_the_publisher, 0, 2);
  tcase_add_test (tcase, video_asks_to_be_rendered_at_once);
  tcase_add_test (tcase, without_playout_delay_a_viewer_waits_for_a_key_frame);
  tcase_add_test (tcase, sender_reports_give_both_tracks_the_media_clock);
  tcase_add_test (tcase, sender_reports_count_what_was_sent);
  tcase_add_test (tcase, receiver_reports_show_the_round_trip_and_the_loss);
  tcase_add_loop_test (tcase, a_key_frame_request_rewinds_once, 0, 2);
  tcase_add_test (tcase, a_viewer_that_reorders_requests_a_key_frame_by_fir);
  tcase_add_test (tcase, a_nack_that_the_log_cannot_serve_rewinds);
  tcase_add_test (tcase, nacks_for_packets_that_were_never_sent_change_nothing);
  tcase_add_test (tcase, a_flood_of_nacks_brings_no_more_than_what_is_sent);
  tcase_add_loop_test (tcase, a_repair_is_sent_once_per_round_trip, 0,
      WHEP_N_TRACKS);
  tcase_add_test (tcase, nothing_drifts_in_ten_minutes);
  tcase_add_test (tcase, a_paused_viewer_stays_and_resumes_live);
  return suite;
}

GST_CHECK_MAIN (watching);
