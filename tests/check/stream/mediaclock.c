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

/* An encoder on a busy machine is late for a while: its picture is not apart
 * from its sound for good. */
GST_START_TEST (a_track_that_was_late_is_on_time_again)
{
  WhepMediaClock media_clock = { 0 };

  whep_media_clock_map (&media_clock, 10 * SECOND, 10 * SECOND);
  ck_assert_int_eq (whep_media_clock_map (&media_clock, 11 * SECOND,
                        11 * SECOND + SECOND * 6 / 10),
      11 * SECOND + SECOND * 6 / 10);
  /* Not yet: one that hovers about the limit would jump to and fro. */
  ck_assert_int_eq (whep_media_clock_map (&media_clock, 12 * SECOND,
                        12 * SECOND + SECOND * 4 / 10),
      12 * SECOND + SECOND * 6 / 10);
  ck_assert_int_eq (whep_media_clock_map (&media_clock, 13 * SECOND,
                        13 * SECOND + SECOND / 10),
      13 * SECOND);
}
GST_END_TEST;

GST_START_TEST (lateness_after_a_stall_is_of_that_time)
{
  WhepMediaClock media_clock = { 0 };

  whep_media_clock_map (&media_clock, 10 * SECOND, 10 * SECOND);
  /* It stalls for 20 seconds, and is late twice after that. */
  whep_media_clock_map (&media_clock, 11 * SECOND, 31 * SECOND);
  for (guint i = 0; i < 2; i++) {
    gint64 due_us = (20 + 10 * i) * SECOND;

    whep_media_clock_map (&media_clock, due_us, due_us + 21 * SECOND);
    ck_assert_int_eq (whep_media_clock_map (&media_clock, due_us + SECOND,
                          due_us + 21 * SECOND + SECOND / 10),
        due_us + 21 * SECOND);
  }
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
  tcase_add_test (tcase, a_track_that_was_late_is_on_time_again);
  tcase_add_test (tcase, lateness_after_a_stall_is_of_that_time);
  return suite;
}

GST_CHECK_MAIN (mediaclock);
