/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a tag means to a player: see playtag.h. */

#include "gst/rtmp/playtag.h"

#include "gst/flv/exheader.h"
#include "gst/rtmp/chunk.h"

#include <gst/gstutils.h>
#include <string.h>

#define HEADER_BYTES RTMP_MESSAGE_HEADROOM
#define AROUND_BYTES (RTMP_MESSAGE_HEADROOM + RTMP_MESSAGE_TAILROOM)

/* video_file_format_spec_v10_1, E.4.3.1 and E.4.2.1. Codecs 12 and 13 are what
 * encoders used for HEVC and AV1 before Enhanced RTMP. */
#define FRAME_KEY 1
#define FRAME_COMMAND 5
#define CODEC_AVC 7
#define CODEC_HEVC 12
#define CODEC_AV1 13
#define SOUND_AAC 10
#define PACKET_HEADER 0
#define PACKET_FRAME 1

/* Enhanced RTMP. */
#define SOUND_ENHANCED 9
#define IS_ENHANCED_VIDEO 0x80
#define VIDEO_CODED_FRAMES_X 3
#define VIDEO_METADATA 4
#define VIDEO_SEQUENCE_START_TS 5
#define AUDIO_MULTICHANNEL_CONFIG 4

/* An AMF0 string. */
static const guint8 on_metadata[] = { 0x02, 0x00, 0x0a, 'o', 'n', 'M', 'e', 't',
  'a', 'D', 'a', 't', 'a' };

const guint8 *
rtmp_playtag_payload (const guint8 *tag, gsize size, gsize *payload_size)
{
  g_assert (size > AROUND_BYTES);
  *payload_size = size - AROUND_BYTES;
  return tag + HEADER_BYTES;
}

guint32
rtmp_playtag_time_ms (const guint8 *tag)
{
  return (guint32) tag[7] << 24 | GST_READ_UINT24_BE (tag + 4);
}

static void
set_header (RtmpPlayTag *self, guint8 message, guint packet, guint track)
{
  self->kind = RTMP_PLAYTAG_HEADER;
  self->slot = (guint) message << 16 | packet << 8 | track;
}

/* Returns FALSE if there is no track whose packet could be used. */
static gboolean
read_enhanced (const guint8 *data, gsize size, guint multitrack, guint *packet,
    guint *track)
{
  FlvExHeader header;
  FlvExTrack first;

  if (!flv_ex_header_parse (&header, data, size, multitrack) ||
      flv_ex_header_next (&header, &first) != FLV_EX_TRACK)
    return FALSE;
  *packet = header.type;
  *track = first.id;
  return TRUE;
}

/* Not every player can begin with a picture of another track. */
static gboolean
has_first_track (const guint8 *data, gsize size)
{
  FlvExHeader header;
  FlvExTrack track;

  return flv_ex_header_parse (&header, data, size, FLV_EX_VIDEO_MULTITRACK) &&
      flv_ex_header_find (&header, FLV_EX_FIRST_TRACK, &track) == FLV_EX_TRACK;
}

static void
read_enhanced_video (RtmpPlayTag *self, const guint8 *data, gsize size,
    guint frame)
{
  guint packet, track;

  if (!read_enhanced (data, size, FLV_EX_VIDEO_MULTITRACK, &packet, &track))
    return;
  if (packet == FLV_EX_SEQUENCE_START || packet == VIDEO_METADATA ||
      packet == VIDEO_SEQUENCE_START_TS)
    set_header (self, RTMP_MESSAGE_VIDEO, packet, track);
  else if (frame == FRAME_KEY &&
      (packet == FLV_EX_CODED_FRAMES || packet == VIDEO_CODED_FRAMES_X) &&
      has_first_track (data, size))
    self->kind = RTMP_PLAYTAG_KEY;
}

static gboolean
has_packet_type (guint codec)
{
  return codec == CODEC_AVC || codec == CODEC_HEVC || codec == CODEC_AV1;
}

static void
read_video (RtmpPlayTag *self, const guint8 *data, gsize size)
{
  guint frame = data[0] >> 4 & 0x7;
  guint codec = data[0] & 0xf;

  self->kind = RTMP_PLAYTAG_VIDEO;
  if (frame == FRAME_COMMAND)
    self->kind = RTMP_PLAYTAG_DATA;
  else if (data[0] & IS_ENHANCED_VIDEO)
    read_enhanced_video (self, data, size, frame);
  else if (!has_packet_type (codec))
    self->kind = frame == FRAME_KEY ? RTMP_PLAYTAG_KEY : RTMP_PLAYTAG_VIDEO;
  else if (size > 1 && data[1] == PACKET_HEADER)
    set_header (self, RTMP_MESSAGE_VIDEO, FLV_EX_SEQUENCE_START,
        FLV_EX_FIRST_TRACK);
  else if (size > 1 && data[1] == PACKET_FRAME && frame == FRAME_KEY)
    self->kind = RTMP_PLAYTAG_KEY;
}

static void
read_audio (RtmpPlayTag *self, const guint8 *data, gsize size)
{
  guint format = data[0] >> 4;
  guint packet, track;

  self->kind = RTMP_PLAYTAG_AUDIO;
  if (format == SOUND_AAC && size > 1 && data[1] == PACKET_HEADER)
    set_header (self, RTMP_MESSAGE_AUDIO, FLV_EX_SEQUENCE_START,
        FLV_EX_FIRST_TRACK);
  if (format != SOUND_ENHANCED ||
      !read_enhanced (data, size, FLV_EX_AUDIO_MULTITRACK, &packet, &track))
    return;
  if (packet == FLV_EX_SEQUENCE_START || packet == AUDIO_MULTICHANNEL_CONFIG)
    set_header (self, RTMP_MESSAGE_AUDIO, packet, track);
}

void
rtmp_playtag_read (RtmpPlayTag *self, const guint8 *tag, gsize size)
{
  gsize payload_size;
  const guint8 *payload = rtmp_playtag_payload (tag, size, &payload_size);

  *self = (RtmpPlayTag){ .kind = RTMP_PLAYTAG_DATA };
  if (tag[0] == RTMP_MESSAGE_VIDEO)
    read_video (self, payload, payload_size);
  else if (tag[0] == RTMP_MESSAGE_AUDIO)
    read_audio (self, payload, payload_size);
  else if (payload_size >= sizeof on_metadata &&
      memcmp (payload, on_metadata, sizeof on_metadata) == 0)
    self->kind = RTMP_PLAYTAG_METADATA;
}
