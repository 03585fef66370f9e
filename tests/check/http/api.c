/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of streams and of their viewers. */

#include "ext/whep/http/api.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* 2026-01-02T03:04:05Z */
#define NEW_YEAR_US (G_GINT64_CONSTANT (1767323045) * G_USEC_PER_SEC)
#define ID "abcdefghijklmnopqrstuvwxyzABCDE"

static WhepMediaStats media_stats;
static WhepReadersStats readers;
static WhepSessionTable *sessions;
static WhepDirectory *directory;
static WhepApiView view;

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
    .round_trip_us = 1500,
    .has_sound = TRUE };
  const WhepViewerStats nothing = { .frames = WHEP_FRAMES_KEY };

  whep_media_stats_init (&media_stats);
  whep_readers_stats_init (&readers);
  whep_media_stats_add_viewer (&media_stats, "one", &stats);
  whep_media_stats_add_viewer (&media_stats, "two", &nothing);
  whep_media_stats_add_viewer (&media_stats, "three", &stats);
  whep_media_stats_add_viewer (&media_stats, "gone", &stats);
  sessions = whep_session_table_new ();
  whep_session_table_add (sessions, ID "1", "one", "live/cam", "theirs", "");
  whep_session_table_add (sessions, ID "2", "two", "live/cam", "theirs", "");
  whep_session_table_add (sessions, ID "3", "three", "live/other", "theirs",
      "");
  directory = whep_directory_new ();
  view = (WhepApiView){ directory, sessions, &media_stats, &readers, 0 };
}

static void
teardown (void)
{
  whep_directory_free (directory);
  whep_session_table_free (sessions);
  whep_readers_stats_clear (&readers);
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
      "\"frames\":\"all\",\"sound\":true,\"lost_percent\":25,"
      "\"round_trip_us\":1500},"
      "{\"viewer\":\"two\",\"packets\":0,\"bytes\":0,\"retransmitted\":0,"
      "\"nacked\":0,\"key_frame_requests\":0,\"jumps\":0,"
      "\"thinning\":\"all\",\"thinned\":0,\"frames\":\"key\","
      "\"sound\":false,\"lost_percent\":0}]");
}
GST_END_TEST;

GST_START_TEST (nobody_watches_a_stream_that_nobody_knows)
{
  g_autofree gchar *json = whep_api_viewers (&media_stats, sessions, "live/x");

  ck_assert_str_eq (json, "[]");
}
GST_END_TEST;

static gchar *
streams (void)
{
  return whep_api_streams (&view, NULL);
}

static void
begin_video (guint64 id, const gchar *stream)
{
  whep_directory_begin_track (directory, id, stream, WHEP_VIDEO, "H264",
      0x42c01f, NEW_YEAR_US);
}

static void
begin_audio (guint64 id, const gchar *stream)
{
  whep_directory_begin_track (directory, id, stream, WHEP_AUDIO, "OPUS", 0,
      NEW_YEAR_US + G_USEC_PER_SEC);
}

GST_START_TEST (only_visible_streams_are_listed)
{
  g_autoptr (GHashTable) visible = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree gchar *list = NULL;

  begin_video (1, "live/a");
  begin_video (2, "live/b");
  g_hash_table_add (visible, (gpointer) "live/b");
  g_hash_table_add (visible, (gpointer) "live/gone");
  list = whep_api_streams (&view, visible);
  ck_assert (strstr (list, "live/b") != NULL);
  ck_assert (strstr (list, "live/a") == NULL);
  ck_assert (strstr (list, "live/gone") == NULL);
}
GST_END_TEST;

GST_START_TEST (the_list_is_sorted_and_escaped)
{
  g_autofree gchar *empty = streams ();
  g_autofree gchar *list = NULL;

  begin_audio (1, "live/b\"c");
  begin_video (2, "live/a");
  begin_audio (3, "live/a");
  whep_session_table_add (sessions, ID "4", "four", "live/a", "theirs", "");
  list = streams ();

  ck_assert_str_eq (empty, "[]");
  ck_assert_str_eq (list,
      "[{\"name\":\"live/a\",\"live_since\":\"2026-01-02T03:04:05Z\","
      "\"viewers\":1,"
      "\"video\":{\"codec\":\"H264\",\"profile_level_id\":\"42c01f\"},"
      "\"audio\":{\"codec\":\"OPUS\"}},"
      "{\"name\":\"live/b\\\"c\",\"live_since\":\"2026-01-02T03:04:06Z\","
      "\"viewers\":0,\"audio\":{\"codec\":\"OPUS\"}}]");
}
GST_END_TEST;

GST_START_TEST (a_stream_alone_is_described_as_in_the_list)
{
  g_autofree gchar *list = NULL, *alone = NULL, *array = NULL;

  begin_video (1, "live/a");
  list = streams ();
  alone = whep_api_stream (&view, "live/a");
  array = g_strdup_printf ("[%s]", alone);
  ck_assert_str_eq (array, list);
}
GST_END_TEST;

