/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The desk: see desk-io.h. */

#include "ext/whep/net/desk-io.h"
#include "ext/whep/category.h"
#include "ext/whep/net/admission-io.h"
#include "ext/whep/net/gate-io.h"
#include "ext/whep/net/interfaces-io.h"
#include "ext/whep/net/pages-io.h"
#include "ext/whep/net/reply-io.h"
#include "ext/whep/net/toll.h"
#include "ext/whep/net/trickle.h"
#include "gst/sdp/offer.h"

#include <string.h>

WHEP_CATEGORY ("whepdesk", "The replies of WHEP over HTTP");

/* A publisher that comes back is soon found, and asking costs little. */
#define NOBODY_RETRY_S 2
/* Viewers leave at a slower pace. */
#define FULL_RETRY_S 10
/* By then an address may ask WHEP_TOLL_RATE times again. */
#define HURRIED_RETRY_S 1

#define SDP "application/sdp"
#define FRAGMENT "application/trickle-ice-sdpfrag"
#define JSON "application/json"
#define METRICS "text/plain; version=0.0.4; charset=utf-8"
#define TEXT "text/plain; charset=utf-8"

#define READ_METHODS "GET, HEAD, OPTIONS"
#define ENDPOINT_METHODS "POST, OPTIONS"
#define SESSION_METHODS "GET, HEAD, PATCH, DELETE, OPTIONS"

struct _WhepDesk
{
  WhepMedia *media;
  WhepDirectory *directory;
  WhepSessions *sessions;
  WhepGate *gate;
  WhepToll *toll;
  SSL_CTX *dtls_context;
  gchar *fingerprint;
  gchar *address;
  GStrv advertise;
  guint16 media_port;
  guint max_viewers;
};

static gboolean
is_any (const gchar *address)
{
  return g_str_equal (address, "::") || g_str_equal (address, "0.0.0.0");
}

static gboolean
check_advertise (const gchar *const *advertise, GError **error)
{
  WhepCandidates candidates;
  gboolean is_valid = TRUE;

  whep_candidates_init (&candidates, FALSE);
  for (guint i = 0; is_valid && advertise[i] != NULL; i++) {
    is_valid = *advertise[i] == '\0' ||
        whep_candidates_add (&candidates, advertise[i]);
    if (!is_valid)
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
          "“%s” is not an IP address", advertise[i]);
  }
  whep_candidates_clear (&candidates);
  return is_valid;
}

WhepDesk *
whep_desk_new (const WhepHttpParams *params, WhepMedia *media,
    const WhepCertificate *certificate, GError **error)
{
  static const gchar *const nothing[] = { NULL };
  const gchar *const *advertise =
      params->advertise == NULL ? nothing : params->advertise;
  WhepGate *gate;
  WhepDesk *self;

  if (!check_advertise (advertise, error))
    return NULL;
  gate = whep_gate_new (params->view_keys, error);
  if (gate == NULL)
    return NULL;
  self = g_new0 (WhepDesk, 1);
  self->media = media;
  self->directory = whep_directory_new ();
  self->sessions = whep_sessions_new ();
  self->gate = gate;
  self->toll = whep_toll_new ();
  self->dtls_context =
      whep_dtls_context_new (certificate->x509, certificate->key);
  self->fingerprint = g_strdup (certificate->fingerprint);
  self->address = g_strdup (params->address);
  self->advertise = g_strdupv ((GStrv) advertise);
  self->media_port = params->media_port;
  self->max_viewers = params->max_viewers;
  return self;
}

void
whep_desk_free (WhepDesk *self)
{
  if (self == NULL)
    return;
  whep_directory_free (self->directory);
  whep_sessions_free (self->sessions);
  whep_gate_free (self->gate);
  whep_toll_free (self->toll);
  SSL_CTX_free (self->dtls_context);
  g_free (self->fingerprint);
  g_free (self->address);
  g_strfreev (self->advertise);
  g_free (self);
}

WhepDirectory *
whep_desk_directory (WhepDesk *self)
{
  return self->directory;
}

void
whep_desk_viewer_left (WhepDesk *self, const gchar *ufrag, const gchar *why)
{
  const WhepSession *session = whep_sessions_by_ufrag (self->sessions, ufrag);

  if (session == NULL)
    return;
  GST_DEBUG ("%s %s: session ends: %s", session->stream, ufrag, why);
  whep_sessions_remove (self->sessions, session);
}

