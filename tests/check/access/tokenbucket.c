/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A burst at once, then so many a second. */

#include "gst/access/tokenbucket.h"

#include <gst/check/gstcheck.h>

#define SECOND ((gint64) G_USEC_PER_SEC)

static guint
take_all (AccessTokenBucket *limit, gint64 now_us)
{
  guint n_taken = 0;

  while (access_token_bucket_take (limit, now_us))
    n_taken++;
  return n_taken;
}

GST_START_TEST (a_burst_and_then_so_many_a_second)
{
  AccessTokenBucket limit = { .burst = 5, .token_us = G_USEC_PER_SEC / 2 };

  ck_assert_uint_eq (take_all (&limit, 1000 * SECOND), 5);
  ck_assert_uint_eq (take_all (&limit, 1000 * SECOND), 0);
  ck_assert_uint_eq (take_all (&limit, 1001 * SECOND), 2);
  ck_assert_uint_eq (take_all (&limit, 1001 * SECOND + SECOND / 4), 0);
  ck_assert_uint_eq (take_all (&limit, 9999 * SECOND), 5);
}
GST_END_TEST;

GST_START_TEST (looking_takes_no_token)
{
  AccessTokenBucket limit = { .burst = 2, .token_us = G_USEC_PER_SEC };

  for (guint i = 0; i < 5; i++)
    ck_assert (access_token_bucket_has_token (&limit, 1000 * SECOND));
  ck_assert_uint_eq (take_all (&limit, 1000 * SECOND), 2);
  ck_assert (!access_token_bucket_has_token (&limit, 1001 * SECOND - 1));
  ck_assert (access_token_bucket_has_token (&limit, 1001 * SECOND));
}
GST_END_TEST;

static Suite *
tokenbucket_suite (void)
{
  Suite *suite = suite_create ("tokenbucket");
  TCase *tcase = tcase_create ("tokenbucket");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_burst_and_then_so_many_a_second);
  tcase_add_test (tcase, looking_takes_no_token);
  return suite;
}

GST_CHECK_MAIN (tokenbucket);
