/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Units are found whatever delimits them. */

#include "gst/flv/nalu.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BYTES(text) text, sizeof text - 1
#define H264 FLV_NALU_H264
#define HEVC FLV_NALU_HEVC

/* Expected units, each followed by a stroke. */
static const struct
{
  const gchar *why;
  FlvNaluSyntax syntax;
  guint n_length_bytes;
  const gchar *data;
  gsize size;
  const gchar *units; /* NULL: malformed */
  gsize units_size;
} tags[] = {
  { "nothing", H264, 4, BYTES (""), BYTES ("") },
  { "a length", H264, 4, BYTES ("\0\0\0\2gA"), BYTES ("gA|") },
  { "two lengths", H264, 4, BYTES ("\0\0\0\2gA\0\0\0\3aBC"),
      BYTES ("gA|aBC|") },
  { "lengths of one byte", H264, 1, BYTES ("\2gA\3aBC"), BYTES ("gA|aBC|") },
  { "lengths of two", H264, 2, BYTES ("\0\2gA\0\3aBC"), BYTES ("gA|aBC|") },
  { "lengths of three", H264, 3, BYTES ("\0\0\2gA\0\0\3aBC"),
      BYTES ("gA|aBC|") },
  { "lengths of four, declared as two", H264, 2,
      BYTES ("\0\0\0\2gA\0\0\0\3aBC"), BYTES ("gA|aBC|") },
  { "empty units", H264, 4, BYTES ("\0\0\0\0\0\0\0\2gA\0\0\0\0"),
      BYTES ("gA|") },
  { "a length of one", H264, 4, BYTES ("\0\0\0\1g\0\0\0\2aB"),
      BYTES ("g|aB|") },
  { "a last byte of zero", H264, 4, BYTES ("\0\0\0\3g\xff\0"),
      BYTES ("g\xff\0|") },
  { "zeroes after the last unit", H264, 4, BYTES ("\0\0\0\2gA\0\0\0"),
      BYTES ("gA|") },
  { "a unit beyond the end", H264, 4, BYTES ("\0\0\0\2gA\0\0\0\3aB"), NULL, 0 },
  { "the longest length", H264, 4, BYTES ("\xff\xff\xff\xff\x41x"), NULL, 0 },
  { "a truncated length", H264, 4, BYTES ("\0\0\0\2gA\0\2"), NULL, 0 },

  { "start codes", H264, 4, BYTES ("\0\0\0\1gA\0\0\0\1aBC"),
      BYTES ("gA|aBC|") },
  { "short start codes", H264, 4, BYTES ("\0\0\1gA\0\0\1aBC"),
      BYTES ("gA|aBC|") },
  { "both", H264, 4, BYTES ("\0\0\0\1gA\0\0\1aBC"), BYTES ("gA|aBC|") },
  { "one start code", H264, 4, BYTES ("\0\0\0\1aBCD"), BYTES ("aBCD|") },
  { "zeroes between", H264, 4, BYTES ("\0\0\0\1gA\0\0\0\0\0\1aBC\0\0\0\0"),
      BYTES ("gA|aBC|") },
  { "start codes without a unit", H264, 4, BYTES ("\0\0\1\0\0\1aB\0\0\1"),
      BYTES ("aB|") },
  { "emulation prevention", H264, 4, BYTES ("\0\0\0\1aB\0\0\3\1CDEF"),
      BYTES ("aB\0\0\3\1CDEF|") },
  { "start codes, declared as lengths of two", H264, 2,
      BYTES ("\0\0\0\1gA\0\0\0\1aBC"), BYTES ("gA|aBC|") },
  { "start codes, declared as lengths of three", H264, 3,
      BYTES ("\0\0\0\1gA\0\0\0\1aBC"), BYTES ("gA|aBC|") },

  { "one length over two units", H264, 4, BYTES ("\0\0\0\x09gA\0\0\0\1aBC"),
      BYTES ("gA|aBC|") },
  { "one length, short start codes", H264, 4, BYTES ("\0\0\0\x08gA\0\0\1aBC"),
      BYTES ("gA|aBC|") },
  { "one length over SEI and slice", H264, 4,
      BYTES ("\0\0\0\x09\6A\0\0\0\1aBC"), BYTES ("\6A|aBC|") },
  { "user data that looks like a slice", H264, 4,
      BYTES ("\0\0\0\x09\6A\0\0\0\1aBC\0\0\0\2aD"),
      BYTES ("\6A\0\0\0\1aBC|aD|") },
  { "a length, then start codes", H264, 4,
      BYTES ("\0\0\0\2gA\0\0\0\1hB\0\0\0\1aCD"), BYTES ("gA|hB|aCD|") },
  { "a start code, then a length", H264, 4, BYTES ("\0\0\0\1gAB\0\0\0\4aCDE"),
      BYTES ("gAB|aCDE|") },
  { "start code, length, start code", H264, 4,
      BYTES ("\0\0\0\1gAB\0\0\0\4aCDE\0\0\0\1aFGH"), BYTES ("gAB|aCDE|aFGH|") },

  { "HEVC", HEVC, 4, BYTES ("\0\0\0\3B\1A\0\0\0\3\2\1C"),
      BYTES ("B\1A|\2\1C|") },
  { "HEVC with start codes", HEVC, 4, BYTES ("\0\0\0\1B\1A\0\0\1\2\1C"),
      BYTES ("B\1A|\2\1C|") },
  { "HEVC, one length", HEVC, 4, BYTES ("\0\0\0\x0a\x4e\1A\0\0\0\1\2\1C"),
      BYTES ("\x4e\1A|\2\1C|") },
};

