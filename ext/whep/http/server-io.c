/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTTP thread: see server-io.h. */

#include "ext/whep/http/server-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/connections-io.h"
#include "ext/whep/http/handshakes-io.h"
#include "ext/whep/http/httpsredirect-io.h"
#include "ext/whep/http/httpsrenewal-io.h"
#include "ext/whep/http/journalreaders-io.h"
#include "ext/whep/http/listreaders-io.h"
#include "ext/whep/http/process-io.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/router-io.h"
#include "ext/whep/media/mailbox-io.h"
#include "gst/net/tcplisten-io.h"

#include <glib-unix.h>

WHEP_CATEGORY ("whephttp", "The HTTP thread of WHEP");

/* Otherwise a drain could not ask each viewer to leave. */
G_STATIC_ASSERT (WHEP_SUBSCRIBERS_MAX >= WHEP_MEDIA_MAX_VIEWERS);

typedef enum
{
  MESSAGE_BEGIN_TRACK,
  MESSAGE_B_FRAMES,
  MESSAGE_UNTOUCHED,
  MESSAGE_VIA,
  MESSAGE_UNPLAYABLE,
  MESSAGE_INGEST,
  MESSAGE_END_TRACK,
  MESSAGE_VIEWER_CONNECTED,
  MESSAGE_VIEWER_LEFT,
  MESSAGE_EVENT,
  MESSAGE_FUNC,
  MESSAGE_STOP,
} MessageKind;

typedef struct
{
  WhepMail head;
  MessageKind kind;
  guint64 track_id;
  gchar *name; /* of a stream, or a viewer's ufrag */
  gchar *why;
  gchar *codec;
  WhepTrackKind track_kind;
  const gchar *encoding_name; /* interned */
  guint32 profile_level_id;
  const gchar *rendition; /* interned */
  WhepDemand *demand;     /* owned */
  WhepIngest *ingest;     /* owned */
  WhepAddress address;    /* a viewer's */
  guint64 n_bytes;        /* that a viewer was sent */
  WhepHttpFunc func;
  gpointer func_data;
  GDestroyNotify free_func; /* of func_data; nullable */
} Message;

struct _WhepHttp
{
  GThread *thread;
  WhepMailbox *mailbox;
  WhepMedia *media;
  WhepReaders *readers;
  guint16 port;
  gchar *fingerprint; /* NULL without HTTPS */
  gboolean is_https_only;
  Journal *journal; /* nullable */
  gint has_event;   /* atomic: a message about events has been posted */

  /* All below is the HTTP thread's alone once that runs. */
  GMainContext *context;
  GMainLoop *loop;
  GSource *mailbox_source;
  SoupServer *server;
  NetCredentials *credentials; /* NULL without HTTPS */
  WhepHttpsRenewal *renewal;   /* NULL without a certificate of our own */
  WhepConnections *connections;
  WhepRouter *router;
};

static void
message_free (Message *message)
{
  g_free (message->name);
  g_free (message->why);
  g_free (message->codec);
  whep_demand_unref (message->demand);
  whep_ingest_free (message->ingest);
  if (message->free_func != NULL)
    message->free_func (message->func_data);
  g_free (message);
}

static void
begin_track (WhepRegistry *registry, const Message *message)
{
  whep_directory_begin_track (registry->directory, message->track_id,
      message->name, message->track_kind, message->encoding_name,
      message->profile_level_id, g_get_real_time ());
  if (message->demand != NULL)
    whep_directory_offer_rendition (registry->directory, message->track_id,
        message->rendition, message->demand);
  whep_registry_count_demand (registry, message->name);
  whep_subscribers_publisher_changed (registry->events);
}

