/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A track of fmp4livemux: its caps, and the times of its frames. Everything but
 * the creation needs the stream lock of the element's source pad. */

#pragma once

#include "gst/mp4/segment.h"

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_FMP4_LIVE_MUX_PAD (gst_fmp4_live_mux_pad_get_type ())
G_DECLARE_FINAL_TYPE (GstFmp4LiveMuxPad, gst_fmp4_live_mux_pad, GST,
    FMP4_LIVE_MUX_PAD, GstPad)

/* @id: of the track, from 1. */
GstPad *gst_fmp4_live_mux_pad_new (GstPadTemplate *templ, const gchar *name,
    guint id);

void gst_fmp4_live_mux_pad_reset (GstFmp4LiveMuxPad *self);
void gst_fmp4_live_mux_pad_set_segment (GstFmp4LiveMuxPad *self,
    const GstSegment *segment);
void gst_fmp4_live_mux_pad_set_caps (GstFmp4LiveMuxPad *self, GstCaps *caps);
void gst_fmp4_live_mux_pad_set_ended (GstFmp4LiveMuxPad *self,
    gboolean is_ended);

/* Whether it has had caps. */
gboolean gst_fmp4_live_mux_pad_has_begun (const GstFmp4LiveMuxPad *self);
/* From the caps until the end of the track: one that has ended before it was
 * announced still has frames to come. */
gboolean gst_fmp4_live_mux_pad_is_live (const GstFmp4LiveMuxPad *self);
gboolean gst_fmp4_live_mux_pad_is_video (const GstFmp4LiveMuxPad *self);
gboolean gst_fmp4_live_mux_pad_has_ended (const GstFmp4LiveMuxPad *self);

/* Returns: (nullable) (transfer none): the track as it is described in the next
 * initialization segment; NULL while that isn't known. */
const Mp4Track *gst_fmp4_live_mux_pad_track (const GstFmp4LiveMuxPad *self);
/* Returns: (nullable) (transfer full) */
gchar *gst_fmp4_live_mux_pad_codec (const GstFmp4LiveMuxPad *self);

/* Completes the track by its first frame, where its caps don't suffice. Returns
 * whether the track can be described: not so, all its frames are dropped. */
gboolean gst_fmp4_live_mux_pad_look (GstFmp4LiveMuxPad *self, GstBuffer *frame);

/* Whether the initialization segment that was written last describes the track
 * as it is. */
gboolean gst_fmp4_live_mux_pad_is_announced (const GstFmp4LiveMuxPad *self);
void gst_fmp4_live_mux_pad_set_announced (GstFmp4LiveMuxPad *self);

/* Of decoding. Returns FALSE if the frame has no time. */
gboolean gst_fmp4_live_mux_pad_running_time (const GstFmp4LiveMuxPad *self,
    GstBuffer *buffer, GstClockTimeDiff *dts);
/* Sets @frame, but for its sequence number, and the times of decoding and
 * presentation: running times, @shift later. Returns FALSE if the frame has no
 * time. */
gboolean gst_fmp4_live_mux_pad_time (GstFmp4LiveMuxPad *self, GstBuffer *buffer,
    GstClockTimeDiff shift, Mp4Frame *frame, GstClockTime *dts,
    GstClockTime *pts);

G_END_DECLS
