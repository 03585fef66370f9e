/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The payload of an RTP packet of H.264 in packetization mode 1 (RFC 6184) or
 * of H.265 (RFC 7798): one NAL unit, an aggregation of several or a fragment of
 * one. Pure. */

#pragma once

#include "gst/bitstream/nalunits.h"

G_BEGIN_DECLS

/* Libwebrtc loses frames that have a packet with ten units or more. */
#define NAL_PACKET_MAX_UNITS 9
/* The last byte of the padding is its size (RFC 3550 section 5.1). */
#define NAL_PACKET_MAX_PADDING 255

/* How a codec is payloaded. */
typedef struct
{
  gsize unit_header;      /* in bytes; fragments leave it out */
  gsize fragment_header;  /* what precedes a fragment's bytes */
  gsize aggregate_header; /* what precedes the first unit's size */
  guint first_type;       /* of a unit */
  guint last_type;
  guint (*read_type) (const guint8 *unit);
  void (*write_fragment_header) (const guint8 *unit, gboolean starts,
      gboolean ends, guint8 *out);
  void (*write_aggregate_header) (const NalUnit *units, guint n_units,
      guint8 *out);
} NalPacketFormat;

extern const NalPacketFormat nal_packet_h264;
extern const NalPacketFormat nal_packet_h265;

typedef struct
{
  guint first;   /* the index of its unit, or of its first one */
  guint n_units; /* several: an aggregation */
  gsize offset;  /* of a fragment in its unit; 0: whole units */
  gsize n_bytes; /* of its units */
  guint8 n_padding;
} NalPacket;

/* Whether @unit can be sent: other types are those of aggregations and
 * fragments, or of no use in RTP. */
gboolean nal_packet_takes (const NalPacketFormat *format, const NalUnit *unit);

/* Returns: the size of the payload, without padding. */
gsize nal_packet_size (const NalPacket *self, const NalPacketFormat *format);

/* Writes what precedes the bytes of a packet's only unit, at most
 * fragment_header bytes. Returns: their number. */
gsize nal_packet_write_header (const NalPacket *self,
    const NalPacketFormat *format, const NalUnit *units, guint8 *out);

/* Writes the payload, nal_packet_size() bytes, without padding. */
void nal_packet_write (const NalPacket *self, const NalPacketFormat *format,
    const NalUnit *units, guint8 *out);

G_END_DECLS
