/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long an Opus packet lasts: see opusframe.h. */

#include "gst/live/opusframe.h"

/* In samples, by the two lower bits of the configuration. */
static const guint silk[] = { 480, 960, 1920, 2880 };
static const guint hybrid[] = { 480, 960, 480, 960 };
static const guint celt[] = { 120, 240, 480, 960 };

/* RFC 6716 table 2. */
static guint
samples_of (guint config)
{
  if (config < 12)
    return silk[config & 3];
  return config < 16 ? hybrid[config & 3] : celt[config & 3];
}

guint
opus_frame_samples (const guint8 *data, gsize size)
{
  guint n_frames, n_samples;

  if (size == 0)
    return 0;
  switch (data[0] & 3) {
    case 0:
      n_frames = 1;
      break;
    case 1:
    case 2:
      n_frames = 2;
      break;
    default:
      n_frames = size < 2 ? 0 : data[1] & 0x3f;
  }
  n_samples = n_frames * samples_of (data[0] >> 3);
  return n_samples > OPUS_FRAME_MAX_SAMPLES ? 0 : n_samples;
}
