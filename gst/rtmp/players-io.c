/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All players and their thread: see players-io.h. */

#include "gst/rtmp/players-io.h"

#include "gst/access/query.h"
#include "gst/rtmp/player-io.h"
#include "gst/rtmp/playinbox-io.h"
#include "gst/rtmp/playquota.h"
#include "gst/rtmp/playstream.h"

#include <errno.h>
#include <gst/gstinfo.h>
#include <sys/epoll.h>
#include <unistd.h>

GST_DEBUG_CATEGORY_STATIC (rtmp_players_debug);
#define GST_CAT_DEFAULT rtmp_players_debug

/* The limit per system call; the next turn handles further events. */
#define MAX_EVENTS 64

/* A player, its stream, and its entry in the quota. */
typedef struct
{
  RtmpPlayer *player;
  RtmpPlayStream *stream;
  GList link; /* in the stream's players */
  gchar *client;
  gchar *address;
  gint64 since_us;
  guint32 events;    /* that epoll waits for */
  gboolean is_ended; /* is in over */
} Entry;

struct _RtmpPlayers
{
  RtmpPlayersParams params;
  RtmpPlayInbox *inbox;
  gint epoll_fd;
  GThread *thread;
  gint is_stopping; /* atomic */

  GMutex lock; /* guards what follows */
  RtmpPlayQuota *quota;
  GHashTable *addresses; /* "IP:PORT" → number of players, mostly one */

  /* Owned by the thread. */
  RtmpPlayStreams *streams;
  RtmpPlayerTools tools;
  GPtrArray *over; /* of Entry: to be freed at the end of the turn */
  gint64 linger_us;
  gint64 tick_us; /* the next one */
};

/* One client may be connected to both ports from the same one. */
static void
count_address_locked (RtmpPlayers *self, const gchar *address, gint change)
{
  guint n = change +
      GPOINTER_TO_UINT (g_hash_table_lookup (self->addresses, address));

  if (n > 0)
    g_hash_table_replace (self->addresses, g_strdup (address),
        GUINT_TO_POINTER (n));
  else
    g_hash_table_remove (self->addresses, address);
}

static void
release_quota (RtmpPlayers *self, const gchar *client, const gchar *address)
{
  g_mutex_lock (&self->lock);
  rtmp_playquota_release (self->quota, client);
  count_address_locked (self, address, -1);
  rtmp_playinbox_set_lazy (self->inbox,
      rtmp_playquota_count (self->quota) == 0);
  g_mutex_unlock (&self->lock);
}

/* Once the player is no longer counted. */
static void
report_leaving (RtmpPlayers *self, const Entry *entry)
{
  const gchar *why = rtmp_player_why (entry->player);
  const RtmpPlayersNews news = {
    .name = rtmp_player_label (entry->player),
    .address = entry->address,
    .why = why != NULL ? why : "the server is stopping",
    .duration_us = g_get_monotonic_time () - entry->since_us,
    .n_bytes = rtmp_player_n_bytes (entry->player),
  };

  GST_INFO ("%s: a player has left: %s", news.name, news.why);
  GST_DEBUG ("%s: %s: after %u jumps and %" G_GUINT64_FORMAT " bytes",
      news.name, news.address, rtmp_player_n_jumps (entry->player),
      news.n_bytes);
  self->params.report (&news, self->params.user_data);
}

static void
free_entry (RtmpPlayers *self, Entry *entry)
{
  rtmp_playstreams_leave (self->streams, entry->stream, &entry->link);
  release_quota (self, entry->client, entry->address);
  report_leaving (self, entry);
  /* Closing the descriptor removes it from epoll. */
  rtmp_player_free (entry->player);
  g_free (entry->client);
  g_free (entry->address);
  g_free (entry);
}

static void
watch (RtmpPlayers *self, Entry *entry, gint operation, guint32 events)
{
  struct epoll_event event = { .events = events, .data.ptr = entry };

  /* This fails only if memory or the user's limit of watches is exhausted: the
   * player then gets no events, and is disconnected when it stalls. */
  if (epoll_ctl (self->epoll_fd, operation, rtmp_player_fd (entry->player),
          &event) < 0)
    GST_WARNING ("%s: epoll: %s", rtmp_player_label (entry->player),
        g_strerror (errno));
  entry->events = events;
}

