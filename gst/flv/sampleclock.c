/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times counted in samples: see sampleclock.h. */

#include "gst/flv/sampleclock.h"

#define SECOND_NS G_GINT64_CONSTANT (1000000000)

static gint64
duration_ns (gint64 n_samples, guint rate)
{
  /* Computed in two parts, because hours of samples times 10^9 would overflow.
   */
  return n_samples / rate * SECOND_NS + n_samples % rate * SECOND_NS / rate;
}

static gint64
counted_ns (const FlvSampleClock *self)
{
  return self->base_ns + duration_ns (self->n_samples, self->rate);
}

static void
begin_at (FlvSampleClock *self, gint64 time_ns, guint rate)
{
  *self = (FlvSampleClock){
    .step_ns = self->step_ns,
    .rate = rate,
    .base_ns = MAX (time_ns, self->last_ns),
    .last_ns = self->last_ns,
  };
}

/* Continues the count at another rate. */
static void
change_rate (FlvSampleClock *self, guint rate)
{
  self->base_ns = counted_ns (self);
  self->n_samples = 0;
  self->rate = rate;
}

/* Returns: the persistent offset of the count, or 0. */
static gint64
settled_ns (FlvSampleClock *self, gint64 off_ns, gint64 frame_ns)
{
  if (ABS (off_ns) <= FLV_SAMPLE_CLOCK_OFF_NS) {
    self->off_for_ns = 0;
    return 0;
  }
  if (self->off_for_ns == 0 || (off_ns < 0) != (self->off_ns < 0)) {
    self->off_for_ns = 0;
    self->off_ns = off_ns;
  }
  if (ABS (off_ns) < ABS (self->off_ns))
    self->off_ns = off_ns;
  self->off_for_ns += frame_ns;
  return self->off_for_ns >= FLV_SAMPLE_CLOCK_OFF_FOR_NS ? self->off_ns : 0;
}

/* For the first second, all frames have equal weight, and nothing is corrected.
 */
static void
take_mean (FlvSampleClock *self, gint64 off_ns, gint64 frame_ns)
{
  self->seen_ns = MIN (self->seen_ns + frame_ns, FLV_SAMPLE_CLOCK_MEAN_NS);
  self->mean_ns += (off_ns - self->mean_ns) * MIN (frame_ns, self->seen_ns) /
      MAX (self->seen_ns, 1);
}

static gdouble
draw_ns (FlvSampleClock *self, gint64 frame_ns)
{
  gdouble limit_ns = FLV_SAMPLE_CLOCK_MAX_RATE * frame_ns;
  /* Steps are large enough to ignore jitter. */
  gint64 near_ns = self->step_ns > 0 ? 0 : FLV_SAMPLE_CLOCK_NEAR_NS;
  gdouble beyond_ns = 0, draw_ns;

  if (self->seen_ns < FLV_SAMPLE_CLOCK_MEAN_NS)
    return 0;
  if (self->mean_ns > near_ns)
    beyond_ns = self->mean_ns - near_ns;
  else if (self->mean_ns < -near_ns)
    beyond_ns = self->mean_ns + near_ns;
  draw_ns = beyond_ns * frame_ns / FLV_SAMPLE_CLOCK_DRAW_NS;
  return CLAMP (draw_ns, -limit_ns, limit_ns);
}

/* Returns whether the correction was a step. */
static gboolean
correct (FlvSampleClock *self, gint64 off_ns, gint64 frame_ns)
{
  gint64 step_ns;
  gdouble drawn_ns;

  take_mean (self, off_ns, frame_ns);
  drawn_ns = draw_ns (self, frame_ns);
  self->mean_ns -= drawn_ns;
  self->pending_ns += drawn_ns;
  step_ns = self->pending_ns;
  if (step_ns == 0 || ABS (step_ns) < self->step_ns)
    return FALSE;
  self->base_ns += step_ns;
  self->pending_ns -= step_ns;
  return self->step_ns > 0;
}

FlvSampleStamp
flv_sample_clock_count (FlvSampleClock *self, gint64 time_ns, guint n_samples,
    guint rate)
{
  FlvSampleStamp stamp = { 0 };
  gint64 frame_ns = duration_ns (n_samples, rate);
  gint64 off_ns, settled;

  if (self->rate != 0 && self->rate != rate)
    change_rate (self, rate);
  off_ns = self->rate == 0
      ? 0
      : time_ns - counted_ns (self) - (gint64) self->pending_ns;
  settled = self->rate == 0 ? 0 : settled_ns (self, off_ns, frame_ns);
  if (self->rate == 0 || ABS (off_ns) > FLV_SAMPLE_CLOCK_GAP_NS) {
    begin_at (self, time_ns, rate);
    stamp.is_gap = TRUE;
  } else if (settled != 0) {
    begin_at (self, counted_ns (self) + settled, rate);
    stamp.is_gap = TRUE;
  } else {
    stamp.is_gap = correct (self, off_ns, frame_ns);
  }
  stamp.time_ns = MAX (counted_ns (self), self->last_ns);
  self->last_ns = stamp.time_ns;
  self->n_samples += n_samples;
  return stamp;
}

void
flv_sample_clock_restart (FlvSampleClock *self)
{
  self->rate = 0;
}
