/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The times of a track's frames: see frameclock.h. */

#include "gst/mp4/frameclock.h"

#define NS_PER_S G_GINT64_CONSTANT (1000000000)
/* After a long distance, guesses get shorter again by this share a frame. */
#define SHORTER_BY 16
/* A longer step in decode time, counted in durations of the frame before, is a
 * gap to Chromium. */
#define STEP_DURATIONS 2

/* Rounded. Seconds and the rest apart, so that nothing overflows. */
gint64
mp4_frame_clock_ticks (const Mp4FrameClock *self, gint64 time_ns)
{
  gint64 seconds = time_ns / NS_PER_S;
  gint64 rest_ns = time_ns % NS_PER_S;
  gint64 half = rest_ns < 0 ? -NS_PER_S / 2 : NS_PER_S / 2;

  return seconds * self->timescale +
      (rest_ns * self->timescale + half) / NS_PER_S;
}

static guint32
known_duration (const Mp4FrameClock *self, guint64 duration_ns)
{
  gint64 ns = duration_ns > 0 ? MIN (duration_ns, MP4_FRAME_CLOCK_MAX_NS)
                              : self->nominal_ns;

  return MAX (1, mp4_frame_clock_ticks (self, ns));
}

/* Not shorter than the distance to the frame before. */
static guint32
guessed_duration (const Mp4FrameClock *self, guint64 decode_time)
{
  guint32 nominal = known_duration (self, 0);
  guint32 most = mp4_frame_clock_ticks (self, MP4_FRAME_CLOCK_MAX_NS);
  guint64 distance;

  if (!self->has_frame)
    return nominal;
  distance = decode_time - self->last;
  distance = MAX (distance, self->duration - self->duration / SHORTER_BY);
  return CLAMP (distance, MIN (nominal, most), most);
}

static gboolean
follows (const Mp4FrameClock *self, guint64 decode_time)
{
  gint64 off = (gint64) (decode_time - self->next);
  gint64 tolerance = mp4_frame_clock_ticks (self, MP4_FRAME_CLOCK_TOLERANCE_NS);

  return ABS (off) <= tolerance;
}

void
mp4_frame_clock_take (Mp4FrameClock *self, guint64 time_ns, guint64 duration_ns,
    guint64 *decode_time, guint32 *duration)
{
  guint64 time = mp4_frame_clock_ticks (self, time_ns);

  if (self->has_frame && self->is_counted && follows (self, time))
    time = self->next;
  if (self->has_frame && !self->is_counted)
    time = MIN (time, self->last + STEP_DURATIONS * (guint64) self->duration);
  if (self->has_frame && time <= self->last)
    time = self->last + 1;
  *duration = self->is_counted ? known_duration (self, duration_ns)
                               : guessed_duration (self, time);
  *decode_time = time;
  self->has_frame = TRUE;
  self->last = time;
  self->next = time + *duration;
  self->duration = *duration;
}
