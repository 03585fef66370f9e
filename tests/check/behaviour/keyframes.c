/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a viewer is sent that takes key frames only, and then all frames again,
 * packet by packet in virtual time. */

#include "tests/support/sending.h"

#include <gst/check/gstcheck.h>

static void
take (WhepCursorTakes takes)
{
  sending.sender.cursor.takes = takes;
}

static void
publish (guint n)
{
  for (guint i = 0; i < n; i++) {
    sending_publish (FALSE);
    sending_pump_all ();
  }
}

/* A late one, too, and without playout-delay. */
GST_START_TEST (a_viewer_of_key_frames_gets_these_and_nothing_else)
{
  sending_begin_viewer (__i__ == 0 ? 0 : SENDING_PLAYOUT_DELAY_ID);
  take (WHEP_CURSOR_KEYS);
  for (guint i = 0; i < 90; i++)
    sending_publish (i % 60 == 0);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 2);
  sending_publish_live (180, 60);
  ck_assert_uint_eq (sending.sent->len, 4 * 2);
  ck_assert_uint_eq (sending_at (2)->rtp_time - sending_at (1)->rtp_time,
      30 * SENDING_FRAME_TIME);
  ck_assert_uint_eq (sending_at (4)->rtp_time - sending_at (3)->rtp_time,
      60 * SENDING_FRAME_TIME);
  ck_assert_uint_eq (sending.sender.n_thinned, 0);
  ck_assert_uint_eq (sending.sender.n_skips, 0);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_viewer_that_wants_all_frames_again_gets_them_from_the_backlog)
{
  take (WHEP_CURSOR_KEYS);
  sending_publish_live (40, 60);
  ck_assert_uint_eq (sending.sent->len, 2);
  take (WHEP_CURSOR_ALL);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 40 * 2);
  publish (5);
  ck_assert_uint_eq (sending.sent->len, 45 * 2);
  ck_assert_uint_eq (sending_at (89)->rtp_time, 777 + 44 * SENDING_FRAME_TIME);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_viewer_that_changes_its_mind_is_sent_nothing_twice)
{
  sending_publish_live (20, 60);
  for (guint i = 0; i < 10; i++) {
    take (WHEP_CURSOR_KEYS);
    publish (2);
    ck_assert_uint_eq (sending.sent->len, (20 + 2 * i) * 2);
    take (WHEP_CURSOR_ALL);
    sending_pump_all ();
    ck_assert_uint_eq (sending.sent->len, (22 + 2 * i) * 2);
  }
  ck_assert_uint_eq (sending.sender.n_packets, sending.n_frames * 2);
  ck_assert_uint_eq (sending.sender.n_rewinds, 0);
  sending_assert_order ();
}
GST_END_TEST;

/* What was left out of a former GOP is not worth having. */
GST_START_TEST (a_viewer_that_wants_all_frames_skips_to_a_newer_key_frame)
{
  sending_publish_live (10, 60);
  take (WHEP_CURSOR_KEYS);
  publish (5);
  sending_publish (TRUE);
  sending_publish (FALSE);
  take (WHEP_CURSOR_ALL);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 12 * 2);
  ck_assert_uint_eq (sending_at (20)->rtp_time, 777 + 15 * SENDING_FRAME_TIME);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (without_playout_delay_all_frames_begin_with_a_key_frame)
{
  sending_begin_viewer (0);
  take (WHEP_CURSOR_KEYS);
  sending_publish_live (40, 60);
  take (WHEP_CURSOR_ALL);
  publish (5);
  ck_assert_uint_eq (sending.sent->len, 2);
  sending_publish_live (5, 60);
  ck_assert_uint_eq (sending.sent->len, 6 * 2);
  sending_assert_order ();
}
GST_END_TEST;

