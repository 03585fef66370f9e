/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one viewer is sent of one track, packet by packet in virtual time. */

#include "tests/support/sending.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (a_viewer_starts_with_its_own_numbers_and_times)
{
  sending_publish_live (3, 100);
  ck_assert_uint_eq (sending.sent->len, 6);
  ck_assert_uint_eq (sending_at (0)->seq, SENDING_FIRST_SEQ);
  ck_assert_uint_eq (sending_at (0)->rtp_time, 777);
  ck_assert_uint_eq (sending_at (5)->rtp_time, 777 + 2 * SENDING_FRAME_TIME);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_late_viewer_gets_the_gop_with_its_true_times)
{
  for (guint i = 0; i < 100; i++)
    sending_publish (i == 0);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 200);
  ck_assert_uint_eq (sending_at (199)->rtp_time, 777 + 99 * SENDING_FRAME_TIME);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_late_viewer_without_playout_delay_waits_for_a_key_frame)
{
  sending_begin_viewer (0);
  for (guint i = 0; i < 100; i++)
    sending_publish (i == 0);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 0);
  sending_publish (TRUE);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 2);
}
GST_END_TEST;

GST_START_TEST (a_viewer_waits_for_a_key_frame_that_is_near)
{
  for (guint i = 0; i < 119; i++)
    sending_publish (i % 60 == 0);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 0);
  sending_publish (TRUE);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 2);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_viewer_does_not_wait_for_a_near_key_frame_that_is_missing)
{
  for (guint i = 0; i < 119; i++)
    sending_publish (i % 60 == 0);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 0);
  sending_publish (FALSE);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 0);
  sending_publish (FALSE);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 61 * 2);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_viewer_does_not_wait_for_a_far_key_frame)
{
  for (guint i = 0; i < 110; i++)
    sending_publish (i % 60 == 0);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 50 * 2);
}
GST_END_TEST;

GST_START_TEST (there_is_no_rewind_when_a_key_frame_is_near)
{
  sending_publish_live (118, 60);
  whep_sender_rewind (&sending.sender, sending.track, sending.now_us);
  ck_assert_uint_eq (sending.sender.n_rewinds, 0);
}
GST_END_TEST;

GST_START_TEST (a_track_of_another_codec_is_not_sent)
{
  whep_stream_begin_track (sending.stream, WHEP_VIDEO, 1, "H265", 90000);
  sending_publish_live (3, 100);
  ck_assert_uint_eq (sending.sent->len, 0);
}
GST_END_TEST;

GST_START_TEST (a_repair_is_the_same_packet_again)
{
  guint16 lost[] = { SENDING_FIRST_SEQ + 3, (guint16) (SENDING_FIRST_SEQ + 7) };
  Sent first, second;

  sending_publish_live (10, 100);
  first = *sending_at (3);
  second = *sending_at (7);
  g_array_set_size (sending.sent, 0);

  whep_sender_repair (&sending.sender, sending.track, lost, G_N_ELEMENTS (lost),
      sending.now_us);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 2);
  sending_assert_same (sending_at (0), &first);
  sending_assert_same (sending_at (1), &second);
  ck_assert_uint_eq (sending.sender.n_repaired, 2);
}
GST_END_TEST;

