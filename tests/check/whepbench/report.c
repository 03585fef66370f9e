/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What whepbench prints. */

#include "whepbench/report.h"

#include <gst/check/gstcheck.h>
#include <json-glib/json-glib.h>
#include <string.h>

static const gchar *const urls[] = { "http://localhost/whep", NULL };

static void
fill (BenchReport *report)
{
  bench_report_init (report);
  report->urls = urls;
  report->n_viewers = report->n_answered = report->n_key_frames = 2;
  report->counts = (CrowdCounts){ .n_connected = 2,
    .n_playing = 2,
    .n_packets = 990,
    .n_lost = 10,
    .n_asked = 12,
    .n_repaired = 3 };
  latencies_add (report->answers, 1500);
  latencies_add (report->answers, 2500);
}

GST_START_TEST (json_has_the_counts_and_the_quantiles)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree gchar *text = NULL;
  BenchReport report;
  JsonObject *root, *answers;

  fill (&report);
  tally_add (report.breaches, "a “rule”\n");
  text = bench_report_to_json (&report);
  ck_assert (strchr (text, '\n') == text + strlen (text) - 1);
  ck_assert (json_parser_load_from_data (parser, text, -1, NULL));
  root = json_node_get_object (json_parser_get_root (parser));
  ck_assert_int_eq (json_object_get_int_member (root, "playing"), 2);
  ck_assert_int_eq (json_object_get_int_member (root, "resends_received"), 3);
  answers = json_object_get_object_member (root, "answer_ms");
  ck_assert (json_object_get_double_member (answers, "max") == 2.5);
  ck_assert (!json_object_has_member (root, "frames_per_s"));
  ck_assert_uint_eq (json_array_get_length (
                         json_object_get_array_member (root, "breaches")),
      1);
  bench_report_clear (&report);
}
GST_END_TEST;

GST_START_TEST (the_table_says_what_failed)
{
  BenchReport report;
  g_autofree gchar *text = NULL;

  fill (&report);
  tally_add (report.faults, "403 Forbidden");
  text = bench_report_to_text (&report);
  ck_assert (strstr (text, "         1  403 Forbidden\n") != NULL);
  ck_assert (strstr (text, "1.000 %") != NULL);
  ck_assert (strstr (text, "break a rule") == NULL);
  bench_report_clear (&report);
}
GST_END_TEST;

GST_START_TEST (a_run_is_good_if_every_viewer_kept_its_picture)
{
  BenchReport report;

  fill (&report);
  ck_assert (bench_report_is_good (&report, TRUE));
  tally_add (report.breaches, "a rule");
  ck_assert (bench_report_is_good (&report, FALSE));
  ck_assert (!bench_report_is_good (&report, TRUE));
  report.counts.n_ended = 1;
  ck_assert (!bench_report_is_good (&report, FALSE));
  report.counts.n_ended = 0;
  report.n_key_frames = 1;
  ck_assert (!bench_report_is_good (&report, FALSE));
  bench_report_clear (&report);
}
GST_END_TEST;

static Suite *
report_suite (void)
{
  Suite *suite = suite_create ("report");
  TCase *tcase = tcase_create ("report");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, json_has_the_counts_and_the_quantiles);
  tcase_add_test (tcase, the_table_says_what_failed);
  tcase_add_test (tcase, a_run_is_good_if_every_viewer_kept_its_picture);
  return suite;
}

GST_CHECK_MAIN (report);
