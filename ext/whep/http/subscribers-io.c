/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The listeners for server-sent events: see subscribers-io.h. */

#include "ext/whep/http/subscribers-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/random-io.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/sse.h"
#include "ext/whep/http/ticker-io.h"

#include <string.h>

WHEP_CATEGORY ("whepsubscribers", "Server-sent events of WHEP");

#define METHODS "POST, OPTIONS"
#define LISTENER_METHODS "GET, DELETE, OPTIONS"
#define JSON "application/json"
/* Any listener may leave in the meantime. */
#define FULL_RETRY_S 10

const WhepSubscribersParams whep_subscribers_default_params = {
  .tick_ms = 250,
  .max = WHEP_SUBSCRIBERS_MAX,
  .reader = {
    .keepalive_us = WHEP_EVENT_STREAM_KEEPALIVE_US,
    .patience_us = WHEP_EVENT_STREAM_PATIENCE_US,
  },
};

typedef struct
{
  WhepSubscribers *owner;
  gchar id[WHEP_SESSION_ID_LENGTH + 1]; /* secret, like the session's */
  gchar session_id[WHEP_SESSION_ID_LENGTH + 1];
  gchar *stream;
  WhepSseState state;
  gboolean must_reconnect;
  WhepEventStream *reader; /* nullable */
} Listener;

struct _WhepSubscribers
{
  WhepSubscribersParams params;
  const WhepDirectory *directory;
  const WhepSessionTable *sessions;
  GHashTable *listeners; /* owns them; the session's id → Listener */
  gboolean have_viewers_changed;
  GSource *timer; /* while there are listeners */
};

guint
whep_subscribers_limit (guint64 max_fds)
{
  return CLAMP (max_fds / 2, WHEP_SUBSCRIBERS_MIN, WHEP_SUBSCRIBERS_MAX);
}

static gboolean
is_active (const WhepSubscribers *self, const gchar *stream)
{
  const WhepListing *listing = whep_directory_find (self->directory, stream);

  return listing != NULL && whep_listing_is_playable (listing);
}

/* Changes that occur while a chunk is being written go into the next one. */
static void
update (Listener *listener)
{
  WhepSubscribers *self = listener->owner;
  g_autofree gchar *text = NULL;
  WhepSseNews news;

  if (listener->reader == NULL ||
      whep_event_stream_is_writing (listener->reader))
    return;
  news = (WhepSseNews){
    .is_active = is_active (self, listener->stream),
    .n_viewers =
        whep_session_table_count_stream (self->sessions, listener->stream),
    .must_reconnect = listener->must_reconnect,
  };
  text = whep_sse_next (&listener->state, &news);
  if (text != NULL)
    whep_event_stream_say (listener->reader, text);
}

static void
update_all (WhepSubscribers *self)
{
  GHashTableIter iter;
  gpointer listener;

  g_hash_table_iter_init (&iter, self->listeners);
  while (g_hash_table_iter_next (&iter, NULL, &listener))
    update (listener);
}

static void
on_ready (gpointer listener)
{
  update (listener);
}

static void
on_left (gpointer user_data)
{
  Listener *listener = user_data;

  GST_DEBUG ("%s: the event listener has left", listener->stream);
  g_clear_pointer (&listener->reader, whep_event_stream_free);
}

static const WhepEventStreamFuncs reader_funcs = {
  .ready = on_ready,
  .left = on_left,
};

static void
keep_alive (Listener *listener, gint64 now_us)
{
  if (listener->reader != NULL &&
      !whep_event_stream_tick (listener->reader,
          &listener->owner->params.reader, now_us))
    GST_INFO ("%s: disconnecting a listener that does not read its events",
        listener->stream);
}

static gboolean
on_tick (gpointer user_data)
{
  WhepSubscribers *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer listener;

  if (self->have_viewers_changed)
    update_all (self);
  self->have_viewers_changed = FALSE;
  g_hash_table_iter_init (&iter, self->listeners);
  while (g_hash_table_iter_next (&iter, NULL, &listener))
    keep_alive (listener, now_us);
  return G_SOURCE_CONTINUE;
}

static void
set_timer (WhepSubscribers *self)
{
  whep_ticker_set (&self->timer, g_hash_table_size (self->listeners) > 0,
      self->params.tick_ms, on_tick, self);
}

static void
listener_free (gpointer data)
{
  Listener *listener = data;

  whep_event_stream_free (listener->reader);
  g_free (listener->stream);
  g_free (listener);
}

WhepSubscribers *
whep_subscribers_new (const WhepSubscribersParams *params,
    const WhepDirectory *directory, const WhepSessionTable *sessions)
{
  WhepSubscribers *self = g_new0 (WhepSubscribers, 1);

  self->params = *params;
  self->directory = directory;
  self->sessions = sessions;
  self->listeners =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, listener_free);
  return self;
}

void
whep_subscribers_free (WhepSubscribers *self)
{
  if (self == NULL)
    return;
  g_hash_table_remove_all (self->listeners);
  set_timer (self);
  g_hash_table_unref (self->listeners);
  g_free (self);
}