GST_START_TEST (a_repair_in_the_rtx_format_has_a_stream_of_its_own)
{
  WhepSenderParams params = sending.sender.params;
  guint16 lost[] = { SENDING_FIRST_SEQ + 3, SENDING_FIRST_SEQ + 6,
    SENDING_FIRST_SEQ + 8 };

  params.media.rtx_pt = 109;
  params.rtx_ssrc = 0x5678;
  whep_sender_init (&sending.sender, WHEP_VIDEO, &params, sending.now_us);
  sending_publish_live (10, 100);
  whep_sender_repair (&sending.sender, sending.track, lost, G_N_ELEMENTS (lost),
      sending.now_us);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 23);
  for (guint i = 0; i < G_N_ELEMENTS (lost); i++) {
    const Sent *first = sending_at (lost[i] - SENDING_FIRST_SEQ),
               *again = sending_at (20 + i);

    ck_assert_uint_eq (again->pt, 109);
    ck_assert_uint_eq (again->ssrc, 0x5678);
    ck_assert_uint_eq (again->seq, SENDING_FIRST_SEQ + i);
    ck_assert_uint_eq (again->rtp_time, first->rtp_time);
    ck_assert_int_eq (again->is_marked, first->is_marked);
    ck_assert_uint_eq (again->size, first->size + WHEP_RTX_PREFIX);
  }
}
GST_END_TEST;

/* Plain and in the RTX format, video and audio, in one NACK or in many. */
GST_START_TEST (one_number_is_repaired_once_per_round_trip)
{
  WhepSenderParams params = sending.sender.params;
  WhepTrackKind kind = __i__ & 1 ? WHEP_AUDIO : WHEP_VIDEO;
  guint16 lost[WHEP_RTCP_NACK_MAX];

  params.media.rtx_pt = __i__ & 2 ? 109 : 0;
  whep_sender_init (&sending.sender, kind, &params, sending.now_us);
  sending_publish_live (10, 100);
  g_array_set_size (sending.sent, 0);
  for (guint i = 0; i < G_N_ELEMENTS (lost); i++)
    lost[i] = SENDING_FIRST_SEQ + 3;
  for (guint i = 0; i < 10; i++) {
    whep_sender_repair (&sending.sender, sending.track, lost,
        G_N_ELEMENTS (lost), sending.now_us);
    sending_pump_all ();
  }
  ck_assert_uint_eq (sending.sent->len, 1);
  ck_assert_uint_eq (sending.sender.repairs.n_asked, 1);

  sending.now_us += WHEP_REPAIRS_DEFAULT_US;
  whep_sender_repair (&sending.sender, sending.track, lost, 1, sending.now_us);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 2);
}
GST_END_TEST;

/* Each number is requested once per round trip, for ten seconds. */
GST_START_TEST (repairs_are_no_more_than_what_is_sent)
{
  guint64 n_bytes_first;

  sending_publish_live (20, 1000);
  for (guint i = 0; i < 300; i++) {
    guint16 lost[100];

    for (guint k = 0; k < G_N_ELEMENTS (lost); k++)
      lost[k] = sending.sender.rewrite.next_seq - k;
    sending.now_us += WHEP_REPAIRS_DEFAULT_US - SENDING_FRAME_US;
    sending_publish (FALSE);
    whep_sender_repair (&sending.sender, sending.track, lost,
        G_N_ELEMENTS (lost), sending.now_us);
    sending_pump_all ();
  }
  n_bytes_first = sending.sender.n_packets * 1000;
  ck_assert_uint_gt (sending.sender.n_repaired, 300);
  ck_assert_uint_le (sending.sender.n_bytes, 2 * n_bytes_first);
}
GST_END_TEST;

GST_START_TEST (audio_is_not_paced_but_its_repairs_count)
{
  WhepSenderParams params = sending.sender.params;
  guint16 lost[50];
  gint64 n_left;

  whep_sender_init (&sending.sender, WHEP_AUDIO, &params, sending.now_us);
  sending_publish_live (100, 1);
  ck_assert_int_eq (sending.pacer.bytes, WHEP_PACER_BURST_BYTES);
  for (guint i = 0; i < G_N_ELEMENTS (lost); i++)
    lost[i] = SENDING_FIRST_SEQ + 150 + i;
  whep_sender_repair (&sending.sender, sending.track, lost, G_N_ELEMENTS (lost),
      sending.now_us);
  n_left = sending.pacer.bytes;
  sending_pump ();
  ck_assert_uint_eq (sending.sender.n_repaired, G_N_ELEMENTS (lost));
  ck_assert_int_eq (sending.pacer.bytes, n_left - 50 * 1000);
}
GST_END_TEST;

