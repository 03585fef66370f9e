/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one viewer is sent of one track, packet by packet in virtual time. */

#include "ext/whep/viewer/sender.h"

#include <gst/check/gstcheck.h>

#define FRAME_US 33333
#define FRAME_TIME 3000
#define PACKETS_PER_FRAME 2
#define FIRST_SEQ 30000
#define PLAYOUT_DELAY_ID 5

static const WhepAddress VIEWER = { .remote_ip = { 1 }, .remote_port = 1000 };

typedef struct
{
  guint16 seq;
  guint32 rtp_time;
  gboolean is_marked;
} Sent;

static WhepStream *stream;
static WhepTrack *track;
static WhepSender sender;
static WhepPacer pacer;
static WhepOutbox *out;
static WhepSrtp *srtp;
static GArray *sent;
static gint64 now_us;
static guint32 publisher_time;
static guint n_frames;

static void
begin_publisher (guint32 first_rtp_time)
{
  whep_stream_begin_track (stream, WHEP_VIDEO, 1, "H264", 90000);
  publisher_time = first_rtp_time;
}

/* The viewer's end: with or without playout-delay. */
static void
begin_viewer (guint8 playout_delay_id)
{
  WhepSenderParams params = {
    .media = { .is_accepted = TRUE,
        .encoding_name = "H264",
        .pt = 108,
        .clock_rate = 90000,
        .playout_delay_id = playout_delay_id },
    .ssrc = 0x1234,
    .first_seq = FIRST_SEQ,
    .first_rtp_time = 777,
  };

  whep_sender_init (&sender, WHEP_VIDEO, &params, now_us);
  whep_pacer_init (&pacer, now_us);
}

static void
setup (void)
{
  WhepSrtpKey key = { { 1 }, { 2 } };

  stream = whep_stream_new ("live/cam");
  track = &stream->tracks[WHEP_VIDEO];
  out = whep_outbox_new ();
  srtp = whep_srtp_new (WHEP_SRTP_AEAD_AES_128_GCM, &key);
  sent = g_array_new (FALSE, FALSE, sizeof (Sent));
  now_us = 1000000;
  n_frames = 0;
  begin_publisher (4000000000u);
  begin_viewer (PLAYOUT_DELAY_ID);
}

static void
teardown (void)
{
  g_array_unref (sent);
  whep_srtp_free (srtp);
  whep_outbox_free (out);
  whep_stream_free (stream);
}

/* The next frame comes, a frame's duration after the last. */
static void
publish (gboolean is_key)
{
  now_us += FRAME_US;
  for (guint i = 0; i < PACKETS_PER_FRAME; i++) {
    WhepPacket *packet = whep_packet_new (1000);

    packet->media_us = now_us;
    packet->rtp_time = publisher_time;
    packet->frame = n_frames;
    packet->is_marked = i == PACKETS_PER_FRAME - 1;
    packet->starts_key_frame = is_key && i == 0;
    packet->is_droppable = !is_key && n_frames % 2 == 1;
    whep_log_add (track->log, packet);
  }
  publisher_time += FRAME_TIME;
  n_frames++;
}

static void
read_outbox (void)
{
  for (guint i = 0; i < out->n_runs; i++) {
    const WhepRun *run = &out->runs[i];

    for (gsize at = 0; at < run->size; at += run->segment_size) {
      const guint8 *rtp = out->bytes + run->offset + at;
      Sent one = { GST_READ_UINT16_BE (rtp + 2), GST_READ_UINT32_BE (rtp + 4),
        rtp[1] >> 7 };

      ck_assert_uint_eq (rtp[1] & 0x7f, 108);
      g_array_append_val (sent, one);
    }
  }
  whep_outbox_flush (out);
}

static void
pump (void)
{
  WhepSenderPath path = { srtp, &VIEWER, out };

  while (!whep_sender_pump (&sender, track, &pacer, &path, now_us))
    read_outbox ();
  read_outbox ();
}

