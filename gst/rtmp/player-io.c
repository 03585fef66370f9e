/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One player's connection: see player-io.h. */

#include "gst/rtmp/player-io.h"

#include "gst/access/tokenbucket.h"

#include <gst/gstinfo.h>

GST_DEBUG_CATEGORY_STATIC (rtmp_player_debug);
#define GST_CAT_DEFAULT rtmp_player_debug

#define NEVER G_MAXINT64
/* The limit per turn, so that other players get their turns. */
#define MAX_BATCHES 4

struct _RtmpPlayer
{
  gchar *label;
  RtmpTransport *transport;
  RtmpSession *session;
  RtmpPlaySender sender;
  AccessTokenBucket commands;
  gsize n_input;   /* bytes since the last tick */
  guint64 n_bytes; /* that the socket has taken */

  const guint8 *data; /* read before it was a player, not yet consumed */
  gsize size;

  gboolean is_playing; /* FALSE once it has ended playback */
  gboolean is_paused;
  gboolean wants_jump; /* it has just resumed */
  gboolean wants_room;
  gboolean is_shut_down;
  gint64 behind_us;   /* when it last fell behind; NEVER if it has caught up */
  gint64 progress_us; /* when the socket last took all of a tag */
  gint64 since_us;    /* when it ended playback */
  gint64 end_us;      /* when the connection is closed; NEVER */
  gchar *why;         /* NULL until the player has ended */
};

RtmpPlayer *
rtmp_player_new (RtmpConnectionRest *rest, gint64 now_us)
{
  RtmpPlayer *self = g_new0 (RtmpPlayer, 1);

  GST_DEBUG_CATEGORY_INIT (rtmp_player_debug, "rtmpplayer", 0,
      "RTMP player's connection");
  self->label = g_steal_pointer (&rest->label);
  self->transport = g_steal_pointer (&rest->transport);
  self->session = g_steal_pointer (&rest->session);
  self->data = rest->data;
  self->size = rest->size;
  rtmp_playsender_init (&self->sender);
  g_byte_array_unref (self->sender.replies);
  self->sender.replies = g_steal_pointer (&rest->out);
  rtmp_playsender_begin (&self->sender, rtmp_session_stream_id (self->session));
  self->commands.burst = RTMP_PLAYER_COMMANDS_BURST;
  self->commands.token_us = RTMP_PLAYER_COMMAND_US;
  self->is_playing = TRUE;
  self->behind_us = self->end_us = NEVER;
  self->progress_us = now_us;

  /* A shorter timeout would make the kernel take a stopped player for a dead
   * one. */
  rtmp_transport_watch (self->transport, RTMP_PLAYER_STALL_US);
  rtmp_transport_limit_unsent (self->transport, RTMP_PLAYER_UNSENT_BYTES);
  return self;
}

void
rtmp_player_free (RtmpPlayer *self)
{
  if (self == NULL)
    return;
  rtmp_transport_close (self->transport, 0);
  rtmp_transport_free (self->transport);
  rtmp_session_free (self->session);
  rtmp_playsender_clear (&self->sender);
  g_free (self->label);
  g_free (self->why);
  g_free (self);
}

static gboolean
is_ending (const RtmpPlayer *self)
{
  return self->end_us != NEVER;
}

static void
set_over (RtmpPlayer *self, const gchar *why)
{
  const gchar *session_why = rtmp_session_why (self->session);

  if (self->why == NULL)
    self->why = g_strdup (session_why != NULL ? session_why : why);
}

/* The session is closed: the last replies are still sent, and the peer gets
 * time to read them. */
static void
begin_closing (RtmpPlayer *self, gint64 now_us)
{
  if (!is_ending (self))
    self->end_us = now_us + RTMP_CONNECTION_LINGER_US;
}

/* Ends the player for a reason that is logged, but not sent to the peer. */
static void
end_session (RtmpPlayer *self, const gchar *why)
{
  rtmp_session_end (self->session, why);
  set_over (self, why);
}