/* To be called after everything that may have changed what the player waits
 * for. */
static void
update_events (RtmpPlayers *self, Entry *entry)
{
  guint32 events =
      EPOLLIN | (rtmp_player_wants_room (entry->player) ? EPOLLOUT : 0);

  if (rtmp_player_is_over (entry->player)) {
    if (!entry->is_ended)
      g_ptr_array_add (self->over, entry);
    entry->is_ended = TRUE;
  } else if (events != entry->events) {
    watch (self, entry, EPOLL_CTL_MOD, events);
  }
}

static void
pump (RtmpPlayers *self, Entry *entry, gint64 now_us)
{
  rtmp_player_pump (entry->player, entry->stream->log, &self->tools, now_us);
  update_events (self, entry);
}

/* Another server that forwards the stream has viewers of its own waiting, whom
 * it can answer only once it has an answer. */
static gboolean
is_impatient (const RtmpConnectionRest *rest)
{
  g_autofree gchar *wait =
      access_query_get (rtmp_session_query (rest->session), "wait");

  return g_strcmp0 (wait, "0") == 0;
}

static void
add_player (RtmpPlayers *self, RtmpPlayPost *post)
{
  Entry *entry = g_new0 (Entry, 1);
  const gchar *name = post->rest.label;
  gboolean waits = !is_impatient (&post->rest);

  entry->link.data = entry;
  entry->client = g_steal_pointer (&post->text);
  entry->address = g_steal_pointer (&post->address);
  entry->since_us = post->now_us;
  entry->stream = rtmp_playstreams_join (self->streams, name, &entry->link);
  GST_INFO ("%s: a player has joined", name);
  entry->player = rtmp_player_new (&post->rest, post->now_us);
  watch (self, entry, EPOLL_CTL_ADD, EPOLLIN);
  rtmp_player_receive (entry->player, &self->tools, post->now_us);
  if (!waits && !entry->stream->is_live)
    rtmp_player_end (entry->player, FALSE, post->now_us);
  pump (self, entry, post->now_us);
}

static void
take_tag (RtmpPlayers *self, RtmpPlayPost *post)
{
  RtmpPlayStream *stream = rtmp_playstreams_find (self->streams, post->number);

  if (stream == NULL)
    return;
  stream->has_news = TRUE;
  if (post->kind == RTMP_PLAYPOST_TAG)
    rtmp_playlog_add (stream->log, post->tag, post->now_us);
  else
    rtmp_playlog_interrupt (stream->log);
}

typedef struct
{
  RtmpPlayers *players;
  const RtmpPlayPost *post;
} Dismissal;

/* Those of a stream. */
static void
dismiss_players (RtmpPlayStream *stream, gpointer user_data)
{
  const Dismissal *dismissal = user_data;
  const RtmpPlayPost *post = dismissal->post;

  for (GList *link = stream->players.head; link != NULL; link = link->next) {
    Entry *entry = link->data;

    if (entry->is_ended || !g_str_equal (entry->address, post->address))
      continue;
    rtmp_player_dismiss (entry->player, post->text, post->now_us);
    pump (dismissal->players, entry, post->now_us);
  }
}

static void
take_post (RtmpPlayers *self, RtmpPlayPost *post)
{
  switch (post->kind) {
    case RTMP_PLAYPOST_BEGIN:
      rtmp_playstreams_begin (self->streams, post->text, post->number);
      return;
    case RTMP_PLAYPOST_TAG:
    case RTMP_PLAYPOST_GAP:
      take_tag (self, post);
      return;
    case RTMP_PLAYPOST_END:
      rtmp_playstreams_end (self->streams, post->number, post->now_us);
      return;
    case RTMP_PLAYPOST_PLAYER:
      add_player (self, post);
      return;
    case RTMP_PLAYPOST_DISMISS:
      rtmp_playstreams_foreach (self->streams, dismiss_players,
          &(Dismissal){ self, post });
      return;
    case RTMP_PLAYPOST_FINISH:
      self->linger_us = 0;
      return;
  }
}

