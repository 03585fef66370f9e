/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses whose datagrams belong to another thread. */

#include "ext/whep/media/forwardtable.h"

#include <gst/check/gstcheck.h>

static WhepAddress
address (guint number)
{
  WhepAddress address = { .remote_port = number,
    .remote_ip = { [13] = number >> 16, [15] = 1 } };

  return address;
}

GST_START_TEST (an_address_is_found_with_its_latest_worker)
{
  WhepForwardTable *forwards = whep_forward_table_new ();
  WhepAddress alice = address (1), bob = address (2);
  guint worker;

  ck_assert (!whep_forward_table_find (forwards, &alice, &worker));
  whep_forward_table_learn (forwards, &alice, 3);
  ck_assert (whep_forward_table_find (forwards, &alice, &worker));
  ck_assert_uint_eq (worker, 3);
  ck_assert (!whep_forward_table_find (forwards, &bob, &worker));
  whep_forward_table_learn (forwards, &alice, 1);
  ck_assert (whep_forward_table_find (forwards, &alice, &worker));
  ck_assert_uint_eq (worker, 1);
  ck_assert_uint_eq (whep_forward_table_count (forwards), 1);
  whep_forward_table_free (forwards);
}
GST_END_TEST;

GST_START_TEST (the_table_does_not_grow_without_limit)
{
  WhepForwardTable *forwards = whep_forward_table_new ();
  guint worker;

  for (guint i = 0; i <= WHEP_FORWARD_TABLE_MAX; i++) {
    WhepAddress forwarded = address (i);

    whep_forward_table_learn (forwards, &forwarded, 1);
    ck_assert (whep_forward_table_find (forwards, &forwarded, &worker));
  }
  ck_assert_uint_eq (whep_forward_table_count (forwards), 1);
  whep_forward_table_free (forwards);
}
GST_END_TEST;

static Suite *
forwardtable_suite (void)
{
  Suite *suite = suite_create ("forwardtable");
  TCase *tests = tcase_create ("forwardtable");

  tcase_add_test (tests, an_address_is_found_with_its_latest_worker);
  tcase_add_test (tests, the_table_does_not_grow_without_limit);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (forwardtable);
