/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long Opus packets last, according to RFC 6716. */

#include "gst/live/opusframe.h"

#include <gst/check/gstcheck.h>

#define TOC(config, code) ((config) << 3 | (code))

static const struct
{
  const gchar *why;
  guint8 bytes[2];
  gsize size;
  guint n_samples;
} packets[] = {
  { "SILK, 10 ms", { TOC (0, 0) }, 1, 480 },
  { "SILK, 60 ms", { TOC (11, 0) }, 1, 2880 },
  { "hybrid, 10 ms", { TOC (14, 0) }, 1, 480 },
  { "hybrid, 20 ms", { TOC (15, 0) }, 1, 960 },
  { "CELT, 2.5 ms", { TOC (16, 0) }, 1, 120 },
  { "CELT, 20 ms, stereo", { TOC (31, 0) | 4 }, 1, 960 },
  { "two equal frames", { TOC (31, 1) }, 1, 1920 },
  { "two different frames", { TOC (30, 2) }, 2, 960 },
  { "six frames of 20 ms", { TOC (31, 3), 6 }, 2, 5760 },
  { "three frames, padded, of different sizes", { TOC (31, 3), 0xc3 }, 2,
      2880 },
  { "nothing", { 0 }, 0, 0 },
  { "a number of frames that is missing", { TOC (31, 3) }, 1, 0 },
  { "no frame", { TOC (31, 3), 0 }, 2, 0 },
  { "140 ms", { TOC (31, 3), 7 }, 2, 0 },
  { "63 frames of 60 ms", { TOC (3, 3), 63 }, 2, 0 },
};

GST_START_TEST (a_packet_lasts_as_long_as_its_frames)
{
  for (guint i = 0; i < G_N_ELEMENTS (packets); i++) {
    guint n_samples = opus_frame_samples (packets[i].bytes, packets[i].size);

    ck_assert_msg (n_samples == packets[i].n_samples, "%s: %u", packets[i].why,
        n_samples);
  }
}
GST_END_TEST;

static Suite *
opusframe_suite (void)
{
  Suite *suite = suite_create ("opusframe");
  TCase *tcase = tcase_create ("opusframe");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_packet_lasts_as_long_as_its_frames);
  return suite;
}

GST_CHECK_MAIN (opusframe);
