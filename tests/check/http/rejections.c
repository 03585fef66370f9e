/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which rejections are reported. */

#include "ext/whep/http/rejections.h"

#include <gst/check/gstcheck.h>

#define START_US (1000 * G_USEC_PER_SEC)

static guint
tell (WhepRejections *rejections, const gchar *client, guint n_rejected,
    gint64 now_us)
{
  guint n_told = 0, n_untold;

  for (guint i = 0; i < n_rejected; i++)
    n_told += whep_rejections_may_tell (rejections, client, now_us, &n_untold);
  return n_told;
}

GST_START_TEST (a_client_that_keeps_retrying_is_reported_now_and_then)
{
  WhepRejections *rejections = whep_rejections_new ();
  guint n_untold = 0;

  ck_assert_uint_eq (tell (rejections, "one", 1000, START_US),
      WHEP_REJECTIONS_BURST);
  ck_assert (whep_rejections_may_tell (rejections, "one",
      START_US + WHEP_REJECTIONS_REST_US, &n_untold));
  ck_assert_uint_eq (n_untold, 1000 - WHEP_REJECTIONS_BURST);
  ck_assert (whep_rejections_may_tell (rejections, "two",
      START_US + WHEP_REJECTIONS_REST_US, &n_untold));
  ck_assert_uint_eq (n_untold, 0);
  whep_rejections_free (rejections);
}
GST_END_TEST;

GST_START_TEST (a_flood_from_one_client_does_not_hide_others)
{
  WhepRejections *rejections = whep_rejections_new ();

  tell (rejections, "one", 100000, START_US);
  ck_assert_uint_eq (tell (rejections, "two", 1, START_US), 1);
  whep_rejections_free (rejections);
}
GST_END_TEST;

GST_START_TEST (a_flood_from_many_clients_is_limited)
{
  WhepRejections *rejections = whep_rejections_new ();
  guint n_told = 0;

  for (guint i = 0; i < 10000; i++) {
    g_autofree gchar *client = g_strdup_printf ("client %u", i);

    n_told += tell (rejections, client, 1, START_US);
  }
  ck_assert_uint_eq (n_told, WHEP_REJECTIONS_ALL_BURST);
  ck_assert_uint_eq (tell (rejections, "one more", 1,
                         START_US + WHEP_REJECTIONS_ALL_REST_US),
      1);
  whep_rejections_free (rejections);
}
GST_END_TEST;

static Suite *
rejections_suite (void)
{
  Suite *suite = suite_create ("rejections");
  TCase *tcase = tcase_create ("rejections");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_client_that_keeps_retrying_is_reported_now_and_then);
  tcase_add_test (tcase, a_flood_from_one_client_does_not_hide_others);
  tcase_add_test (tcase, a_flood_from_many_clients_is_limited);
  return suite;
}

GST_CHECK_MAIN (rejections);
