/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One media thread: see worker-io.h. */

#include "ext/whep/media/worker-io.h"
#include "ext/whep/category.h"
#include "ext/whep/media/forwarding-io.h"
#include "ext/whep/media/poll-io.h"
#include "ext/whep/media/viewerindex.h"
#include "ext/whep/stream/streamtable.h"

WHEP_CATEGORY ("whepmedia", "The media threads of WHEP");

/* Batches of datagrams per turn: what 800 viewers send in half a second. A
 * thread that has more to send than it can must still read from its viewers, or
 * handshakes and reports are lost in a full buffer; during a flood, this many
 * batches take 2 ms. */
#define RECEIVE_ROUNDS 64
/* The time that backlogs and deadlines may take before the mailbox is read
 * again: they must not delay live packets. */
#define TICKS_MAX_US 2000
/* This many are served even if that time passes because the thread is not
 * scheduled. */
#define TICKS_MIN 32
/* Datagrams of DTLS handshakes before the mailbox is read again: each takes up
 * to 0.3 ms, and a live frame should not wait for all viewers that arrive at
 * the same time. */
#define HANDSHAKES_PER_LOOK 8
/* Between two reports of the media stats. */
#define STATS_INTERVAL_US G_USEC_PER_SEC

struct _WhepWorker
{
  WhepWorkerParams params;
  GThread *thread;
  WhepMailbox *mailbox; /* owned by the pool */
  gint n_viewers;       /* atomic */

  /* Everything below is used by the worker's thread alone. */
  WhepUdp *udp;
  WhepOutbox *out;
  WhepViewerIndex *viewers;
  WhepForwarding forwarding;
  WhepStreamTable *streams;
  WhepMediaStats media_stats;
  gint64 stats_us; /* when the next report is due; G_MAXINT64: none */
  WhepDatagram batch[WHEP_UDP_BATCH];
  /* The kernel has no room. Until it does, media stays in the logs, where a
   * cursor that falls behind jumps to a key frame; answers to viewers'
   * datagrams are sent as long as the outbox has room. */
  gboolean is_choked;
  gboolean is_paused;
  gboolean is_stopping;
};

/* Called once the datagrams have been passed to the kernel. */
static void
note_latencies (WhepWorker *self)
{
  gint64 now_us = self->out->n_traces == 0 ? 0 : g_get_monotonic_time ();

  for (guint i = 0; i < self->out->n_traces; i++)
    whep_histogram_add (&self->media_stats.stages[WHEP_STAGE_SOCKET],
        now_us - self->out->traces[i]);
}

static void
flush (WhepWorker *self)
{
  gboolean was_choked = self->is_choked;

  self->is_choked = !whep_udp_send (self->udp, self->out);
  if (!self->is_choked) {
    note_latencies (self);
    whep_outbox_flush (self->out);
  }
  if (self->is_choked && !was_choked)
    GST_DEBUG ("the kernel has no room for %u runs", self->out->n_runs);
}

/* Removes a closed viewer: reports it to the HTTP thread, then frees it. */
static void
remove_viewer (WhepWorker *self, WhepViewerEntry *entry)
{
  WhepViewer *viewer = entry->viewer;
  WhepStream *stream = entry->stream;
  WhepViewerStats stats;

  whep_viewer_stats (viewer, &stats);
  GST_INFO ("%s %s: viewer left: %s; %" G_GUINT64_FORMAT
            " packets, %" G_GUINT64_FORMAT " retransmitted",
      stream->name, whep_viewer_ufrag (viewer), whep_viewer_why (viewer),
      stats.n_packets, stats.n_retransmitted);

  whep_media_stats_add_gone (&self->media_stats, &stats);
  self->params.listener.closed (whep_viewer_ufrag (viewer),
      whep_viewer_why (viewer), &stats, self->params.user_data);

  g_atomic_int_add (&self->n_viewers, -1);
  g_ptr_array_remove_fast (stream->viewers, entry);
  whep_viewer_index_remove (self->viewers, entry);
  whep_stream_table_release (self->streams, stream);
}

/* A closed viewer is removed next. While the kernel has no room, deadlines are
 * kept, so that the viewer that has waited longest is served first
 * afterwards. */
