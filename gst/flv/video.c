/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Video tags: see video.h. */

#include "gst/flv/video.h"

#include "gst/flv/exheader.h"

#include <gst/gstutils.h>

#define IS_EX_HEADER 0x80

/* Frame types. A command is meant for players and contains no picture. */
#define FRAME_KEY 1
#define FRAME_GENERATED_KEY 4
#define FRAME_COMMAND 5

/* Classic codec numbers with a packet type and a composition time. 12 is not in
 * any specification, but cameras use it for HEVC. */
#define CLASSIC_AVC 7
#define CLASSIC_HEVC 12
#define CLASSIC_HEADER_BYTES 5
#define AVC_SEQUENCE_HEADER 0
#define AVC_NALU 1

/* Packet types that are not in exheader.h. */
#define EX_CODED_FRAMES_X 3
#define CTS_BYTES 3

/* SI24: sign-extended by its top bit. */
static gint32
read_si24 (const guint8 *data)
{
  gint32 number = GST_READ_UINT24_BE (data);

  return number & 0x800000 ? number - 0x1000000 : number;
}

static void
set_frame (FlvPacket *packet, guint frame_type)
{
  packet->kind = FLV_PACKET_FRAME;
  packet->is_key = frame_type == FRAME_KEY || frame_type == FRAME_GENERATED_KEY;
}

static gboolean
parse_classic_nals (FlvPacket *packet, const guint8 *data, gsize size)
{
  if (size < CLASSIC_HEADER_BYTES)
    return FALSE;

  packet->offset = CLASSIC_HEADER_BYTES;
  packet->size = size - CLASSIC_HEADER_BYTES;
  if (data[1] == AVC_SEQUENCE_HEADER) {
    packet->kind = FLV_PACKET_CONFIG;
  } else if (data[1] == AVC_NALU) {
    set_frame (packet, data[0] >> 4);
    packet->cts_ms = read_si24 (data + 2);
  }
  return TRUE;
}

static gboolean
parse_classic (FlvPacket *packet, const guint8 *data, gsize size)
{
  guint number = data[0] & 0x0f;

  if (number == CLASSIC_AVC) {
    packet->codec = FLV_CODEC_AVC;
    return parse_classic_nals (packet, data, size);
  }
  if (number == CLASSIC_HEVC) {
    packet->codec = FLV_CODEC_HEVC;
    return parse_classic_nals (packet, data, size);
  }
  packet->codec = FLV_CODEC_CLASSIC_VIDEO + number;
  packet->offset = 1;
  packet->size = size - 1;
  set_frame (packet, data[0] >> 4);
  return TRUE;
}

static gboolean
has_cts (guint32 codec)
{
  return codec == FLV_CODEC_AVC || codec == FLV_CODEC_HEVC ||
      codec == FLV_CODEC_VVC;
}

static gboolean
parse_enhanced (FlvPacket *packet, const guint8 *data, gsize size)
{
  FlvExHeader header;
  FlvExNext next = flv_ex_header_begin_packet (&header, data, size,
      FLV_EX_VIDEO_MULTITRACK, packet);

  if (next != FLV_EX_TRACK)
    return next == FLV_EX_END;
  if (header.type != FLV_EX_CODED_FRAMES && header.type != EX_CODED_FRAMES_X)
    return TRUE;

  set_frame (packet, data[0] >> 4 & 0x07);
  if (header.type == FLV_EX_CODED_FRAMES && has_cts (packet->codec)) {
    if (packet->size < CTS_BYTES)
      return FALSE;
    packet->cts_ms = read_si24 (data + packet->offset);
    packet->offset += CTS_BYTES;
    packet->size -= CTS_BYTES;
  }
  return TRUE;
}

gboolean
flv_video_parse (FlvPacket *packet, const guint8 *data, gsize size)
{
  *packet = (FlvPacket){ 0 };
  if (size < 1)
    return FALSE;
  if ((data[0] >> 4 & 0x07) == FRAME_COMMAND)
    return TRUE;
  if (data[0] & IS_EX_HEADER)
    return parse_enhanced (packet, data, size);
  return parse_classic (packet, data, size);
}
