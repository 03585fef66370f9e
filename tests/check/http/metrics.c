/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has been counted reads the same to Prometheus, to the application and in
 * the docs. */

#include "ext/whep/gstwhepstats.h"
#include "ext/whep/http/metrics.h"

#include <gst/check/gstcheck.h>

/* 2026-01-02T03:04:05Z */
#define NEW_YEAR_US (G_GINT64_CONSTANT (1767323045) * G_USEC_PER_SEC)
#define ID "abcdefghijklmnopqrstuvwxyzABCDE"

static WhepDirectory *directory;
static WhepSessionTable *sessions;
static WhepMediaStats media_stats;
static WhepOfferCounts *offers;
static WhepReadersStats readers;
static const WhepProcess process = {
  .cpu_s = 12.5,
  .virtual_bytes = 5000000000,
  .resident_bytes = 60000000,
  .n_fds = 30,
  .max_fds = 1024,
  .start_s = 1767323045.25,
};

static void
begin_video (guint64 id, const gchar *stream)
{
  whep_directory_begin_track (directory, id, stream, WHEP_VIDEO, "H264",
      0x42c01f, NEW_YEAR_US);
}

/* Its GOPs are too long, which costs two grades. */
static void
measure_encoder (guint64 id)
{
  const WhepArrivalFigures none = { 0 };
  const WhepUplink uplink = { .is_known = TRUE,
    .figures = { .measured_us = 10 * G_USEC_PER_SEC,
        .gop_us = 10 * G_USEC_PER_SEC } };

  whep_directory_note_arrival (directory, id, &none, &uplink, 0);
}

static void
add_reader (void)
{
  WhepReaderFacts given = { .stream = g_strdup ("live/cam") };
  WhepReaderFacts *facts = whep_reader_facts_new (&given);

  whep_readers_stats_add (&readers, facts, NULL, 0, 0);
  whep_reader_facts_unref (facts);
}

/* Two streams, one with a name that needs escapes; two viewers, one of a stream
 * that has gone; one that has left; and an HTTP reader. */
static void
setup (void)
{
  const WhepViewerStats clean = { .n_packets = 100,
    .n_bytes = 1000,
    .fraction_lost = 64,
    .round_trip_us = 1500,
    .has_sound = TRUE };
  const WhepViewerStats lossy = { .n_packets = 10,
    .n_retransmitted = 2,
    .n_nacks = 3,
    .n_plis = 4,
    .n_jumps = 5,
    .n_thinned = 6,
    .thinning = WHEP_THINNING_KEYS,
    .frames = WHEP_FRAMES_KEY };

  offers = whep_offer_counts_new ();
  whep_offer_counts_add (offers, "no-publisher");
  directory = whep_directory_new ();
  sessions = whep_session_table_new ();
  whep_media_stats_init (&media_stats);
  whep_readers_stats_init (&readers);
  begin_video (1, "live/cam");
  begin_video (2, "live/\"\\\n\xff");
  measure_encoder (1);
  whep_session_table_add (sessions, ID "1", "abcdefgh", "live/cam", "remote",
      "a=ice-lite\r\n");
  whep_session_table_add (sessions, ID "2", "ijklmnop", "live/gone", "remote",
      "a=ice-lite\r\n");
  whep_media_stats_add_viewer (&media_stats, "abcdefgh", &clean);
  whep_media_stats_add_viewer (&media_stats, "ijklmnop", &lossy);
  whep_media_stats_add_gone (&media_stats, &lossy);
  whep_histogram_add (&media_stats.stages[WHEP_STAGE_LOG], 40);
  whep_histogram_add (&media_stats.stages[WHEP_STAGE_LOG], 2000001);
  whep_histogram_add (&media_stats.stages[WHEP_STAGE_SOCKET], 700);
  whep_histogram_add (&media_stats.joins, 150 * 1000);
  whep_histogram_add (&media_stats.joins, 3000 * 1000);
  media_stats.n_dropped[WHEP_DATAGRAM_UNKNOWN] = 7;
  media_stats.n_dropped[WHEP_DATAGRAM_BUSY] = 8;
  media_stats.n_unsent = 9;
  media_stats.mailbox_peak = 10;
  add_reader ();
  readers.n_joined = 11;
  readers.n_bytes = 12000000000;
  readers.n_jumps = 13;
}