static gint64
deadline_us (const WhepWorker *self, const WhepViewerEntry *entry,
    gint64 now_us)
{
  if (whep_viewer_state (entry->viewer) == WHEP_VIEWER_CLOSED)
    return G_MININT64;
  if (self->is_choked)
    return MIN (entry->deadline_us, now_us);
  return whep_viewer_deadline_us (entry->viewer, now_us);
}

static void
note_join (WhepWorker *self, WhepViewerEntry *entry, gint64 now_us)
{
  WhepViewerStats stats;

  whep_viewer_stats (entry->viewer, &stats);
  if (stats.n_packets == 0)
    return;
  entry->has_joined = TRUE;
  whep_histogram_add (&self->media_stats.joins,
      now_us - whep_viewer_asked_us (entry->viewer));
}

/* Sends what can be sent now and updates the viewer's deadline. */
static void
serve (WhepWorker *self, WhepViewerEntry *entry, gint64 now_us)
{
  /* Each iteration sends an outbox full of packets; a log holds a bounded
   * number. */
  while (
      !self->is_choked && !whep_viewer_pump (entry->viewer, now_us, self->out))
    flush (self);
  if (!entry->has_joined)
    note_join (self, entry, now_us);
  whep_viewer_index_set_deadline (self->viewers, entry,
      deadline_us (self, entry, now_us));
}

static void
serve_stream (WhepWorker *self, WhepStream *stream, gint64 now_us)
{
  for (guint i = 0; i < stream->viewers->len; i++)
    serve (self, whep_stream_get_viewer (stream, i), now_us);
}

/* Once for all messages that were waiting: audio and video leave together, and
 * a thread that is late catches up at once. */
static void
serve_news (WhepWorker *self, gint64 now_us)
{
  WhepStream *stream;

  while ((stream = whep_stream_table_take_news (self->streams)) != NULL)
    serve_stream (self, stream, now_us);
}

static void
open_viewer (WhepWorker *self, WhepMessage *message, gint64 now_us)
{
  WhepViewer *viewer = g_steal_pointer (&message->open_viewer);
  WhepStream *stream = whep_stream_table_get (self->streams,
      whep_viewer_stream_name (viewer), now_us);
  WhepViewerEntry *entry =
      whep_viewer_index_add (self->viewers, viewer, stream);

  GST_INFO ("%s %s: viewer comes", stream->name, whep_viewer_ufrag (viewer));
  g_atomic_int_inc (&self->n_viewers);
  whep_viewer_watch (viewer, stream);
  whep_viewer_set_paused (viewer, self->is_paused);
  g_ptr_array_add (stream->viewers, entry);
  serve (self, entry, now_us);
}

/* Reports once that DTLS has connected. */
static void
note_connection (WhepWorker *self, WhepViewerEntry *entry)
{
  if (entry->is_connected ||
      whep_viewer_state (entry->viewer) != WHEP_VIEWER_PLAYING)
    return;
  entry->is_connected = TRUE;
  self->params.listener.connected (whep_viewer_ufrag (entry->viewer),
      whep_viewer_address (entry->viewer), self->params.user_data);
}

/* A viewer that has connected by now, which was reported, does not give way. */
static void
close_viewer (WhepWorker *self, const WhepMessage *message)
{
  WhepViewerEntry *entry =
      whep_viewer_index_by_ufrag (self->viewers, message->close_viewer);
  gboolean gives_way = message->kind == WHEP_MESSAGE_GIVE_WAY;

  if (entry == NULL || (gives_way && entry->is_connected))
    return;
  whep_viewer_close (entry->viewer,
      gives_way ? "it never connected, and its place was needed"
                : "viewer said goodbye",
      self->out);
  remove_viewer (self, entry);
}

static void
restart_ice (WhepWorker *self, const WhepMessage *message)
{
  WhepViewerEntry *entry =
      whep_viewer_index_by_ufrag (self->viewers, message->restart_ice.ufrag);

  if (entry != NULL)
    whep_viewer_index_restart_ice (self->viewers, entry,
        &message->restart_ice.credentials);
}