/* Its browser asks when nothing has come for three seconds. */
GST_START_TEST (a_viewer_of_key_frames_rewinds_for_a_loss_and_not_for_a_wait)
{
  take (WHEP_CURSOR_KEYS);
  sending_publish_live (10, 60);
  whep_sender_rewind (&sending.sender, sending.track, sending.now_us);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sender.n_rewinds, 1);
  ck_assert_uint_eq (sending.sent->len, 2 * 2);
  publish (90);
  whep_sender_rewind (&sending.sender, sending.track, sending.now_us);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sender.n_rewinds, 1);
  ck_assert_uint_eq (sending.sent->len, 2 * 2);
  sending_publish (TRUE);
  sending_pump_all ();
  take (WHEP_CURSOR_ALL);
  publish (10);
  ck_assert_uint_eq (sending.sent->len, 13 * 2);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_lost_key_frame_is_repaired_for_a_viewer_of_key_frames)
{
  guint16 lost;
  Sent first;

  take (WHEP_CURSOR_KEYS);
  sending_publish_live (80, 60);
  first = *sending_at (3);
  lost = first.seq;
  whep_sender_repair (&sending.sender, sending.track, &lost, 1, sending.now_us);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 5);
  sending_assert_same (sending_at (4), &first);
}
GST_END_TEST;

/* Audio, whose packets all are key frames. */
GST_START_TEST (a_viewer_that_takes_nothing_resumes_live)
{
  WhepSenderParams params = sending.sender.params;

  sending.packets_per_frame = 1;
  whep_sender_init (&sending.sender, WHEP_AUDIO, &params, sending.now_us);
  take (WHEP_CURSOR_NOTHING);
  sending_publish_live (10, 1);
  ck_assert_uint_eq (sending.sent->len, 0);
  take (WHEP_CURSOR_ALL);
  sending_publish_live (10, 1);
  ck_assert_uint_eq (sending.sent->len, 10);
  take (WHEP_CURSOR_NOTHING);
  sending_publish_live (10, 1);
  take (WHEP_CURSOR_ALL);
  sending_publish_live (10, 1);
  ck_assert_uint_eq (sending.sent->len, 20);
  ck_assert_uint_eq (sending_at (10)->rtp_time - sending_at (9)->rtp_time,
      11 * SENDING_FRAME_TIME);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_new_publisher_is_followed_by_its_key_frames)
{
  take (WHEP_CURSOR_KEYS);
  sending_publish_live (10, 60);
  sending_begin_publisher (5);
  sending_publish_live (70, 60);
  ck_assert_uint_eq (sending.sent->len, 3 * 2);
  take (WHEP_CURSOR_ALL);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 12 * 2);
  sending_assert_order ();
}
GST_END_TEST;

static Suite *
keyframes_suite (void)
{
  Suite *suite = suite_create ("keyframes");
  TCase *tcase = tcase_create ("keyframes");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, sending_setup, sending_teardown);
  tcase_add_loop_test (tcase,
      a_viewer_of_key_frames_gets_these_and_nothing_else, 0, 2);
  tcase_add_test (tcase,
      a_viewer_that_wants_all_frames_again_gets_them_from_the_backlog);
  tcase_add_test (tcase, a_viewer_that_changes_its_mind_is_sent_nothing_twice);
  tcase_add_test (tcase,
      a_viewer_that_wants_all_frames_skips_to_a_newer_key_frame);
  tcase_add_test (tcase,
      without_playout_delay_all_frames_begin_with_a_key_frame);
  tcase_add_test (tcase,
      a_viewer_of_key_frames_rewinds_for_a_loss_and_not_for_a_wait);
  tcase_add_test (tcase,
      a_lost_key_frame_is_repaired_for_a_viewer_of_key_frames);
  tcase_add_test (tcase, a_viewer_that_takes_nothing_resumes_live);
  tcase_add_test (tcase, a_new_publisher_is_followed_by_its_key_frames);
  return suite;
}

GST_CHECK_MAIN (keyframes);
