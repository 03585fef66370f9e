/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the tags of a stream arrive: how many, and how regularly. One thread
 * counts, and any thread may look at the same time. Pure; neither allocates nor
 * locks. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A larger step of the publisher's clock, in either direction, is a jump. */
#define RTMP_ARRIVAL_MAX_STEP_MS 10000

/* Audio and video are measured on their own: one may be ahead of the other. */
typedef enum
{
  RTMP_ARRIVAL_AUDIO,
  RTMP_ARRIVAL_VIDEO,
  RTMP_ARRIVAL_N_KINDS,
} RtmpArrivalKind;

/* To be embedded; starts zeroed. */
typedef struct
{
  guint64 n_bytes; /* this and the next: atomic */
  guint64 n_tags;
  struct
  {
    guint64 jitter_us; /* atomic */
    guint64 jitter_16; /* the estimate of RFC 3550, section A.8, times 16 */
    gboolean has_begun;
    guint32 time_ms; /* this and the next: of the last tag */
    gint64 now_us;
  } kinds[RTMP_ARRIVAL_N_KINDS];
} RtmpArrival;

/* Counts an FLV tag of @size bytes, of which the first 11 are its header. */
void rtmp_arrival_count (RtmpArrival *self, const guint8 *tag, gsize size,
    gint64 now_us);

guint64 rtmp_arrival_n_bytes (const RtmpArrival *self);
guint64 rtmp_arrival_n_tags (const RtmpArrival *self);
/* Returns: the interarrival jitter of RFC 3550, section 6.4.1, of audio or
 * video, whichever is larger. */
guint64 rtmp_arrival_jitter_us (const RtmpArrival *self);

G_END_DECLS
