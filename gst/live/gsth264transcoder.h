/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Transcodes H.264 within a bin, starting in the middle of a stream, so that no
 * frame is missing or repeated where it takes over. To be called in the
 * streaming thread, unless noted. */

#pragma once

#include "gst/live/gstcodecchoice.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstH264Transcoder GstH264Transcoder;

/* Adds the transcoder to @bin, whose ghost pad @sink was linked to @pay and is
 * linked to the decoder from now on. There is no output before it takes over.
 * Returns: (nullable): NULL if an element is missing. */
GstH264Transcoder *gst_h264_transcoder_new (GstBin *bin, GstPad *sink,
    GstElement *pay, const GstCodecChoice *choice, guint64 max_area,
    GError **error);
/* Returns: (transfer none): its elements and the payloader, interned. */
const gchar *gst_h264_transcoder_get_via (const GstH264Transcoder *self);

/* Returns: (transfer full): what a decoder can start with: the parameter sets
 * @sets (nullable), then @frame, which this takes, as a recovery point. */
GstBuffer *gst_h264_transcoder_make_start (GstBuffer *sets, GstBuffer *frame,
    gboolean is_recovery_point);
/* Returns whether to push the next frame to the decoder: see
 * gst_backlog_takes(). */
gboolean gst_h264_transcoder_takes (GstH264Transcoder *self, gboolean is_start);
/* Before it takes over: returns whether the decoder has output. */
gboolean gst_h264_transcoder_is_ready (GstH264Transcoder *self);
/* Before it takes over: passes @frame, which this takes, to the payloader
 * unchanged. */
GstFlowReturn gst_h264_transcoder_bypass (GstH264Transcoder *self,
    GstBuffer *frame);
/* Encoded output begins with the first picture after @shown, which the
 * payloader has already received; GST_CLOCK_TIME_NONE: with the first picture.
 */
void gst_h264_transcoder_take_over (GstH264Transcoder *self,
    GstClockTime shown);
gboolean gst_h264_transcoder_has_taken_over (const GstH264Transcoder *self);
/* Takes @frame, which preceded the current one. */
void gst_h264_transcoder_replay (GstH264Transcoder *self, GstBuffer *frame);

/* Links the ghost pad to the payloader again. For any thread, while nothing is
 * streaming. */
void gst_h264_transcoder_free (GstH264Transcoder *self);

G_END_DECLS
