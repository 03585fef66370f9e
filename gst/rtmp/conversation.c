/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How commands affect a connection: see conversation.h. */

#include "gst/rtmp/conversation.h"

#include "gst/rtmp/control.h"
#include "gst/rtmp/metadata.h"
#include "gst/rtmp/playreply.h"
#include "gst/rtmp/reply.h"
#include "gst/rtmp/streamname.h"

#include <gst/gstinfo.h>

GST_DEBUG_CATEGORY_STATIC (rtmp_conversation_debug);
#define GST_CAT_DEFAULT rtmp_conversation_debug

void
rtmp_conversation_init (RtmpConversation *self, const gchar *label)
{
  GST_DEBUG_CATEGORY_INIT (rtmp_conversation_debug, "rtmpconversation", 0,
      "RTMP commands and their replies");
  *self = (RtmpConversation){
    .label = g_strdup (label),
    .result = g_byte_array_new (),
  };
}

void
rtmp_conversation_clear (RtmpConversation *self)
{
  g_free (self->label);
  g_free (self->why);
  g_byte_array_unref (self->result);
  g_free (self->flash_version);
  g_free (self->app);
  g_free (self->url);
  g_free (self->app_path);
  g_free (self->query);
  g_free (self->name);
  rtmp_messagestreams_clear (&self->streams);
  g_free (self->rejected_name);
}

static void
set_state (RtmpConversation *self, RtmpSessionState state)
{
  g_assert (rtmp_sessionstate_may_follow (self->state, state));
  GST_DEBUG ("%s: %s, was %s", self->label, rtmp_sessionstate_name (state),
      rtmp_sessionstate_name (self->state));
  self->state = state;
}

void
rtmp_conversation_close (RtmpConversation *self, const gchar *why)
{
  if (self->state == RTMP_SESSION_CLOSED)
    return;
  GST_DEBUG ("%s: %s", self->label, why);
  self->why = g_strdup (why);
  set_state (self, RTMP_SESSION_CLOSED);
}

void
rtmp_conversation_begin (RtmpConversation *self)
{
  set_state (self, RTMP_SESSION_CONNECTING);
}

/* Takes @name. Returns TRUE, because the event is set. */
static gboolean
report_rejection (RtmpConversation *self, gchar *name, const gchar *why,
    RtmpEvent *event)
{
  g_free (self->rejected_name);
  self->rejected_name = name;
  event->kind = RTMP_EVENT_REJECTED;
  event->name = name;
  event->why = why;
  return TRUE;
}

static void
reject_connect (RtmpConversation *self, const gchar *description,
    const gchar *why, GByteArray *out)
{
  rtmp_reply_rejected (out, self->connect_transaction, description);
  rtmp_conversation_close (self, why);
}

static gchar *
dup_url (const RtmpCommand *connect)
{
  RtmpAmf0Value value;

  if (!rtmp_amf0_get (&connect->object, "tcUrl", &value))
    return NULL;
  return rtmp_command_dup_text (&value);
}

static gboolean
on_connect (RtmpConversation *self, const RtmpCommand *command, GByteArray *out,
    RtmpEvent *event)
{
  static const gchar no_app[] = "connects without an app";
  static const gchar bad_app[] = "the app's name is not printable";
  RtmpAmf0Value value;

  if (self->state != RTMP_SESSION_CONNECTING) {
    rtmp_reply_failed (out, command, "Already connected.");
    return FALSE;
  }
  self->connect_transaction = command->transaction;
  if (!rtmp_amf0_get (&command->object, "app", &value)) {
    reject_connect (self, no_app, no_app, out);
    return report_rejection (self, NULL, no_app, event);
  }
  self->app = rtmp_command_dup_text (&value);
  if (self->app == NULL) {
    reject_connect (self, bad_app, bad_app, out);
    return report_rejection (self, NULL, bad_app, event);
  }
  self->url = dup_url (command);
  self->app_path = rtmp_streamname_dup_path (self->app);
  self->query = g_strdup (rtmp_streamname_query (self->app, self->url));
  self->can_reconnect = rtmp_command_can_reconnect (command);
  self->flash_version = rtmp_metadata_dup_flash_version (command);
  rtmp_command_write_connected (self->result, command);
  set_state (self, RTMP_SESSION_CONNECT_PENDING);
  event->kind = RTMP_EVENT_CONNECT;
  return TRUE;
}

static void
reject_publish (RtmpConversation *self, const gchar *code,
    const gchar *description, const gchar *why, GByteArray *out)
{
  rtmp_reply_rejection (out, self->streams.id, code, description);
  rtmp_conversation_close (self, why);
}