static void
handle_event (RtmpPlayer *self, RtmpEvent *event, gint64 now_us)
{
  switch (event->kind) {
    case RTMP_EVENT_PLAY_AGAIN:
      rtmp_playsender_begin (&self->sender,
          rtmp_session_stream_id (self->session));
      self->is_playing = TRUE;
      self->is_paused = self->wants_jump = FALSE;
      return;
    case RTMP_EVENT_PAUSE:
      self->is_paused = event->is_paused;
      self->wants_jump = !event->is_paused;
      return;
    case RTMP_EVENT_PLAY_ENDED:
      self->is_playing = FALSE;
      self->since_us = now_us;
      return;
    case RTMP_EVENT_REJECTED:
      GST_DEBUG ("%s: rejected: %s", self->label, event->why);
      return;
    case RTMP_EVENT_CONNECT:
    case RTMP_EVENT_PUBLISH:
    case RTMP_EVENT_PLAY:
    case RTMP_EVENT_MESSAGE:
    case RTMP_EVENT_UNPUBLISH:
    case RTMP_EVENT_QUIET:
      /* These come only from connections that have not played. */
      g_assert_not_reached ();
  }
}

static void
take_bytes (RtmpPlayer *self, const guint8 *data, gsize size, gint64 now_us)
{
  RtmpEvent event;

  self->n_input += size;
  if (self->n_input > RTMP_PLAYER_MAX_INPUT_BYTES) {
    end_session (self, "the player sends too much");
    return;
  }
  if (is_ending (self))
    return;
  while (rtmp_session_receive (self->session, &data, &size,
      self->sender.replies, &event)) {
    handle_event (self, &event, now_us);
    if (!access_token_bucket_take (&self->commands, now_us))
      end_session (self, "the player sends too many commands");
  }
  if (self->sender.replies->len > RTMP_PLAYER_MAX_REPLY_BYTES)
    end_session (self, "the player does not read its replies");
  if (rtmp_session_state (self->session) == RTMP_SESSION_CLOSED)
    begin_closing (self, now_us);
}

/* Returns whether there may be more to receive. */
static gboolean
receive_once (RtmpPlayer *self, gint64 now_us)
{
  g_autoptr (GError) error = NULL;
  const guint8 *data;
  gsize size;

  switch (
      rtmp_transport_receive (self->transport, &data, &size, NULL, &error)) {
    case RTMP_TRANSPORT_BYTES:
      take_bytes (self, data, size, now_us);
      return self->why == NULL;
    case RTMP_TRANSPORT_WAIT:
      return FALSE;
    case RTMP_TRANSPORT_END:
      set_over (self, rtmp_session_why_at_end (self->session));
      return FALSE;
    case RTMP_TRANSPORT_FAILED:
      set_over (self, error->message);
      return FALSE;
  }
  return FALSE;
}

void
rtmp_player_receive (RtmpPlayer *self, RtmpPlayerTools *tools, gint64 now_us)
{
  if (self->why != NULL)
    return;
  if (self->size > 0) {
    take_bytes (self, self->data, self->size, now_us);
    self->size = 0;
  }
  rtmp_transport_note_input (self->transport);
  /* Terminates: what a player may send between two ticks is limited. */
  while (receive_once (self, now_us))
    continue;
  rtmp_transport_share_buffer (self->transport, tools->buffer);
}

static void
jump_if_behind (RtmpPlayer *self, const RtmpPlayLog *log, gint64 limit_us,
    gint64 now_us)
{
  gboolean is_slow =
      self->behind_us != NEVER && now_us - self->behind_us > limit_us;

  if (!self->wants_jump && !is_slow)
    return;
  if (rtmp_playcursor_jump (&self->sender.cursor, log)) {
    GST_DEBUG ("%s: jumps to the newest key frame", self->label);
    if (is_slow)
      self->behind_us = now_us;
  }
  self->wants_jump = FALSE;
}

