/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A publisher by RTMP in a thread of its own: sends a clip over and over at its
 * pace, notes when the last byte of each frame was handed to the kernel, and
 * may lose its connection as often as one wants. */

#pragma once

#include "tests/bench/clip.h"
#include "tests/bench/frametimes.h"

G_BEGIN_DECLS

typedef struct
{
  guint16 port; /* on loopback */
  const gchar *app;
  const gchar *key;
  const Clip *clip;
  /* After so long it goes and comes back: it closes, resets or leaves its
   * connection behind, in turns. 0: never. */
  gint64 reconnect_us;
  /* When the first frame is due, on the monotonic clock; 0: at once. */
  gint64 start_us;
} PublisherParams;

typedef struct
{
  guint n_connections;
  guint n_failures; /* refused or cut off, and tried again */
  guint64 n_frames; /* of video */
} PublisherCounts;

typedef struct _Publisher Publisher;

/* Borrows the clip. */
Publisher *publisher_new (const PublisherParams *params);
void publisher_free (Publisher *self);

FrameTimes *publisher_frame_times (Publisher *self);
PublisherCounts publisher_counts (Publisher *self);

G_END_DECLS
