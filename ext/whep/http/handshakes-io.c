/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connections before their first request: see handshakes-io.h.
 *
 * A handshake costs a signature, up to some milliseconds with a large RSA key.
 * So a turn of the main loop does one step of one handshake, and a request
 * waits no longer than that, however many handshakes there are.
 */

#include "ext/whep/http/handshakes-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/clientcounts.h"
#include "ext/whep/http/socketclient-io.h"

#include <errno.h>
#include <sys/socket.h>

WHEP_CATEGORY ("whephandshakes", "The TLS handshakes of WHEP");

/* RFC 8446 section 5.1: the type of the record that begins a handshake. */
#define TLS_HANDSHAKE 22

typedef struct
{
  WhepHandshakes *owner;
  GSocket *socket;
  WhepTlsSocket *tls; /* NULL before the first byte */
  GSource *source;    /* waits for the peer; NULL while it waits for us */
  gint64 until_us;
  gchar client[NET_CLIENT_MAX + 1];
} Handshake;

struct _WhepHandshakes
{
  NetCredentials *credentials;
  WhepHandshakesLimits limits;
  WhepClientCounts *counts; /* of all */
  WhepHandshakesFunc func;
  gpointer user_data;
  GQueue all;     /* of Handshake, the oldest first */
  GQueue waiting; /* those of them that wait for us, likewise */
  GSource *timer; /* for the oldest */
  GSource *turn;  /* ready while one waits */
};

static void
set_timer (WhepHandshakes *self)
{
  const Handshake *oldest = g_queue_peek_head (&self->all);

  g_source_set_ready_time (self->timer, oldest == NULL ? -1 : oldest->until_us);
}

static void
set_turn (WhepHandshakes *self)
{
  g_source_set_ready_time (self->turn,
      g_queue_is_empty (&self->waiting) ? -1 : 0);
}

static void
drop_source (Handshake *handshake)
{
  if (handshake->source == NULL)
    return;
  g_source_destroy (handshake->source);
  g_clear_pointer (&handshake->source, g_source_unref);
}

static void
leave (Handshake *handshake)
{
  WhepHandshakes *self = handshake->owner;

  g_queue_remove (&self->all, handshake);
  whep_client_counts_remove (self->counts, handshake->client);
  g_queue_remove (&self->waiting, handshake);
  drop_source (handshake);
  set_timer (self);
  set_turn (self);
}

static void
free_handshake (Handshake *handshake)
{
  g_clear_pointer (&handshake->tls, whep_tls_socket_unref);
  g_object_unref (handshake->socket);
  g_free (handshake);
}

static void
close_early (Handshake *handshake, const gchar *why)
{
  GST_DEBUG ("%s: closing before the first request: %s", handshake->client,
      why);
  leave (handshake);
  g_socket_close (handshake->socket, NULL);
  free_handshake (handshake);
}

static void
finish (Handshake *handshake)
{
  WhepHandshakes *self = handshake->owner;

  leave (handshake);
  self->func (handshake->socket, handshake->tls, self->user_data);
  free_handshake (handshake);
}

static gboolean
on_peer (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Handshake *handshake = user_data;
  WhepHandshakes *self = handshake->owner;

  g_clear_pointer (&handshake->source, g_source_unref);
  g_queue_push_tail (&self->waiting, handshake);
  set_turn (self);
  return G_SOURCE_REMOVE;
}

static void
wait_for_peer (Handshake *handshake)
{
  handshake->source = g_socket_create_source (handshake->socket, G_IO_IN, NULL);
  g_source_set_callback (handshake->source, G_SOURCE_FUNC (on_peer), handshake,
      NULL);
  g_source_attach (handshake->source, g_main_context_get_thread_default ());
}

static void
shake_hands (Handshake *handshake)
{
  g_autoptr (GError) error = NULL;

  if (whep_tls_socket_shake_hands (handshake->tls, &error))
    finish (handshake);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    wait_for_peer (handshake);
  else
    close_early (handshake, error->message);
}

