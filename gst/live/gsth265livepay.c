/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-h265livepay
 * @title: h265livepay
 * @short_description: H.265 to RTP for browsers
 *
 * Payloads H.265, each picture without delay. Its packets are equal in size but
 * for the last one, however many slices it has, as far as RFC 7798 allows: the
 * kernel can send such packets together. Some have RTP padding therefore, which
 * takes at most an eighth of a picture.
 *
 * Parameter sets are sent where the stream has them, so it should have them
 * before each key frame: `h265parse config-interval=-1` inserts them.
 *
 * ## Example
 *
 * |[
 * gst-launch-1.0 … ! h265parse config-interval=-1 ! h265livepay ! whepsink
 * ]|
 *
 * Since: 0.1
 */

#include "gst/live/gsth265livepay.h"

struct _GstH265LivePay
{
  GstNalPay parent;
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-h265, stream-format=byte-stream, alignment=au"));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS ("application/x-rtp, media=video, clock-rate=90000, "
                         "encoding-name=H265, payload=[ 96, 127 ]"));

G_DEFINE_TYPE (GstH265LivePay, gst_h265_live_pay, GST_TYPE_NAL_PAY);
GST_ELEMENT_REGISTER_DEFINE (h265livepay, "h265livepay", GST_RANK_NONE,
    GST_TYPE_H265_LIVE_PAY);

static void
gst_h265_live_pay_init (GstH265LivePay *self)
{
}

static void
gst_h265_live_pay_class_init (GstH265LivePayClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstNalPayClass *pay_class = GST_NAL_PAY_CLASS (klass);

  pay_class->format = &nal_packet_h265;
  pay_class->encoding_name = "H265";
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "H.265 live payloader",
      "Codec/Payloader/Network/RTP",
      "Payloads H.265, each picture as packets of one size", PACKAGE_AUTHOR);
}
