/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* H.264 to RTP, in packetization mode 1; the payloader inside h264livepay. SPS
 * and PPS are sent with each key frame. */

#pragma once

#include "gst/live/gstnalpay.h"

G_BEGIN_DECLS

#define GST_TYPE_H264_RTP_PAY (gst_h264_rtp_pay_get_type ())
G_DECLARE_FINAL_TYPE (GstH264RtpPay, gst_h264_rtp_pay, GST, H264_RTP_PAY,
    GstNalPay)

G_END_DECLS
