/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The listeners for server-sent events: see subscribers-io.h. */

#include "ext/whep/http/subscribers-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/connections-io.h"
#include "ext/whep/http/random-io.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/sse.h"

#include <string.h>

WHEP_CATEGORY ("whepsubscribers", "Server-sent events of WHEP");

#define METHODS "POST, OPTIONS"
#define LISTENER_METHODS "GET, DELETE, OPTIONS"
#define JSON "application/json"
/* An empty comment. */
#define COMMENT ":\n\n"
/* Any listener may leave in the meantime. */
#define FULL_RETRY_S 10

const WhepSubscribersParams whep_subscribers_default_params = {
  .tick_ms = 250,
  .keepalive_us = 15 * G_USEC_PER_SEC,
  .patience_us = 30 * G_USEC_PER_SEC,
};

typedef struct
{
  WhepSubscribers *owner;
  gchar id[WHEP_SESSION_ID_LENGTH + 1]; /* secret, like the session's */
  gchar session_id[WHEP_SESSION_ID_LENGTH + 1];
  gchar *stream;
  WhepSseState state;
  SoupServerMessage *message; /* nullable: no reader */
  gboolean is_writing;        /* the last chunk has not been written yet */
  gint64 spoke_us;            /* when the last chunk was started or written */
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

static void
say (Listener *listener, const gchar *text)
{
  SoupMessageBody *body =
      soup_server_message_get_response_body (listener->message);

  soup_message_body_append (body, SOUP_MEMORY_COPY, text, strlen (text));
  listener->is_writing = TRUE;
  listener->spoke_us = g_get_monotonic_time ();
  soup_server_message_unpause (listener->message);
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

  if (listener->message == NULL || listener->is_writing)
    return;
  text = whep_sse_next (&listener->state, is_active (self, listener->stream),
      whep_session_table_count_stream (self->sessions, listener->stream));
  if (text != NULL)
    say (listener, text);
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
on_wrote_chunk (SoupServerMessage *message, Listener *listener)
{
  listener->is_writing = FALSE;
  listener->spoke_us = g_get_monotonic_time ();
  update (listener);
}

static void
detach (Listener *listener)
{
  g_signal_handlers_disconnect_by_data (listener->message, listener);
  g_clear_object (&listener->message);
}

/* Completes the reply of the current reader. */
static void
stop_reading (Listener *listener)
{
  g_autoptr (SoupServerMessage) message = NULL;

  if (listener->message == NULL)
    return;
  message = g_object_ref (listener->message);
  detach (listener);
  soup_message_body_complete (soup_server_message_get_response_body (message));
  soup_server_message_unpause (message);
}

static void
on_finished (SoupServerMessage *message, Listener *listener)
{
  GST_DEBUG ("%s: the event listener has left", listener->stream);
  detach (listener);
}

static void
hang_up (Listener *listener)
{
  GST_INFO ("%s: disconnecting a listener that does not read its events",
      listener->stream);
  listener->spoke_us = g_get_monotonic_time ();
  whep_connections_hang_up (listener->message);
}

static void
keep_alive (Listener *listener, gint64 now_us)
{
  const WhepSubscribersParams *params = &listener->owner->params;
  gint64 silent_us = now_us - listener->spoke_us;

  if (listener->message == NULL)
    return;
  if (listener->is_writing && silent_us >= params->patience_us)
    hang_up (listener);
  else if (!listener->is_writing && silent_us >= params->keepalive_us)
    say (listener, COMMENT);
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
  gboolean is_needed = g_hash_table_size (self->listeners) > 0;

  if (is_needed == (self->timer != NULL))
    return;
  if (is_needed) {
    self->timer = g_timeout_source_new (self->params.tick_ms);
    g_source_set_callback (self->timer, on_tick, self, NULL);
    g_source_attach (self->timer, g_main_context_get_thread_default ());
  } else {
    g_source_destroy (self->timer);
    g_clear_pointer (&self->timer, g_source_unref);
  }
}

static void
listener_free (gpointer data)
{
  Listener *listener = data;

  stop_reading (listener);
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
  return g_hash_table_size (self->listeners) >= WHEP_SUBSCRIBERS_MAX &&
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
  location = g_strdup_printf ("%s/%s", session->id,
      add_listener (self, session, types)->id);
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
  stop_reading (listener);
  listener->state = (WhepSseState){ .types = listener->state.types };
  listener->message = g_object_ref (message);
  listener->is_writing = FALSE;
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (on_wrote_chunk),
      listener);
  g_signal_connect (message, "finished", G_CALLBACK (on_finished), listener);
  g_signal_connect (message, "disconnected", G_CALLBACK (on_finished),
      listener);
  whep_reply_stream (message);
  say (listener, COMMENT);
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