static void
look_at_first_byte (Handshake *handshake)
{
  guint8 byte;
  gssize n;

  do
    n = recv (g_socket_get_fd (handshake->socket), &byte, 1,
        MSG_PEEK | MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN) {
    wait_for_peer (handshake);
  } else if (n <= 0) {
    close_early (handshake, "the peer has closed the connection");
  } else if (byte == TLS_HANDSHAKE) {
    handshake->tls = whep_tls_socket_new (handshake->socket,
        net_credentials_context (handshake->owner->credentials));
    shake_hands (handshake);
  } else {
    finish (handshake);
  }
}

static gboolean
on_turn (gpointer user_data)
{
  WhepHandshakes *self = user_data;
  Handshake *next = g_queue_pop_head (&self->waiting);

  set_turn (self);
  if (next == NULL)
    return G_SOURCE_CONTINUE;
  if (next->tls == NULL)
    look_at_first_byte (next);
  else
    shake_hands (next);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_timer (gpointer user_data)
{
  WhepHandshakes *self = user_data;

  g_source_set_ready_time (self->timer, -1);
  if (!g_queue_is_empty (&self->all))
    close_early (g_queue_peek_head (&self->all), "it takes too long");
  return G_SOURCE_CONTINUE;
}

/* So a flood of connections displaces itself. */
void
whep_handshakes_give_way (WhepHandshakes *self)
{
  GList *link = self->all.head;

  while (link != NULL &&
      !whep_client_counts_has_most (self->counts,
          ((Handshake *) link->data)->client))
    link = link->next;
  if (link != NULL)
    close_early (link->data, "others need its place");
}

static void
limit_client (WhepHandshakes *self, const gchar *client)
{
  GList *link = self->all.head;

  if (self->limits.max_per_client == 0 ||
      whep_client_counts_get (self->counts, client) <=
          self->limits.max_per_client)
    return;
  while (!g_str_equal (((Handshake *) link->data)->client, client))
    link = link->next;
  close_early (link->data, "its client has too many");
}

void
whep_handshakes_begin (WhepHandshakes *self, GSocket *socket)
{
  Handshake *handshake = g_new0 (Handshake, 1);

  handshake->owner = self;
  handshake->socket = g_object_ref (socket);
  handshake->until_us = g_get_monotonic_time () + self->limits.patience_us;
  whep_socket_client (socket, handshake->client);
  wait_for_peer (handshake);
  g_queue_push_tail (&self->all, handshake);
  whep_client_counts_add (self->counts, handshake->client);
  limit_client (self, handshake->client);
  if (self->all.length > self->limits.max)
    whep_handshakes_give_way (self);
  set_timer (self);
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  return callback (user_data);
}

static GSourceFuncs source_funcs = {
  .dispatch = dispatch,
};

static GSource *
attach (WhepHandshakes *self, GSourceFunc func)
{
  GSource *source = g_source_new (&source_funcs, sizeof (GSource));

  g_source_set_callback (source, func, self, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  return source;
}

WhepHandshakes *
whep_handshakes_new (NetCredentials *credentials,
    const WhepHandshakesLimits *limits, WhepHandshakesFunc func,
    gpointer user_data)
{
  WhepHandshakes *self = g_new0 (WhepHandshakes, 1);

  self->credentials = credentials;
  self->limits = *limits;
  self->counts = whep_client_counts_new ();
  self->func = func;
  self->user_data = user_data;
  g_queue_init (&self->all);
  g_queue_init (&self->waiting);
  self->timer = attach (self, on_timer);
  self->turn = attach (self, on_turn);
  return self;
}

void
whep_handshakes_free (WhepHandshakes *self)
{
  if (self == NULL)
    return;
  while (!g_queue_is_empty (&self->all))
    close_early (g_queue_peek_head (&self->all), "the server stops");
  whep_client_counts_free (self->counts);
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_source_destroy (self->turn);
  g_source_unref (self->turn);
  g_free (self);
}
