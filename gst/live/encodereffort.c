/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The effort of codecs in software: see encodereffort.h. */

#include "gst/live/encodereffort.h"

/* As many videos as there are cores may be transcoded at once
 * (max-transcodes), so one of them gets a half of the cores at most. An
 * encoder without delay makes a slice for each thread, and the last packet of
 * a slice is short: 4 slices are enough for 1080p60. */
#define CORES_PER_THREAD 2
#define MAX_ENCODER_THREADS 4
/* Each thread of a decoder may hold pictures. */
#define MAX_DECODER_THREADS 4
/* A single core also has to receive, decode and send. */
#define MIN_CORES_FOR_LESS 2
#define MIN_CORES_FOR_MORE 8

EncoderEffort
encoder_effort (guint n_cores)
{
  EncoderEffort effort = {
    .level = ENCODER_EFFORT_LEAST,
    .encoder_threads =
        CLAMP (n_cores / CORES_PER_THREAD, 1, MAX_ENCODER_THREADS),
    .decoder_threads = CLAMP (n_cores, 1, MAX_DECODER_THREADS),
  };

  if (n_cores >= MIN_CORES_FOR_MORE)
    effort.level = ENCODER_EFFORT_MORE;
  else if (n_cores >= MIN_CORES_FOR_LESS)
    effort.level = ENCODER_EFFORT_LESS;
  return effort;
}
