/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The second output of h264livepay: the publisher's own frames, B-frames
 * included, in decoding order. For the streaming thread. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The pad of h264livepay. */
#define GST_H264_UNTOUCHED_PAD "untouched"

typedef struct _GstH264Untouched GstH264Untouched;

/* Adds a payloader to @bin, and its pad, made from @templ, for the stream that
 * @sink receives; its packets have up to @mtu bytes. */
GstH264Untouched *gst_h264_untouched_new (GstElement *bin, GstPad *sink,
    GstPadTemplate *templ, guint mtu);
/* Payloads a frame of @sink. */
void gst_h264_untouched_push (GstH264Untouched *self, GstBuffer *frame);
/* Forwards an event of @sink, if it describes the frames that follow, or says
 * that there are none. */
void gst_h264_untouched_note (GstH264Untouched *self, GstEvent *event);
/* Removes the payloader and the pad. */
void gst_h264_untouched_free (GstH264Untouched *self);

G_END_DECLS