static void
control_viewer (WhepWorker *self, const WhepMessage *message, gint64 now_us)
{
  WhepViewerEntry *entry =
      whep_viewer_index_by_ufrag (self->viewers, message->control_viewer.ufrag);

  if (entry == NULL)
    return;
  whep_viewer_control (entry->viewer, &message->control_viewer.controls);
  serve (self, entry, now_us);
}

static void
close_all (WhepWorker *self)
{
  WhepViewerEntry *entry;

  while ((entry = whep_viewer_index_soonest (self->viewers)) != NULL) {
    whep_viewer_close (entry->viewer, "gateway stops", self->out);
    remove_viewer (self, entry);
    flush (self);
  }
}

/* Streams continue while viewers are paused, so that these resume live. */
static void
set_paused (WhepWorker *self, gboolean is_paused)
{
  self->is_paused = is_paused;
  for (guint i = 0; i < whep_viewer_index_count (self->viewers); i++)
    whep_viewer_set_paused (whep_viewer_index_get (self->viewers, i)->viewer,
        is_paused);
  whep_stream_table_note_all (self->streams);
}

static void
take_datagram (WhepWorker *self, WhepViewerEntry *entry, const guint8 *data,
    gsize size, const WhepAddress *from, gint64 now_us, gboolean *is_proved)
{
  /* Room for a DTLS flight, so that no answer is lost for lack of it. */
  if (whep_outbox_reserve (self->out, WHEP_OUTBOX_BYTES / 2) == NULL)
    flush (self);
  *is_proved =
      whep_viewer_receive (entry->viewer, data, size, from, now_us, self->out);
  if (*is_proved)
    whep_viewer_index_learn (self->viewers, entry, from);
  note_connection (self, entry);
  serve (self, entry, now_us);
}

/* Found by a check's USERNAME or else by a known address. */
static WhepViewerEntry *
entry_for (WhepWorker *self, const guint8 *data, gsize size,
    const WhepAddress *from)
{
  WhepViewerEntry *entry = NULL;
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];

  if (whep_ice_peek_ufrag (data, size, ufrag))
    entry = whep_viewer_index_by_ufrag (self->viewers, ufrag);
  if (entry == NULL)
    entry = whep_viewer_index_by_address (self->viewers, from);
  return entry;
}

static void
take_forward (WhepWorker *self, const WhepMessageDatagram *datagram,
    gint64 now_us)
{
  WhepViewerEntry *entry =
      entry_for (self, datagram->data, datagram->size, &datagram->from);
  gboolean is_proved;

  if (entry == NULL) {
    self->media_stats.n_dropped[WHEP_DATAGRAM_UNKNOWN]++;
    return;
  }
  take_datagram (self, entry, datagram->data, datagram->size, &datagram->from,
      now_us, &is_proved);
  if (is_proved)
    whep_forwarding_confirm (&self->forwarding, datagram);
}

static void
begin_track (WhepWorker *self, const WhepMessageTrack *track, gint64 now_us)
{
  whep_stream_table_begin_track (self->streams, track->id, track->stream,
      track->kind, track->encoding_name, track->clock_rate, now_us);
}

static void
take_packets (WhepWorker *self, const WhepMessagePackets *message,
    gint64 now_us)
{
  gint64 came_us = message->packets[0]->came_us;

  if (came_us != 0)
    whep_histogram_add (&self->media_stats.stages[WHEP_STAGE_LOG],
        now_us - came_us);
  whep_stream_table_add (self->streams, message->track_id, message->packets,
      message->n_packets);
}

