/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the payloaders of H.264 and H.265 share: an access unit becomes one list
 * of RTP packets, as planned by packetplan.h. */

#pragma once

#include "gst/live/nalpacket.h"

#include <gst/rtp/gstrtpbasepayload.h>

G_BEGIN_DECLS

#define GST_TYPE_NAL_PAY (gst_nal_pay_get_type ())
G_DECLARE_DERIVABLE_TYPE (GstNalPay, gst_nal_pay, GST, NAL_PAY,
    GstRTPBasePayload)

struct _GstNalPayClass
{
  GstRTPBasePayloadClass parent_class;

  const NalPacketFormat *format;
  const gchar *encoding_name;

  /* (nullable): the units of a byte stream follow, one access unit. */
  void (*begin) (GstNalPay *self, const guint8 *data, gsize size,
      gboolean is_key);
  /* (nullable): whether @unit of the stream is not to be sent. */
  gboolean (*leaves_out) (GstNalPay *self, const NalUnit *unit);
};

/* In begin(): sends @unit before those of the stream. Its bytes are borrowed
 * until the access unit is complete. */
void gst_nal_pay_add (GstNalPay *self, const NalUnit *unit);

G_END_DECLS
