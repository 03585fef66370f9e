/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server for on-publish, on-watch and on-event: see hookserver.h. */

#include "tests/support/hookserver.h"
#include "tests/support/listening.h"

#include <gst/check/gstcheck.h>
#include <json-glib/json-glib.h>

#define PATIENCE_US (20 * G_USEC_PER_SEC)
#define LONG_BYTES 2000

struct _HookServer
{
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  gchar *url;
  guint port;
  SoupServer *server;    /* of the thread */
  GHashTable *seen;      /* of the thread: the ids of events */
  GAsyncQueue *requests; /* of HookRequest */
  GAsyncQueue *started;  /* of gchar: the URL */
};

void
hook_request_free (HookRequest *self)
{
  g_free (self->id);
  g_free (self->time);
  g_free (self->signature);
  g_free (self->body);
  g_free (self);
}

static HookRequest *
request_new (SoupServerMessage *message)
{
  SoupMessageHeaders *headers =
      soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  HookRequest *request = g_new0 (HookRequest, 1);

  request->id = g_strdup (soup_message_headers_get_one (headers, "webhook-id"));
  request->time =
      g_strdup (soup_message_headers_get_one (headers, "webhook-timestamp"));
  request->signature =
      g_strdup (soup_message_headers_get_one (headers, "webhook-signature"));
  request->body = g_strndup (body->data, body->length);
  return request;
}

/* That of a question, or the end of an event's stream. */
static gchar *
dup_key (const gchar *body)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object;
  const gchar *stream;

  ck_assert (json_parser_load_from_data (parser, body, -1, NULL));
  object = json_node_get_object (json_parser_get_root (parser));
  if (json_object_has_member (object, "key"))
    return g_strdup (json_object_get_string_member (object, "key"));
  stream = json_object_get_string_member_with_default (object, "stream", "/");
  return g_strdup (strrchr (stream, '/') + 1);
}

static void
answer_with (SoupServerMessage *message, guint status, const gchar *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json",
      SOUP_MEMORY_COPY, text, strlen (text));
}

static void
answer_at_length (SoupServerMessage *message)
{
  g_autofree gchar *letters = g_strnfill (LONG_BYTES, 'l');
  g_autofree gchar *text =
      g_strdup_printf ("{\"reason\": \"\\n%s\\u001b\"}", letters);

  answer_with (message, 403, text);
}

/* Accepts an event when it is sent again. */
static void
answer_at_last (HookServer *self, SoupServerMessage *message,
    const HookRequest *request)
{
  answer_with (message,
      g_hash_table_add (self->seen, g_strdup (request->id)) ? 500 : 200, "");
}

static void
answer (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  HookServer *self = user_data;
  HookRequest *request = request_new (message);
  g_autofree gchar *key = dup_key (request->body);

  if (g_str_equal (key, "yes"))
    answer_with (message, 200, "");
  else if (g_str_equal (key, "no"))
    answer_with (message, 403, "{\"reason\": \"not on Sundays\"}");
  else if (g_str_equal (key, "rude"))
    answer_with (message, 401, "[]");
  else if (g_str_equal (key, "long"))
    answer_at_length (message);
  else if (g_str_equal (key, "moved"))
    soup_server_message_set_redirect (message, 307, "/elsewhere");
  else if (g_str_equal (key, "slow"))
    soup_server_message_pause (message);
  else if (g_str_equal (key, "second"))
    answer_at_last (self, message, request);
  else
    answer_with (message, 500, "{\"reason\": \"our mistake\"}");
  g_async_queue_push (self->requests, request);
}

static gpointer
run (gpointer user_data)
{
  HookServer *self = user_data;
  GSocketService *service;

  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new (NULL, NULL);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  soup_server_add_handler (self->server, "/", answer, self, NULL);
  service = listening_start (self->server, &self->port);
  g_async_queue_push (self->started,
      g_strdup_printf ("http://127.0.0.1:%u/", self->port));
  g_main_loop_run (self->loop);
  listening_stop (service, self->server);
  g_object_unref (self->server);
  g_hash_table_unref (self->seen);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

HookServer *
hook_server_new_at (guint port)
{
  HookServer *self = g_new0 (HookServer, 1);

  self->port = port;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->requests = g_async_queue_new_full ((GDestroyNotify) hook_request_free);
  self->started = g_async_queue_new ();
  self->thread = g_thread_new ("hook-server", run, self);
  self->url = g_async_queue_pop (self->started);
  return self;
}

HookServer *
hook_server_new (void)
{
  return hook_server_new_at (0);
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

void
hook_server_free (HookServer *self)
{
  g_main_context_invoke (self->context, quit, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_async_queue_unref (self->requests);
  g_async_queue_unref (self->started);
  g_free (self->url);
  g_free (self);
}

const gchar *
hook_server_url (const HookServer *self)
{
  return self->url;
}

guint
hook_server_port (const HookServer *self)
{
  g_autoptr (GUri) uri = g_uri_parse (self->url, G_URI_FLAGS_NONE, NULL);

  return g_uri_get_port (uri);
}

HookRequest *
hook_server_pop_request (HookServer *self)
{
  HookRequest *request =
      g_async_queue_timeout_pop (self->requests, PATIENCE_US);

  ck_assert (request != NULL);
  return request;
}

gchar *
hook_server_pop (HookServer *self)
{
  HookRequest *request = hook_server_pop_request (self);
  gchar *body = g_steal_pointer (&request->body);

  hook_request_free (request);
  return body;
}

guint
hook_server_n_requests (HookServer *self)
{
  return MAX (0, g_async_queue_length (self->requests));
}
