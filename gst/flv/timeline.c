/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publisher's time to running time: see timeline.h. */

#include "gst/flv/timeline.h"

/* Wraps at 2^32 ms, as the counter does: right if the two are less than 24
 * days apart. */
static gint64
distance_ms (guint32 from_ms, guint32 to_ms)
{
  return (gint32) (to_ms - from_ms);
}

static gint64
newest_us (const FlvTimeline *self)
{
  return MAX (self->tracks[FLV_TRACK_VIDEO].time_us,
      self->tracks[FLV_TRACK_AUDIO].time_us);
}

static gint64
mapped_us (const FlvTimeline *self, guint32 time_ms)
{
  gint64 media_ms = self->media_ms + distance_ms (self->last_ms, time_ms);

  return media_ms * 1000 + self->shift_us;
}

/* Senders that have no time write zero: at one tag, or at all of them. */
static gboolean
is_missing (const FlvTimeline *self, FlvTrackKind track, guint32 time_ms)
{
  if (time_ms != 0)
    return FALSE;
  if (self->tracks[track].has_time && self->tracks[track].last_ms == 0)
    return TRUE;
  return ABS (distance_ms (self->last_ms, 0)) > FLV_TIMELINE_JUMP_MS;
}

/* A leap isn't one if arrival leapt as far: then the publisher was silent. */
static gboolean
is_jump (const FlvTimeline *self, FlvTrackKind track, guint32 time_ms,
    gint64 now_us)
{
  gint64 limit_us = FLV_TIMELINE_JUMP_MS * G_GINT64_CONSTANT (1000);

  if (self->tracks[track].has_time &&
      distance_ms (self->tracks[track].last_ms, time_ms) <
          -FLV_TIMELINE_STEP_BACK_MS)
    return TRUE;
  if (ABS (distance_ms (self->last_ms, time_ms)) <= FLV_TIMELINE_JUMP_MS)
    return FALSE;
  return now_us == FLV_TIMELINE_NO_ARRIVAL ||
      ABS (mapped_us (self, time_ms) - now_us) > limit_us;
}

static void
anchor (FlvTimeline *self, guint32 time_ms, gint64 now_us)
{
  if (now_us == FLV_TIMELINE_NO_ARRIVAL)
    now_us = newest_us (self);

  self->is_anchored = TRUE;
  self->last_ms = time_ms;
  self->media_ms = time_ms;
  self->shift_us = now_us - self->media_ms * 1000;
  for (guint i = 0; i < FLV_N_TRACKS; i++)
    self->tracks[i].has_time = FALSE;
}

static gint64
never_back_us (FlvTimeline *self, FlvTrackKind track, gint64 time_us)
{
  self->tracks[track].time_us = MAX (self->tracks[track].time_us, time_us);
  return self->tracks[track].time_us;
}

FlvStamp
flv_timeline_map (FlvTimeline *self, FlvTrackKind track, guint32 time_ms,
    gint64 now_us)
{
  FlvStamp stamp = { 0 };

  if (!self->is_anchored) {
    anchor (self, time_ms, now_us);
  } else if (is_missing (self, track, time_ms)) {
    stamp.time_us = never_back_us (self, track, now_us);
    return stamp;
  } else if (is_jump (self, track, time_ms, now_us)) {
    anchor (self, time_ms, now_us);
    stamp.is_jump = TRUE;
  }

  self->media_ms += distance_ms (self->last_ms, time_ms);
  self->last_ms = time_ms;
  self->tracks[track].has_time = TRUE;
  self->tracks[track].last_ms = time_ms;
  stamp.time_us = never_back_us (self, track, mapped_us (self, time_ms));
  return stamp;
}
