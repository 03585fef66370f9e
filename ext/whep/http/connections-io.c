/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTTP connections: see connections-io.h.
 *
 * libsoup 3.2 could accept by itself, but loses a socket object with each
 * connection, and stops for good when the machine has once no descriptor to
 * spare. It never closes a connection that ends between two requests either:
 * that is done here. What it reads of a connection comes by a request stream.
 */

#include "ext/whep/http/connections-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/clientcounts.h"
#include "ext/whep/http/handshakes-io.h"
#include "ext/whep/http/requeststream-io.h"
#include "ext/whep/http/socketclient-io.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

WHEP_CATEGORY ("whepconnections", "The HTTP connections of WHEP");

/* Before another try when the machine has no descriptor to spare. */
#define PAUSE_MS 100
/* Streams for each place: the end of one may still wait to be written when the
 * next one takes its place. */
#define STREAMS_PER_PLACE 2
/* Finds the connection's entry, at its remote address. */
#define ENTRY_KEY "whep-entry"
/* The connection's socket, beside it: libsoup doesn't know the sockets of
 * connections that it hasn't accepted. */
#define SOCKET_KEY "whep-socket"
/* When a message's first byte was read, at the message. */
#define ASKED_KEY "whep-asked"
/* Whether the connection is one of HTTPS, likewise. */
#define SECURE_KEY "whep-secure"
/* The peer sends no more. */
#define PEER_IS_DONE ((GIOCondition) POLLRDHUP)

typedef struct
{
  WhepConnections *owner;
  GSocketConnection *connection; /* the stream's; its end ends the entry */
  WhepRequestStream *stream;     /* the server's */
  GSource *end;                  /* waits for the peer's; NULL once it came */
  gint64 since_us;               /* it is free for a request */
  gboolean is_asking;            /* a request has begun, and has not ended */
  gboolean is_kept;              /* among those that take their time */
  gchar client[NET_CLIENT_MAX + 1];
} Entry;

struct _WhepConnections
{
  GSocket *listener;
  SoupServer *server;
  WhepHandshakes *handshakes; /* NULL without TLS */
  gulong handlers[3];
  GQueue entries;           /* of Entry, the oldest first */
  GQueue kept;              /* of Entry */
  WhepClientCounts *counts; /* of entries */
  guint max;
  guint max_per_client; /* 0: no limit */
  guint n_streams;      /* that are expected */
  gint64 patience_us;
  GSource *accept_source; /* or the pause before it */
  GSource *timer;         /* for the oldest */
};

static void
set_timer (WhepConnections *self)
{
  const Entry *oldest = g_queue_peek_head (&self->entries);

  g_source_set_ready_time (self->timer,
      oldest == NULL ? -1 : oldest->since_us + self->patience_us);
}

static void
drop_end (Entry *entry)
{
  if (entry->end == NULL)
    return;
  g_source_destroy (entry->end);
  g_clear_pointer (&entry->end, g_source_unref);
}

static void
free_entry (Entry *entry)
{
  drop_end (entry);
  g_free (entry);
}

static void
leave_queue (Entry *entry)
{
  WhepConnections *self = entry->owner;

  if (!entry->is_kept)
    whep_client_counts_remove (self->counts, entry->client);
  g_queue_remove (entry->is_kept ? &self->kept : &self->entries, entry);
}

/* As the newest of those that are free for a request. */
static void
join_queue (Entry *entry)
{
  WhepConnections *self = entry->owner;

  entry->is_kept = FALSE;
  entry->since_us = g_get_monotonic_time ();
  whep_client_counts_add (self->counts, entry->client);
  g_queue_push_tail (&self->entries, entry);
}

static void
on_connection_gone (gpointer user_data, GObject *connection)
{
  Entry *entry = user_data;
  WhepConnections *self = entry->owner;

  leave_queue (entry);
  free_entry (entry);
  set_timer (self);
}

static void
forget (Entry *entry)
{
  g_object_weak_unref (G_OBJECT (entry->connection), on_connection_gone, entry);
  free_entry (entry);
}

