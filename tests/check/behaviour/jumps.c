/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Wherever a viewer's cursor jumps to, the sequence numbers that its sender has
 * assigned still map to the same packets, times increase, and requests for
 * rewinds do not make a viewer receive more than the limit. */

#include "tests/support/sending.h"

#include <gst/check/gstcheck.h>

/* The last number that was sent maps to the newest packet of the log. */
static void
assert_last_is_repaired_as_it_was (void)
{
  guint n_sent = sending.sent->len;
  guint16 lost = sending_at (n_sent - 1)->seq;

  ck_assert_uint_eq (sending_at (n_sent - 1)->rtp_time,
      777 + (sending.n_frames - 1) * SENDING_FRAME_TIME);
  whep_sender_repair (&sending.sender, sending.track, &lost, 1, sending.now_us);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, n_sent + 1);
  sending_assert_same (sending_at (n_sent), sending_at (n_sent - 1));
}

/* The pacer stops the pump between two frames, and then there is a key frame to
 * jump to. */
GST_START_TEST (a_paced_jump_is_made_once_the_pacer_allows_it)
{
  sending.packets_per_frame = 1;
  for (guint i = 0; i < 26; i++)
    sending_publish (i == 0);
  sending_pump ();
  ck_assert (sending.sender.is_paced);
  sending_publish (TRUE);
  sending.now_us -= SENDING_FRAME_US;
  sending_pump ();
  ck_assert_uint_eq (sending.sender.n_skips, 0);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sender.n_skips, 1);
  sending_assert_order ();
  assert_last_is_repaired_as_it_was ();
}
GST_END_TEST;

GST_START_TEST (a_jump_that_finds_the_outbox_full_is_made_once_there_is_room)
{
  WhepSenderPath path = { sending.srtp, &(WhepAddress){ .remote_port = 1 },
    sending.out };

  sending_publish_live (3, 1000);
  for (guint i = 0; i < 20; i++)
    sending_publish (i == 19);
  sending.out->size = WHEP_OUTBOX_BYTES;
  for (guint i = 0; i < 3; i++)
    ck_assert (!whep_sender_pump (&sending.sender, sending.track,
        &sending.pacer, &path, sending.now_us));
  ck_assert_uint_eq (sending.sender.n_skips, 0);
  whep_outbox_flush (sending.out);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sender.n_skips, 1);
  ck_assert_uint_eq (sending.sent->len, 8);
  sending_assert_order ();
  assert_last_is_repaired_as_it_was ();
}
GST_END_TEST;

/* The publisher returns with another codec. Its rendition, which the viewer
 * follows from then on, is in a separate log with other places. */
GST_START_TEST (a_packet_of_another_log_is_not_repaired_from_this_one)
{
  WhepStream *stream = sending.stream;
  guint16 lost[10];

  sending_publish_live (5, 1000);
  for (guint i = 0; i < G_N_ELEMENTS (lost); i++)
    lost[i] = sending_at (i)->seq;
  whep_sender_repair (&sending.sender, sending.track, lost, 1, sending.now_us);
  whep_stream_begin_track (stream, WHEP_VIDEO, 2, "VP9", 90000);
  whep_stream_offer_rendition (stream, 2, "H264");
  whep_stream_begin_track (stream, WHEP_RENDITION, 2, "H264", 90000);
  sending.track = &stream->tracks[WHEP_RENDITION];
  whep_sender_repair (&sending.sender, sending.track, &lost[1], 1,
      sending.now_us);
  sending_publish_live (5, 1000);
  ck_assert_uint_eq (sending.sent->len, 20);
  sending_assert_order ();

  g_array_set_size (sending.sent, 0);
  whep_sender_repair (&sending.sender, sending.track, lost, G_N_ELEMENTS (lost),
      sending.now_us);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 0);
  ck_assert_uint_eq (sending.sender.n_rewinds, 0);
}
GST_END_TEST;

