/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The listeners and all connections: see gstrtmpserver.h. */

#include "gst/rtmp/gstrtmpserver.h"

#include "gst/net/credentials-io.h"
#include "gst/rtmp/gstrtmppublisher.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_server_src_debug);
#define GST_CAT_DEFAULT gst_rtmp_server_src_debug

/* Connections beyond max-publishers: those in the handshake, those about to be
 * rejected, and idle ones. If there are too many of them, one is closed; as
 * many may be in the process of closing. */
#define MAX_UNPUBLISHED 64
#define MAX_LEAVING 64

struct _GstRtmpServer
{
  GstElement *element;                   /* not owned */
  const GstRtmpServerSettings *settings; /* not owned; its object lock */
  RtmpRoster *roster;                    /* not owned */

  RtmpListener *listener;
  RtmpAuthorizer *authorizer;
  GstRtmpRejections *rejections;
  NetCredentials *credentials; /* NULL without RTMPS */
  RtmpPlayers *players;        /* this and the next: NULL unless it plays */
  RtmpPlayAuthorizer *play_authorizer;
  GThread *thread;
  gint is_ending;   /* atomic: EOS has been requested */
  GMutex pads_lock; /* one pad is added or removed at a time */

  /* Owned by the listening thread and, once that has been joined, by the thread
   * that frees the server. */
  GQueue publishers; /* of GstRtmpPublisher */
  guint n_accepted;
};

/* Joins the threads that are about to exit. */
static void
reap_publishers (GstRtmpServer *self)
{
  GList *next;

  for (GList *link = self->publishers.head; link != NULL; link = next) {
    next = link->next;
    if (!gst_rtmp_publisher_is_done (link->data))
      continue;
    gst_rtmp_publisher_free (link->data);
    g_queue_delete_link (&self->publishers, link);
  }
}

static guint
max_connections (GstRtmpServer *self)
{
  guint n_publishers;

  GST_OBJECT_LOCK (self->element);
  n_publishers = self->settings->max_publishers;
  GST_OBJECT_UNLOCK (self->element);
  return n_publishers + MAX_UNPUBLISHED;
}

static gint64
idle_us (GstRtmpServer *self)
{
  gint64 timeout_us;

  GST_OBJECT_LOCK (self->element);
  timeout_us = self->settings->idle_timeout_s * G_USEC_PER_SEC;
  GST_OBJECT_UNLOCK (self->element);
  return timeout_us;
}

/* Counts the unpublished connections of each client: only they may be closed to
 * make room. */
static GHashTable *
count_unpublished (GstRtmpServer *self)
{
  GHashTable *counts = g_hash_table_new (g_str_hash, g_str_equal);

  for (GList *link = self->publishers.head; link != NULL; link = link->next) {
    gpointer client = (gpointer) gst_rtmp_publisher_client (link->data);
    guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, client));

    if (gst_rtmp_publisher_is_unpublished (link->data))
      g_hash_table_replace (counts, client, GUINT_TO_POINTER (n + 1));
  }
  return counts;
}

/* Returns: (nullable): the oldest unpublished connection of the client that has
 * the most, so that one client with many connections does not keep out others.
 */
static GstRtmpPublisher *
find_one_to_close (GstRtmpServer *self)
{
  g_autoptr (GHashTable) counts = count_unpublished (self);
  GstRtmpPublisher *found = NULL;
  guint n_most = 0;

  for (GList *link = self->publishers.head; link != NULL; link = link->next) {
    guint n = GPOINTER_TO_UINT (
        g_hash_table_lookup (counts, gst_rtmp_publisher_client (link->data)));

    if (n <= n_most || !gst_rtmp_publisher_is_unpublished (link->data))
      continue;
    found = link->data;
    n_most = n;
  }
  return found;
}

/* Returns FALSE if no further connection can be accepted now. */
static gboolean
has_room (GstRtmpServer *self)
{
  guint n_max = max_connections (self);
  GstRtmpPublisher *connection;

  if (self->publishers.length < n_max)
    return TRUE;
  if (self->publishers.length >= n_max + MAX_LEAVING)
    return FALSE;
  connection = find_one_to_close (self);
  if (connection == NULL)
    return FALSE;
  gst_rtmp_publisher_make_room (connection);
  return TRUE;
}

static RtmpConnection *
new_connection (GstRtmpServer *self, GSocket *socket, const gchar *label,
    RtmpListenerKind kind)
{
  SSL_CTX *context = NULL;

  if (kind == RTMP_LISTENER_TLS)
    context = net_credentials_context (self->credentials);
  return rtmp_connection_new (rtmp_transport_new (socket, label, context),
      label, idle_us (self));
}

