/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The times of a track of sound, counted in samples.
 *
 * Publishers round the times of their frames to milliseconds, give several
 * frames one time, or write down when they got around to it. Samples are even:
 * a frame begins where the last one ended. The count is drawn slowly towards
 * the mean of the publisher's times, so that sound stays with the picture
 * though the publisher's sound card and clock disagree. What is really missing
 * stays a gap. Time never goes back. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is farther off is a gap at once: some encoders give 200 ms of frames one
 * time, so no frame of theirs is as far off as this. */
#define FLV_SAMPLE_CLOCK_GAP_NS G_GINT64_CONSTANT (250000000)
/* And so is what stays off by this, two frames of AAC, for so long. Jitter and
 * frames that share a time come back to the count again and again. */
#define FLV_SAMPLE_CLOCK_OFF_NS G_GINT64_CONSTANT (40000000)
#define FLV_SAMPLE_CLOCK_OFF_FOR_NS G_GINT64_CONSTANT (500000000)

/* The mean is over about this long: 40 ms of jitter are 2 ms of it. */
#define FLV_SAMPLE_CLOCK_MEAN_NS G_GINT64_CONSTANT (1000000000)
/* A mean that is nearer than this is left alone, or jitter would be heard. */
#define FLV_SAMPLE_CLOCK_NEAR_NS G_GINT64_CONSTANT (5000000)
/* What is beyond that is made up for within about this long, but never faster
 * than by a percent: a sixth of a semitone. */
#define FLV_SAMPLE_CLOCK_DRAW_NS G_GINT64_CONSTANT (1500000000)
#define FLV_SAMPLE_CLOCK_MAX_RATE 0.01

/* To be embedded; starts zeroed. */
typedef struct
{
  /* Sound that nobody resamples on its way: it is corrected seldom, by so much
   * at least, and otherwise even to the sample. 0: all the time. */
  gint64 step_ns;

  guint rate; /* 0 until there was a frame */
  gint64 base_ns;
  gint64 n_samples; /* since then */
  gint64 last_ns;   /* the newest frame's */
  gdouble pending_ns;
  gdouble mean_ns; /* how much later the publisher's times are */
  gint64 seen_ns;  /* how long the mean has been taken for, up to its limit */
  /* How long it has been off on one side, and how much at the least. */
  gint64 off_for_ns;
  gint64 off_ns;
} FlvSampleClock;

typedef struct
{
  gint64 time_ns;
  gboolean is_gap; /* it doesn't begin where the last one ended */
} FlvSampleStamp;

/* A frame of @n_samples at @rate, neither of them 0, that begins at @time_ns as
 * its publisher has it. */
FlvSampleStamp flv_sample_clock_count (FlvSampleClock *self, gint64 time_ns,
    guint n_samples, guint rate);

/* The next frame begins where its publisher says, unless that is before the
 * last one. */
void flv_sample_clock_restart (FlvSampleClock *self);

G_END_DECLS
