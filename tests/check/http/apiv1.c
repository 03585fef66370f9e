/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What /api/v1 says of streams and viewers. */

#include "ext/whep/http/apiv1.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* 2026-01-02T03:04:05Z */
#define WALL_US (G_GINT64_CONSTANT (1767323045) * G_USEC_PER_SEC)
#define NOW_US (1000 * G_USEC_PER_SEC)
#define ID "abcdefghijklmnopqrstuvwxyzABCDE"
#define FIREFOX                                                                \
  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

static gboolean
read_recording (const gchar *stream, WhepRecording *recording,
    gpointer user_data)
{
  if (!g_str_equal (stream, "live/film"))
    return FALSE;
  recording->location = g_strdup ("cam.mp4");
  return TRUE;
}

static const WhepControls controls = { .read_recording = read_recording };
static WhepMediaStats media_stats;
static WhepReadersStats readers;
static WhepSessionTable *sessions;
static WhepDirectory *directory;
static WhepApiV1View view;

static void
add_viewers (void)
{
  const WhepViewerStats stats = { .n_packets = 10,
    .n_bytes = 1000,
    .n_nacks = 3,
    .fraction_lost = 64,
    .round_trip_us = 1500,
    .n_lost = 5,
    .jitter_us = 700 };
  const WhepSessionFacts facts = { .user_agent = FIREFOX,
    .encoding_names = { "H264", "OPUS" } };
  const WhepAddress address = {
    .remote_ip = { [10] = 0xff, [11] = 0xff, 192, 0, 2, 7 },
    .remote_port = 5000,
  };

  whep_media_stats_add_viewer (&media_stats, "one", &stats);
  whep_session_table_add (sessions, ID "1", "one", "live/cam", "theirs", "");
  whep_session_table_describe (sessions, ID "1", &facts);
  whep_session_table_connect (sessions,
      whep_session_table_by_ufrag (sessions, "one"), &address,
      NOW_US - 5 * G_USEC_PER_SEC);
  whep_session_table_add (sessions, ID "2", "two", "live/other", "theirs", "");
}

/* Behind a proxy unless there is a @port. */
static void
add_reader (const gchar *id, guint port, const gchar *user_agent)
{
  g_autoptr (GRefString) codecs = g_ref_string_new ("avc1.42E01F,mp4a.40.2");
  WhepReaderFacts given = {
    .id = g_strdup (id),
    .stream = g_strdup ("live/cam"),
    .client = g_strdup ("198.51.100.7"),
    .address = g_strdup ("198.51.100.7"),
    .port = port,
    .user_agent = g_strdup (user_agent),
    .since_us = NOW_US - 2 * G_USEC_PER_SEC,
  };
  WhepReaderFacts *facts = whep_reader_facts_new (&given);

  whep_readers_stats_add (&readers, facts, port == 0 ? NULL : codecs, 4000, 2);
  whep_reader_facts_unref (facts);
}

static void
setup (void)
{
  whep_media_stats_init (&media_stats);
  whep_readers_stats_init (&readers);
  sessions = whep_session_table_new ();
  directory = whep_directory_new ();
  view = (WhepApiV1View){
    .directory = directory,
    .sessions = sessions,
    .media_stats = &media_stats,
    .controls = &controls,
    .readers = &readers,
    .now_us = NOW_US,
    .wall_us = WALL_US,
    .is_admin = TRUE,
  };
  add_viewers ();
}

static void
teardown (void)
{
  whep_directory_free (directory);
  whep_session_table_free (sessions);
  whep_readers_stats_clear (&readers);
  whep_media_stats_clear (&media_stats);
}

static void
begin_video (guint64 id, const gchar *stream)
{
  whep_directory_begin_track (directory, id, stream, WHEP_VIDEO, "H264",
      0x42c01f, WALL_US);
}

#define ONE                                                                    \
  "{\"id\":\"one\",\"stream\":\"live/cam\","                                   \
  "\"protocol\":\"webrtc\",\"state\":\"connected\","                           \
  "\"address\":\"192.0.2.7\",\"port\":5000,"                                   \
  "\"since\":\"2026-01-02T03:04:00Z\",\"browser\":\"Firefox 128\","            \
  "\"user_agent\":\"" FIREFOX "\",\"video\":\"H264\",\"audio\":\"OPUS\","      \
  "\"packets\":10,\"bytes\":1000,\"retransmitted\":0,\"nacked\":3,"            \
  "\"key_frame_requests\":0,\"jumps\":0,\"thinning\":\"all\",\"thinned\":0,"   \
  "\"frames\":\"all\",\"sound\":false,\"lost_percent\":25,"                    \
  "\"round_trip_us\":1500,"                                                    \
  "\"lost\":5,\"jitter_us\":700}"
#define TWO                                                                    \
  "{\"id\":\"two\",\"stream\":\"live/other\","                                 \
  "\"protocol\":\"webrtc\",\"state\":\"connecting\"}"

GST_START_TEST (a_viewer_is_described_with_what_it_reports)
{
  g_autofree gchar *all = whep_api_v1_viewers (&view, NULL);
  g_autofree gchar *of_cam = whep_api_v1_viewers (&view, "live/cam");
  g_autofree gchar *of_none = whep_api_v1_viewers (&view, "live/none");

  ck_assert_str_eq (all, "[" ONE "," TWO "]");
  ck_assert_str_eq (of_cam, "[" ONE "]");
  ck_assert_str_eq (of_none, "[]");
}
GST_END_TEST;