/* Where a browser may reach us, the likeliest first. */
static void
list_addresses (const WhepDesk *self, SoupServerMessage *message,
    WhepCandidates *candidates)
{
  GSocketAddress *local = soup_server_message_get_local_address (message);
  const gchar *host = g_uri_get_host (soup_server_message_get_uri (message));

  whep_candidates_init (candidates, strchr (self->address, ':') == NULL);
  if (is_any (self->address)) {
    /* What the person typed has brought the request here. */
    whep_candidates_add (candidates, host);
    if (G_IS_INET_SOCKET_ADDRESS (local)) {
      g_autofree gchar *text = g_inet_address_to_string (
          g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local)));

      whep_candidates_add (candidates, text);
    }
  } else {
    whep_candidates_add (candidates, self->address);
  }
  for (guint i = 0; self->advertise[i] != NULL; i++)
    whep_candidates_add (candidates, self->advertise[i]);
  if (is_any (self->address))
    whep_interfaces_list (candidates);
}

static void
new_ufrag (const WhepDesk *self, gchar *ufrag)
{
  do
    whep_random_text (ufrag, WHEP_ICE_OUR_UFRAG);
  while (whep_sessions_by_ufrag (self->sessions, ufrag) != NULL);
}

/* The viewer is let in: the media thread takes it, the client hears of it. */
static void
open_session (WhepDesk *self, SoupServerMessage *message,
    const WhepListing *listing, const gchar *ufrag, WhepAdmission *admission)
{
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (message);
  const gchar *path = g_uri_get_path (soup_server_message_get_uri (message));
  gchar id[WHEP_SESSION_ID_LENGTH + 1];
  g_autofree gchar *location = NULL;

  whep_random_text (id, WHEP_SESSION_ID_LENGTH);
  location = whep_route_location (path, id);
  whep_sessions_add (self->sessions, id, ufrag, listing->name,
      admission->remote_ufrag);
  GST_DEBUG ("%s %s: session begins, asked for by %s", listing->name, ufrag,
      soup_server_message_get_remote_host (message));
  whep_media_open_viewer (self->media, g_steal_pointer (&admission->viewer));

  soup_message_headers_replace (headers, "Location", location);
  soup_message_headers_replace (headers, "Accept-Patch", FRAGMENT);
  whep_reply_text (message, SOUP_STATUS_CREATED, SDP, admission->answer);
}

static void
refuse_offer (SoupServerMessage *message, const WhepListing *listing,
    const GError *error)
{
  WhepProblem problem = whep_problem_of_offer (error->code);

  GST_INFO ("%s: an offer is refused: %s", listing->name, error->message);
  whep_reply_refusal (message, &problem, error->message);
}

static void
answer_offer (WhepDesk *self, SoupServerMessage *message,
    const WhepListing *listing)
{
  g_autoptr (GBytes) offer = soup_message_body_flatten (
      soup_server_message_get_request_body (message));
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];
  g_autoptr (GError) error = NULL;
  WhepCandidates candidates;
  WhepAdmission admission;
  WhepAdmissionParams params = {
    .listing = listing,
    .ice_ufrag = ufrag,
    .addresses = (const gchar *const *) candidates.texts,
    .port = self->media_port,
    .dtls_context = self->dtls_context,
    .fingerprint = self->fingerprint,
  };

  params.offer = g_bytes_get_data (offer, &params.offer_size);
  new_ufrag (self, ufrag);
  list_addresses (self, message, &candidates);
  if (whep_admission_init (&admission, &params, &error))
    open_session (self, message, listing, ufrag, &admission);
  else
    refuse_offer (message, listing, error);
  whep_admission_clear (&admission);
  whep_candidates_clear (&candidates);
}

static void
take_offer (WhepDesk *self, SoupServerMessage *message, const WhepRoute *route)
{
  const WhepListing *listing =
      whep_directory_find (self->directory, route->stream);

  if (route->stream[0] == '\0') {
    whep_reply_problem (message, WHEP_PROBLEM_NOT_FOUND,
        "No stream can have this name.");
  } else if (!whep_gate_pass (self->gate, message, route->stream)) {
    /* It has been told so; nor does it hear who is live. */
    return;
  } else if (listing == NULL) {
    whep_reply_later (message, WHEP_PROBLEM_NO_PUBLISHER, NOBODY_RETRY_S,
        "Nobody publishes this stream at the moment.");
  } else if (whep_sessions_count (self->sessions) >= self->max_viewers) {
    GST_INFO ("%s: a viewer is turned away: %u watch already", listing->name,
        self->max_viewers);
    whep_reply_later (message, WHEP_PROBLEM_TOO_MANY_VIEWERS, FULL_RETRY_S,
        "As many people watch as the server allows.");
  } else {
    answer_offer (self, message, listing);
  }
}

