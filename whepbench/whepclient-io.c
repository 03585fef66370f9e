/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTTP side of WHEP: see whepclient-io.h. */

#include "whepbench/whepclient-io.h"

#include <libsoup/soup.h>
#include <string.h>

/* From one balancer to a server that is full, and on to another. */
#define MAX_REDIRECTS 5
/* A browser's answer has 10 kB. */
#define ANSWER_MAX_BYTES (64 * 1024)
/* Of a whole request. A server with an edge may have to fetch the stream. */
#define REQUEST_LIMIT_S 30
#define SDP_TYPE "application/sdp"

struct _WhepClient
{
  SoupSession *session;
  gchar *authorization; /* nullable */
  gboolean trusts_any_certificate;
  GHashTable *pending; /* of Request, a set */
  gboolean is_closing;
};

typedef struct
{
  WhepClient *client;
  SoupMessage *message;
  gchar *offer;
  guint n_redirects;
  GCancellable *cancellable;
  guint limit_id;
  WhepReplyFunc reply; /* NULL: of DELETE */
  gpointer user_data;
  gchar *buffer; /* for the answer, and a NUL */
} Request;

WhepClient *
whep_client_new (const WhepClientParams *params)
{
  WhepClient *self = g_new0 (WhepClient, 1);

  self->session =
      soup_session_new_with_options ("max-conns", WHEP_CLIENT_MAX_CONNECTIONS,
          "max-conns-per-host", WHEP_CLIENT_MAX_CONNECTIONS, "user-agent",
          "whepbench/" PACKAGE_VERSION, NULL);
  if (params->token != NULL)
    self->authorization = g_strconcat ("Bearer ", params->token, NULL);
  self->trusts_any_certificate = params->trusts_any_certificate;
  self->pending = g_hash_table_new (NULL, NULL);
  return self;
}

guint
whep_client_n_pending (const WhepClient *self)
{
  return g_hash_table_size (self->pending);
}

void
whep_client_free (WhepClient *self)
{
  GHashTableIter iter;
  gpointer request;

  if (self == NULL)
    return;
  self->is_closing = TRUE;
  g_hash_table_iter_init (&iter, self->pending);
  while (g_hash_table_iter_next (&iter, &request, NULL))
    g_cancellable_cancel (((Request *) request)->cancellable);
  while (whep_client_n_pending (self) > 0)
    g_main_context_iteration (NULL, TRUE);
  g_hash_table_unref (self->pending);
  g_object_unref (self->session);
  g_free (self->authorization);
  g_free (self);
}

static void
request_free (Request *self)
{
  g_hash_table_remove (self->client->pending, self);
  g_clear_handle_id (&self->limit_id, g_source_remove);
  g_clear_object (&self->message);
  g_clear_object (&self->cancellable);
  g_free (self->offer);
  g_free (self->buffer);
  g_free (self);
}

static void
end (Request *self, const WhepReply *reply)
{
  if (self->reply != NULL)
    self->reply (reply, self->user_data);
  request_free (self);
}

static void
fail (Request *self, const gchar *fault)
{
  const WhepReply reply = { .fault = fault,
    .status =
        self->message != NULL ? soup_message_get_status (self->message) : 0 };

  end (self, &reply);
}

static gboolean
on_limit (gpointer user_data)
{
  Request *self = user_data;

  self->limit_id = 0;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static void
fail_with (Request *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    fail (self, "the server did not answer in time");
  else
    fail (self, error->message);
}

/* Our own words for it: those of the server go to a terminal. */
static void
fail_with_status (Request *self)
{
  guint status = soup_message_get_status (self->message);
  g_autofree gchar *fault =
      g_strdup_printf ("%u %s", status, soup_status_get_phrase (status));

  fail (self, fault);
}

/* Returns: (nullable) (transfer full): the header's URL, relative to that of
 * the request. */
static GUri *
read_location (const Request *self)
{
  const gchar *location =
      soup_message_headers_get_one (soup_message_get_response_headers (
                                        self->message),
          "Location");

  if (location == NULL)
    return NULL;
  return g_uri_parse_relative (soup_message_get_uri (self->message), location,
      SOUP_HTTP_URI_FLAGS, NULL);
}

/* HTTP or HTTPS with a host, and no way back from HTTPS: the token may be read
 * by the server that it is meant for, and by those that it names, but not by
 * the network. */
static gboolean
may_follow (const GUri *from, const GUri *to)
{
  gboolean is_https = g_str_equal (g_uri_get_scheme ((GUri *) to), "https");
  const gchar *host = g_uri_get_host ((GUri *) to);

  if (host == NULL || *host == '\0')
    return FALSE;
  if (from != NULL && g_str_equal (g_uri_get_scheme ((GUri *) from), "https"))
    return is_https;
  return is_https || g_str_equal (g_uri_get_scheme ((GUri *) to), "http");
}

static void
take_answer (Request *self)
{
  SoupMessageHeaders *headers =
      soup_message_get_response_headers (self->message);
  const gchar *type = soup_message_headers_get_content_type (headers, NULL);
  GUri *from = soup_message_get_uri (self->message);
  g_autoptr (GUri) location = read_location (self);
  g_autofree gchar *text = NULL;
  WhepReply reply = { .status = soup_message_get_status (self->message),
    .answer = self->buffer,
    .is_typed = type != NULL && g_ascii_strcasecmp (type, SDP_TYPE) == 0 };

  if (location != NULL && may_follow (from, location))
    reply.location = text = g_uri_to_string (location);
  end (self, &reply);
}

static void
on_body (GObject *stream, GAsyncResult *result, gpointer user_data)
{
  Request *self = user_data;
  g_autoptr (GError) error = NULL;
  gsize size;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (stream), result, &size,
          &error)) {
    fail_with (self, error);
    return;
  }
  if (size > ANSWER_MAX_BYTES) {
    fail (self, "the answer is too long");
    return;
  }
  if (memchr (self->buffer, '\0', size) != NULL) {
    fail (self, "the answer is not text");
    return;
  }
  self->buffer[size] = '\0';
  take_answer (self);
}