static void
teardown (void)
{
  whep_readers_stats_clear (&readers);
  whep_media_stats_clear (&media_stats);
  whep_session_table_free (sessions);
  whep_directory_free (directory);
  whep_offer_counts_free (offers);
}

static gchar *
metrics_text (void)
{
  g_autofree gchar *streams = whep_metrics_of_streams (directory, sessions);
  g_autofree gchar *of_offers = whep_metrics_of_offers (offers);
  g_autofree gchar *viewers = whep_metrics_of_viewers (&media_stats);
  g_autofree gchar *of_readers = whep_metrics_of_readers (&readers);
  g_autofree gchar *of_process = whep_metrics_of_process (&process);

  return g_strconcat (streams, of_offers, viewers, of_readers, of_process,
      NULL);
}

static const gchar *const golden_metrics[] = {
  "# HELP whep_streams Streams that are live.",
  "# TYPE whep_streams gauge",
  "whep_streams 2",
  "# HELP whep_sessions Sessions of viewers, also those whose "
  "publisher is away.",
  "# TYPE whep_sessions gauge",
  "whep_sessions 2",
  "# HELP whep_stream_viewers Sessions of a live stream.",
  "# TYPE whep_stream_viewers gauge",
  "whep_stream_viewers{stream=\"live/\\\"\\\\\\n\xef\xbf\xbd\"} 0",
  "whep_stream_viewers{stream=\"live/cam\"} 1",
  "# HELP whep_stream_start_time_seconds When a live stream began, since 1970.",
  "# TYPE whep_stream_start_time_seconds gauge",
  "whep_stream_start_time_seconds{stream=\"live/\\\"\\\\\\n\xef\xbf\xbd\"} "
  "1767323045",
  "whep_stream_start_time_seconds{stream=\"live/cam\"} 1767323045",
  "# HELP whep_stream_encoder_grade How well the encoder is set: 0 is A, the "
  "best, and 5 is F; none: it has not been measured.",
  "# TYPE whep_stream_encoder_grade gauge",
  "whep_stream_encoder_grade{stream=\"live/cam\"} 2",
  "# HELP whep_offers_total Offers by their result: answered, or the type of "
  "the error.",
  "# TYPE whep_offers_total counter",
  "whep_offers_total{result=\"answered\"} 0",
  "whep_offers_total{result=\"no-publisher\"} 1",
  "# HELP whep_packets_sent_total RTP packets sent to viewers, "
  "without retransmissions.",
  "# TYPE whep_packets_sent_total counter",
  "whep_packets_sent_total 120",
  "# HELP whep_bytes_sent_total Bytes of RTP payload sent to viewers.",
  "# TYPE whep_bytes_sent_total counter",
  "whep_bytes_sent_total 1000",
  "# HELP whep_packets_retransmitted_total RTP packets retransmitted to "
  "viewers.",
  "# TYPE whep_packets_retransmitted_total counter",
  "whep_packets_retransmitted_total 4",
  "# HELP whep_packets_nacked_total RTP packets that viewers reported as lost.",
  "# TYPE whep_packets_nacked_total counter",
  "whep_packets_nacked_total 6",
  "# HELP whep_key_frame_requests_total Key frames that viewers requested.",
  "# TYPE whep_key_frame_requests_total counter",
  "whep_key_frame_requests_total 8",
  "# HELP whep_jumps_total Jumps of viewers to a key frame, "
  "other than their first.",
  "# TYPE whep_jumps_total counter",
  "whep_jumps_total 10",
  "# HELP whep_frames_thinned_total Frames withheld from viewers because of "
  "packet loss.",
  "# TYPE whep_frames_thinned_total counter",
  "whep_frames_thinned_total 12",
  "# HELP whep_thinned_viewers Viewers that are sent fewer frames because of "
  "packet loss.",
  "# TYPE whep_thinned_viewers gauge",
  "whep_thinned_viewers 1",
  "# HELP whep_key_frame_viewers Viewers that have chosen to get key frames "
  "only.",
  "# TYPE whep_key_frame_viewers gauge",
  "whep_key_frame_viewers 1",
  "# HELP whep_sound_viewers Viewers that hear the sound, for which the "
  "picture may wait.",
  "# TYPE whep_sound_viewers gauge",
  "whep_sound_viewers 1",
  "# HELP whep_join_seconds From a viewer's offer until the first packet that "
  "it was sent.",
  "# TYPE whep_join_seconds histogram",
  "whep_join_seconds_bucket{le=\"5e-05\"} 0",
  "whep_join_seconds_bucket{le=\"0.0001\"} 0",
  "whep_join_seconds_bucket{le=\"0.0002\"} 0",
  "whep_join_seconds_bucket{le=\"0.0005\"} 0",
  "whep_join_seconds_bucket{le=\"0.001\"} 0",
  "whep_join_seconds_bucket{le=\"0.002\"} 0",
  "whep_join_seconds_bucket{le=\"0.005\"} 0",
  "whep_join_seconds_bucket{le=\"0.01\"} 0",
  "whep_join_seconds_bucket{le=\"0.02\"} 0",
  "whep_join_seconds_bucket{le=\"0.05\"} 0",
  "whep_join_seconds_bucket{le=\"0.1\"} 0",
  "whep_join_seconds_bucket{le=\"0.2\"} 1",
  "whep_join_seconds_bucket{le=\"0.5\"} 1",
  "whep_join_seconds_bucket{le=\"1\"} 1",
  "whep_join_seconds_bucket{le=\"2\"} 1",
  "whep_join_seconds_bucket{le=\"5\"} 2",
  "whep_join_seconds_bucket{le=\"10\"} 2",
  "whep_join_seconds_bucket{le=\"+Inf\"} 2",
  "whep_join_seconds_sum 3.150000",
  "whep_join_seconds_count 2",
  "# HELP whep_latency_seconds How long live packets took within the gateway.",
  "# TYPE whep_latency_seconds histogram",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"5e-05\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"0.0001\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"0.0002\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"0.0005\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"0.001\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"0.002\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"0.005\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"0.01\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"0.02\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"0.05\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"0.1\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"0.2\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"0.5\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"1\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"2\"} 1",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"5\"} 2",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"10\"} 2",
  "whep_latency_seconds_bucket{stage=\"log\",le=\"+Inf\"} 2",
  "whep_latency_seconds_sum{stage=\"log\"} 2.000041",
  "whep_latency_seconds_count{stage=\"log\"} 2",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"5e-05\"} 0",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"0.0001\"} 0",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"0.0002\"} 0",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"0.0005\"} 0",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"0.001\"} 1",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"0.002\"} 1",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"0.005\"} 1",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"0.01\"} 1",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"0.02\"} 1",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"0.05\"} 1",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"0.1\"} 1",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"0.2\"} 1",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"0.5\"} 1",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"1\"} 1",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"2\"} 1",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"5\"} 1",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"10\"} 1",
  "whep_latency_seconds_bucket{stage=\"socket\",le=\"+Inf\"} 1",
  "whep_latency_seconds_sum{stage=\"socket\"} 0.000700",
  "whep_latency_seconds_count{stage=\"socket\"} 1",
  "# HELP whep_datagrams_dropped_total Datagrams that were dropped before a "
  "viewer was found for them.",
  "# TYPE whep_datagrams_dropped_total counter",
  "whep_datagrams_dropped_total{reason=\"unknown-sender\"} 7",
  "whep_datagrams_dropped_total{reason=\"busy-thread\"} 8",
  "# HELP whep_sends_rejected_total Sends that the kernel rejected, of one "
  "datagram or a run of them.",
  "# TYPE whep_sends_rejected_total counter",
  "whep_sends_rejected_total 9",
  "# HELP whep_mailbox_messages The most messages that a media thread found at "
  "once, in the last second.",
  "# TYPE whep_mailbox_messages gauge",
  "whep_mailbox_messages 10",
  "# HELP whep_http_readers HTTP readers of fragmented MP4, now.",
  "# TYPE whep_http_readers gauge",
  "whep_http_readers 1",
  "# HELP whep_http_readers_joined_total HTTP readers that have joined.",
  "# TYPE whep_http_readers_joined_total counter",
  "whep_http_readers_joined_total 11",
  "# HELP whep_http_reader_bytes_sent_total Bytes sent to HTTP readers, with "
  "the framing of HTTP.",
  "# TYPE whep_http_reader_bytes_sent_total counter",
  "whep_http_reader_bytes_sent_total 12000000000",
  "# HELP whep_http_reader_jumps_total Jumps of HTTP readers to a newer key "
  "frame.",
  "# TYPE whep_http_reader_jumps_total counter",
  "whep_http_reader_jumps_total 13",
  "# HELP process_cpu_seconds_total CPU time of all threads, user and system, "
  "in seconds.",
  "# TYPE process_cpu_seconds_total counter",
  "process_cpu_seconds_total 12.5",
  "# HELP process_resident_memory_bytes Resident memory in bytes.",
  "# TYPE process_resident_memory_bytes gauge",
  "process_resident_memory_bytes 60000000",
  "# HELP process_virtual_memory_bytes Virtual memory in bytes.",
  "# TYPE process_virtual_memory_bytes gauge",
  "process_virtual_memory_bytes 5000000000",
  "# HELP process_open_fds Open file descriptors.",
  "# TYPE process_open_fds gauge",
  "process_open_fds 30",
  "# HELP process_max_fds The limit on open file descriptors.",
  "# TYPE process_max_fds gauge",
  "process_max_fds 1024",
  "# HELP process_start_time_seconds When the process started, since 1970.",
  "# TYPE process_start_time_seconds gauge",
  "process_start_time_seconds 1767323045.25",
  "",
  NULL,
};

