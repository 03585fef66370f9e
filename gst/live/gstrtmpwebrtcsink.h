/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpwebrtcsink: publishers in, browsers out. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RTMP_WEBRTC_SINK (gst_rtmp_webrtc_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstRtmpWebrtcSink, gst_rtmp_webrtc_sink, GST,
    RTMP_WEBRTC_SINK, GstBin)
GST_ELEMENT_REGISTER_DECLARE (rtmpwebrtcsink);

G_END_DECLS