static void send_to (Request *self, GUri *to);

static void
follow (Request *self)
{
  GUri *from = soup_message_get_uri (self->message);
  g_autoptr (GUri) to = read_location (self);

  if (to == NULL || !may_follow (from, to))
    fail (self, "the server redirects to no URL that may be followed");
  else if (self->n_redirects++ == MAX_REDIRECTS)
    fail (self, "the server redirects too often");
  else
    send_to (self, to);
}

static void
on_response (GObject *session, GAsyncResult *result, gpointer user_data)
{
  Request *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) body =
      soup_session_send_finish (SOUP_SESSION (session), result, &error);
  guint status;

  if (body == NULL) {
    fail_with (self, error);
    return;
  }
  status = soup_message_get_status (self->message);
  if (status == SOUP_STATUS_CREATED) {
    self->buffer = g_malloc (ANSWER_MAX_BYTES + 1);
    g_input_stream_read_all_async (body, self->buffer, ANSWER_MAX_BYTES + 1,
        G_PRIORITY_DEFAULT, self->cancellable, on_body, self);
  } else if (status == SOUP_STATUS_TEMPORARY_REDIRECT ||
      status == SOUP_STATUS_PERMANENT_REDIRECT) {
    follow (self);
  } else {
    fail_with_status (self);
  }
}

static gboolean
on_certificate (SoupMessage *message, GTlsCertificate *certificate,
    GTlsCertificateFlags errors, gpointer user_data)
{
  return TRUE;
}

static void
send_to (Request *self, GUri *to)
{
  SoupMessageHeaders *headers;

  g_clear_object (&self->message);
  self->message =
      soup_message_new_from_uri (self->offer != NULL ? "POST" : "DELETE", to);
  headers = soup_message_get_request_headers (self->message);
  /* libsoup would repeat a 307 only for safe methods. */
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT);
  if (self->client->authorization != NULL)
    soup_message_headers_replace (headers, "Authorization",
        self->client->authorization);
  if (self->client->trusts_any_certificate)
    g_signal_connect (self->message, "accept-certificate",
        G_CALLBACK (on_certificate), NULL);
  if (self->offer != NULL) {
    g_autoptr (GBytes) body = g_bytes_new (self->offer, strlen (self->offer));

    soup_message_headers_replace (headers, "Accept", SDP_TYPE);
    soup_message_set_request_body_from_bytes (self->message, SDP_TYPE, body);
  }
  soup_session_send_async (self->client->session, self->message,
      G_PRIORITY_DEFAULT, self->cancellable, on_response, self);
}

static Request *
request_new (WhepClient *client)
{
  Request *self = g_new0 (Request, 1);

  self->client = client;
  self->cancellable = g_cancellable_new ();
  self->limit_id = g_timeout_add_seconds (REQUEST_LIMIT_S, on_limit, self);
  g_hash_table_add (client->pending, self);
  return self;
}

static gboolean
on_invalid (gpointer user_data)
{
  fail (user_data, "the URL is invalid");
  return G_SOURCE_REMOVE;
}

void
whep_client_post (WhepClient *self, const gchar *url, const gchar *offer,
    WhepReplyFunc reply, gpointer user_data)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  Request *request = request_new (self);

  request->offer = g_strdup (offer);
  request->reply = reply;
  request->user_data = user_data;
  if (uri != NULL && may_follow (NULL, uri))
    send_to (request, uri);
  else
    g_idle_add (on_invalid, request);
}

void
whep_client_delete (WhepClient *self, const gchar *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  if (!self->is_closing && uri != NULL && may_follow (NULL, uri))
    send_to (request_new (self), uri);
}
