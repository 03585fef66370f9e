/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Maps the times of publishers, in milliseconds that wrap, to one time of the
 * stream, which goes on when a publisher jumps, or leaves and returns. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A step of more than this, in either direction, is not the distance of two
 * frames: the publisher's clock has jumped. */
#define RTMP_PLAYCLOCK_MAX_STEP_MS 10000

/* To be embedded; starts zeroed. */
typedef struct
{
  gboolean has_begun;  /* there was a frame */
  gboolean is_running; /* the last one was the same publisher's */
  guint32 source_ms;   /* the publisher's time of the last frame */
  guint64 time_ms;     /* the stream's */
  gint64 now_us;
  guint64 latest_ms; /* of all frames */
} RtmpPlayClock;

/* The next frame is another publisher's. */
void rtmp_playclock_begin (RtmpPlayClock *self);
/* Returns: the stream's time of a frame. After a jump or with a new publisher,
 * as much has passed since the last frame as by the machine's clock. */
guint64 rtmp_playclock_map (RtmpPlayClock *self, guint32 source_ms,
    gint64 now_us);

G_END_DECLS
