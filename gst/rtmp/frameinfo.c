/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a tag says of its frame: see frameinfo.h. */

#include "gst/rtmp/frameinfo.h"

#include "gst/flv/video.h"
#include "gst/rtmp/chunk.h"
#include "gst/rtmp/playtag.h"

/* ISO 14496-15, section 5.2.4.1. */
#define AVC_CONFIG_BYTES 7
#define PROFILE_AT 1
#define LENGTH_SIZE_AT 4
#define LENGTH_SIZE_MASK 3

/* ITU-T H.264, table 7-1: slices, partition A of slices, slices of IDR
 * pictures. ITU-T H.265, table 7-1: the types below 32 are slices. */
#define H264_TYPE(byte) ((byte) &0x1f)
#define H264_SLICE 1
#define H264_PARTITION_A 2
#define H264_IDR 5
#define HEVC_TYPE(byte) ((byte) >> 1 & 0x3f)
#define HEVC_N_SLICE_TYPES 32

static gboolean
is_slice (guint32 codec, guint8 first)
{
  guint type = H264_TYPE (first);

  if (codec == FLV_CODEC_HEVC)
    return HEVC_TYPE (first) < HEVC_N_SLICE_TYPES;
  return type == H264_SLICE || type == H264_PARTITION_A || type == H264_IDR;
}

static gsize
read_length (const guint8 *data, guint n_bytes)
{
  gsize length = 0;

  for (guint i = 0; i < n_bytes; i++)
    length = length << 8 | data[i];
  return length;
}

/* Returns: 0 if the units are delimited in another way than by lengths. */
static guint
count_slices (guint32 codec, guint n_length_bytes, const guint8 *data,
    gsize size)
{
  guint n_slices = 0;

  for (guint i = 0; i < RTMP_FRAMEINFO_MAX_UNITS && size > n_length_bytes;
       i++) {
    gsize length = read_length (data, n_length_bytes);

    data += n_length_bytes;
    size -= n_length_bytes;
    if (length == 0 || length > size)
      return 0;
    n_slices += is_slice (codec, data[0]);
    data += length;
    size -= length;
  }
  return n_slices;
}

static void
read_config (RtmpFrameInfo *self, const guint8 *data, gsize size)
{
  self->kind = RTMP_FRAMEINFO_CONFIG;
  if (self->codec != FLV_CODEC_AVC || size < AVC_CONFIG_BYTES)
    return;
  self->profile = data[PROFILE_AT];
  self->n_length_bytes = (data[LENGTH_SIZE_AT] & LENGTH_SIZE_MASK) + 1;
}

static void
read_video (RtmpFrameInfo *self, guint n_length_bytes, const guint8 *data,
    gsize size)
{
  FlvPacket packet;

  if (!flv_video_parse (&packet, data, size) || packet.kind == FLV_PACKET_NONE)
    return;
  self->codec = packet.codec;
  if (packet.kind == FLV_PACKET_CONFIG) {
    read_config (self, data + packet.offset, packet.size);
    return;
  }
  self->kind = RTMP_FRAMEINFO_VIDEO;
  self->is_key = packet.is_key;
  self->cts_ms = packet.cts_ms;
  if (packet.codec == FLV_CODEC_AVC || packet.codec == FLV_CODEC_HEVC)
    self->n_slices = count_slices (packet.codec, n_length_bytes,
        data + packet.offset, packet.size);
}

void
rtmp_frameinfo_read (RtmpFrameInfo *self, guint n_length_bytes,
    const guint8 *tag, gsize size)
{
  gsize payload_size;
  const guint8 *payload = rtmp_playtag_payload (tag, size, &payload_size);
  RtmpPlayTag audio;

  *self = (RtmpFrameInfo){ .kind = RTMP_FRAMEINFO_NONE };
  if (tag[0] == RTMP_MESSAGE_VIDEO) {
    read_video (self, n_length_bytes, payload, payload_size);
  } else if (tag[0] == RTMP_MESSAGE_AUDIO) {
    rtmp_playtag_read (&audio, tag, size);
    if (audio.kind == RTMP_PLAYTAG_AUDIO)
      self->kind = RTMP_FRAMEINFO_AUDIO;
  }
}