/* Returns FALSE if there is nothing more to send, or if the socket is full. */
static gboolean
send_batch (RtmpPlayer *self, const RtmpPlayLog *log, RtmpPlayBatch *batch,
    gint64 now_us)
{
  g_autoptr (GError) error = NULL;
  gboolean has_more = rtmp_playsender_fill (&self->sender, log, batch);
  guint64 n_finished = self->sender.n_finished;
  gsize n_sent;

  if (!has_more && !rtmp_transport_is_congested (self->transport)) {
    self->behind_us = NEVER;
    self->wants_room = FALSE;
    return FALSE;
  }
  if (!rtmp_transport_try_send (self->transport, batch->pieces, batch->n_pieces,
          &n_sent, &error)) {
    set_over (self, error->message);
    return FALSE;
  }
  rtmp_playsender_sent (&self->sender, batch, n_sent);
  self->n_bytes += n_sent;
  if (self->sender.n_finished != n_finished)
    self->progress_us = now_us;
  self->wants_room = TRUE;
  if (n_sent == batch->n_bytes &&
      !rtmp_transport_is_congested (self->transport))
    return TRUE;
  if (self->behind_us == NEVER)
    self->behind_us = self->progress_us = now_us;
  return FALSE;
}

static void
shut_down (RtmpPlayer *self)
{
  if (is_ending (self) && !self->is_shut_down && !self->wants_room)
    rtmp_transport_shut_down (self->transport);
  self->is_shut_down = is_ending (self) && !self->wants_room;
}

void
rtmp_player_pump (RtmpPlayer *self, const RtmpPlayLog *log,
    RtmpPlayerTools *tools, gint64 now_us)
{
  guint n_batches = 0;

  if (self->why != NULL || self->is_shut_down)
    return;
  if (!self->is_playing || self->is_paused || is_ending (self))
    log = NULL;
  if (log != NULL)
    jump_if_behind (self, log, tools->behind_us, now_us);
  while (
      n_batches < MAX_BATCHES && send_batch (self, log, &tools->batch, now_us))
    n_batches++;
  shut_down (self);
}

void
rtmp_player_tick (RtmpPlayer *self, gint64 now_us)
{
  self->n_input = 0;
  if (is_ending (self) && now_us >= self->end_us)
    set_over (self, rtmp_session_why (self->session));
  else if (self->wants_room &&
      now_us - self->progress_us > RTMP_PLAYER_STALL_US)
    end_session (self, "the player does not read");
  else if (!self->is_playing &&
      now_us - self->since_us > RTMP_CONNECTION_PATIENCE_US)
    end_session (self, "the player took too long to play again");
}

void
rtmp_player_end (RtmpPlayer *self, gboolean was_there, gint64 now_us)
{
  rtmp_session_end_play (self->session, was_there, self->sender.replies);
  if (rtmp_session_state (self->session) == RTMP_SESSION_CLOSED)
    begin_closing (self, now_us);
}

void
rtmp_player_dismiss (RtmpPlayer *self, const gchar *why, gint64 now_us)
{
  rtmp_session_dismiss (self->session, why, self->sender.replies);
  if (rtmp_session_state (self->session) == RTMP_SESSION_CLOSED)
    begin_closing (self, now_us);
  else
    end_session (self, why);
}

gboolean
rtmp_player_wants_room (const RtmpPlayer *self)
{
  return self->wants_room;
}

gboolean
rtmp_player_is_over (const RtmpPlayer *self)
{
  return self->why != NULL;
}

const gchar *
rtmp_player_why (const RtmpPlayer *self)
{
  return self->why;
}

guint
rtmp_player_n_jumps (const RtmpPlayer *self)
{
  return self->sender.cursor.n_jumps;
}

guint64
rtmp_player_n_bytes (const RtmpPlayer *self)
{
  return self->n_bytes;
}

const gchar *
rtmp_player_label (const RtmpPlayer *self)
{
  return self->label;
}

gint
rtmp_player_fd (const RtmpPlayer *self)
{
  return rtmp_transport_fd (self->transport);
}
