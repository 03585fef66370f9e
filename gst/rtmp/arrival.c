/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a stream's tags arrive: see arrival.h. */

#include "gst/rtmp/arrival.h"

#include <gst/gstutils.h>

#define TAG_AUDIO 8
#define TAG_VIDEO 9

/* No number depends on another one, and each is read for display alone. */
#define SET(at, value) __atomic_store_n (&(at), value, __ATOMIC_RELAXED)
#define GET(at) __atomic_load_n (&(at), __ATOMIC_RELAXED)

/* RFC 3550, section A.8. Headers at the start, and tags after a jump of the
 * publisher's clock, begin anew. */
static void
measure (RtmpArrival *self, RtmpArrivalKind kind, guint32 time_ms,
    gint64 now_us)
{
  gint32 step_ms = time_ms - self->kinds[kind].time_ms;
  gint64 distance_us =
      now_us - self->kinds[kind].now_us - (gint64) step_ms * 1000;
  guint64 jitter = self->kinds[kind].jitter_16;

  if (self->kinds[kind].has_begun && step_ms <= RTMP_ARRIVAL_MAX_STEP_MS &&
      step_ms >= -RTMP_ARRIVAL_MAX_STEP_MS)
    jitter += ABS (distance_us) - ((jitter + 8) >> 4);
  self->kinds[kind].has_begun = TRUE;
  self->kinds[kind].time_ms = time_ms;
  self->kinds[kind].now_us = now_us;
  self->kinds[kind].jitter_16 = jitter;
  SET (self->kinds[kind].jitter_us, jitter >> 4);
}

void
rtmp_arrival_count (RtmpArrival *self, const guint8 *tag, gsize size,
    gint64 now_us)
{
  guint32 time_ms = (guint32) tag[7] << 24 | GST_READ_UINT24_BE (tag + 4);

  SET (self->n_bytes, self->n_bytes + size);
  SET (self->n_tags, self->n_tags + 1);
  if (tag[0] == TAG_AUDIO)
    measure (self, RTMP_ARRIVAL_AUDIO, time_ms, now_us);
  else if (tag[0] == TAG_VIDEO)
    measure (self, RTMP_ARRIVAL_VIDEO, time_ms, now_us);
}

guint64
rtmp_arrival_n_bytes (const RtmpArrival *self)
{
  return GET (self->n_bytes);
}

guint64
rtmp_arrival_n_tags (const RtmpArrival *self)
{
  return GET (self->n_tags);
}

guint64
rtmp_arrival_jitter_us (const RtmpArrival *self)
{
  guint64 audio_us = GET (self->kinds[RTMP_ARRIVAL_AUDIO].jitter_us);
  guint64 video_us = GET (self->kinds[RTMP_ARRIVAL_VIDEO].jitter_us);

  return MAX (audio_us, video_us);
}