static void
disconnect (GstRtmpServer *self, GSocket *socket)
{
  RtmpTransport *transport = rtmp_transport_new (socket, "", NULL);
  g_autofree gchar *address = rtmp_transport_dup_endpoint (transport);

  gst_rtmp_rejections_post (self->rejections, FALSE, NULL, address,
      "too many connections");
  rtmp_transport_free (transport);
}

static void
take_connection (GstRtmpServer *self, GSocket *socket, RtmpListenerKind kind)
{
  g_autofree gchar *label =
      g_strdup_printf ("connection %u", self->n_accepted++);

  reap_publishers (self);
  if (!has_room (self)) {
    GST_WARNING_OBJECT (self->element, "%s: disconnected: too many connections",
        label);
    disconnect (self, socket);
    return;
  }
  GST_DEBUG_OBJECT (self->element, "%s: accepted", label);
  g_queue_push_tail (&self->publishers,
      gst_rtmp_publisher_new (
          &(GstRtmpPublisherParams){
              .element = self->element,
              .roster = self->roster,
              .authorizer = self->authorizer,
              .rejections = self->rejections,
              .players = self->players,
              .play_authorizer = self->play_authorizer,
              .pads_lock = &self->pads_lock,
          },
          new_connection (self, socket, label, kind)));
}

static gpointer
listen_for_publishers (gpointer user_data)
{
  GstRtmpServer *self = user_data;
  RtmpListenerKind kind;
  GSocket *socket;

  while ((socket = rtmp_listener_accept (self->listener, &kind)) != NULL) {
    take_connection (self, socket, kind);
    g_object_unref (socket);
  }
  if (!g_atomic_int_get (&self->is_ending))
    return NULL;
  for (GList *link = self->publishers.head; link != NULL; link = link->next)
    gst_rtmp_publisher_finish (link->data);
  if (self->players != NULL)
    rtmp_players_finish (self->players);
  return NULL;
}

static gboolean
set_guard (GstRtmpServer *self, const GstRtmpServerSettings *settings)
{
  const AccessAuthorizerParams params = {
    .keys = settings->publish_keys,
    .jwt_keys = settings->publish_jwt_keys,
    .hook = settings->on_publish,
  };
  g_autoptr (GError) error = NULL;

  self->authorizer = rtmp_authorizer_new (&params, &error);
  if (self->authorizer == NULL)
    GST_ELEMENT_ERROR (self->element, RESOURCE, SETTINGS,
        ("Could not set up the authorization of publishers."),
        ("%s", error->message));
  return self->authorizer != NULL;
}

/* See RtmpPlayersNewsFunc. */
static void
report_player (const RtmpPlayersNews *news, gpointer element)
{
  GstStructure *s =
      gst_structure_new (news->why == NULL ? "player-added" : "player-removed",
          "stream-name", G_TYPE_STRING, news->name, "address", G_TYPE_STRING,
          news->address, NULL);

  if (news->why != NULL)
    gst_structure_set (s, "reason", G_TYPE_STRING, news->why, "duration",
        G_TYPE_UINT64, (guint64) news->duration_us * GST_USECOND, "bytes",
        G_TYPE_UINT64, news->n_bytes, NULL);
  gst_element_post_message (element,
      gst_message_new_element (GST_OBJECT (element), s));
  g_object_notify (element, "n-players");
}

static gboolean
set_players (GstRtmpServer *self, const GstRtmpServerSettings *settings)
{
  const RtmpPlayersParams params = {
    .limits.bytes = settings->max_backlog_bytes,
    .limits.time_us = settings->max_backlog_time / GST_USECOND,
    .limits.behind_us = settings->max_lag / GST_USECOND,
    .linger_us = settings->linger / GST_USECOND,
    .max_players = settings->max_players,
    .max_per_client = settings->max_players_per_address,
    .report = report_player,
    .user_data = self->element,
  };
  const AccessAuthorizerParams access = {
    .keys = settings->play_keys,
    .jwt_keys = settings->play_jwt_keys,
    .hook = settings->on_play,
  };
  g_autoptr (GError) error = NULL;

  if (!settings->play)
    return TRUE;
  self->play_authorizer = rtmp_playauthorizer_new (&access, &error);
  if (self->play_authorizer != NULL)
    self->players = rtmp_players_new (&params, &error);
  if (self->players == NULL)
    GST_ELEMENT_ERROR (self->element, RESOURCE, SETTINGS,
        ("Could not serve RTMP players."), ("%s", error->message));
  return self->players != NULL;
}