static void
end_session (WhepDesk *self, SoupServerMessage *message,
    const WhepSession *session)
{
  whep_media_close_viewer (self->media, session->ufrag);
  whep_desk_viewer_left (self, session->ufrag, "deleted");
  whep_reply_empty (message, SOUP_STATUS_OK);
}

/* As ICE-lite we answer checks from wherever they come and need no candidates;
 * but clients send them. */
static void
take_candidates (SoupServerMessage *message, const WhepSession *session)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (
      soup_server_message_get_request_body (message));
  gsize size;
  const gchar *fragment = g_bytes_get_data (body, &size);

  switch (whep_trickle_read (fragment, size, session->remote_ufrag)) {
    case WHEP_TRICKLE_CANDIDATES:
      whep_reply_empty (message, SOUP_STATUS_NO_CONTENT);
      return;
    case WHEP_TRICKLE_RESTART:
      whep_reply_problem (message, WHEP_PROBLEM_UNUSABLE_FRAGMENT,
          "This server doesn't restart ICE: open a new session.");
      return;
    case WHEP_TRICKLE_MALFORMED:
      whep_reply_problem (message, WHEP_PROBLEM_MALFORMED_FRAGMENT,
          "The body is no fragment of SDP.");
      return;
  }
}

/* Returns: (nullable): the session, if it is one of that stream. */
static const WhepSession *
find_session (const WhepDesk *self, const WhepRoute *route)
{
  const WhepSession *session =
      whep_sessions_by_id (self->sessions, route->session_id);

  if (session == NULL || strcmp (session->stream, route->session_stream) != 0)
    return NULL;
  return session;
}

static void
serve_session (WhepDesk *self, SoupServerMessage *message,
    const WhepSession *session)
{
  const gchar *method = soup_server_message_get_method (message);

  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      "Accept-Patch", FRAGMENT);
  if (method == SOUP_METHOD_DELETE)
    end_session (self, message, session);
  else if (method == g_intern_static_string ("PATCH"))
    take_candidates (message, session);
  else if (method == SOUP_METHOD_GET || method == SOUP_METHOD_HEAD)
    whep_reply_text (message, SOUP_STATUS_OK, SDP, "");
  else
    whep_reply_not_allowed (message, SESSION_METHODS);
}

static void
serve_whep (WhepDesk *self, SoupServerMessage *message, const WhepRoute *route)
{
  const WhepSession *session = find_session (self, route);

  if (session != NULL)
    serve_session (self, message, session);
  else if (soup_server_message_get_method (message) == SOUP_METHOD_POST)
    take_offer (self, message, route);
  else if (route->session_id[0] != '\0')
    whep_reply_problem (message, WHEP_PROBLEM_NO_SESSION,
        "There is no such session, or it has ended.");
  else
    whep_reply_not_allowed (message, ENDPOINT_METHODS);
}

static void
serve_options (const WhepDesk *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (message);

  if (route->kind != WHEP_ROUTE_WHEP) {
    whep_reply_options (message, READ_METHODS);
  } else if (find_session (self, route) != NULL) {
    soup_message_headers_replace (headers, "Accept-Patch", FRAGMENT);
    whep_reply_options (message, SESSION_METHODS);
  } else {
    soup_message_headers_replace (headers, "Accept-Post", SDP);
    whep_reply_options (message, ENDPOINT_METHODS);
  }
}

static void
serve_page (SoupServerMessage *message, const gchar *name, const gchar *root)
{
  g_autofree gchar *html = whep_pages_html (name, root);

  whep_reply_page (message, html);
}

static void
serve_asset (SoupServerMessage *message, const gchar *name)
{
  const gchar *content_type;
  g_autoptr (GBytes) bytes = whep_pages_asset (name, &content_type);

  if (bytes == NULL)
    whep_reply_problem (message, WHEP_PROBLEM_NOT_FOUND,
        "There is nothing at this address.");
  else
    whep_reply_bytes (message, content_type, bytes);
}

static void
serve_streams (const WhepDesk *self, SoupServerMessage *message)
{
  g_autofree gchar *json =
      whep_directory_to_json (self->directory, self->sessions);

  whep_reply_text (message, SOUP_STATUS_OK, JSON, json);
}

static void
serve_metrics (const WhepDesk *self, SoupServerMessage *message)
{
  g_autofree gchar *text =
      whep_directory_to_metrics (self->directory, self->sessions);

  whep_reply_text (message, SOUP_STATUS_OK, METRICS, text);
}