/* After a pause, nothing is sent again that was sent before it. */
GST_START_TEST (a_viewer_catches_up_after_a_pause_within_a_gop)
{
  sending_publish_live (100, 1000);
  for (guint i = 0; i < 50; i++)
    sending_publish (FALSE);
  whep_sender_resume (&sending.sender, sending.track);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 300);
  ck_assert_uint_eq (sending_at (299)->rtp_time,
      777 + 149 * SENDING_FRAME_TIME);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_pause_across_a_key_frame_continues_with_it)
{
  sending_publish_live (10, 1000);
  for (guint i = 0; i < 5; i++)
    sending_publish (i == 3);
  whep_sender_resume (&sending.sender, sending.track);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 20 + 4);
  ck_assert_uint_eq (sending_at (20)->rtp_time, 777 + 13 * SENDING_FRAME_TIME);
  sending_assert_order ();
}
GST_END_TEST;

/* A GOP with more frames than there are units of RTP time until the next
 * frame. */
GST_START_TEST (times_increase_after_a_replay_without_enough_time)
{
  whep_log_free (sending.track->log);
  sending.track->log = whep_log_new (1 << 24, 1000 * G_USEC_PER_SEC);
  sending_publish_live (4000, 10000);
  whep_sender_rewind (&sending.sender, sending.track, sending.now_us);
  ck_assert_uint_eq (sending.sender.n_rewinds, 1);
  sending_pump_all ();
  sending_publish_live (1, 1000);
  sending_publish_live (5, 1000);
  sending_assert_order ();
}
GST_END_TEST;

/* The viewer requests a key frame after each of the next @n frames. */
static void
ask_for_keys (guint n, guint gop)
{
  for (guint i = 0; i < n; i++) {
    sending_publish (sending.n_frames % gop == 0);
    sending_pump_all ();
    whep_sender_rewind (&sending.sender, sending.track, sending.now_us);
    sending_pump_all ();
  }
}

/* With a key frame every second, a viewer gets it as often as it may ask. */
GST_START_TEST (a_short_gop_is_replayed_as_often_as_requested)
{
  sending_publish_live (30, 30);
  ask_for_keys (300, 30);
  ck_assert_uint_ge (sending.sender.n_rewinds, 15);
}
GST_END_TEST;

GST_START_TEST (the_first_lost_picture_is_restored_at_once_in_any_gop)
{
  sending_publish_live (440, 10000);
  whep_sender_rewind (&sending.sender, sending.track, sending.now_us);
  ck_assert_uint_eq (sending.sender.n_rewinds, 1);
}
GST_END_TEST;

/* 2.4 Mbit/s with a key frame every 14 seconds: 4 MB. */
GST_START_TEST (rewinds_over_a_long_gop_are_no_more_than_what_is_sent)
{
  const guint gop = 420, n_frames = 5 * gop;
  guint64 n_first, n_again;

  sending.packets_per_frame = 10;
  sending_publish_live (gop, gop);
  ask_for_keys (n_frames, gop);
  n_first = (guint64) sending.n_frames * 10 * SENDING_PAYLOAD_BYTES;
  n_again = sending.sender.n_bytes - n_first;
  ck_assert_uint_ge (sending.sender.n_rewinds, 5);
  ck_assert_uint_le (n_again,
      n_first + WHEP_SENDER_REWIND_BYTES +
          (guint64) gop * 10 * SENDING_PAYLOAD_BYTES);
}
GST_END_TEST;

static Suite *
jumps_suite (void)
{
  Suite *suite = suite_create ("jumps");
  TCase *tcase = tcase_create ("jumps");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, sending_setup, sending_teardown);
  tcase_add_test (tcase, a_paced_jump_is_made_once_the_pacer_allows_it);
  tcase_add_test (tcase,
      a_jump_that_finds_the_outbox_full_is_made_once_there_is_room);
  tcase_add_test (tcase, a_packet_of_another_log_is_not_repaired_from_this_one);
  tcase_add_test (tcase, a_viewer_catches_up_after_a_pause_within_a_gop);
  tcase_add_test (tcase, a_pause_across_a_key_frame_continues_with_it);
  tcase_add_test (tcase, times_increase_after_a_replay_without_enough_time);
  tcase_add_test (tcase, a_short_gop_is_replayed_as_often_as_requested);
  tcase_add_test (tcase, the_first_lost_picture_is_restored_at_once_in_any_gop);
  tcase_add_test (tcase, rewinds_over_a_long_gop_are_no_more_than_what_is_sent);
  return suite;
}

GST_CHECK_MAIN (jumps);
