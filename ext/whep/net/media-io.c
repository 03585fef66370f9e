/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The media thread: see media-io.h. */

#include "ext/whep/net/media-io.h"
#include "ext/whep/category.h"
#include "ext/whep/net/mailbox-io.h"
#include "ext/whep/net/seats.h"
#include "ext/whep/net/udp-io.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

WHEP_CATEGORY ("whepmedia", "The media thread of WHEP");

/* Batches of datagrams between two looks at the mailbox: a flood of them must
 * not hold up the picture. */
#define RECEIVE_ROUNDS 4
/* Viewers served between two looks at the mailbox, for the same reason. */
#define TICKS_PER_TURN 1024

typedef enum
{
  MAIL_BEGIN_TRACK,
  MAIL_PACKETS,
  MAIL_END_TRACK,
  MAIL_OPEN,
  MAIL_CLOSE,
  MAIL_PAUSE,
  MAIL_STOP,
} MailKind;

typedef struct
{
  WhepMail head;
  MailKind kind;
  guint64 track_id;
  gchar *name; /* of a stream, or a viewer's ufrag */
  WhepTrackKind track_kind;
  const gchar *encoding_name; /* interned */
  guint clock_rate;
  WhepViewer *viewer;
  gboolean is_paused;
  guint n_packets;
  WhepPacket *packets[];
} Mail;

/* A publisher's track: where its packets go. */
typedef struct
{
  WhepStream *stream;
  WhepTrackKind kind;
} Source;

struct _WhepMedia
{
  GThread *thread;
  WhepMailbox *mailbox;
  guint16 port;
  gsize backlog_bytes;
  gint64 backlog_us;

  gint n_viewers; /* atomic */
  GMutex lock;    /* of closed_func and closed_data */
  WhepMediaClosedFunc closed_func;
  gpointer closed_data;

  /* All below is the media thread's alone. */
  WhepUdp *udp;
  WhepOutbox *out;
  WhepSeats *seats;
  GHashTable *streams; /* name → WhepStream */
  GHashTable *sources; /* track id → Source */
  WhepDatagram batch[WHEP_UDP_BATCH];
  gboolean is_paused;
  gboolean is_stopping;
};

static void
flush (WhepMedia *self)
{
  whep_udp_send (self->udp, self->out);
  whep_outbox_flush (self->out);
}

static WhepStream *
stream_by_name (WhepMedia *self, const gchar *name)
{
  WhepStream *stream = g_hash_table_lookup (self->streams, name);

  if (stream == NULL) {
    stream = whep_stream_new (name, self->backlog_bytes, self->backlog_us);
    g_hash_table_insert (self->streams, stream->name, stream);
  }
  return stream;
}

static void
drop_stream_if_idle (WhepMedia *self, WhepStream *stream)
{
  if (whep_stream_is_idle (stream))
    g_hash_table_remove (self->streams, stream->name);
}

/* The viewer has said its last; its news go out, then it is freed. */
static void
bury (WhepMedia *self, WhepSeat *seat)
{
  WhepViewer *viewer = seat->viewer;
  WhepStream *stream = seat->stream;
  WhepViewerStats stats;

  whep_viewer_stats (viewer, &stats);
  GST_INFO ("%s %s: viewer left: %s; %" G_GUINT64_FORMAT
            " packets, %" G_GUINT64_FORMAT " sent again",
      stream->name, whep_viewer_ufrag (viewer), whep_viewer_why (viewer),
      stats.n_packets, stats.n_retransmitted);

  /* The listener only posts elsewhere, so the lock is held for an instant. */
  g_mutex_lock (&self->lock);
  if (self->closed_func != NULL)
    self->closed_func (whep_viewer_ufrag (viewer), whep_viewer_why (viewer),
        &stats, self->closed_data);
  g_mutex_unlock (&self->lock);

  g_atomic_int_add (&self->n_viewers, -1);
  g_ptr_array_remove_fast (stream->viewers, seat);
  whep_seats_remove (self->seats, seat);
  drop_stream_if_idle (self, stream);
}

/* Sends what is to be sent now and notes when to come back; the viewer may be
 * gone afterwards. */
static void
serve (WhepMedia *self, WhepSeat *seat, gint64 now_us)
{
  /* Each turn sends an outbox full of what a log holds at the most. */
  while (!whep_viewer_pump (seat->viewer, now_us, self->out))
    flush (self);

  if (whep_viewer_state (seat->viewer) == WHEP_VIEWER_CLOSED)
    bury (self, seat);
  else
    whep_seats_set_deadline (self->seats, seat,
        whep_viewer_deadline_us (seat->viewer, now_us));
}

