/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Viewers that stay behind live by a fixed delay, in virtual time: they see
 * what a live viewer saw that long ago, whatever happens. */

#include "tests/support/watchingclaims.h"

#include <gst/check/gstcheck.h>

#define DELAY_US (10 * SECOND)
#define GOP_US (2 * SECOND)
/* The network, and frames that wait for the pacer. */
#define SLACK_US (60 * MS)
/* In which a viewer that has joined or jumped has caught up. */
#define CATCH_UP_US (500 * MS)

static const WatchingParams clean = { .seed = 1,
  .path = WATCHING_CLEAN,
  .rewind_us = 30 * SECOND,
  .delay_us = DELAY_US };

static const WatchingParams lossy[] = {
  { .seed = 1,
      .path = { 10 * MS, 5 * MS, .loss_permille = 50 },
      .rewind_us = 12 * SECOND,
      .delay_us = DELAY_US },
  { .seed = 2,
      .path = { 10 * MS, 5 * MS, 50, 50, 50 },
      .rewind_us = DELAY_US,
      .delay_us = DELAY_US },
};

static gint64
now_us (const Watching *watching)
{
  return network_now_us (watching->network);
}

/* How far behind live the packet was when it was received. */
static gint64
behind_us (const Watching *watching, WhepTrackKind kind, guint64 seq)
{
  const Reception *reception = peer_reception (watching->peer, kind);
  const MadePacket *made = camera_made (&watching->camera, kind,
      watching_made_index (watching, kind, seq));

  return reception_get (reception, seq)->received_us - made->media_us;
}

/* From @from_us on, each packet of both tracks was received with the delay, and
 * they are received still. */
static void
assert_behind (const Watching *watching, gint64 from_us)
{
  for (guint kind = 0; kind < WHEP_N_TRACKS; kind++) {
    const Reception *reception = peer_reception (watching->peer, kind);
    guint64 seq = reception->highest_seq;

    ck_assert_int_ge (reception_get (reception, seq)->received_us,
        now_us (watching) - 2 * SLACK_US);
    for (; seq > reception->first_seq; seq--) {
      const ReceivedPacket *packet = reception_get (reception, seq);

      if (packet == NULL)
        continue;
      if (packet->received_us < from_us)
        break;
      ck_assert_int_ge (behind_us (watching, kind, seq), DELAY_US);
      ck_assert_int_le (behind_us (watching, kind, seq), DELAY_US + SLACK_US);
    }
    ck_assert_uint_lt (seq, reception->highest_seq);
  }
}