GST_START_TEST (metrics_are_what_prometheus_reads)
{
  g_autofree gchar *text = metrics_text ();
  g_autofree gchar *golden = g_strjoinv ("\n", (gchar **) golden_metrics);

  ck_assert_str_eq (text, golden);
}
GST_END_TEST;

/* Without the backslashes that GStreamer adds for each structure within another
 * one. */
static const gchar golden_stats[] =
    "stats, packets=(guint64)120, bytes=(guint64)1000, "
    "retransmitted=(guint64)4, nacked=(guint64)6, "
    "key-frame-requests=(guint64)8, jumps=(guint64)10, thinned=(guint64)12, "
    "log=(structure)\"log, count=(guint64)2, sum=(guint64)2000041000, "
    "p50=(guint64)50000, p99=(guint64)5000000000;\", "
    "socket=(structure)\"socket, count=(guint64)1, sum=(guint64)700000, "
    "p50=(guint64)1000000, p99=(guint64)1000000;\", "
    "join=(structure)\"join, count=(guint64)2, sum=(guint64)3150000000, "
    "p50=(guint64)200000000, p99=(guint64)5000000000;\", "
    "viewers=(structure){ "
    "\"viewer, ufrag=(string)abcdefgh, packets=(guint64)100, "
    "bytes=(guint64)1000, retransmitted=(guint64)0, nacked=(guint64)0, "
    "key-frame-requests=(guint64)0, jumps=(guint64)0, thinning=(string)all, "
    "thinned=(guint64)0, frames=(string)all, sound=(boolean)true, "
    "fraction-lost=(double)0.25, "
    "round-trip=(guint64)1500000;\", "
    "\"viewer, ufrag=(string)ijklmnop, packets=(guint64)10, "
    "bytes=(guint64)0, retransmitted=(guint64)2, nacked=(guint64)3, "
    "key-frame-requests=(guint64)4, jumps=(guint64)5, thinning=(string)keys, "
    "thinned=(guint64)6, frames=(string)key, sound=(boolean)false, "
    "fraction-lost=(double)0, "
    "round-trip=(guint64)0;\" };";