static void
serve_stream (WhepMedia *self, WhepStream *stream, gint64 now_us)
{
  /* Backwards: burying moves the last seat into the hole. */
  for (guint i = stream->viewers->len; i > 0; i--)
    serve (self, g_ptr_array_index (stream->viewers, i - 1), now_us);
}

static void
begin_track (WhepMedia *self, const Mail *mail)
{
  Source *source = g_hash_table_lookup (self->sources, &mail->track_id);

  g_return_if_fail (source == NULL);
  source = g_new (Source, 1);
  source->stream = stream_by_name (self, mail->name);
  source->kind = mail->track_kind;
  g_hash_table_insert (self->sources,
      g_memdup2 (&mail->track_id, sizeof (guint64)), source);
  whep_stream_begin_track (source->stream, source->kind, mail->track_id,
      mail->encoding_name, mail->clock_rate);
  GST_INFO ("%s: %s begins, %s", source->stream->name,
      source->kind == WHEP_VIDEO ? "video" : "audio", mail->encoding_name);
}

static void
end_track (WhepMedia *self, guint64 track_id)
{
  Source *source = g_hash_table_lookup (self->sources, &track_id);
  WhepStream *stream;

  if (source == NULL)
    return;
  stream = source->stream;
  whep_stream_end_track (stream, source->kind, track_id);
  GST_INFO ("%s: %s ends", stream->name,
      source->kind == WHEP_VIDEO ? "video" : "audio");
  g_hash_table_remove (self->sources, &track_id);
  drop_stream_if_idle (self, stream);
}

/* Moves the packets into the log and sends them to all who watch. */
static void
take_packets (WhepMedia *self, Mail *mail, gint64 now_us)
{
  Source *source = g_hash_table_lookup (self->sources, &mail->track_id);
  WhepTrack *track;

  if (source == NULL)
    return;
  track = &source->stream->tracks[source->kind];
  if (track->publisher != mail->track_id)
    return;
  for (guint i = 0; i < mail->n_packets; i++)
    whep_log_add (track->log, g_steal_pointer (&mail->packets[i]));
  serve_stream (self, source->stream, now_us);
}

static void
open_viewer (WhepMedia *self, Mail *mail, gint64 now_us)
{
  WhepViewer *viewer = g_steal_pointer (&mail->viewer);
  WhepStream *stream = stream_by_name (self, whep_viewer_stream_name (viewer));
  WhepSeat *seat = whep_seats_add (self->seats, viewer, stream);

  GST_INFO ("%s %s: viewer comes", stream->name, whep_viewer_ufrag (viewer));
  g_atomic_int_inc (&self->n_viewers);
  whep_viewer_watch (viewer, stream);
  whep_viewer_set_paused (viewer, self->is_paused);
  g_ptr_array_add (stream->viewers, seat);
  serve (self, seat, now_us);
}

static void
close_viewer (WhepMedia *self, const gchar *ufrag, const gchar *why)
{
  WhepSeat *seat = whep_seats_by_ufrag (self->seats, ufrag);

  if (seat == NULL)
    return;
  whep_viewer_close (seat->viewer, why, self->out);
  bury (self, seat);
}

static void
close_all (WhepMedia *self)
{
  WhepSeat *seat;

  while ((seat = whep_seats_soonest (self->seats)) != NULL) {
    whep_viewer_close (seat->viewer, "gateway stops", self->out);
    bury (self, seat);
    flush (self);
  }
}

/* Streams go on while viewers stand still, so that these are live at once. */
static void
set_paused (WhepMedia *self, gboolean is_paused, gint64 now_us)
{
  GHashTableIter iter;
  gpointer stream;

  self->is_paused = is_paused;
  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, NULL, &stream)) {
    GPtrArray *seats = ((WhepStream *) stream)->viewers;

    for (guint i = 0; i < seats->len; i++) {
      WhepSeat *seat = g_ptr_array_index (seats, i);

      whep_viewer_set_paused (seat->viewer, is_paused);
      whep_seats_set_deadline (self->seats, seat, now_us);
    }
  }
}

static Mail *
mail_new (MailKind kind, guint n_packets)
{
  Mail *mail =
      g_malloc0 (sizeof (Mail) + n_packets * sizeof (mail->packets[0]));

  mail->kind = kind;
  mail->n_packets = n_packets;
  return mail;
}

