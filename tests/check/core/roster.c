/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A name has one publisher at a time. */

#include "gst/rtmp/roster.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (a_name_is_claimed_once_until_it_is_released)
{
  RtmpRoster *roster = rtmp_roster_new ();
  guint first, second;
  RtmpRefusal refusal;

  rtmp_roster_set_limit (roster, 2);
  ck_assert (rtmp_roster_claim (roster, "live/a", &first, &refusal));
  ck_assert (!rtmp_roster_claim (roster, "live/a", &second, &refusal));
  ck_assert_int_eq (refusal, RTMP_REFUSAL_BAD_NAME);
  ck_assert_uint_eq (rtmp_roster_count (roster), 1);

  rtmp_roster_release (roster, "live/a");
  ck_assert_uint_eq (rtmp_roster_count (roster), 0);
  ck_assert (rtmp_roster_claim (roster, "live/a", &second, &refusal));
  ck_assert_uint_ne (first, second);
  rtmp_roster_free (roster);
}
GST_END_TEST;

GST_START_TEST (more_than_the_limit_find_it_full)
{
  RtmpRoster *roster = rtmp_roster_new ();
  RtmpRefusal refusal;
  guint number;

  rtmp_roster_set_limit (roster, 1);
  ck_assert (rtmp_roster_claim (roster, "live/a", &number, &refusal));
  ck_assert (!rtmp_roster_claim (roster, "live/b", &number, &refusal));
  ck_assert_int_eq (refusal, RTMP_REFUSAL_FULL);
  rtmp_roster_set_limit (roster, 2);
  ck_assert (rtmp_roster_claim (roster, "live/b", &number, &refusal));
  rtmp_roster_free (roster);
}
GST_END_TEST;

static Suite *
roster_suite (void)
{
  Suite *suite = suite_create ("roster");
  TCase *tcase = tcase_create ("roster");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_name_is_claimed_once_until_it_is_released);
  tcase_add_test (tcase, more_than_the_limit_find_it_full);
  return suite;
}

GST_CHECK_MAIN (roster);
