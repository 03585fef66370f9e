/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An RTMP publisher in a thread of its own: sends a clip in a loop at its
 * native pace, notes when the last byte of each frame was passed to the kernel,
 * and can drop its connection at intervals. */

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
  /* The interval after which it leaves and comes back: it closes, resets or
   * abandons its connection, in turns. 0: never. */
  gint64 reconnect_us;
  /* When the first frame is due, on the monotonic clock; 0: immediately. */
  gint64 start_us;
} PublisherParams;

typedef struct
{
  guint n_connections;
  guint n_failures; /* rejected or disconnected, then tried again */
  guint64 n_frames; /* of video */
} PublisherCounts;

typedef struct _Publisher Publisher;

/* Borrows the clip. */
Publisher *publisher_new (const PublisherParams *params);
void publisher_free (Publisher *self);

FrameTimes *publisher_frame_times (Publisher *self);
PublisherCounts publisher_counts (Publisher *self);

G_END_DECLS
