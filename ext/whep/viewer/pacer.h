/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How fast one viewer's video may leave: a bucket of bytes and one of frames.
 *
 * A live frame passes at once; a backlog or a huge key frame is spread so that
 * it fits the receiver's socket buffer and its decoder keeps up. Embedded in
 * the viewer; pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of a backlog. 100 Mbit/s was free of loss on loopback in Chromium and
 * Firefox, 200 lost in Firefox; half of that leaves room for a real network. */
#define WHEP_PACER_BYTES_PER_MS (50 * 1000 * 1000 / 8 / 1000)
/* Of a live key frame that is larger than a burst: it lasts some milliseconds,
 * and 250 kB leave within half of a frame's time at 30 frames/s. */
#define WHEP_PACER_LIVE_BYTES_PER_MS (2 * WHEP_PACER_BYTES_PER_MS)
/* Firefox's socket buffer holds about 90 packets of 1,200 bytes; two thirds of
 * them are the key frame of a stream of 2.5 Mbit/s. */
#define WHEP_PACER_BURST_BYTES (60 * 1200)
/* A software decoder takes 720p at about this rate; over about 800 frames that
 * wait for it freeze a browser. */
#define WHEP_PACER_FRAMES_PER_S 400
#define WHEP_PACER_BURST_FRAMES 8
/* A wait ends no sooner: a wake-up a packet would cost more than it paces. */
#define WHEP_PACER_TICK_US 1000

typedef struct
{
  gint64 bytes;     /* left to send; below zero: in debt */
  gint64 frames_us; /* the same, as time at the frame rate */
  gint64 updated_us;
  gint64 bytes_per_ms; /* when it was last asked */
} WhepPacer;

void whep_pacer_init (WhepPacer *self, gint64 now_us);

/* Whether a packet may leave now; @is_live if nothing is left of a backlog. */
gboolean whep_pacer_may_send (WhepPacer *self, gboolean is_live, gint64 now_us);

/* A datagram of @size bytes left; the first of its frame pays for the frame. */
void whep_pacer_sent (WhepPacer *self, gsize size, gboolean starts_frame);

/* Returns: when whep_pacer_may_send() will say TRUE, at least a tick from the
 * last time it was asked. */
gint64 whep_pacer_deadline_us (const WhepPacer *self);

G_END_DECLS
