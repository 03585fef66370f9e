/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpwebrtcsink: publishers in, browsers out. */

#pragma once

#include "gst/live/gsth264livepay.h"

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RTMP_WEBRTC_SINK (gst_rtmp_webrtc_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstRtmpWebrtcSink, gst_rtmp_webrtc_sink, GST,
    RTMP_WEBRTC_SINK, GstBin)
/* What to do with video that no browser plays. */
typedef enum
{
  GST_RTMP_WEBRTC_TRANSCODE_AUTO,
  GST_RTMP_WEBRTC_TRANSCODE_NEVER,
} GstRtmpWebrtcTranscode;

GstRtmpWebrtcTranscode gst_rtmp_webrtc_sink_get_transcode (
    GstRtmpWebrtcSink *self);
GstRtmpWebrtcBFrames gst_rtmp_webrtc_sink_get_b_frames (
    GstRtmpWebrtcSink *self);
gboolean gst_rtmp_webrtc_sink_has_mp4 (GstRtmpWebrtcSink *self);
guint gst_rtmp_webrtc_sink_get_max_area (GstRtmpWebrtcSink *self);
/* Returns: (transfer none): the slots shared by all streams. */
TranscodeSlots *gst_rtmp_webrtc_sink_get_slots (GstRtmpWebrtcSink *self);
/* Returns: the duration in milliseconds. */
guint gst_rtmp_webrtc_sink_get_opus_frame_size (GstRtmpWebrtcSink *self);

GST_ELEMENT_REGISTER_DECLARE (rtmpwebrtcsink);

G_END_DECLS