/* libsoup, if it still waits for something there, sees that it is closed. */
static void
hang_up (Entry *entry)
{
  WhepConnections *self = entry->owner;

  leave_queue (entry);
  GST_DEBUG ("closing a connection, %u are left", self->entries.length);
  whep_request_stream_end (entry->stream);
  g_socket_close (g_socket_connection_get_socket (entry->connection), NULL);
  forget (entry);
  set_timer (self);
}

static void
hang_up_oldest (WhepConnections *self)
{
  hang_up (g_queue_peek_head (&self->entries));
}

/* So a flood of connections displaces itself. */
static void
give_way (WhepConnections *self)
{
  GList *link = self->entries.head;

  while (link != NULL &&
      !whep_client_counts_has_most (self->counts,
          ((Entry *) link->data)->client))
    link = link->next;
  if (link != NULL)
    hang_up (link->data);
}

static void
limit_client (WhepConnections *self, const gchar *client)
{
  GList *link = self->entries.head;

  if (self->max_per_client == 0 ||
      whep_client_counts_get (self->counts, client) <= self->max_per_client)
    return;
  while (!g_str_equal (((Entry *) link->data)->client, client))
    link = link->next;
  hang_up (link->data);
}

/* Who asks and then sends no more is answered first; a stream of events has no
 * end that it would wait for. */
static gboolean
on_peer_is_done (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Entry *entry = user_data;

  drop_end (entry);
  if (!entry->is_asking || entry->is_kept)
    hang_up (entry);
  return G_SOURCE_REMOVE;
}

/* Of low priority: libsoup first reads what the peer has said before. */
static void
wait_for_end (Entry *entry)
{
  GSocket *socket = g_socket_connection_get_socket (entry->connection);

  entry->end = g_socket_create_source (socket, PEER_IS_DONE, NULL);
  g_source_set_priority (entry->end, G_PRIORITY_LOW);
  g_source_set_callback (entry->end, G_SOURCE_FUNC (on_peer_is_done), entry,
      NULL);
  g_source_attach (entry->end, g_main_context_get_thread_default ());
}

static gboolean
on_timer (gpointer user_data)
{
  WhepConnections *self = user_data;

  g_source_set_ready_time (self->timer, -1);
  if (!g_queue_is_empty (&self->entries))
    hang_up_oldest (self);
  return G_SOURCE_CONTINUE;
}

/* Returns: (nullable): NULL if the connection was closed: it may still have its
 * message. */
static Entry *
find_entry (WhepConnections *self, SoupServerMessage *message)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);
  Entry *entry = g_object_get_data (G_OBJECT (remote), ENTRY_KEY);

  if (g_queue_find (&self->entries, entry) == NULL &&
      g_queue_find (&self->kept, entry) == NULL)
    return NULL;
  return entry;
}

static void
renew (WhepConnections *self, Entry *entry)
{
  leave_queue (entry);
  join_queue (entry);
  set_timer (self);
}

static void
on_request_started (SoupServer *server, SoupServerMessage *message,
    WhepConnections *self)
{
  Entry *entry = find_entry (self, message);

  if (entry == NULL)
    return;
  entry->is_asking = TRUE;
  renew (self, entry);
  g_object_set_data_full (G_OBJECT (message), ASKED_KEY,
      g_memdup2 (&entry->since_us, sizeof (entry->since_us)), g_free);
}

static void
on_request_ended (SoupServer *server, SoupServerMessage *message,
    WhepConnections *self)
{
  Entry *entry = find_entry (self, message);

  if (entry == NULL)
    return;
  entry->is_asking = FALSE;
  whep_request_stream_next (entry->stream);
  if (entry->is_kept)
    renew (self, entry);
  if (entry->end == NULL)
    hang_up (entry);
}