static gboolean
set_credentials (GstRtmpServer *self, const GstRtmpServerSettings *settings)
{
  g_autoptr (GError) error = NULL;

  if (settings->tls_certificate == NULL || *settings->tls_certificate == '\0')
    return TRUE;
  self->credentials = net_credentials_new (settings->tls_certificate,
      settings->tls_key, &error);
  if (self->credentials == NULL)
    GST_ELEMENT_ERROR (self->element, RESOURCE, SETTINGS,
        ("Could not use the certificate for RTMPS."), ("%s", error->message));
  return self->credentials != NULL;
}

static gboolean
open_listener (GstRtmpServer *self, RtmpListenerKind kind,
    const gchar *protocol, const gchar *address, guint port)
{
  g_autoptr (GError) error = NULL;

  if (rtmp_listener_open (self->listener, kind, address, port, &error)) {
    GST_INFO_OBJECT (self->element, "listening on port %u for %s",
        rtmp_listener_port (self->listener, kind), protocol);
    return TRUE;
  }
  GST_ELEMENT_ERROR (self->element, RESOURCE, OPEN_READ,
      ("Could not listen for %s publishers on port %u.", protocol, port),
      ("%s, port %u: %s", address, port, error->message));
  return FALSE;
}

static gboolean
set_up (GstRtmpServer *self, const GstRtmpServerSettings *settings)
{
  if (!set_guard (self, settings) || !set_credentials (self, settings) ||
      !set_players (self, settings))
    return FALSE;
  if (!open_listener (self, RTMP_LISTENER_PLAIN, "RTMP", settings->address,
          settings->port))
    return FALSE;
  return self->credentials == NULL ||
      open_listener (self, RTMP_LISTENER_TLS, "RTMPS", settings->address,
          settings->tls_port);
}

/* A copy, so that no lock is held while files are read. */
static GstRtmpServerSettings
copy_settings (GstRtmpServer *self)
{
  GstRtmpServerSettings copy;

  GST_OBJECT_LOCK (self->element);
  copy = *self->settings;
  gst_settings_dup_strings (&copy, gst_rtmp_server_settings_table ());
  GST_OBJECT_UNLOCK (self->element);
  return copy;
}

static void
clear (GstRtmpServer *self)
{
  rtmp_listener_free (self->listener);
  rtmp_players_free (self->players);
  rtmp_playauthorizer_free (self->play_authorizer);
  rtmp_authorizer_free (self->authorizer);
  gst_rtmp_rejections_free (self->rejections);
  net_credentials_free (self->credentials);
  g_mutex_clear (&self->pads_lock);
  g_free (self);
}

GstRtmpServer *
gst_rtmp_server_new (GstElement *element, const GstRtmpServerSettings *settings,
    RtmpRoster *roster)
{
  GstRtmpServer *self = g_new0 (GstRtmpServer, 1);
  GstRtmpServerSettings copy;
  gboolean is_ready;

  self->element = element;
  self->settings = settings;
  self->roster = roster;
  self->listener = rtmp_listener_new ();
  self->rejections = gst_rtmp_rejections_new (element);
  g_mutex_init (&self->pads_lock);
  g_queue_init (&self->publishers);

  copy = copy_settings (self);
  is_ready = set_up (self, &copy);
  gst_settings_clear (&copy, gst_rtmp_server_settings_table ());
  if (!is_ready) {
    clear (self);
    return NULL;
  }
  rtmp_roster_set_open (self->roster, TRUE);
  self->thread = g_thread_new ("rtmp-listener", listen_for_publishers, self);
  return self;
}

void
gst_rtmp_server_free (GstRtmpServer *self)
{
  if (self == NULL)
    return;
  rtmp_listener_stop (self->listener);
  g_thread_join (self->thread);

  /* All of them are interrupted before any is freed, because one may wait for
   * another, here or downstream. */
  rtmp_roster_set_open (self->roster, FALSE);
  for (GList *link = self->publishers.head; link != NULL; link = link->next)
    gst_rtmp_publisher_interrupt (link->data);
  g_queue_clear_full (&self->publishers,
      (GDestroyNotify) gst_rtmp_publisher_free);
  clear (self);
}

void
gst_rtmp_server_finish (GstRtmpServer *self)
{
  g_atomic_int_set (&self->is_ending, TRUE);
  rtmp_listener_stop (self->listener);
}

guint
gst_rtmp_server_port (const GstRtmpServer *self, RtmpListenerKind kind)
{
  return rtmp_listener_port (self->listener, kind);
}

guint
gst_rtmp_server_n_players (const GstRtmpServer *self)
{
  return self->players != NULL ? rtmp_players_count (self->players) : 0;
}

gboolean
gst_rtmp_server_dismiss_player (GstRtmpServer *self, const gchar *address,
    const gchar *why)
{
  return self->players != NULL &&
      rtmp_players_dismiss (self->players, address, why);
}