/* Lets time pass until the pacer has let all go. */
static void
pump_all (void)
{
  pump ();
  for (guint i = 0; sender.is_paced; i++) {
    ck_assert_uint_lt (i, 10000);
    now_us = whep_pacer_deadline_us (&pacer);
    pump ();
  }
}

static void
publish_live (guint n, guint gop)
{
  for (guint i = 0; i < n; i++) {
    publish (i % gop == 0);
    pump_all ();
  }
}

static const Sent *
at (guint index)
{
  ck_assert_uint_lt (index, sent->len);
  return &g_array_index (sent, Sent, index);
}

static void
assert_same (const Sent *a, const Sent *b)
{
  ck_assert_uint_eq (a->seq, b->seq);
  ck_assert_uint_eq (a->rtp_time, b->rtp_time);
  ck_assert_int_eq (a->is_marked, b->is_marked);
}

/* Contiguous numbers; times that never go back and stand still only within a
 * frame. */
static void
assert_order (void)
{
  for (guint i = 1; i < sent->len; i++) {
    gint32 step = at (i)->rtp_time - at (i - 1)->rtp_time;

    ck_assert_uint_eq (at (i)->seq, (guint16) (at (i - 1)->seq + 1));
    if (at (i - 1)->is_marked)
      ck_assert_msg (step > 0, "packet %u: time step %d", i, step);
    else
      ck_assert_int_eq (step, 0);
  }
}

GST_START_TEST (a_viewer_starts_with_its_own_numbers_and_times)
{
  publish_live (3, 100);
  ck_assert_uint_eq (sent->len, 6);
  ck_assert_uint_eq (at (0)->seq, FIRST_SEQ);
  ck_assert_uint_eq (at (0)->rtp_time, 777);
  ck_assert_uint_eq (at (5)->rtp_time, 777 + 2 * FRAME_TIME);
  assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_late_viewer_gets_the_gop_with_its_true_times)
{
  for (guint i = 0; i < 100; i++)
    publish (i == 0);
  pump_all ();
  ck_assert_uint_eq (sent->len, 200);
  ck_assert_uint_eq (at (199)->rtp_time, 777 + 99 * FRAME_TIME);
  assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_late_viewer_without_playout_delay_waits_for_a_key_frame)
{
  begin_viewer (0);
  for (guint i = 0; i < 100; i++)
    publish (i == 0);
  pump_all ();
  ck_assert_uint_eq (sent->len, 0);
  publish (TRUE);
  pump_all ();
  ck_assert_uint_eq (sent->len, 2);
}
GST_END_TEST;

GST_START_TEST (a_viewer_waits_for_a_key_frame_that_is_near)
{
  for (guint i = 0; i < 119; i++)
    publish (i % 60 == 0);
  pump_all ();
  ck_assert_uint_eq (sent->len, 0);
  publish (TRUE);
  pump_all ();
  ck_assert_uint_eq (sent->len, 2);
  assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_near_key_frame_that_does_not_come_is_not_waited_for)
{
  for (guint i = 0; i < 119; i++)
    publish (i % 60 == 0);
  pump_all ();
  ck_assert_uint_eq (sent->len, 0);
  publish (FALSE);
  pump_all ();
  ck_assert_uint_eq (sent->len, 0);
  publish (FALSE);
  pump_all ();
  ck_assert_uint_eq (sent->len, 61 * 2);
  assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_far_key_frame_is_not_waited_for)
{
  for (guint i = 0; i < 110; i++)
    publish (i % 60 == 0);
  pump_all ();
  ck_assert_uint_eq (sent->len, 50 * 2);
}
GST_END_TEST;

GST_START_TEST (no_rewind_when_a_key_frame_is_near)
{
  publish_live (118, 60);
  whep_sender_rewind (&sender, track, now_us);
  ck_assert_uint_eq (sender.n_rewinds, 0);
}
GST_END_TEST;

GST_START_TEST (a_track_of_another_codec_is_not_sent)
{
  whep_stream_begin_track (stream, WHEP_VIDEO, 1, "H265", 90000);
  publish_live (3, 100);
  ck_assert_uint_eq (sent->len, 0);
}
GST_END_TEST;

