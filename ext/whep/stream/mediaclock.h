/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a track's packets were due, held near to when they come.
 *
 * A publisher that stood still goes on where its clock stopped, and a pipeline
 * that was paused has its time moved: both leave the times of packets apart
 * from the clock for good, and what is told from the two (how old a packet is,
 * how far a viewer is behind, the Sender Reports) would be wrong. Embedded in
 * the pad; pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What jitter, a slow encoder or a decoder's delay account for. */
#define WHEP_MEDIA_CLOCK_MAX_US (G_USEC_PER_SEC / 2)

/* Starts zeroed. */
typedef struct
{
  gint64 shift_us;
} WhepMediaClock;

/* Returns: @due_us on the clock of @now_us, shifted as it was before if that
 * puts it near @now_us, or else so that it is now. */
gint64 whep_media_clock_map (WhepMediaClock *self, gint64 due_us,
    gint64 now_us);

G_END_DECLS
