/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to do with streams that browsers cannot play as they are. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What to do with streams that have B-frames, or that lack IDR frames. */
typedef enum
{
  GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE,
  GST_RTMP_WEBRTC_B_FRAMES_DROP,
  GST_RTMP_WEBRTC_B_FRAMES_PASS,
  GST_RTMP_WEBRTC_B_FRAMES_REFUSE,
} GstRtmpWebrtcBFrames;

#define GST_TYPE_RTMP_WEBRTC_B_FRAMES (gst_rtmp_webrtc_b_frames_get_type ())
GType gst_rtmp_webrtc_b_frames_get_type (void);
const gchar *gst_rtmp_webrtc_b_frames_name (GstRtmpWebrtcBFrames self);

G_END_DECLS
