/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server's replies to a player: see playreply.h. */

#include "gst/rtmp/playreply.h"

#include "gst/rtmp/control.h"
#include "gst/rtmp/playframe.h"
#include "gst/rtmp/reply.h"
#include "gst/rtmp/streamname.h"

#include <string.h>

#define CSID_DATA 5

static guint32
valid_id (guint32 stream_id)
{
  return stream_id != 0 ? stream_id : RTMP_REPLY_STREAM_ID;
}

static void
reply_status (GByteArray *out, guint32 stream_id, const gchar *code,
    const gchar *description)
{
  rtmp_reply_status (out, stream_id, "status", code, description);
}

static void
write_sample_access (GByteArray *out, guint32 stream_id)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  rtmp_amf0_write_string (payload, "|RtmpSampleAccess");
  rtmp_amf0_write_boolean (payload, TRUE);
  rtmp_amf0_write_boolean (payload, TRUE);
  rtmp_chunk_write (out, CSID_DATA, RTMP_REPLY_CHUNK_BYTES, RTMP_MESSAGE_DATA,
      valid_id (stream_id), 0, payload->data, payload->len);
}

void
rtmp_playreply_started (GByteArray *out, guint32 stream_id, const gchar *name)
{
  g_autofree gchar *reset = g_strdup_printf ("Playing and resetting %s.", name);
  g_autofree gchar *start = g_strdup_printf ("Started playing %s.", name);

  rtmp_control_write_number (out, RTMP_MESSAGE_SET_CHUNK_SIZE,
      RTMP_PLAYFRAME_CHUNK_BYTES);
  rtmp_control_write_stream_begin (out, valid_id (stream_id));
  reply_status (out, stream_id, "NetStream.Play.Reset", reset);
  reply_status (out, stream_id, "NetStream.Play.Start", start);
  write_sample_access (out, stream_id);
}

void
rtmp_playreply_failed (GByteArray *out, guint32 stream_id, const gchar *code,
    const gchar *description)
{
  rtmp_reply_status (out, stream_id, "error", code, description);
}

void
rtmp_playreply_ended (GByteArray *out, guint32 stream_id)
{
  rtmp_control_write_stream_eof (out, valid_id (stream_id));
  reply_status (out, stream_id, "NetStream.Play.UnpublishNotify",
      "The stream has ended.");
  reply_status (out, stream_id, "NetStream.Play.Stop", "Stopped playing.");
}

void
rtmp_playreply_paused (GByteArray *out, guint32 stream_id, gboolean is_paused)
{
  if (is_paused)
    reply_status (out, stream_id, "NetStream.Pause.Notify", "Paused.");
  else
    reply_status (out, stream_id, "NetStream.Unpause.Notify",
        "Playing live again.");
}

void
rtmp_playreply_sought (GByteArray *out, guint32 stream_id)
{
  reply_status (out, stream_id, "NetStream.Seek.Notify",
      "A live stream has no other position.");
}

static void
send_command (GByteArray *out, const GByteArray *payload)
{
  rtmp_chunk_write (out, RTMP_CSID_COMMAND, RTMP_REPLY_CHUNK_BYTES,
      RTMP_MESSAGE_COMMAND, 0, 0, payload->data, payload->len);
}

/* Live streams have no length: 0. */
void
rtmp_playreply_length (GByteArray *out, const RtmpCommand *command)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();

  if (command->transaction == 0)
    return;
  rtmp_command_write_result (payload, command->transaction);
  rtmp_amf0_write_number (payload, 0);
  send_command (out, payload);
}

/* The key is returned as received, if it is printable. */
void
rtmp_playreply_subscribed (GByteArray *out, const RtmpCommand *command)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  g_autofree gchar *key = rtmp_command_dup_text (&command->argument);

  if (key != NULL && strlen (key) <= RTMP_STREAM_NAME_MAX_BYTES) {
    rtmp_command_write_fc_subscribe (payload, key);
    send_command (out, payload);
  }
  rtmp_reply_result (out, command);
}
