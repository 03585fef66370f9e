/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Boxes: their sizes, and big-endian numbers. */

#include "gst/mp4/box.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (a_box_has_its_size_and_its_numbers)
{
  static const guint8 expected[] = { 0, 0, 0, 37, 'o', 'u', 't', 'r', 0, 0, 0,
    29, 'i', 'n', 'n', 'r', 1, 2, 3, 4, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66,
    0x77, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0 };
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize outer = mp4_box_begin (out, "outr");
  gsize inner = mp4_full_box_begin (out, "innr", 1, 0x020304);

  mp4_put_u8 (out, 0x11);
  mp4_put_u16 (out, 0x2233);
  mp4_put_u32 (out, 0x44556677);
  mp4_put_u64 (out, 9);
  mp4_put_zeros (out, 2);
  mp4_box_end (out, inner);
  mp4_box_end (out, outer);
  ck_assert_uint_eq (out->len, sizeof expected);
  ck_assert (memcmp (out->data, expected, sizeof expected) == 0);
}
GST_END_TEST;

static Suite *
box_suite (void)
{
  Suite *suite = suite_create ("box");
  TCase *tcase = tcase_create ("box");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_box_has_its_size_and_its_numbers);
  return suite;
}

GST_CHECK_MAIN (box);
