/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server's side of one RTMP connection: see session.h. */

#include "gst/rtmp/session.h"

#include "gst/rtmp/aggregate.h"
#include "gst/rtmp/command.h"
#include "gst/rtmp/control.h"
#include "gst/rtmp/flvwriter.h"
#include "gst/rtmp/reply.h"

#include <gst/gstinfo.h>
#include <string.h>

GST_DEBUG_CATEGORY_STATIC (rtmp_session_debug);
#define GST_CAT_DEFAULT rtmp_session_debug

struct _RtmpSession
{
  gchar *label;
  RtmpSessionState state;
  gchar *why;

  RtmpHandshake handshake;
  guint8 random[RTMP_HANDSHAKE_RANDOM_BYTES];
  RtmpChunkReader *reader;
  RtmpAggregate aggregate;

  guint n_ping_answers;
  guint64 n_received;     /* bytes */
  guint64 n_acknowledged; /* bytes */
  guint32 window_bytes;   /* the peer wants to hear of each so many */

  gdouble connect_transaction;
  GByteArray *result; /* of connect, for when it is accepted */
  gboolean can_reconnect;

  gchar *app; /* without its query */
  gchar *app_query;
  gchar *query;
  gchar *name;
};

RtmpSession *
rtmp_session_new (const gchar *label,
    const guint8 random[RTMP_HANDSHAKE_RANDOM_BYTES])
{
  RtmpSession *self = g_new0 (RtmpSession, 1);

  GST_DEBUG_CATEGORY_INIT (rtmp_session_debug, "rtmpsession", 0,
      "RTMP server session");
  self->label = g_strdup (label);
  self->state = RTMP_SESSION_HANDSHAKING;
  memcpy (self->random, random, sizeof self->random);
  self->reader = rtmp_chunk_reader_new ();
  rtmp_chunk_reader_set_limit (self->reader, RTMP_COMMAND_MAX_BYTES);
  self->result = g_byte_array_new ();
  self->window_bytes = RTMP_REPLY_WINDOW_BYTES;
  return self;
}

void
rtmp_session_free (RtmpSession *self)
{
  if (self == NULL)
    return;
  rtmp_aggregate_clear (&self->aggregate);
  rtmp_chunk_reader_free (self->reader);
  g_free (self->label);
  g_free (self->why);
  g_free (self->app);
  g_free (self->app_query);
  g_free (self->query);
  g_free (self->name);
  g_byte_array_unref (self->result);
  g_free (self);
}

RtmpSessionState
rtmp_session_state (const RtmpSession *self)
{
  return self->state;
}

const gchar *
rtmp_session_why (const RtmpSession *self)
{
  return self->why;
}

const gchar *
rtmp_session_name (const RtmpSession *self)
{
  return self->name;
}

const gchar *
rtmp_session_app (const RtmpSession *self)
{
  return self->app;
}

const gchar *
rtmp_session_query (const RtmpSession *self)
{
  return self->query;
}

static const gchar *
state_name (RtmpSessionState state)
{
  switch (state) {
    case RTMP_SESSION_HANDSHAKING:
      return "handshaking";
    case RTMP_SESSION_CONNECTING:
      return "connecting";
    case RTMP_SESSION_KNOCKING:
      return "knocking";
    case RTMP_SESSION_CONNECTED:
      return "connected";
    case RTMP_SESSION_ASKING:
      return "asking";
    case RTMP_SESSION_PUBLISHING:
      return "publishing";
    case RTMP_SESSION_CLOSED:
      return "closed";
  }
  return "none";
}

static gboolean
may_follow (RtmpSessionState from, RtmpSessionState to)
{
  switch (to) {
    case RTMP_SESSION_HANDSHAKING:
      return FALSE;
    case RTMP_SESSION_CONNECTING:
      return from == RTMP_SESSION_HANDSHAKING;
    case RTMP_SESSION_KNOCKING:
      return from == RTMP_SESSION_CONNECTING;
    case RTMP_SESSION_CONNECTED:
      return from == RTMP_SESSION_KNOCKING || from == RTMP_SESSION_PUBLISHING;
    case RTMP_SESSION_ASKING:
      return from == RTMP_SESSION_CONNECTED;
    case RTMP_SESSION_PUBLISHING:
      return from == RTMP_SESSION_ASKING;
    case RTMP_SESSION_CLOSED:
      return from != RTMP_SESSION_CLOSED;
  }
  return FALSE;
}

static void
set_state (RtmpSession *self, RtmpSessionState state)
{
  g_assert (may_follow (self->state, state));
  GST_DEBUG ("%s: %s, was %s", self->label, state_name (state),
      state_name (self->state));
  self->state = state;
}

