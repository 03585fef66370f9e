/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* H.264 to RTP, B-frames cared for: see gsth264pay.c. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* What becomes of B-frames. */
typedef enum
{
  GST_B_FRAMES_TRANSCODE,
  GST_B_FRAMES_DROP,
  GST_B_FRAMES_PASS,
  GST_B_FRAMES_REFUSE,
} GstBFrames;

#define GST_TYPE_B_FRAMES (gst_b_frames_get_type ())
GType gst_b_frames_get_type (void);

/* What h264livepay answers once it has refused the stream. */
#define GST_H264_PAY_REFUSED GST_FLOW_CUSTOM_ERROR

#define GST_TYPE_H264_PAY (gst_h264_pay_get_type ())
G_DECLARE_FINAL_TYPE (GstH264Pay, gst_h264_pay, GST, H264_PAY, GstBin)

GST_ELEMENT_REGISTER_DECLARE (h264livepay);

G_END_DECLS
