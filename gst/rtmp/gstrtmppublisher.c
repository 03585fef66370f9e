/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One connection's threads and its streams: see gstrtmppublisher.h.
 *
 * The first thread serves the connection until the peer may publish. From then
 * on, a task takes its place: a streaming thread, which is announced to
 * applications. A peer that never publishes therefore cannot fill the bus with
 * messages. */

#include "gst/rtmp/gstrtmppublisher.h"
#include "gst/access/gstauthorize.h"
#include "gst/net/client.h"

#include "gst/rtmp/flvtag.h"
#include "gst/rtmp/gstrtmpstream.h"
#include "gst/rtmp/gstrtmptask.h"
#include "gst/rtmp/gstrtmptracks.h"
#include "gst/rtmp/login.h"
#include "gst/rtmp/metadata.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_server_src_debug);
#define GST_CAT_DEFAULT gst_rtmp_server_src_debug

struct _GstRtmpPublisher
{
  GstRtmpPublisherParams params;
  GstRtmpPeer peer;
  gchar client[NET_CLIENT_MAX + 1];
  RtmpConnection *connection;
  RtmpLoginState login;
  GstRtmpStream *stream;
  GstRtmpTracks *tracks; /* all tracks but the first */
  gboolean is_player;    /* the connection belongs to the players */
  GThread *thread;
  GstRtmpTask *task;   /* NULL until the peer may publish */
  gboolean is_claimed; /* the stream has its name, but is not open yet */
  gint is_done;        /* atomic */
  gint is_unpublished; /* atomic: has no stream, and was not asked to leave */
};

/* Encoders send their metadata first. */
static void
announce (GstRtmpPublisher *self, const RtmpMessage *message)
{
  gchar *encoder = rtmp_metadata_dup_encoder (message);

  if (encoder != NULL) {
    g_free (self->peer.encoder);
    self->peer.encoder = encoder;
  }
  gst_rtmp_stream_announce (self->stream);
}

static void
push_message (GstRtmpPublisher *self, RtmpMessage *message)
{
  GstFlowReturn flow;
  gsize size;
  guint8 *tag;

  announce (self, message);
  gst_rtmp_tracks_take (self->tracks, rtmp_connection_name (self->connection),
      message);
  tag = rtmp_flv_take_tag (message, &size);
  if (tag == NULL)
    return;
  flow = gst_rtmp_stream_push (self->stream, tag, size);
  if (flow != GST_FLOW_OK) {
    g_autofree gchar *why =
        g_strdup_printf ("the stream is not accepted downstream: %s",
            gst_flow_get_name (flow));

    rtmp_connection_end (self->connection, why);
  }
}

static void
yield_name (gpointer user_data, const gchar *why)
{
  GstRtmpPublisher *self = user_data;

  if (why != NULL)
    rtmp_connection_dismiss (self->connection, why);
  else
    rtmp_connection_dispossess (self->connection);
}

static void
post_rejection (GstRtmpPublisher *self, const gchar *name, const gchar *why)
{
  gst_rtmp_rejections_post (self->params.rejections, FALSE, name,
      self->peer.address, why);
}

static void
check_connect (GstRtmpPublisher *self)
{
  const gchar *why = NULL;
  g_autofree gchar *description =
      rtmp_authorizer_check_connect (self->params.authorizer, &self->login,
          rtmp_connection_app (self->connection),
          rtmp_connection_query (self->connection), g_get_monotonic_time (),
          &why);

  if (description == NULL)
    rtmp_connection_accept_connect (self->connection);
  else
    rtmp_connection_reject_connect (self->connection, description, why);
  /* The rejections before this one are steps of a login. */
  if (g_strcmp0 (description, rtmp_login_failed) == 0)
    post_rejection (self, NULL, why);
}

/* Returns: (transfer full) (nullable): why the peer may not publish. The most
 * expensive check comes last. */
static gchar *
authorize_publish (GstRtmpPublisher *self)
{
  const AccessRequest request = {
    .action = "publish",
    .stream = rtmp_connection_name (self->connection),
    .query = rtmp_connection_query (self->connection),
    .address = rtmp_connection_address (self->connection),
  };
  gchar *why = rtmp_authorizer_check_publish (self->params.authorizer,
      &self->login, &request, g_get_monotonic_time ());

  if (why == NULL)
    why = gst_authorize_emit (self->params.element, "authorize-publish",
        &request);
  if (why == NULL)
    why = rtmp_authorizer_ask (self->params.authorizer, &request,
        rtmp_connection_cancellable (self->connection));
  return why;
}