GST_START_TEST (numbers_that_were_never_sent_are_not_repaired)
{
  guint16 wild[] = { SENDING_FIRST_SEQ - 1, SENDING_FIRST_SEQ + 100, 5000 };

  sending_publish_live (3, 100);
  g_array_set_size (sending.sent, 0);
  whep_sender_repair (&sending.sender, sending.track, wild, G_N_ELEMENTS (wild),
      sending.now_us);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 0);
  ck_assert_uint_eq (sending.sender.n_rewinds, 0);
}
GST_END_TEST;

GST_START_TEST (a_rewind_sends_the_gop_again_within_the_time_that_is_left)
{
  guint32 live;

  sending_publish_live (150, 1000);
  live = sending_at (299)->rtp_time;
  whep_sender_rewind (&sending.sender, sending.track, sending.now_us + 5000);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 600);
  ck_assert_uint_le (sending_at (599)->rtp_time, live + SENDING_FRAME_TIME / 2);
  sending_assert_order ();

  sending_publish_live (5, 1000);
  ck_assert_uint_eq (sending_at (609)->rtp_time, live + 5 * SENDING_FRAME_TIME);
  sending_assert_order ();
}
GST_END_TEST;

/* B-frames are displayed before a frame that precedes them. */
GST_START_TEST (a_viewer_that_reorders_gets_true_times_in_a_rewind_as_well)
{
  guint32 first;

  sending.sender.params.rtp_epoch_us = sending.now_us - 100 * G_USEC_PER_SEC;
  sending_publish_live (50, 1000);
  first = sending_at (0)->rtp_time;
  ck_assert_uint_ge (first, 100 * 90000);
  ck_assert_uint_le (first, 101 * 90000);
  whep_sender_rewind (&sending.sender, sending.track, sending.now_us);
  sending_pump_all ();
  sending_publish_live (5, 1000);
  ck_assert_uint_eq (sending.sender.n_rewinds, 1);
  ck_assert_uint_eq (sending.sent->len, 210);
  for (guint i = 0; i < 210; i++) {
    guint frame = i < 100 ? i / 2 : (i - 100) / 2;

    ck_assert_uint_eq (sending_at (i)->rtp_time,
        first + frame * SENDING_FRAME_TIME);
    ck_assert_uint_eq (sending_at (i)->seq, SENDING_FIRST_SEQ + i);
  }
}
GST_END_TEST;

GST_START_TEST (a_repair_inside_a_rewind_has_the_squeezed_time)
{
  guint16 lost;
  Sent first;

  sending_publish_live (50, 1000);
  whep_sender_rewind (&sending.sender, sending.track, sending.now_us);
  sending_pump_all ();
  first = *sending_at (150);
  lost = first.seq;
  whep_sender_repair (&sending.sender, sending.track, &lost, 1, sending.now_us);
  sending_pump_all ();
  sending_assert_same (sending_at (200), &first);
}
GST_END_TEST;

GST_START_TEST (rewinds_are_limited_and_settle_older_losses)
{
  guint16 lost = SENDING_FIRST_SEQ + 1;

  sending_publish_live (10, 1000);
  whep_sender_rewind (&sending.sender, sending.track, sending.now_us);
  whep_sender_rewind (&sending.sender, sending.track,
      sending.now_us + WHEP_SENDER_REWIND_US - 1);
  ck_assert_uint_eq (sending.sender.n_rewinds, 1);
  sending_pump_all ();
  g_array_set_size (sending.sent, 0);

  whep_sender_repair (&sending.sender, sending.track, &lost, 1, sending.now_us);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 0);
  whep_sender_rewind (&sending.sender, sending.track,
      sending.now_us + WHEP_SENDER_REWIND_US);
  ck_assert_uint_eq (sending.sender.n_rewinds, 2);
}
GST_END_TEST;

