/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server's replies to a publisher: see reply.h. */

#include "gst/rtmp/reply.h"

#include "gst/rtmp/control.h"
#include "gst/rtmp/streamname.h"

#include <string.h>

#define CSID_STREAM 5

static void
send_command (GByteArray *out, guint32 chunk_size, const GByteArray *payload)
{
  rtmp_chunk_write (out, RTMP_CSID_COMMAND, chunk_size, RTMP_MESSAGE_COMMAND, 0,
      0, payload->data, payload->len);
}

void
rtmp_reply_connected (GByteArray *out, const GByteArray *result)
{
  rtmp_control_write_number (out, RTMP_MESSAGE_WINDOW_ACK_SIZE,
      RTMP_REPLY_WINDOW_BYTES);
  rtmp_control_write_peer_bandwidth (out, RTMP_REPLY_WINDOW_BYTES);
  rtmp_control_write_number (out, RTMP_MESSAGE_SET_CHUNK_SIZE,
      RTMP_REPLY_CHUNK_BYTES);
  send_command (out, RTMP_REPLY_CHUNK_BYTES, result);
}

void
rtmp_reply_rejected (GByteArray *out, gdouble transaction,
    const gchar *description)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  rtmp_command_write_rejected (payload, transaction, description);
  send_command (out, RTMP_CHUNK_DEFAULT_BYTES, payload);
}

void
rtmp_reply_result (GByteArray *out, const RtmpCommand *command)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  if (command->transaction == 0)
    return;
  rtmp_command_write_result (payload, command->transaction);
  send_command (out, RTMP_REPLY_CHUNK_BYTES, payload);
}

void
rtmp_reply_failed (GByteArray *out, const RtmpCommand *command,
    const gchar *description)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  if (command->transaction == 0)
    return;
  rtmp_command_write_error (payload, command->transaction,
      "NetConnection.Call.Failed", description);
  send_command (out, RTMP_REPLY_CHUNK_BYTES, payload);
}

void
rtmp_reply_stream_created (GByteArray *out, const RtmpCommand *command,
    guint32 stream_id)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  rtmp_command_write_stream_created (payload, command->transaction, stream_id);
  send_command (out, RTMP_REPLY_CHUNK_BYTES, payload);
}

/* The key is returned as received, if it is printable. */
void
rtmp_reply_fc_publish (GByteArray *out, const RtmpCommand *command)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  g_autofree gchar *key = rtmp_command_dup_text (&command->argument);

  if (key != NULL && strlen (key) <= RTMP_STREAM_NAME_MAX_BYTES) {
    rtmp_command_write_fc_publish (payload, key);
    send_command (out, RTMP_REPLY_CHUNK_BYTES, payload);
  }
  rtmp_reply_result (out, command);
}

void
rtmp_reply_status (GByteArray *out, guint32 stream_id, const gchar *level,
    const gchar *code, const gchar *description)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  rtmp_command_write_status (payload, level, code, description);
  rtmp_chunk_write (out, CSID_STREAM, RTMP_REPLY_CHUNK_BYTES,
      RTMP_MESSAGE_COMMAND, stream_id != 0 ? stream_id : RTMP_REPLY_STREAM_ID,
      0, payload->data, payload->len);
}

/* Encoders know different codes: ffmpeg stops at any error; OBS shows the
 * reason of some codes, but not of this one. */
void
rtmp_reply_rejection (GByteArray *out, guint32 stream_id, const gchar *code,
    const gchar *description)
{
  rtmp_reply_status (out, stream_id, "error", code, description);
  if (strcmp (code, RTMP_REPLY_BAD_NAME) == 0)
    rtmp_reply_status (out, stream_id, "error", "NetStream.Publish.Rejected",
        description);
}

void
rtmp_reply_connection_status (GByteArray *out, const gchar *code,
    const gchar *description)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  rtmp_command_write_status (payload, "status", code, description);
  send_command (out, RTMP_REPLY_CHUNK_BYTES, payload);
}