static void
handle_message (WhepHttp *self, Message *message)
{
  WhepRegistry *registry = whep_router_registry (self->router);

  switch (message->kind) {
    case MESSAGE_BEGIN_TRACK:
      begin_track (registry, message);
      return;
    case MESSAGE_B_FRAMES:
      whep_directory_note_b_frames (registry->directory, message->track_id,
          message->why, message->demand);
      whep_registry_count_demand (registry, message->name);
      return;
    case MESSAGE_UNTOUCHED:
      whep_directory_offer_untouched (registry->directory, message->name);
      return;
    case MESSAGE_VIA:
      whep_directory_note_via (registry->directory, message->track_id,
          message->why);
      return;
    case MESSAGE_UNPLAYABLE:
      whep_directory_note_unplayable (registry->directory, message->track_id,
          message->name, message->track_kind, message->codec, message->why,
          g_get_real_time ());
      return;
    case MESSAGE_INGEST:
      whep_router_take_ingest (self->router,
          g_steal_pointer (&message->ingest));
      return;
    case MESSAGE_END_TRACK:
      whep_directory_end_track (registry->directory, message->track_id);
      whep_subscribers_publisher_changed (registry->events);
      return;
    case MESSAGE_VIEWER_CONNECTED:
      whep_registry_connect (registry, message->name, &message->address);
      return;
    case MESSAGE_VIEWER_LEFT:
      whep_registry_leave (registry, message->name, message->why,
          message->n_bytes);
      return;
    case MESSAGE_EVENT:
      g_atomic_int_set (&self->has_event, FALSE);
      whep_router_update_journal (self->router);
      return;
    case MESSAGE_FUNC:
      message->func (self->router, message->func_data);
      return;
    case MESSAGE_STOP:
      g_main_loop_quit (self->loop);
      return;
  }
}

static gboolean
read_mailbox (gint fd, GIOCondition condition, gpointer user_data)
{
  WhepHttp *self = user_data;
  WhepMail *mails = whep_mailbox_take (self->mailbox);
  Message *message;

  while ((message = (Message *) whep_mail_pop (&mails)) != NULL) {
    handle_message (self, message);
    message_free (message);
  }
  return G_SOURCE_CONTINUE;
}

static void
on_headers (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  WhepHttp *self = user_data;

  whep_router_check_headers (self->router, message);
  if (self->is_https_only)
    whep_https_redirect_check (message);
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  WhepHttp *self = user_data;

  whep_router_serve (self->router, message);
  if (whep_reply_is_stream (message))
    whep_connections_keep (self->connections, message);
}

static gboolean
open_credentials (WhepHttp *self, const WhepHttpsParams *params, GError **error)
{
  g_autoptr (GError) own_error = NULL;

  self->is_https_only = params->is_only;
  self->credentials = whep_https_credentials_open (params, &own_error);
  if (own_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&own_error));
    return FALSE;
  }
  if (self->credentials != NULL)
    self->fingerprint = net_credentials_dup_fingerprint (self->credentials);
  return TRUE;
}

static void
serve_https (WhepHttp *self, const WhepHttpsParams *params)
{
  const gchar *folder = whep_https_self_signed_folder (params);

  if (self->credentials == NULL)
    return;
  whep_connections_use_tls (self->connections, self->credentials,
      params->patience_us > 0 ? params->patience_us
                              : WHEP_HANDSHAKES_PATIENCE_US);
  if (folder != NULL)
    self->renewal = whep_https_renewal_new (folder, self->credentials);
}

/* To be called with our context as the thread's default one. */
static gboolean
start_server (WhepHttp *self, const WhepHttpParams *params, GError **error)
{
  g_autoptr (GSocket) listener =
      net_tcp_listen (params->address, params->port, error);

  if (listener == NULL)
    return FALSE;
  self->port = net_tcp_port (listener);
  /* A name may hold a percent-encoded slash: paths are decoded by the route. */
  self->server = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_early_handler (self->server, NULL, on_headers, self, NULL);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  self->connections = whep_connections_new (listener, self->server,
      WHEP_CONNECTIONS_MAX, WHEP_CONNECTIONS_PATIENCE_US);
  whep_connections_expect_streams (self->connections,
      whep_subscribers_limit (whep_process_max_fds ()) +
          WHEP_JOURNAL_READERS_MAX + WHEP_LIST_READERS_MAX);
  whep_connections_limit_clients (self->connections,
      params->max_connections_per_address);
  serve_https (self, &params->https);
  whep_router_set_connections (self->router, self->connections);
  return TRUE;
}

static void
stop_server (WhepHttp *self)
{
  if (self->server == NULL)
    return;
  whep_router_set_connections (self->router, NULL);
  g_clear_pointer (&self->renewal, whep_https_renewal_free);
  g_clear_pointer (&self->connections, whep_connections_free);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
}

