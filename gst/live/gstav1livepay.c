/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * SECTION:element-av1livepay
 * @title: av1livepay
 * @short_description: AV1 to RTP for browsers
 *
 * Payloads temporal units of AV1 according to the RTP Payload Format For AV1.
 * Each one is pushed in the same call that delivered it. A key frame without a
 * sequence header gets the one from the caps, because a viewer may start at any
 * key frame. Debian 12 has no AV1 payloader.
 *
 * ## Example
 *
 * |[
 * gst-launch-1.0 videotestsrc is-live=true ! av1enc usage-profile=realtime ! \
 *     av1livepay ! whepsink
 * ]|
 *
 * Since: 0.1
 */

#include "gst/live/gstav1livepay.h"

#include "gst/live/obu.h"

#include <gst/rtp/gstrtpbuffer.h>

GST_DEBUG_CATEGORY_STATIC (gst_av1_live_pay_debug);
#define GST_CAT_DEFAULT gst_av1_live_pay_debug

struct _GstAv1LivePay
{
  GstRTPBasePayload parent;

  GstBuffer *config; /* nullable: AV1CodecConfigurationRecord */
};

static GstStaticPadTemplate sink_template = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-av1, stream-format=obu-stream, alignment=tu"));

static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS,
        GST_STATIC_CAPS ("application/x-rtp, media=video, clock-rate=90000, "
                         "encoding-name=AV1, payload=[ 96, 127 ]"));

G_DEFINE_TYPE (GstAv1LivePay, gst_av1_live_pay, GST_TYPE_RTP_BASE_PAYLOAD);
GST_ELEMENT_REGISTER_DEFINE (av1livepay, "av1livepay", GST_RANK_MARGINAL,
    GST_TYPE_AV1_LIVE_PAY);

static gboolean
set_caps (GstRTPBasePayload *payload, GstCaps *caps)
{
  GstAv1LivePay *self = GST_AV1_LIVE_PAY (payload);
  const GstStructure *s = gst_caps_get_structure (caps, 0);
  const GValue *config = gst_structure_get_value (s, "codec_data");

  gst_buffer_replace (&self->config,
      config != NULL ? gst_value_get_buffer (config) : NULL);
  gst_rtp_base_payload_set_options (payload, "video", TRUE, "AV1", 90000);
  return gst_rtp_base_payload_set_outcaps (payload, NULL);
}

static GstBuffer *
next_packet (GstAv1LivePay *self, ObuPacker *packer, GstBuffer *unit,
    gboolean starts_sequence)
{
  GstRTPBasePayload *payload = GST_RTP_BASE_PAYLOAD (self);
  guint limit =
      gst_rtp_buffer_calc_payload_len (GST_RTP_BASE_PAYLOAD_MTU (payload), 0,
          0);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  GstBuffer *packet;
  gsize size;

  limit = MAX (limit, OBU_PACKET_MIN);
  packet = gst_rtp_base_payload_allocate_output_buffer (payload, limit, 0, 0);
  gst_rtp_buffer_map (packet, GST_MAP_READWRITE, &rtp);
  size = obu_packer_next (packer, gst_rtp_buffer_get_payload (&rtp), limit);
  if (starts_sequence)
    *(guint8 *) gst_rtp_buffer_get_payload (&rtp) |= OBU_PACKET_NEW_SEQUENCE;
  gst_rtp_buffer_set_marker (&rtp, obu_packer_is_done (packer));
  gst_rtp_buffer_unmap (&rtp);

  gst_buffer_set_size (packet, gst_buffer_get_size (packet) - limit + size);
  GST_BUFFER_PTS (packet) = GST_BUFFER_PTS (unit);
  GST_BUFFER_DTS (packet) = GST_BUFFER_DTS (unit);
  if (GST_BUFFER_FLAG_IS_SET (unit, GST_BUFFER_FLAG_DELTA_UNIT))
    GST_BUFFER_FLAG_SET (packet, GST_BUFFER_FLAG_DELTA_UNIT);
  return packet;
}