void
whep_connections_keep (WhepConnections *self, SoupServerMessage *message)
{
  Entry *entry = find_entry (self, message);

  if (entry == NULL || entry->is_kept)
    return;
  leave_queue (entry);
  entry->is_kept = TRUE;
  g_queue_push_tail (&self->kept, entry);
  /* The oldest is the likeliest that nobody reads. */
  if (self->kept.length > STREAMS_PER_PLACE * self->n_streams)
    hang_up (g_queue_peek_head (&self->kept));
  set_timer (self);
}

GSocket *
whep_connections_release (WhepConnections *self, SoupServerMessage *message)
{
  Entry *entry = find_entry (self, message);
  GSocket *socket;

  if (entry == NULL)
    return NULL;
  socket = g_object_ref (g_socket_connection_get_socket (entry->connection));
  leave_queue (entry);
  forget (entry);
  set_timer (self);
  return socket;
}

/* Returns: (nullable): NULL unless these connections accepted it. */
static GSocket *
socket_of (SoupServerMessage *message)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);

  return g_object_get_data (G_OBJECT (remote), SOCKET_KEY);
}

/* libsoup, which waits for room to write or to be told to go on, sees that the
 * socket is closed. */
void
whep_connections_hang_up (SoupServerMessage *message)
{
  GSocket *socket = socket_of (message);

  g_return_if_fail (socket != NULL);
  g_socket_close (socket, NULL);
}

gboolean
whep_connections_is_over (SoupServerMessage *message)
{
  GSocket *socket = socket_of (message);

  return socket != NULL && g_socket_is_closed (socket);
}

gint64
whep_connections_asked_us (SoupServerMessage *message)
{
  const gint64 *asked_us = g_object_get_data (G_OBJECT (message), ASKED_KEY);

  return asked_us != NULL ? *asked_us : g_get_monotonic_time ();
}

gboolean
whep_connections_is_secure (SoupServerMessage *message)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);

  return g_object_get_data (G_OBJECT (remote), SECURE_KEY) != NULL;
}

static void
add (WhepConnections *self, GSocketConnection *connection,
    WhepRequestStream *stream, GSocketAddress *remote)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->owner = self;
  entry->connection = connection;
  entry->stream = stream;
  whep_socket_client (g_socket_connection_get_socket (connection),
      entry->client);
  wait_for_end (entry);
  g_object_weak_ref (G_OBJECT (connection), on_connection_gone, entry);
  g_object_set_data (G_OBJECT (remote), ENTRY_KEY, entry);
  g_object_set_data_full (G_OBJECT (remote), SOCKET_KEY,
      g_object_ref (g_socket_connection_get_socket (connection)),
      g_object_unref);
  join_queue (entry);
  /* The oldest is the likeliest to be idle. */
  limit_client (self, entry->client);
  if (self->entries.length > self->max)
    give_way (self);
  set_timer (self);
}

static void
serve (GSocket *socket, WhepTlsSocket *tls, gpointer user_data)
{
  WhepConnections *self = user_data;
  g_autoptr (GSocketConnection) connection =
      g_socket_connection_factory_create_connection (socket);
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (socket, NULL);
  g_autoptr (GSocketAddress) remote =
      g_socket_get_remote_address (socket, NULL);
  g_autoptr (WhepRequestStream) stream =
      whep_request_stream_new (connection, tls);

  /* Gone already. */
  if (local == NULL || remote == NULL)
    return;
  g_object_set_data (G_OBJECT (remote), SECURE_KEY, tls);
  add (self, connection, stream, remote);
  soup_server_accept_iostream (self->server, G_IO_STREAM (stream), local,
      remote, NULL);
}

static void
take (WhepConnections *self, GSocket *socket)
{
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  if (self->handshakes != NULL)
    whep_handshakes_begin (self->handshakes, socket);
  else
    serve (socket, NULL, self);
}