/* What only answers GET and HEAD. */
static void
serve_read (const WhepDesk *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  switch (route->kind) {
    case WHEP_ROUTE_LIST:
      serve_page (message, "index.html", route->root);
      return;
    case WHEP_ROUTE_WATCH:
      serve_page (message, "watch.html", route->root);
      return;
    case WHEP_ROUTE_STREAMS:
      serve_streams (self, message);
      return;
    case WHEP_ROUTE_METRICS:
      serve_metrics (self, message);
      return;
    case WHEP_ROUTE_HEALTH:
      whep_reply_text (message, SOUP_STATUS_OK, TEXT, "ok\n");
      return;
    case WHEP_ROUTE_ASSET:
      serve_asset (message, route->asset);
      return;
    case WHEP_ROUTE_NONE:
    case WHEP_ROUTE_WHEP:
      g_assert_not_reached ();
  }
}

void
whep_desk_serve (WhepDesk *self, SoupServerMessage *message)
{
  const gchar *method = soup_server_message_get_method (message);
  WhepRoute route;

  whep_route_parse (g_uri_get_path (soup_server_message_get_uri (message)),
      &route);
  if (route.kind == WHEP_ROUTE_NONE)
    whep_reply_problem (message, WHEP_PROBLEM_NOT_FOUND,
        "There is nothing at this address.");
  else if (method == SOUP_METHOD_OPTIONS)
    serve_options (self, message, &route);
  else if (route.kind == WHEP_ROUTE_WHEP)
    serve_whep (self, message, &route);
  else if (method == SOUP_METHOD_GET || method == SOUP_METHOD_HEAD)
    serve_read (self, message, &route);
  else
    whep_reply_not_allowed (message, READ_METHODS);
}

static void
refuse_body (SoupServerMessage *message)
{
  whep_reply_problem (message, WHEP_PROBLEM_TOO_LONG,
      "The body is longer than any offer.");
}

/* Not all clients say beforehand how much they send. */
static void
on_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  if (body->length <= WHEP_HTTP_MAX_BODY_BYTES ||
      soup_server_message_get_status (message) != 0)
    return;
  soup_message_body_truncate (body);
  refuse_body (message);
}

static gboolean
has_type (SoupServerMessage *message, const gchar *type)
{
  const gchar *content_type = soup_message_headers_get_content_type (
      soup_server_message_get_request_headers (message), NULL);

  return content_type != NULL && g_ascii_strcasecmp (content_type, type) == 0;
}

static void
check_type (SoupServerMessage *message, const gchar *path)
{
  const gchar *method = soup_server_message_get_method (message);
  WhepRoute route;

  whep_route_parse (path, &route);
  if (route.kind != WHEP_ROUTE_WHEP)
    return;
  if (method == SOUP_METHOD_POST && !has_type (message, SDP))
    whep_reply_problem (message, WHEP_PROBLEM_WRONG_TYPE,
        "An offer has the type " SDP ".");
  if (method == g_intern_static_string ("PATCH") &&
      !has_type (message, FRAGMENT))
    whep_reply_problem (message, WHEP_PROBLEM_WRONG_TYPE,
        "Candidates have the type " FRAGMENT ".");
}

/* Whether the request's address may ask once more; if not, it is told so. */
static gboolean
take_toll (WhepDesk *self, SoupServerMessage *message)
{
  const gchar *method = soup_server_message_get_method (message);
  const gchar *address = soup_server_message_get_remote_host (message);

  if (method != SOUP_METHOD_POST && method != SOUP_METHOD_DELETE &&
      method != g_intern_static_string ("PATCH"))
    return TRUE;
  if (whep_toll_pay (self->toll, address == NULL ? "" : address,
          g_get_monotonic_time ()))
    return TRUE;
  GST_DEBUG ("%s asks too often", address);
  whep_reply_later (message, WHEP_PROBLEM_TOO_MANY_REQUESTS, HURRIED_RETRY_S,
      "So many requests came from your address that this one must wait.");
  return FALSE;
}

void
whep_desk_greet (WhepDesk *self, SoupServerMessage *message)
{
  whep_reply_begin (message);
  if (!take_toll (self, message))
    return;
  if (soup_message_headers_get_content_length (
          soup_server_message_get_request_headers (message)) >
      WHEP_HTTP_MAX_BODY_BYTES) {
    refuse_body (message);
    return;
  }
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_chunk), NULL);
  check_type (message, g_uri_get_path (soup_server_message_get_uri (message)));
}