static void
mail_free (Mail *mail)
{
  for (guint i = 0; i < mail->n_packets; i++)
    if (mail->packets[i] != NULL)
      whep_packet_unref (mail->packets[i]);
  whep_viewer_free (mail->viewer);
  g_free (mail->name);
  g_free (mail);
}

static void
read_mail (WhepMedia *self, Mail *mail, gint64 now_us)
{
  switch (mail->kind) {
    case MAIL_BEGIN_TRACK:
      begin_track (self, mail);
      return;
    case MAIL_PACKETS:
      take_packets (self, mail, now_us);
      return;
    case MAIL_END_TRACK:
      end_track (self, mail->track_id);
      return;
    case MAIL_OPEN:
      open_viewer (self, mail, now_us);
      return;
    case MAIL_CLOSE:
      close_viewer (self, mail->name, "viewer said goodbye");
      return;
    case MAIL_PAUSE:
      set_paused (self, mail->is_paused, now_us);
      return;
    case MAIL_STOP:
      self->is_stopping = TRUE;
      return;
  }
}

static void
read_mailbox (WhepMedia *self, gint64 now_us)
{
  WhepMail *head = whep_mailbox_take (self->mailbox);

  while (head != NULL) {
    WhepMail *next = head->next;

    read_mail (self, (Mail *) head, now_us);
    mail_free ((Mail *) head);
    head = next;
  }
}

/* A known address, or a first check that names the viewer in its USERNAME. */
static WhepSeat *
seat_for (WhepMedia *self, const WhepDatagram *datagram)
{
  WhepSeat *seat = NULL;
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];

  if (whep_ice_peek_ufrag (datagram->data, datagram->size, ufrag))
    seat = whep_seats_by_ufrag (self->seats, ufrag);
  if (seat == NULL)
    seat = whep_seats_by_address (self->seats, &datagram->from);
  return seat;
}

static void
receive (WhepMedia *self, const WhepDatagram *datagram, gint64 now_us)
{
  WhepSeat *seat = seat_for (self, datagram);

  if (seat == NULL)
    return;
  /* Room for a DTLS flight, so that no answer is lost for want of it. */
  if (whep_outbox_reserve (self->out, WHEP_OUTBOX_BYTES / 2) == NULL)
    flush (self);
  if (whep_viewer_receive (seat->viewer, datagram->data, datagram->size,
          &datagram->from, now_us, self->out))
    whep_seats_learn (self->seats, seat, &datagram->from);
  serve (self, seat, now_us);
}

static void
read_socket (WhepMedia *self, gint64 now_us)
{
  for (guint round = 0; round < RECEIVE_ROUNDS; round++) {
    guint n_datagrams = whep_udp_receive (self->udp, self->batch);

    for (guint i = 0; i < n_datagrams; i++)
      receive (self, &self->batch[i], now_us);
    if (n_datagrams < WHEP_UDP_BATCH)
      return;
  }
}

static void
tick (WhepMedia *self, gint64 now_us)
{
  WhepSeat *seat;

  for (guint i = 0; i < TICKS_PER_TURN; i++) {
    seat = whep_seats_soonest (self->seats);
    if (seat == NULL || seat->deadline_us > now_us)
      return;
    if (whep_outbox_reserve (self->out, WHEP_OUTBOX_BYTES / 2) == NULL)
      flush (self);
    whep_viewer_tick (seat->viewer, now_us, self->out);
    serve (self, seat, now_us);
  }
}

/* Sleeps until there is mail, a datagram or a deadline. */
static void
wait_for_work (WhepMedia *self)
{
  WhepSeat *seat = whep_seats_soonest (self->seats);
  gint64 deadline_us = seat == NULL ? G_MAXINT64 : seat->deadline_us;
  gint64 wait_us = MAX (deadline_us - g_get_monotonic_time (), 0);
  struct timespec timeout = {
    .tv_sec = wait_us / G_USEC_PER_SEC,
    .tv_nsec = wait_us % G_USEC_PER_SEC * 1000,
  };
  struct pollfd fds[] = {
    { .fd = whep_mailbox_fd (self->mailbox), .events = POLLIN },
    { .fd = whep_udp_fd (self->udp), .events = POLLIN },
  };

  if (ppoll (fds, G_N_ELEMENTS (fds),
          deadline_us == G_MAXINT64 ? NULL : &timeout, NULL) < 0 &&
      errno != EINTR)
    GST_ERROR ("ppoll: %s", g_strerror (errno));
}

