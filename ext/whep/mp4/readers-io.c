/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All HTTP readers and their thread: see readers-io.h. */

#include "ext/whep/mp4/readers-io.h"
#include "ext/whep/category.h"
#include "ext/whep/media/mailbox-io.h"
#include "ext/whep/mp4/readersview-io.h"

#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <sys/epoll.h>
#include <unistd.h>

WHEP_CATEGORY ("whepreaders", "HTTP readers of fragmented MP4");

/* The limit per system call; the next turn handles further events. */
#define MAX_EVENTS 64
#define TICK_US G_USEC_PER_SEC

typedef enum
{
  MESSAGE_BEGIN,
  MESSAGE_INIT,
  MESSAGE_FRAGMENT,
  MESSAGE_START, /* a fragment that a reader can begin with */
  MESSAGE_END,
  MESSAGE_READER,
  MESSAGE_DISCONNECT,
  MESSAGE_CUT,
  MESSAGE_STOP,
} MessageKind;

typedef struct
{
  WhepMail head;
  MessageKind kind;
  guint64 id;
  gchar *name; /* of the stream; of MESSAGE_CUT: the reader's id */
  WhepChunk *chunk;
  WhepListedReader *listed; /* not owned */
  WhepReaderParams reader;
} Message;

typedef struct
{
  gchar *name;
  guint64 id; /* the publisher's; 0: it has left */
  gint64 left_us;
  WhepFragmentLog *log;
  GQueue readers; /* of Entry */
  gboolean has_news;
} Stream;

typedef struct
{
  WhepReader *reader;
  Stream *stream;
  GList link; /* in the stream's readers */
  WhepListedReader *listed;
  guint32 events; /* that epoll waits for */
  gboolean is_over;
} Entry;

struct _WhepReaders
{
  WhepReadersParams params;
  WhepMailbox *mailbox;
  WhepReadersView *view;
  gint epoll_fd;
  GThread *thread;

  /* Owned by the thread. */
  GPtrArray *streams; /* of Stream */
  GPtrArray *over;    /* of Entry: to be freed at the end of the turn */
  gint64 tick_us;     /* the next one */
  gboolean is_stopping;
};

static void
message_free (Message *message)
{
  g_free (message->name);
  whep_chunk_unref (message->chunk);
  g_clear_object (&message->reader.stream);
  g_clear_object (&message->reader.socket);
  g_free (message);
}

static void
stream_free (gpointer user_data)
{
  Stream *stream = user_data;

  whep_fragment_log_free (stream->log);
  g_free (stream->name);
  g_free (stream);
}

static Stream *
find_stream (WhepReaders *self, guint64 id, const gchar *name)
{
  for (guint i = 0; i < self->streams->len; i++) {
    Stream *stream = g_ptr_array_index (self->streams, i);

    if (name != NULL ? g_str_equal (stream->name, name) : stream->id == id)
      return stream;
  }
  return NULL;
}

static Stream *
get_stream (WhepReaders *self, const gchar *name, gint64 now_us)
{
  Stream *stream = find_stream (self, 0, name);

  if (stream != NULL)
    return stream;
  stream = g_new0 (Stream, 1);
  stream->name = g_strdup (name);
  stream->log = whep_fragment_log_new (&self->params.limits);
  stream->left_us = now_us;
  g_queue_init (&stream->readers);
  g_ptr_array_add (self->streams, stream);
  return stream;
}

static void
watch (WhepReaders *self, Entry *entry, gint operation, guint32 events)
{
  struct epoll_event event = { .events = events, .data.ptr = entry };

  /* This fails only if memory or the user's limit of watches is exhausted: the
   * reader then gets no events, and is disconnected when it stalls. */
  if (epoll_ctl (self->epoll_fd, operation, whep_reader_fd (entry->reader),
          &event) < 0)
    GST_WARNING ("%s: epoll: %s", entry->stream->name, g_strerror (errno));
  entry->events = events;
}

static void
pump (WhepReaders *self, Entry *entry, gint64 now_us)
{
  guint32 events = EPOLLRDHUP;

  whep_reader_pump (entry->reader, entry->stream->log,
      self->params.limits.behind_us, now_us);
  if (whep_reader_wants_room (entry->reader))
    events |= EPOLLOUT;
  if (whep_reader_why (entry->reader) != NULL) {
    if (!entry->is_over)
      g_ptr_array_add (self->over, entry);
    entry->is_over = TRUE;
  } else if (events != entry->events) {
    watch (self, entry, EPOLL_CTL_MOD, events);
  }
}

