/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stretches and shrinks audio: see ratematch.h. */

#include "gst/live/ratematch.h"

typedef struct
{
  const RateMatch *before;
  const gint16 *in;
  gint64 n_in;
  guint n_channels;
} Block;

/* The sample after the last one is not known yet, so the last one is repeated.
 */
static gfloat
sample_at (const Block *block, gint64 index, guint channel)
{
  if (index < 0)
    return block->before->before[index == -1 ? 1 : 0][channel];
  index = MIN (index, block->n_in - 1);
  return block->in[index * block->n_channels + channel];
}

/* A Catmull-Rom spline through four samples. */
static gint16
interpolate (const Block *block, gint64 index, gfloat part, guint channel)
{
  gfloat a = sample_at (block, index - 1, channel);
  gfloat b = sample_at (block, index, channel);
  gfloat c = sample_at (block, index + 1, channel);
  gfloat d = sample_at (block, index + 2, channel);
  gfloat value = b +
      part / 2 *
          (c - a +
              part *
                  (2 * a - 5 * b + 4 * c - d + part * (3 * (b - c) + d - a)));

  /* Rounds halves away from zero. */
  value += value < 0 ? -0.5f : 0.5f;
  return CLAMP (value, G_MININT16, G_MAXINT16);
}

/* The last sample remains the last, so that the next block begins as if this
 * one were unchanged; the first is as far from the previous block as all the
 * others are apart. */
void
rate_match_stretch (RateMatch *self, guint n_channels, const gint16 *in,
    guint n_in, gint16 *out, guint n_out)
{
  Block block = { self, in, n_in, n_channels };

  for (guint i = 0; i < n_out; i++) {
    guint64 place = (guint64) (i + 1) * n_in;
    gint64 index = (gint64) (place / n_out) - 1;
    gfloat part = (gfloat) (place % n_out) / n_out;

    for (guint channel = 0; channel < n_channels; channel++)
      out[i * n_channels + channel] =
          interpolate (&block, index, part, channel);
  }
  rate_match_pass (self, n_channels, in, n_in);
}

void
rate_match_pass (RateMatch *self, guint n_channels, const gint16 *in,
    guint n_in)
{
  for (guint channel = 0; channel < n_channels; channel++) {
    if (n_in == 1)
      self->before[0][channel] = self->before[1][channel];
    else
      self->before[0][channel] = in[(n_in - 2) * n_channels + channel];
    self->before[1][channel] = in[(n_in - 1) * n_channels + channel];
  }
}
