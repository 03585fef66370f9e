/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What threads have counted is added up; who has left still counts. */

#include "ext/whep/media/mediastats.h"

#include <gst/check/gstcheck.h>
#include <string.h>

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
  WhepMediaStatsSums total;

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

GST_START_TEST (metrics_are_what_prometheus_reads)
{
  static const gchar *const lines[] = {
    "# TYPE whep_packets_sent_total counter\nwhep_packets_sent_total 110\n",
    "\nwhep_bytes_sent_total 1000\n",
    "\nwhep_packets_retransmitted_total 2\n",
    "\nwhep_packets_nacked_total 3\n",
    "\nwhep_key_frame_requests_total 4\n",
    "\nwhep_jumps_total 5\n",
    "\nwhep_frames_thinned_total 6\n",
    "# TYPE whep_thinned_viewers gauge\nwhep_thinned_viewers 1\n",
    "# TYPE whep_latency_seconds histogram\n",
    "\nwhep_latency_seconds_bucket{stage=\"log\",le=\"0.001\"} 0\n",
    "\nwhep_latency_seconds_bucket{stage=\"socket\",le=\"0.001\"} 1\n",
    "\nwhep_latency_seconds_sum{stage=\"socket\"} 0.000700\n",
  };
  g_autofree gchar *text = NULL;
  WhepMediaStats media_stats;

  whep_media_stats_init (&media_stats);
  whep_media_stats_add_viewer (&media_stats, "abcdefgh", &clean);
  whep_media_stats_add_viewer (&media_stats, "ijklmnop", &lossy);
  whep_histogram_add (&media_stats.stages[WHEP_STAGE_SOCKET], 700);
  text = whep_media_stats_to_metrics (&media_stats);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    ck_assert_msg (strstr (text, lines[i]) != NULL, "%s in %s", lines[i], text);
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
  tcase_add_test (tcase, a_stream_says_how_long_its_gops_are);
  tcase_add_test (tcase, metrics_are_what_prometheus_reads);
  return suite;
}

GST_CHECK_MAIN (mediastats);