static void
send_new_tags (RtmpPlayStream *stream, gpointer user_data)
{
  RtmpPlayers *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  if (!stream->has_news)
    return;
  stream->has_news = FALSE;
  for (GList *link = stream->players.head; link != NULL; link = link->next)
    pump (self, link->data, now_us);
}

static void
read_inbox (RtmpPlayers *self)
{
  GArray *posts = rtmp_playinbox_take (self->inbox);

  for (guint i = 0; i < posts->len; i++) {
    RtmpPlayPost *post = &g_array_index (posts, RtmpPlayPost, i);

    take_post (self, post);
    rtmp_playpost_clear (post);
  }
  rtmp_playstreams_foreach (self->streams, send_new_tags, self);
}

static void
tick_stream (RtmpPlayStream *stream, gpointer user_data)
{
  RtmpPlayers *self = user_data;
  gint64 now_us = g_get_monotonic_time ();

  for (GList *link = stream->players.head; link != NULL; link = link->next) {
    Entry *entry = link->data;
    gint64 waits_us = now_us - MAX (stream->left_us, entry->since_us);

    if (!stream->is_live && waits_us >= self->linger_us)
      rtmp_player_end (entry->player, stream->was_live, now_us);
    rtmp_player_tick (entry->player, now_us);
    pump (self, entry, now_us);
  }
}

static void
tick_if_due (RtmpPlayers *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (now_us < self->tick_us)
    return;
  self->tick_us = now_us + RTMP_PLAYER_TICK_US;
  rtmp_playstreams_foreach (self->streams, tick_stream, self);
}

static void
free_ended (RtmpPlayers *self)
{
  for (guint i = 0; i < self->over->len; i++)
    free_entry (self, g_ptr_array_index (self->over, i));
  g_ptr_array_set_size (self->over, 0);
}

static void
handle_event (RtmpPlayers *self, const struct epoll_event *event)
{
  Entry *entry = event->data.ptr;
  gint64 now_us = g_get_monotonic_time ();

  if (entry == NULL) {
    read_inbox (self);
    return;
  }
  if (event->events & (EPOLLIN | EPOLLHUP | EPOLLERR))
    rtmp_player_receive (entry->player, &self->tools, now_us);
  pump (self, entry, now_us);
}

static gint
time_left_ms (const RtmpPlayers *self)
{
  gint64 left_us = self->tick_us - g_get_monotonic_time ();

  if (rtmp_playstreams_count (self->streams) == 0)
    return -1;
  return CLAMP (left_us, 0, RTMP_PLAYER_TICK_US) / 1000 + 1;
}

static gpointer
run (gpointer user_data)
{
  RtmpPlayers *self = user_data;
  struct epoll_event events[MAX_EVENTS];

  while (!g_atomic_int_get (&self->is_stopping)) {
    gint n =
        epoll_wait (self->epoll_fd, events, MAX_EVENTS, time_left_ms (self));

    for (gint i = 0; i < n; i++)
      handle_event (self, &events[i]);
    tick_if_due (self);
    /* Not earlier, because events of this turn may refer to any player. */
    free_ended (self);
  }
  return NULL;
}

static gboolean
open_epoll (RtmpPlayers *self, GError **error)
{
  struct epoll_event event = { .events = EPOLLIN };

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll_fd >= 0 &&
      epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, rtmp_playinbox_fd (self->inbox),
          &event) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
      "no file descriptor for players: %s", g_strerror (errno));
  return FALSE;
}

static void
clear (RtmpPlayers *self)
{
  rtmp_playstreams_free (self->streams);
  rtmp_playquota_free (self->quota);
  g_hash_table_unref (self->addresses);
  rtmp_playinbox_free (self->inbox);
  if (self->epoll_fd >= 0)
    close (self->epoll_fd);
  g_ptr_array_unref (self->over);
  g_mutex_clear (&self->lock);
  g_free (self);
}

