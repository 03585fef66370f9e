/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's side of one RTMP connection: see session.h. */

#include "gst/rtmp/session.h"

#include "gst/rtmp/ackwindow.h"
#include "gst/rtmp/aggregate.h"
#include "gst/rtmp/control.h"
#include "gst/rtmp/flvtag.h"
#include "gst/rtmp/reply.h"

#include <gst/gstinfo.h>
#include <string.h>

GST_DEBUG_CATEGORY_STATIC (rtmp_session_debug);
#define GST_CAT_DEFAULT rtmp_session_debug

struct _RtmpSession
{
  RtmpConversation talk;

  RtmpHandshake handshake;
  guint8 random[RTMP_HANDSHAKE_RANDOM_BYTES];
  RtmpChunkReader *reader;
  RtmpAggregate aggregate;

  RtmpAckWindow window;
  guint64 n_messages;
};

RtmpSession *
rtmp_session_new (const gchar *label,
    const guint8 random[RTMP_HANDSHAKE_RANDOM_BYTES])
{
  RtmpSession *self = g_new0 (RtmpSession, 1);

  GST_DEBUG_CATEGORY_INIT (rtmp_session_debug, "rtmpsession", 0,
      "RTMP server session");
  rtmp_conversation_init (&self->talk, label);
  memcpy (self->random, random, sizeof self->random);
  self->reader = rtmp_chunk_reader_new ();
  rtmp_chunk_reader_set_limit (self->reader, RTMP_COMMAND_MAX_BYTES);
  self->window.window_bytes = RTMP_REPLY_WINDOW_BYTES;
  return self;
}

void
rtmp_session_free (RtmpSession *self)
{
  if (self == NULL)
    return;
  rtmp_aggregate_clear (&self->aggregate);
  rtmp_chunk_reader_free (self->reader);
  rtmp_conversation_clear (&self->talk);
  g_free (self);
}

RtmpSessionState
rtmp_session_state (const RtmpSession *self)
{
  return self->talk.state;
}

const gchar *
rtmp_session_why (const RtmpSession *self)
{
  return self->talk.why;
}

const gchar *
rtmp_session_name (const RtmpSession *self)
{
  return self->talk.name;
}

const gchar *
rtmp_session_app (const RtmpSession *self)
{
  return self->talk.app_path;
}

const gchar *
rtmp_session_query (const RtmpSession *self)
{
  return self->talk.query;
}

const gchar *
rtmp_session_flash_version (const RtmpSession *self)
{
  return self->talk.flash_version;
}

/* Returns whether the message became the event, which then owns its memory. */
static gboolean
on_media (RtmpSession *self, RtmpMessage *message, RtmpEvent *event)
{
  if (self->talk.state != RTMP_SESSION_PUBLISHING || message->size == 0 ||
      rtmp_messagestreams_is_rejected (&self->talk.streams, message->stream_id))
    return FALSE;
  event->kind = RTMP_EVENT_MESSAGE;
  event->message = *message;
  message->block = NULL;
  return TRUE;
}

/* The encoders of one library send their metadata as a command. */
static gboolean
on_data_command (RtmpSession *self, const RtmpCommand *command,
    RtmpMessage *message, RtmpEvent *event)
{
  gboolean is_amf3 = message->type == RTMP_MESSAGE_COMMAND_AMF3;

  /* With a transaction ID it is a call, which does not belong in a file. */
  if (command->transaction != 0)
    return FALSE;
  message->type = is_amf3 ? RTMP_MESSAGE_DATA_AMF3 : RTMP_MESSAGE_DATA;
  return on_media (self, message, event);
}

static gboolean
on_command (RtmpSession *self, RtmpMessage *message, GByteArray *out,
    RtmpEvent *event)
{
  const guint8 *data = rtmp_message_payload (message);
  gsize size = message->size;
  gboolean is_connecting = self->talk.state == RTMP_SESSION_CONNECTING;
  RtmpCommand command;

  /* A leading zero byte announces AMF0; some senders omit it. */
  if (message->type == RTMP_MESSAGE_COMMAND_AMF3 && size > 0 && *data == 0) {
    data++;
    size--;
  }
  if (!rtmp_command_parse (&command, data, size)) {
    GST_DEBUG ("%s: a command is malformed", self->talk.label);
    if (is_connecting)
      rtmp_conversation_close (&self->talk, "a command is malformed");
    return FALSE;
  }
  if (is_connecting && command.kind != RTMP_COMMAND_CONNECT) {
    rtmp_conversation_close (&self->talk, "a command precedes connect");
    return FALSE;
  }
  if (command.kind == RTMP_COMMAND_DATA)
    return on_data_command (self, &command, message, event);
  return rtmp_conversation_handle (&self->talk, &command, message->stream_id,
      out, event);
}

