/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tracks of a message: see multitrack.h. */

#include "gst/rtmp/multitrack.h"

#include <string.h>

/* The first byte of a video message: one bit for Enhanced RTMP, three for the
 * frame type, then the codec or, if enhanced, the packet type. Of an audio
 * message: four bits for the codec, then the rate or, if enhanced, the packet
 * type. */
#define VIDEO_IS_ENHANCED 0x80
#define VIDEO_FRAME_TYPE(byte) ((byte) >> 4 & 0x07)
#define VIDEO_COMMAND 5
#define VIDEO_AVC 7
#define VIDEO_HEVC 12
#define AUDIO_ENHANCED 9
#define AUDIO_AAC 10
/* The second byte, for AVC, HEVC and AAC. */
#define CLASSIC_SEQUENCE_HEADER 0

#define CODEC_BYTES 4

static gboolean
is_enhanced (const RtmpMessage *message)
{
  guint8 byte = *rtmp_message_payload (message);

  if (message->type == RTMP_MESSAGE_VIDEO)
    return (byte & VIDEO_IS_ENHANCED) != 0 &&
        VIDEO_FRAME_TYPE (byte) != VIDEO_COMMAND;
  return byte >> 4 == AUDIO_ENHANCED;
}

void
rtmp_multitrack_begin (RtmpMultitrack *self, const RtmpMessage *message)
{
  g_assert (message->type == RTMP_MESSAGE_VIDEO ||
      message->type == RTMP_MESSAGE_AUDIO);

  *self = (RtmpMultitrack){ .message = message };
  self->is_at_end = message->size == 0;
  self->is_enhanced = !self->is_at_end && is_enhanced (message);
  if (self->is_enhanced)
    self->is_at_end = !flv_ex_header_parse (&self->header,
        rtmp_message_payload (message), message->size,
        message->type == RTMP_MESSAGE_VIDEO ? FLV_EX_VIDEO_MULTITRACK
                                            : FLV_EX_AUDIO_MULTITRACK);
}

gboolean
rtmp_multitrack_next (RtmpMultitrack *self, guint *id)
{
  if (self->is_at_end)
    return FALSE;
  if (!self->is_enhanced) {
    self->is_at_end = TRUE;
    *id = RTMP_MULTITRACK_FIRST;
    return TRUE;
  }
  self->is_at_end =
      flv_ex_header_next (&self->header, &self->track) != FLV_EX_TRACK;
  *id = self->track.id;
  return !self->is_at_end;
}

gboolean
rtmp_multitrack_is_sequence_header (const RtmpMultitrack *self)
{
  const guint8 *payload = rtmp_message_payload (self->message);
  guint codec;

  if (self->is_enhanced)
    return self->header.type == FLV_EX_SEQUENCE_START;
  if (self->message->size < 2 || payload[1] != CLASSIC_SEQUENCE_HEADER)
    return FALSE;
  if (self->message->type == RTMP_MESSAGE_AUDIO)
    return payload[0] >> 4 == AUDIO_AAC;
  codec = payload[0] & 0x0f;
  return codec == VIDEO_AVC || codec == VIDEO_HEVC;
}

static gboolean
copy_whole (const RtmpMessage *message, RtmpMessage *copy)
{
  if (!rtmp_message_init (copy, message->type, message->size))
    return FALSE;
  memcpy (rtmp_message_payload (copy), rtmp_message_payload (message),
      message->size);
  return TRUE;
}

/* Leaves out ModEx modifiers as well: they only refine what is not used here.
 */
static gboolean
copy_track (const RtmpMultitrack *self, RtmpMessage *copy)
{
  const guint8 *payload = rtmp_message_payload (self->message);
  guint32 codec = GUINT32_TO_BE (self->track.codec);
  guint8 *target;

  if (!rtmp_message_init (copy, self->message->type,
          1 + CODEC_BYTES + self->track.size))
    return FALSE;
  target = rtmp_message_payload (copy);
  target[0] = (payload[0] & 0xf0) | self->header.type;
  memcpy (target + 1, &codec, CODEC_BYTES);
  memcpy (target + 1 + CODEC_BYTES, payload + self->track.offset,
      self->track.size);
  return TRUE;
}

gboolean
rtmp_multitrack_copy (const RtmpMultitrack *self, RtmpMessage *single)
{
  gboolean is_copied = self->is_enhanced ? copy_track (self, single)
                                         : copy_whole (self->message, single);

  single->stream_id = self->message->stream_id;
  single->time_ms = self->message->time_ms;
  return is_copied;
}
