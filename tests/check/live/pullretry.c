/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long a pull waits before its next attempt. */

#include "gst/live/pullretry.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (a_pull_that_had_data_waits_longer_after_each_failure)
{
  PullRetry retry = { 0 };
  gint64 expected_us = PULL_RETRY_FIRST_US;

  for (guint i = 0; i < 10; i++) {
    ck_assert_int_eq (pull_retry_next (&retry,
                          i == 0 ? PULL_RETRY_STEADY_US : 0, 0),
        expected_us / 2);
    expected_us = MIN (2 * expected_us, PULL_RETRY_LAST_US);
  }
  ck_assert_int_eq (expected_us, PULL_RETRY_LAST_US);
}
GST_END_TEST;

GST_START_TEST (a_pull_that_was_steady_begins_with_the_first_wait)
{
  PullRetry retry = { 0 };

  for (guint i = 0; i < 5; i++)
    pull_retry_next (&retry, 0, 0);
  ck_assert_int_eq (pull_retry_next (&retry, PULL_RETRY_STEADY_US, 0),
      PULL_RETRY_FIRST_US / 2);
}
GST_END_TEST;

/* Such as a publisher whose connection fails again and again. */
GST_START_TEST (a_tag_is_no_success)
{
  PullRetry retry = { 0 };
  gint64 expected_us = PULL_RETRY_FIRST_US;

  for (guint i = 0; i < 10; i++) {
    ck_assert_int_eq (pull_retry_next (&retry, PULL_RETRY_STEADY_US - 1, 0),
        expected_us / 2);
    expected_us = MIN (2 * expected_us, PULL_RETRY_LAST_US);
  }
}
GST_END_TEST;

/* By then, it has been given up unless viewers are there. */
GST_START_TEST (a_pull_that_never_had_data_waits_for_the_longest_time)
{
  PullRetry retry = { 0 };

  for (guint i = 0; i < 3; i++)
    ck_assert_int_eq (pull_retry_next (&retry, 0, 0), PULL_RETRY_LAST_US / 2);
}
GST_END_TEST;

static Suite *
pullretry_suite (void)
{
  Suite *suite = suite_create ("pullretry");
  TCase *tcase = tcase_create ("pullretry");

  tcase_add_test (tcase, a_pull_that_had_data_waits_longer_after_each_failure);
  tcase_add_test (tcase, a_pull_that_was_steady_begins_with_the_first_wait);
  tcase_add_test (tcase, a_tag_is_no_success);
  tcase_add_test (tcase, a_pull_that_never_had_data_waits_for_the_longest_time);
  suite_add_tcase (suite, tcase);
  return suite;
}

GST_CHECK_MAIN (pullretry);
