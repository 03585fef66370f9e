/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Durations are counted by upper bounds, and read back as Prometheus does. */

#include "ext/whep/media/histogram.h"

#include <gst/check/gstcheck.h>

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
  { 1000 * 1000 + 1, 2000 * 1000 },
  { 10 * 1000 * 1000, 10 * 1000 * 1000 },
  { 10 * 1000 * 1000 + 1, G_MAXINT64 },
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

GST_START_TEST (each_bound_is_twice_the_one_before_or_a_little_more)
{
  for (guint i = 1; i < WHEP_HISTOGRAM_BOUNDS; i++) {
    gint64 before = whep_histogram_bound_us (i - 1);

    ck_assert_int_ge (whep_histogram_bound_us (i), 2 * before);
    ck_assert_int_le (2 * whep_histogram_bound_us (i), 5 * before);
  }
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
  tcase_add_test (tcase, each_bound_is_twice_the_one_before_or_a_little_more);
  return suite;
}

GST_CHECK_MAIN (histogram);
