/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random text and bytes. */

#include "ext/whep/http/random-io.h"

#include <gst/check/gstcheck.h>
#include <string.h>

GST_START_TEST (random_text_uses_all_of_the_alphabet_and_nothing_else)
{
  gchar text[8192 + 1];
  gboolean is_seen[256] = { FALSE };
  guint n_seen = 0;

  whep_random_text (text, sizeof (text) - 1);
  ck_assert_uint_eq (strlen (text), sizeof (text) - 1);
  for (const gchar *c = text; *c != '\0'; c++) {
    ck_assert (g_ascii_isalnum (*c));
    n_seen += !is_seen[(guint8) *c];
    is_seen[(guint8) *c] = TRUE;
  }
  /* The chance that one of 62 is missing among 8192 is about 1e-56. */
  ck_assert_uint_eq (n_seen, 62);
}
GST_END_TEST;

GST_START_TEST (random_text_stays_in_its_room)
{
  gchar text[] = "xxxxxxxx";

  whep_random_text (text, 0);
  ck_assert_str_eq (text, "");
  memset (text, '!', sizeof (text) - 1);
  whep_random_text (text, 4);
  ck_assert_uint_eq (strlen (text), 4);
  ck_assert_str_eq (text + 5, "!!!");
}
GST_END_TEST;

GST_START_TEST (random_bytes_differ_each_time)
{
  guint8 one[16] = { 0 }, other[16] = { 0 };

  whep_random_bytes (one, sizeof (one));
  whep_random_bytes (other, sizeof (other));
  ck_assert (memcmp (one, other, sizeof (one)) != 0);
}
GST_END_TEST;

static Suite *
random_suite (void)
{
  Suite *suite = suite_create ("random");
  TCase *tcase = tcase_create ("random");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, random_text_uses_all_of_the_alphabet_and_nothing_else);
  tcase_add_test (tcase, random_text_stays_in_its_room);
  tcase_add_test (tcase, random_bytes_differ_each_time);
  return suite;
}

GST_CHECK_MAIN (random);