static void
add_reader (WhepReaders *self, Message *message, gint64 now_us)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->link.data = entry;
  entry->listed = message->listed;
  entry->stream = get_stream (self, message->name, now_us);
  entry->reader = whep_reader_new (&message->reader, now_us);
  g_queue_push_tail_link (&entry->stream->readers, &entry->link);
  GST_INFO ("%s %s: an HTTP reader has joined", message->name,
      whep_listed_reader_id (entry->listed));
  watch (self, entry, EPOLL_CTL_ADD, EPOLLRDHUP);
  pump (self, entry, now_us);
}

static void
publish (WhepReaders *self, const Entry *entry)
{
  whep_readers_view_publish (self->view, entry->listed,
      whep_reader_n_bytes (entry->reader), whep_reader_n_jumps (entry->reader));
}

static void
free_entry (WhepReaders *self, Entry *entry)
{
  const gchar *why = whep_reader_why (entry->reader);

  GST_INFO ("%s %s: an HTTP reader has left after %u jumps: %s",
      entry->stream->name, whep_listed_reader_id (entry->listed),
      whep_reader_n_jumps (entry->reader),
      why != NULL ? why : "the server is stopping");
  g_queue_unlink (&entry->stream->readers, &entry->link);
  publish (self, entry);
  /* Closing the descriptor removes it from epoll. */
  whep_reader_free (entry->reader);
  whep_readers_view_remove (self->view, entry->listed);
  g_free (entry);
}

static void
take_chunk (WhepReaders *self, const Message *message, gint64 now_us)
{
  Stream *stream = find_stream (self, message->id, NULL);

  if (stream == NULL)
    return;
  stream->has_news = TRUE;
  if (message->kind == MESSAGE_INIT)
    whep_fragment_log_set_init (stream->log, message->chunk);
  else
    whep_fragment_log_add (stream->log, message->chunk,
        message->kind == MESSAGE_START, now_us);
}

static void
end_stream (WhepReaders *self, guint64 id, gint64 now_us)
{
  Stream *stream = find_stream (self, id, NULL);

  if (stream == NULL)
    return;
  stream->id = 0;
  stream->left_us = now_us;
}

static void
end_readers (WhepReaders *self, gint64 now_us)
{
  for (guint i = 0; i < self->streams->len; i++) {
    Stream *stream = g_ptr_array_index (self->streams, i);

    for (GList *l = stream->readers.head; l != NULL; l = l->next) {
      Entry *entry = l->data;

      whep_reader_end (entry->reader);
      pump (self, entry, now_us);
    }
  }
}

/* Returns: (nullable) */
static Entry *
find_entry (WhepReaders *self, const gchar *id)
{
  for (guint i = 0; i < self->streams->len; i++) {
    Stream *stream = g_ptr_array_index (self->streams, i);

    for (GList *l = stream->readers.head; l != NULL; l = l->next) {
      Entry *entry = l->data;

      if (g_str_equal (whep_listed_reader_id (entry->listed), id))
        return entry;
    }
  }
  return NULL;
}

/* It may have left by itself. */
static void
cut_reader (WhepReaders *self, const gchar *id, gint64 now_us)
{
  Entry *entry = find_entry (self, id);

  if (entry == NULL)
    return;
  whep_reader_cut (entry->reader);
  pump (self, entry, now_us);
}

static void
handle_message (WhepReaders *self, Message *message, gint64 now_us)
{
  switch (message->kind) {
    case MESSAGE_BEGIN:
      get_stream (self, message->name, now_us)->id = message->id;
      return;
    case MESSAGE_INIT:
    case MESSAGE_FRAGMENT:
    case MESSAGE_START:
      take_chunk (self, message, now_us);
      return;
    case MESSAGE_END:
      end_stream (self, message->id, now_us);
      return;
    case MESSAGE_READER:
      add_reader (self, message, now_us);
      return;
    case MESSAGE_DISCONNECT:
      end_readers (self, now_us);
      return;
    case MESSAGE_CUT:
      cut_reader (self, message->name, now_us);
      return;
    case MESSAGE_STOP:
      self->is_stopping = TRUE;
      return;
  }
}