GST_START_TEST (a_repair_is_the_same_packet_again)
{
  guint16 lost[] = { FIRST_SEQ + 3, (guint16) (FIRST_SEQ + 7) };
  Sent first, second;

  publish_live (10, 100);
  first = *at (3);
  second = *at (7);
  g_array_set_size (sent, 0);

  whep_sender_repair (&sender, track, lost, G_N_ELEMENTS (lost), now_us);
  pump_all ();
  ck_assert_uint_eq (sent->len, 2);
  assert_same (at (0), &first);
  assert_same (at (1), &second);
  ck_assert_uint_eq (sender.n_repaired, 2);
}
GST_END_TEST;

GST_START_TEST (numbers_that_were_never_sent_are_not_repaired)
{
  guint16 wild[] = { FIRST_SEQ - 1, FIRST_SEQ + 100, 5000 };

  publish_live (3, 100);
  g_array_set_size (sent, 0);
  whep_sender_repair (&sender, track, wild, G_N_ELEMENTS (wild), now_us);
  pump_all ();
  ck_assert_uint_eq (sent->len, 0);
  ck_assert_uint_eq (sender.n_rewinds, 0);
}
GST_END_TEST;

GST_START_TEST (a_rewind_sends_the_gop_again_within_the_time_that_is_left)
{
  guint32 live;

  publish_live (150, 1000);
  live = at (299)->rtp_time;
  whep_sender_rewind (&sender, track, now_us + 5000);
  pump_all ();
  ck_assert_uint_eq (sent->len, 600);
  ck_assert_uint_le (at (599)->rtp_time, live + FRAME_TIME / 2);
  assert_order ();

  publish_live (5, 1000);
  ck_assert_uint_eq (at (609)->rtp_time, live + 5 * FRAME_TIME);
  assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_repair_inside_a_rewind_has_the_squeezed_time)
{
  guint16 lost;
  Sent first;

  publish_live (50, 1000);
  whep_sender_rewind (&sender, track, now_us);
  pump_all ();
  first = *at (150);
  lost = first.seq;
  whep_sender_repair (&sender, track, &lost, 1, now_us);
  pump_all ();
  assert_same (at (200), &first);
}
GST_END_TEST;

GST_START_TEST (rewinds_are_rare_and_settle_older_losses)
{
  guint16 lost = FIRST_SEQ + 1;

  publish_live (10, 1000);
  whep_sender_rewind (&sender, track, now_us);
  whep_sender_rewind (&sender, track, now_us + WHEP_SENDER_REWIND_US - 1);
  ck_assert_uint_eq (sender.n_rewinds, 1);
  pump_all ();
  g_array_set_size (sent, 0);

  whep_sender_repair (&sender, track, &lost, 1, now_us);
  pump_all ();
  ck_assert_uint_eq (sent->len, 0);
  whep_sender_rewind (&sender, track, now_us + WHEP_SENDER_REWIND_US);
  ck_assert_uint_eq (sender.n_rewinds, 2);
}
GST_END_TEST;

GST_START_TEST (nothing_is_replayed_once_the_publisher_is_gone)
{
  publish_live (10, 1000);
  whep_stream_end_track (stream, WHEP_VIDEO, track->publisher);
  whep_sender_rewind (&sender, track, now_us);
  ck_assert_uint_eq (sender.n_rewinds, 0);
}
GST_END_TEST;

GST_START_TEST (nothing_is_replayed_while_the_publisher_sends_nothing)
{
  publish_live (10, 1000);
  whep_sender_rewind (&sender, track, now_us + 3 * G_USEC_PER_SEC);
  ck_assert_uint_eq (sender.n_rewinds, 0);
  publish_live (1, 1000);
  whep_sender_rewind (&sender, track, now_us + G_USEC_PER_SEC);
  ck_assert_uint_eq (sender.n_rewinds, 1);
}
GST_END_TEST;