static void
handle_message (WhepWorker *self, WhepMessage *message, gint64 now_us)
{
  switch (message->kind) {
    case WHEP_MESSAGE_BEGIN_TRACK:
      begin_track (self, &message->begin_track, now_us);
      return;
    case WHEP_MESSAGE_OFFER_RENDITION:
      whep_stream_table_offer_rendition (self->streams,
          message->offer_rendition.track_id,
          message->offer_rendition.encoding_name);
      return;
    case WHEP_MESSAGE_PACKETS:
      take_packets (self, &message->packets, now_us);
      return;
    case WHEP_MESSAGE_END_TRACK:
      whep_stream_table_end_track (self->streams, message->end_track, now_us);
      return;
    case WHEP_MESSAGE_OPEN_VIEWER:
      open_viewer (self, message, now_us);
      return;
    case WHEP_MESSAGE_CLOSE_VIEWER:
    case WHEP_MESSAGE_GIVE_WAY:
      close_viewer (self, message);
      return;
    case WHEP_MESSAGE_RESTART_ICE:
      restart_ice (self, message);
      return;
    case WHEP_MESSAGE_CONTROL_VIEWER:
      control_viewer (self, message, now_us);
      return;
    case WHEP_MESSAGE_SET_PAUSED:
      set_paused (self, message->set_paused);
      return;
    case WHEP_MESSAGE_FORWARD:
      take_forward (self, &message->forward, now_us);
      return;
    case WHEP_MESSAGE_LEARN_ROUTE:
      whep_forwarding_learn (&self->forwarding, &message->learn_route.address,
          message->learn_route.worker);
      return;
    case WHEP_MESSAGE_STOP:
      self->is_stopping = TRUE;
      return;
  }
}

static void
read_mailbox (WhepWorker *self)
{
  gint64 now_us = g_get_monotonic_time ();
  WhepMail *mails = whep_mailbox_take (self->mailbox);
  WhepMessage *message;
  guint n_messages = 0;

  while ((message = (WhepMessage *) whep_mail_pop (&mails)) != NULL) {
    handle_message (self, message, now_us);
    whep_message_free (message);
    n_messages++;
  }
  self->media_stats.mailbox_peak =
      MAX (self->media_stats.mailbox_peak, n_messages);
  serve_news (self, now_us);
}

/* A message about its address may have been posted since the first lookup. */
static gboolean
find_other_owner (WhepWorker *self, const WhepDatagram *datagram, guint *owner)
{
  if (self->params.pool->n_workers == 1)
    return FALSE;
  if (!whep_forwarding_find_owner (&self->forwarding, datagram, owner)) {
    read_mailbox (self);
    if (!whep_forwarding_find_owner (&self->forwarding, datagram, owner))
      return FALSE;
  }
  return *owner != self->params.number;
}

static void
receive (WhepWorker *self, const WhepDatagram *datagram, gint64 now_us)
{
  WhepViewerEntry *entry =
      entry_for (self, datagram->data, datagram->size, &datagram->from);
  gboolean is_proved;
  guint owner;

  if (entry != NULL) {
    take_datagram (self, entry, datagram->data, datagram->size, &datagram->from,
        now_us, &is_proved);
    return;
  }
  if (!find_other_owner (self, datagram, &owner))
    self->media_stats.n_dropped[WHEP_DATAGRAM_UNKNOWN]++;
  else if (!whep_forwarding_post (&self->forwarding, datagram, owner))
    self->media_stats.n_dropped[WHEP_DATAGRAM_BUSY]++;
}

static void
read_socket (WhepWorker *self, gint64 now_us)
{
  guint n_handshakes = 0;

  for (guint round = 0; round < RECEIVE_ROUNDS; round++) {
    guint n_datagrams = whep_udp_receive (self->udp, self->batch);

    for (guint i = 0; i < n_datagrams; i++) {
      receive (self, &self->batch[i], now_us);
      n_handshakes += whep_dtls_is_record (self->batch[i].data[0]);
      if (n_handshakes == HANDSHAKES_PER_LOOK) {
        read_mailbox (self);
        n_handshakes = 0;
      }
    }
    if (n_datagrams < WHEP_UDP_BATCH)
      return;
  }
}

static void
tick_viewer (WhepWorker *self, WhepViewerEntry *entry, gint64 now_us)
{
  if (whep_viewer_state (entry->viewer) == WHEP_VIEWER_CLOSED) {
    remove_viewer (self, entry);
    return;
  }
  if (whep_outbox_reserve (self->out, WHEP_OUTBOX_BYTES / 2) == NULL)
    flush (self);
  whep_viewer_tick (entry->viewer, now_us, self->out);
  note_connection (self, entry);
  serve (self, entry, now_us);
}

