/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of the log, for people and for programs. */

#include "pipelines/logline.h"

#include <gst/check/gstcheck.h>

#define NOW_US 1767323045000123

static void
assert_line (LoglineForm form, LoglineLevel level, const gchar *text,
    JsonObject *fields, const gchar *expected)
{
  g_autofree gchar *line =
      logline_new (form, level, "viewer-added", text, fields, NOW_US);

  ck_assert_str_eq (line, expected);
}

GST_START_TEST (people_read_the_text)
{
  g_autoptr (JsonObject) fields = json_object_new ();

  json_object_set_string_member (fields, "stream", "live/cam");
  assert_line (LOGLINE_TEXT, LOGLINE_INFO, "live/cam: \033[2J", fields,
      "live/cam: \\u{1b}[2J\n");
  assert_line (LOGLINE_NONE, LOGLINE_ERROR, "no", NULL, "no\n");
}
GST_END_TEST;

GST_START_TEST (programs_read_an_object_a_line)
{
  assert_line (LOGLINE_JSON, LOGLINE_WARNING, "a\nb\302\233", NULL,
      "{\"event\":\"viewer-added\",\"text\":\"a\\nb\\u009b\","
      "\"level\":\"warning\",\"time\":\"2026-01-02T03:04:05.000123Z\"}\n");
  assert_line (LOGLINE_JSON, LOGLINE_ERROR, "", NULL,
      "{\"event\":\"viewer-added\",\"text\":\"\",\"level\":\"error\","
      "\"time\":\"2026-01-02T03:04:05.000123Z\"}\n");
}
GST_END_TEST;

GST_START_TEST (an_event_keeps_its_own_time)
{
  g_autoptr (JsonObject) fields = json_object_new ();

  json_object_set_string_member (fields, "time", "earlier");
  json_object_set_int_member (fields, "bytes", 7);
  assert_line (LOGLINE_JSON, LOGLINE_INFO, "", fields,
      "{\"event\":\"viewer-added\",\"text\":\"\",\"level\":\"info\","
      "\"time\":\"earlier\",\"bytes\":7}\n");
}
GST_END_TEST;

GST_START_TEST (there_are_two_forms)
{
  LoglineForm form = LOGLINE_NONE;

  ck_assert (logline_form_named ("json", &form) && form == LOGLINE_JSON);
  ck_assert (logline_form_named ("text", &form) && form == LOGLINE_TEXT);
  ck_assert (!logline_form_named ("JSON", &form));
  ck_assert (!logline_form_named ("", &form));
}
GST_END_TEST;

static Suite *
logline_suite (void)
{
  Suite *suite = suite_create ("logline");
  TCase *tcase = tcase_create ("logline");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, people_read_the_text);
  tcase_add_test (tcase, programs_read_an_object_a_line);
  tcase_add_test (tcase, an_event_keeps_its_own_time);
  tcase_add_test (tcase, there_are_two_forms);
  return suite;
}

GST_CHECK_MAIN (logline);
