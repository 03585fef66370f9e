/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which rejections are reported. */

#include "ext/whep/http/refusals.h"

#include <gst/check/gstcheck.h>

#define START_US (1000 * G_USEC_PER_SEC)

static guint
tell (WhepRefusals *refusals, const gchar *client, guint n_refused,
    gint64 now_us)
{
  guint n_told = 0, n_untold;

  for (guint i = 0; i < n_refused; i++)
    n_told += whep_refusals_may_tell (refusals, client, now_us, &n_untold);
  return n_told;
}

GST_START_TEST (a_client_that_keeps_retrying_is_reported_now_and_then)
{
  WhepRefusals *refusals = whep_refusals_new ();
  guint n_untold = 0;

  ck_assert_uint_eq (tell (refusals, "one", 1000, START_US),
      WHEP_REFUSALS_BURST);
  ck_assert (whep_refusals_may_tell (refusals, "one",
      START_US + WHEP_REFUSALS_REST_US, &n_untold));
  ck_assert_uint_eq (n_untold, 1000 - WHEP_REFUSALS_BURST);
  ck_assert (whep_refusals_may_tell (refusals, "two",
      START_US + WHEP_REFUSALS_REST_US, &n_untold));
  ck_assert_uint_eq (n_untold, 0);
  whep_refusals_free (refusals);
}
GST_END_TEST;

GST_START_TEST (a_flood_from_one_client_does_not_hide_others)
{
  WhepRefusals *refusals = whep_refusals_new ();

  tell (refusals, "one", 100000, START_US);
  ck_assert_uint_eq (tell (refusals, "two", 1, START_US), 1);
  whep_refusals_free (refusals);
}
GST_END_TEST;

GST_START_TEST (a_flood_from_many_clients_is_limited)
{
  WhepRefusals *refusals = whep_refusals_new ();
  guint n_told = 0;

  for (guint i = 0; i < 10000; i++) {
    g_autofree gchar *client = g_strdup_printf ("client %u", i);

    n_told += tell (refusals, client, 1, START_US);
  }
  ck_assert_uint_eq (n_told, WHEP_REFUSALS_ALL_BURST);
  ck_assert_uint_eq (tell (refusals, "one more", 1,
                         START_US + WHEP_REFUSALS_ALL_REST_US),
      1);
  whep_refusals_free (refusals);
}
GST_END_TEST;

static Suite *
refusals_suite (void)
{
  Suite *suite = suite_create ("refusals");
  TCase *tcase = tcase_create ("refusals");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_client_that_keeps_retrying_is_reported_now_and_then);
  tcase_add_test (tcase, a_flood_from_one_client_does_not_hide_others);
  tcase_add_test (tcase, a_flood_from_many_clients_is_limited);
  return suite;
}

GST_CHECK_MAIN (refusals);
