/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clients that read the list of streams: see listreaders-io.h. */

#include "ext/whep/http/listreaders-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/knownstreams.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/request-io.h"
#include "ext/whep/http/ticker-io.h"

#include <string.h>

WHEP_CATEGORY ("wheplist", "Readers of the list of streams");

/* Any reader may leave in the meantime. */
#define FULL_RETRY_S 10

const WhepListReadersParams whep_list_readers_default_params = {
  .tick_ms = 1000,
  .review_us = 10 * G_USEC_PER_SEC,
  .stream = {
    .keepalive_us = WHEP_EVENT_STREAM_KEEPALIVE_US,
    .patience_us = WHEP_EVENT_STREAM_PATIENCE_US,
  },
};

typedef struct
{
  WhepListReaders *owner;
  GList link;              /* in the owner's readers, while it has a stream */
  WhepEventStream *stream; /* NULL: has left */
  gchar client[NET_CLIENT_MAX + 1];
  WhepKnownStreams *known;
  guint64 edition;     /* of the list, that it was last told of; 0: none */
  gint64 reviewed_us;  /* when its rights were last looked at; 0: never */
  gboolean is_waiting; /* for that, or after it was left undecided */
  gboolean is_reviewing;
} Reader;

struct _WhepListReaders
{
  WhepListReadersParams params;
  WhepAuthorizer *authorizer;
  WhepVisibility *visibility;
  WhepListFunc func;
  gpointer user_data;
  GPtrArray *streams; /* as of knownstreams.h, while there are readers */
  guint64 edition;    /* counts how often they have changed */
  GQueue readers;
  GSource *timer; /* while there are readers */
};

/* One that waits for a decision is freed when that has been made. */
static void
free_if_over (Reader *reader)
{
  if (reader->stream != NULL || reader->is_reviewing)
    return;
  whep_known_streams_free (reader->known);
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
on_reviewed (GHashTable *names, gboolean is_decided, gpointer user_data)
{
  Reader *reader = user_data;
  g_autofree gchar *text = NULL;

  reader->is_reviewing = FALSE;
  if (reader->stream == NULL) {
    free_if_over (reader);
    return;
  }
  reader->is_waiting = !is_decided;
  if (!is_decided)
    return;
  if (whep_event_stream_is_writing (reader->stream)) {
    reader->edition = 0;
    return;
  }
  text =
      whep_known_streams_update (reader->known, reader->owner->streams, names);
  if (text != NULL)
    whep_event_stream_say (reader->stream, text);
}

/* While the hook does not decide, it is not asked as often as the list
 * changes. */
static gboolean
is_due (const Reader *reader)
{
  gboolean is_old = reader->reviewed_us == 0 ||
      g_get_monotonic_time () - reader->reviewed_us >=
          reader->owner->params.review_us;

  if (reader->is_reviewing || whep_event_stream_is_writing (reader->stream))
    return FALSE;
  return is_old ||
      (!reader->is_waiting && reader->edition != reader->owner->edition);
}

static void
pump (Reader *reader)
{
  WhepListReaders *self = reader->owner;
  g_autoptr (GList) names = NULL;
  SoupServerMessage *message;
  WhepAsker asker;

  if (!is_due (reader))
    return;
  names = whep_stream_texts_names (self->streams);
  message = whep_event_stream_message (reader->stream);
  reader->edition = self->edition;
  reader->reviewed_us = g_get_monotonic_time ();
  reader->is_reviewing = TRUE;
  whep_authorizer_examine (self->authorizer, message, &asker);
  whep_visibility_review (self->visibility, message, &asker, names, on_reviewed,
      reader);
}

static void
on_ready (gpointer reader)
{
  pump (reader);
}

static void
refresh (WhepListReaders *self)
{
  g_autoptr (GPtrArray) streams = self->func (self->user_data);

  if (self->streams != NULL &&
      whep_stream_texts_are_equal (self->streams, streams))
    return;
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  self->streams = g_steal_pointer (&streams);
  self->edition++;
}

static gboolean on_tick (gpointer user_data);

static void
set_timer (WhepListReaders *self)
{
  whep_ticker_set (&self->timer, self->readers.length > 0, self->params.tick_ms,
      on_tick, self);
}

static void
on_left (gpointer user_data)
{
  Reader *reader = user_data;
  WhepListReaders *self = reader->owner;

  GST_DEBUG ("%s: a reader of the list has left", reader->client);
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
  WhepListReaders *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  GList *next;

  refresh (self);
  for (GList *link = self->readers.head; link != NULL; link = next) {
    Reader *reader = link->data;

    next = link->next;
    if (!whep_event_stream_tick (reader->stream, &self->params.stream, now_us))
      GST_INFO ("%s: disconnecting a client that does not read the list",
          reader->client);
    else
      pump (reader);
  }
  return G_SOURCE_CONTINUE;
}

WhepListReaders *
whep_list_readers_new (const WhepListReadersParams *params,
    WhepAuthorizer *authorizer, WhepVisibility *visibility, WhepListFunc func,
    gpointer user_data)
{
  WhepListReaders *self = g_new0 (WhepListReaders, 1);

  self->params = *params;
  self->authorizer = authorizer;
  self->visibility = visibility;
  self->func = func;
  self->user_data = user_data;
  g_queue_init (&self->readers);
  return self;
}

void
whep_list_readers_free (WhepListReaders *self)
{
  if (self == NULL)
    return;
  while (self->readers.head != NULL)
    end (self->readers.head->data);
  set_timer (self);
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  g_free (self);
}

gboolean
whep_list_readers_are_meant (SoupServerMessage *message)
{
  const gchar *accept =
      soup_message_headers_get_list (soup_server_message_get_request_headers (
                                         message),
          "Accept");

  return soup_server_message_get_method (message) == SOUP_METHOD_GET &&
      accept != NULL && strstr (accept, "text/event-stream") != NULL;
}

static gboolean
has_room (const WhepListReaders *self, const gchar *client)
{
  guint n = 0;

  for (GList *link = self->readers.head; link != NULL; link = link->next)
    n += strcmp (((const Reader *) link->data)->client, client) == 0;
  return n < WHEP_LIST_READERS_MAX_PER_CLIENT &&
      self->readers.length < WHEP_LIST_READERS_MAX;
}

static void
attach (WhepListReaders *self, SoupServerMessage *message, const gchar *client)
{
  Reader *reader = g_new0 (Reader, 1);

  reader->owner = self;
  reader->link.data = reader;
  reader->known = whep_known_streams_new ();
  g_strlcpy (reader->client, client, sizeof (reader->client));
  refresh (self);
  g_queue_push_tail_link (&self->readers, &reader->link);
  reader->stream = whep_event_stream_new (message, NULL, &stream_funcs, reader);
  set_timer (self);
}

void
whep_list_readers_serve (WhepListReaders *self, SoupServerMessage *message)
{
  gchar client[NET_CLIENT_MAX + 1];
  WhepAsker asker;

  if (!whep_authorizer_identify (self->authorizer, message, &asker))
    return;
  whep_authorizer_count_guess (self->authorizer, message, &asker);
  whep_asker_clear (&asker);
  whep_request_client (message, client);
  if (has_room (self, client))
    attach (self, message, client);
  else
    whep_reply_later (message, WHEP_PROBLEM_TOO_MANY_LISTENERS, FULL_RETRY_S,
        "The server has reached its limit of readers of the list.");
}