static GstBufferList *
pay (GstAv1LivePay *self, const ObuUnit *unit, GstBuffer *buffer)
{
  gboolean is_key =
      !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  GstBufferList *packets = gst_buffer_list_new ();
  ObuPacker packer = { .unit = unit };

  while (!obu_packer_is_done (&packer)) {
    gboolean is_first = packer.index == 0 && packer.offset == 0;

    gst_buffer_list_add (packets,
        next_packet (self, &packer, buffer, is_first && is_key));
  }
  return packets;
}

/* Reads the sequence header in the caps into @unit, if there is one; @map stays
 * mapped as long as @unit is used. */
static void
read_config (GstAv1LivePay *self, ObuUnit *unit, GstMapInfo *map)
{
  if (self->config == NULL || !gst_buffer_map (self->config, map, GST_MAP_READ))
    return;
  if (map->size >= OBU_CONFIG_HEADER_BYTES &&
      obu_unit_read (unit, map->data + OBU_CONFIG_HEADER_BYTES,
          map->size - OBU_CONFIG_HEADER_BYTES))
    return;
  GST_WARNING_OBJECT (self, "the caps' sequence header is malformed");
  unit->n_obus = 0;
}

static gboolean
read_unit (GstAv1LivePay *self, ObuUnit *unit, gboolean is_key,
    const GstMapInfo *map, GstMapInfo *config)
{
  if (!obu_unit_read (unit, map->data, map->size))
    return FALSE;
  if (!is_key || unit->has_sequence_header)
    return TRUE;
  unit->n_obus = 0;
  read_config (self, unit, config);
  return obu_unit_read (unit, map->data, map->size);
}

/* Takes @buffer. */
static GstFlowReturn
handle_buffer (GstRTPBasePayload *payload, GstBuffer *buffer)
{
  GstAv1LivePay *self = GST_AV1_LIVE_PAY (payload);
  gboolean is_key =
      !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  GstBufferList *packets = NULL;
  GstMapInfo map = { 0 }, config = { 0 };
  ObuUnit unit = { 0 };

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ)) {
    gst_buffer_unref (buffer);
    return GST_FLOW_ERROR;
  }
  if (read_unit (self, &unit, is_key, &map, &config))
    packets = pay (self, &unit, buffer);
  else
    GST_WARNING_OBJECT (self, "frame dropped: its units don't fit");
  if (config.memory != NULL)
    gst_buffer_unmap (self->config, &config);
  gst_buffer_unmap (buffer, &map);
  gst_buffer_unref (buffer);

  if (packets == NULL)
    return GST_FLOW_OK;
  if (gst_buffer_list_length (packets) == 0) {
    gst_buffer_list_unref (packets);
    return GST_FLOW_OK;
  }
  return gst_rtp_base_payload_push_list (payload, packets);
}

static void
finalize (GObject *object)
{
  gst_clear_buffer (&GST_AV1_LIVE_PAY (object)->config);
  G_OBJECT_CLASS (gst_av1_live_pay_parent_class)->finalize (object);
}

static void
gst_av1_live_pay_init (GstAv1LivePay *self)
{
}

static void
gst_av1_live_pay_class_init (GstAv1LivePayClass *klass)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstRTPBasePayloadClass *payload_class = GST_RTP_BASE_PAYLOAD_CLASS (klass);

  GST_DEBUG_CATEGORY_INIT (gst_av1_live_pay_debug, "av1livepay", 0,
      "AV1 to RTP");
  G_OBJECT_CLASS (klass)->finalize = finalize;
  payload_class->set_caps = set_caps;
  payload_class->handle_buffer = handle_buffer;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "AV1 live payloader",
      "Codec/Payloader/Network/RTP",
      "Payloads AV1 for browsers, each temporal unit without delay",
      PACKAGE_AUTHOR);
}
