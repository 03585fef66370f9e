/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The moves of a viewer's cursor as seen by a browser, packet by packet in
 * virtual time: a join, a key frame request, a viewer that falls behind, one
 * whose network loses heavily and recovers. */

#include "tests/support/watchingclaims.h"

#include <gst/check/gstcheck.h>

#define FRAME_TIME (CAMERA_VIDEO_HZ / 30)

static const WatchingParams clean = { .seed = 1, .path = WATCHING_CLEAN };

static guint
made_at (const Watching *watching, guint64 seq)
{
  return watching_made_index (watching, WHEP_VIDEO, seq);
}

static const MadePacket *
made_packet (const Watching *watching, guint64 seq)
{
  return camera_made (&watching->camera, WHEP_VIDEO, made_at (watching, seq));
}

static guint32
rtp_time_at (const Watching *watching, guint64 seq)
{
  return reception_get (peer_reception (watching->peer, WHEP_VIDEO), seq)
      ->rtp_time;
}

/* The time by which the viewer's clock is ahead of the camera's. */
static guint32
offset_at (const Watching *watching, guint64 seq)
{
  return rtp_time_at (watching, seq) - made_packet (watching, seq)->rtp_time;
}

/* Returns: the first packet after @since that is not the one that the camera
 * made after its predecessor. */
static guint64
find_jump (const Watching *watching, guint64 since)
{
  guint64 highest = peer_reception (watching->peer, WHEP_VIDEO)->highest_seq;

  for (guint64 seq = since + 1; seq <= highest; seq++)
    if (made_at (watching, seq) != made_at (watching, seq - 1) + 1)
      return seq;
  ck_abort_msg ("no jump since %u", (guint) since);
}

GST_START_TEST (a_join_gets_everything_since_the_key_frame)
{
  Watching watching;
  const Reception *video;

  watching_start (&watching, &clean, 5700 * MS);
  watching_run_for (&watching, SECOND);
  video = peer_reception (watching.peer, WHEP_VIDEO);
  ck_assert_uint_eq ((guint16) video->first_seq,
      watching.viewer_params.tracks[WHEP_VIDEO].first_seq);
  ck_assert (made_packet (&watching, video->first_seq)->starts_key_frame);
  ck_assert_int_eq (made_packet (&watching, video->first_seq)->media_us,
      NETWORK_START_US + 4 * SECOND);
  assert_unbroken (&watching, WHEP_VIDEO, video->first_seq, video->highest_seq);
  assert_live (&watching);
  ck_assert_uint_eq (watching_stats (&watching).n_jumps, 0);
  watching_clear (&watching);
}
GST_END_TEST;

/* Frames that were seen already share the time that is left until the next
 * frame: each has an equal part of it, within one unit. */
static void
assert_squeezed (const Watching *watching, guint64 from, guint64 to)
{
  guint32 least = G_MAXUINT32, most = 0;

  for (guint64 seq = from + 1; seq <= to; seq++) {
    guint32 step =
        rtp_time_at (watching, seq) - rtp_time_at (watching, seq - 1);

    ck_assert_uint_eq (made_at (watching, seq),
        made_at (watching, seq - 1) + 1);
    if (made_packet (watching, seq - 1)->is_marked) {
      least = MIN (least, step);
      most = MAX (most, step);
    } else {
      ck_assert_uint_eq (step, 0);
    }
  }
  ck_assert_uint_gt (least, 0);
  ck_assert_uint_le (most - least, 1);
}

GST_START_TEST (
    a_viewer_that_requests_a_key_frame_gets_everything_since_the_newest)
{
  Watching watching;
  const Reception *video;
  guint64 asked_at, jump, again;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 5 * SECOND);
  video = peer_reception (watching.peer, WHEP_VIDEO);
  asked_at = video->highest_seq;
  watching_peer_says (&watching, peer_asks_for_key);
  watching_run_for (&watching, 600 * MS);

  jump = find_jump (&watching, asked_at);
  ck_assert (made_packet (&watching, jump)->starts_key_frame);
  ck_assert_int_eq (made_packet (&watching, jump)->media_us,
      NETWORK_START_US + 4 * SECOND);
  /* As many as it had seen, and then the new ones. */
  again = jump + made_at (&watching, jump - 1) - made_at (&watching, jump);
  ck_assert_uint_lt (again, video->highest_seq);
  assert_squeezed (&watching, jump, again);
  ck_assert_uint_eq (rtp_time_at (&watching, jump),
      rtp_time_at (&watching, jump - 1) + 1);
  ck_assert_uint_lt (rtp_time_at (&watching, again) -
          rtp_time_at (&watching, jump - 1),
      FRAME_TIME);
  assert_unbroken (&watching, WHEP_VIDEO, again + 1, video->highest_seq);
  ck_assert_uint_eq (offset_at (&watching, again + 1),
      offset_at (&watching, jump - 1));
  ck_assert_uint_eq (reception_n_missing (video), 0);
  ck_assert_uint_eq (watching_stats (&watching).n_jumps, 1);
  assert_live (&watching);
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_viewer_that_falls_behind_continues_with_the_newest_key_frame)
{
  Watching watching;
  const Reception *video;
  guint64 last, jump;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 3500 * MS);
  video = peer_reception (watching.peer, WHEP_VIDEO);
  watching.is_choked = TRUE;
  watching_run_for (&watching, 3 * SECOND);
  last = video->highest_seq;
  watching.is_choked = FALSE;
  watching_run_for (&watching, SECOND);

  jump = find_jump (&watching, last);
  ck_assert (made_packet (&watching, jump)->starts_key_frame);
  ck_assert (made_packet (&watching, jump - 1)->is_marked);
  ck_assert_int_eq (made_packet (&watching, jump)->media_us,
      NETWORK_START_US + 6 * SECOND);
  assert_unbroken (&watching, WHEP_VIDEO, video->first_seq, jump - 1);
  assert_unbroken (&watching, WHEP_VIDEO, jump, video->highest_seq);
  ck_assert_uint_eq (offset_at (&watching, jump),
      offset_at (&watching, jump - 1));
  ck_assert_uint_eq (reception_n_missing (video), 0);
  ck_assert_uint_ge (watching_stats (&watching).n_jumps, 1);
  assert_on_media_clock (&watching, WHEP_VIDEO);
  assert_on_media_clock (&watching, WHEP_AUDIO);
  assert_live (&watching);
  watching_clear (&watching);
}
GST_END_TEST;

