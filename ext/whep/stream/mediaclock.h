/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Maps the time at which a track's packets are due to the monotonic clock, and
 * keeps it close to their arrival.
 *
 * A publisher that stalls continues where its clock stopped, and pausing a
 * pipeline shifts its running time: both leave packet times permanently apart
 * from the clock, and everything that is derived from the two (how old a packet
 * is, how far a viewer is behind, the Sender Reports) would be wrong. A track
 * that was only late for a while, as that of an encoder on a busy machine, gets
 * its former times back: or it would stay apart from the other one. Embedded in
 * the pad; pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The largest difference that jitter, a slow encoder or a decoder's delay
 * explain. */
#define WHEP_MEDIA_CLOCK_MAX_US (G_USEC_PER_SEC / 2)
/* A track that is this close to the clock by the shift that it had before the
 * last change was only late for a while. Less than the other limit, so that one
 * that hovers about that does not change to and fro. */
#define WHEP_MEDIA_CLOCK_RETURN_US (G_USEC_PER_SEC / 4)

/* Initialised with zeroes. */
typedef struct
{
  gint64 shift_us;
  gint64 former_shift_us; /* before the last change */
} WhepMediaClock;

/* Returns: @due_us on the clock of @now_us, with the former shift or the
 * current one if the result is close to @now_us; otherwise changes the shift so
 * that the result is @now_us. */
gint64 whep_media_clock_map (WhepMediaClock *self, gint64 due_us,
    gint64 now_us);

G_END_DECLS