/* Set Chunk Size, Abort and Window Acknowledgement Size have one number each.
 */
static void
on_number (RtmpSession *self, const RtmpMessage *message)
{
  guint32 number = 0;
  gboolean has_number = rtmp_control_read_number (message, &number);

  /* Nothing after it can be read without a valid chunk size. */
  if (message->type == RTMP_MESSAGE_SET_CHUNK_SIZE &&
      !rtmp_chunk_reader_set_chunk_size (self->reader, number))
    rtmp_conversation_close (&self->talk, "the chunk size is out of range");
  else if (message->type == RTMP_MESSAGE_ABORT && has_number)
    rtmp_chunk_reader_abort (self->reader, number);
  else if (message->type == RTMP_MESSAGE_WINDOW_ACK_SIZE && number > 0)
    self->window.window_bytes = number;
}

static gboolean
on_message (RtmpSession *self, RtmpMessage *message, GByteArray *out,
    RtmpEvent *event)
{
  const guint8 *payload = rtmp_message_payload (message);

  GST_LOG ("%s: message of type %u, %" G_GSIZE_FORMAT " bytes, at %u ms",
      self->talk.label, message->type, message->size, message->time_ms);
  if (rtmp_flv_is_media (message))
    return on_media (self, message, event);

  switch (message->type) {
    case RTMP_MESSAGE_SET_CHUNK_SIZE:
    case RTMP_MESSAGE_ABORT:
    case RTMP_MESSAGE_WINDOW_ACK_SIZE:
      on_number (self, message);
      return FALSE;
    case RTMP_MESSAGE_USER_CONTROL:
      rtmp_control_answer_ping (out, payload, message->size);
      return FALSE;
    case RTMP_MESSAGE_SET_PEER_BANDWIDTH:
      rtmp_control_write_number (out, RTMP_MESSAGE_WINDOW_ACK_SIZE,
          RTMP_REPLY_WINDOW_BYTES);
      return FALSE;
    case RTMP_MESSAGE_COMMAND:
    case RTMP_MESSAGE_COMMAND_AMF3:
      return on_command (self, message, out, event);
    case RTMP_MESSAGE_AGGREGATE:
      if (!rtmp_messagestreams_is_rejected (&self->talk.streams,
              message->stream_id))
        rtmp_aggregate_take (&self->aggregate, message);
      return FALSE;
    default:
      return FALSE;
  }
}

static void
read_handshake (RtmpSession *self, const guint8 **data, gsize *size,
    GByteArray *out)
{
  switch (
      rtmp_handshake_read (&self->handshake, data, size, self->random, out)) {
    case RTMP_HANDSHAKE_MORE:
      return;
    case RTMP_HANDSHAKE_DONE:
      rtmp_conversation_begin (&self->talk);
      return;
    case RTMP_HANDSHAKE_REJECTED:
      rtmp_conversation_close (&self->talk,
          "speaks another protocol than RTMP version 3");
      return;
  }
}

static gboolean
read_message (RtmpSession *self, const guint8 **data, gsize *size,
    GByteArray *out, RtmpEvent *event)
{
  RtmpMessage message;
  gboolean has_event;

  switch (rtmp_chunk_reader_read (self->reader, data, size, &message)) {
    case RTMP_CHUNK_MORE:
      return FALSE;
    case RTMP_CHUNK_BROKEN:
      rtmp_conversation_close (&self->talk,
          rtmp_chunk_reader_why (self->reader));
      return FALSE;
    case RTMP_CHUNK_MESSAGE:
      self->n_messages++;
      has_event = on_message (self, &message, out, event);
      rtmp_message_clear (&message);
      return has_event;
  }
  return FALSE;
}

static gboolean
read_aggregate (RtmpSession *self, RtmpEvent *event)
{
  RtmpMessage message;
  gboolean has_event = FALSE;

  while (!has_event && rtmp_aggregate_next (&self->aggregate, &message)) {
    if (rtmp_flv_is_media (&message))
      has_event = on_media (self, &message, event);
    rtmp_message_clear (&message);
  }
  return has_event;
}

