/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a track's packets arrive: rates, jitter, what was dropped. Owned by the
 * publisher's thread, which adds each packet and takes a copy of the figures
 * once a second; embedded, without locks or allocations. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rates are those of the last seconds: more would hide a change, fewer would
 * show the encoder's rhythm. */
#define WHEP_ARRIVAL_SECONDS 5
#define WHEP_ARRIVAL_INTERVAL_US G_USEC_PER_SEC

typedef struct
{
  guint64 n_packets;
  guint64 n_bytes;  /* of payload */
  guint64 n_frames; /* of audio: packets */
  guint64 n_key_frames;
  guint64 n_dropped; /* packets that viewers cannot be sent */
  guint64 bits_per_second;
  gdouble frames_per_second;
  /* RFC 3550 section 6.4.1, of the first packets of frames. */
  gint64 jitter_us;
} WhepArrivalFigures;

/* A moment of the past. */
typedef struct
{
  gint64 at_us;
  guint64 n_bytes, n_frames;
} WhepArrivalMark;

typedef struct
{
  guint clock_rate; /* Hz */
  guint64 n_packets, n_bytes, n_frames, n_key_frames, n_dropped;
  /* Of the last frame. */
  gint64 frame_us;
  guint32 frame_rtp_time;
  gdouble jitter_us;
  /* Marks, one for each interval; n_marks counts all there have been. */
  WhepArrivalMark marks[WHEP_ARRIVAL_SECONDS];
  guint n_marks;
} WhepArrival;

void whep_arrival_init (WhepArrival *self, guint clock_rate, gint64 now_us);
/* A packet has arrived. */
void whep_arrival_add (WhepArrival *self, gsize size);
/* That packet begins a frame. */
void whep_arrival_begin_frame (WhepArrival *self, guint32 rtp_time,
    gboolean is_key, gint64 now_us);
void whep_arrival_drop (WhepArrival *self);
/* Returns TRUE, with the figures, once an interval. */
gboolean whep_arrival_take (WhepArrival *self, gint64 now_us,
    WhepArrivalFigures *figures);

G_END_DECLS
