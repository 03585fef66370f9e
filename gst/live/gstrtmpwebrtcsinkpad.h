/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One publisher's way into rtmpwebrtcsink: the pad and what hangs behind it, a
 * demuxer, and a chain for each track that ends at a pad of whepsink. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RTMP_WEBRTC_SINK_PAD (gst_rtmp_webrtc_sink_pad_get_type ())
G_DECLARE_FINAL_TYPE (GstRtmpWebrtcSinkPad, gst_rtmp_webrtc_sink_pad, GST,
    RTMP_WEBRTC_SINK_PAD, GstGhostPad)

GstPad *gst_rtmp_webrtc_sink_pad_new (GstPadTemplate *templ, const gchar *name);

/* Builds the demuxer into @bin; chains follow with their tracks, up to @whep.
 * Returns FALSE if rtmplivedemux is missing. */
gboolean gst_rtmp_webrtc_sink_pad_open (GstRtmpWebrtcSinkPad *self, GstBin *bin,
    GstElement *whep);
/* Whoever gets TRUE has to close the pad and to remove it from the bin; all
 * others get FALSE. */
gboolean gst_rtmp_webrtc_sink_pad_retire (GstRtmpWebrtcSinkPad *self);
/* Takes all away that hangs behind the pad. Not from its streaming thread,
 * which this waits for. */
void gst_rtmp_webrtc_sink_pad_close (GstRtmpWebrtcSinkPad *self);

/* Returns: (nullable) (transfer full): the pad that an element of the bin was
 * built for. */
GstRtmpWebrtcSinkPad *gst_rtmp_webrtc_sink_pad_of (GstElement *element);

/* Tells viewers of a track of this publisher's that they don't get, until
 * another one of the media begins; @facts as for gst_track_fault_new(). Any
 * thread. */
void gst_rtmp_webrtc_sink_pad_note_fault (GstRtmpWebrtcSinkPad *self,
    const GstStructure *facts);
/* If @element is the chain of a track, nothing more gets into it.
 * Returns: (nullable) (transfer full): such facts for the track, once; NULL for
 * an element that is none. */
GstStructure *gst_rtmp_webrtc_sink_pad_fail (GstRtmpWebrtcSinkPad *self,
    const GstElement *element, const gchar *reason);

/* Returns: (transfer full): the property, or what upstream calls the stream, or
 * the pad's name. For messages. */
gchar *gst_rtmp_webrtc_sink_pad_dup_stream (GstRtmpWebrtcSinkPad *self);

G_END_DECLS
