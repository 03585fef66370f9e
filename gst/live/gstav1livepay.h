/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AV1 to RTP: see gstav1livepay.c. */

#pragma once

#include <gst/rtp/gstrtpbasepayload.h>

G_BEGIN_DECLS

#define GST_TYPE_AV1_LIVE_PAY (gst_av1_live_pay_get_type ())
G_DECLARE_FINAL_TYPE (GstAv1LivePay, gst_av1_live_pay, GST, AV1_LIVE_PAY,
    GstRTPBasePayload)

GST_ELEMENT_REGISTER_DECLARE (av1livepay);

G_END_DECLS