static void
close_session (RtmpSession *self, const gchar *why)
{
  GST_DEBUG ("%s: %s", self->label, why);
  self->why = g_strdup (why);
  set_state (self, RTMP_SESSION_CLOSED);
}

static void
reject (RtmpSession *self, const gchar *description, const gchar *why,
    GByteArray *out)
{
  rtmp_reply_rejected (out, self->connect_transaction, description);
  close_session (self, why);
}

static gboolean
on_connect (RtmpSession *self, const RtmpCommand *command, GByteArray *out,
    RtmpEvent *event)
{
  static const gchar no_app[] = "connects without an app";
  static const gchar bad_app[] = "the app's name is not printable";
  g_autofree gchar *app = NULL;
  RtmpAmf0Value value;

  if (self->state != RTMP_SESSION_CONNECTING) {
    close_session (self, "connects twice");
    return FALSE;
  }
  self->connect_transaction = command->transaction;
  if (!rtmp_amf0_get (&command->object, "app", &value)) {
    reject (self, no_app, no_app, out);
    return FALSE;
  }
  app = rtmp_command_dup_text (&value);
  if (app == NULL) {
    reject (self, bad_app, bad_app, out);
    return FALSE;
  }
  self->app = rtmp_command_dup_path (app);
  self->app_query = rtmp_command_dup_query (command, app);
  self->query = g_strdup (self->app_query);
  self->can_reconnect = rtmp_command_can_reconnect (command);
  rtmp_command_write_connected (self->result, command);
  set_state (self, RTMP_SESSION_KNOCKING);
  event->kind = RTMP_EVENT_CONNECT;
  return TRUE;
}

static void
refuse (RtmpSession *self, const gchar *code, const gchar *description,
    const gchar *why, GByteArray *out)
{
  rtmp_reply_refusal (out, code, description);
  close_session (self, why);
}

/* What both the key and the app say. */
static gchar *
join_queries (const gchar *one, const gchar *other)
{
  if (*one == '\0' || *other == '\0')
    return g_strconcat (one, other, NULL);
  return g_strconcat (one, "&", other, NULL);
}

static gboolean
on_publish (RtmpSession *self, const RtmpCommand *command, GByteArray *out,
    RtmpEvent *event)
{
  g_autofree gchar *key = NULL;

  if (self->state != RTMP_SESSION_CONNECTED) {
    close_session (self, "publishes twice");
    return FALSE;
  }
  g_clear_pointer (&self->name, g_free);
  key = rtmp_command_dup_text (&command->argument);
  if (key != NULL)
    self->name = rtmp_command_stream_name (self->app, key);
  if (self->name == NULL) {
    refuse (self, RTMP_REPLY_BAD_NAME,
        "A stream's name is APP/KEY, printable and not too long.",
        "the stream's name is not usable", out);
    return FALSE;
  }

  g_free (self->query);
  self->query = join_queries (rtmp_command_query (key), self->app_query);
  g_free (self->label);
  self->label = g_strdup (self->name);
  set_state (self, RTMP_SESSION_ASKING);
  event->kind = RTMP_EVENT_PUBLISH;
  return TRUE;
}

static gboolean
on_unpublish (RtmpSession *self, GByteArray *out, RtmpEvent *event)
{
  /* FCUnpublish and deleteStream come one after the other. */
  if (self->state != RTMP_SESSION_PUBLISHING)
    return FALSE;
  rtmp_reply_status (out, "status", "NetStream.Unpublish.Success",
      "The stream has ended.");
  set_state (self, RTMP_SESSION_CONNECTED);
  event->kind = RTMP_EVENT_UNPUBLISH;
  return TRUE;
}

static void
on_play (RtmpSession *self, GByteArray *out)
{
  rtmp_reply_status (out, "error", "NetStream.Play.Failed",
      "This server takes streams and plays none.");
  close_session (self, "wants to play, which is not served here");
}

