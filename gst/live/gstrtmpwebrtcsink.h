/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpwebrtcsink: publishers in, browsers out. */

#pragma once

#include "gst/live/gstrecipe.h"
#include "gst/record/gstrecordings.h"

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
gboolean gst_rtmp_webrtc_sink_has_mp4 (GstRtmpWebrtcSink *self);
/* Returns: (transfer none): the slots shared by all streams. */
TranscodeSlots *gst_rtmp_webrtc_sink_get_slots (GstRtmpWebrtcSink *self);
/* Fills in what the properties say, but for the function of the choice. */
void gst_rtmp_webrtc_sink_get_recipe_settings (GstRtmpWebrtcSink *self,
    GstRecipeSettings *settings);
/* Returns: (transfer none): the recordings of all streams. */
GstRecordings *gst_rtmp_webrtc_sink_get_recordings (GstRtmpWebrtcSink *self);
/* Returns: (nullable) (transfer none): whepsink, if there is one. */
GstElement *gst_rtmp_webrtc_sink_get_whep (GstRtmpWebrtcSink *self);

GST_ELEMENT_REGISTER_DECLARE (rtmpwebrtcsink);

G_END_DECLS
