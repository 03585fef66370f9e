/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Classification of HEVC NAL units, and parsing of an SPS. */

#include "gst/flv/hevc.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BYTES(text) text, sizeof text - 1
#define SLICE FLV_NALU_SLICE
#define SET FLV_NALU_SET

static const struct
{
  const gchar *why;
  const gchar *nal;
  gsize size;
  FlvNaluFacts facts; /* kind, set, is_key, starts_picture */
} units[] = {
  { "a trailing picture", BYTES ("\x02\1\xd0"), { SLICE, 0, FALSE, TRUE } },
  { "its second slice", BYTES ("\x02\1\x50"), { SLICE, 0, FALSE, FALSE } },
  { "a truncated slice", BYTES ("\x02\1"), { SLICE, 0, FALSE, FALSE } },
  { "a slice of one byte", BYTES ("\x02"), { SLICE, 0, FALSE, FALSE } },
  { "an IDR picture", BYTES ("\x26\1\xaf"), { SLICE, 0, TRUE, TRUE } },
  { "its second slice", BYTES ("\x28\1\x2f"), { SLICE, 0, TRUE, FALSE } },
  { "a CRA picture", BYTES ("\x2a\1\xaf"), { SLICE, 0, TRUE, TRUE } },
  { "a BLA picture", BYTES ("\x20\1\xaf"), { SLICE, 0, TRUE, TRUE } },
  { "a VPS", BYTES ("\x40\1\x0c"), { SET, FLV_SET_VPS } },
  { "an SPS", BYTES ("\x42\1\x01"), { SET, FLV_SET_SPS } },
  { "a PPS", BYTES ("\x44\1\xc1"), { SET, FLV_SET_PPS } },
  { "a delimiter", BYTES ("\x46\1\x50"), { FLV_NALU_USELESS } },
  { "filler", BYTES ("\x4c\1\xff"), { FLV_NALU_USELESS } },
  { "SEI before the slices", BYTES ("\x4e\1\x89"), { FLV_NALU_OTHER } },
  { "SEI without a type", BYTES ("\x4e\1"), { FLV_NALU_OTHER } },
  { "user data", BYTES ("\x4e\1\5"), { FLV_NALU_USELESS } },
  { "SEI after the slices", BYTES ("\x50\1\x84"), { FLV_NALU_USELESS } },
  { "the end of a sequence", BYTES ("\x48\1"), { FLV_NALU_OTHER } },
};

GST_START_TEST (units_are_classified)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
    FlvNaluFacts facts =
        flv_hevc_read_nalu ((const guint8 *) units[i].nal, units[i].size);

    ck_assert_msg (facts.kind == units[i].facts.kind &&
            facts.set == units[i].facts.set &&
            facts.is_key == units[i].facts.is_key &&
            facts.starts_picture == units[i].facts.starts_picture,
        "%s", units[i].why);
  }
}
GST_END_TEST;

/* From x265, 320x256: Main profile, level 2.1; and with ten bits: Main 10. */
#define MAIN                                                                   \
  "\x42\x01\x01\x01\x60\x00\x00\x03\x00\x90\x00\x00\x03\x00\x00\x03\x00\x3f"   \
  "\xa0\x0a\x08\x04\x05\x96\xe9\x29\x30\xbf"
#define MAIN_10                                                                \
  "\x42\x01\x01\x02\x20\x00\x00\x03\x00\x90\x00\x00\x03\x00\x00\x03\x00\x3f"   \
  "\xa0\x0a\x08\x04\x04\xd9\x6e\x92\x93\x0b"
static const guint8 profile[FLV_HEVC_PROFILE_BYTES] = { 0x01, 0x60, 0, 0, 0,
  0x90, 0, 0, 0, 0, 0, 0x3f };

GST_START_TEST (an_sps_is_parsed)
{
  FlvHevcSps sps;

  ck_assert (flv_hevc_parse_sps (&sps, (const guint8 *) MAIN, sizeof MAIN - 1));
  ck_assert_int_eq (memcmp (sps.profile, profile, sizeof profile), 0);
  ck_assert_uint_eq (sps.n_temporal_layers, 1);
  ck_assert (sps.has_nested_layers);
  ck_assert_uint_eq (sps.chroma_format, 1);
  ck_assert_uint_eq (sps.luma_bits, 8);
  ck_assert_uint_eq (sps.chroma_bits, 8);
  ck_assert (
      flv_hevc_parse_sps (&sps, (const guint8 *) MAIN_10, sizeof MAIN_10 - 1));
  ck_assert_uint_eq (sps.luma_bits, 10);
  ck_assert_uint_eq (sps.chroma_bits, 10);
}
GST_END_TEST;

GST_START_TEST (other_and_truncated_units_are_not_an_sps)
{
  FlvHevcSps sps;

  ck_assert (!flv_hevc_parse_sps (&sps, (const guint8 *) "", 0));
  ck_assert (!flv_hevc_parse_sps (&sps, (const guint8 *) "\x40\1\x0c", 3));
  for (gsize size = 0; size < 22; size++)
    ck_assert (!flv_hevc_parse_sps (&sps, (const guint8 *) MAIN, size));
}
GST_END_TEST;

static Suite *
hevc_suite (void)
{
  Suite *suite = suite_create ("hevc");
  TCase *tcase = tcase_create ("hevc");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, units_are_classified);
  tcase_add_test (tcase, an_sps_is_parsed);
  tcase_add_test (tcase, other_and_truncated_units_are_not_an_sps);
  return suite;
}

GST_CHECK_MAIN (hevc);
