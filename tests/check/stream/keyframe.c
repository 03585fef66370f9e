/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Key frames are recognised by their payloads. */

#include "ext/whep/stream/keyframe.h"

#include <gst/check/gstcheck.h>

#define BYTES(text) (const guint8 *) text, sizeof text - 1

static const struct
{
  const gchar *why;
  const gchar *encoding_name;
  const guint8 *payload;
  gsize size;
  gboolean is_key;
} payloads[] = {
  { "key, plain", "VP8", BYTES ("\x10\x10xyz"), TRUE },
  { "inter, plain", "VP8", BYTES ("\x10\x11xyz"), FALSE },
  { "second packet of a key frame", "VP8", BYTES ("\x00\x10xyz"), FALSE },
  { "second partition", "VP8", BYTES ("\x11\x10xyz"), FALSE },
  { "key, picture id of 7 bits", "VP8", BYTES ("\x90\x80\x01\x10"), TRUE },
  { "inter, picture id of 15 bits", "VP8", BYTES ("\x90\x80\x81\x00\x11"),
      FALSE },
  { "key, all extensions", "VP8", BYTES ("\x90\xf0\x81\x01\x02\x03\x10"),
      TRUE },
  { "truncated in its extensions", "VP8", BYTES ("\x90\xf0\x81\x01\x02"),
      FALSE },
  { "nothing", "VP8", BYTES (""), FALSE },
  { "key", "VP9", BYTES ("\x8c\x01x"), TRUE },
  { "inter", "VP9", BYTES ("\xcc\x01x"), FALSE },
  { "second packet of a key frame", "VP9", BYTES ("\x84\x01x"), FALSE },
  { "nothing", "VP9", BYTES (""), FALSE },
  { "parameter sets together", "H265",
      BYTES ("\x60\x01\x00\x03\x40\x01x\x00\x03\x42\x01x"), TRUE },
  { "delimiters and the like together", "H265",
      BYTES ("\x60\x01\x00\x03\x4e\x01x"), FALSE },
  { "parameter sets after SEI", "H265",
      BYTES ("\x60\x01\x00\x03\x4e\x01x\x00\x03\x40\x01x"), TRUE },
  { "an IDR picture after SEI", "H265",
      BYTES ("\x60\x01\x00\x03\x4e\x01x\x00\x03\x26\x01x"), TRUE },
  { "a truncated aggregate", "H265",
      BYTES ("\x60\x01\x00\x03\x4e\x01x\x00\x04\x26\x01x"), FALSE },
  { "an empty aggregate", "H265", BYTES ("\x60\x01\x00\x00\x26\x01x"), FALSE },
  { "IDR in one packet", "H265", BYTES ("\x26\x01xy"), TRUE },
  { "CRA in fragments", "H265", BYTES ("\x62\x01\x95xy"), TRUE },
  { "inter in fragments", "H265", BYTES ("\x62\x01\x81xy"), FALSE },
  { "inter in one packet", "H265", BYTES ("\x02\x01xy"), FALSE },
  { "nothing", "H265", BYTES (""), FALSE },
};

GST_START_TEST (a_key_frame_is_recognised_by_its_first_payload)
{
  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++) {
    WhepKeyframeTest is_key = whep_keyframe_test (payloads[i].encoding_name);

    ck_assert (is_key != NULL);
    ck_assert_msg (is_key (payloads[i].payload, payloads[i].size) ==
            payloads[i].is_key,
        "%s: %s", payloads[i].encoding_name, payloads[i].why);
  }
}
GST_END_TEST;

GST_START_TEST (codecs_with_flags_need_no_test)
{
  ck_assert (whep_keyframe_test ("H264") == NULL);
  ck_assert (whep_keyframe_test ("AV1") == NULL);
  ck_assert (whep_keyframe_test (NULL) == NULL);
}
GST_END_TEST;

static Suite *
keyframe_suite (void)
{
  Suite *suite = suite_create ("keyframe");
  TCase *tcase = tcase_create ("keyframe");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_key_frame_is_recognised_by_its_first_payload);
  tcase_add_test (tcase, codecs_with_flags_need_no_test);
  return suite;
}

GST_CHECK_MAIN (keyframe);
