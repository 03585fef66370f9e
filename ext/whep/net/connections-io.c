/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTTP connections: see connections-io.h. */

#include "ext/whep/net/connections-io.h"
#include "ext/whep/category.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

WHEP_CATEGORY ("whepconnections", "The HTTP connections of WHEP");

/* What a connection's remote address knows: the socket. */
#define SOCKET_KEY "whep-socket"

/* A connection that waits for a request, or the request in hand: libsoup has
 * one SoupServerMessage for each, from the start. */
typedef struct
{
  WhepConnections *owner;
  SoupServerMessage *message; /* unowned; its end ends the visit */
  gint64 started_us;
} Visit;

struct _WhepConnections
{
  SoupServer *server;
  gulong handler;
  GQueue visits; /* of Visit, the oldest first */
  guint max;
  gint64 patience_us;
  GSource *timer; /* for the oldest */
  GSource *incoming;
};

static void
set_timer (WhepConnections *self)
{
  const Visit *oldest = g_queue_peek_head (&self->visits);

  g_source_set_ready_time (self->timer,
      oldest == NULL ? -1 : oldest->started_us + self->patience_us);
}

static void
on_message_gone (gpointer user_data, GObject *message)
{
  Visit *visit = user_data;
  WhepConnections *self = visit->owner;

  g_queue_remove (&self->visits, visit);
  g_free (visit);
  set_timer (self);
}

static void
forget (Visit *visit)
{
  g_object_weak_unref (G_OBJECT (visit->message), on_message_gone, visit);
  g_free (visit);
}

/* libsoup then sees the end of the connection and does the rest. */
static void
hang_up_oldest (WhepConnections *self)
{
  Visit *visit = g_queue_pop_head (&self->visits);
  GObject *remote =
      G_OBJECT (soup_server_message_get_remote_address (visit->message));
  GSocket *socket = g_object_get_data (remote, SOCKET_KEY);

  GST_DEBUG ("hanging up on %s",
      soup_server_message_get_remote_host (visit->message));
  g_socket_shutdown (socket, TRUE, TRUE, NULL);
  forget (visit);
  set_timer (self);
}

static gboolean
on_timer (gpointer user_data)
{
  WhepConnections *self = user_data;

  g_source_set_ready_time (self->timer, -1);
  if (!g_queue_is_empty (&self->visits))
    hang_up_oldest (self);
  return G_SOURCE_CONTINUE;
}

static void
on_request_started (SoupServer *server, SoupServerMessage *message,
    WhepConnections *self)
{
  Visit *visit = g_new (Visit, 1);

  visit->owner = self;
  visit->message = message;
  visit->started_us = g_get_monotonic_time ();
  g_object_weak_ref (G_OBJECT (message), on_message_gone, visit);
  g_queue_push_tail (&self->visits, visit);
  /* The oldest is the likeliest to be idle. */
  if (g_queue_get_length (&self->visits) > self->max)
    hang_up_oldest (self);
  if (g_queue_get_length (&self->visits) == 1)
    set_timer (self);
}

static gboolean
dispatch_timer (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs timer_funcs = {
  .dispatch = dispatch_timer,
};

WhepConnections *
whep_connections_new (SoupServer *server, guint max, gint64 patience_us)
{
  WhepConnections *self = g_new0 (WhepConnections, 1);

  self->server = server;
  self->max = max;
  self->patience_us = patience_us;
  g_queue_init (&self->visits);
  self->timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  self->handler = g_signal_connect (server, "request-started",
      G_CALLBACK (on_request_started), self);
  return self;
}

static gboolean
take_in (WhepConnections *self, GSocket *socket, GError **error)
{
  g_autoptr (GSocketAddress) local = NULL;
  g_autoptr (GSocketAddress) remote = NULL;
  g_autoptr (GSocketConnection) stream = NULL;

  local = g_socket_get_local_address (socket, error);
  if (local == NULL)
    return FALSE;
  remote = g_socket_get_remote_address (socket, error);
  if (remote == NULL)
    return FALSE;
  g_object_set_data_full (G_OBJECT (remote), SOCKET_KEY, g_object_ref (socket),
      g_object_unref);
  stream = g_socket_connection_factory_create_connection (socket);
  return soup_server_accept_iostream (self->server, G_IO_STREAM (stream), local,
      remote, error);
}

/* libsoup 3.2 would keep each socket that it accepts by itself in memory. */
static gboolean
on_incoming (GSocket *listener, GIOCondition condition, gpointer user_data)
{
  WhepConnections *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, &error);

  if (socket == NULL) {
    GST_WARNING ("could not accept a connection: %s", error->message);
    /* The likeliest reason: no file descriptor is left. */
    if (!g_queue_is_empty (&self->visits))
      hang_up_oldest (self);
    return G_SOURCE_CONTINUE;
  }
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
  if (!take_in (self, socket, &error))
    GST_DEBUG ("a connection is gone already: %s", error->message);
  return G_SOURCE_CONTINUE;
}

void
whep_connections_listen (WhepConnections *self, GSocket *socket)
{
  self->incoming = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (self->incoming, G_SOURCE_FUNC (on_incoming), self,
      NULL);
  g_source_attach (self->incoming, g_main_context_get_thread_default ());
}

void
whep_connections_free (WhepConnections *self)
{
  Visit *visit;

  if (self == NULL)
    return;
  g_signal_handler_disconnect (self->server, self->handler);
  while ((visit = g_queue_pop_head (&self->visits)) != NULL)
    forget (visit);
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  if (self->incoming != NULL)
    g_source_destroy (self->incoming);
  g_clear_pointer (&self->incoming, g_source_unref);
  g_free (self);
}