GST_START_TEST (a_viewer_starts_behind_live_and_stays_there)
{
  Watching watching;
  const Reception *video;
  const MadePacket *first;
  gint64 joined_us;

  watching_start (&watching, &clean, 20700 * MS);
  joined_us = now_us (&watching);
  watching_run_for (&watching, 30 * SECOND);
  video = peer_reception (watching.peer, WHEP_VIDEO);
  first = camera_made (&watching.camera, WHEP_VIDEO,
      watching_made_index (&watching, WHEP_VIDEO, video->first_seq));
  ck_assert (first->starts_key_frame);
  ck_assert_int_le (first->media_us, joined_us - DELAY_US);
  ck_assert_int_gt (first->media_us, joined_us - DELAY_US - GOP_US);
  ck_assert_int_le (reception_get (video, video->first_seq)->received_us,
      joined_us + 100 * MS);
  assert_unbroken (&watching, WHEP_VIDEO, video->first_seq, video->highest_seq);
  assert_times_never_go_back (&watching, WHEP_AUDIO);
  assert_behind (&watching, joined_us + CATCH_UP_US);
  ck_assert_uint_eq (watching_stats (&watching).n_jumps, 0);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (the_sound_is_as_late_as_the_picture)
{
  Watching watching;

  watching_start (&watching, &clean, 20 * SECOND);
  watching_run_for (&watching, 5 * SECOND);
  assert_on_media_clock (&watching, WHEP_VIDEO);
  assert_on_media_clock (&watching, WHEP_AUDIO);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (losses_are_repaired_at_any_delay)
{
  const WatchingParams *params = &lossy[__i__];
  Watching watching;
  const Reception *video;

  watching_start (&watching, params, 25 * SECOND);
  watching_run_for (&watching, 15 * SECOND);
  camera_stop (&watching.camera, now_us (&watching));
  watching_run_for (&watching, DELAY_US + 2 * SECOND);
  video = peer_reception (watching.peer, WHEP_VIDEO);
  ck_assert_uint_gt (network_n_lost (watching.network), 100);
  assert_unbroken (&watching, WHEP_VIDEO, video->first_seq, video->highest_seq);
  /* The rest of what was published has been seen. */
  ck_assert_uint_ge (watching_made_index (&watching, WHEP_VIDEO,
                         video->highest_seq) +
          20,
      camera_n_made (&watching.camera, WHEP_VIDEO));
  ck_assert_uint_eq (watching_stats (&watching).n_jumps, 0);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_lost_picture_is_back_at_the_same_delay)
{
  Watching watching;
  gint64 asked_us;
  guint64 before;

  watching_start (&watching, &clean, 20 * SECOND);
  watching_run_for (&watching, 3 * SECOND);
  before = peer_reception (watching.peer, WHEP_VIDEO)->n_received;
  asked_us = now_us (&watching);
  watching_peer_says (&watching, peer_asks_for_key);
  watching_run_for (&watching, 5 * SECOND);
  ck_assert_uint_eq (watching_stats (&watching).n_jumps, 1);
  ck_assert_uint_gt (peer_reception (watching.peer, WHEP_VIDEO)->n_received,
      before + 5 * 30 * 5);
  assert_times_never_go_back (&watching, WHEP_VIDEO);
  assert_behind (&watching, asked_us + CATCH_UP_US);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_slow_viewer_jumps_and_keeps_its_delay)
{
  Watching watching;
  gint64 freed_us;

  watching_start (&watching, &clean, 20 * SECOND);
  watching_run_for (&watching, 3 * SECOND);
  watching.is_choked = TRUE;
  watching_run_for (&watching, 5 * SECOND);
  watching.is_choked = FALSE;
  freed_us = now_us (&watching);
  watching_run_for (&watching, 5 * SECOND);
  ck_assert_uint_eq (watching_stats (&watching).n_jumps, 1);
  assert_times_never_go_back (&watching, WHEP_VIDEO);
  assert_behind (&watching, freed_us + CATCH_UP_US);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_viewer_that_waits_for_key_frames_starts_with_the_next)
{
  WatchingParams params = clean;
  Watching watching;
  const Reception *video;
  gint64 joined_us;

  params.has_no_playout_delay = TRUE;
  watching_start (&watching, &params, 20700 * MS);
  joined_us = now_us (&watching);
  watching_run_for (&watching, 5 * SECOND);
  video = peer_reception (watching.peer, WHEP_VIDEO);
  ck_assert_int_gt (reception_get (video, video->first_seq)->received_us,
      joined_us + 1000 * MS);
  assert_behind (&watching, joined_us + GOP_US);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_pause_leaves_the_delay_as_it_was)
{
  Watching watching;
  gint64 resumed_us;

  watching_start (&watching, &clean, 20 * SECOND);
  watching_run_for (&watching, 3 * SECOND);
  whep_viewer_set_paused (watching.viewer, TRUE);
  watching_run_for (&watching, 4 * SECOND);
  whep_viewer_set_paused (watching.viewer, FALSE);
  resumed_us = now_us (&watching);
  watching_run_for (&watching, 5 * SECOND);
  assert_times_never_go_back (&watching, WHEP_VIDEO);
  assert_times_never_go_back (&watching, WHEP_AUDIO);
  assert_behind (&watching, resumed_us + CATCH_UP_US);
  watching_clear (&watching);
}
GST_END_TEST;

/* The rest of what it published is seen first. */
GST_START_TEST (a_viewer_waits_for_its_publisher_as_long_as_a_live_one)
{
  Watching watching;
  gint64 linger_us = whep_stream_default_limits.linger_us;

  watching_start (&watching, &clean, 20 * SECOND);
  watching_run_for (&watching, 3 * SECOND);
  camera_stop (&watching.camera, now_us (&watching));
  watching_run_for (&watching, DELAY_US + linger_us - SECOND);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_PLAYING);
  ck_assert_uint_eq (watching_made_index (&watching, WHEP_VIDEO,
                         peer_reception (watching.peer, WHEP_VIDEO)
                             ->highest_seq) +
          1,
      camera_n_made (&watching.camera, WHEP_VIDEO));
  watching_run_for (&watching, 2 * SECOND);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_CLOSED);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_returns_is_seen_after_the_delay)
{
  Watching watching;
  const Reception *video;
  guint64 before;
  gint64 returned_us;

  watching_start (&watching, &clean, 20 * SECOND);
  watching_run_for (&watching, 3 * SECOND);
  camera_stop (&watching.camera, now_us (&watching));
  watching_run_for (&watching, 4 * SECOND);
  returned_us = now_us (&watching);
  camera_start (&watching.camera, 12345, returned_us);
  video = peer_reception (watching.peer, WHEP_VIDEO);
  before = video->highest_seq;
  watching_run_for (&watching, 20 * SECOND);
  ck_assert_int_ge (reception_get (video, before + 1)->received_us,
      returned_us + DELAY_US);
  ck_assert_int_le (reception_get (video, before + 1)->received_us,
      returned_us + DELAY_US + SLACK_US);
  assert_times_never_go_back (&watching, WHEP_VIDEO);
  assert_behind (&watching, returned_us + DELAY_US + CATCH_UP_US);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_stream_that_has_just_begun_is_seen_after_the_delay)
{
  Watching watching;
  gint64 from_us = NETWORK_START_US + DELAY_US;

  watching_start (&watching, &clean, 2 * SECOND);
  watching_run_for (&watching, from_us - MS - now_us (&watching));
  ck_assert (!peer_reception (watching.peer, WHEP_VIDEO)->has_started);
  watching_run_for (&watching, 5 * SECOND);
  assert_behind (&watching, from_us + CATCH_UP_US);
  watching_clear (&watching);
}
GST_END_TEST;

