/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Claims about what the peer of a Watching received; each fails the test where
 * it doesn't hold. */

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

/* Initialises, and connects when the camera has been on for @before_us. */
void watching_start (Watching *self, const WatchingParams *params,
    gint64 before_us);
WhepViewerStats watching_stats (const Watching *self);

/* From @from to @to each packet is what the camera made next, came once, and
 * its time differs from the camera's by one offset. */
void assert_unbroken (const Watching *watching, WhepTrackKind kind,
    guint64 from, guint64 to);
/* All of @kind is unbroken, and nothing but the end may be missing of what the
 * camera made since the join. */
void assert_all_arrived (const Watching *watching, WhepTrackKind kind);
/* The newest packet came just now, and took no longer than it must. */
void assert_live (const Watching *watching);
void assert_times_never_go_back (const Watching *watching, WhepTrackKind kind);
/* The last Sender Report maps RTP times to when the camera saw them. */
void assert_on_media_clock (const Watching *watching, WhepTrackKind kind);

G_END_DECLS