static void
reply_started (const RtmpConversation *self, GByteArray *out)
{
  rtmp_reply_status (out, self->streams.id, "status", "NetStream.Publish.Start",
      "The stream is being published.");
}

/* The connection publishes already, and its stream continues. */
static gboolean
reject_another (RtmpConversation *self, RtmpStreamName *other,
    guint32 stream_id, GByteArray *out, RtmpEvent *event)
{
  static const gchar why[] = "a connection publishes one stream: each "
                             "further one needs a connection of its own";

  if (stream_id == self->streams.id &&
      g_strcmp0 (other->name, self->name) == 0) {
    reply_started (self, out);
    return FALSE;
  }
  rtmp_reply_rejection (out, stream_id, RTMP_REPLY_BAD_NAME, why);
  if (++self->n_rejections > RTMP_CONVERSATION_MAX_REJECTIONS ||
      !rtmp_messagestreams_reject (&self->streams, stream_id))
    rtmp_conversation_close (self, "publishes too many streams");
  return report_rejection (self, g_steal_pointer (&other->name), why, event);
}

static void
take_name (RtmpConversation *self, RtmpStreamName *stream)
{
  g_free (self->name);
  self->name = g_steal_pointer (&stream->name);
  g_free (self->query);
  self->query = g_steal_pointer (&stream->query);
  g_free (self->label);
  self->label = g_strdup (self->name);
}

/* Returns: (transfer full) (nullable): the key. */
static gchar *
parse_name (const RtmpConversation *self, const RtmpCommand *command,
    RtmpStreamName *stream)
{
  static const gchar unprintable[] = "the stream's name is not printable";
  gchar *key = rtmp_command_dup_text (&command->argument);

  if (key != NULL)
    rtmp_streamname_parse (stream, self->app, self->url, key);
  else
    stream->why = unprintable;
  return key;
}

static gboolean
on_publish (RtmpConversation *self, const RtmpCommand *command,
    guint32 stream_id, GByteArray *out, RtmpEvent *event)
{
  static const gchar has_played[] = "a connection that has played a stream "
                                    "cannot publish one";
  g_auto (RtmpStreamName) stream = { 0 };
  g_autofree gchar *key = parse_name (self, command, &stream);

  if (self->state == RTMP_SESSION_PUBLISHING)
    return reject_another (self, &stream, stream_id, out, event);
  if (self->has_played)
    stream.why = has_played;

  rtmp_messagestreams_publish (&self->streams, stream_id,
      key != NULL ? key : "");
  if (stream.name == NULL || self->has_played) {
    reject_publish (self, RTMP_REPLY_BAD_NAME, stream.why, stream.why, out);
    return report_rejection (self, NULL, stream.why, event);
  }
  take_name (self, &stream);
  set_state (self, RTMP_SESSION_PUBLISH_PENDING);
  event->kind = RTMP_EVENT_PUBLISH;
  return TRUE;
}

static gboolean
on_unpublish (RtmpConversation *self, GByteArray *out, RtmpEvent *event)
{
  /* Encoders send both FCUnpublish and deleteStream. */
  if (self->state != RTMP_SESSION_PUBLISHING)
    return FALSE;
  rtmp_reply_status (out, self->streams.id, "status",
      "NetStream.Unpublish.Success", "The stream has ended.");
  set_state (self, RTMP_SESSION_CONNECTED);
  event->kind = RTMP_EVENT_UNPUBLISH;
  return TRUE;
}

static void
on_create_stream (RtmpConversation *self, const RtmpCommand *command,
    GByteArray *out)
{
  guint32 id = rtmp_messagestreams_create (&self->streams);

  if (id != 0)
    rtmp_reply_stream_created (out, command, id);
  else
    rtmp_reply_failed (out, command, "There are too many message streams.");
}

static void
reject_playing (RtmpConversation *self, guint32 stream_id, GByteArray *out)
{
  rtmp_playreply_failed (out, stream_id, RTMP_PLAYREPLY_FAILED,
      self->can_play ? "This connection publishes a stream."
                     : "This server receives streams and does not play them.");
  if (self->state != RTMP_SESSION_PUBLISHING)
    rtmp_conversation_close (self, "asks to play, which is not supported");
}

static void
reject_play (RtmpConversation *self, const gchar *why, GByteArray *out)
{
  rtmp_playreply_failed (out, self->streams.id, RTMP_PLAYREPLY_FAILED, why);
  rtmp_conversation_close (self, why);
}

/* For a connection that has played before: its authorization is for one stream
 * only. */