static GString *
read_units (const FlvNalus *nalus, const gchar *data)
{
  GString *units = g_string_new (NULL);

  for (guint i = 0; i < nalus->n_units; i++) {
    g_string_append_len (units, data + nalus->units[i].offset,
        nalus->units[i].size);
    g_string_append_c (units, '|');
  }
  return units;
}

GST_START_TEST (units_are_found_whatever_delimits_them)
{
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++) {
    g_autoptr (GString) units = NULL;
    FlvNalus nalus;
    gboolean is_valid = flv_nalus_parse (&nalus, tags[i].syntax,
        tags[i].n_length_bytes, (const guint8 *) tags[i].data, tags[i].size);

    ck_assert_msg (is_valid == (tags[i].units != NULL), "%s", tags[i].why);
    if (!is_valid)
      continue;
    units = read_units (&nalus, tags[i].data);
    ck_assert_msg (units->len == tags[i].units_size &&
            memcmp (units->str, tags[i].units, units->len) == 0,
        "%s: %s", tags[i].why, units->str);
  }
}
GST_END_TEST;

/* A length from 0x100 to 0x1ff starts like a short start code. */
GST_START_TEST (a_length_that_looks_like_a_start_code_is_a_length)
{
  for (guint size = 0x100; size < 0x200; size++) {
    g_autofree guint8 *data = g_malloc0 (2 * (4 + size));
    FlvNalus nalus;

    for (guint i = 0; i < 2; i++) {
      guint8 *unit = data + i * (4 + size);

      unit[2] = size >> 8;
      unit[3] = size;
      memset (unit + 4, 'a', size);
    }
    ck_assert (flv_nalus_parse (&nalus, H264, 4, data, 2 * (4 + size)));
    ck_assert_uint_eq (nalus.n_units, 2);
    for (guint i = 0; i < 2; i++) {
      ck_assert_uint_eq (nalus.units[i].size, size);
      ck_assert (nalus.units[i].has_length);
    }
    /* The second unit has a start code. */
    memcpy (data + 4 + size, "\0\0\0\1", 4);
    ck_assert (flv_nalus_parse (&nalus, H264, 4, data, 2 * (4 + size)));
    ck_assert_uint_eq (nalus.n_units, 2);
    ck_assert_uint_eq (nalus.units[0].size, size);
    ck_assert (!nalus.units[1].has_length);
  }
}
GST_END_TEST;

GST_START_TEST (units_are_limited_in_number)
{
  g_autoptr (GByteArray) lengths = g_byte_array_new ();
  g_autoptr (GByteArray) codes = g_byte_array_new ();
  FlvNalus nalus;

  for (guint i = 0; i < FLV_NALUS_MAX; i++) {
    g_byte_array_append (lengths, (const guint8 *) "\0\0\0\2aB", 6);
    g_byte_array_append (codes, (const guint8 *) "\0\0\0\1aB", 6);
  }
  ck_assert (flv_nalus_parse (&nalus, H264, 4, lengths->data, lengths->len));
  ck_assert_uint_eq (nalus.n_units, FLV_NALUS_MAX);
  ck_assert (flv_nalus_parse (&nalus, H264, 4, codes->data, codes->len));
  ck_assert_uint_eq (nalus.n_units, FLV_NALUS_MAX);
  g_byte_array_append (lengths, (const guint8 *) "\0\0\0\2aB", 6);
  g_byte_array_append (codes, (const guint8 *) "\0\0\0\1aB", 6);
  ck_assert (!flv_nalus_parse (&nalus, H264, 4, lengths->data, lengths->len));
  ck_assert (!flv_nalus_parse (&nalus, H264, 4, codes->data, codes->len));
}
GST_END_TEST;

static Suite *
nalu_suite (void)
{
  Suite *suite = suite_create ("nalu");
  TCase *tcase = tcase_create ("nalu");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, units_are_found_whatever_delimits_them);
  tcase_add_test (tcase, a_length_that_looks_like_a_start_code_is_a_length);
  tcase_add_test (tcase, units_are_limited_in_number);
  return suite;
}

GST_CHECK_MAIN (nalu);
