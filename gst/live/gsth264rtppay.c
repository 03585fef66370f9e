/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* H.264 to RTP: see gsth264rtppay.h. */

#include "gst/live/gsth264rtppay.h"

#include "gst/live/h264sets.h"

struct _GstH264RtpPay
{
  GstNalPay parent;

  H264Sets sets;
  gboolean has_outcaps;
  gboolean is_key; /* the current access unit */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-h264, stream-format=byte-stream, alignment=au"));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS ("application/x-rtp, media=video, clock-rate=90000, "
                         "encoding-name=H264, payload=[ 96, 127 ]"));

G_DEFINE_TYPE (GstH264RtpPay, gst_h264_rtp_pay, GST_TYPE_NAL_PAY);

/* RFC 6184 section 8.1: the sets in Base64, separated by commas. */
static gchar *
dup_sprop (const H264Sets *sets)
{
  g_autoptr (GString) sprop = g_string_new (NULL);

  for (guint i = 0; i < sets->n_units; i++) {
    g_autofree gchar *set =
        g_base64_encode (sets->units[i].data, sets->units[i].size);

    g_string_append_printf (sprop, "%s%s", i > 0 ? "," : "", set);
  }
  return g_string_free (g_steal_pointer (&sprop), FALSE);
}

/* The same section: the three bytes after the header of an SPS. */
static gchar *
dup_profile (const H264Sets *sets)
{
  const NalUnit *sps = h264_sets_sps (sets);

  if (sps == NULL || sps->size < 4)
    return NULL;
  return g_strdup_printf ("%02x%02x%02x", sps->data[1], sps->data[2],
      sps->data[3]);
}

static void
set_outcaps (GstH264RtpPay *self)
{
  GstRTPBasePayload *payload = GST_RTP_BASE_PAYLOAD (self);
  g_autofree gchar *sprop = dup_sprop (&self->sets);
  g_autofree gchar *profile = dup_profile (&self->sets);

  self->has_outcaps = TRUE;
  if (profile != NULL)
    gst_rtp_base_payload_set_outcaps (payload, "packetization-mode",
        G_TYPE_STRING, "1", "profile-level-id", G_TYPE_STRING, profile,
        "sprop-parameter-sets", G_TYPE_STRING, sprop, NULL);
  else
    gst_rtp_base_payload_set_outcaps (payload, "packetization-mode",
        G_TYPE_STRING, "1", NULL);
}

/* The stream names its profile with its first sets. */
static gboolean
set_caps (GstRTPBasePayload *payload, GstCaps *caps)
{
  gst_rtp_base_payload_set_options (payload, "video", TRUE, "H264", 90000);
  GST_H264_RTP_PAY (payload)->has_outcaps = FALSE;
  return TRUE;
}

static void
begin (GstNalPay *pay, const guint8 *data, gsize size, gboolean is_key)
{
  GstH264RtpPay *self = GST_H264_RTP_PAY (pay);
  gboolean has_changed = !self->has_outcaps;
  gsize at = 0;
  NalUnit unit;

  self->is_key = is_key;
  while (nal_units_read (data, size, &at, &unit, 1) == 1)
    has_changed |= h264_sets_take (&self->sets, &unit) == H264_SETS_CHANGED;
  if (has_changed)
    set_outcaps (self);
  /* libwebrtc writes into the last SPS that nothing is reordered; a page that
   * reorders frames reads the one before it. */
  if (is_key && h264_sets_sps (&self->sets) != NULL)
    gst_nal_pay_add (pay, h264_sets_sps (&self->sets));
  for (guint i = 0; is_key && i < self->sets.n_units; i++)
    gst_nal_pay_add (pay, &self->sets.units[i]);
}

/* A key frame's sets have been sent. */
static gboolean
leaves_out (GstNalPay *pay, const NalUnit *unit)
{
  GstH264RtpPay *self = GST_H264_RTP_PAY (pay);

  return self->is_key && h264_sets_has (&self->sets, unit);
}

static GstStateChangeReturn
change_state (GstElement *element, GstStateChange transition)
{
  GstStateChangeReturn result =
      GST_ELEMENT_CLASS (gst_h264_rtp_pay_parent_class)
          ->change_state (element, transition);

  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    h264_sets_clear (&GST_H264_RTP_PAY (element)->sets);
  return result;
}

static void
finalize (GObject *object)
{
  h264_sets_clear (&GST_H264_RTP_PAY (object)->sets);
  G_OBJECT_CLASS (gst_h264_rtp_pay_parent_class)->finalize (object);
}

static void
gst_h264_rtp_pay_init (GstH264RtpPay *self)
{
}

static void
gst_h264_rtp_pay_class_init (GstH264RtpPayClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstNalPayClass *pay_class = GST_NAL_PAY_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = finalize;
  element_class->change_state = change_state;
  GST_RTP_BASE_PAYLOAD_CLASS (klass)->set_caps = set_caps;
  pay_class->format = &nal_packet_h264;
  pay_class->encoding_name = "H264";
  pay_class->begin = begin;
  pay_class->leaves_out = leaves_out;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "H.264 RTP payloader",
      "Codec/Payloader/Network/RTP",
      "Payloads H.264, each picture as packets of one size", PACKAGE_AUTHOR);
}