static void
read_mailbox (WhepReaders *self)
{
  WhepMail *mails = whep_mailbox_take (self->mailbox);
  gint64 now_us = g_get_monotonic_time ();
  Message *message;

  while ((message = (Message *) whep_mail_pop (&mails)) != NULL) {
    handle_message (self, message, now_us);
    message_free (message);
  }
  for (guint i = 0; i < self->streams->len; i++) {
    Stream *stream = g_ptr_array_index (self->streams, i);

    if (!stream->has_news)
      continue;
    stream->has_news = FALSE;
    for (GList *l = stream->readers.head; l != NULL; l = l->next)
      pump (self, l->data, now_us);
  }
}

static void
handle_event (WhepReaders *self, const struct epoll_event *event)
{
  Entry *entry = event->data.ptr;

  if (entry == NULL) {
    read_mailbox (self);
    return;
  }
  if (event->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
    whep_reader_hang_up (entry->reader);
  pump (self, entry, g_get_monotonic_time ());
}

/* Nobody waits for its publisher any more. */
static gboolean
has_ended (const WhepReaders *self, const Stream *stream, gint64 now_us)
{
  return stream->id == 0 && now_us - stream->left_us >= self->params.linger_us;
}

static void
tick_stream (WhepReaders *self, Stream *stream, gint64 now_us)
{
  gboolean is_over = has_ended (self, stream, now_us);

  for (GList *l = stream->readers.head; l != NULL; l = l->next) {
    Entry *entry = l->data;

    if (is_over)
      whep_reader_end (entry->reader);
    whep_reader_tick (entry->reader, now_us);
    pump (self, entry, now_us);
    publish (self, entry);
  }
}

/* A stream's fragments were allocated by its publisher's thread. When another
 * thread frees them, glibc keeps their pages in that thread's arena. */
static void
trim_heap (void)
{
#ifdef __GLIBC__
  malloc_trim (0);
#endif
}

static void
tick_if_due (WhepReaders *self)
{
  gint64 now_us = g_get_monotonic_time ();
  guint n_streams;

  if (now_us < self->tick_us)
    return;
  self->tick_us = now_us + TICK_US;
  n_streams = self->streams->len;
  for (guint i = n_streams; i > 0; i--) {
    Stream *stream = g_ptr_array_index (self->streams, i - 1);

    tick_stream (self, stream, now_us);
    if (stream->readers.length == 0 && has_ended (self, stream, now_us))
      g_ptr_array_remove_index_fast (self->streams, i - 1);
  }
  if (self->streams->len < n_streams)
    trim_heap ();
}

static void
free_over (WhepReaders *self)
{
  for (guint i = 0; i < self->over->len; i++)
    free_entry (self, g_ptr_array_index (self->over, i));
  g_ptr_array_set_size (self->over, 0);
}

static gint
time_left_ms (const WhepReaders *self)
{
  gint64 left_us = self->tick_us - g_get_monotonic_time ();

  if (self->streams->len == 0)
    return -1;
  return CLAMP (left_us, 0, TICK_US) / 1000 + 1;
}

static gpointer
run (gpointer user_data)
{
  WhepReaders *self = user_data;
  struct epoll_event events[MAX_EVENTS];

  while (!self->is_stopping) {
    gint n =
        epoll_wait (self->epoll_fd, events, MAX_EVENTS, time_left_ms (self));

    for (gint i = 0; i < n; i++)
      handle_event (self, &events[i]);
    tick_if_due (self);
    /* Not earlier, because events of this turn may refer to any reader. */
    free_over (self);
  }
  return NULL;
}

static gboolean
open_epoll (WhepReaders *self, GError **error)
{
  struct epoll_event event = { .events = EPOLLIN };

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll_fd >= 0 &&
      epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, whep_mailbox_fd (self->mailbox),
          &event) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
      "no file descriptor for HTTP readers: %s", g_strerror (errno));
  return FALSE;
}

