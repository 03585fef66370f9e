/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Packet times stay close to the clock, and evenly spaced as long as nothing
 * happens. */

#include "ext/whep/stream/mediaclock.h"

#include <gst/check/gstcheck.h>

#define SECOND G_USEC_PER_SEC

GST_START_TEST (jitter_changes_nothing)
{
  WhepMediaClock media_clock = { 0 };

  ck_assert_int_eq (whep_media_clock_map (&media_clock, 10 * SECOND,
                        10 * SECOND),
      10 * SECOND);
  ck_assert_int_eq (whep_media_clock_map (&media_clock, 11 * SECOND,
                        11 * SECOND + SECOND / 2),
      11 * SECOND);
  ck_assert_int_eq (whep_media_clock_map (&media_clock, 12 * SECOND,
                        12 * SECOND - SECOND / 2),
      12 * SECOND);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_stalled_is_as_fresh_as_before)
{
  WhepMediaClock media_clock = { 0 };

  whep_media_clock_map (&media_clock, 10 * SECOND, 10 * SECOND);
  /* Twenty seconds later it continues with its next frame. */
  ck_assert_int_eq (whep_media_clock_map (&media_clock, 11 * SECOND,
                        30 * SECOND),
      30 * SECOND);
  ck_assert_int_eq (whep_media_clock_map (&media_clock, 12 * SECOND,
                        31 * SECOND + SECOND / 4),
      31 * SECOND);
}
GST_END_TEST;

GST_START_TEST (times_ahead_of_the_clock_are_brought_back)
{
  WhepMediaClock media_clock = { 0 };

  ck_assert_int_eq (whep_media_clock_map (&media_clock, 30 * SECOND,
                        10 * SECOND),
      10 * SECOND);
  ck_assert_int_eq (whep_media_clock_map (&media_clock, 31 * SECOND,
                        11 * SECOND),
      11 * SECOND);
}
GST_END_TEST;

static Suite *
mediaclock_suite (void)
{
  Suite *suite = suite_create ("mediaclock");
  TCase *tcase = tcase_create ("mediaclock");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, jitter_changes_nothing);
  tcase_add_test (tcase, a_publisher_that_stalled_is_as_fresh_as_before);
  tcase_add_test (tcase, times_ahead_of_the_clock_are_brought_back);
  return suite;
}

GST_CHECK_MAIN (mediaclock);
