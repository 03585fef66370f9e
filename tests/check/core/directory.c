/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who is live: tracks that begin, are taken over and end. */

#include "ext/whep/net/directory.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* 2026-01-02T03:04:05Z */
#define NEW_YEAR_US (G_GINT64_CONSTANT (1767323045) * G_USEC_PER_SEC)
#define ID "abcdefghijklmnopqrstuvwxyzABCDE"

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

GST_START_TEST (the_list_is_sorted_and_escaped)
{
  WhepDirectory *directory = whep_directory_new ();
  WhepSessions *sessions = whep_sessions_new ();
  g_autofree gchar *empty = whep_directory_to_json (directory, sessions);
  g_autofree gchar *list = NULL;

  begin_audio (directory, 1, "live/b\"c");
  begin_video (directory, 2, "live/a");
  begin_audio (directory, 3, "live/a");
  whep_sessions_add (sessions, ID "1", "frag1", "live/a", "theirs");
  list = whep_directory_to_json (directory, sessions);

  ck_assert_str_eq (empty, "[]");
  ck_assert_str_eq (list,
      "[{\"name\":\"live/a\",\"live_since\":\"2026-01-02T03:04:05Z\","
      "\"viewers\":1,"
      "\"video\":{\"codec\":\"H264\",\"profile_level_id\":\"42c01f\"},"
      "\"audio\":{\"codec\":\"OPUS\"}},"
      "{\"name\":\"live/b\\\"c\",\"live_since\":\"2026-01-02T03:04:06Z\","
      "\"viewers\":0,\"audio\":{\"codec\":\"OPUS\"}}]");
  whep_sessions_free (sessions);
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
  tcase_add_test (tcase, the_list_is_sorted_and_escaped);
  return suite;
}

GST_CHECK_MAIN (directory);