/* The log has dropped the key frame, so there is nothing to start with. */
GST_START_TEST (a_viewer_waits_for_the_end_of_a_gop_longer_than_the_backlog)
{
  const WhepStreamLimits limits = { 100 * 1000, SECOND, 15 * SECOND };
  Watching watching;
  const Reception *video;

  watching_init (&watching, &clean);
  whep_log_free (watching.stream->tracks[WHEP_VIDEO].log);
  watching.stream->tracks[WHEP_VIDEO].log =
      whep_log_new (limits.backlog_bytes, limits.backlog_us);
  camera_start (&watching.camera, CAMERA_RTP_TIME,
      network_now_us (watching.network));
  watching_run_for (&watching, 3500 * MS);
  watching_connect (&watching);
  watching_run_for (&watching, SECOND);

  video = peer_reception (watching.peer, WHEP_VIDEO);
  ck_assert (made_packet (&watching, video->first_seq)->starts_key_frame);
  ck_assert_int_eq (made_packet (&watching, video->first_seq)->media_us,
      NETWORK_START_US + 4 * SECOND);
  assert_all_arrived (&watching, WHEP_AUDIO);
  assert_live (&watching);
  watching_clear (&watching);
}
GST_END_TEST;

/* Repairs hide the losses from its reports, but not from its requests. */
GST_START_TEST (a_lossy_viewer_is_thinned_until_its_network_recovers)
{
  const NetworkPath lossy = { .delay_us = 2 * MS, .loss_permille = 400 };
  Watching watching;
  const Reception *video;
  guint64 n_thinned, mended_at;

  watching_start (&watching, &clean, 0);
  watching_run_for (&watching, 2 * SECOND);
  ck_assert_int_eq (watching_stats (&watching).thinning, WHEP_THINNING_NONE);
  network_set_path (watching.network, watching.viewer_end, &lossy);
  watching_run_for (&watching, 15 * SECOND);
  ck_assert_int_eq (watching_stats (&watching).thinning, WHEP_THINNING_KEYS);
  ck_assert_uint_gt (watching_stats (&watching).n_thinned, 30);

  network_set_path (watching.network, watching.viewer_end, &clean.path);
  watching_run_for (&watching, 40 * SECOND);
  ck_assert_int_eq (watching_stats (&watching).thinning, WHEP_THINNING_NONE);
  ck_assert_uint_eq (watching_stats (&watching).fraction_lost, 0);
  n_thinned = watching_stats (&watching).n_thinned;
  video = peer_reception (watching.peer, WHEP_VIDEO);
  mended_at = video->highest_seq;
  watching_run_for (&watching, 3 * SECOND);
  ck_assert_uint_eq (watching_stats (&watching).n_thinned, n_thinned);
  assert_unbroken (&watching, WHEP_VIDEO, mended_at, video->highest_seq);
  assert_live (&watching);
  watching_clear (&watching);
}
GST_END_TEST;

static Suite *
moves_suite (void)
{
  Suite *suite = suite_create ("moves");
  TCase *tcase = tcase_create ("moves");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_join_gets_everything_since_the_key_frame);
  tcase_add_test (tcase,
      a_viewer_that_requests_a_key_frame_gets_everything_since_the_newest);
  tcase_add_test (tcase,
      a_viewer_that_falls_behind_continues_with_the_newest_key_frame);
  tcase_add_test (tcase,
      a_viewer_waits_for_the_end_of_a_gop_longer_than_the_backlog);
  tcase_add_test (tcase, a_lossy_viewer_is_thinned_until_its_network_recovers);
  return suite;
}

GST_CHECK_MAIN (moves);