static gpointer
run (gpointer user_data)
{
  WhepHttp *self = user_data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  whep_router_close (self->router);
  stop_server (self);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static Message *
message_new (MessageKind kind)
{
  Message *message = g_new0 (Message, 1);

  message->kind = kind;
  return message;
}

static void
post (WhepHttp *self, Message *message)
{
  whep_mailbox_post (self->mailbox, &message->head);
}

static void
on_viewer_connected (const gchar *ufrag, const WhepAddress *address,
    gpointer user_data)
{
  Message *message = message_new (MESSAGE_VIEWER_CONNECTED);

  message->name = g_strdup (ufrag);
  message->address = *address;
  post (user_data, message);
}

static void
on_viewer_closed (const gchar *ufrag, const gchar *why,
    const WhepViewerStats *stats, gpointer user_data)
{
  Message *message = message_new (MESSAGE_VIEWER_LEFT);

  message->name = g_strdup (ufrag);
  message->why = g_strdup (why);
  message->n_bytes = stats->n_bytes;
  post (user_data, message);
}

/* Called by any thread; all events that come until the message is read are read
 * with it. */
static void
on_appended (gpointer user_data)
{
  WhepHttp *self = user_data;

  if (g_atomic_int_compare_and_exchange (&self->has_event, FALSE, TRUE))
    post (self, message_new (MESSAGE_EVENT));
}

static const WhepMediaListener listener = {
  .connected = on_viewer_connected,
  .closed = on_viewer_closed,
};

/* What publishers post is read before what came by HTTP after it. */
static void
watch_mailbox (WhepHttp *self)
{
  self->mailbox_source =
      g_unix_fd_source_new (whep_mailbox_fd (self->mailbox), G_IO_IN);
  g_source_set_callback (self->mailbox_source, G_SOURCE_FUNC (read_mailbox),
      self, NULL);
  g_source_set_priority (self->mailbox_source, G_PRIORITY_HIGH);
  g_source_attach (self->mailbox_source, self->context);
}

static gboolean
start (WhepHttp *self, const WhepHttpParams *params,
    const WhepCertificate *certificate, GError **error)
{
  gboolean is_listening;

  self->mailbox = whep_mailbox_new (error);
  if (self->mailbox == NULL)
    return FALSE;
  self->readers = whep_readers_new (&params->readers, error);
  if (self->readers == NULL)
    return FALSE;
  self->router =
      whep_router_new (params, self->media, self->readers, certificate, error);
  if (self->router == NULL || !open_credentials (self, &params->https, error))
    return FALSE;
  watch_mailbox (self);
  g_main_context_push_thread_default (self->context);
  is_listening = start_server (self, params, error);
  g_main_context_pop_thread_default (self->context);
  return is_listening;
}

WhepHttp *
whep_http_new (const WhepHttpParams *params, WhepMedia *media,
    const WhepCertificate *certificate, GError **error)
{
  WhepHttp *self = g_new0 (WhepHttp, 1);

  self->media = media;
  if (params->journal != NULL)
    self->journal = journal_ref (params->journal);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  if (!start (self, params, certificate, error)) {
    whep_http_free (self);
    return NULL;
  }
  GST_DEBUG ("listening on port %u", self->port);
  whep_media_set_listener (media, &listener, self);
  if (self->journal != NULL &&
      !journal_watch (self->journal, on_appended, self))
    GST_WARNING ("too many elements share the journal: its readers get events "
                 "only when they connect");
  self->thread = g_thread_new ("whep-http", run, self);
  return self;
}

static void
free_messages (WhepHttp *self)
{
  WhepMail *mails = whep_mailbox_take (self->mailbox);
  Message *message;

  while ((message = (Message *) whep_mail_pop (&mails)) != NULL)
    message_free (message);
}

void
whep_http_free (WhepHttp *self)
{
  if (self == NULL)
    return;
  if (self->thread != NULL) {
    whep_media_set_listener (self->media, NULL, NULL);
    if (self->journal != NULL)
      journal_unwatch (self->journal, on_appended, self);
    post (self, message_new (MESSAGE_STOP));
    g_thread_join (self->thread);
    /* Posted after the stop: nothing reads them any more. */
    free_messages (self);
  }
  stop_server (self);
  if (self->mailbox_source != NULL)
    g_source_destroy (self->mailbox_source);
  g_clear_pointer (&self->mailbox_source, g_source_unref);
  whep_router_free (self->router);
  whep_readers_free (self->readers);
  whep_mailbox_free (self->mailbox);
  net_credentials_free (self->credentials);
  journal_unref (self->journal);
  g_free (self->fingerprint);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
}

WhepReaders *
whep_http_readers (WhepHttp *self)
{
  return self->readers;
}

guint16
whep_http_port (const WhepHttp *self)
{
  return self->port;
}

const gchar *
whep_http_fingerprint (const WhepHttp *self)
{
  return self->fingerprint;
}

static Message *
begin_message_new (guint64 id, const gchar *stream, WhepTrackKind kind,
    const gchar *encoding_name, guint32 profile_level_id)
{
  Message *message = message_new (MESSAGE_BEGIN_TRACK);

  message->track_id = id;
  message->name = g_strdup (stream);
  message->track_kind = kind;
  message->encoding_name = g_intern_string (encoding_name);
  message->profile_level_id = profile_level_id;
  return message;
}

void
whep_http_begin_track (WhepHttp *self, guint64 id, const gchar *stream,
    WhepTrackKind kind, const gchar *encoding_name, guint32 profile_level_id)
{
  post (self,
      begin_message_new (id, stream, kind, encoding_name, profile_level_id));
}

void
whep_http_begin_track_with (WhepHttp *self, guint64 id, const gchar *stream,
    const gchar *encoding_name, guint32 profile_level_id,
    const gchar *rendition, WhepDemand *demand)
{
  Message *message = begin_message_new (id, stream, WHEP_VIDEO, encoding_name,
      profile_level_id);

  message->rendition = g_intern_string (rendition);
  message->demand = whep_demand_ref (demand);
  post (self, message);
}

void
whep_http_note_b_frames (WhepHttp *self, guint64 id, const gchar *stream,
    const gchar *what_is_done, WhepDemand *transcode)
{
  Message *message = message_new (MESSAGE_B_FRAMES);

  message->track_id = id;
  message->name = g_strdup (stream);
  message->why = g_strdup (what_is_done);
  message->demand = whep_demand_ref (transcode);
  post (self, message);
}

void
whep_http_offer_untouched (WhepHttp *self, const gchar *stream)
{
  Message *message = message_new (MESSAGE_UNTOUCHED);

  message->name = g_strdup (stream);
  post (self, message);
}

void
whep_http_note_via (WhepHttp *self, guint64 id, const gchar *via)
{
  Message *message;

  if (via == NULL)
    return;
  message = message_new (MESSAGE_VIA);
  message->track_id = id;
  message->why = g_strdup (via);
  post (self, message);
}

void
whep_http_take_ingest (WhepHttp *self, WhepIngest *ingest)
{
  Message *message = message_new (MESSAGE_INGEST);

  message->ingest = ingest;
  post (self, message);
}

void
whep_http_note_unplayable (WhepHttp *self, guint64 id, const gchar *stream,
    WhepTrackKind kind, const gchar *codec, const gchar *reason)
{
  Message *message = message_new (MESSAGE_UNPLAYABLE);

  message->track_id = id;
  message->name = g_strdup (stream);
  message->track_kind = kind;
  message->codec = g_strdup (codec);
  message->why = g_strdup (reason);
  post (self, message);
}

void
whep_http_end_track (WhepHttp *self, guint64 id)
{
  Message *message = message_new (MESSAGE_END_TRACK);

  message->track_id = id;
  post (self, message);
}

static Message *
func_message_new (WhepHttpFunc func, gpointer user_data,
    GDestroyNotify free_func)
{
  Message *message = message_new (MESSAGE_FUNC);

  message->func = func;
  message->func_data = user_data;
  message->free_func = free_func;
  return message;
}

void
whep_http_post (WhepHttp *self, WhepHttpFunc func, gpointer user_data,
    GDestroyNotify free_func)
{
  post (self, func_message_new (func, user_data, free_func));
}

void
whep_http_offer (WhepHttp *self, WhepHttpFunc func, gpointer user_data,
    GDestroyNotify free_func)
{
  Message *message = func_message_new (func, user_data, free_func);

  if (!whep_mailbox_offer (self->mailbox, &message->head, WHEP_MAILBOX_MAX))
    message_free (message);
}

WhepRouter *
whep_http_own_router (WhepHttp *self)
{
  return g_main_context_is_owner (self->context) ? self->router : NULL;
}
