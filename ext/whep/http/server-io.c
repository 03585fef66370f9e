/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTTP thread: see server-io.h. */

#include "ext/whep/http/server-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/connections-io.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/router-io.h"
#include "ext/whep/media/mailbox-io.h"

#include <glib-unix.h>
#include <netinet/in.h>

WHEP_CATEGORY ("whephttp", "The HTTP thread of WHEP");

/* Connections that wait to be accepted: each is accepted at once. */
#define BACKLOG 128

/* Or streams would be hung up on that somebody reads. */
G_STATIC_ASSERT (WHEP_SUBSCRIBERS_MAX <= WHEP_CONNECTIONS_MAX);

typedef enum
{
  MAIL_BEGIN_TRACK,
  MAIL_B_FRAMES,
  MAIL_UNPLAYABLE,
  MAIL_INGEST,
  MAIL_END_TRACK,
  MAIL_VIEWER_CONNECTED,
  MAIL_VIEWER_LEFT,
  MAIL_STOP,
} MailKind;

typedef struct
{
  WhepMail head;
  MailKind kind;
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
} Mail;

struct _WhepHttp
{
  GThread *thread;
  WhepMailbox *mailbox;
  WhepMedia *media;
  guint16 port;

  /* All below is the HTTP thread's alone once that runs. */
  GMainContext *context;
  GMainLoop *loop;
  GSource *mail_source;
  SoupServer *server;
  WhepConnections *connections;
  WhepRouter *router;
};

static void
mail_free (Mail *mail)
{
  g_free (mail->name);
  g_free (mail->why);
  g_free (mail->codec);
  whep_demand_unref (mail->demand);
  whep_ingest_free (mail->ingest);
  g_free (mail);
}

static void
begin_track (WhepRegistry *registry, const Mail *mail)
{
  whep_directory_begin_track (registry->directory, mail->track_id, mail->name,
      mail->track_kind, mail->encoding_name, mail->profile_level_id,
      g_get_real_time ());
  if (mail->demand != NULL)
    whep_directory_offer_rendition (registry->directory, mail->track_id,
        mail->rendition, mail->demand);
  whep_registry_count_demand (registry, mail->name);
  whep_subscribers_publisher_changed (registry->events);
}

static void
read_mail (WhepHttp *self, Mail *mail)
{
  WhepRegistry *registry = whep_router_registry (self->router);

  switch (mail->kind) {
    case MAIL_BEGIN_TRACK:
      begin_track (registry, mail);
      return;
    case MAIL_B_FRAMES:
      whep_directory_note_b_frames (registry->directory, mail->track_id,
          mail->why);
      return;
    case MAIL_UNPLAYABLE:
      whep_directory_note_unplayable (registry->directory, mail->track_id,
          mail->name, mail->track_kind, mail->codec, mail->why,
          g_get_real_time ());
      return;
    case MAIL_INGEST:
      whep_router_take_ingest (self->router, g_steal_pointer (&mail->ingest));
      return;
    case MAIL_END_TRACK:
      whep_directory_end_track (registry->directory, mail->track_id);
      whep_subscribers_publisher_changed (registry->events);
      return;
    case MAIL_VIEWER_CONNECTED:
      whep_registry_connect (registry, mail->name, &mail->address);
      return;
    case MAIL_VIEWER_LEFT:
      whep_registry_leave (registry, mail->name, mail->why);
      return;
    case MAIL_STOP:
      g_main_loop_quit (self->loop);
      return;
  }
}

static gboolean
read_mailbox (gint fd, GIOCondition condition, gpointer user_data)
{
  WhepHttp *self = user_data;
  WhepMail *head = whep_mailbox_take (self->mailbox);

  while (head != NULL) {
    WhepMail *next = head->next;

    read_mail (self, (Mail *) head);
    mail_free ((Mail *) head);
    head = next;
  }
  return G_SOURCE_CONTINUE;
}

