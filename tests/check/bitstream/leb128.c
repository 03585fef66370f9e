/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* LEB128 numbers are read or rejected. */

#include "gst/bitstream/leb128.h"

#include <gst/check/gstcheck.h>

#define BYTES(text) (const guint8 *) text, sizeof text - 1

static const struct
{
  const guint8 *bytes;
  gsize size;
  gsize n_read; /* 0: invalid */
  guint64 number;
} cases[] = {
  { BYTES (""), 0, 0 },
  { BYTES ("\0"), 1, 0 },
  { BYTES ("\x7f\1"), 1, 127 },
  { BYTES ("\x80\1"), 2, 128 },
  { BYTES ("\x81\x80\0"), 3, 1 },
  { BYTES ("\xff\xff\xff\xff\x0f"), 5, G_MAXUINT32 },
  { BYTES ("\x80\x80\x80\x80\x10"), 0, 0 },
  { BYTES ("\x80\x80"), 0, 0 },
  { BYTES ("\x80\x80\x80\x80\x80\x80\x80\x80\1"), 0, 0 },
};

GST_START_TEST (numbers_are_read_to_their_last_byte)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gsize at = 0;
    guint64 number;
    gboolean is_number =
        leb128_read (cases[i].bytes, cases[i].size, &at, &number);

    ck_assert_msg (is_number == (cases[i].n_read > 0), "case %u", i);
    ck_assert_uint_le (at, cases[i].size);
    if (!is_number)
      continue;
    ck_assert_uint_eq (at, cases[i].n_read);
    ck_assert_uint_eq (number, cases[i].number);
  }
}
GST_END_TEST;

static Suite *
leb128_suite (void)
{
  Suite *suite = suite_create ("leb128");
  TCase *tcase = tcase_create ("leb128");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, numbers_are_read_to_their_last_byte);
  return suite;
}

GST_CHECK_MAIN (leb128);
