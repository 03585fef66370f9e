/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paces one viewer's video with two token buckets, of bytes and of frames.
 *
 * A live frame passes immediately; a backlog or a huge key frame is spread out
 * so that it fits into the receiver's socket buffer and its decoder keeps up.
 * Embedded in the viewer; pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rate of a backlog. On loopback, 100 Mbit/s caused no loss in Chromium and
 * Firefox, 200 Mbit/s did in Firefox; half of the former leaves room for a real
 * network. */
#define WHEP_PACER_BYTES_PER_MS (50 * 1000 * 1000 / 8 / 1000)
/* Rate of a live key frame that is larger than a burst: it lasts only some
 * milliseconds, and 250 kB leave within half of a frame's time at 30
 * frames/s. */
#define WHEP_PACER_LIVE_BYTES_PER_MS (2 * WHEP_PACER_BYTES_PER_MS)
/* Firefox's socket buffer holds about 90 packets of 1,200 bytes; two thirds of
 * that is a key frame of a 2.5 Mbit/s stream. */
#define WHEP_PACER_BURST_BYTES (60 * 1200)
/* A software decoder decodes 720p at about this rate; a browser freezes once
 * more than about 800 frames are waiting for the decoder. */
#define WHEP_PACER_FRAMES_PER_S 400
#define WHEP_PACER_BURST_FRAMES 8
/* The minimum wait: one wake-up per packet would cost more than the pacing
 * gains. */
#define WHEP_PACER_TICK_US 1000

typedef struct
{
  gint64 bytes;     /* left to send; negative: in debt */
  gint64 frames_us; /* likewise, in time at the frame rate */
  gint64 updated_us;
  gint64 bytes_per_ms; /* at the last may_send() */
} WhepPacer;

void whep_pacer_init (WhepPacer *self, gint64 now_us);

/* Whether a packet may be sent now; @is_live if there is no backlog left. */
gboolean whep_pacer_may_send (WhepPacer *self, gboolean is_live, gint64 now_us);

/* Accounts for a datagram of @size bytes that was sent; the first of a frame
 * also pays for the frame. */
void whep_pacer_sent (WhepPacer *self, gsize size, gboolean starts_frame);

/* Returns: when whep_pacer_may_send() will return TRUE, at least a tick after
 * it was last called. */
gint64 whep_pacer_deadline_us (const WhepPacer *self);

G_END_DECLS