static void
tick (WhepWorker *self, gint64 now_us)
{
  gint64 until_us = g_get_monotonic_time () + TICKS_MAX_US;
  guint n_served = 0;
  WhepViewerEntry *entry;

  while ((entry = whep_viewer_index_soonest (self->viewers)) != NULL &&
      entry->deadline_us <= now_us && !self->is_choked) {
    tick_viewer (self, entry, now_us);
    if (++n_served >= TICKS_MIN && g_get_monotonic_time () >= until_us)
      return;
  }
}

static void
add_stream (gpointer stream, gpointer media_stats)
{
  whep_media_stats_add_stream (media_stats, stream);
}

/* Reports once more after the last stream has gone. */
static void
report_stats (WhepWorker *self, gint64 now_us)
{
  gboolean has_any = whep_stream_table_count (self->streams) > 0;

  if (now_us < self->stats_us && (self->stats_us != G_MAXINT64 || !has_any))
    return;
  whep_media_stats_forget (&self->media_stats);
  whep_stream_table_foreach (self->streams, add_stream, &self->media_stats);
  whep_viewer_index_add_stats (self->viewers, &self->media_stats);
  self->media_stats.n_unsent = whep_udp_n_refused (self->udp);
  self->params.stats_func (self->params.number, &self->media_stats,
      self->params.user_data);
  self->media_stats.mailbox_peak = 0;
  self->stats_us = has_any ? now_us + STATS_INTERVAL_US : G_MAXINT64;
}

/* Waits for a message, a datagram, a deadline, or room for the rest. */
static WhepWork
wait_for_work (WhepWorker *self)
{
  WhepViewerEntry *entry =
      self->is_choked ? NULL : whep_viewer_index_soonest (self->viewers);
  WhepPoll poll = {
    .mailbox_fd = whep_mailbox_fd (self->mailbox),
    .udp_fd = whep_udp_fd (self->udp),
    .wants_room = self->is_choked,
    .deadline_us =
        MIN (self->stats_us, entry == NULL ? G_MAXINT64 : entry->deadline_us),
  };

  return whep_poll (&poll);
}

static gpointer
run (gpointer user_data)
{
  WhepWorker *self = user_data;

  while (!self->is_stopping) {
    WhepWork work = wait_for_work (self);
    gint64 now_us = g_get_monotonic_time ();

    if (self->is_choked) {
      flush (self);
      tick (self, now_us);
    }
    /* Live packets go first. */
    if (work.has_mail)
      read_mailbox (self);
    if (work.has_datagrams)
      read_socket (self, now_us);
    tick (self, now_us);
    flush (self);
    report_stats (self, now_us);
  }
  close_all (self);
  return NULL;
}

WhepWorker *
whep_worker_new (const WhepWorkerParams *params, WhepUdp *udp)
{
  WhepWorker *self = g_new0 (WhepWorker, 1);

  self->params = *params;
  self->udp = udp;
  self->mailbox = params->pool->mailboxes[params->number];
  self->out = whep_outbox_new ();
  self->viewers = whep_viewer_index_new ();
  whep_forwarding_init (&self->forwarding, params->pool, params->number);
  whep_media_stats_init (&self->media_stats);
  self->stats_us = G_MAXINT64;
  self->streams = whep_stream_table_new (&params->limits);
  return self;
}

void
whep_worker_start (WhepWorker *self)
{
  g_autofree gchar *name =
      g_strdup_printf ("whep-media%u", self->params.number);

  self->thread = g_thread_new (name, run, self);
}

void
whep_worker_stop (WhepWorker *self)
{
  if (self == NULL || self->thread == NULL)
    return;
  whep_worker_pool_post (self->params.pool, self->params.number,
      whep_message_new_stop ());
  g_thread_join (self->thread);
  self->thread = NULL;
}

void
whep_worker_free (WhepWorker *self)
{
  if (self == NULL)
    return;
  g_assert (self->thread == NULL);
  whep_udp_free (self->udp);
  whep_viewer_index_free (self->viewers);
  whep_forwarding_clear (&self->forwarding);
  whep_media_stats_clear (&self->media_stats);
  whep_stream_table_free (self->streams);
  whep_outbox_free (self->out);
  g_free (self);
}

guint
whep_worker_n_viewers (const WhepWorker *self)
{
  return g_atomic_int_get (&self->n_viewers);
}
