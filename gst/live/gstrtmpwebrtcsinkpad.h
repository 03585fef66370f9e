/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One publisher's input of rtmpwebrtcsink: the pad and the elements behind it,
 * which are a demuxer and, for each track, a chain that ends at a pad of
 * whepsink.
 */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RTMP_WEBRTC_SINK_PAD (gst_rtmp_webrtc_sink_pad_get_type ())
G_DECLARE_FINAL_TYPE (GstRtmpWebrtcSinkPad, gst_rtmp_webrtc_sink_pad, GST,
    RTMP_WEBRTC_SINK_PAD, GstGhostPad)

GstPad *gst_rtmp_webrtc_sink_pad_new (GstPadTemplate *templ, const gchar *name);

/* Adds the demuxer to @bin; chains are added with their tracks, linked to
 * @whep. Returns FALSE if rtmplivedemux is missing. */
gboolean gst_rtmp_webrtc_sink_pad_open (GstRtmpWebrtcSinkPad *self, GstBin *bin,
    GstElement *whep);
/* Returns TRUE to one caller, which has to close the pad and remove it from the
 * bin; all others get FALSE. */
gboolean gst_rtmp_webrtc_sink_pad_retire (GstRtmpWebrtcSinkPad *self);
/* Removes all elements behind the pad. Must not be called in its streaming
 * thread, which this waits for. */
void gst_rtmp_webrtc_sink_pad_close (GstRtmpWebrtcSinkPad *self);

/* Returns: (nullable) (transfer full): the pad that @element in the bin was
 * created for. */
GstRtmpWebrtcSinkPad *gst_rtmp_webrtc_sink_pad_of (GstElement *element);

/* Informs viewers about a missing track of this publisher, until another track
 * of that media type begins; @facts is as for gst_track_fault_new(). From any
 * thread. */
void gst_rtmp_webrtc_sink_pad_note_fault (GstRtmpWebrtcSinkPad *self,
    const GstStructure *facts);
/* If @element is the chain of a track, it gets no more frames. Returns:
 * (nullable) (transfer full): facts about the track, on the first call only;
 * NULL if @element is not a chain. */
GstStructure *gst_rtmp_webrtc_sink_pad_fail (GstRtmpWebrtcSinkPad *self,
    const GstElement *element, const gchar *reason);

/* Returns: (transfer full): the property, or upstream's name of the stream, or
 * the pad's name. For messages. */
gchar *gst_rtmp_webrtc_sink_pad_dup_stream (GstRtmpWebrtcSinkPad *self);

G_END_DECLS