static void
on_headers (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  WhepHttp *self = user_data;

  whep_router_check_headers (self->router, message);
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
listen_on (GSocket *socket, GInetAddress *ip, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (ip, port);

  /* Some machines have this the other way round by default. */
  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_IPV6 &&
      !g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, 0, error))
    return FALSE;
  if (!g_socket_bind (socket, address, TRUE, error))
    return FALSE;
  g_socket_set_listen_backlog (socket, BACKLOG);
  return g_socket_listen (socket, error);
}

static GSocket *
open_socket (GInetAddress *ip, guint16 port, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new (g_inet_address_get_family (ip),
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL || !listen_on (socket, ip, port, error))
    return NULL;
  return g_steal_pointer (&socket);
}

static GSocket *
open_any (const gchar *address, guint16 port, GError **error)
{
  g_autoptr (GInetAddress) ip = g_inet_address_new_from_string (address);
  g_autoptr (GError) first_error = NULL;
  GSocket *socket;

  if (ip == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "“%s” is not an IP address", address);
    return NULL;
  }
  socket = open_socket (ip, port, &first_error);
  if (socket != NULL)
    return socket;
  if (g_str_equal (address, "::") &&
      !g_error_matches (first_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    return open_any ("0.0.0.0", port, error);
  g_propagate_error (error, g_steal_pointer (&first_error));
  return NULL;
}

static guint16
port_of (GSocket *socket)
{
  g_autoptr (GSocketAddress) address =
      g_socket_get_local_address (socket, NULL);

  g_assert (G_IS_INET_SOCKET_ADDRESS (address));
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

/* To be called with our context as the thread's default one. */
static gboolean
start_server (WhepHttp *self, const WhepHttpParams *params, GError **error)
{
  g_autoptr (GSocket) listener =
      open_any (params->address, params->port, error);

  if (listener == NULL)
    return FALSE;
  self->port = port_of (listener);
  /* A name may hold a percent-encoded slash: paths are decoded by the route. */
  self->server = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_early_handler (self->server, NULL, on_headers, self, NULL);
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  self->connections = whep_connections_new (listener, self->server,
      WHEP_CONNECTIONS_MAX, WHEP_CONNECTIONS_PATIENCE_US);
  return TRUE;
}

static void
stop_server (WhepHttp *self)
{
  if (self->server == NULL)
    return;
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

static Mail *
mail_new (MailKind kind)
{
  Mail *mail = g_new0 (Mail, 1);

  mail->kind = kind;
  return mail;
}

static void
post (WhepHttp *self, Mail *mail)
{
  whep_mailbox_post (self->mailbox, &mail->head);
}

static void
on_viewer_connected (const gchar *ufrag, const WhepAddress *address,
    gpointer user_data)
{
  Mail *mail = mail_new (MAIL_VIEWER_CONNECTED);

  mail->name = g_strdup (ufrag);
  mail->address = *address;
  post (user_data, mail);
}

static void
on_viewer_closed (const gchar *ufrag, const gchar *why,
    const WhepViewerStats *stats, gpointer user_data)
{
  Mail *mail = mail_new (MAIL_VIEWER_LEFT);

  mail->name = g_strdup (ufrag);
  mail->why = g_strdup (why);
  post (user_data, mail);
}

static const WhepMediaListener listener = {
  .connected = on_viewer_connected,
  .closed = on_viewer_closed,
};

/* What publishers post is read before what came by HTTP after it. */
static void
watch_mailbox (WhepHttp *self)
{
  self->mail_source =
      g_unix_fd_source_new (whep_mailbox_fd (self->mailbox), G_IO_IN);
  g_source_set_callback (self->mail_source, G_SOURCE_FUNC (read_mailbox), self,
      NULL);
  g_source_set_priority (self->mail_source, G_PRIORITY_HIGH);
  g_source_attach (self->mail_source, self->context);
}

static gboolean
start (WhepHttp *self, const WhepHttpParams *params,
    const WhepCertificate *certificate, GError **error)
{
  gboolean is_listening;

  self->mailbox = whep_mailbox_new (error);
  if (self->mailbox == NULL)
    return FALSE;
  self->router = whep_router_new (params, self->media, certificate, error);
  if (self->router == NULL)
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
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  if (!start (self, params, certificate, error)) {
    whep_http_free (self);
    return NULL;
  }
  GST_DEBUG ("listening on port %u", self->port);
  whep_media_set_listener (media, &listener, self);
  self->thread = g_thread_new ("whep-http", run, self);
  return self;
}

static void
free_mails (WhepHttp *self)
{
  WhepMail *mail = whep_mailbox_take (self->mailbox);

  while (mail != NULL) {
    WhepMail *next = mail->next;

    mail_free ((Mail *) mail);
    mail = next;
  }
}

void
whep_http_free (WhepHttp *self)
{
  if (self == NULL)
    return;
  if (self->thread != NULL) {
    whep_media_set_listener (self->media, NULL, NULL);
    post (self, mail_new (MAIL_STOP));
    g_thread_join (self->thread);
    /* What was posted after the stop: nobody will read it. */
    free_mails (self);
  }
  stop_server (self);
  if (self->mail_source != NULL)
    g_source_destroy (self->mail_source);
  g_clear_pointer (&self->mail_source, g_source_unref);
  whep_router_free (self->router);
  whep_mailbox_free (self->mailbox);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
}

guint16
whep_http_port (const WhepHttp *self)
{
  return self->port;
}

static Mail *
begin_mail_new (guint64 id, const gchar *stream, WhepTrackKind kind,
    const gchar *encoding_name, guint32 profile_level_id)
{
  Mail *mail = mail_new (MAIL_BEGIN_TRACK);

  mail->track_id = id;
  mail->name = g_strdup (stream);
  mail->track_kind = kind;
  mail->encoding_name = g_intern_string (encoding_name);
  mail->profile_level_id = profile_level_id;
  return mail;
}

void
whep_http_begin_track (WhepHttp *self, guint64 id, const gchar *stream,
    WhepTrackKind kind, const gchar *encoding_name, guint32 profile_level_id)
{
  post (self,
      begin_mail_new (id, stream, kind, encoding_name, profile_level_id));
}

void
whep_http_begin_track_with (WhepHttp *self, guint64 id, const gchar *stream,
    const gchar *encoding_name, guint32 profile_level_id,
    const gchar *rendition, WhepDemand *demand)
{
  Mail *mail =
      begin_mail_new (id, stream, WHEP_VIDEO, encoding_name, profile_level_id);

  mail->rendition = g_intern_string (rendition);
  mail->demand = whep_demand_ref (demand);
  post (self, mail);
}

void
whep_http_note_b_frames (WhepHttp *self, guint64 id, const gchar *what_is_done)
{
  Mail *mail = mail_new (MAIL_B_FRAMES);

  mail->track_id = id;
  mail->why = g_strdup (what_is_done);
  post (self, mail);
}

void
whep_http_take_ingest (WhepHttp *self, WhepIngest *ingest)
{
  Mail *mail = mail_new (MAIL_INGEST);

  mail->ingest = ingest;
  post (self, mail);
}

void
whep_http_note_unplayable (WhepHttp *self, guint64 id, const gchar *stream,
    WhepTrackKind kind, const gchar *codec, const gchar *reason)
{
  Mail *mail = mail_new (MAIL_UNPLAYABLE);

  mail->track_id = id;
  mail->name = g_strdup (stream);
  mail->track_kind = kind;
  mail->codec = g_strdup (codec);
  mail->why = g_strdup (reason);
  post (self, mail);
}

void
whep_http_end_track (WhepHttp *self, guint64 id)
{
  Mail *mail = mail_new (MAIL_END_TRACK);

  mail->track_id = id;
  post (self, mail);
}
