/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clients that read the journal's events: see journalreaders-io.h. */

#include "ext/whep/http/journalreaders-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/request-io.h"
#include "ext/whep/http/ticker-io.h"
#include "gst/journal/eventjson.h"

#include <string.h>

WHEP_CATEGORY ("whepjournal", "Readers of the journal's events");

/* Any reader may leave in the meantime. */
#define FULL_RETRY_S 10
#define LAST_ID "Last-Event-ID"

const WhepJournalReadersParams whep_journal_readers_default_params = {
  .tick_ms = 1000,
  .stream = {
    .keepalive_us = WHEP_EVENT_STREAM_KEEPALIVE_US,
    .patience_us = WHEP_EVENT_STREAM_PATIENCE_US,
  },
};

typedef struct
{
  WhepJournalReaders *owner;
  GList link;              /* in the owner's readers, while it has a stream */
  WhepEventStream *stream; /* NULL: has left */
  gchar client[NET_CLIENT_MAX + 1];
  gboolean is_admin;    /* when it came */
  guint64 after;        /* id of the last event that it has passed */
  JournalEvent *asking; /* nullable: whether it may see this one is not known */
  gboolean is_asking;   /* within the call that asks */
} Reader;

struct _WhepJournalReaders
{
  WhepJournalReadersParams params;
  Journal *journal;
  WhepAuthorizer *authorizer;
  WhepVisibility *visibility;
  GQueue readers; /* the oldest first */
  GSource *timer; /* while there are readers */
};

/* One that waits for a decision is freed when that has been made. */
static void
free_if_over (Reader *reader)
{
  if (reader->stream == NULL && reader->asking == NULL)
    g_free (reader);
}

static void
end (Reader *reader)
{
  g_queue_unlink (&reader->owner->readers, &reader->link);
  g_clear_pointer (&reader->stream, whep_event_stream_free);
  free_if_over (reader);
}

static void
say_event (Reader *reader, const JournalEvent *event, gboolean is_public)
{
  g_autofree gchar *json = journal_event_to_json (event, is_public);
  g_autofree gchar *id = journal_event_dup_id (event);
  g_autofree gchar *text = g_strdup_printf ("id: %s\ndata: %s\n\n", id, json);

  reader->after = event->id;
  whep_event_stream_say (reader->stream, text);
}

static void pump (Reader *reader);

static void
on_decided (gboolean is_visible, gpointer user_data)
{
  Reader *reader = user_data;
  g_autoptr (JournalEvent) event = g_steal_pointer (&reader->asking);

  if (reader->stream == NULL) {
    free_if_over (reader);
    return;
  }
  reader->after = event->id;
  if (is_visible)
    say_event (reader, event, TRUE);
  if (!reader->is_asking)
    pump (reader);
}

/* Decided anew each time, because rights may change while it reads. */
static void
pass (Reader *reader, JournalEvent *event)
{
  WhepJournalReaders *self = reader->owner;
  SoupServerMessage *message = whep_event_stream_message (reader->stream);
  WhepAsker asker;

  whep_authorizer_examine (self->authorizer, message, &asker);
  if (asker.is_admin) {
    whep_asker_clear (&asker);
    say_event (reader, event, FALSE);
  } else if (event->stream == NULL || !journal_event_is_public (event)) {
    whep_asker_clear (&asker);
    reader->after = event->id;
  } else {
    reader->asking = journal_event_ref (event);
    reader->is_asking = TRUE;
    whep_visibility_look (self->visibility, message, &asker, event->stream,
        on_decided, reader);
    reader->is_asking = FALSE;
  }
}

/* What is lost has no ids: the reader continues with the oldest that is not. */
static void
say_gap (Reader *reader, const JournalEvent *event)
{
  reader->after = event->id - 1;
  whep_event_stream_say (reader->stream, "event: gap\ndata: {}\n\n");
}

/* Ends, because each event is passed once. */
static void
pump (Reader *reader)
{
  while (reader->stream != NULL && reader->asking == NULL &&
      !whep_event_stream_is_writing (reader->stream)) {
    gboolean has_gap;
    g_autoptr (JournalEvent) event =
        journal_next (reader->owner->journal, reader->after, &has_gap);

    if (event == NULL)
      return;
    if (has_gap)
      say_gap (reader, event);
    else
      pass (reader, event);
  }
}

static void
on_ready (gpointer reader)
{
  pump (reader);
}

static gboolean on_tick (gpointer user_data);

static void
set_timer (WhepJournalReaders *self)
{
  whep_ticker_set (&self->timer, self->readers.length > 0, self->params.tick_ms,
      on_tick, self);
}

static void
on_left (gpointer user_data)
{
  Reader *reader = user_data;
  WhepJournalReaders *self = reader->owner;

  GST_DEBUG ("%s: a reader of events has left", reader->client);
  end (reader);
  set_timer (self);
}

