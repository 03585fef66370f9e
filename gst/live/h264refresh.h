/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Detects streams that have no further IDR frames, which browsers need to
 * start: those with periodic intra refresh (x264's intra-refresh) and those
 * with open GOPs. A GOP that is merely long is neither. Pure. */

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
  guint n_intras; /* intra frames without */
} H264Refresh;

/* Examines the next frame. Returns TRUE once it is clear that the next IDR
 * frame may not come for a long time. */
gboolean h264_refresh_note (H264Refresh *self, const H264Frame *frame,
    guint64 time_us);

/* Returns whether a decoder, other than a browser's, may start with it. */
gboolean h264_refresh_is_start (const H264Frame *frame);

G_END_DECLS
