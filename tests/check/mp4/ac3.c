/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What AC3SpecificBox says of a stream, from the header of its frames. */

#include "gst/mp4/ac3.h"

#include <gst/check/gstcheck.h>

/* 48 kHz, 192 kbit/s, bsid 8, stereo without LFE; 448 kbit/s, 5.1. */
static const guint8 stereo[] = { 0x0b, 0x77, 0, 0, 0x14, 0x40, 0x40, 0x00 };
static const guint8 surround[] = { 0x0b, 0x77, 0, 0, 0x1e, 0x40, 0xe1, 0x00 };

GST_START_TEST (a_frame_is_described)
{
  static const guint8 of_stereo[] = { 0x10, 0x11, 0x40 };
  static const guint8 of_surround[] = { 0x10, 0x3d, 0xe0 };
  guint8 config[MP4_AC3_CONFIG_BYTES];

  ck_assert (mp4_ac3_config (stereo, sizeof stereo, config));
  ck_assert (memcmp (config, of_stereo, sizeof config) == 0);
  ck_assert (mp4_ac3_config (surround, sizeof surround, config));
  ck_assert (memcmp (config, of_surround, sizeof config) == 0);
}
GST_END_TEST;

GST_START_TEST (what_is_no_frame_is_rejected)
{
  guint8 config[MP4_AC3_CONFIG_BYTES];
  guint8 frame[sizeof stereo];

  for (gsize size = 0; size < sizeof stereo; size++)
    ck_assert (!mp4_ac3_config (stereo, size, config));
  memcpy (frame, stereo, sizeof frame);
  frame[1] = 0x76;
  ck_assert (!mp4_ac3_config (frame, sizeof frame, config));
  memcpy (frame, stereo, sizeof frame);
  frame[4] = 0xd4; /* a reserved rate */
  ck_assert (!mp4_ac3_config (frame, sizeof frame, config));
  memcpy (frame, stereo, sizeof frame);
  frame[5] = 16 << 3; /* E-AC-3 */
  ck_assert (!mp4_ac3_config (frame, sizeof frame, config));
}
GST_END_TEST;

static Suite *
ac3_suite (void)
{
  Suite *suite = suite_create ("ac3");
  TCase *tcase = tcase_create ("ac3");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_frame_is_described);
  tcase_add_test (tcase, what_is_no_frame_is_rejected);
  return suite;
}

GST_CHECK_MAIN (ac3);