GST_START_TEST (the_property_says_what_the_metrics_say)
{
  GstStructure *stats = gst_whep_stats_new (&media_stats);
  g_autofree gchar *escaped = gst_structure_to_string (stats);
  g_auto (GStrv) parts = g_strsplit (escaped, "\\", -1);
  g_autofree gchar *text = g_strjoinv ("", parts);

  gst_structure_free (stats);
  ck_assert_str_eq (text, golden_stats);
}
GST_END_TEST;

/* All that is said of metrics to people. */
static gchar *
docs_text (void)
{
  static const gchar *const pages[] = { "whep.md", "operations.md" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++) {
    g_autofree gchar *path =
        g_build_filename (g_getenv ("SRC_ROOT"), "docs", pages[i], NULL);
    g_autofree gchar *page = NULL;
    g_autoptr (GError) error = NULL;

    g_file_get_contents (path, &page, NULL, &error);
    g_assert_no_error (error);
    g_string_append (text, page);
  }
  return g_string_free (text, FALSE);
}

/* Returns: what the first group of @pattern matches, as a set. */
static GHashTable *
matches_of (const gchar *pattern, const gchar *text)
{
  GHashTable *found =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_regex_match (regex, text, 0, &match);
  while (g_match_info_matches (match)) {
    g_hash_table_add (found, g_match_info_fetch (match, 1));
    g_match_info_next (match, NULL);
  }
  return found;
}

