/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many of something each client has. */

#include "ext/whep/http/clientcounts.h"

#include <gst/check/gstcheck.h>

#define ANNA "192.0.2.1"
#define BERT "2001:db8:1:2::/64"

GST_START_TEST (each_client_has_a_count_of_its_own)
{
  WhepClientCounts *counts = whep_client_counts_new ();

  ck_assert_uint_eq (whep_client_counts_get (counts, ANNA), 0);
  whep_client_counts_add (counts, ANNA);
  whep_client_counts_add (counts, ANNA);
  whep_client_counts_add (counts, BERT);
  ck_assert_uint_eq (whep_client_counts_get (counts, ANNA), 2);
  ck_assert_uint_eq (whep_client_counts_get (counts, BERT), 1);
  whep_client_counts_remove (counts, ANNA);
  whep_client_counts_remove (counts, BERT);
  ck_assert_uint_eq (whep_client_counts_get (counts, ANNA), 1);
  ck_assert_uint_eq (whep_client_counts_get (counts, BERT), 0);
  whep_client_counts_free (counts);
}
GST_END_TEST;

GST_START_TEST (the_client_with_the_most_is_known)
{
  WhepClientCounts *counts = whep_client_counts_new ();

  whep_client_counts_add (counts, ANNA);
  whep_client_counts_add (counts, BERT);
  ck_assert (whep_client_counts_has_most (counts, ANNA));
  ck_assert (whep_client_counts_has_most (counts, BERT));
  whep_client_counts_add (counts, BERT);
  ck_assert (!whep_client_counts_has_most (counts, ANNA));
  ck_assert (whep_client_counts_has_most (counts, BERT));
  whep_client_counts_remove (counts, BERT);
  whep_client_counts_remove (counts, BERT);
  ck_assert (whep_client_counts_has_most (counts, ANNA));
  ck_assert (!whep_client_counts_has_most (counts, BERT));
  whep_client_counts_free (counts);
}
GST_END_TEST;

static Suite *
client_counts_suite (void)
{
  Suite *suite = suite_create ("clientcounts");
  TCase *tcase = tcase_create ("clientcounts");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_client_has_a_count_of_its_own);
  tcase_add_test (tcase, the_client_with_the_most_is_known);
  return suite;
}

GST_CHECK_MAIN (client_counts);
