/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What programs and users learn about an error. */

#include "ext/whep/http/problem.h"

#include <gst/check/gstcheck.h>

/* Each kind once, of both tables. */
static WhepProblem
problem_at (guint index)
{
  return index < WHEP_N_PROBLEMS
      ? *whep_problem (index)
      : whep_problem_of_offer (index - WHEP_N_PROBLEMS);
}

GST_START_TEST (each_problem_has_a_type_of_its_own_and_an_error_status)
{
  g_autoptr (GHashTable) types = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < WHEP_N_PROBLEMS + SDP_N_ERRORS; i++) {
    WhepProblem problem = problem_at (i);

    ck_assert_msg (problem.title != NULL && *problem.title != '\0', "%u", i);
    ck_assert_uint_ge (problem.status, 400);
    ck_assert_uint_lt (problem.status, 600);
    ck_assert_msg (g_regex_match_simple ("^[a-z][a-z-]+$", problem.type, 0, 0),
        "%s", problem.type);
    ck_assert_msg (g_hash_table_add (types, (gpointer) problem.type), "%s",
        problem.type);
  }
}
GST_END_TEST;

GST_START_TEST (a_problem_is_written_as_in_rfc_9457)
{
  g_autofree gchar *json =
      whep_problem_to_json (whep_problem (WHEP_PROBLEM_NO_PUBLISHER),
          "Nobody \"here\".");

  ck_assert_str_eq (json,
      "{\"type\":\"urn:problem-type:whep:no-publisher\","
      "\"title\":\"Nobody publishes the stream\",\"status\":409,"
      "\"detail\":\"Nobody \\\"here\\\".\"}");
}
GST_END_TEST;

GST_START_TEST (
    malformed_sdp_is_a_bad_request_and_other_errors_are_not_acceptable)
{
  ck_assert_uint_eq (whep_problem_of_offer (SDP_ERROR_MALFORMED).status, 400);
  ck_assert_uint_eq (whep_problem_of_offer (SDP_ERROR_DIRECTION).status, 406);
}
GST_END_TEST;

static Suite *
problem_suite (void)
{
  Suite *suite = suite_create ("problem");
  TCase *tcase = tcase_create ("problem");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      each_problem_has_a_type_of_its_own_and_an_error_status);
  tcase_add_test (tcase, a_problem_is_written_as_in_rfc_9457);
  tcase_add_test (tcase,
      malformed_sdp_is_a_bad_request_and_other_errors_are_not_acceptable);
  return suite;
}

GST_CHECK_MAIN (problem);
