/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The encoder's name for itself: see metadata.h. */

#include "gst/rtmp/metadata.h"

#include <string.h>

/* Real metadata is shorter than a kilobyte. */
#define MAX_BYTES (64 * 1024)
/* "@setDataFrame", "onMetaData", the object, and one to spare. */
#define MAX_VALUES 4

static gchar *
dup_line (const RtmpAmf0Value *value)
{
  g_autofree gchar *raw = NULL;
  g_autofree gchar *line = NULL;
  gsize size;

  if (value->type != RTMP_AMF0_STRING || value->size == 0)
    return NULL;
  raw = g_strndup (value->text,
      MIN (value->size, RTMP_METADATA_MAX_ENCODER_BYTES));
  line = rtmp_command_dup_reason (raw);
  g_strstrip (line);
  /* The replacement character for invalid UTF-8 is longer than what it
   * replaces. */
  size = strlen (line);
  while (size > RTMP_METADATA_MAX_ENCODER_BYTES)
    size = g_utf8_find_prev_char (line, line + size) - line;
  line[size] = '\0';
  return size > 0 ? g_steal_pointer (&line) : NULL;
}

gchar *
rtmp_metadata_dup_encoder (const RtmpMessage *message)
{
  const guint8 *data = rtmp_message_payload (message);
  gsize size = message->size;
  RtmpAmf0Reader reader;
  RtmpAmf0Value value, encoder;

  if (message->type != RTMP_MESSAGE_DATA &&
      message->type != RTMP_MESSAGE_DATA_AMF3)
    return NULL;
  /* A leading zero byte announces AMF0. */
  if (message->type == RTMP_MESSAGE_DATA_AMF3 && size > 0 && *data == 0) {
    data++;
    size--;
  }
  if (size > MAX_BYTES)
    return NULL;
  rtmp_amf0_reader_init (&reader, data, size);
  for (guint i = 0; i < MAX_VALUES && rtmp_amf0_read (&reader, &value); i++) {
    if (rtmp_amf0_get (&value, "encoder", &encoder))
      return dup_line (&encoder);
  }
  return NULL;
}

gchar *
rtmp_metadata_dup_flash_version (const RtmpCommand *connect)
{
  RtmpAmf0Value value;

  if (!rtmp_amf0_get (&connect->object, "flashVer", &value))
    return NULL;
  return dup_line (&value);
}