void
whep_subscribers_publisher_changed (WhepSubscribers *self)
{
  update_all (self);
}

void
whep_subscribers_viewers_changed (WhepSubscribers *self)
{
  self->have_viewers_changed = TRUE;
}

void
whep_subscribers_end_session (WhepSubscribers *self, const gchar *session_id)
{
  g_hash_table_remove (self->listeners, session_id);
  set_timer (self);
}

gboolean
whep_subscribers_ask_to_reconnect (WhepSubscribers *self,
    const gchar *session_id)
{
  Listener *listener = g_hash_table_lookup (self->listeners, session_id);

  if (listener == NULL || listener->reader == NULL ||
      !(listener->state.types & WHEP_SSE_RECONNECT))
    return FALSE;
  listener->must_reconnect = TRUE;
  update (listener);
  return TRUE;
}

void
whep_subscribers_withdraw_requests (WhepSubscribers *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->listeners);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Listener *listener = value;

    listener->must_reconnect = FALSE;
    /* It is to be told if it is asked again. */
    listener->state.is_told_reconnect = FALSE;
  }
}

static Listener *
add_listener (WhepSubscribers *self, const WhepSession *session,
    WhepSseTypes types)
{
  Listener *listener = g_new0 (Listener, 1);

  listener->owner = self;
  whep_random_text (listener->id, WHEP_SESSION_ID_LENGTH);
  memcpy (listener->session_id, session->id, sizeof (session->id));
  listener->stream = g_strdup (session->stream);
  listener->state.types = types;
  g_hash_table_replace (self->listeners, listener->session_id, listener);
  set_timer (self);
  return listener;
}

static gboolean
is_full (const WhepSubscribers *self, const WhepSession *session)
{
  return g_hash_table_size (self->listeners) >= self->params.max &&
      !g_hash_table_contains (self->listeners, session->id);
}

static void
subscribe (WhepSubscribers *self, const WhepSession *session,
    SoupServerMessage *message)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (
      soup_server_message_get_request_body (message));
  gsize size;
  const gchar *json = g_bytes_get_data (body, &size);
  const gchar *path = g_uri_get_path (soup_server_message_get_uri (message));
  g_autofree gchar *location = NULL;
  WhepSseTypes types;

  if (!whep_sse_read_types (json, size, &types)) {
    whep_reply_problem (message, WHEP_PROBLEM_MALFORMED_LIST,
        "The body is not a JSON array of event names.");
    return;
  }
  if (is_full (self, session)) {
    whep_reply_later (message, WHEP_PROBLEM_TOO_MANY_LISTENERS, FULL_RETRY_S,
        "The server has reached its limit of event listeners.");
    return;
  }
  location =
      whep_route_location (path, add_listener (self, session, types)->id);
  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      "Location", location);
  whep_reply_empty (message, SOUP_STATUS_CREATED);
}

void
whep_subscribers_serve (WhepSubscribers *self, const WhepSession *session,
    SoupServerMessage *message)
{
  if (soup_server_message_get_method (message) == SOUP_METHOD_POST)
    subscribe (self, session, message);
  else
    whep_reply_not_allowed (message, METHODS);
}

/* A new reader replaces the previous one and gets the whole state. */
static void
attach (Listener *listener, SoupServerMessage *message)
{
  whep_event_stream_free (listener->reader);
  listener->state = (WhepSseState){ .types = listener->state.types };
  listener->reader =
      whep_event_stream_new (message, NULL, &reader_funcs, listener);
}

/* Returns: (nullable) */
static Listener *
find_listener (const WhepSubscribers *self, const gchar *session_id,
    const gchar *listener_id)
{
  Listener *listener = g_hash_table_lookup (self->listeners, session_id);

  if (listener == NULL || strcmp (listener->id, listener_id) != 0)
    return NULL;
  return listener;
}

void
whep_subscribers_serve_listener (WhepSubscribers *self, const gchar *session_id,
    const gchar *listener_id, SoupServerMessage *message)
{
  const gchar *method = soup_server_message_get_method (message);
  Listener *listener = find_listener (self, session_id, listener_id);

  if (listener == NULL) {
    whep_reply_problem (message, WHEP_PROBLEM_NO_LISTENER,
        "There is no such listener, or it has ended.");
  } else if (method == SOUP_METHOD_GET) {
    attach (listener, message);
  } else if (method == SOUP_METHOD_DELETE) {
    whep_subscribers_end_session (self, session_id);
    whep_reply_empty (message, SOUP_STATUS_OK);
  } else {
    whep_reply_not_allowed (message, LISTENER_METHODS);
  }
}

void
whep_subscribers_describe (SoupServerMessage *message)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      "Accept-Post", JSON);
  whep_reply_options (message, METHODS);
}

void
whep_subscribers_describe_listener (SoupServerMessage *message)
{
  whep_reply_options (message, LISTENER_METHODS);
}
