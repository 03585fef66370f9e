/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Start codes are found, and what looks like them is not. */

#include "gst/bitstream/startcode.h"

#include <gst/check/gstcheck.h>

#define BYTES(text) (const guint8 *) text, sizeof text - 1

static const struct
{
  const guint8 *bytes;
  gsize size, at, next;
} cases[] = {
  { BYTES (""), 0, 0 },
  { BYTES ("\0\0\1"), 0, 3 },
  { BYTES ("\0\0\1\x65"), 0, 3 },
  { BYTES ("\0\0\0\1\x65"), 0, 4 },
  { BYTES ("\0\1\0\2\0\0\1\x65"), 0, 7 },
  { BYTES ("\1\1\1\1\0\0\1\x65"), 0, 7 },
  { BYTES ("\0\0\1\x65\0\0\1\x41"), 3, 7 },
  { BYTES ("\0\0\1\x65\0\0\3\1"), 3, 8 },
};

GST_START_TEST (the_next_unit_is_found)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    ck_assert_msg (start_code_next (cases[i].bytes, cases[i].size,
                       cases[i].at) == cases[i].next,
        "case %u", i);
}
GST_END_TEST;

GST_START_TEST (a_start_code_at_the_end_is_found)
{
  ck_assert_uint_eq (start_code_find (BYTES (""), 0), 0);
  ck_assert_uint_eq (start_code_find (BYTES ("\0\0\1"), 0), 0);
  ck_assert_uint_eq (start_code_find (BYTES ("\0\0\0\1\x65"), 0), 1);
  ck_assert_uint_eq (start_code_find (BYTES ("\0\0\1\x65\0\0\1"), 1), 4);
  ck_assert_uint_eq (start_code_find (BYTES ("\0\0\1\x65"), 1), 4);
}
GST_END_TEST;

static Suite *
startcode_suite (void)
{
  Suite *suite = suite_create ("startcode");
  TCase *tcase = tcase_create ("startcode");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_next_unit_is_found);
  tcase_add_test (tcase, a_start_code_at_the_end_is_found);
  return suite;
}

GST_CHECK_MAIN (startcode);
