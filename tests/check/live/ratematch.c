/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stretched and shrunk audio remains the same, without a seam. */

#include "gst/live/ratematch.h"

#include <gst/check/gstcheck.h>
#include <math.h>

#define RATE 48000
#define BLOCK 1024
#define N_BLOCKS 50
#define LOUD 16000
/* Stereo: the right channel is inverted. */
#define N_CHANNELS 2

static const struct
{
  guint tone_hz;
  gint n_more; /* samples added to a block */
  gint limit;  /* for the error of a sample */
} tones[] = {
  { 440, 0, 0 },
  { 440, 1, 3 },
  { 440, -1, 3 },
  { 440, 10, 3 },
  { 440, -10, 3 },
  { 5000, 5, 300 },
  { 5000, -5, 300 },
};

static gint16
tone_at (guint tone_hz, gdouble sample)
{
  return lrint (LOUD * sin (2 * G_PI * tone_hz * sample / RATE));
}

static void
record (gint16 *in, guint tone_hz, guint block)
{
  for (guint i = 0; i < BLOCK; i++) {
    in[i * N_CHANNELS] = tone_at (tone_hz, block * BLOCK + i);
    in[i * N_CHANNELS + 1] = -in[i * N_CHANNELS];
  }
}

GST_START_TEST (a_tone_remains_a_tone)
{
  static gint16 in[BLOCK * N_CHANNELS], out[2 * BLOCK * N_CHANNELS];

  for (guint i = 0; i < G_N_ELEMENTS (tones); i++) {
    RateMatch match = { 0 };
    guint n_out = BLOCK + tones[i].n_more;

    for (guint block = 0; block < N_BLOCKS; block++) {
      record (in, tones[i].tone_hz, block);
      rate_match_stretch (&match, N_CHANNELS, in, BLOCK, out, n_out);
      for (guint j = 0; j < n_out; j++) {
        gdouble place = block * BLOCK + (j + 1.0) * BLOCK / n_out - 1;
        gint error = out[j * N_CHANNELS] - tone_at (tones[i].tone_hz, place);

        /* There is silence before the first block, and nothing after each block
         * yet. */
        if ((block == 0 && place < 1) || place > (block + 1) * BLOCK - 2)
          continue;
        ck_assert_msg (ABS (error) <= tones[i].limit,
            "%u Hz, %d more: sample %u of block %u is off by %d",
            tones[i].tone_hz, tones[i].n_more, j, block, error);
        ck_assert_int_le (ABS (out[j * N_CHANNELS] + out[j * N_CHANNELS + 1]),
            1);
      }
    }
  }
}
GST_END_TEST;

GST_START_TEST (unchanged_and_stretched_blocks_join_seamlessly)
{
  static gint16 in[BLOCK * N_CHANNELS], out[2 * BLOCK * N_CHANNELS];
  RateMatch match = { 0 };
  gint16 last = 0;

  for (guint block = 0; block < N_BLOCKS; block++) {
    guint n_out = BLOCK + block % 3 * 7;

    record (in, 440, block);
    if (n_out == BLOCK)
      rate_match_pass (&match, N_CHANNELS, in, BLOCK);
    else
      rate_match_stretch (&match, N_CHANNELS, in, BLOCK, out, n_out);
    /* The steepest rise of 440 Hz between two samples. */
    ck_assert_int_le (ABS ((n_out == BLOCK ? in : out)[0] - last), 925);
    last = n_out == BLOCK ? in[(BLOCK - 1) * N_CHANNELS]
                          : out[(n_out - 1) * N_CHANNELS];
  }
}
GST_END_TEST;

GST_START_TEST (full_scale_samples_do_not_overflow)
{
  const gint16 in[] = { G_MAXINT16, G_MAXINT16, G_MININT16, G_MININT16,
    G_MAXINT16, G_MAXINT16, G_MAXINT16, G_MININT16 };
  gint16 out[64];
  RateMatch match = { 0 };

  for (guint n_in = 1; n_in <= G_N_ELEMENTS (in); n_in++) {
    for (guint n_out = 1; n_out <= G_N_ELEMENTS (out); n_out++) {
      rate_match_stretch (&match, 1, in, n_in, out, n_out);
      ck_assert_int_eq (out[n_out - 1], in[n_in - 1]);
    }
  }
}
GST_END_TEST;

static Suite *
ratematch_suite (void)
{
  Suite *suite = suite_create ("ratematch");
  TCase *tcase = tcase_create ("ratematch");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_tone_remains_a_tone);
  tcase_add_test (tcase, unchanged_and_stretched_blocks_join_seamlessly);
  tcase_add_test (tcase, full_scale_samples_do_not_overflow);
  return suite;
}

GST_CHECK_MAIN (ratematch);