GST_START_TEST (a_loss_that_the_log_has_dropped_is_answered_by_a_rewind)
{
  guint16 lost = FIRST_SEQ;

  publish_live (100, 60);
  ck_assert (whep_log_get (track->log, 0) == NULL);
  whep_sender_repair (&sender, track, &lost, 1, now_us);
  ck_assert_uint_eq (sender.n_rewinds, 1);
  pump_all ();
  assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_new_publisher_goes_on_where_the_old_one_stopped)
{
  guint32 last;

  publish_live (10, 1000);
  last = at (19)->rtp_time;
  now_us += 2 * G_USEC_PER_SEC - FRAME_US;
  begin_publisher (5);
  publish_live (10, 1000);
  ck_assert_uint_eq (sent->len, 40);
  ck_assert_uint_eq (at (20)->rtp_time, last + 2 * 90000);
  assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_new_publisher_is_followed_from_its_first_key_frame)
{
  publish_live (10, 1000);
  begin_publisher (5);
  publish (FALSE);
  pump_all ();
  ck_assert_uint_eq (sent->len, 20);
  publish (TRUE);
  pump_all ();
  ck_assert_uint_eq (sent->len, 22);
  assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_viewer_that_was_too_slow_jumps_to_the_newest_key_frame)
{
  publish_live (3, 1000);
  for (guint i = 0; i < 300; i++)
    publish (i % 100 == 99);
  pump_all ();
  ck_assert_uint_eq (sent->len, 6 + 2);
  ck_assert_uint_eq (at (6)->rtp_time, 777 + 302 * FRAME_TIME);
  assert_order ();
}
GST_END_TEST;

/* The viewer reports heavy loss until it is sent less. */
static void
lose_until (WhepThinningLevel level)
{
  for (guint i = 0; sender.thinning.level != level; i++) {
    ck_assert_uint_lt (i, 100);
    whep_sender_read_loss (&sender, 255, now_us + i * G_USEC_PER_SEC);
  }
}

GST_START_TEST (a_lossy_viewer_is_spared_what_no_frame_refers_to)
{
  guint16 lost;

  publish_live (2, 1000);
  g_array_set_size (sent, 0);
  lose_until (WHEP_THINNING_REFERENCES);
  publish_live (9, 1000);
  /* Frames 2, 4, …, 10; the first is a key frame of its own. */
  ck_assert_uint_eq (sent->len, 5 * 2);
  ck_assert_uint_eq (sender.n_thinned, 4);
  for (guint i = 2; i < sent->len; i += 2)
    ck_assert_uint_eq (at (i)->rtp_time - at (i - 1)->rtp_time, 2 * FRAME_TIME);
  assert_order ();

  lost = at (7)->seq;
  whep_sender_repair (&sender, track, &lost, 1, now_us);
  pump_all ();
  assert_same (at (10), at (7));
}
GST_END_TEST;

GST_START_TEST (a_viewer_that_loses_still_more_gets_key_frames_alone)
{
  publish_live (5, 1000);
  g_array_set_size (sent, 0);
  lose_until (WHEP_THINNING_KEYS);
  publish_live (300, 60);
  ck_assert_uint_eq (sent->len, 5 * 2);
  for (guint i = 2; i < sent->len; i += 2)
    ck_assert_uint_eq (at (i)->rtp_time - at (i - 1)->rtp_time,
        60 * FRAME_TIME);
  assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_viewer_whose_network_mends_gets_all_again)
{
  lose_until (WHEP_THINNING_KEYS);
  publish_live (60, 60);
  for (guint i = 0; i < 20; i++)
    whep_sender_read_loss (&sender, 0, now_us + (30 + i) * G_USEC_PER_SEC);
  ck_assert_int_eq (sender.thinning.level, WHEP_THINNING_NONE);
  g_array_set_size (sent, 0);
  publish_live (60, 60);
  ck_assert_uint_eq (sent->len, 60 * 2);
  assert_order ();
}
GST_END_TEST;

