/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fragmented MP4 over HTTP: see mp4endpoint-io.h. */

#include "ext/whep/http/mp4endpoint-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/request-io.h"

WHEP_CATEGORY ("whepmp4", "Fragmented MP4 over HTTP");

/* As of a WHEP offer. */
#define NOBODY_RETRY_S 2

struct _WhepMp4Endpoint
{
  WhepRegistry *registry;
  WhepAuthorizer *authorizer;
  WhepEndpoint *viewers;
  WhepConnections *connections;
  GQueue leaving; /* of Leaving */
};

/* A response whose connection is to leave. */
typedef struct
{
  WhepMp4Endpoint *owner;
  SoupServerMessage *message; /* owned */
  gchar *stream;
  GSource *source; /* nullable: once the head has been written */
} Leaving;

WhepMp4Endpoint *
whep_mp4_endpoint_new (WhepRegistry *registry, WhepAuthorizer *authorizer,
    WhepEndpoint *viewers)
{
  WhepMp4Endpoint *self = g_new0 (WhepMp4Endpoint, 1);

  self->registry = registry;
  self->authorizer = authorizer;
  self->viewers = viewers;
  g_queue_init (&self->leaving);
  return self;
}

static void
forget (Leaving *leaving)
{
  g_queue_remove (&leaving->owner->leaving, leaving);
  g_signal_handlers_disconnect_by_data (leaving->message, leaving);
  if (leaving->source != NULL) {
    g_source_destroy (leaving->source);
    g_source_unref (leaving->source);
  }
  g_object_unref (leaving->message);
  g_free (leaving->stream);
  g_free (leaving);
}

void
whep_mp4_endpoint_set_connections (WhepMp4Endpoint *self,
    WhepConnections *connections)
{
  self->connections = connections;
  while (connections == NULL && self->leaving.head != NULL)
    forget (self->leaving.head->data);
}

void
whep_mp4_endpoint_free (WhepMp4Endpoint *self)
{
  if (self == NULL)
    return;
  whep_mp4_endpoint_set_connections (self, NULL);
  g_free (self);
}

static WhepReaderFacts *
facts_new (const WhepRegistry *registry, SoupServerMessage *message,
    const gchar *stream)
{
  gchar id[WHEP_ICE_OUR_UFRAG + 1];
  gchar client[NET_CLIENT_MAX + 1];
  WhepReaderFacts facts = { 0 };

  whep_registry_new_ufrag (registry, id);
  whep_request_client (message, client);
  facts.id = g_strdup (id);
  facts.stream = g_strdup (stream);
  facts.client = g_strdup (client);
  facts.address = whep_request_dup_ip (message, &facts.port);
  facts.user_agent = whep_request_dup_user_agent (message);
  facts.since_us = g_get_monotonic_time ();
  return whep_reader_facts_new (&facts);
}

static gboolean
on_head_written (gpointer user_data)
{
  Leaving *leaving = user_data;
  WhepMp4Endpoint *self = leaving->owner;
  g_autoptr (SoupServerMessage) message = g_object_ref (leaving->message);
  g_autofree gchar *stream = g_steal_pointer (&leaving->stream);
  WhepReaderFacts *facts;
  WhepReaderParams params = {
    .is_chunked =
        soup_server_message_get_http_version (message) != SOUP_HTTP_1_0,
  };

  forget (leaving);
  params.socket = whep_connections_release (self->connections, message);
  if (params.socket == NULL)
    return G_SOURCE_REMOVE;
  facts = facts_new (self->registry, message, stream);
  params.stream = soup_server_message_steal_connection (message);
  GST_DEBUG ("%s: a connection has left for the readers", stream);
  whep_readers_take (self->registry->readers, facts, &params);
  return G_SOURCE_REMOVE;
}

/* Not from within the signal, because libsoup uses the connection after it; the
 * pause keeps it from ending the body. */
static void
on_wrote_headers (SoupServerMessage *message, Leaving *leaving)
{
  if (leaving->source != NULL)
    return;
  soup_server_message_pause (message);
  leaving->source = g_idle_source_new ();
  g_source_set_priority (leaving->source, G_PRIORITY_HIGH);
  g_source_set_callback (leaving->source, on_head_written, leaving, NULL);
  g_source_attach (leaving->source, g_main_context_get_thread_default ());
}

static void
on_finished (SoupServerMessage *message, Leaving *leaving)
{
  forget (leaving);
}

static void
begin (WhepMp4Endpoint *self, SoupServerMessage *message, const gchar *stream)
{
  Leaving *leaving = g_new0 (Leaving, 1);

  leaving->owner = self;
  leaving->message = g_object_ref (message);
  leaving->stream = g_strdup (stream);
  g_queue_push_tail (&self->leaving, leaving);
  g_signal_connect (message, "wrote-headers", G_CALLBACK (on_wrote_headers),
      leaving);
  g_signal_connect (message, "finished", G_CALLBACK (on_finished), leaving);
}

static gboolean
is_ready (const gchar *stream, gpointer user_data)
{
  const WhepMp4Endpoint *self = user_data;
  g_autofree gchar *codecs = NULL;

  return whep_readers_find (self->registry->readers, stream, &codecs);
}

/* Called once the reader has been authorized, and again once a pulled stream is
 * there. */
static void
take_reader (SoupServerMessage *message, const gchar *stream,
    gpointer user_data)
{
  WhepMp4Endpoint *self = user_data;
  gboolean is_get = soup_server_message_get_method (message) == SOUP_METHOD_GET;
  const WhepPullsWaiter waiter = { is_ready, take_reader, self };
  g_autofree gchar *codecs = NULL;
  gboolean is_here =
      whep_readers_find (self->registry->readers, stream, &codecs);

  /* Nothing is pulled for a reader that is not admitted. */
  if ((is_here || whep_pulls_is_possible (self->registry->pulls)) &&
      !whep_endpoint_check_reader (self->viewers, message, stream))
    return;
  whep_pulls_touch (self->registry->pulls, stream);
  if (!is_here) {
    if (whep_pulls_wait (self->registry->pulls, message, stream, &waiter))
      return;
    whep_reply_later (message, WHEP_PROBLEM_NOT_FOUND, NOBODY_RETRY_S,
        "Nobody publishes this stream as MP4 at the moment.");
    return;
  }
  whep_reply_mp4 (message, codecs);
  if (is_get && self->connections != NULL)
    begin (self, message, stream);
}

void
whep_mp4_endpoint_serve (WhepMp4Endpoint *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  whep_authorizer_check (self->authorizer, message, route->stream, take_reader,
      self);
}
