/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Durations and their quantiles. */

#include "whepbench/latencies.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (quantiles_are_those_of_all_durations)
{
  Latencies *latencies = latencies_new ();

  for (guint i = 101; i > 0; i--)
    latencies_add (latencies, i * 1000);
  ck_assert_uint_eq (latencies_count (latencies), 101);
  ck_assert (latencies_ms (latencies, 0) == 1);
  ck_assert (latencies_ms (latencies, 0.5) == 51);
  ck_assert (latencies_ms (latencies, 1) == 101);
  latencies_add (latencies, 500);
  ck_assert (latencies_ms (latencies, 0) == 0.5);
  latencies_free (latencies);
}
GST_END_TEST;

GST_START_TEST (without_durations_a_quantile_is_zero)
{
  Latencies *latencies = latencies_new ();

  latencies_add (latencies, 1);
  latencies_forget (latencies);
  ck_assert (latencies_ms (latencies, 0.5) == 0);
  latencies_free (latencies);
  latencies_free (NULL);
}
GST_END_TEST;

static Suite *
latencies_suite (void)
{
  Suite *suite = suite_create ("latencies");
  TCase *tcase = tcase_create ("latencies");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, quantiles_are_those_of_all_durations);
  tcase_add_test (tcase, without_durations_a_quantile_is_zero);
  return suite;
}

GST_CHECK_MAIN (latencies);
