/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When each frame of a publisher was sent: a frame is identified by the last
 * bytes of its last slice, which nothing on the way changes. Two threads may
 * use it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FRAME_KEY_BYTES 8

typedef struct _FrameTimes FrameTimes;

FrameTimes *frame_times_new (void);
void frame_times_free (FrameTimes *self);

/* The last bytes of a payload; 0 if it is too short. */
guint64 frame_key (const guint8 *data, gsize size);

/* @sent_us is wall clock time, because packets are stamped with it. */
void frame_times_add (FrameTimes *self, guint64 key, gint64 sent_us);
/* Returns: when the frame was sent last, or 0 if it never was. */
gint64 frame_times_get (FrameTimes *self, guint64 key);

G_END_DECLS