static void
watch (WhepConnections *self, GSource *source, GSourceFunc func)
{
  if (self->accept_source != NULL) {
    g_source_destroy (self->accept_source);
    g_source_unref (self->accept_source);
  }
  self->accept_source = source;
  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static gboolean on_pause_over (gpointer user_data);

static gboolean
on_waiting (GSocket *listener, GIOCondition condition, gpointer user_data)
{
  WhepConnections *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, &error);

  if (socket != NULL) {
    take (self, socket);
    return G_SOURCE_CONTINUE;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;
  GST_WARNING ("not accepting for %u ms: %s", PAUSE_MS, error->message);
  give_way (self);
  if (self->handshakes != NULL)
    whep_handshakes_give_way (self->handshakes);
  watch (self, g_timeout_source_new (PAUSE_MS), on_pause_over);
  return G_SOURCE_REMOVE;
}

static gboolean
on_pause_over (gpointer user_data)
{
  WhepConnections *self = user_data;

  watch (self, g_socket_create_source (self->listener, G_IO_IN, NULL),
      G_SOURCE_FUNC (on_waiting));
  return G_SOURCE_REMOVE;
}

/* libsoup keeps connections alive only while it listens somewhere itself: here
 * to a pair of sockets that nobody speaks into. */
static void
keep_alive (SoupServer *server)
{
  int ends[2];
  GSocket *sockets[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return;
  for (guint i = 0; i < 2; i++)
    sockets[i] = g_socket_new_from_fd (ends[i], NULL);
  soup_server_listen_socket (server, sockets[0], 0, NULL);
  g_object_unref (sockets[0]);
  g_object_set_data_full (G_OBJECT (server), "whep-silence", sockets[1],
      g_object_unref);
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
whep_connections_new (GSocket *listener, SoupServer *server, guint max,
    gint64 patience_us)
{
  WhepConnections *self = g_new0 (WhepConnections, 1);

  self->listener = g_object_ref (listener);
  self->server = server;
  self->counts = whep_client_counts_new ();
  self->max = max;
  self->n_streams = max;
  self->patience_us = patience_us;
  g_queue_init (&self->entries);
  g_queue_init (&self->kept);
  self->timer = g_source_new (&timer_funcs, sizeof (GSource));
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  self->handlers[0] = g_signal_connect (server, "request-started",
      G_CALLBACK (on_request_started), self);
  self->handlers[1] = g_signal_connect (server, "request-finished",
      G_CALLBACK (on_request_ended), self);
  self->handlers[2] = g_signal_connect (server, "request-aborted",
      G_CALLBACK (on_request_ended), self);
  keep_alive (server);
  watch (self, g_socket_create_source (listener, G_IO_IN, NULL),
      G_SOURCE_FUNC (on_waiting));
  return self;
}

void
whep_connections_expect_streams (WhepConnections *self, guint n_streams)
{
  self->n_streams = n_streams;
}

void
whep_connections_limit_clients (WhepConnections *self, guint max_per_client)
{
  g_return_if_fail (self->handshakes == NULL);
  self->max_per_client = max_per_client;
}

void
whep_connections_use_tls (WhepConnections *self, NetCredentials *credentials,
    gint64 patience_us)
{
  const WhepHandshakesLimits limits = {
    .max = WHEP_HANDSHAKES_MAX,
    .max_per_client = self->max_per_client,
    .patience_us = patience_us,
  };

  g_return_if_fail (self->handshakes == NULL);
  self->handshakes = whep_handshakes_new (credentials, &limits, serve, self);
}

void
whep_connections_free (WhepConnections *self)
{
  Entry *entry;

  if (self == NULL)
    return;
  whep_handshakes_free (self->handshakes);
  for (guint i = 0; i < G_N_ELEMENTS (self->handlers); i++)
    g_signal_handler_disconnect (self->server, self->handlers[i]);
  while ((entry = g_queue_pop_head (&self->entries)) != NULL ||
      (entry = g_queue_pop_head (&self->kept)) != NULL)
    forget (entry);
  g_source_destroy (self->accept_source);
  g_source_unref (self->accept_source);
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_object_unref (self->listener);
  whep_client_counts_free (self->counts);
  g_free (self);
}
