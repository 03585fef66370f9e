/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The control messages: see control.h. */

#include "gst/rtmp/control.h"

#include <string.h>

/* Section 7.1.7. */
#define USER_CONTROL_STREAM_BEGIN 0
#define USER_CONTROL_STREAM_EOF 1
#define USER_CONTROL_PING_REQUEST 6
#define USER_CONTROL_PING_RESPONSE 7
#define USER_CONTROL_BYTES 6
/* Section 5.4.5: the bandwidth may be lowered, not raised. */
#define LIMIT_DYNAMIC 2

/* They are all shorter than any chunk. */
static void
write_message (GByteArray *out, RtmpMessageType type, const guint8 *payload,
    gsize size)
{
  rtmp_chunk_write (out, RTMP_CSID_CONTROL, RTMP_CHUNK_DEFAULT_BYTES, type, 0,
      0, payload, size);
}

void
rtmp_control_write_number (GByteArray *out, RtmpMessageType type,
    guint32 number)
{
  guint32 payload = GUINT32_TO_BE (number);

  write_message (out, type, (const guint8 *) &payload, sizeof payload);
}

void
rtmp_control_write_peer_bandwidth (GByteArray *out, guint32 window_bytes)
{
  guint32 window = GUINT32_TO_BE (window_bytes);
  guint8 payload[5];

  memcpy (payload, &window, sizeof window);
  payload[4] = LIMIT_DYNAMIC;
  write_message (out, RTMP_MESSAGE_SET_PEER_BANDWIDTH, payload, sizeof payload);
}

static void
write_stream_event (GByteArray *out, guint8 event, guint32 stream_id)
{
  guint32 id = GUINT32_TO_BE (stream_id);
  guint8 payload[USER_CONTROL_BYTES] = { 0, event };

  memcpy (payload + 2, &id, sizeof id);
  write_message (out, RTMP_MESSAGE_USER_CONTROL, payload, sizeof payload);
}

void
rtmp_control_write_stream_begin (GByteArray *out, guint32 stream_id)
{
  write_stream_event (out, USER_CONTROL_STREAM_BEGIN, stream_id);
}

void
rtmp_control_write_stream_eof (GByteArray *out, guint32 stream_id)
{
  write_stream_event (out, USER_CONTROL_STREAM_EOF, stream_id);
}

void
rtmp_control_answer_ping (GByteArray *out, const guint8 *payload, gsize size)
{
  guint8 response[USER_CONTROL_BYTES];

  if (size < USER_CONTROL_BYTES || payload[0] != 0 ||
      payload[1] != USER_CONTROL_PING_REQUEST)
    return;
  memcpy (response, payload, sizeof response);
  response[1] = USER_CONTROL_PING_RESPONSE;
  write_message (out, RTMP_MESSAGE_USER_CONTROL, response, sizeof response);
}

gboolean
rtmp_control_read_number (const RtmpMessage *message, guint32 *number)
{
  if (message->size < sizeof *number)
    return FALSE;
  memcpy (number, rtmp_message_payload (message), sizeof *number);
  *number = GUINT32_FROM_BE (*number);
  return TRUE;
}
