/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Classification of H.264 NAL units. */

#include "gst/flv/avc.h"

#include <gst/check/gstcheck.h>

#define BYTES(text) text, sizeof text - 1
#define SLICE FLV_NALU_SLICE
#define USELESS FLV_NALU_USELESS
#define OTHER FLV_NALU_OTHER

/* A slice begins with first_mb_in_slice, coded in Exp-Golomb. */
static const struct
{
  const gchar *why;
  const gchar *nal;
  gsize size;
  FlvNaluFacts facts; /* kind, set, is_key, starts_picture, position */
} units[] = {
  { "a P slice", BYTES ("\x41\xe0"), { SLICE, 0, FALSE, TRUE, 0 } },
  { "an IDR slice", BYTES ("\x65\x88"), { SLICE, 0, TRUE, TRUE, 0 } },
  { "a slice from the second macroblock on", BYTES ("\x41\x40"),
      { SLICE, 0, FALSE, FALSE, 1 } },
  { "an IDR slice in the middle", BYTES ("\x65\x06\x80"),
      { SLICE, 0, TRUE, FALSE, 51 } },
  { "a slice from a later macroblock on", BYTES ("\x65\0\x48\x88"),
      { SLICE, 0, TRUE, FALSE, 0x243 } },
  { "a truncated slice", BYTES ("\x41"), { SLICE, 0, FALSE, FALSE, 0 } },
  { "a slice of zeroes", BYTES ("\x41\0\0\0\0\0\0"),
      { SLICE, 0, FALSE, FALSE, 0 } },
  { "a partition", BYTES ("\x42\xe0"), { SLICE, 0, FALSE, TRUE, 0 } },
  { "its second part", BYTES ("\x43\xe0"), { SLICE, 0, FALSE, FALSE, 0 } },
  { "an SPS", BYTES ("\x67\x42"), { FLV_NALU_SET, FLV_SET_SPS } },
  { "a PPS", BYTES ("\x68\x42"), { FLV_NALU_SET, FLV_SET_PPS } },
  { "a delimiter", BYTES ("\x09\xf0"), { USELESS } },
  { "filler", BYTES ("\x0c\xff\x80"), { USELESS } },
  { "the end of a sequence", BYTES ("\x0a"), { USELESS } },
  { "the end of the stream", BYTES ("\x0b"), { USELESS } },
  { "user data", BYTES ("\x06\x05\1a\x80"), { USELESS } },
  { "a recovery point", BYTES ("\x06\x06\1\xc4\x80"), { OTHER } },
  { "a recovery point after user data", BYTES ("\x06\x05\1a\x06\1\xc4\x80"),
      { OTHER } },
  { "truncated SEI", BYTES ("\x06\xff"), { USELESS } },
  { "SEI without a message", BYTES ("\x06"), { USELESS } },
  { "another view's slice", BYTES ("\x74\x80"), { OTHER } },
};

GST_START_TEST (units_are_classified)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
    FlvNaluFacts facts =
        flv_avc_read_nalu ((const guint8 *) units[i].nal, units[i].size);

    ck_assert_msg (facts.kind == units[i].facts.kind &&
            facts.set == units[i].facts.set &&
            facts.is_key == units[i].facts.is_key &&
            facts.starts_picture == units[i].facts.starts_picture,
        "%s", units[i].why);
    ck_assert_msg (!facts.starts_picture || facts.position == 0, "%s",
        units[i].why);
    ck_assert_msg (units[i].facts.position == 0 ||
            facts.position == units[i].facts.position,
        "%s: at %u", units[i].why, facts.position);
  }
}
GST_END_TEST;

static Suite *
avc_suite (void)
{
  Suite *suite = suite_create ("avc");
  TCase *tcase = tcase_create ("avc");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, units_are_classified);
  return suite;
}

GST_CHECK_MAIN (avc);
