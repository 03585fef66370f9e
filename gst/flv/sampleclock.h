/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times of an audio track, counted in samples.
 *
 * Publishers round the times of their frames to milliseconds, give several
 * frames the same time, or read the clock late. Samples are regular: a frame
 * begins where the previous one ended. The count follows the mean of the
 * publisher's times slowly, so that audio stays in sync with video although the
 * publisher's sound card and clock drift apart. Audio that is really missing
 * remains a gap. Times never decrease. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A larger offset is immediately treated as a gap. Some encoders give 200 ms of
 * frames the same time; their offsets never exceed this. */
#define FLV_SAMPLE_CLOCK_GAP_NS G_GINT64_CONSTANT (250000000)
/* An offset of at least this, two frames of AAC, is a gap as well if it lasts
 * this long. With jitter, and with frames that share a time, the offset returns
 * to zero repeatedly. */
#define FLV_SAMPLE_CLOCK_OFF_NS G_GINT64_CONSTANT (40000000)
#define FLV_SAMPLE_CLOCK_OFF_FOR_NS G_GINT64_CONSTANT (500000000)

/* The time constant of the mean: 40 ms of jitter move it by 2 ms. */
#define FLV_SAMPLE_CLOCK_MEAN_NS G_GINT64_CONSTANT (1000000000)
/* A smaller mean is not corrected, because jitter would become audible. */
#define FLV_SAMPLE_CLOCK_NEAR_NS G_GINT64_CONSTANT (5000000)
/* The excess is corrected within about this time, but by no more than one
 * percent, a sixth of a semitone. */
#define FLV_SAMPLE_CLOCK_DRAW_NS G_GINT64_CONSTANT (1500000000)
#define FLV_SAMPLE_CLOCK_MAX_RATE 0.01

/* To be embedded; starts zeroed. */
typedef struct
{
  /* For audio that is not resampled later: it is corrected rarely, by at least
   * this much, and is otherwise regular to the sample. 0: corrected
   * continuously. */
  gint64 step_ns;

  guint rate; /* 0 before the first frame */
  gint64 base_ns;
  gint64 n_samples; /* since then */
  gint64 last_ns;   /* of the newest frame */
  gdouble pending_ns;
  gdouble mean_ns; /* how much later the publisher's times are */
  gint64 seen_ns;  /* time in the mean, up to its time constant */
  /* The time for which the offset has had the same sign, and its minimum. */
  gint64 off_for_ns;
  gint64 off_ns;
} FlvSampleClock;

typedef struct
{
  gint64 time_ns;
  gboolean is_gap; /* it doesn't begin where the previous one ended */
} FlvSampleStamp;

/* Counts a frame of @n_samples at @rate, neither of them 0, which begins at
 * @time_ns by the publisher's clock. */
FlvSampleStamp flv_sample_clock_count (FlvSampleClock *self, gint64 time_ns,
    guint n_samples, guint rate);

/* The next frame begins at the publisher's time, unless that is before the
 * previous frame. */
void flv_sample_clock_restart (FlvSampleClock *self);

G_END_DECLS
