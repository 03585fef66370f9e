/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrivals and departures are one line each. */

#include "pipelines/activity.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define MIN_NS (60 * G_GUINT64_CONSTANT (1000000000))

static void
assert_line (const Activity *activity, gboolean with_agent,
    const gchar *expected)
{
  g_autofree gchar *line = activity_line (activity, with_agent);

  ck_assert_str_eq (line, expected);
}

GST_START_TEST (each_message_is_a_line)
{
  static const struct
  {
    Activity activity;
    const gchar *line;
  } all[] = {
    { { "publisher-added", "live/cam", "192.0.2.7:50312", "OBS" },
        "live/cam: publisher 192.0.2.7:50312 has connected" },
    { { "publisher-added", "live/cam" }, "live/cam: publisher has connected" },
    { { "publisher-removed", "live/cam", "192.0.2.7:5", .reason = "it said so",
          .has_duration = TRUE, .duration_ns = 61 * MIN_NS, .has_bytes = TRUE,
          .bytes = 12340000 },
        "live/cam: publisher 192.0.2.7:5 has left after 1:01:00, 12.3 MB: it "
        "said so" },
    { { "publisher-refused", NULL, "[2001:db8::7]:5", .reason = "no key" },
        "publisher [2001:db8::7]:5 rejected: no key" },
    { { "player-added", "live/cam", "192.0.2.8:7" },
        "live/cam: player 192.0.2.8:7 has connected" },
    { { "player-removed", "live/cam", "192.0.2.8:7", .reason = "it left",
          .has_duration = TRUE, .has_bytes = TRUE, .bytes = 50000 },
        "live/cam: player 192.0.2.8:7 has left after 0:00:00, 0.1 MB: it "
        "left" },
    { { "player-refused", "live/cam", "192.0.2.8:7", .reason = "no token" },
        "live/cam: player 192.0.2.8:7 rejected: no token" },
    { { "viewer-added", "live/cam", "192.0.2.9:6", "Firefox", .video = "H264",
          .audio = "OPUS" },
        "live/cam: viewer 192.0.2.9:6 has connected, is sent H264 and OPUS" },
    { { "viewer-added", "live/cam", "192.0.2.9:6", .audio = "OPUS" },
        "live/cam: viewer 192.0.2.9:6 has connected, is sent OPUS" },
    { { "viewer-added", "live/cam", "192.0.2.9:6", .video = "H264" },
        "live/cam: viewer 192.0.2.9:6 has connected, is sent H264" },
    { { "viewer-removed", "live/cam", "192.0.2.9:6", .reason = "it left",
          .has_duration = TRUE },
        "live/cam: viewer 192.0.2.9:6 has left after 0:00:00: it left" },
    { { "viewer-refused", "live/cam", "192.0.2.9", .reason = "full" },
        "live/cam: viewer 192.0.2.9 rejected: full" },
    { { "viewer-refused", "live/cam", "192.0.2.9", .reason = "full",
          .n_untold = 7 },
        "live/cam: viewer 192.0.2.9 rejected: full (and 7 before that)" },
    { { "recording-started", "live/cam", .location = "rec/cam.mp4" },
        "live/cam: recording rec/cam.mp4 has begun" },
    { { "recording-ended", "live/cam", .location = "rec/cam.mp4",
          .reason = "it was stopped", .has_duration = TRUE,
          .duration_ns = MIN_NS, .has_bytes = TRUE, .bytes = 19500000 },
        "live/cam: recording rec/cam.mp4 has ended after 0:01:00, 19.5 MB: it "
        "was stopped" },
    { { "track-added", "live/cam", .media = "video", .codec = "H264",
          .width = 1280, .height = 720 },
        "live/cam: video H264, 1280x720" },
    { { "track-added", "live/cam", .media = "audio", .codec = "OPUS",
          .rate = 48000, .channels = 2 },
        "live/cam: audio OPUS, 48000 Hz, 2 channels" },
    { { "track-added", "live/cam", .channels = 1 },
        "live/cam: track, 1 channel" },
    { { "track-removed", "live/cam", .media = "video", .codec = "H264" },
        "live/cam: video H264 has ended" },
    { { "track-unplayable", "live/cam", .media = "video", .codec = "H265",
          .reason = "it is too large" },
        "live/cam: video H265 is left out: it is too large" },
    { { "b-frames", "live/cam", .reason = "transcode" },
        "live/cam: track has B-frames: transcode" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    assert_line (&all[i].activity, FALSE, all[i].line);
}
GST_END_TEST;

GST_START_TEST (who_wants_to_know_hears_of_the_agent)
{
  const Activity come = { "publisher-added", "live/cam", "192.0.2.7:5",
    "OBS 30.0" };

  assert_line (&come, TRUE,
      "live/cam: publisher 192.0.2.7:5 has connected, OBS 30.0");
}
GST_END_TEST;

GST_START_TEST (whatever_names_hold_it_is_one_harmless_line)
{
  g_autofree gchar *name = g_strnfill (ACTIVITY_MAX_TEXT + 1, 'a');
  g_autofree gchar *line = NULL;
  const Activity hostile = { "viewer-refused", "live/\033[2J\n", "\302\2331",
    .reason = "\xff\342\200\256" };
  const Activity longest = { "viewer-refused", name, name, name };

  assert_line (&hostile, TRUE,
      "live/\\u{1b}[2J\\n: viewer \\u{9b}1 rejected: \\xff\\u{202e}");
  line = activity_line (&longest, TRUE);
  ck_assert_uint_lt (strlen (line), 4 * (ACTIVITY_MAX_TEXT + 10));
}
GST_END_TEST;

GST_START_TEST (other_messages_are_not_for_people)
{
  static const struct
  {
    const gchar *event;
    ActivityLevel level;
  } all[] = {
    { "viewer-added", ACTIVITY_NOTICE },
    { "publisher-refused", ACTIVITY_NOTICE },
    { "track-removed", ACTIVITY_DETAIL },
    { "track-unplayable", ACTIVITY_WARNING },
    { "GstNavigation", ACTIVITY_UNKNOWN },
    { "", ACTIVITY_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    const Activity activity = { all[i].event };

    ck_assert_int_eq (activity_level (&activity), all[i].level);
  }
}
GST_END_TEST;

static void
assert_member (JsonObject *fields, const gchar *name, const gchar *value)
{
  ck_assert_str_eq (json_object_get_string_member_with_default (fields, name,
                        ""),
      value);
}

GST_START_TEST (a_program_has_the_names_of_events)
{
  const Activity viewer = { "viewer-refused", .agent = "Firefox", .id = "17",
    .time = "2026-01-02T03:04:05.000006Z", .viewer = "x3fT", .n_untold = 7 };
  const Activity publisher = { "publisher-added", .agent = "OBS" };
  g_autoptr (JsonObject) of_viewer = activity_fields (&viewer);
  g_autoptr (JsonObject) of_publisher = activity_fields (&publisher);

  assert_member (of_viewer, "user_agent", "Firefox");
  assert_member (of_viewer, "id", "17");
  assert_member (of_viewer, "time", "2026-01-02T03:04:05.000006Z");
  assert_member (of_viewer, "viewer", "x3fT");
  ck_assert_int_eq (json_object_get_int_member (of_viewer, "untold"), 7);
  assert_member (of_publisher, "encoder", "OBS");
}
GST_END_TEST;

GST_START_TEST (a_program_has_it_by_names)
{
  const Activity gone = { "publisher-removed", "live/\xff", "192.0.2.7:5",
    .reason = "it left", .has_duration = TRUE, .duration_ns = MIN_NS,
    .has_bytes = TRUE, .bytes = 7, .width = 640 };
  g_autoptr (JsonObject) fields = activity_fields (&gone);

  ck_assert_str_eq (json_object_get_string_member (fields, "stream"),
      "live/\357\277\275");
  ck_assert_str_eq (json_object_get_string_member (fields, "reason"),
      "it left");
  ck_assert_int_eq (json_object_get_int_member (fields, "duration_ms"), 60000);
  ck_assert_int_eq (json_object_get_int_member (fields, "bytes"), 7);
  ck_assert_int_eq (json_object_get_int_member (fields, "width"), 640);
  ck_assert (!json_object_has_member (fields, "height"));
  ck_assert (!json_object_has_member (fields, "codec"));
}
GST_END_TEST;

static Suite *
activity_suite (void)
{
  Suite *suite = suite_create ("activity");
  TCase *tcase = tcase_create ("activity");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_message_is_a_line);
  tcase_add_test (tcase, who_wants_to_know_hears_of_the_agent);
  tcase_add_test (tcase, whatever_names_hold_it_is_one_harmless_line);
  tcase_add_test (tcase, other_messages_are_not_for_people);
  tcase_add_test (tcase, a_program_has_it_by_names);
  tcase_add_test (tcase, a_program_has_the_names_of_events);
  return suite;
}

GST_CHECK_MAIN (activity);
