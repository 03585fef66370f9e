/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Durations are counted by upper bounds, and read back as Prometheus does. */

#include "ext/whep/media/histogram.h"

#include <gst/check/gstcheck.h>
#include <string.h>

GST_START_TEST (an_empty_one_knows_nothing)
{
  const WhepHistogram empty = { 0 };

  ck_assert_uint_eq (whep_histogram_count (&empty), 0);
  ck_assert_int_eq (whep_histogram_percentile_us (&empty, 99), 0);
}
GST_END_TEST;

/* A bound is within its step; what the clock made negative took no time. */
static const struct
{
  gint64 duration_us;
  gint64 bound_us;
} steps[] = {
  { -5, 50 },
  { 0, 50 },
  { 50, 50 },
  { 51, 100 },
  { 999, 1000 },
  { 20 * 1000, 20 * 1000 },
  { 1000 * 1000, 1000 * 1000 },
  { 1000 * 1000 + 1, G_MAXINT64 },
};

GST_START_TEST (a_duration_is_within_the_next_bound)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    WhepHistogram histogram = { 0 };

    whep_histogram_add (&histogram, steps[i].duration_us);
    ck_assert_int_eq (whep_histogram_percentile_us (&histogram, 50),
        steps[i].bound_us);
    ck_assert_uint_eq (histogram.sum_us, MAX (steps[i].duration_us, 0));
  }
}
GST_END_TEST;

GST_START_TEST (a_percentile_holds_for_so_many_of_a_hundred)
{
  WhepHistogram histogram = { 0 }, sum = { 0 };

  for (guint i = 0; i < 99; i++)
    whep_histogram_add (&histogram, 150);
  whep_histogram_add (&histogram, 3000);
  ck_assert_int_eq (whep_histogram_percentile_us (&histogram, 50), 200);
  ck_assert_int_eq (whep_histogram_percentile_us (&histogram, 99), 200);
  ck_assert_int_eq (whep_histogram_percentile_us (&histogram, 100), 5000);

  whep_histogram_merge (&sum, &histogram);
  whep_histogram_merge (&sum, &histogram);
  ck_assert_uint_eq (whep_histogram_count (&sum), 200);
  ck_assert_uint_eq (sum.sum_us, 2 * (99 * 150 + 3000));
  ck_assert_int_eq (whep_histogram_percentile_us (&sum, 99), 200);
}
GST_END_TEST;

GST_START_TEST (buckets_count_all_that_is_within_their_bound)
{
  WhepHistogram histogram = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  static const gchar *const lines[] = { "a_bucket{b=\"c\",le=\"5e-05\"} 1\n",
    "a_bucket{b=\"c\",le=\"0.0001\"} 1\n", "a_bucket{b=\"c\",le=\"0.002\"} 2\n",
    "a_bucket{b=\"c\",le=\"1\"} 2\n", "a_bucket{b=\"c\",le=\"+Inf\"} 3\n",
    "a_sum{b=\"c\"} 2.001540\n", "a_count{b=\"c\"} 3\n" };

  whep_histogram_add (&histogram, 40);
  whep_histogram_add (&histogram, 1500);
  whep_histogram_add (&histogram, 2000000);
  whep_histogram_append (&histogram, "a", "b=\"c\"", text);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    ck_assert_msg (strstr (text->str, lines[i]) != NULL, "%s in %s", lines[i],
        text->str);
}
GST_END_TEST;

static Suite *
histogram_suite (void)
{
  Suite *suite = suite_create ("histogram");
  TCase *tcase = tcase_create ("histogram");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_empty_one_knows_nothing);
  tcase_add_test (tcase, a_duration_is_within_the_next_bound);
  tcase_add_test (tcase, a_percentile_holds_for_so_many_of_a_hundred);
  tcase_add_test (tcase, buckets_count_all_that_is_within_their_bound);
  return suite;
}

GST_CHECK_MAIN (histogram);
