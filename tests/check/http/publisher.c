/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known about a publisher. */

#include "ext/whep/http/publisher.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (a_copy_has_texts_of_its_own)
{
  WhepPublisher *first = g_new0 (WhepPublisher, 1);
  WhepPublisher *copy;

  first->id = g_strdup ("7");
  first->address = g_strdup ("192.0.2.7");
  first->port = 4711;
  first->protocol = g_strdup ("rtmp");
  first->since_us = 5;
  copy = whep_publisher_copy (first);
  whep_publisher_free (first);

  ck_assert_str_eq (copy->id, "7");
  ck_assert_str_eq (copy->address, "192.0.2.7");
  ck_assert_uint_eq (copy->port, 4711);
  ck_assert (copy->encoder == NULL);
  ck_assert_str_eq (copy->protocol, "rtmp");
  ck_assert_int_eq (copy->since_us, 5);
  whep_publisher_free (copy);
}
GST_END_TEST;

GST_START_TEST (nobody_is_copied_as_nobody)
{
  ck_assert (whep_publisher_copy (NULL) == NULL);
  whep_publisher_free (NULL);
}
GST_END_TEST;

static Suite *
publisher_suite (void)
{
  Suite *suite = suite_create ("publisher");
  TCase *tcase = tcase_create ("publisher");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_copy_has_texts_of_its_own);
  tcase_add_test (tcase, nobody_is_copied_as_nobody);
  return suite;
}

GST_CHECK_MAIN (publisher);
