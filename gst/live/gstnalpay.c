/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NAL units to RTP: see gstnalpay.h. */

#include "gst/live/gstnalpay.h"

#include "gst/live/packetplan.h"

#include <gst/rtp/gstrtpbuffer.h>
#include <string.h>

#define CLOCK_RATE 90000

/* Of one access unit, except for the arrays. */
typedef struct
{
  GstBuffer *frame;
  GstMapInfo map;
  GstBufferList *list;
  NalUnit units[PACKET_PLAN_MAX_UNITS]; /* to be planned together */
  guint n_units;
  GArray *packets; /* of NalPacket */
} GstNalPayPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (GstNalPay, gst_nal_pay,
    GST_TYPE_RTP_BASE_PAYLOAD);

static GstNalPayPrivate *
private_of (GstNalPay *self)
{
  return gst_nal_pay_get_instance_private (self);
}

static gsize
payload_limit (GstNalPay *self)
{
  gsize limit =
      gst_rtp_buffer_calc_payload_len (GST_RTP_BASE_PAYLOAD_MTU (self), 0, 0);

  return MAX (limit, PACKET_PLAN_MIN_LIMIT);
}

/* Others, such as stored parameter sets, are copied. */
static gboolean
is_of_frame (const GstNalPayPrivate *priv, const NalUnit *unit)
{
  return unit->data >= priv->map.data &&
      unit->data < priv->map.data + priv->map.size;
}

static GstMemory *
new_padding (guint8 n_bytes)
{
  GstMemory *memory = gst_allocator_alloc (NULL, n_bytes, NULL);
  GstMapInfo map;

  gst_memory_map (memory, &map, GST_MAP_WRITE);
  memset (map.data, 0, n_bytes);
  map.data[n_bytes - 1] = n_bytes;
  gst_memory_unmap (memory, &map);
  return memory;
}

/* Returns: a buffer with the header, and with as much of the payload as is not
 * shared with the frame. */
static GstBuffer *
new_buffer (GstNalPay *self, const NalPacket *packet, gboolean is_shared)
{
  const NalPacketFormat *format = GST_NAL_PAY_GET_CLASS (self)->format;
  const NalUnit *units = private_of (self)->units;
  gsize size = nal_packet_size (packet, format);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  GstBuffer *buffer;

  if (is_shared)
    size -= packet->n_bytes;
  buffer =
      gst_rtp_base_payload_allocate_output_buffer (GST_RTP_BASE_PAYLOAD (self),
          size, 0, 0);
  gst_rtp_buffer_map (buffer, GST_MAP_WRITE, &rtp);
  gst_rtp_buffer_set_padding (&rtp, packet->n_padding > 0);
  if (!is_shared)
    nal_packet_write (packet, format, units, gst_rtp_buffer_get_payload (&rtp));
  else if (size > 0)
    nal_packet_write_header (packet, format, units,
        gst_rtp_buffer_get_payload (&rtp));
  gst_rtp_buffer_unmap (&rtp);
  return buffer;
}

static void
add_packet (GstNalPay *self, const NalPacket *packet)
{
  GstNalPayPrivate *priv = private_of (self);
  const NalUnit *unit = &priv->units[packet->first];
  gboolean is_shared = packet->n_units == 1 && is_of_frame (priv, unit);
  GstBuffer *buffer = new_buffer (self, packet, is_shared);

  if (is_shared)
    gst_buffer_copy_into (buffer, priv->frame, GST_BUFFER_COPY_MEMORY,
        unit->data - priv->map.data + packet->offset, packet->n_bytes);
  if (packet->n_padding > 0)
    gst_buffer_append_memory (buffer, new_padding (packet->n_padding));
  GST_BUFFER_PTS (buffer) = GST_BUFFER_PTS (priv->frame);
  GST_BUFFER_DTS (buffer) = GST_BUFFER_DTS (priv->frame);
  if (GST_BUFFER_FLAG_IS_SET (priv->frame, GST_BUFFER_FLAG_DELTA_UNIT))
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  gst_buffer_list_add (priv->list, buffer);
}