static gboolean
play_again (RtmpConversation *self, const RtmpStreamName *stream,
    GByteArray *out, RtmpEvent *event)
{
  static const gchar why[] = "a connection plays one stream: each further one "
                             "needs a connection of its own";

  if (g_strcmp0 (stream->name, self->name) != 0) {
    reject_play (self, why, out);
    return report_rejection (self, g_strdup (stream->name), why, event);
  }
  if (self->state != RTMP_SESSION_PLAYING)
    set_state (self, RTMP_SESSION_PLAYING);
  rtmp_playreply_started (out, self->streams.id, self->name);
  event->kind = RTMP_EVENT_PLAY_AGAIN;
  return TRUE;
}

/* Where a player wants to start (live, recorded, a time) makes no difference:
 * there are only live streams. */
static gboolean
on_play (RtmpConversation *self, const RtmpCommand *command, guint32 stream_id,
    GByteArray *out, RtmpEvent *event)
{
  g_auto (RtmpStreamName) stream = { 0 };
  g_autofree gchar *key = NULL;

  if (!self->can_play || self->state == RTMP_SESSION_PUBLISHING) {
    reject_playing (self, stream_id, out);
    return FALSE;
  }
  key = parse_name (self, command, &stream);
  rtmp_messagestreams_publish (&self->streams, stream_id,
      key != NULL ? key : "");
  if (stream.name == NULL) {
    reject_play (self, stream.why, out);
    return report_rejection (self, NULL, stream.why, event);
  }
  if (self->has_played)
    return play_again (self, &stream, out, event);
  take_name (self, &stream);
  set_state (self, RTMP_SESSION_PLAY_PENDING);
  event->kind = RTMP_EVENT_PLAY;
  return TRUE;
}

static gboolean
on_pause (RtmpConversation *self, const RtmpCommand *command, GByteArray *out,
    RtmpEvent *event)
{
  if (self->state != RTMP_SESSION_PLAYING)
    return FALSE;
  event->kind = RTMP_EVENT_PAUSE;
  event->is_paused = command->argument.type == RTMP_AMF0_BOOLEAN &&
      command->argument.number != 0;
  rtmp_playreply_paused (out, self->streams.id, event->is_paused);
  return TRUE;
}

static gboolean
on_seek (RtmpConversation *self, GByteArray *out, RtmpEvent *event)
{
  if (self->state != RTMP_SESSION_PLAYING)
    return FALSE;
  rtmp_playreply_sought (out, self->streams.id);
  event->kind = RTMP_EVENT_PLAY_AGAIN;
  return TRUE;
}

/* The end of what is published or played. */
static gboolean
on_end (RtmpConversation *self, GByteArray *out, RtmpEvent *event)
{
  if (self->state != RTMP_SESSION_PLAYING)
    return on_unpublish (self, out, event);
  set_state (self, RTMP_SESSION_CONNECTED);
  event->kind = RTMP_EVENT_PLAY_ENDED;
  return TRUE;
}

/* Commands that only players send. */
static gboolean
handle_player (RtmpConversation *self, const RtmpCommand *command,
    guint32 stream_id, GByteArray *out, RtmpEvent *event)
{
  if (command->kind == RTMP_COMMAND_PLAY)
    return on_play (self, command, stream_id, out, event);
  if (!self->can_play)
    return FALSE;
  if (command->kind == RTMP_COMMAND_PAUSE)
    return on_pause (self, command, out, event);
  if (command->kind == RTMP_COMMAND_SEEK)
    return on_seek (self, out, event);
  if (command->kind == RTMP_COMMAND_GET_STREAM_LENGTH)
    rtmp_playreply_length (out, command);
  else
    rtmp_playreply_subscribed (out, command);
  return FALSE;
}

gboolean
rtmp_conversation_handle (RtmpConversation *self, const RtmpCommand *command,
    guint32 stream_id, GByteArray *out, RtmpEvent *event)
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
      on_create_stream (self, command, out);
      return FALSE;
    case RTMP_COMMAND_PUBLISH:
      /* NetStream.publish (false) ends the current stream. */
      if (command->argument.type == RTMP_AMF0_BOOLEAN)
        return on_unpublish (self, out, event);
      return on_publish (self, command, stream_id, out, event);
    case RTMP_COMMAND_FC_UNPUBLISH:
      return rtmp_messagestreams_is_key (&self->streams, &command->argument) &&
          on_unpublish (self, out, event);
    case RTMP_COMMAND_CLOSE_STREAM:
      return !rtmp_messagestreams_is_rejected (&self->streams, stream_id) &&
          on_end (self, out, event);
    case RTMP_COMMAND_DELETE_STREAM:
      return rtmp_messagestreams_delete (&self->streams, &command->argument) &&
          on_end (self, out, event);
    case RTMP_COMMAND_PLAY:
    case RTMP_COMMAND_PAUSE:
    case RTMP_COMMAND_SEEK:
    case RTMP_COMMAND_GET_STREAM_LENGTH:
    case RTMP_COMMAND_FC_SUBSCRIBE:
      return handle_player (self, command, stream_id, out, event);
    case RTMP_COMMAND_DATA:
    case RTMP_COMMAND_UNKNOWN:
      return FALSE;
  }
  return FALSE;
}

