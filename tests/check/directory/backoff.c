/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long to wait after each failure. */

#include "gst/directory/backoff.h"

#include <gst/check/gstcheck.h>

#define FIRST_US 1000
#define LAST_US 20000

GST_START_TEST (waits_double_up_to_the_last_one)
{
  DirectoryBackOff self = { FIRST_US, LAST_US };
  gint64 expected_us = FIRST_US;

  for (guint i = 0; i < 10; i++) {
    ck_assert_int_eq (directory_back_off_next (&self, 0), expected_us / 2);
    expected_us = MIN (2 * expected_us, LAST_US);
  }
  ck_assert_int_eq (expected_us, LAST_US);
}
GST_END_TEST;

GST_START_TEST (a_success_begins_with_the_first_wait)
{
  DirectoryBackOff self = { FIRST_US, LAST_US };

  for (guint i = 0; i < 5; i++)
    directory_back_off_next (&self, 0);
  directory_back_off_reset (&self);
  ck_assert_int_eq (directory_back_off_next (&self, 0), FIRST_US / 2);
}
GST_END_TEST;

GST_START_TEST (the_random_part_is_at_most_half_of_it)
{
  for (guint32 i = 0; i < 100; i++) {
    DirectoryBackOff self = { FIRST_US, LAST_US };
    gint64 wait_us = directory_back_off_next (&self, i * 43019137u);

    ck_assert_int_ge (wait_us, FIRST_US / 2);
    ck_assert_int_le (wait_us, FIRST_US);
  }
}
GST_END_TEST;

static Suite *
backoff_suite (void)
{
  Suite *suite = suite_create ("backoff");
  TCase *tcase = tcase_create ("backoff");

  tcase_add_test (tcase, waits_double_up_to_the_last_one);
  tcase_add_test (tcase, a_success_begins_with_the_first_wait);
  tcase_add_test (tcase, the_random_part_is_at_most_half_of_it);
  suite_add_tcase (suite, tcase);
  return suite;
}

GST_CHECK_MAIN (backoff);