static void
reject (GstRtmpPublisher *self, RtmpRejection rejection, const gchar *why)
{
  rtmp_connection_reject_publish (self->connection, rejection, why);
  GST_WARNING_OBJECT (self->params.element, "%s: rejected: %s",
      rtmp_connection_name (self->connection),
      rtmp_connection_why (self->connection));
  post_rejection (self, rtmp_connection_name (self->connection),
      rtmp_connection_why (self->connection));
}

/* Returns whether the peer may publish; the name then belongs to its stream. */
static gboolean
claim_name (GstRtmpPublisher *self)
{
  const gchar *name = rtmp_connection_name (self->connection);
  g_autofree gchar *why = authorize_publish (self);
  RtmpRejection rejection;

  if (why != NULL) {
    reject (self, RTMP_REJECTION_UNAUTHORIZED, why);
    return FALSE;
  }
  if (!gst_rtmp_stream_claim (self->stream, name, yield_name, self,
          &rejection)) {
    why = rtmp_roster_dup_refusal (self->params.roster, name,
        g_get_monotonic_time ());
    reject (self, rejection, rejection == RTMP_REJECTION_REFUSED ? why : NULL);
    return FALSE;
  }
  g_atomic_int_set (&self->is_unpublished, FALSE);
  g_clear_pointer (&self->peer.encoder, g_free);
  self->peer.flash_version = rtmp_connection_flash_version (self->connection);
  return TRUE;
}

static void
open_stream (GstRtmpPublisher *self)
{
  rtmp_connection_accept_publish (self->connection);
  if (!gst_rtmp_stream_open (self->stream))
    rtmp_connection_end (self->connection, "the server is stopping");
}

/* As authorize_publish(), by the rule for players. */
static gchar *
authorize_play (GstRtmpPublisher *self)
{
  const AccessRequest request = {
    .action = "play",
    .stream = rtmp_connection_name (self->connection),
    .query = rtmp_connection_query (self->connection),
    .address = rtmp_connection_address (self->connection),
  };
  gchar *why =
      rtmp_playauthorizer_check (self->params.play_authorizer, &request);

  if (why == NULL)
    why = gst_authorize_emit (self->params.element, "authorize-play", &request);
  if (why == NULL)
    why = rtmp_playauthorizer_ask (self->params.play_authorizer, &request,
        rtmp_connection_cancellable (self->connection));
  return why;
}

static void
begin_play (GstRtmpPublisher *self)
{
  g_autofree gchar *why = authorize_play (self);

  if (why == NULL)
    why = g_strdup (rtmp_players_take (self->params.players, self->connection,
        self->client));
  self->is_player = why == NULL;
  if (self->is_player)
    return;
  rtmp_connection_reject_play (self->connection, why);
  GST_WARNING_OBJECT (self->params.element, "%s: may not play: %s",
      rtmp_connection_name (self->connection),
      rtmp_connection_why (self->connection));
  gst_rtmp_rejections_post (self->params.rejections, TRUE,
      rtmp_connection_name (self->connection), self->peer.address,
      rtmp_connection_why (self->connection));
}

static void
end_stream (GstRtmpPublisher *self, const gchar *why)
{
  gboolean is_closed;

  if (!gst_rtmp_stream_is_open (self->stream))
    return;
  is_closed = gst_rtmp_tracks_close (self->tracks, why);
  if (gst_rtmp_stream_close (self->stream, why) && is_closed)
    g_atomic_int_set (&self->is_unpublished, TRUE);
  else /* No stream can begin while a pad is left. */
    rtmp_connection_end (self->connection, "the server is stopping");
}

static void
handle_event (GstRtmpPublisher *self, RtmpEvent *event)
{
  switch (event->kind) {
    case RTMP_EVENT_CONNECT:
      check_connect (self);
      return;
    case RTMP_EVENT_PUBLISH:
      if (claim_name (self))
        open_stream (self);
      return;
    case RTMP_EVENT_PLAY:
      begin_play (self);
      return;
    case RTMP_EVENT_PLAY_AGAIN:
    case RTMP_EVENT_PAUSE:
    case RTMP_EVENT_PLAY_ENDED:
      /* These come only from connections that the players own. */
      g_assert_not_reached ();
    case RTMP_EVENT_MESSAGE:
      push_message (self, &event->message);
      return;
    case RTMP_EVENT_UNPUBLISH:
      end_stream (self, "the publisher ended the stream");
      return;
    case RTMP_EVENT_REJECTED:
      GST_WARNING_OBJECT (self->params.element, "%s: rejected: %s",
          event->name != NULL ? event->name
                              : rtmp_connection_label (self->connection),
          event->why);
      post_rejection (self, event->name, event->why);
      return;
    case RTMP_EVENT_QUIET:
      gst_rtmp_stream_announce (self->stream);
      return;
  }
}

