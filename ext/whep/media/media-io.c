/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The media threads: see media-io.h. */

#include "ext/whep/media/media-io.h"
#include "ext/whep/category.h"
#include "ext/whep/media/worker-io.h"

WHEP_CATEGORY ("whepmedia_pool", "All media threads of WHEP");

struct _WhepMedia
{
  WhepWorkerPool pool;
  guint16 port;

  gboolean is_tracing;

  GMutex lock;                /* of all below */
  WhepMediaListener listener; /* zeroed: none */
  gpointer listener_data;
  WhepMediaStats tallies[WHEP_MEDIA_MAX_THREADS]; /* of each worker */
};

/* The listener only posts elsewhere, so the lock is held for an instant. */
static void
on_connected (const gchar *ufrag, const WhepAddress *address,
    gpointer user_data)
{
  WhepMedia *self = user_data;

  g_mutex_lock (&self->lock);
  if (self->listener.connected != NULL)
    self->listener.connected (ufrag, address, self->listener_data);
  g_mutex_unlock (&self->lock);
}

static void
on_closed (const gchar *ufrag, const gchar *why, const WhepViewerStats *stats,
    gpointer user_data)
{
  WhepMedia *self = user_data;

  g_mutex_lock (&self->lock);
  if (self->listener.closed != NULL)
    self->listener.closed (ufrag, why, stats, self->listener_data);
  g_mutex_unlock (&self->lock);
}

static void
on_stats (guint number, const WhepMediaStats *media_stats, gpointer user_data)
{
  WhepMedia *self = user_data;
  WhepMediaStats copy;

  whep_media_stats_init (&copy);
  whep_media_stats_merge (&copy, media_stats);
  g_mutex_lock (&self->lock);
  whep_media_stats_clear (&self->tallies[number]);
  self->tallies[number] = copy;
  g_mutex_unlock (&self->lock);
}

void
whep_media_stats (WhepMedia *self, WhepMediaStats *media_stats)
{
  whep_media_stats_init (media_stats);
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->pool.n_workers; i++)
    whep_media_stats_merge (media_stats, &self->tallies[i]);
  g_mutex_unlock (&self->lock);
}

static gboolean
start_worker (WhepMedia *self, const WhepMediaParams *params, WhepUdp *udp,
    GError **error)
{
  const WhepWorkerParams worker_params = {
    .pool = &self->pool,
    .number = self->pool.n_workers,
    .limits = params->limits,
    .listener = { on_connected, on_closed },
    .stats_func = on_stats,
    .user_data = self,
  };
  WhepWorker *worker;

  if (udp == NULL)
    return FALSE;
  worker = whep_worker_new (&worker_params, udp, error);
  if (worker == NULL)
    return FALSE;
  whep_media_stats_init (&self->tallies[self->pool.n_workers]);
  self->pool.workers[self->pool.n_workers++] = worker;
  return TRUE;
}

static gboolean
start_workers (WhepMedia *self, const WhepMediaParams *params, GError **error)
{
  guint n_threads =
      params->n_threads == 0 ? g_get_num_processors () : params->n_threads;
  WhepUdp *first = whep_udp_new (params->address, params->port, error);

  if (!start_worker (self, params, first, error))
    return FALSE;
  self->port = whep_udp_port (first);
  while (self->pool.n_workers < MIN (n_threads, WHEP_MEDIA_MAX_THREADS))
    if (!start_worker (self, params, whep_udp_new_beside (first, error), error))
      return FALSE;
  return TRUE;
}

WhepMedia *
whep_media_new (const WhepMediaParams *params, GError **error)
{
  WhepMedia *self = g_new0 (WhepMedia, 1);

  self->is_tracing = params->is_tracing;
  g_mutex_init (&self->lock);
  if (!start_workers (self, params, error)) {
    whep_media_free (self);
    return NULL;
  }
  for (guint i = 0; i < self->pool.n_workers; i++)
    whep_worker_start (self->pool.workers[i]);
  return self;
}

/* One may post to another until it has stopped. */
void
whep_media_free (WhepMedia *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->pool.n_workers; i++)
    whep_worker_stop (self->pool.workers[i]);
  for (guint i = 0; i < self->pool.n_workers; i++)
    whep_worker_free (self->pool.workers[i]);
  for (guint i = 0; i < self->pool.n_workers; i++)
    whep_media_stats_clear (&self->tallies[i]);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint16
whep_media_port (const WhepMedia *self)
{
  return self->port;
}

guint
whep_media_n_threads (const WhepMedia *self)
{
  return self->pool.n_workers;
}

guint
whep_media_n_viewers (const WhepMedia *self)
{
  guint n_viewers = 0;

  for (guint i = 0; i < self->pool.n_workers; i++)
    n_viewers += whep_worker_n_viewers (self->pool.workers[i]);
  return n_viewers;
}

