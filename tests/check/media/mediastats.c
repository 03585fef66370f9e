/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What threads have counted is added up; who has left still counts. */

#include "ext/whep/media/mediastats.h"

#include <gst/check/gstcheck.h>

#define NOW_US 1000

static const WhepViewerStats clean = { .n_packets = 100, .n_bytes = 1000 };
static const WhepViewerStats lossy = { .n_packets = 10,
  .n_retransmitted = 2,
  .n_nacks = 3,
  .n_plis = 4,
  .n_jumps = 5,
  .n_thinned = 6,
  .thinning = WHEP_THINNING_KEYS };

static void
add_key_frame (WhepStream *stream, gint64 media_us)
{
  WhepPacket *packet = whep_packet_new (10);

  packet->starts_key_frame = TRUE;
  packet->media_us = media_us;
  whep_log_add (stream->tracks[WHEP_VIDEO].log, packet);
}

GST_START_TEST (who_has_left_still_counts)
{
  WhepMediaStats thread, all;
  WhepViewerStats total;

  whep_media_stats_init (&thread);
  whep_media_stats_init (&all);
  whep_media_stats_add_gone (&thread, &clean);
  whep_media_stats_add_viewer (&thread, "abcdefgh", &lossy);
  whep_media_stats_merge (&all, &thread);
  whep_media_stats_merge (&all, &thread);

  total = whep_media_stats_total (&all);
  ck_assert_uint_eq (all.viewers->len, 2);
  ck_assert_uint_eq (total.n_packets, 220);
  ck_assert_uint_eq (total.n_bytes, 2000);
  ck_assert_uint_eq (total.n_retransmitted, 4);
  ck_assert_uint_eq (total.n_nacks, 6);
  ck_assert_uint_eq (total.n_plis, 8);
  ck_assert_uint_eq (total.n_jumps, 10);
  ck_assert_uint_eq (total.n_thinned, 12);

  whep_media_stats_forget (&thread);
  ck_assert_uint_eq (whep_media_stats_total (&thread).n_packets, 100);
  whep_media_stats_clear (&thread);
  whep_media_stats_clear (&all);
}
GST_END_TEST;

GST_START_TEST (what_threads_have_counted_is_added_up)
{
  WhepMediaStats thread, all;

  whep_media_stats_init (&thread);
  whep_media_stats_init (&all);
  whep_histogram_add (&thread.joins, 5000);
  thread.n_dropped[WHEP_DATAGRAM_UNKNOWN] = 2;
  thread.n_dropped[WHEP_DATAGRAM_BUSY] = 3;
  thread.n_unsent = 4;
  thread.mailbox_peak = 5;
  whep_media_stats_merge (&all, &thread);
  thread.mailbox_peak = 1;
  whep_media_stats_merge (&all, &thread);

  ck_assert_uint_eq (whep_histogram_count (&all.joins), 2);
  ck_assert_uint_eq (all.n_dropped[WHEP_DATAGRAM_UNKNOWN], 4);
  ck_assert_uint_eq (all.n_dropped[WHEP_DATAGRAM_BUSY], 6);
  ck_assert_uint_eq (all.n_unsent, 8);
  ck_assert_uint_eq (all.mailbox_peak, 5);

  whep_media_stats_forget (&all);
  ck_assert_uint_eq (all.mailbox_peak, 5);
  ck_assert_uint_eq (all.n_unsent, 8);
  whep_media_stats_clear (&thread);
  whep_media_stats_clear (&all);
}
GST_END_TEST;

GST_START_TEST (a_stream_says_how_long_its_gops_are)
{
  const WhepStreamLimits limits = { 1024, 10 * G_USEC_PER_SEC, 0 };
  WhepStream *stream = whep_stream_new ("live/cam", &limits, NOW_US);
  WhepMediaStats thread, all;

  whep_media_stats_init (&thread);
  whep_media_stats_init (&all);
  add_key_frame (stream, G_USEC_PER_SEC);
  add_key_frame (stream, 15 * G_USEC_PER_SEC);
  whep_media_stats_add_stream (&thread, stream);
  whep_media_stats_merge (&all, &thread);
  whep_media_stats_merge (&all, &thread);
  ck_assert_uint_eq (all.streams->len, 1);
  ck_assert_int_eq (whep_media_stats_find_stream (&all, "live/cam")->gop_us,
      14 * G_USEC_PER_SEC);
  ck_assert (whep_media_stats_find_stream (&all, "live/cam")->has_key_frame);
  ck_assert (whep_media_stats_find_stream (&all, "live/door") == NULL);

  /* Nothing but the key frame has outgrown the log's limit. */
  whep_log_add (stream->tracks[WHEP_VIDEO].log, whep_packet_new (1020));
  whep_media_stats_forget (&thread);
  whep_media_stats_add_stream (&thread, stream);
  ck_assert (
      !whep_media_stats_find_stream (&thread, "live/cam")->has_key_frame);
  whep_media_stats_clear (&thread);
  whep_media_stats_clear (&all);
  whep_stream_free (stream);
}
GST_END_TEST;

static const WhepFigure *
figure_named (const gchar *name)
{
  const WhepFigure *figure = whep_media_stats_figures ();

  while (g_strcmp0 (figure->name, name) != 0)
    figure++;
  return figure;
}

GST_START_TEST (viewers_are_thinned_while_they_are_there)
{
  WhepMediaStats media_stats;

  whep_media_stats_init (&media_stats);
  whep_media_stats_add_gone (&media_stats, &lossy);
  whep_media_stats_add_viewer (&media_stats, "abcdefgh", &clean);
  whep_media_stats_add_viewer (&media_stats, "ijklmnop", &lossy);
  ck_assert_uint_eq (whep_media_stats_count_viewers (&media_stats,
                         figure_named ("thinning")),
      1);
  ck_assert_uint_eq (whep_media_stats_count_viewers (&media_stats,
                         figure_named ("frames")),
      0);
  ck_assert (
      whep_media_stats_total (&media_stats).thinning == WHEP_THINNING_NONE);
  whep_media_stats_clear (&media_stats);
}
GST_END_TEST;

static Suite *
mediastats_suite (void)
{
  Suite *suite = suite_create ("mediastats");
  TCase *tcase = tcase_create ("mediastats");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, who_has_left_still_counts);
  tcase_add_test (tcase, what_threads_have_counted_is_added_up);
  tcase_add_test (tcase, a_stream_says_how_long_its_gops_are);
  tcase_add_test (tcase, viewers_are_thinned_while_they_are_there);
  return suite;
}

GST_CHECK_MAIN (mediastats);
