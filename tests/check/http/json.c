/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Members of JSON objects. */

#include "ext/whep/http/json.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (members_are_written_in_order_and_escaped)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree gchar *text = NULL;

  json_builder_begin_object (builder);
  whep_json_add_text (builder, "name", "live/\"cam\"\n");
  whep_json_add_number (builder, "bytes", G_MAXINT64);
  whep_json_add_text (builder, "", "\xc3\xa9");
  json_builder_end_object (builder);
  text = whep_json_to_text (builder);
  ck_assert_str_eq (text,
      "{\"name\":\"live/\\\"cam\\\"\\n\",\"bytes\":9223372036854775807,"
      "\"\":\"\xc3\xa9\"}");
}
GST_END_TEST;

GST_START_TEST (a_text_that_is_null_is_omitted)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree gchar *text = NULL;

  json_builder_begin_object (builder);
  whep_json_add_text (builder, "host", NULL);
  json_builder_end_object (builder);
  text = whep_json_to_text (builder);
  ck_assert_str_eq (text, "{}");
}
GST_END_TEST;

GST_START_TEST (a_real_number_is_rounded_to_few_digits)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree gchar *text = NULL;

  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  whep_json_add_real (builder, "a", 29.97);
  whep_json_add_real (builder, "b", 0);
  whep_json_add_real (builder, "c", 25.0000001);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  text = whep_json_to_text (builder);
  ck_assert_str_eq (text, "[{\"a\":29.96875,\"b\":0.0,\"c\":25.0}]");
}
GST_END_TEST;

GST_START_TEST (a_time_is_one_of_iso_8601)
{
  g_autofree gchar *time =
      whep_json_time (G_GINT64_CONSTANT (1767323045) * G_USEC_PER_SEC);

  ck_assert_str_eq (time, "2026-01-02T03:04:05Z");
  ck_assert (whep_json_time (G_MAXINT64) == NULL);
}
GST_END_TEST;

static Suite *
json_suite (void)
{
  Suite *suite = suite_create ("json");
  TCase *tcase = tcase_create ("json");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, members_are_written_in_order_and_escaped);
  tcase_add_test (tcase, a_text_that_is_null_is_omitted);
  tcase_add_test (tcase, a_real_number_is_rounded_to_few_digits);
  tcase_add_test (tcase, a_time_is_one_of_iso_8601);
  return suite;
}

GST_CHECK_MAIN (json);
