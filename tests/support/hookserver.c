/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server for on-publish and on-watch: see hookserver.h. */

#include "tests/support/hookserver.h"

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
  SoupServer *server;   /* of the thread */
  GAsyncQueue *bodies;  /* of gchar */
  GAsyncQueue *started; /* of gchar: the URL */
};

static gchar *
dup_key (const gchar *body)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  ck_assert (json_parser_load_from_data (parser, body, -1, NULL));
  return g_strdup (
      json_object_get_string_member (json_node_get_object (
                                         json_parser_get_root (parser)),
          "key"));
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

static void
answer (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  HookServer *self = user_data;
  SoupMessageBody *request = soup_server_message_get_request_body (message);
  gchar *body = g_strndup (request->data, request->length);
  g_autofree gchar *key = dup_key (body);

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
  else
    answer_with (message, 500, "{\"reason\": \"our mistake\"}");
  g_async_queue_push (self->bodies, body);
}

/* libsoup 3.2 would leak a socket object with each connection that it accepts
 * itself. */
static gboolean
accept_connection (GSocketService *service, GSocketConnection *connection,
    GObject *source, gpointer user_data)
{
  HookServer *self = user_data;
  g_autoptr (GSocketAddress) local =
      g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote =
      g_socket_connection_get_remote_address (connection, NULL);

  return soup_server_accept_iostream (self->server, G_IO_STREAM (connection),
      local, remote, NULL);
}

static GSocketService *
listen_somewhere (HookServer *self)
{
  GSocketService *service = g_socket_service_new ();
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) address = NULL;

  ck_assert (g_socket_listener_add_address (G_SOCKET_LISTENER (service), any,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &address, NULL));
  g_signal_connect (service, "incoming", G_CALLBACK (accept_connection), self);
  g_async_queue_push (self->started,
      g_strdup_printf ("http://127.0.0.1:%u/",
          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address))));
  return service;
}

static gpointer
run (gpointer user_data)
{
  HookServer *self = user_data;
  GSocketService *service;

  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, "/", answer, self, NULL);
  service = listen_somewhere (self);
  g_main_loop_run (self->loop);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  g_object_unref (service);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

HookServer *
hook_server_new (void)
{
  HookServer *self = g_new0 (HookServer, 1);

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->bodies = g_async_queue_new_full (g_free);
  self->started = g_async_queue_new ();
  self->thread = g_thread_new ("hook-server", run, self);
  self->url = g_async_queue_pop (self->started);
  return self;
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
  g_async_queue_unref (self->bodies);
  g_async_queue_unref (self->started);
  g_free (self->url);
  g_free (self);
}

const gchar *
hook_server_url (const HookServer *self)
{
  return self->url;
}

gchar *
hook_server_pop (HookServer *self)
{
  gchar *body = g_async_queue_timeout_pop (self->bodies, PATIENCE_US);

  ck_assert (body != NULL);
  return body;
}
