/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is told of a stream's viewers. */

#include "ext/whep/http/api.h"

#include <gst/check/gstcheck.h>

#define ID "abcdefghijklmnopqrstuvwxyzABCDE"

static WhepMediaStats media_stats;
static WhepSessionTable *sessions;

static void
setup (void)
{
  const WhepViewerStats stats = { .n_packets = 10,
    .n_bytes = 1000,
    .n_retransmitted = 2,
    .n_nacks = 3,
    .n_plis = 1,
    .n_jumps = 4,
    .n_thinned = 5,
    .fraction_lost = 64,
    .round_trip_us = 1500 };
  const WhepViewerStats nothing = { 0 };

  whep_media_stats_init (&media_stats);
  whep_media_stats_add_viewer (&media_stats, "one", &stats);
  whep_media_stats_add_viewer (&media_stats, "two", &nothing);
  whep_media_stats_add_viewer (&media_stats, "three", &stats);
  whep_media_stats_add_viewer (&media_stats, "gone", &stats);
  sessions = whep_session_table_new ();
  whep_session_table_add (sessions, ID "1", "one", "live/cam", "theirs", "");
  whep_session_table_add (sessions, ID "2", "two", "live/cam", "theirs", "");
  whep_session_table_add (sessions, ID "3", "three", "live/other", "theirs",
      "");
}

static void
teardown (void)
{
  whep_session_table_free (sessions);
  whep_media_stats_clear (&media_stats);
}

GST_START_TEST (each_viewer_of_the_stream_is_told_of)
{
  g_autofree gchar *json =
      whep_api_viewers (&media_stats, sessions, "live/cam");

  ck_assert_str_eq (json,
      "[{\"viewer\":\"one\",\"packets\":10,\"bytes\":1000,"
      "\"retransmitted\":2,\"nacked\":3,\"key_frame_requests\":1,"
      "\"jumps\":4,\"thinning\":\"all\",\"thinned\":5,"
      "\"lost_percent\":25,\"round_trip_us\":1500},"
      "{\"viewer\":\"two\",\"packets\":0,\"bytes\":0,\"retransmitted\":0,"
      "\"nacked\":0,\"key_frame_requests\":0,\"jumps\":0,"
      "\"thinning\":\"all\",\"thinned\":0,\"lost_percent\":0}]");
}
GST_END_TEST;

GST_START_TEST (nobody_watches_a_stream_that_nobody_knows)
{
  g_autofree gchar *json = whep_api_viewers (&media_stats, sessions, "live/x");

  ck_assert_str_eq (json, "[]");
}
GST_END_TEST;

static Suite *
api_suite (void)
{
  Suite *suite = suite_create ("api");
  TCase *tcase = tcase_create ("api");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, each_viewer_of_the_stream_is_told_of);
  tcase_add_test (tcase, nobody_watches_a_stream_that_nobody_knows);
  return suite;
}

GST_CHECK_MAIN (api);
