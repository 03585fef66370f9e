/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who is live: tracks that begin, are taken over and end. */

#include "ext/whep/http/directory.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* 2026-01-02T03:04:05Z */
#define NEW_YEAR_US (G_GINT64_CONSTANT (1767323045) * G_USEC_PER_SEC)
#define ID "abcdefghijklmnopqrstuvwxyzABCDE"

/* While the media threads know nothing. */
static gchar *
to_json (const WhepDirectory *directory, const WhepSessionTable *sessions)
{
  WhepMediaStats media_stats;
  gchar *json;

  whep_media_stats_init (&media_stats);
  json = whep_directory_to_json (directory, sessions, &media_stats);
  whep_media_stats_clear (&media_stats);
  return json;
}

static void
begin_video (WhepDirectory *self, guint64 id, const gchar *stream)
{
  whep_directory_begin_track (self, id, stream, WHEP_VIDEO, "H264", 0x42c01f,
      NEW_YEAR_US);
}

static void
begin_audio (WhepDirectory *self, guint64 id, const gchar *stream)
{
  whep_directory_begin_track (self, id, stream, WHEP_AUDIO, "OPUS", 0,
      NEW_YEAR_US + G_USEC_PER_SEC);
}

GST_START_TEST (a_stream_is_live_from_its_first_track_to_its_last)
{
  WhepDirectory *directory = whep_directory_new ();
  const WhepListing *listing;

  ck_assert (whep_directory_find (directory, "live/cam") == NULL);
  begin_video (directory, 1, "live/cam");
  listing = whep_directory_find (directory, "live/cam");
  ck_assert (listing != NULL);
  ck_assert (listing->tracks[WHEP_AUDIO].encoding_name == NULL);
  begin_audio (directory, 2, "live/cam");
  ck_assert (whep_directory_find (directory, "live/cam") == listing);
  ck_assert (listing->since_us == NEW_YEAR_US);
  whep_directory_end_track (directory, 1);
  ck_assert (listing->tracks[WHEP_VIDEO].encoding_name == NULL);
  ck_assert_str_eq (listing->tracks[WHEP_AUDIO].encoding_name, "OPUS");
  whep_directory_end_track (directory, 2);
  ck_assert (whep_directory_find (directory, "live/cam") == NULL);
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (who_takes_over_is_not_ended_by_who_was_there)
{
  WhepDirectory *directory = whep_directory_new ();

  begin_video (directory, 1, "live/cam");
  begin_video (directory, 2, "live/cam");
  whep_directory_end_track (directory, 1);
  ck_assert (whep_directory_find (directory, "live/cam") != NULL);
  whep_directory_end_track (directory, 2);
  ck_assert (whep_directory_find (directory, "live/cam") == NULL);
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (facts_of_a_track_may_change)
{
  WhepDirectory *directory = whep_directory_new ();
  const WhepListing *listing;

  begin_video (directory, 1, "live/cam");
  whep_directory_begin_track (directory, 1, "live/cam", WHEP_VIDEO, "H264",
      0x640028, NEW_YEAR_US);
  listing = whep_directory_find (directory, "live/cam");
  ck_assert_uint_eq (listing->tracks[WHEP_VIDEO].profile_level_id, 0x640028);
  whep_directory_end_track (directory, 1);
  ck_assert (whep_directory_find (directory, "live/cam") == NULL);
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (b_frames_are_listed_until_the_track_ends)
{
  WhepDirectory *directory = whep_directory_new ();
  WhepSessionTable *sessions = whep_session_table_new ();
  g_autofree gchar *with = NULL;
  g_autofree gchar *without = NULL;

  begin_video (directory, 1, "live/a");
  whep_directory_note_b_frames (directory, 1, "transcode");
  whep_directory_note_b_frames (directory, 7, "drop");
  begin_video (directory, 1, "live/a");
  with = to_json (directory, sessions);
  ck_assert (strstr (with, "\"b_frames\":\"transcode\"") != NULL);
  begin_video (directory, 2, "live/a");
  without = to_json (directory, sessions);
  ck_assert (strstr (without, "b_frames") == NULL);
  whep_session_table_free (sessions);
  whep_directory_free (directory);
}
GST_END_TEST;

#define WHY "the reason"

static void
note (WhepDirectory *self, guint64 id, WhepTrackKind kind, const gchar *codec)
{
  whep_directory_note_unplayable (self, id, "live/cam", kind, codec, WHY,
      NEW_YEAR_US);
}

GST_START_TEST (a_track_that_viewers_do_not_get_is_listed_with_its_reason)
{
  WhepDirectory *directory = whep_directory_new ();
  WhepSessionTable *sessions = whep_session_table_new ();
  g_autofree gchar *alone = NULL;
  g_autofree gchar *beside = NULL;
  g_autofree gchar *mended = NULL;

  note (directory, 1, WHEP_VIDEO, NULL);
  alone = to_json (directory, sessions);
  ck_assert (strstr (alone, "\"video\":{\"unplayable\":\"" WHY "\"}") != NULL);
  begin_audio (directory, 2, "live/cam");
  note (directory, 3, WHEP_VIDEO, "VP6");
  whep_directory_end_track (directory, 1);
  beside = to_json (directory, sessions);
  ck_assert (strstr (beside,
                 "\"video\":{\"codec\":\"VP6\","
                 "\"unplayable\":\"" WHY "\"}") != NULL);
  begin_video (directory, 4, "live/cam");
  mended = to_json (directory, sessions);
  ck_assert (strstr (mended, "unplayable") == NULL);
  whep_session_table_free (sessions);
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (a_track_that_began_may_become_unplayable)
{
  WhepDirectory *directory = whep_directory_new ();
  WhepSessionTable *sessions = whep_session_table_new ();
  g_autofree gchar *json = NULL;

  begin_video (directory, 1, "live/cam");
  note (directory, 2, WHEP_VIDEO, "H.264");
  begin_video (directory, 1, "live/cam");
  json = to_json (directory, sessions);
  ck_assert (strstr (json,
                 "\"video\":{\"codec\":\"H264\","
                 "\"profile_level_id\":\"42c01f\","
                 "\"unplayable\":\"" WHY "\"}") != NULL);
  whep_session_table_free (sessions);
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (a_stream_of_unplayable_tracks_is_there_but_not_playable)
{
  WhepDirectory *directory = whep_directory_new ();
  const WhepListing *listing;
  g_autofree gchar *words = NULL;

  note (directory, 1, WHEP_VIDEO, "VP6");
  note (directory, 2, WHEP_AUDIO, NULL);
  listing = whep_directory_find (directory, "live/cam");
  ck_assert (listing != NULL && !whep_listing_is_playable (listing));
  words = whep_listing_dup_fault (listing);
  ck_assert_str_eq (words,
      "The publisher's video (VP6) can't be played: " WHY ". "
      "The publisher's sound can't be played: " WHY ".");
  begin_audio (directory, 3, "live/cam");
  ck_assert (whep_listing_is_playable (listing));
  whep_directory_end_track (directory, 3);
  ck_assert (whep_directory_find (directory, "live/cam") == listing);
  whep_directory_end_track (directory, 1);
  ck_assert (whep_directory_find (directory, "live/cam") == NULL);
  whep_directory_free (directory);
}
GST_END_TEST;

GST_START_TEST (the_list_is_sorted_and_escaped)
{
  WhepDirectory *directory = whep_directory_new ();
  WhepSessionTable *sessions = whep_session_table_new ();
  g_autofree gchar *empty = to_json (directory, sessions);
  g_autofree gchar *list = NULL;

  begin_audio (directory, 1, "live/b\"c");
  begin_video (directory, 2, "live/a");
  begin_audio (directory, 3, "live/a");
  whep_session_table_add (sessions, ID "1", "frag1", "live/a", "theirs",
      "a=ice-lite\r\n");
  list = to_json (directory, sessions);

  ck_assert_str_eq (empty, "[]");
  ck_assert_str_eq (list,
      "[{\"name\":\"live/a\",\"live_since\":\"2026-01-02T03:04:05Z\","
      "\"viewers\":1,"
      "\"video\":{\"codec\":\"H264\",\"profile_level_id\":\"42c01f\"},"
      "\"audio\":{\"codec\":\"OPUS\"}},"
      "{\"name\":\"live/b\\\"c\",\"live_since\":\"2026-01-02T03:04:06Z\","
      "\"viewers\":0,\"audio\":{\"codec\":\"OPUS\"}}]");
  whep_session_table_free (sessions);
  whep_directory_free (directory);
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
      "\"note\":\"GOP of 14 s: who joins waits for the next key frame\"}" },
  { 0, FALSE,
      "\"waits_for_key_frame\":true,"
      "\"note\":\"no key frame: who joins waits for one\"}" },
};

GST_START_TEST (the_list_says_how_long_who_joins_may_wait)
{
  WhepDirectory *directory = whep_directory_new ();
  WhepSessionTable *sessions = whep_session_table_new ();

  begin_video (directory, 1, "live/cam");
  begin_audio (directory, 2, "live/cam");
  for (guint i = 0; i < G_N_ELEMENTS (gops); i++) {
    WhepMediaStatsStream stream = { g_strdup ("live/cam"), gops[i].gop_us,
      gops[i].has_key_frame };
    WhepMediaStats media_stats;
    g_autofree gchar *json = NULL;

    whep_media_stats_init (&media_stats);
    g_array_append_val (media_stats.streams, stream);
    json = whep_directory_to_json (directory, sessions, &media_stats);
    whep_media_stats_clear (&media_stats);
    ck_assert_msg (strstr (json, gops[i].words) != NULL, "%s", json);
    ck_assert_msg (strstr (json, "\"audio\":{\"codec\":\"OPUS\"}") != NULL,
        "%s", json);
  }
  whep_session_table_free (sessions);
  whep_directory_free (directory);
}
GST_END_TEST;

/* Each line of the format, as Prometheus reads it. */
#define LINE                                                                   \
  "^(# HELP [a-z_]+ [^\\\\]+|# TYPE [a-z_]+ gauge|"                            \
  "[a-z_]+(\\{stream=\"([^\\\\\"\n]|\\\\[\\\\\"n])*\"\\})? [0-9]+)$"

GST_START_TEST (metrics_are_what_prometheus_reads)
{
  WhepDirectory *directory = whep_directory_new ();
  WhepSessionTable *sessions = whep_session_table_new ();
  g_autofree gchar *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint i;

  begin_video (directory, 1, "live/cam");
  begin_video (directory, 2, "live/\"\\\n\xff");
  whep_session_table_add (sessions, ID "1", "ufrag", "live/cam", "remote",
      "a=ice-lite\r\n");
  whep_session_table_add (sessions, ID "2", "other", "live/gone", "remote",
      "a=ice-lite\r\n");
  text = whep_directory_to_metrics (directory, sessions);
  ck_assert (g_str_has_suffix (text, "\n"));
  lines = g_strsplit (text, "\n", -1);
  for (i = 0; *lines[i] != '\0'; i++)
    ck_assert_msg (g_regex_match_simple (LINE, lines[i], 0, 0), "%s", lines[i]);
  ck_assert_msg (lines[i + 1] == NULL, "an empty line");
  ck_assert (strstr (text, "\nwhep_streams 2\n") != NULL);
  ck_assert (strstr (text, "\nwhep_sessions 2\n") != NULL);
  ck_assert (
      strstr (text, "\nwhep_stream_viewers{stream=\"live/cam\"} 1\n") != NULL);
  ck_assert (strstr (text,
                 "\nwhep_stream_viewers{stream=\"live/\\\"\\\\\\n\xef\xbf\xbd"
                 "\"} 0\n") != NULL);
  ck_assert (strstr (text,
                 "\nwhep_stream_start_time_seconds{stream=\"live/cam\"} "
                 "1767323045\n") != NULL);
  whep_session_table_free (sessions);
  whep_directory_free (directory);
}
GST_END_TEST;

static Suite *
directory_suite (void)
{
  Suite *suite = suite_create ("directory");
  TCase *tcase = tcase_create ("directory");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_stream_is_live_from_its_first_track_to_its_last);
  tcase_add_test (tcase, who_takes_over_is_not_ended_by_who_was_there);
  tcase_add_test (tcase, facts_of_a_track_may_change);
  tcase_add_test (tcase, b_frames_are_listed_until_the_track_ends);
  tcase_add_test (tcase,
      a_track_that_viewers_do_not_get_is_listed_with_its_reason);
  tcase_add_test (tcase, a_track_that_began_may_become_unplayable);
  tcase_add_test (tcase,
      a_stream_of_unplayable_tracks_is_there_but_not_playable);
  tcase_add_test (tcase, the_list_is_sorted_and_escaped);
  tcase_add_test (tcase, the_list_says_how_long_who_joins_may_wait);
  tcase_add_test (tcase, metrics_are_what_prometheus_reads);
  return suite;
}

GST_CHECK_MAIN (directory);
