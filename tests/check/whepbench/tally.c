/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How often each text was counted. */

#include "whepbench/tally.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (a_text_is_counted_as_often_as_it_is_added)
{
  Tally *tally = tally_new ();

  tally_add (tally, "b");
  tally_add (tally, "a");
  tally_add_lines (tally, "b\nc\nb\n");
  ck_assert_uint_eq (tally_n_entries (tally), 3);
  ck_assert_str_eq (tally_entry (tally, 0)->text, "b");
  ck_assert_uint_eq (tally_entry (tally, 0)->n, 2);
  ck_assert_uint_eq (tally_entry (tally, 2)->n, 1);
  tally_free (tally);
  tally_free (NULL);
}
GST_END_TEST;

GST_START_TEST (further_texts_are_counted_together)
{
  Tally *tally = tally_new ();

  for (guint i = 0; i < TALLY_MAX_TEXTS + 5; i++) {
    g_autofree gchar *text = g_strdup_printf ("%u", i);

    tally_add (tally, text);
  }
  ck_assert_uint_eq (tally_n_entries (tally), TALLY_MAX_TEXTS + 1);
  ck_assert_str_eq (tally_entry (tally, TALLY_MAX_TEXTS)->text, TALLY_OTHERS);
  ck_assert_uint_eq (tally_entry (tally, TALLY_MAX_TEXTS)->n, 5);
  tally_free (tally);
}
GST_END_TEST;

static Suite *
tally_suite (void)
{
  Suite *suite = suite_create ("tally");
  TCase *tcase = tcase_create ("tally");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_text_is_counted_as_often_as_it_is_added);
  tcase_add_test (tcase, further_texts_are_counted_together);
  return suite;
}

GST_CHECK_MAIN (tally);
