/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* H.265 to RTP: see gsth265livepay.c. */

#pragma once

#include "gst/live/gstnalpay.h"

G_BEGIN_DECLS

#define GST_TYPE_H265_LIVE_PAY (gst_h265_live_pay_get_type ())
G_DECLARE_FINAL_TYPE (GstH265LivePay, gst_h265_live_pay, GST, H265_LIVE_PAY,
    GstNalPay)

GST_ELEMENT_REGISTER_DECLARE (h265livepay);

G_END_DECLS