GST_START_TEST (audio_is_never_thinned)
{
  WhepSenderParams params = sender.params;

  whep_sender_init (&sender, WHEP_AUDIO, &params, now_us);
  for (guint i = 0; i < 20; i++)
    whep_sender_read_loss (&sender, 255, now_us + i * G_USEC_PER_SEC);
  ck_assert_int_eq (sender.thinning.level, WHEP_THINNING_NONE);
}
GST_END_TEST;

GST_START_TEST (a_backlog_is_paced)
{
  gint64 start_us;

  for (guint i = 0; i < 400; i++)
    publish (i == 0);
  start_us = now_us;
  pump ();
  ck_assert (sender.is_paced);
  ck_assert_uint_le (sent->len, (WHEP_PACER_BURST_FRAMES + 1) * 2);
  pump_all ();
  ck_assert_uint_eq (sent->len, 800);
  ck_assert_int_ge (now_us - start_us, 950 * 1000);
  assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_report_maps_now_to_the_viewer_s_time)
{
  WhepRtcpReport report = { 0 };

  ck_assert (!whep_sender_report (&sender, track, now_us, &report));
  publish_live (10, 100);
  ck_assert (whep_sender_report (&sender, track, now_us + 100000, &report));
  ck_assert_uint_eq (report.rtp_time, at (19)->rtp_time + 9000);
  ck_assert_uint_eq (report.ssrc, 0x1234);
  ck_assert_uint_eq (report.n_packets, 20);
  ck_assert_uint_eq (report.n_bytes, 20 * 1000);

  begin_publisher (99);
  ck_assert (!whep_sender_report (&sender, track, now_us, &report));
}
GST_END_TEST;

static Suite *
sender_suite (void)
{
  Suite *suite = suite_create ("sender");
  TCase *tcase = tcase_create ("sender");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, a_viewer_starts_with_its_own_numbers_and_times);
  tcase_add_test (tcase, a_late_viewer_gets_the_gop_with_its_true_times);
  tcase_add_test (tcase,
      a_late_viewer_without_playout_delay_waits_for_a_key_frame);
  tcase_add_test (tcase, a_viewer_waits_for_a_key_frame_that_is_near);
  tcase_add_test (tcase, a_near_key_frame_that_does_not_come_is_not_waited_for);
  tcase_add_test (tcase, a_far_key_frame_is_not_waited_for);
  tcase_add_test (tcase, no_rewind_when_a_key_frame_is_near);
  tcase_add_test (tcase, a_track_of_another_codec_is_not_sent);
  tcase_add_test (tcase, a_repair_is_the_same_packet_again);
  tcase_add_test (tcase, numbers_that_were_never_sent_are_not_repaired);
  tcase_add_test (tcase,
      a_rewind_sends_the_gop_again_within_the_time_that_is_left);
  tcase_add_test (tcase, a_repair_inside_a_rewind_has_the_squeezed_time);
  tcase_add_test (tcase, rewinds_are_rare_and_settle_older_losses);
  tcase_add_test (tcase, nothing_is_replayed_once_the_publisher_is_gone);
  tcase_add_test (tcase, nothing_is_replayed_while_the_publisher_sends_nothing);
  tcase_add_test (tcase,
      a_loss_that_the_log_has_dropped_is_answered_by_a_rewind);
  tcase_add_test (tcase, a_new_publisher_goes_on_where_the_old_one_stopped);
  tcase_add_test (tcase,
      a_viewer_that_was_too_slow_jumps_to_the_newest_key_frame);
  tcase_add_test (tcase, a_new_publisher_is_followed_from_its_first_key_frame);
  tcase_add_test (tcase, a_lossy_viewer_is_spared_what_no_frame_refers_to);
  tcase_add_test (tcase, a_viewer_that_loses_still_more_gets_key_frames_alone);
  tcase_add_test (tcase, a_viewer_whose_network_mends_gets_all_again);
  tcase_add_test (tcase, audio_is_never_thinned);
  tcase_add_test (tcase, a_backlog_is_paced);
  tcase_add_test (tcase, a_report_maps_now_to_the_viewer_s_time);
  return suite;
}

GST_CHECK_MAIN (sender);