static void
add_packets (GstNalPay *self)
{
  GstNalPayPrivate *priv = private_of (self);

  if (priv->n_units == 0)
    return;
  packet_plan_make (priv->packets, GST_NAL_PAY_GET_CLASS (self)->format,
      priv->units, priv->n_units, payload_limit (self));
  for (guint i = 0; i < priv->packets->len; i++)
    add_packet (self, &g_array_index (priv->packets, NalPacket, i));
  priv->n_units = 0;
}

void
gst_nal_pay_add (GstNalPay *self, const NalUnit *unit)
{
  GstNalPayPrivate *priv = private_of (self);

  if (!nal_packet_takes (GST_NAL_PAY_GET_CLASS (self)->format, unit))
    return;
  if (priv->n_units == PACKET_PLAN_MAX_UNITS)
    add_packets (self);
  priv->units[priv->n_units++] = *unit;
}

static void
add_units (GstNalPay *self)
{
  GstNalPayClass *klass = GST_NAL_PAY_GET_CLASS (self);
  GstNalPayPrivate *priv = private_of (self);
  gsize at = 0;
  NalUnit unit;

  if (klass->begin != NULL)
    klass->begin (self, priv->map.data, priv->map.size,
        !GST_BUFFER_FLAG_IS_SET (priv->frame, GST_BUFFER_FLAG_DELTA_UNIT));
  while (nal_units_read (priv->map.data, priv->map.size, &at, &unit, 1) == 1)
    if (klass->leaves_out == NULL || !klass->leaves_out (self, &unit))
      gst_nal_pay_add (self, &unit);
  add_packets (self);
}

static void
mark_last (GstBufferList *list)
{
  GstBuffer *last =
      gst_buffer_list_get_writable (list, gst_buffer_list_length (list) - 1);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  gst_rtp_buffer_map (last, GST_MAP_WRITE, &rtp);
  gst_rtp_buffer_set_marker (&rtp, TRUE);
  gst_rtp_buffer_unmap (&rtp);
  GST_BUFFER_FLAG_SET (last, GST_BUFFER_FLAG_MARKER);
}

/* Takes @frame. */
static GstFlowReturn
handle_buffer (GstRTPBasePayload *payload, GstBuffer *frame)
{
  GstNalPay *self = GST_NAL_PAY (payload);
  GstNalPayPrivate *priv = private_of (self);
  GstBufferList *list = gst_buffer_list_new ();

  priv->frame = frame;
  priv->list = list;
  if (!gst_buffer_map (frame, &priv->map, GST_MAP_READ)) {
    gst_buffer_list_unref (list);
    gst_buffer_unref (frame);
    return GST_FLOW_ERROR;
  }
  add_units (self);
  gst_buffer_unmap (frame, &priv->map);
  gst_buffer_unref (frame);

  if (gst_buffer_list_length (list) == 0) {
    gst_buffer_list_unref (list);
    return GST_FLOW_OK;
  }
  mark_last (list);
  return gst_rtp_base_payload_push_list (payload, list);
}

static gboolean
set_caps (GstRTPBasePayload *payload, GstCaps *caps)
{
  gst_rtp_base_payload_set_options (payload, "video", TRUE,
      GST_NAL_PAY_GET_CLASS (payload)->encoding_name, CLOCK_RATE);
  return gst_rtp_base_payload_set_outcaps (payload, NULL);
}

static void
finalize (GObject *object)
{
  g_array_unref (private_of (GST_NAL_PAY (object))->packets);
  G_OBJECT_CLASS (gst_nal_pay_parent_class)->finalize (object);
}

static void
gst_nal_pay_init (GstNalPay *self)
{
  private_of (self)->packets = g_array_new (FALSE, FALSE, sizeof (NalPacket));
}

static void
gst_nal_pay_class_init (GstNalPayClass *klass)
{
  GstRTPBasePayloadClass *payload_class = GST_RTP_BASE_PAYLOAD_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = finalize;
  payload_class->set_caps = set_caps;
  payload_class->handle_buffer = handle_buffer;
}
