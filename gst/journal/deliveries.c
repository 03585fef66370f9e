/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The events that a web hook has not accepted yet: see deliveries.h. */

#include "gst/journal/deliveries.h"

/* An event without a stream: of a peer that named none. */
#define NO_STREAM ""

typedef struct
{
  JournalEvent *event;
  gint64 since_us;
} Delivery;

/* The streams of which events are queued: there are no more than events. */
typedef struct
{
  gchar *name;
  GQueue deliveries;   /* never empty */
  gboolean is_posting; /* the first */
  guint n_failures;    /* of the first */
  gint64 due_us;
} Stream;

struct _JournalDeliveries
{
  GHashTable *streams; /* owns them; name → Stream */
  guint length;
  guint64 n_dropped;
};

static void
delivery_free (gpointer data)
{
  Delivery *self = data;

  journal_event_unref (self->event);
  g_free (self);
}

static void
stream_free (gpointer data)
{
  Stream *self = data;

  g_queue_clear_full (&self->deliveries, delivery_free);
  g_free (self->name);
  g_free (self);
}

JournalDeliveries *
journal_deliveries_new (void)
{
  JournalDeliveries *self = g_new0 (JournalDeliveries, 1);

  self->streams =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, stream_free);
  return self;
}

void
journal_deliveries_free (JournalDeliveries *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->streams);
  g_free (self);
}

static const gchar *
stream_of (const JournalEvent *event)
{
  return event->stream != NULL ? event->stream : NO_STREAM;
}

/* Returns: (nullable): the oldest delivery but those that are on their way. */
static GList *
oldest_waiting (const Stream *stream)
{
  GList *head = stream->deliveries.head;

  return stream->is_posting ? head->next : head;
}

static const JournalEvent *
event_at (const GList *link)
{
  return ((const Delivery *) link->data)->event;
}

/* The link may be the stream's last, which then is forgotten. */
static void
drop (JournalDeliveries *self, Stream *stream, GList *link)
{
  delivery_free (link->data);
  g_queue_delete_link (&stream->deliveries, link);
  self->length--;
  if (stream->deliveries.length == 0)
    g_hash_table_remove (self->streams, stream->name);
}

static void
drop_oldest (JournalDeliveries *self)
{
  GHashTableIter iter;
  gpointer stream;
  Stream *oldest_stream = NULL;
  GList *oldest = NULL;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, NULL, &stream)) {
    GList *link = oldest_waiting (stream);

    if (link == NULL ||
        (oldest != NULL && event_at (link)->id > event_at (oldest)->id))
      continue;
    oldest = link;
    oldest_stream = stream;
  }
  if (oldest == NULL)
    return;
  drop (self, oldest_stream, oldest);
  self->n_dropped++;
}

static Stream *
get_stream (JournalDeliveries *self, const gchar *name, gint64 now_us)
{
  Stream *stream = g_hash_table_lookup (self->streams, name);

  if (stream != NULL)
    return stream;
  stream = g_new0 (Stream, 1);
  stream->name = g_strdup (name);
  stream->due_us = now_us;
  g_queue_init (&stream->deliveries);
  g_hash_table_insert (self->streams, stream->name, stream);
  return stream;
}

void
journal_deliveries_add (JournalDeliveries *self, JournalEvent *event,
    gint64 now_us)
{
  Delivery *delivery = g_new0 (Delivery, 1);

  if (self->length >= JOURNAL_DELIVERIES_MAX)
    drop_oldest (self);
  delivery->event = journal_event_ref (event);
  delivery->since_us = now_us;
  g_queue_push_tail (&get_stream (self, stream_of (event), now_us)->deliveries,
      delivery);
  self->length++;
}

JournalEvent *
journal_deliveries_begin (JournalDeliveries *self, gint64 now_us)
{
  GHashTableIter iter;
  gpointer value;
  Stream *next = NULL;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Stream *stream = value;

    if (stream->is_posting || stream->due_us > now_us)
      continue;
    if (next == NULL ||
        event_at (stream->deliveries.head)->id <
            event_at (next->deliveries.head)->id)
      next = stream;
  }
  if (next == NULL)
    return NULL;
  next->is_posting = TRUE;
  return ((Delivery *) next->deliveries.head->data)->event;
}

/* Between half of the pause and the whole. */
static gint64
pause_us (guint n_failures, guint32 random)
{
  gint64 pause = JOURNAL_DELIVERIES_FIRST_PAUSE_US;

  for (guint i = 1; i < n_failures && pause < JOURNAL_DELIVERIES_LAST_PAUSE_US;
       i++)
    pause *= 2;
  pause = MIN (pause, JOURNAL_DELIVERIES_LAST_PAUSE_US);
  return pause / 2 + pause / 2 * random / G_MAXUINT32;
}

void
journal_deliveries_finish (JournalDeliveries *self, JournalEvent *event,
    gboolean is_accepted, guint32 random, gint64 now_us)
{
  Stream *stream = g_hash_table_lookup (self->streams, stream_of (event));
  const Delivery *first;

  g_assert (stream != NULL && stream->is_posting);
  first = stream->deliveries.head->data;
  g_assert (first->event == event);
  stream->is_posting = FALSE;
  if (!is_accepted &&
      now_us - first->since_us < JOURNAL_DELIVERIES_MAX_AGE_US) {
    stream->n_failures++;
    stream->due_us = now_us + pause_us (stream->n_failures, random);
    return;
  }
  if (!is_accepted)
    self->n_dropped++;
  stream->n_failures = 0;
  stream->due_us = now_us;
  drop (self, stream, stream->deliveries.head);
}

gint64
journal_deliveries_due_us (const JournalDeliveries *self)
{
  GHashTableIter iter;
  gpointer stream;
  gint64 due_us = G_MAXINT64;

  g_hash_table_iter_init (&iter, self->streams);
  while (g_hash_table_iter_next (&iter, NULL, &stream))
    if (!((const Stream *) stream)->is_posting)
      due_us = MIN (due_us, ((const Stream *) stream)->due_us);
  return due_us;
}

guint
journal_deliveries_length (const JournalDeliveries *self)
{
  return self->length;
}

guint64
journal_deliveries_n_dropped (const JournalDeliveries *self)
{
  return self->n_dropped;
}
