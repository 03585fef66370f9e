/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Claims about what the peer of a Watching received; each fails the test if it
 * does not hold. */

#pragma once

#include "tests/support/watching.h"

G_BEGIN_DECLS

#define SECOND G_USEC_PER_SEC
#define MS (SECOND / 1000)
/* A LAN that loses nothing. */
#define WATCHING_CLEAN                                                         \
  {                                                                            \
    .delay_us = 2 * MS                                                         \
  }

/* Initialises, and connects after the camera has been on for @before_us. */
void watching_start (Watching *self, const WatchingParams *params,
    gint64 before_us);
WhepViewerStats watching_stats (const Watching *self);

/* From @from to @to each packet is the next one of the camera, was received
 * once, and has a timestamp that differs from the camera's by one constant
 * offset. */
void assert_unbroken (const Watching *watching, WhepTrackKind kind,
    guint64 from, guint64 to);
/* All packets of @kind are unbroken, and only the last ones of those that the
 * camera made since the join may be missing. */
void assert_all_arrived (const Watching *watching, WhepTrackKind kind);
/* The newest packet was received just now, without an avoidable delay. */
void assert_live (const Watching *watching);
void assert_times_never_go_back (const Watching *watching, WhepTrackKind kind);
/* The last Sender Report maps RTP timestamps to the camera's capture times. */
void assert_on_media_clock (const Watching *watching, WhepTrackKind kind);

G_END_DECLS
