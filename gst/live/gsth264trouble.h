/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What makes an H.264 stream unplayable for browsers, B-frames and the lack of
 * IDR frames, and what is done about it. For the streaming thread. */

#pragma once

#include "gst/live/gstbframes.h"
#include "gst/live/h264refresh.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* To be embedded in h264livepay. */
typedef struct
{
  GstElement *element; /* whose pad "src" has the stream */
  H264Refresh refresh;
  gboolean has_b_frames;
  gboolean has_no_idr;
  GstRtmpWebrtcBFrames action;    /* set once either is detected */
  GstRtmpWebrtcBFrames announced; /* the action that was announced */
} GstH264Trouble;

/* Nothing has been detected. */
void gst_h264_trouble_init (GstH264Trouble *self, GstElement *element);
/* Looks at @buffer, which is @frame. What is detected is announced, with
 * @action, by a message of the element and an event downstream. */
void gst_h264_trouble_note (GstH264Trouble *self, GstBuffer *buffer,
    const H264Frame *frame, GstRtmpWebrtcBFrames action);
gboolean gst_h264_trouble_exists (const GstH264Trouble *self);
/* Something else is done about it from now on. */
void gst_h264_trouble_set_announced (GstH264Trouble *self,
    GstRtmpWebrtcBFrames action);

G_END_DECLS
