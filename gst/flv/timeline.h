/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns a publisher's 32-bit milliseconds into running time.
 *
 * The first tag gets the time of its arrival and the others keep their distance
 * to it, so network jitter does not affect the timestamps. Tracks that count
 * from the same zero share the offset and stay in sync, however it changes; a
 * track that counts from another zero starts at its own arrival. Within a
 * track, times never decrease. A publisher that sends faster than real time is
 * limited to the present. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  FLV_TRACK_VIDEO,
  FLV_TRACK_AUDIO,
} FlvTrackKind;
#define FLV_N_TRACKS 2

/* If a publisher's clock leaps farther than this, its tracks start over at the
 * time of arrival. Intended pauses of encoders are shorter than this; a larger
 * leap is a restarted file, a reset clock or a counter of 24 bits. */
#define FLV_TIMELINE_JUMP_MS 3000
/* The times of one track step back this far only if the publisher's clock was
 * set back; smaller steps are caused by the encoder's rounding. */
#define FLV_TIMELINE_STEP_BACK_MS 100

/* The maximum by which a tag may be ahead of its arrival. The burst after a
 * stall is late, so a tag that is early by more than an encoder's queue was
 * sent too fast. */
#define FLV_TIMELINE_AHEAD_MS 1000

/* Stands for an unknown time of arrival. */
#define FLV_TIMELINE_NO_ARRIVAL (-1)

typedef struct
{
  gboolean has_time;
  guint32 last_ms; /* of the newest tag, by the publisher's clock */
  gint64 media_ms; /* the same, unwrapped */
  gint64 shift_us; /* from media time to running time */
  gint64 time_us;  /* the result for that tag */
} FlvTimelineTrack;

/* To be embedded; starts zeroed. */
typedef struct
{
  FlvTimelineTrack tracks[FLV_N_TRACKS];
} FlvTimeline;

typedef struct
{
  gint64 time_us;
  gint64 written_us; /* the same, though the previous one may have been later */
  gboolean is_jump;  /* the track starts over at its arrival */
  gboolean is_held;  /* both tracks were delayed by this one's excess */
} FlvStamp;

/* Maps the time of a tag that arrived at running time @now_us. With
 * FLV_TIMELINE_NO_ARRIVAL the first tag becomes zero. */
FlvStamp flv_timeline_map (FlvTimeline *self, FlvTrackKind track,
    guint32 time_ms, gint64 now_us);

G_END_DECLS
