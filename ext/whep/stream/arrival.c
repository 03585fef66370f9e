/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a track's packets arrive: see arrival.h. */

#include "ext/whep/stream/arrival.h"

#include <string.h>

#define N_MARKS WHEP_ARRIVAL_SECONDS
/* RFC 3550 section 6.4.1: the gain. */
#define JITTER_SHARE 16

static void
add_mark (WhepArrival *self, gint64 now_us)
{
  self->marks[self->n_marks % N_MARKS] = (WhepArrivalMark){
    .at_us = now_us,
    .n_bytes = self->n_bytes,
    .n_frames = self->n_frames,
  };
  self->n_marks++;
}

void
whep_arrival_init (WhepArrival *self, guint clock_rate, gint64 now_us)
{
  memset (self, 0, sizeof (*self));
  self->clock_rate = clock_rate;
  add_mark (self, now_us);
}

void
whep_arrival_add (WhepArrival *self, gsize size)
{
  self->n_packets++;
  self->n_bytes += size;
}

/* How much later than its timestamp says the frame is, compared with the one
 * before. */
static void
read_jitter (WhepArrival *self, guint32 rtp_time, gint64 now_us)
{
  gint32 rtp_step = (gint32) (rtp_time - self->frame_rtp_time);
  gdouble late_us = (gdouble) (now_us - self->frame_us) -
      (gdouble) rtp_step * G_USEC_PER_SEC / self->clock_rate;

  self->jitter_us += (ABS (late_us) - self->jitter_us) / JITTER_SHARE;
}

void
whep_arrival_begin_frame (WhepArrival *self, guint32 rtp_time, gboolean is_key,
    gint64 now_us)
{
  if (self->n_frames > 0)
    read_jitter (self, rtp_time, now_us);
  self->n_frames++;
  self->n_key_frames += is_key;
  self->frame_rtp_time = rtp_time;
  self->frame_us = now_us;
}

void
whep_arrival_drop (WhepArrival *self)
{
  self->n_dropped++;
}

static const WhepArrivalMark *
oldest_mark (const WhepArrival *self)
{
  return &self->marks[self->n_marks < N_MARKS ? 0 : self->n_marks % N_MARKS];
}

gboolean
whep_arrival_take (WhepArrival *self, gint64 now_us,
    WhepArrivalFigures *figures)
{
  const WhepArrivalMark *newest = &self->marks[(self->n_marks - 1) % N_MARKS];
  const WhepArrivalMark *oldest = oldest_mark (self);
  gdouble seconds;

  if (now_us - newest->at_us < WHEP_ARRIVAL_INTERVAL_US)
    return FALSE;
  seconds = (gdouble) (now_us - oldest->at_us) / G_USEC_PER_SEC;
  *figures = (WhepArrivalFigures){
    .n_packets = self->n_packets,
    .n_bytes = self->n_bytes,
    .n_frames = self->n_frames,
    .n_key_frames = self->n_key_frames,
    .n_dropped = self->n_dropped,
    .bits_per_second = (self->n_bytes - oldest->n_bytes) * 8 / seconds,
    .frames_per_second = (self->n_frames - oldest->n_frames) / seconds,
    .jitter_us = self->jitter_us,
  };
  add_mark (self, now_us);
  return TRUE;
}