GST_START_TEST (nothing_is_replayed_once_the_publisher_is_gone)
{
  sending_publish_live (10, 1000);
  whep_stream_end_track (sending.stream, WHEP_VIDEO, sending.track->publisher,
      sending.now_us);
  whep_sender_rewind (&sending.sender, sending.track, sending.now_us);
  ck_assert_uint_eq (sending.sender.n_rewinds, 0);
}
GST_END_TEST;

GST_START_TEST (nothing_is_replayed_while_the_publisher_sends_nothing)
{
  sending_publish_live (10, 1000);
  whep_sender_rewind (&sending.sender, sending.track,
      sending.now_us + 3 * G_USEC_PER_SEC);
  ck_assert_uint_eq (sending.sender.n_rewinds, 0);
  sending_publish_live (1, 1000);
  whep_sender_rewind (&sending.sender, sending.track,
      sending.now_us + G_USEC_PER_SEC);
  ck_assert_uint_eq (sending.sender.n_rewinds, 1);
}
GST_END_TEST;

GST_START_TEST (a_loss_that_the_log_has_dropped_is_answered_by_a_rewind)
{
  guint16 lost = SENDING_FIRST_SEQ;

  sending_publish_live (100, 60);
  ck_assert (whep_log_get (sending.track->log, 0) == NULL);
  whep_sender_repair (&sending.sender, sending.track, &lost, 1, sending.now_us);
  ck_assert_uint_eq (sending.sender.n_rewinds, 1);
  sending_pump_all ();
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_new_publisher_continues_the_numbers_and_times_of_the_old_one)
{
  guint32 last;

  sending_publish_live (10, 1000);
  last = sending_at (19)->rtp_time;
  sending.now_us += 2 * G_USEC_PER_SEC - SENDING_FRAME_US;
  sending_begin_publisher (5);
  sending_publish_live (10, 1000);
  ck_assert_uint_eq (sending.sent->len, 40);
  ck_assert_uint_eq (sending_at (20)->rtp_time, last + 2 * 90000);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_new_publisher_is_followed_from_its_first_key_frame)
{
  sending_publish_live (10, 1000);
  sending_begin_publisher (5);
  sending_publish (FALSE);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 20);
  sending_publish (TRUE);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 22);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_viewer_that_was_too_slow_jumps_to_the_newest_key_frame)
{
  sending_publish_live (3, 1000);
  for (guint i = 0; i < 300; i++)
    sending_publish (i % 100 == 99);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 6 + 2);
  ck_assert_uint_eq (sending_at (6)->rtp_time, 777 + 302 * SENDING_FRAME_TIME);
  sending_assert_order ();
}
GST_END_TEST;

/* The viewer reports heavy loss until thinning reaches @level. */
static void
lose_until (WhepThinningLevel level)
{
  for (guint i = 0; sending.sender.thinning.level != level; i++) {
    ck_assert_uint_lt (i, 100);
    whep_sender_read_loss (&sending.sender, 255,
        sending.now_us + i * G_USEC_PER_SEC);
  }
}

GST_START_TEST (a_lossy_viewer_is_not_sent_unreferenced_frames)
{
  guint16 lost;

  sending_publish_live (2, 1000);
  g_array_set_size (sending.sent, 0);
  lose_until (WHEP_THINNING_REFERENCES);
  sending_publish_live (9, 1000);
  /* Frames 2, 4, …, 10; the first one is a key frame of its own. */
  ck_assert_uint_eq (sending.sent->len, 5 * 2);
  ck_assert_uint_eq (sending.sender.n_thinned, 4);
  for (guint i = 2; i < sending.sent->len; i += 2)
    ck_assert_uint_eq (sending_at (i)->rtp_time - sending_at (i - 1)->rtp_time,
        2 * SENDING_FRAME_TIME);
  sending_assert_order ();

  lost = sending_at (7)->seq;
  whep_sender_repair (&sending.sender, sending.track, &lost, 1, sending.now_us);
  sending_pump_all ();
  sending_assert_same (sending_at (10), sending_at (7));
}
GST_END_TEST;

