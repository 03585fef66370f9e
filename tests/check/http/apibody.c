/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a request to the API may set. */

#include "ext/whep/http/apibody.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define OLD 7

static WhepApiNumber numbers[2];

static void
setup (void)
{
  numbers[0] =
      (WhepApiNumber){ .name = "viewers", .min = 1, .max = 100, .value = OLD };
  numbers[1] =
      (WhepApiNumber){ .name = "all", .max = G_MAXINT64, .value = OLD };
}

static gboolean
parse (const gchar *body, WhepProblemKind *problem, gchar **detail)
{
  g_autofree gchar *copy = g_memdup2 (body, strlen (body));

  return whep_api_body_parse (copy, strlen (body), numbers,
      G_N_ELEMENTS (numbers), problem, detail);
}

static const struct
{
  const gchar *body;
  guint64 viewers, all;
} valid[] = {
  { "{}", OLD, OLD },
  { " {\"viewers\": 1}\n", 1, OLD },
  { "{\"viewers\":5.0}", 5, OLD },
  { "{\"all\":9223372036854775807,\"viewers\":100}", 100, G_MAXINT64 },
  { "{\"viewers\":5,\"viewers\":6}", 6, OLD },
};

GST_START_TEST (an_object_sets_the_numbers_that_it_names)
{
  for (guint i = 0; i < G_N_ELEMENTS (valid); i++) {
    g_autofree gchar *detail = NULL;
    WhepProblemKind problem;

    setup ();
    ck_assert_msg (parse (valid[i].body, &problem, &detail), "%s",
        valid[i].body);
    ck_assert (detail == NULL);
    ck_assert_uint_eq (numbers[0].value, valid[i].viewers);
    ck_assert_int_eq (numbers[0].is_set, valid[i].viewers != OLD);
    ck_assert_uint_eq (numbers[1].value, valid[i].all);
    ck_assert_int_eq (numbers[1].is_set, valid[i].all != OLD);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *body;
  WhepProblemKind problem;
  const gchar *words;
} invalid[] = {
  { "", WHEP_PROBLEM_MALFORMED_BODY, "JSON object" },
  { "[]", WHEP_PROBLEM_MALFORMED_BODY, "JSON object" },
  { "null", WHEP_PROBLEM_MALFORMED_BODY, "JSON object" },
  { "{\"viewers\":1", WHEP_PROBLEM_MALFORMED_BODY, "JSON object" },
  { "{\"\xff\":1}", WHEP_PROBLEM_MALFORMED_BODY, "JSON object" },
  { "{\"viewers\":0}", WHEP_PROBLEM_UNUSABLE_MEMBER, "“viewers” must be a" },
  { "{\"viewers\":101}", WHEP_PROBLEM_UNUSABLE_MEMBER, "from 1 to 100." },
  { "{\"all\":-1}", WHEP_PROBLEM_UNUSABLE_MEMBER, "“all” must be" },
  { "{\"viewers\":5,\"all\":-1}", WHEP_PROBLEM_UNUSABLE_MEMBER, "“all”" },
  { "{\"viewers\":5.5}", WHEP_PROBLEM_UNUSABLE_MEMBER, "whole number" },
  { "{\"all\":1e300}", WHEP_PROBLEM_UNUSABLE_MEMBER, "whole number" },
  { "{\"all\":-1.0}", WHEP_PROBLEM_UNUSABLE_MEMBER, "whole number" },
  { "{\"viewers\":\"5\"}", WHEP_PROBLEM_UNUSABLE_MEMBER, "whole number" },
  { "{\"viewers\":true}", WHEP_PROBLEM_UNUSABLE_MEMBER, "whole number" },
  { "{\"viewers\":null}", WHEP_PROBLEM_UNUSABLE_MEMBER, "whole number" },
  { "{\"viewers\":[5]}", WHEP_PROBLEM_UNUSABLE_MEMBER, "whole number" },
  { "{\"viewers\":5,\"other\":5}", WHEP_PROBLEM_UNUSABLE_MEMBER, "“other”" },
};

GST_START_TEST (any_other_body_sets_none_and_says_why)
{
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++) {
    g_autofree gchar *detail = NULL;
    WhepProblemKind problem;

    setup ();
    ck_assert_msg (!parse (invalid[i].body, &problem, &detail), "%s",
        invalid[i].body);
    ck_assert_int_eq (problem, invalid[i].problem);
    ck_assert_msg (strstr (detail, invalid[i].words) != NULL, "%s", detail);
    ck_assert_uint_eq (numbers[0].value, OLD);
    ck_assert_uint_eq (numbers[1].value, OLD);
  }
}
GST_END_TEST;

GST_START_TEST (a_nul_ends_no_object)
{
  const gchar body[] = "{\"viewers\":5}\0{";
  g_autofree gchar *detail = NULL;
  WhepProblemKind problem;

  ck_assert (!whep_api_body_parse (body, sizeof (body), numbers,
      G_N_ELEMENTS (numbers), &problem, &detail));
}
GST_END_TEST;

GST_START_TEST (brackets_that_nest_deeply_are_no_object)
{
  g_autofree gchar *detail = NULL;
  GString *body = g_string_new ("{\"viewers\":");
  WhepProblemKind problem;

  for (guint i = 0; i < 30000; i++)
    g_string_append_c (body, '[');
  ck_assert (!parse (body->str, &problem, &detail));
  ck_assert_int_eq (problem, WHEP_PROBLEM_MALFORMED_BODY);
  g_string_free (body, TRUE);
}
GST_END_TEST;

GST_START_TEST (the_numbers_are_written_as_an_object)
{
  g_autofree gchar *json =
      whep_api_body_write (numbers, G_N_ELEMENTS (numbers));

  ck_assert_str_eq (json, "{\"viewers\":7,\"all\":7}");
}
GST_END_TEST;

static Suite *
apibody_suite (void)
{
  Suite *suite = suite_create ("apibody");
  TCase *tcase = tcase_create ("apibody");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, NULL);
  tcase_add_test (tcase, an_object_sets_the_numbers_that_it_names);
  tcase_add_test (tcase, any_other_body_sets_none_and_says_why);
  tcase_add_test (tcase, a_nul_ends_no_object);
  tcase_add_test (tcase, brackets_that_nest_deeply_are_no_object);
  tcase_add_test (tcase, the_numbers_are_written_as_an_object);
  return suite;
}

GST_CHECK_MAIN (apibody);
