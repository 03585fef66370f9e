/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bits are read in order, and zeroes after the end. */

#include "gst/bitstream/bitreader.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (bits_are_read_most_significant_first)
{
  static const guint8 bytes[] = { 0xa5, 0x0f, 0xff };
  BitReader reader;

  bit_reader_init (&reader, bytes, sizeof bytes);
  ck_assert_uint_eq (bit_reader_read (&reader, 4), 0xa);
  ck_assert_uint_eq (bit_reader_read (&reader, 8), 0x50);
  bit_reader_skip (&reader, 3);
  ck_assert_uint_eq (bit_reader_read (&reader, 9), 0x1ff);
  ck_assert (!bit_reader_is_past_end (&reader));
}
GST_END_TEST;

GST_START_TEST (reads_past_the_end_return_zeroes)
{
  static const guint8 bytes[] = { 0xff };
  BitReader reader;

  bit_reader_init (&reader, bytes, sizeof bytes);
  ck_assert_uint_eq (bit_reader_read (&reader, 8), 0xff);
  ck_assert (!bit_reader_is_past_end (&reader));
  ck_assert_uint_eq (bit_reader_read (&reader, 32), 0);
  ck_assert (bit_reader_is_past_end (&reader));
  bit_reader_init (&reader, bytes, 0);
  ck_assert (!bit_reader_is_past_end (&reader));
  ck_assert_uint_eq (bit_reader_read (&reader, 1), 0);
  ck_assert (bit_reader_is_past_end (&reader));
}
GST_END_TEST;

/* 1, 010, 011, 00100: section 9.1's table. */
GST_START_TEST (exp_golomb_matches_the_table)
{
  static const guint8 bytes[] = { 0xa6, 0x40 };
  static const guint8 zeroes[8] = { 0 };
  BitReader reader;

  bit_reader_init (&reader, bytes, sizeof bytes);
  for (guint i = 0; i < 4; i++)
    ck_assert_uint_eq (bit_reader_read_ue (&reader), i);
  bit_reader_init (&reader, zeroes, sizeof zeroes);
  ck_assert_uint_eq (bit_reader_read_ue (&reader), G_MAXUINT32);
}
GST_END_TEST;

GST_START_TEST (emulation_prevention_is_skipped)
{
  static const guint8 bytes[] = { 0, 0, 3, 1, 0, 0, 3, 0, 0, 3 };
  BitReader reader;

  bit_reader_init_rbsp (&reader, bytes, sizeof bytes);
  ck_assert_uint_eq (bit_reader_read (&reader, 24), 1);
  ck_assert_uint_eq (bit_reader_read (&reader, 32), 0);
  ck_assert (!bit_reader_is_past_end (&reader));
  bit_reader_init (&reader, bytes, sizeof bytes);
  ck_assert_uint_eq (bit_reader_read (&reader, 24), 3);
}
GST_END_TEST;

static Suite *
bitreader_suite (void)
{
  Suite *suite = suite_create ("bitreader");
  TCase *tcase = tcase_create ("bitreader");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, bits_are_read_most_significant_first);
  tcase_add_test (tcase, reads_past_the_end_return_zeroes);
  tcase_add_test (tcase, exp_golomb_matches_the_table);
  tcase_add_test (tcase, emulation_prevention_is_skipped);
  return suite;
}

GST_CHECK_MAIN (bitreader);