GST_START_TEST (a_viewer_with_still_more_loss_gets_only_key_frames)
{
  sending_publish_live (5, 1000);
  g_array_set_size (sending.sent, 0);
  lose_until (WHEP_THINNING_KEYS);
  sending_publish_live (300, 60);
  ck_assert_uint_eq (sending.sent->len, 5 * 2);
  for (guint i = 2; i < sending.sent->len; i += 2)
    ck_assert_uint_eq (sending_at (i)->rtp_time - sending_at (i - 1)->rtp_time,
        60 * SENDING_FRAME_TIME);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_viewer_whose_network_recovers_gets_all_frames_again)
{
  lose_until (WHEP_THINNING_KEYS);
  sending_publish_live (60, 60);
  for (guint i = 0; i < 20; i++)
    whep_sender_read_loss (&sending.sender, 0,
        sending.now_us + (30 + i) * G_USEC_PER_SEC);
  ck_assert_int_eq (sending.sender.thinning.level, WHEP_THINNING_NONE);
  g_array_set_size (sending.sent, 0);
  sending_publish_live (60, 60);
  ck_assert_uint_eq (sending.sent->len, 60 * 2);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_key_frame_marked_as_droppable_is_sent)
{
  WhepPacket *packet;

  sending_publish_live (2, 1000);
  lose_until (WHEP_THINNING_REFERENCES);
  sending_publish (TRUE);
  packet = (WhepPacket *) whep_log_get (sending.track->log,
      whep_log_head (sending.track->log) - 2);
  packet->is_droppable = TRUE;
  sending_pump_all ();
  ck_assert_uint_eq (sending.sender.n_thinned, 0);
  ck_assert_uint_eq (sending.sent->len, 3 * 2);
}
GST_END_TEST;

GST_START_TEST (audio_is_never_thinned)
{
  WhepSenderParams params = sending.sender.params;

  whep_sender_init (&sending.sender, WHEP_AUDIO, &params, sending.now_us);
  for (guint i = 0; i < 20; i++)
    whep_sender_read_loss (&sending.sender, 255,
        sending.now_us + i * G_USEC_PER_SEC);
  ck_assert_int_eq (sending.sender.thinning.level, WHEP_THINNING_NONE);
}
GST_END_TEST;

GST_START_TEST (a_backlog_is_paced)
{
  gint64 start_us;

  for (guint i = 0; i < 400; i++)
    sending_publish (i == 0);
  start_us = sending.now_us;
  sending_pump ();
  ck_assert (sending.sender.is_paced);
  ck_assert_uint_le (sending.sent->len, (WHEP_PACER_BURST_FRAMES + 1) * 2);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 800);
  ck_assert_int_ge (sending.now_us - start_us, 950 * 1000);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_report_maps_now_to_the_viewer_s_time)
{
  WhepRtcpReport report = { 0 };

  ck_assert (!whep_sender_report (&sending.sender, sending.track,
      sending.now_us, &report));
  sending_publish_live (10, 100);
  ck_assert (whep_sender_report (&sending.sender, sending.track,
      sending.now_us + 100000, &report));
  ck_assert_uint_eq (report.rtp_time, sending_at (19)->rtp_time + 9000);
  ck_assert_uint_eq (report.ssrc, 0x1234);
  ck_assert_uint_eq (report.n_packets, 20);
  ck_assert_uint_eq (report.n_bytes, 20 * 1000);

  sending_begin_publisher (99);
  ck_assert (!whep_sender_report (&sending.sender, sending.track,
      sending.now_us, &report));
}
GST_END_TEST;

