/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns a publisher's 32-bit milliseconds into running time.
 *
 * The first tag gets the time of its arrival and the others keep their distance
 * to it, so network jitter does not show in the timestamps. Tracks that count
 * from the same zero share the offset and stay in sync whatever happens to it;
 * a track that counts from elsewhere starts at its own arrival. Within a track,
 * time never goes back. A publisher that sends faster than real time is limited
 * to the present. Pure. */

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
 * time of arrival. Encoders have intended pauses shorter than this; a larger
 * leap is a restarted file, a reset clock or a counter of 24 bits. */
#define FLV_TIMELINE_JUMP_MS 3000
/* One track's times only step back when the publisher's clock was set back;
 * smaller steps are rounding by the encoder. */
#define FLV_TIMELINE_STEP_BACK_MS 100

/* How far a tag may be ahead of its arrival. The burst after a stall is late,
 * so whatever is early beyond an encoder's queue is too fast. */
#define FLV_TIMELINE_AHEAD_MS 1000

/* In place of the time of arrival, if that is unknown. */
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
