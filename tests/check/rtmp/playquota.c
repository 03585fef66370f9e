/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No client takes all the room, and what is given back can be taken again. */

#include "gst/rtmp/playquota.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (a_client_leaves_room_for_others)
{
  RtmpPlayQuota *quota = rtmp_playquota_new (3, 2);

  ck_assert (rtmp_playquota_take (quota, "a") == NULL);
  ck_assert (rtmp_playquota_take (quota, "a") == NULL);
  ck_assert_str_eq (rtmp_playquota_take (quota, "a"),
      "the limit of players from this address is reached");
  ck_assert (rtmp_playquota_take (quota, "b") == NULL);
  ck_assert_str_eq (rtmp_playquota_take (quota, "c"),
      "the limit of players is reached");
  ck_assert_uint_eq (rtmp_playquota_count (quota), 3);
  rtmp_playquota_release (quota, "a");
  ck_assert (rtmp_playquota_take (quota, "a") == NULL);
  rtmp_playquota_free (quota);
}
GST_END_TEST;

GST_START_TEST (zero_is_no_limit_per_client)
{
  RtmpPlayQuota *quota = rtmp_playquota_new (100, 0);

  for (guint i = 0; i < 100; i++)
    ck_assert (rtmp_playquota_take (quota, "a") == NULL);
  for (guint i = 0; i < 100; i++)
    rtmp_playquota_release (quota, "a");
  ck_assert_uint_eq (rtmp_playquota_count (quota), 0);
  rtmp_playquota_free (quota);
}
GST_END_TEST;

static Suite *
playquota_suite (void)
{
  Suite *suite = suite_create ("playquota");
  TCase *tcase = tcase_create ("playquota");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_client_leaves_room_for_others);
  tcase_add_test (tcase, zero_is_no_limit_per_client);
  return suite;
}

GST_CHECK_MAIN (playquota);
