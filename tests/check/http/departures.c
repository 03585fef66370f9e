/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When each viewer is asked to leave, in virtual time. */

#include "ext/whep/http/departures.h"

#include <gst/check/gstcheck.h>

#define NOW_US (1000 * G_USEC_PER_SEC)
#define SECONDS(n) ((n) *G_USEC_PER_SEC)

static WhepDepartures
planned (guint n_viewers, gint64 deadline_us)
{
  WhepDepartures departures;

  whep_departures_plan (&departures, n_viewers, NOW_US, deadline_us);
  return departures;
}

GST_START_TEST (nobody_is_asked_before_there_is_a_plan)
{
  WhepDepartures departures = { 0 };

  ck_assert_uint_eq (whep_departures_due (&departures, NOW_US), 0);
}
GST_END_TEST;

GST_START_TEST (viewers_are_asked_one_after_the_other)
{
  WhepDepartures departures = planned (1000, NOW_US + SECONDS (60));
  guint n_before = 0;

  for (gint64 us = NOW_US; us <= NOW_US + SECONDS (60); us += SECONDS (1) / 4) {
    guint n_due = whep_departures_due (&departures, us);

    ck_assert_uint_ge (n_due, n_before);
    /* An even rate would be 4.8 in a quarter of a second. */
    ck_assert_uint_le (n_due - n_before, 6);
    n_before = n_due;
  }
  ck_assert_uint_eq (n_before, 1000);
}
GST_END_TEST;

GST_START_TEST (the_balancer_has_time_to_notice_and_the_last_viewer_to_move)
{
  WhepDepartures departures = planned (10, NOW_US + SECONDS (60));

  ck_assert_uint_eq (whep_departures_due (&departures,
                         NOW_US + SECONDS (3) - 1),
      0);
  ck_assert_uint_eq (whep_departures_due (&departures, NOW_US + SECONDS (3)),
      1);
  ck_assert_uint_eq (whep_departures_due (&departures,
                         NOW_US + SECONDS (55) - 1),
      9);
  ck_assert_uint_eq (whep_departures_due (&departures, NOW_US + SECONDS (55)),
      10);
}
GST_END_TEST;

GST_START_TEST (viewers_stay_until_the_last_minute)
{
  WhepDepartures departures = planned (10, NOW_US + SECONDS (600));

  ck_assert_uint_eq (whep_departures_due (&departures,
                         NOW_US + SECONDS (543) - 1),
      0);
  ck_assert_uint_eq (whep_departures_due (&departures, NOW_US + SECONDS (543)),
      1);
}
GST_END_TEST;

GST_START_TEST (a_single_viewer_is_asked_first)
{
  WhepDepartures departures = planned (1, NOW_US + SECONDS (20));

  ck_assert_uint_eq (whep_departures_due (&departures, NOW_US), 0);
  ck_assert_uint_eq (whep_departures_due (&departures, NOW_US + SECONDS (1)),
      1);
}
GST_END_TEST;

GST_START_TEST (a_deadline_that_has_passed_leaves_no_time)
{
  WhepDepartures at_once = planned (7, NOW_US);
  WhepDepartures late = planned (7, NOW_US - 1);

  ck_assert_uint_eq (whep_departures_due (&at_once, NOW_US), 7);
  ck_assert_uint_eq (whep_departures_due (&late, NOW_US), 7);
}
GST_END_TEST;

static Suite *
departures_suite (void)
{
  Suite *suite = suite_create ("departures");
  TCase *tcase = tcase_create ("departures");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, nobody_is_asked_before_there_is_a_plan);
  tcase_add_test (tcase, viewers_are_asked_one_after_the_other);
  tcase_add_test (tcase,
      the_balancer_has_time_to_notice_and_the_last_viewer_to_move);
  tcase_add_test (tcase, viewers_stay_until_the_last_minute);
  tcase_add_test (tcase, a_single_viewer_is_asked_first);
  tcase_add_test (tcase, a_deadline_that_has_passed_leaves_no_time);
  return suite;
}

GST_CHECK_MAIN (departures);