GST_START_TEST (live_frames_are_traced_and_a_backlog_is_not)
{
  for (guint i = 0; i < 100; i++)
    sending_publish (i == 0);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 200);
  ck_assert_uint_eq (sending.n_traced, 0);

  sending_publish (FALSE);
  sending_publish (FALSE);
  sending_pump_all ();
  ck_assert_uint_eq (sending.n_traced, 2);

  sending.now_us += G_USEC_PER_SEC;
  whep_sender_rewind (&sending.sender, sending.track, sending.now_us);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 204 + 204);
  ck_assert_uint_eq (sending.n_traced, 2);
}
GST_END_TEST;

static Suite *
sender_suite (void)
{
  Suite *suite = suite_create ("sender");
  TCase *tcase = tcase_create ("sender");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, sending_setup, sending_teardown);
  tcase_add_test (tcase, a_viewer_starts_with_its_own_numbers_and_times);
  tcase_add_test (tcase, a_late_viewer_gets_the_gop_with_its_true_times);
  tcase_add_test (tcase,
      a_late_viewer_without_playout_delay_waits_for_a_key_frame);
  tcase_add_test (tcase, a_viewer_waits_for_a_key_frame_that_is_near);
  tcase_add_test (tcase,
      a_viewer_does_not_wait_for_a_near_key_frame_that_is_missing);
  tcase_add_test (tcase, a_viewer_does_not_wait_for_a_far_key_frame);
  tcase_add_test (tcase, there_is_no_rewind_when_a_key_frame_is_near);
  tcase_add_test (tcase, a_track_of_another_codec_is_not_sent);
  tcase_add_test (tcase, a_repair_is_the_same_packet_again);
  tcase_add_test (tcase, a_repair_in_the_rtx_format_has_a_stream_of_its_own);
  tcase_add_loop_test (tcase, one_number_is_repaired_once_per_round_trip, 0, 4);
  tcase_add_test (tcase, repairs_are_no_more_than_what_is_sent);
  tcase_add_test (tcase, audio_is_not_paced_but_its_repairs_count);
  tcase_add_test (tcase, numbers_that_were_never_sent_are_not_repaired);
  tcase_add_test (tcase,
      a_rewind_sends_the_gop_again_within_the_time_that_is_left);
  tcase_add_test (tcase,
      a_viewer_that_reorders_gets_true_times_in_a_rewind_as_well);
  tcase_add_test (tcase, a_repair_inside_a_rewind_has_the_squeezed_time);
  tcase_add_test (tcase, rewinds_are_limited_and_settle_older_losses);
  tcase_add_test (tcase, nothing_is_replayed_once_the_publisher_is_gone);
  tcase_add_test (tcase, nothing_is_replayed_while_the_publisher_sends_nothing);
  tcase_add_test (tcase,
      a_loss_that_the_log_has_dropped_is_answered_by_a_rewind);
  tcase_add_test (tcase,
      a_new_publisher_continues_the_numbers_and_times_of_the_old_one);
  tcase_add_test (tcase,
      a_viewer_that_was_too_slow_jumps_to_the_newest_key_frame);
  tcase_add_test (tcase, a_new_publisher_is_followed_from_its_first_key_frame);
  tcase_add_test (tcase, a_lossy_viewer_is_not_sent_unreferenced_frames);
  tcase_add_test (tcase, a_viewer_with_still_more_loss_gets_only_key_frames);
  tcase_add_test (tcase, a_viewer_whose_network_recovers_gets_all_frames_again);
  tcase_add_test (tcase, a_key_frame_marked_as_droppable_is_sent);
  tcase_add_test (tcase, audio_is_never_thinned);
  tcase_add_test (tcase, a_backlog_is_paced);
  tcase_add_test (tcase, a_report_maps_now_to_the_viewer_s_time);
  tcase_add_test (tcase, live_frames_are_traced_and_a_backlog_is_not);
  return suite;
}

GST_CHECK_MAIN (sender);
