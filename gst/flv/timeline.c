/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running time from the publisher's time: see timeline.h. */

#include "gst/flv/timeline.h"

/* Wraps at 2^32 ms, as the counter does: correct if the two times are less than
 * 24 days apart. */
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
mapped_us (const FlvTimelineTrack *track, guint32 time_ms)
{
  gint64 media_ms = track->media_ms + distance_ms (track->last_ms, time_ms);

  return media_ms * 1000 + track->shift_us;
}

static gboolean
is_near (const FlvTimelineTrack *track, guint32 time_ms)
{
  return track->has_time &&
      ABS (distance_ms (track->last_ms, time_ms)) <= FLV_TIMELINE_JUMP_MS;
}

/* Senders without a time write zero, in a single tag or in all of them. */
static gboolean
is_missing (const FlvTimelineTrack *track, guint32 time_ms)
{
  return time_ms == 0 && track->has_time &&
      (track->last_ms == 0 || !is_near (track, 0));
}

/* A leap is not a jump if arrival times leapt equally far, because the
 * publisher has then paused. */
static gboolean
goes_on (const FlvTimelineTrack *track, guint32 time_ms, gint64 now_us)
{
  gint64 limit_us = FLV_TIMELINE_JUMP_MS * G_GINT64_CONSTANT (1000);

  if (!track->has_time)
    return FALSE;
  if (distance_ms (track->last_ms, time_ms) < -FLV_TIMELINE_STEP_BACK_MS)
    return FALSE;
  if (is_near (track, time_ms))
    return TRUE;
  return now_us != FLV_TIMELINE_NO_ARRIVAL &&
      ABS (mapped_us (track, time_ms) - now_us) <= limit_us;
}

/* Returns whether the track counts from the same zero as the other one from
 * here on. */
static gboolean
follows (const FlvTimelineTrack *track, const FlvTimelineTrack *other,
    guint32 time_ms, gint64 now_us)
{
  if (!other->has_time)
    return FALSE;
  if (!is_near (other, time_ms) && !goes_on (other, time_ms, now_us))
    return FALSE;
  return mapped_us (other, time_ms) >=
      track->time_us - FLV_TIMELINE_STEP_BACK_MS * G_GINT64_CONSTANT (1000);
}

static void
adopt (FlvTimelineTrack *track, const FlvTimelineTrack *other)
{
  track->has_time = TRUE;
  track->last_ms = other->last_ms;
  track->media_ms = other->media_ms;
  track->shift_us = other->shift_us;
}

static void
media_clock (FlvTimelineTrack *track, guint32 time_ms, gint64 at_us)
{
  track->has_time = TRUE;
  track->last_ms = time_ms;
  track->media_ms = time_ms;
  track->shift_us = at_us - track->media_ms * 1000;
}

static gint64
never_back_us (FlvTimelineTrack *track, gint64 time_us)
{
  track->time_us = MAX (track->time_us, time_us);
  return track->time_us;
}

/* Both tracks are delayed equally, and frames keep distinct times, because
 * players distinguish frames by their times. */
static gint64
hold_to_present_us (FlvTimeline *self, FlvTimelineTrack *track, gint64 time_us,
    gint64 now_us)
{
  gint64 limit_us = now_us + FLV_TIMELINE_AHEAD_MS * G_GINT64_CONSTANT (1000);

  if (now_us == FLV_TIMELINE_NO_ARRIVAL || time_us <= limit_us)
    return time_us;
  for (guint i = 0; i < FLV_N_TRACKS; i++)
    self->tracks[i].shift_us -= time_us - limit_us;
  return MAX (limit_us, track->time_us + 1000);
}

FlvStamp
flv_timeline_map (FlvTimeline *self, FlvTrackKind kind, guint32 time_ms,
    gint64 now_us)
{
  FlvTimelineTrack *track = &self->tracks[kind];
  const FlvTimelineTrack *other = &self->tracks[FLV_N_TRACKS - 1 - kind];
  FlvStamp stamp = { 0 };
  gint64 time_us, held_us;

  if (is_missing (track, time_ms)) {
    stamp.time_us = never_back_us (track, now_us);
    stamp.written_us =
        now_us == FLV_TIMELINE_NO_ARRIVAL ? stamp.time_us : now_us;
    return stamp;
  }
  if (!goes_on (track, time_ms, now_us)) {
    if (follows (track, other, time_ms, now_us)) {
      adopt (track, other);
    } else {
      stamp.is_jump = track->has_time;
      media_clock (track, time_ms,
          now_us == FLV_TIMELINE_NO_ARRIVAL ? newest_us (self) : now_us);
    }
  }

  time_us = mapped_us (track, time_ms);
  track->media_ms += distance_ms (track->last_ms, time_ms);
  track->last_ms = time_ms;
  held_us = hold_to_present_us (self, track, time_us, now_us);
  stamp.is_held = held_us != time_us;
  stamp.time_us = never_back_us (track, held_us);
  stamp.written_us = MAX (held_us, 0);
  return stamp;
}