static gboolean
obey (RtmpSession *self, const RtmpCommand *command, GByteArray *out,
    RtmpEvent *event)
{
  switch (command->kind) {
    case RTMP_COMMAND_CONNECT:
      return on_connect (self, command, out, event);
    case RTMP_COMMAND_FC_PUBLISH:
      rtmp_reply_fc_publish (out, command);
      return FALSE;
    case RTMP_COMMAND_RELEASE_STREAM:
    case RTMP_COMMAND_CHECK_BANDWIDTH:
      rtmp_reply_result (out, command);
      return FALSE;
    case RTMP_COMMAND_CREATE_STREAM:
      rtmp_reply_stream_created (out, command);
      return FALSE;
    case RTMP_COMMAND_PUBLISH:
      return on_publish (self, command, out, event);
    case RTMP_COMMAND_FC_UNPUBLISH:
    case RTMP_COMMAND_CLOSE_STREAM:
    case RTMP_COMMAND_DELETE_STREAM:
      return on_unpublish (self, out, event);
    case RTMP_COMMAND_PLAY:
      on_play (self, out);
      return FALSE;
    case RTMP_COMMAND_UNKNOWN:
      return FALSE;
  }
  return FALSE;
}

static gboolean
on_command (RtmpSession *self, const guint8 *data, gsize size, GByteArray *out,
    RtmpEvent *event)
{
  RtmpCommand command;

  if (!rtmp_command_parse (&command, data, size)) {
    close_session (self, "a command is malformed");
    return FALSE;
  }
  if (self->state == RTMP_SESSION_CONNECTING &&
      command.kind != RTMP_COMMAND_CONNECT) {
    close_session (self, "a command comes before connect");
    return FALSE;
  }
  return obey (self, &command, out, event);
}

/* Set Chunk Size, Abort and Window Acknowledgement Size: one number each. */
static void
on_number (RtmpSession *self, const RtmpMessage *message)
{
  guint32 number;

  if (!rtmp_control_read_number (message, &number)) {
    close_session (self, "a control message is too short");
    return;
  }

  if (message->type == RTMP_MESSAGE_ABORT)
    rtmp_chunk_reader_abort (self->reader, number);
  else if (message->type == RTMP_MESSAGE_WINDOW_ACK_SIZE && number > 0)
    self->window_bytes = number;
  else if (message->type == RTMP_MESSAGE_SET_CHUNK_SIZE &&
      !rtmp_chunk_reader_set_chunk_size (self->reader, number))
    close_session (self, "the chunk size is not a possible one");
}

/* Returns whether the message became the event, which has its memory then. */
static gboolean
on_media (RtmpSession *self, RtmpMessage *message, RtmpEvent *event)
{
  if (self->state != RTMP_SESSION_PUBLISHING || message->size == 0)
    return FALSE;
  event->kind = RTMP_EVENT_MESSAGE;
  event->message = *message;
  message->block = NULL;
  return TRUE;
}

