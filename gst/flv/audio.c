/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Audio tags: see audio.h. */

#include "gst/flv/audio.h"

#include "gst/flv/exheader.h"

/* Sound formats, the upper four bits of the first byte. */
#define FORMAT_MP3 2
#define FORMAT_EX_HEADER 9
#define FORMAT_AAC 10
#define FORMAT_MP3_8KHZ 14
#define IS_STEREO 0x01

#define AAC_HEADER_BYTES 2
#define AAC_SEQUENCE_HEADER 0
#define AAC_RAW 1

static gboolean
parse_aac (FlvPacket *packet, const guint8 *data, gsize size)
{
  if (size < AAC_HEADER_BYTES)
    return FALSE;

  /* Section E.4.2.1: the rate and channels of AAC are those in its own header.
   */
  packet->n_channels = 0;
  packet->codec = FLV_CODEC_AAC;
  packet->offset = AAC_HEADER_BYTES;
  packet->size = size - AAC_HEADER_BYTES;
  if (data[1] == AAC_SEQUENCE_HEADER)
    packet->kind = FLV_PACKET_CONFIG;
  else if (data[1] == AAC_RAW)
    packet->kind = FLV_PACKET_FRAME;
  return TRUE;
}

static gboolean
parse_classic (FlvPacket *packet, const guint8 *data, gsize size)
{
  guint format = data[0] >> 4;

  packet->n_channels = data[0] & IS_STEREO ? 2 : 1;
  if (format == FORMAT_AAC)
    return parse_aac (packet, data, size);

  packet->kind = FLV_PACKET_FRAME;
  packet->offset = 1;
  packet->size = size - 1;
  if (format == FORMAT_MP3 || format == FORMAT_MP3_8KHZ)
    packet->codec = FLV_CODEC_MP3;
  else
    packet->codec = FLV_CODEC_CLASSIC_AUDIO + format;
  return TRUE;
}

static gboolean
parse_enhanced (FlvPacket *packet, const guint8 *data, gsize size)
{
  FlvExHeader header;
  FlvExNext next = flv_ex_header_begin_packet (&header, data, size,
      FLV_EX_AUDIO_MULTITRACK, packet);

  if (next != FLV_EX_TRACK)
    return next == FLV_EX_END;
  if (header.type == FLV_EX_CODED_FRAMES)
    packet->kind = FLV_PACKET_FRAME;
  return TRUE;
}

gboolean
flv_audio_parse (FlvPacket *packet, const guint8 *data, gsize size)
{
  *packet = (FlvPacket){ .is_key = TRUE };
  /* Some encoders send empty tags for silence. */
  if (size < 1)
    return TRUE;
  if (data[0] >> 4 == FORMAT_EX_HEADER)
    return parse_enhanced (packet, data, size);
  return parse_classic (packet, data, size);
}
