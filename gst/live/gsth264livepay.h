/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* H.264 to RTP, with B-frames removed: see gsth264livepay.c. */

#pragma once

#include "gst/live/gstbframes.h"
#include "gst/live/transcodeslots.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The flow return of h264livepay once it has rejected the stream. */
#define GST_H264_LIVE_PAY_REJECTED GST_FLOW_CUSTOM_ERROR

#define GST_TYPE_H264_LIVE_PAY (gst_h264_live_pay_get_type ())
G_DECLARE_FINAL_TYPE (GstH264LivePay, gst_h264_live_pay, GST, H264_LIVE_PAY,
    GstBin)

/* Transcodes only with one of @slots. Call this before the first frame. */
void gst_h264_live_pay_set_slots (GstH264LivePay *self, TranscodeSlots *slots);

GST_ELEMENT_REGISTER_DECLARE (h264livepay);

G_END_DECLS