static void
end_connection (GstRtmpPublisher *self)
{
  end_stream (self, rtmp_connection_why (self->connection));
  GST_INFO_OBJECT (self->params.element, "%s: closed: %s",
      rtmp_connection_label (self->connection),
      rtmp_connection_why (self->connection));
  rtmp_connection_close (self->connection);
}

static void
finish (GstRtmpPublisher *self)
{
  /* Otherwise the players' thread serves the connection from now on. */
  if (!self->is_player)
    end_connection (self);
  g_atomic_int_set (&self->is_done, TRUE);
}

static gboolean
next_event (GstRtmpPublisher *self, RtmpEvent *event)
{
  return !self->is_player && rtmp_connection_next (self->connection, event);
}

/* Called by the task repeatedly; handles one event. */
static void
stream_next (gpointer user_data)
{
  GstRtmpPublisher *self = user_data;
  RtmpEvent event;

  if (self->is_claimed) {
    self->is_claimed = FALSE;
    open_stream (self);
  } else if (next_event (self, &event)) {
    handle_event (self, &event);
  } else {
    finish (self);
    gst_rtmp_task_stop (self->task);
  }
}

/* Returns FALSE if no thread can be started for the task; this one then
 * continues. */
static gboolean
hand_over (GstRtmpPublisher *self)
{
  self->is_claimed = TRUE;
  self->task = gst_rtmp_task_new (self->params.element, stream_next, self);
  if (gst_rtmp_task_start (self->task))
    return TRUE;
  g_clear_pointer (&self->task, gst_rtmp_task_free);
  self->is_claimed = FALSE;
  open_stream (self);
  return FALSE;
}

static gpointer
run (gpointer user_data)
{
  GstRtmpPublisher *self = user_data;
  RtmpEvent event;

  while (next_event (self, &event)) {
    if (event.kind != RTMP_EVENT_PUBLISH)
      handle_event (self, &event);
    else if (claim_name (self) && hand_over (self))
      return NULL;
  }
  finish (self);
  return NULL;
}

GstRtmpPublisher *
gst_rtmp_publisher_new (const GstRtmpPublisherParams *params,
    RtmpConnection *connection)
{
  GstRtmpPublisher *self = g_new0 (GstRtmpPublisher, 1);

  self->params = *params;
  gst_rtmp_peer_init (&self->peer, connection);
  self->connection = connection;
  if (params->players != NULL)
    rtmp_connection_allow_play (connection);
  net_client_from_text (rtmp_connection_address (connection), self->client);
  self->stream = gst_rtmp_stream_new (params->element, params->roster,
      params->players, params->pads_lock, &self->peer);
  self->tracks = gst_rtmp_tracks_new (params->element, params->roster,
      params->players, params->pads_lock, &self->peer);
  self->is_unpublished = TRUE;
  self->thread = g_thread_new ("rtmp-connection", run, self);
  return self;
}

gboolean
gst_rtmp_publisher_is_done (GstRtmpPublisher *self)
{
  return g_atomic_int_get (&self->is_done);
}

gboolean
gst_rtmp_publisher_is_unpublished (GstRtmpPublisher *self)
{
  return g_atomic_int_get (&self->is_unpublished) &&
      !gst_rtmp_publisher_is_done (self);
}

const gchar *
gst_rtmp_publisher_client (const GstRtmpPublisher *self)
{
  return self->client;
}

void
gst_rtmp_publisher_make_room (GstRtmpPublisher *self)
{
  g_atomic_int_set (&self->is_unpublished, FALSE);
  rtmp_connection_shut_down (self->connection,
      "there are too many connections, and this is the oldest");
}

void
gst_rtmp_publisher_finish (GstRtmpPublisher *self)
{
  rtmp_connection_send_away (self->connection);
}

void
gst_rtmp_publisher_interrupt (GstRtmpPublisher *self)
{
  rtmp_connection_send_away (self->connection);
  gst_rtmp_stream_interrupt (self->stream);
  gst_rtmp_tracks_interrupt (self->tracks);
}

void
gst_rtmp_publisher_free (GstRtmpPublisher *self)
{
  g_thread_join (self->thread);
  gst_rtmp_task_free (self->task);
  gst_rtmp_tracks_free (self->tracks);
  gst_rtmp_stream_free (self->stream);
  rtmp_connection_free (self->connection);
  rtmp_login_state_clear (&self->login);
  gst_rtmp_peer_clear (&self->peer);
  g_free (self);
}