void
whep_media_set_listener (WhepMedia *self, const WhepMediaListener *listener,
    gpointer user_data)
{
  static const WhepMediaListener nobody = { 0 };

  g_mutex_lock (&self->lock);
  self->listener = listener == NULL ? nobody : *listener;
  self->listener_data = user_data;
  g_mutex_unlock (&self->lock);
}

void
whep_media_begin_track (WhepMedia *self, guint64 id, const gchar *stream,
    WhepTrackKind kind, const gchar *encoding_name, guint clock_rate)
{
  for (guint i = 0; i < self->pool.n_workers; i++) {
    WhepMessage *message = whep_message_new (WHEP_MESSAGE_BEGIN_TRACK, 0);

    message->track_id = id;
    message->name = g_strdup (stream);
    message->track_kind = kind;
    message->encoding_name = g_intern_string (encoding_name);
    message->clock_rate = clock_rate;
    whep_worker_post (self->pool.workers[i], message);
  }
  GST_INFO ("%s: %s begins, %s", stream, kind == WHEP_AUDIO ? "audio" : "video",
      encoding_name);
}

void
whep_media_offer_rendition (WhepMedia *self, guint64 id,
    const gchar *encoding_name)
{
  for (guint i = 0; i < self->pool.n_workers; i++) {
    WhepMessage *message = whep_message_new (WHEP_MESSAGE_RENDITION, 0);

    message->track_id = id;
    message->encoding_name = g_intern_string (encoding_name);
    whep_worker_post (self->pool.workers[i], message);
  }
}

static void
stamp (WhepPacket **packets, guint n_packets)
{
  gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; i < n_packets; i++)
    packets[i]->came_us = now_us;
}

/* All share the packets: each worker's log has references of its own. */
void
whep_media_push (WhepMedia *self, guint64 id, WhepPacket **packets,
    guint n_packets)
{
  if (self->is_tracing)
    stamp (packets, n_packets);
  for (guint i = 0; i < self->pool.n_workers; i++) {
    WhepMessage *message = whep_message_new (WHEP_MESSAGE_PACKETS, n_packets);

    message->track_id = id;
    for (guint k = 0; k < n_packets; k++)
      message->packets[k] = whep_packet_ref (packets[k]);
    if (!whep_worker_try_post (self->pool.workers[i], message))
      GST_WARNING ("media thread %u does not keep up: %u packets dropped", i,
          n_packets);
  }
  for (guint k = 0; k < n_packets; k++)
    whep_packet_unref (packets[k]);
}

void
whep_media_end_track (WhepMedia *self, guint64 id)
{
  for (guint i = 0; i < self->pool.n_workers; i++) {
    WhepMessage *message = whep_message_new (WHEP_MESSAGE_END_TRACK, 0);

    message->track_id = id;
    whep_worker_post (self->pool.workers[i], message);
  }
}

void
whep_media_set_paused (WhepMedia *self, gboolean is_paused)
{
  for (guint i = 0; i < self->pool.n_workers; i++) {
    WhepMessage *message = whep_message_new (WHEP_MESSAGE_PAUSE, 0);

    message->is_paused = is_paused;
    whep_worker_post (self->pool.workers[i], message);
  }
}

static WhepWorker *
owner_of (const WhepMedia *self, const gchar *ufrag)
{
  return self->pool.workers[whep_worker_pool_owner (&self->pool, ufrag)];
}

void
whep_media_open_viewer (WhepMedia *self, WhepViewer *viewer)
{
  WhepMessage *message = whep_message_new (WHEP_MESSAGE_OPEN, 0);

  message->viewer = viewer;
  whep_worker_post (owner_of (self, whep_viewer_ufrag (viewer)), message);
}

gboolean
whep_media_may_restart_as (const WhepMedia *self, const gchar *name,
    const gchar *ufrag)
{
  return owner_of (self, ufrag) == owner_of (self, name);
}

void
whep_media_restart_ice (WhepMedia *self, const gchar *name,
    const WhepIceCredentials *credentials)
{
  WhepMessage *message = whep_message_new (WHEP_MESSAGE_RESTART_ICE, 0);

  g_assert (whep_media_may_restart_as (self, name, credentials->ufrag));
  message->name = g_strdup (name);
  message->credentials = g_memdup2 (credentials, sizeof (*credentials));
  whep_worker_post (owner_of (self, name), message);
}

static void
post_about (WhepMedia *self, WhepMessageKind kind, const gchar *ufrag)
{
  WhepMessage *message = whep_message_new (kind, 0);

  message->name = g_strdup (ufrag);
  whep_worker_post (owner_of (self, ufrag), message);
}

void
whep_media_close_viewer (WhepMedia *self, const gchar *ufrag)
{
  post_about (self, WHEP_MESSAGE_CLOSE, ufrag);
}

void
whep_media_let_give_way (WhepMedia *self, const gchar *ufrag)
{
  post_about (self, WHEP_MESSAGE_GIVE_WAY, ufrag);
}