static const WhepEventStreamFuncs stream_funcs = {
  .ready = on_ready,
  .left = on_left,
};

static gboolean
on_tick (gpointer user_data)
{
  WhepJournalReaders *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  GList *next;

  for (GList *link = self->readers.head; link != NULL; link = next) {
    Reader *reader = link->data;

    next = link->next;
    if (!whep_event_stream_tick (reader->stream, &self->params.stream, now_us))
      GST_INFO ("%s: disconnecting a client that does not read its events",
          reader->client);
  }
  return G_SOURCE_CONTINUE;
}

WhepJournalReaders *
whep_journal_readers_new (const WhepJournalReadersParams *params,
    Journal *journal, WhepAuthorizer *authorizer, WhepVisibility *visibility)
{
  WhepJournalReaders *self = g_new0 (WhepJournalReaders, 1);

  self->params = *params;
  self->journal = journal;
  self->authorizer = authorizer;
  self->visibility = visibility;
  g_queue_init (&self->readers);
  return self;
}

void
whep_journal_readers_free (WhepJournalReaders *self)
{
  if (self == NULL)
    return;
  while (self->readers.head != NULL)
    end (self->readers.head->data);
  set_timer (self);
  g_free (self);
}

void
whep_journal_readers_update (WhepJournalReaders *self)
{
  for (GList *link = self->readers.head; link != NULL; link = link->next)
    pump (link->data);
}

/* As the HTML standard has it. Returns: the id after which to
 * continue; a client that has none gets what happens from now on. */
static guint64
last_id_of (const WhepJournalReaders *self, SoupServerMessage *message)
{
  const gchar *text =
      soup_message_headers_get_one (soup_server_message_get_request_headers (
                                        message),
          LAST_ID);
  guint64 newest = journal_newest (self->journal);
  guint64 id;

  if (text == NULL ||
      !g_ascii_string_to_unsigned (text, 10, 0, newest, &id, NULL))
    return newest;
  return id;
}

static guint
count_client (const WhepJournalReaders *self, const gchar *client)
{
  guint n = 0;

  for (GList *link = self->readers.head; link != NULL; link = link->next)
    n += strcmp (((const Reader *) link->data)->client, client) == 0;
  return n;
}

static Reader *
oldest_guest (const WhepJournalReaders *self)
{
  for (GList *link = self->readers.head; link != NULL; link = link->next)
    if (!((const Reader *) link->data)->is_admin)
      return link->data;
  return NULL;
}

static gboolean
make_room (WhepJournalReaders *self, const gchar *client, gboolean is_admin)
{
  Reader *guest;

  if (!is_admin &&
      count_client (self, client) >= WHEP_JOURNAL_READERS_MAX_PER_CLIENT)
    return FALSE;
  if (self->readers.length < WHEP_JOURNAL_READERS_MAX)
    return TRUE;
  guest = is_admin ? oldest_guest (self) : NULL;
  if (guest != NULL)
    end (guest);
  return guest != NULL;
}

/* The id tells the client where to continue, even before the first event. */
static void
attach (WhepJournalReaders *self, SoupServerMessage *message,
    const gchar *client, gboolean is_admin)
{
  Reader *reader = g_new0 (Reader, 1);
  g_autofree gchar *text = NULL;

  reader->owner = self;
  reader->link.data = reader;
  reader->is_admin = is_admin;
  reader->after = last_id_of (self, message);
  g_strlcpy (reader->client, client, sizeof (reader->client));
  g_queue_push_tail_link (&self->readers, &reader->link);
  text = g_strdup_printf ("id: %" G_GUINT64_FORMAT "\n\n", reader->after);
  reader->stream = whep_event_stream_new (message, text, &stream_funcs, reader);
  set_timer (self);
}

static void
serve (WhepJournalReaders *self, SoupServerMessage *message, gboolean is_admin)
{
  gchar client[NET_CLIENT_MAX + 1];

  whep_request_client (message, client);
  if (make_room (self, client, is_admin))
    attach (self, message, client, is_admin);
  else
    whep_reply_later (message, WHEP_PROBLEM_TOO_MANY_LISTENERS, FULL_RETRY_S,
        "The server has reached its limit of event listeners.");
}

void
whep_journal_readers_serve (WhepJournalReaders *self,
    SoupServerMessage *message)
{
  WhepAsker asker;

  if (soup_server_message_get_method (message) != SOUP_METHOD_GET) {
    whep_reply_not_allowed (message, WHEP_JOURNAL_READERS_METHODS);
  } else if (whep_authorizer_identify (self->authorizer, message, &asker)) {
    whep_authorizer_count_guess (self->authorizer, message, &asker);
    serve (self, message, asker.is_admin);
    whep_asker_clear (&asker);
  }
}