void
rtmp_conversation_accept_connect (RtmpConversation *self, GByteArray *out)
{
  g_assert (self->state == RTMP_SESSION_CONNECT_PENDING);
  rtmp_reply_connected (out, self->result);
  set_state (self, RTMP_SESSION_CONNECTED);
}

void
rtmp_conversation_reject_connect (RtmpConversation *self,
    const gchar *description, const gchar *why, GByteArray *out)
{
  g_assert (self->state == RTMP_SESSION_CONNECT_PENDING);
  reject_connect (self, description, why, out);
}

void
rtmp_conversation_accept_publish (RtmpConversation *self, GByteArray *out)
{
  set_state (self, RTMP_SESSION_PUBLISHING);
  rtmp_control_write_stream_begin (out,
      self->streams.id != 0 ? self->streams.id : RTMP_REPLY_STREAM_ID);
  reply_started (self, out);
}

static const struct
{
  const gchar *code;
  const gchar *why;
} rejections[] = {
  [RTMP_REJECTION_BAD_NAME] = { RTMP_REPLY_BAD_NAME,
      "another publisher is using this name" },
  [RTMP_REJECTION_TAKEN_OVER] = { RTMP_REPLY_BAD_NAME,
      "another publisher has just taken over this name: do two encoders use "
      "it?" },
  [RTMP_REJECTION_UNAUTHORIZED] = { RTMP_REPLY_DENIED, "may not publish" },
  [RTMP_REJECTION_FULL] = { "NetStream.Publish.Rejected",
      "the limit of publishers is reached" },
  [RTMP_REJECTION_REFUSED] = { RTMP_REPLY_DENIED, "refused for now" },
};

void
rtmp_conversation_reject_publish (RtmpConversation *self,
    RtmpRejection rejection, const gchar *why, GByteArray *out)
{
  g_autofree gchar *reason =
      rtmp_command_dup_reason (why != NULL ? why : rejections[rejection].why);

  g_assert (self->state == RTMP_SESSION_PUBLISH_PENDING);
  reject_publish (self, rejections[rejection].code, reason, reason, out);
}

void
rtmp_conversation_accept_play (RtmpConversation *self, GByteArray *out)
{
  set_state (self, RTMP_SESSION_PLAYING);
  self->has_played = TRUE;
  rtmp_playreply_started (out, self->streams.id, self->name);
}

void
rtmp_conversation_reject_play (RtmpConversation *self, const gchar *why,
    GByteArray *out)
{
  g_autofree gchar *reason = rtmp_command_dup_reason (why);

  g_assert (self->state == RTMP_SESSION_PLAY_PENDING);
  reject_play (self, reason, out);
}

void
rtmp_conversation_end_play (RtmpConversation *self, gboolean was_there,
    GByteArray *out)
{
  if (self->state != RTMP_SESSION_PLAYING)
    return;
  if (was_there)
    rtmp_playreply_ended (out, self->streams.id);
  else
    rtmp_playreply_failed (out, self->streams.id,
        "NetStream.Play.StreamNotFound", "This stream is not being published.");
  rtmp_conversation_close (self,
      was_there ? "the stream has ended" : "the stream has no publisher");
}

void
rtmp_conversation_send_away (RtmpConversation *self, GByteArray *out)
{
  if (self->state != RTMP_SESSION_PUBLISHING || !self->can_reconnect)
    return;
  rtmp_reply_connection_status (out, "NetConnection.Connect.ReconnectRequest",
      "The server is going down.");
}

void
rtmp_conversation_dispossess (RtmpConversation *self, const gchar *why,
    GByteArray *out)
{
  if (self->state == RTMP_SESSION_PUBLISHING)
    rtmp_reply_rejection (out, self->streams.id, RTMP_REPLY_BAD_NAME, why);
}

void
rtmp_conversation_dismiss (RtmpConversation *self, const gchar *why,
    GByteArray *out)
{
  if (self->state == RTMP_SESSION_PUBLISHING)
    rtmp_reply_rejection (out, self->streams.id, RTMP_REPLY_DENIED, why);
  else if (self->state == RTMP_SESSION_PLAYING)
    reject_play (self, why, out);
}
