/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The time of a stream goes on whatever its publishers' clocks do. */

#include "gst/rtmp/playclock.h"

#include <gst/check/gstcheck.h>

#define MS(n) ((n) * (gint64) 1000)

GST_START_TEST (times_begin_at_zero_and_keep_their_distances)
{
  RtmpPlayClock clock = { 0 };

  ck_assert_uint_eq (rtmp_playclock_map (&clock, 5000, MS (70)), 0);
  ck_assert_uint_eq (rtmp_playclock_map (&clock, 5040, MS (71)), 40);
  ck_assert_uint_eq (rtmp_playclock_map (&clock, 5020, MS (72)), 20);
  ck_assert_uint_eq (rtmp_playclock_map (&clock, 4000, MS (73)), 0);
}
GST_END_TEST;

GST_START_TEST (times_go_on_where_the_publishers_wrap)
{
  RtmpPlayClock clock = { 0 };

  rtmp_playclock_map (&clock, 0xfffffff0, 0);
  ck_assert_uint_eq (rtmp_playclock_map (&clock, 0x10, MS (32)), 32);
}
GST_END_TEST;

GST_START_TEST (a_jump_is_as_long_as_it_took)
{
  RtmpPlayClock clock = { 0 };

  rtmp_playclock_map (&clock, 1000, MS (0));
  ck_assert_uint_eq (rtmp_playclock_map (&clock, 500000, MS (40)), 40);
  ck_assert_uint_eq (rtmp_playclock_map (&clock, 500040, MS (80)), 80);
  ck_assert_uint_eq (rtmp_playclock_map (&clock, 0, MS (120)), 120);
}
GST_END_TEST;

GST_START_TEST (another_publisher_continues_after_all_frames)
{
  RtmpPlayClock clock = { 0 };

  rtmp_playclock_map (&clock, 0, MS (0));
  rtmp_playclock_map (&clock, 100, MS (100));
  rtmp_playclock_map (&clock, 80, MS (101));
  rtmp_playclock_begin (&clock);
  ck_assert_uint_eq (rtmp_playclock_map (&clock, 7000, MS (101)), 101);
  rtmp_playclock_begin (&clock);
  ck_assert_uint_eq (rtmp_playclock_map (&clock, 0, MS (5101)), 5101);
}
GST_END_TEST;

static Suite *
playclock_suite (void)
{
  Suite *suite = suite_create ("playclock");
  TCase *tcase = tcase_create ("playclock");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, times_begin_at_zero_and_keep_their_distances);
  tcase_add_test (tcase, times_go_on_where_the_publishers_wrap);
  tcase_add_test (tcase, a_jump_is_as_long_as_it_took);
  tcase_add_test (tcase, another_publisher_continues_after_all_frames);
  return suite;
}

GST_CHECK_MAIN (playclock);