static void
add_reader (const gchar *stream)
{
  WhepReaderFacts given = { .stream = g_strdup (stream) };
  WhepReaderFacts *facts = whep_reader_facts_new (&given);

  whep_readers_stats_add (&readers, facts, NULL, 0, 0);
  whep_reader_facts_unref (facts);
}

GST_START_TEST (http_readers_are_counted_as_viewers)
{
  g_autofree gchar *list = NULL;

  begin_video (1, "live/cam");
  add_reader ("live/cam");
  add_reader ("live/other");
  add_reader ("live/cam");
  list = streams ();
  ck_assert_msg (strstr (list, "\"viewers\":4") != NULL, "%s", list);
}
GST_END_TEST;

static const struct
{
  gint64 gop_us;
  gboolean has_key_frame;
  const gchar *words; /* of video */
} gops[] = {
  { 0, TRUE, "\"profile_level_id\":\"42c01f\"}" },
  { 2000 * 1000, TRUE, "\"gop_ms\":2000}" },
  { 14 * G_USEC_PER_SEC - 1, FALSE,
      "\"gop_ms\":13999,\"waits_for_key_frame\":true,"
      "\"note\":\"GOP of 14 s: new viewers wait for the next key frame\"}" },
  { 0, FALSE,
      "\"waits_for_key_frame\":true,"
      "\"note\":\"no key frame yet: new viewers wait for one\"}" },
};

GST_START_TEST (the_list_says_how_long_who_joins_may_wait)
{
  begin_video (1, "live/cam");
  begin_audio (2, "live/cam");
  for (guint i = 0; i < G_N_ELEMENTS (gops); i++) {
    WhepMediaStatsStream stream = { g_strdup ("live/cam"), gops[i].gop_us,
      gops[i].has_key_frame };
    g_autofree gchar *json = NULL;

    whep_media_stats_forget (&media_stats);
    g_array_append_val (media_stats.streams, stream);
    json = streams ();
    ck_assert_msg (strstr (json, gops[i].words) != NULL, "%s", json);
    ck_assert_msg (strstr (json, "\"audio\":{\"codec\":\"OPUS\"}") != NULL,
        "%s", json);
  }
}
GST_END_TEST;

#define WHY "the reason"

static const struct
{
  gboolean has_begun;
  const gchar *codec;
  const gchar *words;
} faults[] = {
  { FALSE, NULL, "\"video\":{\"unplayable\":\"" WHY "\"}" },
  { FALSE, "VP6", "\"video\":{\"codec\":\"VP6\",\"unplayable\":\"" WHY "\"}" },
  { TRUE, "H.264",
      "\"video\":{\"codec\":\"H264\",\"profile_level_id\":\"42c01f\","
      "\"unplayable\":\"" WHY "\"}" },
};

GST_START_TEST (the_list_says_why_viewers_do_not_get_a_track)
{
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autofree gchar *json = NULL;

    if (faults[i].has_begun)
      begin_video (1, "live/cam");
    whep_directory_note_unplayable (directory, 2, "live/cam", WHEP_VIDEO,
        faults[i].codec, WHY, NEW_YEAR_US);
    json = streams ();
    ck_assert_msg (strstr (json, faults[i].words) != NULL, "%s", json);
  }
}
GST_END_TEST;

GST_START_TEST (the_list_says_what_is_done_with_b_frames)
{
  g_autofree gchar *json = NULL;

  begin_video (1, "live/cam");
  whep_directory_note_b_frames (directory, 1, "transcode", NULL);
  json = streams ();
  ck_assert_msg (strstr (json, "\"b_frames\":\"transcode\"") != NULL, "%s",
      json);
}
GST_END_TEST;

GST_START_TEST (the_list_says_what_converts_a_track)
{
  g_autofree gchar *json = NULL;

  begin_audio (1, "live/cam");
  whep_directory_note_via (directory, 1, "avdec_aac ! opusenc ! rtpopuspay");
  json = streams ();
  ck_assert_msg (strstr (json,
                     "\"audio\":{\"codec\":\"OPUS\","
                     "\"via\":\"avdec_aac ! opusenc ! rtpopuspay\"}") != NULL,
      "%s", json);
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
  tcase_add_test (tcase, only_visible_streams_are_listed);
  tcase_add_test (tcase, the_list_is_sorted_and_escaped);
  tcase_add_test (tcase, a_stream_alone_is_described_as_in_the_list);
  tcase_add_test (tcase, http_readers_are_counted_as_viewers);
  tcase_add_test (tcase, the_list_says_how_long_who_joins_may_wait);
  tcase_add_test (tcase, the_list_says_why_viewers_do_not_get_a_track);
  tcase_add_test (tcase, the_list_says_what_is_done_with_b_frames);
  tcase_add_test (tcase, the_list_says_what_converts_a_track);
  return suite;
}

GST_CHECK_MAIN (api);