#define READER(id) "{\"id\":\"" id "\",\"stream\":\"live/cam\","
#define HTTP "\"protocol\":\"http\",\"state\":\"connected\","
#define SINCE "\"since\":\"2026-01-02T03:04:03Z\","
#define THREE                                                                  \
  READER ("three")                                                             \
  HTTP "\"address\":\"198.51.100.7\",\"port\":6000," SINCE                     \
       "\"browser\":\"Lavf 60\",\"user_agent\":\"Lavf/60.3\","                 \
       "\"codecs\":\"avc1.42E01F,mp4a.40.2\",\"bytes\":4000,\"jumps\":2}"
#define FOUR                                                                   \
  READER ("four")                                                              \
  HTTP "\"address\":\"198.51.100.7\"," SINCE "\"bytes\":4000,\"jumps\":2}"

GST_START_TEST (http_readers_are_listed_beside_them_and_counted)
{
  g_autofree gchar *all = NULL;
  g_autofree gchar *of_other = NULL;
  g_autofree gchar *stream = NULL;

  begin_video (1, "live/cam");
  add_reader ("three", 6000, "Lavf/60.3");
  add_reader ("four", 0, NULL);
  all = whep_api_v1_viewers (&view, NULL);
  of_other = whep_api_v1_viewers (&view, "live/other");
  stream = whep_api_v1_stream (&view, "live/cam");
  ck_assert_str_eq (all, "[" ONE "," TWO "," THREE "," FOUR "]");
  ck_assert_str_eq (of_other, "[" TWO "]");
  ck_assert_msg (strstr (stream, "\"viewers\":3,") != NULL, "%s", stream);
}
GST_END_TEST;

GST_START_TEST (an_administrator_alone_learns_who_publishes)
{
  const WhepPublisher publisher = {
    .id = (gchar *) "7",
    .address = (gchar *) "198.51.100.9",
    .port = 4711,
    .protocol = (gchar *) "rtmps",
    .since_us = WALL_US,
  };
  g_autofree gchar *of_admin = NULL;
  g_autofree gchar *of_viewer = NULL;

  begin_video (1, "live/cam");
  whep_directory_note_publisher (directory, 1, &publisher);
  of_admin = whep_api_v1_stream (&view, "live/cam");
  view.is_admin = FALSE;
  of_viewer = whep_api_v1_stream (&view, "live/cam");
  ck_assert_str_eq (of_admin,
      "{\"name\":\"live/cam\",\"live_since\":\"2026-01-02T03:04:05Z\","
      "\"viewers\":1,\"video\":{\"codec\":\"H264\","
      "\"profile_level_id\":\"42c01f\"},\"publisher\":{\"id\":\"7\","
      "\"address\":\"198.51.100.9\",\"port\":4711,\"protocol\":\"rtmps\","
      "\"since\":\"2026-01-02T03:04:05Z\"}}");
  ck_assert (strstr (of_viewer, "publisher") == NULL);
  ck_assert (strstr (of_viewer, "198.51") == NULL);
}
GST_END_TEST;

GST_START_TEST (a_stream_that_is_not_live_has_no_description)
{
  ck_assert (whep_api_v1_stream (&view, "live/cam") == NULL);
}
GST_END_TEST;

GST_START_TEST (an_administrator_alone_learns_what_is_recorded)
{
  g_autofree gchar *of_admin = NULL;
  g_autofree gchar *of_viewer = NULL;
  g_autofree gchar *of_cam = NULL;

  begin_video (1, "live/film");
  begin_video (2, "live/cam");
  of_admin = whep_api_v1_stream (&view, "live/film");
  of_cam = whep_api_v1_stream (&view, "live/cam");
  view.is_admin = FALSE;
  of_viewer = whep_api_v1_stream (&view, "live/film");
  ck_assert_msg (strstr (of_admin,
                     ",\"recording\":{\"state\":\"recording\","
                     "\"location\":\"cam.mp4\"") != NULL,
      "%s", of_admin);
  ck_assert (strstr (of_cam, "recording") == NULL);
  ck_assert (strstr (of_viewer, "recording") == NULL);
}
GST_END_TEST;

GST_START_TEST (a_recording_has_an_object_of_its_own)
{
  const WhepControls nothing = { 0 };
  g_autofree gchar *recorded = whep_api_v1_recording (&controls, "live/film");

  ck_assert_msg (strstr (recorded, "\"cam.mp4\"") != NULL, "%s", recorded);
  ck_assert (whep_api_v1_recording (&controls, "live/cam") == NULL);
  ck_assert (whep_api_v1_recording (&nothing, "live/film") == NULL);
}
GST_END_TEST;

GST_START_TEST (only_visible_streams_are_listed)
{
  g_autoptr (GHashTable) visible = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree gchar *some = NULL;
  g_autofree gchar *all = NULL;

  begin_video (1, "live/a");
  begin_video (2, "live/b");
  g_hash_table_add (visible, (gpointer) "live/b");
  some = whep_api_v1_streams (&view, visible);
  all = whep_api_v1_streams (&view, NULL);
  ck_assert (strstr (some, "live/a") == NULL);
  ck_assert (strstr (some, "live/b") != NULL);
  ck_assert (strstr (all, "live/a") != NULL);
}
GST_END_TEST;

static Suite *
apiv1_suite (void)
{
  Suite *suite = suite_create ("apiv1");
  TCase *tcase = tcase_create ("apiv1");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, a_viewer_is_described_with_what_it_reports);
  tcase_add_test (tcase, http_readers_are_listed_beside_them_and_counted);
  tcase_add_test (tcase, an_administrator_alone_learns_who_publishes);
  tcase_add_test (tcase, a_stream_that_is_not_live_has_no_description);
  tcase_add_test (tcase, an_administrator_alone_learns_what_is_recorded);
  tcase_add_test (tcase, a_recording_has_an_object_of_its_own);
  tcase_add_test (tcase, only_visible_streams_are_listed);
  return suite;
}

GST_CHECK_MAIN (apiv1);
