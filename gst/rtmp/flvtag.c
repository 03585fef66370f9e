/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FLV tags from RTMP messages: see flvtag.h. */

#include "gst/rtmp/flvtag.h"

#include <gst/gstutils.h>
#include <string.h>

#define HEADER_BYTES RTMP_MESSAGE_HEADROOM
#define PREVIOUS_SIZE_BYTES RTMP_MESSAGE_TAILROOM

/* It is not known yet which tracks will follow, so the header announces both.
 */
const guint8 rtmp_flv_header[RTMP_FLV_HEADER_BYTES] = { 'F', 'L', 'V', 1, 0x05,
  0, 0, 0, 9, 0, 0, 0, 0 };

/* An AMF0 string that asks the server to keep the data for players that join
 * later. It does not belong in a file. */
static const guint8 set_data_frame[] = { 0x02, 0x00, 0x0d, '@', 's', 'e', 't',
  'D', 'a', 't', 'a', 'F', 'r', 'a', 'm', 'e' };

gboolean
rtmp_flv_is_media (const RtmpMessage *message)
{
  return message->type == RTMP_MESSAGE_AUDIO ||
      message->type == RTMP_MESSAGE_VIDEO ||
      message->type == RTMP_MESSAGE_DATA ||
      message->type == RTMP_MESSAGE_DATA_AMF3;
}

static void
cut_front (RtmpMessage *message, gsize n_bytes)
{
  guint8 *payload = rtmp_message_payload (message);

  message->size -= n_bytes;
  memmove (payload, payload + n_bytes, message->size);
}

/* Messages of the AMF3 type hold AMF0 after one byte: no sender of note sends
 * actual AMF3. */
static void
trim_data (RtmpMessage *message)
{
  if (message->type == RTMP_MESSAGE_DATA_AMF3 && message->size > 0 &&
      *rtmp_message_payload (message) == 0)
    cut_front (message, 1);
  message->type = RTMP_MESSAGE_DATA;

  if (message->size >= sizeof set_data_frame &&
      memcmp (rtmp_message_payload (message), set_data_frame,
          sizeof set_data_frame) == 0)
    cut_front (message, sizeof set_data_frame);
}

guint8 *
rtmp_flv_take_tag (RtmpMessage *message, gsize *size)
{
  guint8 *tag = message->block;
  gsize tag_size;

  g_assert (rtmp_flv_is_media (message));
  if (message->type == RTMP_MESSAGE_DATA ||
      message->type == RTMP_MESSAGE_DATA_AMF3)
    trim_data (message);
  if (message->size == 0) {
    rtmp_message_clear (message);
    return NULL;
  }

  tag[0] = message->type;
  GST_WRITE_UINT24_BE (tag + 1, message->size);
  GST_WRITE_UINT24_BE (tag + 4, message->time_ms);
  tag[7] = message->time_ms >> 24;
  GST_WRITE_UINT24_BE (tag + 8, 0);
  /* Not GST_WRITE_UINT32_BE, which stores a word, whatever its alignment. */
  tag_size = HEADER_BYTES + message->size;
  tag[tag_size] = tag_size >> 24;
  GST_WRITE_UINT24_BE (tag + tag_size + 1, tag_size);

  *size = tag_size + PREVIOUS_SIZE_BYTES;
  message->block = NULL;
  return tag;
}
