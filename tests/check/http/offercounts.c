/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Offers are counted by their result. */

#include "ext/whep/http/offercounts.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (each_result_has_a_count_of_its_own)
{
  WhepOfferCounts *self = whep_offer_counts_new ();
  g_autoptr (GList) results = NULL;

  ck_assert_uint_eq (whep_offer_counts_get (self, WHEP_OFFER_ANSWERED), 0);
  whep_offer_counts_add (self, WHEP_OFFER_ANSWERED);
  whep_offer_counts_add (self, "too-long");
  whep_offer_counts_add (self, "no-publisher");
  whep_offer_counts_add (self, "no-publisher");
  ck_assert_uint_eq (whep_offer_counts_get (self, WHEP_OFFER_ANSWERED), 1);
  ck_assert_uint_eq (whep_offer_counts_get (self, "no-publisher"), 2);
  ck_assert_uint_eq (whep_offer_counts_get (self, "too-long"), 1);
  ck_assert_uint_eq (whep_offer_counts_get (self, "no-session"), 0);

  results = whep_offer_counts_results (self);
  ck_assert_uint_eq (g_list_length (results), 3);
  ck_assert_str_eq (g_list_nth_data (results, 0), WHEP_OFFER_ANSWERED);
  ck_assert_str_eq (g_list_nth_data (results, 1), "no-publisher");
  ck_assert_str_eq (g_list_nth_data (results, 2), "too-long");
  whep_offer_counts_free (self);
}
GST_END_TEST;

static Suite *
offercounts_suite (void)
{
  Suite *suite = suite_create ("offercounts");
  TCase *tcase = tcase_create ("offercounts");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_result_has_a_count_of_its_own);
  return suite;
}

GST_CHECK_MAIN (offercounts);