RtmpPlayers *
rtmp_players_new (const RtmpPlayersParams *params, GError **error)
{
  RtmpPlayers *self = g_new0 (RtmpPlayers, 1);

  GST_DEBUG_CATEGORY_INIT (rtmp_players_debug, "rtmpplayers", 0,
      "RTMP players");
  self->params = *params;
  self->linger_us = params->linger_us;
  self->tools.behind_us = params->limits.behind_us;
  self->epoll_fd = -1;
  self->over = g_ptr_array_new ();
  g_mutex_init (&self->lock);
  self->quota =
      rtmp_playquota_new (params->max_players, params->max_per_client);
  self->addresses =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->streams = rtmp_playstreams_new (&params->limits);
  self->inbox = rtmp_playinbox_new (error);
  if (self->inbox == NULL || !open_epoll (self, error)) {
    clear (self);
    return NULL;
  }
  self->thread = g_thread_new ("rtmp-players", run, self);
  return self;
}

static void
disconnect_all (RtmpPlayStream *stream, gpointer user_data)
{
  RtmpPlayers *self = user_data;

  for (GList *link = stream->players.head; link != NULL; link = link->next)
    g_ptr_array_add (self->over, link->data);
}

static void
post (RtmpPlayers *self, RtmpPlayPost *what)
{
  what->now_us = g_get_monotonic_time ();
  rtmp_playinbox_post (self->inbox, what);
}

void
rtmp_players_finish (RtmpPlayers *self)
{
  post (self, &(RtmpPlayPost){ .kind = RTMP_PLAYPOST_FINISH });
}

void
rtmp_players_free (RtmpPlayers *self)
{
  if (self == NULL)
    return;
  g_atomic_int_set (&self->is_stopping, TRUE);
  rtmp_players_finish (self);
  g_thread_join (self->thread);
  /* A player that was posted last is to leave like all others. */
  read_inbox (self);
  free_ended (self);
  rtmp_playstreams_foreach (self->streams, disconnect_all, self);
  free_ended (self);
  clear (self);
}

void
rtmp_players_begin (RtmpPlayers *self, guint number, const gchar *name)
{
  post (self,
      &(RtmpPlayPost){ .kind = RTMP_PLAYPOST_BEGIN,
          .number = number,
          .text = g_strdup (name) });
}

void
rtmp_players_push (RtmpPlayers *self, guint number, GBytes *tag)
{
  post (self,
      &(RtmpPlayPost){ .kind = RTMP_PLAYPOST_TAG,
          .number = number,
          .tag = g_bytes_ref (tag) });
}

void
rtmp_players_end (RtmpPlayers *self, guint number)
{
  post (self, &(RtmpPlayPost){ .kind = RTMP_PLAYPOST_END, .number = number });
}

const gchar *
rtmp_players_take (RtmpPlayers *self, RtmpConnection *connection,
    const gchar *client)
{
  RtmpPlayPost player = { .kind = RTMP_PLAYPOST_PLAYER };
  RtmpPlayersNews news = { 0 };
  const gchar *why;

  g_mutex_lock (&self->lock);
  why = rtmp_playquota_take (self->quota, client);
  if (why == NULL) {
    rtmp_playinbox_set_lazy (self->inbox, FALSE);
    count_address_locked (self, rtmp_connection_endpoint (connection), 1);
  }
  g_mutex_unlock (&self->lock);
  if (why != NULL)
    return why;
  player.text = g_strdup (client);
  player.address = g_strdup (rtmp_connection_endpoint (connection));
  rtmp_connection_release (connection, &player.rest);
  /* Not later, because it may then have left already. */
  news.name = player.rest.label;
  news.address = player.address;
  self->params.report (&news, self->params.user_data);
  post (self, &player);
  return NULL;
}

guint
rtmp_players_count (RtmpPlayers *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = rtmp_playquota_count (self->quota);
  g_mutex_unlock (&self->lock);
  return n;
}

gboolean
rtmp_players_dismiss (RtmpPlayers *self, const gchar *address, const gchar *why)
{
  gboolean is_there;

  g_mutex_lock (&self->lock);
  is_there = g_hash_table_contains (self->addresses, address);
  g_mutex_unlock (&self->lock);
  if (is_there)
    post (self,
        &(RtmpPlayPost){ .kind = RTMP_PLAYPOST_DISMISS,
            .text = g_strdup (why),
            .address = g_strdup (address) });
  return is_there;
}
