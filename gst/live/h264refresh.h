/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells streams that go on without IDR frames, which alone a browser can begin
 * with: those that refresh their picture bit by bit (x264's intra-refresh) and
 * those whose GOPs are open. A GOP that is merely long is neither. Pure. */

#pragma once

#include "gst/live/h264frame.h"

G_BEGIN_DECLS

/* To be embedded; starts zeroed. */
typedef struct
{
  gboolean has_idr;
  guint64 idr_time_us;
  /* Since the last IDR frame. */
  guint n_points; /* intra frames with a recovery point */
  guint n_intras; /* such without */
} H264Refresh;

/* Takes note of the next frame. Returns TRUE once it is clear that whoever
 * waits for an IDR frame may wait for long. */
gboolean h264_refresh_note (H264Refresh *self, const H264Frame *frame,
    guint64 time_us);

/* Whether a decoder, other than a browser's, may begin with it. */
gboolean h264_refresh_is_start (const H264Frame *frame);

G_END_DECLS
