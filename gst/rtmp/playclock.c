/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The time of a stream: see playclock.h. */

#include "gst/rtmp/playclock.h"

void
rtmp_playclock_begin (RtmpPlayClock *self)
{
  self->is_running = FALSE;
}

/* Even frames within the same millisecond are at least 1 ms apart. */
static guint64
time_by_machine (const RtmpPlayClock *self, gint64 now_us)
{
  gint64 elapsed_ms = MAX ((now_us - self->now_us) / 1000, 1);

  return MAX (self->time_ms + elapsed_ms, self->latest_ms + 1);
}

guint64
rtmp_playclock_map (RtmpPlayClock *self, guint32 source_ms, gint64 now_us)
{
  gint32 step_ms = source_ms - self->source_ms;

  if (!self->has_begun)
    self->time_ms = 0;
  else if (!self->is_running || step_ms > RTMP_PLAYCLOCK_MAX_STEP_MS ||
      step_ms < -RTMP_PLAYCLOCK_MAX_STEP_MS)
    self->time_ms = time_by_machine (self, now_us);
  else if (step_ms < 0 && self->time_ms < (guint64) -step_ms)
    self->time_ms = 0;
  else
    self->time_ms += step_ms;

  self->has_begun = TRUE;
  self->is_running = TRUE;
  self->source_ms = source_ms;
  self->now_us = now_us;
  self->latest_ms = MAX (self->latest_ms, self->time_ms);
  return self->time_ms;
}