static void
check_all_are_in (GHashTable *some, GHashTable *all, const gchar *where)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, some);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    ck_assert_msg (g_hash_table_contains (all, name), "%s is not in %s",
        (gchar *) name, where);
}

GST_START_TEST (the_docs_name_each_metric_and_no_other)
{
  g_autofree gchar *text = metrics_text ();
  g_autofree gchar *docs = docs_text ();
  g_autoptr (GHashTable) served = matches_of ("^# TYPE (\\S+) ", text);
  g_autoptr (GHashTable) documented =
      matches_of ("`((?:whep|process)_[a-z_]+)`", docs);

  check_all_are_in (served, documented, "docs/");
  check_all_are_in (documented, served, "/metrics");
}
GST_END_TEST;

GST_START_TEST (each_figure_is_a_metric_and_a_documented_member_of_a_viewer)
{
  g_autofree gchar *text = metrics_text ();
  g_autofree gchar *docs = docs_text ();
  g_autoptr (GHashTable) served = matches_of ("^# TYPE (\\S+) ", text);
  g_autoptr (GHashTable) members = matches_of ("\"([a-z_]+)\": ", docs);

  for (const WhepFigure *figure = whep_media_stats_figures ();
       figure->name != NULL; figure++) {
    g_autofree gchar *member = g_strdelimit (g_strdup (figure->name), "-", '_');

    ck_assert_msg (g_hash_table_contains (served, figure->metric), "%s",
        figure->metric);
    ck_assert_msg (g_hash_table_contains (members, member),
        "\"%s\" is not in docs/", member);
  }
}
GST_END_TEST;

static Suite *
metrics_suite (void)
{
  Suite *suite = suite_create ("metrics");
  TCase *tcase = tcase_create ("metrics");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, metrics_are_what_prometheus_reads);
  tcase_add_test (tcase, the_property_says_what_the_metrics_say);
  tcase_add_test (tcase, the_docs_name_each_metric_and_no_other);
  tcase_add_test (tcase,
      each_figure_is_a_metric_and_a_documented_member_of_a_viewer);
  return suite;
}

GST_CHECK_MAIN (metrics);