static gboolean
on_message (RtmpSession *self, RtmpMessage *message, GByteArray *out,
    RtmpEvent *event)
{
  const guint8 *payload = rtmp_message_payload (message);

  GST_LOG ("%s: message of type %u, %" G_GSIZE_FORMAT " bytes, at %u ms",
      self->label, message->type, message->size, message->time_ms);
  if (rtmp_flv_is_media (message))
    return on_media (self, message, event);

  switch (message->type) {
    case RTMP_MESSAGE_SET_CHUNK_SIZE:
    case RTMP_MESSAGE_ABORT:
    case RTMP_MESSAGE_WINDOW_ACK_SIZE:
      on_number (self, message);
      return FALSE;
    case RTMP_MESSAGE_USER_CONTROL:
      self->n_ping_answers +=
          rtmp_control_is_ping_answer (payload, message->size);
      rtmp_control_answer_ping (out, payload, message->size);
      return FALSE;
    case RTMP_MESSAGE_SET_PEER_BANDWIDTH:
      rtmp_control_write_number (out, RTMP_MESSAGE_WINDOW_ACK_SIZE,
          RTMP_REPLY_WINDOW_BYTES);
      return FALSE;
    case RTMP_MESSAGE_COMMAND:
      return on_command (self, payload, message->size, out, event);
    case RTMP_MESSAGE_COMMAND_AMF3:
      /* One byte that says AMF0, then as ever. */
      if (message->size == 0)
        return FALSE;
      return on_command (self, payload + 1, message->size - 1, out, event);
    case RTMP_MESSAGE_AGGREGATE:
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
      set_state (self, RTMP_SESSION_CONNECTING);
      return;
    case RTMP_HANDSHAKE_REFUSED:
      close_session (self, "speaks another protocol than RTMP version 3");
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
      close_session (self, rtmp_chunk_reader_why (self->reader));
      return FALSE;
    case RTMP_CHUNK_MESSAGE:
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

/* For its owner's answer, or for nothing any more. */
static gboolean
waits (const RtmpSession *self)
{
  return self->state == RTMP_SESSION_KNOCKING ||
      self->state == RTMP_SESSION_ASKING || self->state == RTMP_SESSION_CLOSED;
}

static gboolean
receive (RtmpSession *self, const guint8 **data, gsize *size, GByteArray *out,
    RtmpEvent *event)
{
  if (read_aggregate (self, event))
    return TRUE;
  while (*size > 0) {
    if (waits (self))
      return FALSE;
    if (self->state == RTMP_SESSION_HANDSHAKING)
      read_handshake (self, data, size, out);
    else if (read_message (self, data, size, out, event))
      return TRUE;
    else if (read_aggregate (self, event))
      return TRUE;
  }
  return FALSE;
}

static void
acknowledge (RtmpSession *self, gsize n_bytes, GByteArray *out)
{
  self->n_received += n_bytes;
  if (self->n_received - self->n_acknowledged < self->window_bytes)
    return;
  /* Section 5.4.3: the count has 32 bits and wraps. */
  rtmp_control_write_number (out, RTMP_MESSAGE_ACKNOWLEDGEMENT,
      self->n_received);
  self->n_acknowledged = self->n_received;
}

gboolean
rtmp_session_receive (RtmpSession *self, const guint8 **data, gsize *size,
    GByteArray *out, RtmpEvent *event)
{
  gsize old_size = *size;
  gboolean has_event;

  *event = (RtmpEvent){ 0 };
  has_event = receive (self, data, size, out, event);
  if (self->state > RTMP_SESSION_CONNECTING &&
      self->state < RTMP_SESSION_CLOSED)
    acknowledge (self, old_size - *size, out);
  return has_event;
}

void
rtmp_session_welcome (RtmpSession *self, GByteArray *out)
{
  g_assert (self->state == RTMP_SESSION_KNOCKING);
  rtmp_reply_connected (out, self->result);
  set_state (self, RTMP_SESSION_CONNECTED);
}

void
rtmp_session_reject (RtmpSession *self, const gchar *description,
    const gchar *why, GByteArray *out)
{
  g_assert (self->state == RTMP_SESSION_KNOCKING);
  reject (self, description, why, out);
}

void
rtmp_session_accept (RtmpSession *self, GByteArray *out)
{
  set_state (self, RTMP_SESSION_PUBLISHING);
  rtmp_chunk_reader_set_limit (self->reader, RTMP_MESSAGE_MAX_BYTES);
  rtmp_control_write_stream_begin (out, RTMP_REPLY_STREAM_ID);
  rtmp_reply_status (out, "status", "NetStream.Publish.Start",
      "The stream is being published.");
}

static const struct
{
  const gchar *code;
  const gchar *why;
} refusals[] = {
  [RTMP_REFUSAL_BAD_NAME] = { RTMP_REPLY_BAD_NAME,
      "somebody else publishes under this name" },
  [RTMP_REFUSAL_UNAUTHORIZED] = { "NetStream.Publish.Denied",
      "may not publish" },
  [RTMP_REFUSAL_FULL] = { "NetStream.Publish.Rejected",
      "too many publish already" },
};

void
rtmp_session_refuse (RtmpSession *self, RtmpRefusal refusal, const gchar *why,
    GByteArray *out)
{
  g_autofree gchar *reason =
      rtmp_command_dup_reason (why != NULL ? why : refusals[refusal].why);

  g_assert (self->state == RTMP_SESSION_ASKING);
  refuse (self, refusals[refusal].code, reason, reason, out);
}

void
rtmp_session_send_away (RtmpSession *self, GByteArray *out)
{
  if (self->state != RTMP_SESSION_PUBLISHING || !self->can_reconnect)
    return;
  rtmp_reply_connection_status (out, "NetConnection.Connect.ReconnectRequest",
      "The server is going down.");
}

void
rtmp_session_ping (RtmpSession *self, GByteArray *out)
{
  /* The time is the peer's to send back, and nobody's to read. */
  rtmp_control_write_ping (out, 0);
}

guint
rtmp_session_n_ping_answers (const RtmpSession *self)
{
  return self->n_ping_answers;
}

const gchar *
rtmp_session_why_at_end (const RtmpSession *self)
{
  if (self->state == RTMP_SESSION_HANDSHAKING)
    return "the peer went away before the handshake was done";
  if (!rtmp_chunk_reader_is_idle (self->reader))
    return "the peer went away in the middle of a message";
  if (self->state == RTMP_SESSION_PUBLISHING)
    return "the peer went away while publishing";
  return "the peer closed the connection";
}

void
rtmp_session_end (RtmpSession *self, const gchar *why)
{
  if (self->state != RTMP_SESSION_CLOSED)
    close_session (self, why);
}
