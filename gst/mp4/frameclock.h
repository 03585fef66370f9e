/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The times of a track's frames in MP4: each is written before the next one is
 * there, so that its duration is a guess. A step in decode time of more than
 * twice the last duration is a gap to Chromium, which then waits for the next
 * key frame: a guess is rather too long than too short, and a frame of video
 * that comes later than that is decoded earlier than shown, until the frames
 * after it have caught up. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times of audio that are off by no more than this, as in FLV with its
 * milliseconds, count on from the frame before. */
#define MP4_FRAME_CLOCK_TOLERANCE_NS G_GINT64_CONSTANT (50000000)
/* No frame lasts longer. */
#define MP4_FRAME_CLOCK_MAX_NS G_GINT64_CONSTANT (1000000000)

typedef struct
{
  guint32 timescale;   /* ticks a second */
  gint64 nominal_ns;   /* a frame's duration, before any is known; > 0 */
  gboolean is_counted; /* frames know their duration, and follow each other */

  /* Its own. */
  gboolean has_frame;
  guint64 last;     /* decode time, in ticks */
  guint64 next;     /* where the last frame ends */
  guint32 duration; /* of the last frame */
} Mp4FrameClock;

/* Sets the times of a frame, in ticks: @decode_time, later than that of the
 * frame before in any case, and @duration. @time_ns is the frame's own decode
 * time; @duration_ns its duration, 0 if that is not known. */
void mp4_frame_clock_take (Mp4FrameClock *self, guint64 time_ns,
    guint64 duration_ns, guint64 *decode_time, guint32 *duration);

/* @time_ns may be negative: the distance of two times. */
gint64 mp4_frame_clock_ticks (const Mp4FrameClock *self, gint64 time_ns);

G_END_DECLS