static void
clear (WhepReaders *self)
{
  WhepMail *mails =
      self->mailbox != NULL ? whep_mailbox_take (self->mailbox) : NULL;
  Message *message;

  while ((message = (Message *) whep_mail_pop (&mails)) != NULL)
    message_free (message);
  g_clear_pointer (&self->mailbox, whep_mailbox_free);
  whep_readers_view_free (self->view);
  g_ptr_array_unref (self->streams);
  g_ptr_array_unref (self->over);
  if (self->epoll_fd >= 0)
    close (self->epoll_fd);
  g_free (self);
}

WhepReaders *
whep_readers_new (const WhepReadersParams *params, GError **error)
{
  WhepReaders *self = g_new0 (WhepReaders, 1);

  self->params = *params;
  self->epoll_fd = -1;
  self->view = whep_readers_view_new ();
  self->streams = g_ptr_array_new_with_free_func (stream_free);
  self->over = g_ptr_array_new ();
  self->mailbox = whep_mailbox_new (error);
  if (self->mailbox == NULL || !open_epoll (self, error)) {
    clear (self);
    return NULL;
  }
  self->thread = g_thread_new ("whep-readers", run, self);
  return self;
}

static void
post (WhepReaders *self, const Message *what)
{
  Message *message = g_new (Message, 1);

  *message = *what;
  whep_mailbox_post (self->mailbox, &message->head);
}

void
whep_readers_free (WhepReaders *self)
{
  if (self == NULL)
    return;
  post (self, &(Message){ .kind = MESSAGE_STOP });
  g_thread_join (self->thread);
  for (guint i = 0; i < self->streams->len; i++) {
    Stream *stream = g_ptr_array_index (self->streams, i);

    while (stream->readers.head != NULL)
      free_entry (self, stream->readers.head->data);
  }
  clear (self);
}

void
whep_readers_begin (WhepReaders *self, guint64 id, const gchar *name)
{
  whep_readers_view_begin (self->view, id, name);
  post (self,
      &(Message){ .kind = MESSAGE_BEGIN, .id = id, .name = g_strdup (name) });
}

void
whep_readers_push_init (WhepReaders *self, guint64 id, WhepChunk *init,
    const gchar *codecs)
{
  whep_readers_view_describe (self->view, id, codecs);
  post (self, &(Message){ .kind = MESSAGE_INIT, .id = id, .chunk = init });
}

/* Fragments that the thread has no time for are lost, as packets are. */
void
whep_readers_push (WhepReaders *self, guint64 id, WhepChunk *fragment,
    gboolean is_start)
{
  Message *message = g_new0 (Message, 1);

  message->kind = is_start ? MESSAGE_START : MESSAGE_FRAGMENT;
  message->id = id;
  message->chunk = fragment;
  if (!whep_mailbox_offer (self->mailbox, &message->head, WHEP_MAILBOX_MAX))
    message_free (message);
}

void
whep_readers_end (WhepReaders *self, guint64 id)
{
  whep_readers_view_end (self->view, id);
  post (self, &(Message){ .kind = MESSAGE_END, .id = id });
}

gboolean
whep_readers_find (WhepReaders *self, const gchar *name, gchar **codecs)
{
  return whep_readers_view_find (self->view, name, codecs);
}

void
whep_readers_take (WhepReaders *self, WhepReaderFacts *facts,
    WhepReaderParams *params)
{
  gchar *name = g_strdup (facts->stream);

  post (self,
      &(Message){ .kind = MESSAGE_READER,
          .name = name,
          .listed = whep_readers_view_add (self->view, facts),
          .reader = *params });
  *params = (WhepReaderParams){ 0 };
}

void
whep_readers_disconnect (WhepReaders *self)
{
  post (self, &(Message){ .kind = MESSAGE_DISCONNECT });
}

gboolean
whep_readers_cut (WhepReaders *self, const gchar *id)
{
  if (!whep_readers_view_note_leaving (self->view, id))
    return FALSE;
  post (self, &(Message){ .kind = MESSAGE_CUT, .name = g_strdup (id) });
  return TRUE;
}

gboolean
whep_readers_has (WhepReaders *self, const gchar *id)
{
  return whep_readers_view_has (self->view, id);
}

guint
whep_readers_count (WhepReaders *self, const gchar *client, const gchar *stream)
{
  return whep_readers_view_count (self->view, client, stream);
}

void
whep_readers_stats (WhepReaders *self, WhepReadersStats *stats)
{
  whep_readers_view_stats (self->view, stats);
}
