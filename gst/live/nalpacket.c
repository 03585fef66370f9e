/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTP packets of NAL units: see nalpacket.h. */

#include "gst/live/nalpacket.h"

#include <string.h>

/* RFC 6184 sections 5.7.1 and 5.8; RFC 7798 sections 4.4.2 and 4.4.3. */
#define LENGTH_BYTES 2
#define STARTS 0x80
#define ENDS 0x40

/* RFC 6184 section 1.3: F, NRI and type. */
#define H264_F 0x80
#define H264_NRI 0x60
#define H264_TYPE 0x1f
#define H264_STAP_A 24
#define H264_FU_A 28

/* RFC 7798 section 1.1.4: F, type, six bits of layer, three of TID. */
#define H265_F 0x80
#define H265_TYPE 0x7e
#define H265_TYPE_SHIFT 1
#define H265_HIGH_LAYER 0x01
#define H265_LOW_LAYER 0xf8
#define H265_TID 0x07
#define H265_AGGREGATE 48
#define H265_FRAGMENT 49
#define H265_HEADER_BYTES 2

static guint
read_h264_type (const guint8 *unit)
{
  return unit[0] & H264_TYPE;
}

static void
write_fu_a (const guint8 *unit, gboolean starts, gboolean ends, guint8 *out)
{
  out[0] = (unit[0] & (H264_F | H264_NRI)) | H264_FU_A;
  out[1] = (starts ? STARTS : 0) | (ends ? ENDS : 0) | read_h264_type (unit);
}

/* Section 5.7: F is set if that of any unit is; NRI is the highest. */
static void
write_stap_a (const NalUnit *units, guint n_units, guint8 *out)
{
  guint8 f = 0, nri = 0;

  for (guint i = 0; i < n_units; i++) {
    f |= units[i].data[0] & H264_F;
    nri = MAX (nri, units[i].data[0] & H264_NRI);
  }
  out[0] = f | nri | H264_STAP_A;
}

const NalPacketFormat nal_packet_h264 = {
  .unit_header = 1,
  .fragment_header = 2,
  .aggregate_header = 1,
  .first_type = 1,
  .last_type = H264_STAP_A - 1,
  .read_type = read_h264_type,
  .write_fragment_header = write_fu_a,
  .write_aggregate_header = write_stap_a,
};

static guint
read_h265_type (const guint8 *unit)
{
  return (unit[0] & H265_TYPE) >> H265_TYPE_SHIFT;
}

static void
write_h265_fragment (const guint8 *unit, gboolean starts, gboolean ends,
    guint8 *out)
{
  out[0] = (unit[0] & ~H265_TYPE) | H265_FRAGMENT << H265_TYPE_SHIFT;
  out[1] = unit[1];
  out[2] = (starts ? STARTS : 0) | (ends ? ENDS : 0) | read_h265_type (unit);
}

/* Section 4.4.2: F is set if that of any unit is; layer and TID are the
 * lowest. */
static void
write_h265_aggregate (const NalUnit *units, guint n_units, guint8 *out)
{
  guint8 f = 0, tid = H265_TID;
  guint layer = G_MAXUINT;

  for (guint i = 0; i < n_units; i++) {
    const guint8 *header = units[i].data;

    f |= header[0] & H265_F;
    layer = MIN (layer,
        (header[0] & H265_HIGH_LAYER) << 8 | (header[1] & H265_LOW_LAYER));
    tid = MIN (tid, header[1] & H265_TID);
  }
  out[0] = f | H265_AGGREGATE << H265_TYPE_SHIFT | layer >> 8;
  out[1] = (layer & H265_LOW_LAYER) | tid;
}

const NalPacketFormat nal_packet_h265 = {
  .unit_header = H265_HEADER_BYTES,
  .fragment_header = H265_HEADER_BYTES + 1,
  .aggregate_header = H265_HEADER_BYTES,
  .first_type = 0,
  .last_type = H265_AGGREGATE - 1,
  .read_type = read_h265_type,
  .write_fragment_header = write_h265_fragment,
  .write_aggregate_header = write_h265_aggregate,
};

gboolean
nal_packet_takes (const NalPacketFormat *format, const NalUnit *unit)
{
  guint type;

  if (unit->size < format->unit_header)
    return FALSE;
  type = format->read_type (unit->data);
  return type >= format->first_type && type <= format->last_type;
}

gsize
nal_packet_size (const NalPacket *self, const NalPacketFormat *format)
{
  if (self->offset > 0)
    return format->fragment_header + self->n_bytes;
  if (self->n_units == 1)
    return self->n_bytes;
  return format->aggregate_header + LENGTH_BYTES * self->n_units +
      self->n_bytes;
}

gsize
nal_packet_write_header (const NalPacket *self, const NalPacketFormat *format,
    const NalUnit *units, guint8 *out)
{
  const NalUnit *unit = &units[self->first];

  if (self->offset == 0)
    return 0;
  format->write_fragment_header (unit->data,
      self->offset == format->unit_header,
      self->offset + self->n_bytes == unit->size, out);
  return format->fragment_header;
}

static void
write_aggregate (const NalPacket *self, const NalPacketFormat *format,
    const NalUnit *units, guint8 *out)
{
  format->write_aggregate_header (units, self->n_units, out);
  out += format->aggregate_header;
  for (guint i = 0; i < self->n_units; i++) {
    out[0] = units[i].size >> 8;
    out[1] = units[i].size;
    memcpy (out + LENGTH_BYTES, units[i].data, units[i].size);
    out += LENGTH_BYTES + units[i].size;
  }
}

void
nal_packet_write (const NalPacket *self, const NalPacketFormat *format,
    const NalUnit *units, guint8 *out)
{
  const NalUnit *unit = &units[self->first];

  if (self->n_units > 1) {
    write_aggregate (self, format, unit, out);
    return;
  }
  out += nal_packet_write_header (self, format, units, out);
  memcpy (out, unit->data + self->offset, self->n_bytes);
}
