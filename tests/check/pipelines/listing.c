/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams and viewers are a line each, whatever clients call themselves. */

#include "pipelines/listing.h"

#include <gst/check/gstcheck.h>

typedef gchar *(*ListFunc) (JsonNode *list);

static void
assert_lines (ListFunc list, const gchar *json, const gchar *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (json, &error);
  g_autofree gchar *lines = NULL;

  g_assert_no_error (error);
  lines = list (node);
  ck_assert_str_eq (lines, expected);
}

GST_START_TEST (a_stream_is_a_line)
{
  assert_lines (listing_of_streams,
      "[{\"name\":\"live/cam\",\"viewers\":2,\"video\":{\"codec\":\"H264\","
      "\"width\":1280,\"height\":720,\"bits_per_second\":2500499},"
      "\"audio\":{\"codec\":\"OPUS\"},\"publisher\":{\"id\":\"7\","
      "\"address\":\"192.0.2.7\",\"port\":50312,\"protocol\":\"rtmp\","
      "\"encoder\":\"OBS\",\"since\":\"2026-01-02T03:04:05Z\"}},"
      "{\"name\":\"live/two\",\"viewers\":1,\"video\":{\"codec\":\"VP6\","
      "\"unplayable\":\"this server can't decode it\"}},"
      "{\"name\":\"live/six\",\"viewers\":0,\"publisher\":"
      "{\"address\":\"2001:db8::7\",\"port\":9}}]",
      "live/cam: 2 viewers, video H264 1280x720 at 2500 kbit/s, audio OPUS, "
      "from 192.0.2.7:50312 by rtmp, OBS, since 2026-01-02T03:04:05Z\n"
      "live/two: 1 viewer, video VP6 (this server can't decode it)\n"
      "live/six: 0 viewers, from [2001:db8::7]:9\n");
}
GST_END_TEST;

GST_START_TEST (a_stream_has_the_grade_of_its_encoder)
{
  assert_lines (listing_of_streams,
      "[{\"name\":\"live/cam\",\"viewers\":0,\"doctor\":{\"grade\":\"D\","
      "\"findings\":[{\"id\":\"b-frames\",\"severity\":\"major\"},7,"
      "{\"id\":\"long-gop\"}]}},"
      "{\"name\":\"live/two\",\"viewers\":0,\"doctor\":{\"grade\":\"A\","
      "\"findings\":[]}},"
      "{\"name\":\"live/six\",\"viewers\":0,\"doctor\":{\"findings\":{}}}]",
      "live/cam: 0 viewers, grade D: b-frames, long-gop\n"
      "live/two: 0 viewers, grade A\n"
      "live/six: 0 viewers\n");
}
GST_END_TEST;

GST_START_TEST (a_viewer_is_a_line)
{
  assert_lines (listing_of_viewers,
      "[{\"id\":\"abc\",\"stream\":\"live/cam\",\"state\":\"connected\","
      "\"address\":\"203.0.113.9\",\"port\":61000,\"browser\":\"Firefox 128\","
      "\"user_agent\":\"Mozilla/5.0\",\"video\":\"H264\",\"audio\":\"OPUS\","
      "\"protocol\":\"webrtc\",\"round_trip_us\":15500,\"lost_percent\":25,"
      "\"since\":\"2026-01-02T03:04:05Z\"},"
      "{\"id\":\"two\",\"stream\":\"live/cam\",\"state\":\"connecting\"},"
      "{\"id\":\"six\",\"stream\":\"live/cam\",\"state\":\"connected\","
      "\"address\":\"203.0.113.9\",\"port\":4,\"browser\":\"Lavf 60\","
      "\"codecs\":\"av01\",\"protocol\":\"http\"}]",
      "abc: live/cam, connected from 203.0.113.9:61000, Firefox 128, H264, "
      "OPUS, over webrtc, round trip 15.5 ms, 25 % lost, since "
      "2026-01-02T03:04:05Z\n"
      "two: live/cam, connecting\n"
      "six: live/cam, connected from 203.0.113.9:4, Lavf 60, av01, over "
      "http\n");
}
GST_END_TEST;

GST_START_TEST (a_client_cannot_control_the_terminal)
{
  assert_lines (listing_of_streams,
      "[{\"name\":\"live/\\u001b[2J\",\"publisher\":"
      "{\"encoder\":\"a\\nOK.\\u009b\"}}]",
      "live/\\u{1b}[2J: 0 viewers, a\\nOK.\\u{9b}\n");
}
GST_END_TEST;

GST_START_TEST (other_json_is_left_out)
{
  static const gchar *const others[] = { "[]", "{}", "null", "7",
    "[null,7,\"a\",[],{}]", "[{\"name\":7,\"id\":[]}]",
    "[{\"name\":null,\"id\":{}}]" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++) {
    assert_lines (listing_of_streams, others[i], "");
    assert_lines (listing_of_viewers, others[i], "");
  }
  assert_lines (listing_of_streams,
      "[{\"name\":\"a\",\"viewers\":\"x\",\"video\":7,\"audio\":[],"
      "\"publisher\":null},{\"name\":\"b\",\"viewers\":{},"
      "\"video\":{\"codec\":{},\"width\":[]},\"publisher\":{\"port\":\"x\"}}]",
      "a: 0 viewers\nb: 0 viewers, video\n");
}
GST_END_TEST;

static Suite *
listing_suite (void)
{
  Suite *suite = suite_create ("listing");
  TCase *tcase = tcase_create ("listing");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_stream_is_a_line);
  tcase_add_test (tcase, a_stream_has_the_grade_of_its_encoder);
  tcase_add_test (tcase, a_viewer_is_a_line);
  tcase_add_test (tcase, a_client_cannot_control_the_terminal);
  tcase_add_test (tcase, other_json_is_left_out);
  return suite;
}

GST_CHECK_MAIN (listing);
