/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A publisher's 32-bit milliseconds become running time.
 *
 * The first tag is put where it arrived and the others keep their distance to
 * it, so network jitter doesn't show in the times. Tracks that count from the
 * same zero share it: whatever happens to it, lips stay in sync; one that
 * counts from elsewhere is put where it arrived. Per track, time never goes
 * back. Who sends faster than time passes is held to the present. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  FLV_TRACK_VIDEO,
  FLV_TRACK_AUDIO,
} FlvTrackKind;
#define FLV_N_TRACKS 2

/* A publisher whose clock leaps farther than this starts anew at the time of
 * arrival. Encoders pause for less than this and mean it; what leaps farther
 * is a restarted file, a reset clock or a counter of 24 bits. */
#define FLV_TIMELINE_JUMP_MS 3000
/* One track's times only step back when the publisher's clock was set back;
 * so much is an encoder's rounding. */
#define FLV_TIMELINE_STEP_BACK_MS 100

/* So far ahead of its arrival a tag may be: a publisher's burst after a stall
 * was late, so what is early beyond an encoder's queue is too fast. */
#define FLV_TIMELINE_AHEAD_MS 1000

/* In place of a time of arrival, if there is none. */
#define FLV_TIMELINE_NO_ARRIVAL (-1)

typedef struct
{
  gboolean has_time;
  guint32 last_ms; /* of the newest tag, as the publisher counts */
  gint64 media_ms; /* the same without wraps */
  gint64 shift_us; /* from media time to running time */
  gint64 time_us;  /* what it was mapped to */
} FlvTimelineTrack;

/* To be embedded; starts zeroed. */
typedef struct
{
  FlvTimelineTrack tracks[FLV_N_TRACKS];
} FlvTimeline;

typedef struct
{
  gint64 time_us;
  gint64 written_us; /* the same, though the last one may have been later */
  gboolean is_jump;  /* the track begins anew, at its arrival */
  gboolean is_held;  /* both tracks were, by what this one was too early */
} FlvStamp;

/* Maps the time of a tag that arrived at @now_us of running time, or at
 * FLV_TIMELINE_NO_ARRIVAL, when the first tag becomes zero. */
FlvStamp flv_timeline_map (FlvTimeline *self, FlvTrackKind track,
    guint32 time_ms, gint64 now_us);

G_END_DECLS
