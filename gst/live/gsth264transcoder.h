/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* H.264 decoded and encoded anew within a bin, in the middle of a stream: so
 * that no frame is missing where it takes over, and none comes twice. For the
 * streaming thread, but where said. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstH264Transcoder GstH264Transcoder;

/* Adds it to @bin, whose ghost pad @sink has led to @pay and leads to the
 * decoder from now on. Nothing comes out before it takes over.
 * Returns: (nullable): NULL if an element is missing. */
GstH264Transcoder *gst_h264_transcoder_new (GstBin *bin, GstPad *sink,
    GstElement *pay, guint64 max_area, GError **error);

/* Whether the next frame is to go to the decoder: see gst_backlog_takes(). */
gboolean gst_h264_transcoder_takes (GstH264Transcoder *self, gboolean is_start);
/* Before it takes over: whether the decoder makes pictures. */
gboolean gst_h264_transcoder_is_ready (GstH264Transcoder *self);
/* Until then: has the payloader have @frame, which this takes, as it is. */
GstFlowReturn gst_h264_transcoder_bypass (GstH264Transcoder *self,
    GstBuffer *frame);
/* What is encoded begins with the first picture behind @shown, which the
 * payloader has had; GST_CLOCK_TIME_NONE: with the first. */
void gst_h264_transcoder_take_over (GstH264Transcoder *self,
    GstClockTime shown);
gboolean gst_h264_transcoder_has_taken_over (const GstH264Transcoder *self);
/* Takes @frame, which has come before that in hand. */
void gst_h264_transcoder_replay (GstH264Transcoder *self, GstBuffer *frame);

/* The ghost pad leads to the payloader again. For any thread that nothing is
 * streamed by. */
void gst_h264_transcoder_free (GstH264Transcoder *self);

G_END_DECLS