static gpointer
run (gpointer user_data)
{
  WhepMedia *self = user_data;

  while (!self->is_stopping) {
    gint64 now_us;

    wait_for_work (self);
    now_us = g_get_monotonic_time ();
    read_mailbox (self, now_us);
    read_socket (self, now_us);
    tick (self, now_us);
    flush (self);
  }
  close_all (self);
  return NULL;
}

static void
free_stream (gpointer stream)
{
  whep_stream_free (stream);
}

WhepMedia *
whep_media_new (const WhepMediaParams *params, GError **error)
{
  WhepMedia *self = g_new0 (WhepMedia, 1);

  self->backlog_bytes = params->backlog_bytes;
  self->backlog_us = params->backlog_us;
  g_mutex_init (&self->lock);
  self->out = whep_outbox_new ();
  self->seats = whep_seats_new ();
  self->streams =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_stream);
  self->sources =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  self->mailbox = whep_mailbox_new (error);
  if (self->mailbox != NULL)
    self->udp = whep_udp_new (params->address, params->port, error);
  if (self->udp == NULL) {
    whep_media_free (self);
    return NULL;
  }
  self->port = whep_udp_port (self->udp);
  self->thread = g_thread_new ("whep-media", run, self);
  return self;
}

static void
post (WhepMedia *self, Mail *mail)
{
  whep_mailbox_post (self->mailbox, &mail->head);
}

void
whep_media_free (WhepMedia *self)
{
  if (self == NULL)
    return;
  if (self->thread != NULL) {
    post (self, mail_new (MAIL_STOP, 0));
    g_thread_join (self->thread);
    /* What was posted after the stop: nobody will read it. */
    for (WhepMail *mail = whep_mailbox_take (self->mailbox); mail != NULL;) {
      WhepMail *next = mail->next;

      mail_free ((Mail *) mail);
      mail = next;
    }
  }
  whep_mailbox_free (self->mailbox);
  whep_udp_free (self->udp);
  whep_seats_free (self->seats);
  g_hash_table_unref (self->sources);
  g_hash_table_unref (self->streams);
  whep_outbox_free (self->out);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint16
whep_media_port (const WhepMedia *self)
{
  return self->port;
}

guint
whep_media_n_viewers (const WhepMedia *self)
{
  return g_atomic_int_get (&self->n_viewers);
}

void
whep_media_set_closed_func (WhepMedia *self, WhepMediaClosedFunc func,
    gpointer user_data)
{
  g_mutex_lock (&self->lock);
  self->closed_func = func;
  self->closed_data = user_data;
  g_mutex_unlock (&self->lock);
}

void
whep_media_begin_track (WhepMedia *self, guint64 id, const gchar *stream,
    WhepTrackKind kind, const gchar *encoding_name, guint clock_rate)
{
  Mail *mail = mail_new (MAIL_BEGIN_TRACK, 0);

  mail->track_id = id;
  mail->name = g_strdup (stream);
  mail->track_kind = kind;
  mail->encoding_name = g_intern_string (encoding_name);
  mail->clock_rate = clock_rate;
  post (self, mail);
}

void
whep_media_push (WhepMedia *self, guint64 id, WhepPacket **packets,
    guint n_packets)
{
  Mail *mail = mail_new (MAIL_PACKETS, n_packets);

  mail->track_id = id;
  memcpy (mail->packets, packets, n_packets * sizeof (packets[0]));
  if (whep_mailbox_offer (self->mailbox, &mail->head))
    return;
  GST_WARNING ("the media thread does not keep up: %u packets dropped",
      n_packets);
  mail_free (mail);
}

void
whep_media_end_track (WhepMedia *self, guint64 id)
{
  Mail *mail = mail_new (MAIL_END_TRACK, 0);

  mail->track_id = id;
  post (self, mail);
}

void
whep_media_set_paused (WhepMedia *self, gboolean is_paused)
{
  Mail *mail = mail_new (MAIL_PAUSE, 0);

  mail->is_paused = is_paused;
  post (self, mail);
}

void
whep_media_open_viewer (WhepMedia *self, WhepViewer *viewer)
{
  Mail *mail = mail_new (MAIL_OPEN, 0);

  mail->viewer = viewer;
  post (self, mail);
}

void
whep_media_close_viewer (WhepMedia *self, const gchar *ufrag)
{
  Mail *mail = mail_new (MAIL_CLOSE, 0);

  mail->name = g_strdup (ufrag);
  post (self, mail);
}
