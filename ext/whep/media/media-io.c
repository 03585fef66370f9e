/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The media threads: see media-io.h. */

#include "ext/whep/media/media-io.h"
#include "ext/whep/category.h"
#include "ext/whep/media/worker-io.h"
#include "ext/whep/viewer/gcm.h"

WHEP_CATEGORY ("whepmedia", "The media threads of WHEP");

/* For comparisons: "openssl" does without libipsec-mb. */
#define LIBRARY_VARIABLE "RTMP_WEBRTC_AES"

struct _WhepMedia
{
  WhepWorkerPool pool;
  WhepWorker *workers[WHEP_MEDIA_MAX_THREADS]; /* n_workers of the pool */
  guint16 port;

  gboolean is_tracing;

  GMutex lock;                /* guards all below */
  WhepMediaListener listener; /* zeroed: none */
  gpointer listener_data;
  WhepMediaStats stats[WHEP_MEDIA_MAX_THREADS]; /* per worker */
};

/* The listener only posts to another thread, so the lock is held only
 * briefly. */
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
  whep_media_stats_clear (&self->stats[number]);
  self->stats[number] = copy;
  g_mutex_unlock (&self->lock);
}

void
whep_media_stats (WhepMedia *self, WhepMediaStats *media_stats)
{
  whep_media_stats_init (media_stats);
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->pool.n_workers; i++)
    whep_media_stats_merge (media_stats, &self->stats[i]);
  g_mutex_unlock (&self->lock);
}

static gboolean
add_worker (WhepMedia *self, const WhepMediaParams *params, guint number,
    WhepUdp *udp)
{
  const WhepWorkerParams worker_params = {
    .pool = &self->pool,
    .number = number,
    .limits = params->limits,
    .listener = { on_connected, on_closed },
    .stats_func = on_stats,
    .user_data = self,
  };

  if (udp == NULL)
    return FALSE;
  self->workers[number] = whep_worker_new (&worker_params, udp);
  return TRUE;
}

static gboolean
add_workers (WhepMedia *self, const WhepMediaParams *params, GError **error)
{
  guint n_threads =
      params->n_threads == 0 ? g_get_num_processors () : params->n_threads;
  WhepUdp *first;

  n_threads = MIN (n_threads, WHEP_MEDIA_MAX_THREADS);
  if (!whep_worker_pool_init (&self->pool, n_threads, error))
    return FALSE;
  first = whep_udp_new (params->address, params->port, error);
  if (!add_worker (self, params, 0, first))
    return FALSE;
  self->port = whep_udp_port (first);
  for (guint i = 1; i < n_threads; i++)
    if (!add_worker (self, params, i, whep_udp_new_beside (first, error)))
      return FALSE;
  return TRUE;
}

static void
choose_library (void)
{
  if (g_strcmp0 (g_getenv (LIBRARY_VARIABLE), "openssl") == 0)
    whep_gcm_set_default (WHEP_GCM_OPENSSL);
  GST_INFO ("AES-GCM by %s", whep_gcm_library_name (whep_gcm_default ()));
}

WhepMedia *
whep_media_new (const WhepMediaParams *params, GError **error)
{
  WhepMedia *self = g_new0 (WhepMedia, 1);

  choose_library ();
  self->is_tracing = params->is_tracing;
  g_mutex_init (&self->lock);
  for (guint i = 0; i < WHEP_MEDIA_MAX_THREADS; i++)
    whep_media_stats_init (&self->stats[i]);
  if (!add_workers (self, params, error)) {
    whep_media_free (self);
    return NULL;
  }
  for (guint i = 0; i < self->pool.n_workers; i++)
    whep_worker_start (self->workers[i]);
  return self;
}

/* Workers post to each other until all have stopped. */
void
whep_media_free (WhepMedia *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < WHEP_MEDIA_MAX_THREADS; i++)
    whep_worker_stop (self->workers[i]);
  for (guint i = 0; i < WHEP_MEDIA_MAX_THREADS; i++) {
    whep_worker_free (self->workers[i]);
    whep_media_stats_clear (&self->stats[i]);
  }
  whep_worker_pool_clear (&self->pool);
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
    n_viewers += whep_worker_n_viewers (self->workers[i]);
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
  for (guint i = 0; i < self->pool.n_workers; i++)
    whep_worker_pool_post (&self->pool, i,
        whep_message_new_begin_track (id, stream, kind, encoding_name,
            clock_rate));
  GST_INFO ("%s: %s begins, %s", stream, kind == WHEP_AUDIO ? "audio" : "video",
      encoding_name);
}

void
whep_media_offer_rendition (WhepMedia *self, guint64 id,
    const gchar *encoding_name)
{
  for (guint i = 0; i < self->pool.n_workers; i++)
    whep_worker_pool_post (&self->pool, i,
        whep_message_new_offer_rendition (id, encoding_name));
}

static void
stamp (WhepPacket **packets, guint n_packets)
{
  gint64 now_us = g_get_monotonic_time ();

  for (guint i = 0; i < n_packets; i++)
    packets[i]->came_us = now_us;
}

/* The packets are shared: each worker's log has references of its own. */
void
whep_media_push (WhepMedia *self, guint64 id, WhepPacket **packets,
    guint n_packets)
{
  if (self->is_tracing)
    stamp (packets, n_packets);
  for (guint i = 0; i < self->pool.n_workers; i++) {
    WhepMessage *message = whep_message_new_packets (id, packets, n_packets);

    if (!whep_worker_pool_try_post (&self->pool, i, message, WHEP_MAILBOX_MAX))
      GST_WARNING ("media thread %u does not keep up: %u packets dropped", i,
          n_packets);
  }
  for (guint k = 0; k < n_packets; k++)
    whep_packet_unref (packets[k]);
}

void
whep_media_end_track (WhepMedia *self, guint64 id)
{
  for (guint i = 0; i < self->pool.n_workers; i++)
    whep_worker_pool_post (&self->pool, i, whep_message_new_end_track (id));
}

void
whep_media_set_paused (WhepMedia *self, gboolean is_paused)
{
  for (guint i = 0; i < self->pool.n_workers; i++)
    whep_worker_pool_post (&self->pool, i,
        whep_message_new_set_paused (is_paused));
}

static guint
owner_of (const WhepMedia *self, const gchar *ufrag)
{
  return whep_worker_pool_owner (&self->pool, ufrag);
}

void
whep_media_open_viewer (WhepMedia *self, WhepViewer *viewer)
{
  guint owner = owner_of (self, whep_viewer_ufrag (viewer));

  whep_worker_pool_post (&self->pool, owner,
      whep_message_new_open_viewer (viewer));
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
  g_assert (whep_media_may_restart_as (self, name, credentials->ufrag));
  whep_worker_pool_post (&self->pool, owner_of (self, name),
      whep_message_new_restart_ice (name, credentials));
}

void
whep_media_control_viewer (WhepMedia *self, const gchar *name,
    const WhepViewerControls *controls)
{
  whep_worker_pool_post (&self->pool, owner_of (self, name),
      whep_message_new_control_viewer (name, controls));
}

void
whep_media_close_viewer (WhepMedia *self, const gchar *ufrag)
{
  whep_worker_pool_post (&self->pool, owner_of (self, ufrag),
      whep_message_new_close_viewer (ufrag));
}

void
whep_media_let_give_way (WhepMedia *self, const gchar *ufrag)
{
  whep_worker_pool_post (&self->pool, owner_of (self, ufrag),
      whep_message_new_give_way (ufrag));
}