/* It would see nothing as long as the stream has that rate. */
GST_START_TEST (a_viewer_whose_delay_is_not_kept_is_closed_to_ask_for_another)
{
  WatchingParams params = clean;
  Watching watching;

  params.kept_bytes = 1024 * 1024;
  watching_start (&watching, &params, 0);
  watching_run_for (&watching, 2 * SECOND);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_PLAYING);
  watching_run_for (&watching, DELAY_US);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_CLOSED);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (what_is_kept_does_not_delay_a_live_viewer)
{
  WatchingParams params = clean;
  Watching watching;

  params.delay_us = 0;
  watching_start (&watching, &params, 20700 * MS);
  watching_run_for (&watching, SECOND);
  assert_all_arrived (&watching, WHEP_AUDIO);
  assert_live (&watching);
  watching_clear (&watching);
}
GST_END_TEST;

static Suite *
delayed_suite (void)
{
  Suite *suite = suite_create ("delayed");
  TCase *tcase = tcase_create ("delayed");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_viewer_starts_behind_live_and_stays_there);
  tcase_add_test (tcase, the_sound_is_as_late_as_the_picture);
  tcase_add_loop_test (tcase, losses_are_repaired_at_any_delay, 0,
      G_N_ELEMENTS (lossy));
  tcase_add_test (tcase, a_lost_picture_is_back_at_the_same_delay);
  tcase_add_test (tcase, a_slow_viewer_jumps_and_keeps_its_delay);
  tcase_add_test (tcase,
      a_viewer_that_waits_for_key_frames_starts_with_the_next);
  tcase_add_test (tcase, a_pause_leaves_the_delay_as_it_was);
  tcase_add_test (tcase,
      a_viewer_waits_for_its_publisher_as_long_as_a_live_one);
  tcase_add_test (tcase, a_publisher_that_returns_is_seen_after_the_delay);
  tcase_add_test (tcase, a_stream_that_has_just_begun_is_seen_after_the_delay);
  tcase_add_test (tcase,
      a_viewer_whose_delay_is_not_kept_is_closed_to_ask_for_another);
  tcase_add_test (tcase, what_is_kept_does_not_delay_a_live_viewer);
  return suite;
}

GST_CHECK_MAIN (delayed);