/* Returns whether the session waits for its owner's answer, or is closed. */
static gboolean
is_waiting (const RtmpSession *self)
{
  return self->talk.state == RTMP_SESSION_CONNECT_PENDING ||
      self->talk.state == RTMP_SESSION_PUBLISH_PENDING ||
      self->talk.state == RTMP_SESSION_PLAY_PENDING ||
      self->talk.state == RTMP_SESSION_CLOSED;
}

static gboolean
receive (RtmpSession *self, const guint8 **data, gsize *size, GByteArray *out,
    RtmpEvent *event)
{
  if (read_aggregate (self, event))
    return TRUE;
  while (*size > 0) {
    if (is_waiting (self))
      return FALSE;
    if (self->talk.state == RTMP_SESSION_HANDSHAKING)
      read_handshake (self, data, size, out);
    else if (read_message (self, data, size, out, event))
      return TRUE;
    else if (read_aggregate (self, event))
      return TRUE;
  }
  return FALSE;
}

gboolean
rtmp_session_receive (RtmpSession *self, const guint8 **data, gsize *size,
    GByteArray *out, RtmpEvent *event)
{
  gsize old_size = *size;
  gboolean has_event;

  *event = (RtmpEvent){ 0 };
  has_event = receive (self, data, size, out, event);
  if (self->talk.state > RTMP_SESSION_CONNECTING &&
      self->talk.state < RTMP_SESSION_CLOSED)
    rtmp_ackwindow_receive (&self->window, old_size - *size, out);
  return has_event;
}

void
rtmp_session_accept_connect (RtmpSession *self, GByteArray *out)
{
  rtmp_conversation_accept_connect (&self->talk, out);
}

void
rtmp_session_reject_connect (RtmpSession *self, const gchar *description,
    const gchar *why, GByteArray *out)
{
  rtmp_conversation_reject_connect (&self->talk, description, why, out);
}

void
rtmp_session_accept_publish (RtmpSession *self, GByteArray *out)
{
  rtmp_conversation_accept_publish (&self->talk, out);
  rtmp_chunk_reader_set_limit (self->reader, RTMP_MESSAGE_MAX_BYTES);
}

void
rtmp_session_reject_publish (RtmpSession *self, RtmpRejection rejection,
    const gchar *why, GByteArray *out)
{
  rtmp_conversation_reject_publish (&self->talk, rejection, why, out);
}

void
rtmp_session_allow_play (RtmpSession *self)
{
  self->talk.can_play = TRUE;
}

void
rtmp_session_accept_play (RtmpSession *self, GByteArray *out)
{
  rtmp_conversation_accept_play (&self->talk, out);
}

void
rtmp_session_reject_play (RtmpSession *self, const gchar *why, GByteArray *out)
{
  rtmp_conversation_reject_play (&self->talk, why, out);
}

void
rtmp_session_end_play (RtmpSession *self, gboolean was_there, GByteArray *out)
{
  rtmp_conversation_end_play (&self->talk, was_there, out);
}

guint32
rtmp_session_stream_id (const RtmpSession *self)
{
  guint32 id = self->talk.streams.id;

  return id != 0 ? id : RTMP_REPLY_STREAM_ID;
}

void
rtmp_session_send_away (RtmpSession *self, GByteArray *out)
{
  rtmp_conversation_send_away (&self->talk, out);
}

void
rtmp_session_dispossess (RtmpSession *self, const gchar *why, GByteArray *out)
{
  rtmp_conversation_dispossess (&self->talk, why, out);
}

void
rtmp_session_dismiss (RtmpSession *self, const gchar *why, GByteArray *out)
{
  rtmp_conversation_dismiss (&self->talk, why, out);
}

guint64
rtmp_session_n_messages (const RtmpSession *self)
{
  return self->n_messages;
}

gboolean
rtmp_session_is_within_message (const RtmpSession *self)
{
  return !rtmp_chunk_reader_is_idle (self->reader);
}

const gchar *
rtmp_session_why_at_end (const RtmpSession *self)
{
  if (self->talk.state == RTMP_SESSION_HANDSHAKING)
    return "the peer closed the connection during the handshake";
  if (rtmp_session_is_within_message (self))
    return "the peer closed the connection in the middle of a message";
  if (self->talk.state == RTMP_SESSION_PUBLISHING)
    return "the peer closed the connection while publishing";
  if (self->talk.state == RTMP_SESSION_PLAYING)
    return "the player closed the connection";
  return "the peer closed the connection";
}

void
rtmp_session_end (RtmpSession *self, const gchar *why)
{
  rtmp_conversation_close (&self->talk, why);
}
