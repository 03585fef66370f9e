/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Maps the publishers' timestamps, in milliseconds that wrap, to one timeline
 * of the stream, which continues when a publisher's clock jumps and when a
 * publisher leaves and returns. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A larger step, in either direction, is not the distance between two frames:
 * the publisher's clock has jumped. */
#define RTMP_PLAYCLOCK_MAX_STEP_MS 10000

/* To be embedded; starts zeroed. */
typedef struct
{
  gboolean has_begun;  /* there has been a frame */
  gboolean is_running; /* the last frame was the same publisher's */
  guint32 source_ms;   /* the publisher's timestamp of the last frame */
  guint64 time_ms;     /* the stream's */
  gint64 now_us;
  guint64 latest_ms; /* of all frames */
} RtmpPlayClock;

/* To be called before the first frame of another publisher. */
void rtmp_playclock_begin (RtmpPlayClock *self);
/* Returns: the stream's time of a frame. After a jump or a change of
 * publishers, the stream's time advances by what has passed on the machine's
 * clock since the last frame. */
guint64 rtmp_playclock_map (RtmpPlayClock *self, guint32 source_ms,
    gint64 now_us);

G_END_DECLS
