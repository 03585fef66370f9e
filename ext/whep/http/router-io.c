/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Serves HTTP requests: see router-io.h. */

#include "ext/whep/http/router-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/cors.h"
#include "ext/whep/http/endpoint-io.h"
#include "ext/whep/http/journalreaders-io.h"
#include "ext/whep/http/mp4endpoint-io.h"
#include "ext/whep/http/pages-io.h"
#include "ext/whep/http/ratelimit.h"
#include "ext/whep/http/rejections.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/reports-io.h"
#include "ext/whep/http/request-io.h"
#include "ext/whep/http/session-io.h"
#include "ext/whep/http/snapshots-io.h"

#include <string.h>

WHEP_CATEGORY ("wheprouter", "The replies to HTTP requests");

/* By then a client has WHEP_RATE_LIMIT_RATE requests left again. */
#define HURRIED_RETRY_S 1

#define JSON "application/json"
#define TEXT "text/plain; charset=utf-8"

#define READ_METHODS "GET, HEAD, OPTIONS"

struct _WhepRouter
{
  WhepRegistry registry;
  WhepPages *pages;
  WhepCors *cors;
  WhepAuthorizer *authorizer;
  WhepOfferCounts *offers;
  WhepReports *reports;
  WhepEndpoint *endpoint;
  WhepMp4Endpoint *mp4;
  WhepPulls *pulls;
  WhepSnapshots *snapshots;
  WhepApiEndpoint *api;
  WhepRateLimit *rate_limit;
  WhepRejections *rejections;
};

/* What may fail. */
static gboolean
open_parts (WhepRouter *self, const WhepHttpParams *params,
    const WhepCertificate *certificate, GError **error)
{
  self->cors = whep_cors_new (params->cors_origins, error);
  if (self->cors == NULL)
    return FALSE;
  self->authorizer = whep_authorizer_new (&params->authorizer, error);
  if (self->authorizer == NULL)
    return FALSE;
  self->pulls =
      whep_pulls_new (&params->pulls, whep_registry_use, &self->registry);
  self->registry.pulls = self->pulls;
  self->snapshots = whep_snapshots_new (self->authorizer, self->pulls,
      params->snapshot_func, params->snapshot_data);
  self->offers = whep_offer_counts_new ();
  self->reports = whep_reports_new (&self->registry, self->authorizer,
      self->offers, params->journal);
  self->api = whep_api_endpoint_new (&self->registry, self->authorizer,
      &params->controls);
  self->endpoint = whep_endpoint_new (params, &self->registry, self->authorizer,
      certificate, error);
  if (self->endpoint == NULL)
    return FALSE;
  self->mp4 =
      whep_mp4_endpoint_new (&self->registry, self->authorizer, self->endpoint);
  return TRUE;
}

WhepRouter *
whep_router_new (const WhepHttpParams *params, WhepMedia *media,
    WhepReaders *readers, const WhepCertificate *certificate, GError **error)
{
  WhepRouter *self = g_new0 (WhepRouter, 1);

  whep_registry_init (&self->registry, media, readers, params->news_func,
      params->news_data);
  self->registry.is_node = params->node != NULL;
  self->pages = whep_pages_new ();
  self->rejections = whep_rejections_new ();
  self->rate_limit =
      whep_rate_limit_new (WHEP_RATE_LIMIT_BURST, WHEP_RATE_LIMIT_TOKEN_US);
  if (!open_parts (self, params, certificate, error))
    g_clear_pointer (&self, whep_router_free);
  return self;
}

void
whep_router_free (WhepRouter *self)
{
  if (self == NULL)
    return;
  whep_snapshots_free (self->snapshots);
  whep_pulls_free (self->pulls);
  whep_mp4_endpoint_free (self->mp4);
  whep_endpoint_free (self->endpoint);
  whep_reports_free (self->reports);
  whep_api_endpoint_free (self->api);
  whep_offer_counts_free (self->offers);
  whep_authorizer_free (self->authorizer);
  whep_cors_free (self->cors);
  whep_pages_free (self->pages);
  whep_rate_limit_free (self->rate_limit);
  whep_rejections_free (self->rejections);
  whep_registry_clear (&self->registry);
  g_free (self);
}

void
whep_router_close (WhepRouter *self)
{
  whep_authorizer_close (self->authorizer);
  whep_pulls_close (self->pulls);
  whep_snapshots_close (self->snapshots);
  whep_registry_close (&self->registry);
}

void
whep_router_set_connections (WhepRouter *self, WhepConnections *connections)
{
  whep_mp4_endpoint_set_connections (self->mp4, connections);
}

WhepRegistry *
whep_router_registry (WhepRouter *self)
{
  return &self->registry;
}

WhepApiEndpoint *
whep_router_api (WhepRouter *self)
{
  return self->api;
}

void
whep_router_set_limits (WhepRouter *self, const WhepViewerLimits *limits)
{
  whep_endpoint_set_limits (self->endpoint, limits);
}

void
whep_router_take_ingest (WhepRouter *self, WhepIngest *ingest)
{
  whep_reports_take_ingest (self->reports, ingest);
}

void
whep_router_update_journal (WhepRouter *self)
{
  whep_reports_update_journal (self->reports);
}

/* Returns: (nullable): the session, if it belongs to that stream. */
static const WhepSession *
find_session (const WhepRouter *self, const WhepRoute *route)
{
  const WhepSession *session =
      whep_session_table_by_id (self->registry.sessions, route->session_id);

  if (session == NULL || strcmp (session->stream, route->session_stream) != 0)
    return NULL;
  return session;
}

/* Says why the session was ended, as long as that is known. */
static gboolean
say_farewell (WhepRouter *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  const gchar *reason = whep_farewells_find (self->registry.farewells,
      route->session_id, route->session_stream, g_get_monotonic_time ());

  if (reason == NULL)
    return FALSE;
  whep_reply_problem (message, WHEP_PROBLEM_DISCONNECTED, reason);
  return TRUE;
}

static void
serve_whep (WhepRouter *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  const WhepSession *session = find_session (self, route);
  gboolean is_offer =
      soup_server_message_get_method (message) == SOUP_METHOD_POST;

  if (session != NULL)
    whep_session_serve (&self->registry, session, message);
  else if (route->session_id[0] != '\0' && !is_offer &&
      say_farewell (self, message, route))
    return;
  else if (route->session_id[0] != '\0' && !is_offer)
    whep_reply_problem (message, WHEP_PROBLEM_NO_SESSION,
        "There is no such session, or it has ended.");
  else
    whep_endpoint_serve (self->endpoint, message, route);
}

static void
serve_events (WhepRouter *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  const WhepSession *session =
      whep_session_table_by_id (self->registry.sessions, route->session_id);

  if (session == NULL)
    whep_reply_problem (message, WHEP_PROBLEM_NO_SESSION,
        "There is no such session, or it has ended.");
  else if (route->listener_id[0] == '\0')
    whep_subscribers_serve (self->registry.events, session, message);
  else
    whep_subscribers_serve_listener (self->registry.events, session->id,
        route->listener_id, message);
}

static void
describe_events (SoupServerMessage *message, const WhepRoute *route)
{
  if (route->listener_id[0] == '\0')
    whep_subscribers_describe (message);
  else
    whep_subscribers_describe_listener (message);
}

static void
serve_options (const WhepRouter *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  if (route->kind == WHEP_ROUTE_EVENTS)
    describe_events (message, route);
  else if (route->kind == WHEP_ROUTE_JOURNAL)
    whep_reply_options (message, WHEP_JOURNAL_READERS_METHODS);
  else if (route->kind != WHEP_ROUTE_WHEP)
    whep_reply_options (message, READ_METHODS);
  else if (find_session (self, route) != NULL)
    whep_session_describe (message);
  else
    whep_endpoint_describe (message);
}

static const gchar *
health_of (const WhepRouter *self)
{
  if (whep_drain_is_on (&self->registry.drain))
    return "draining\n";
  if (self->registry.is_node && whep_endpoint_is_full (self->endpoint))
    return "full\n";
  return NULL;
}

/* For balancers, which let a server have no new viewers while it is not well.
 * With ?live, for what would kill it then. */
static void
serve_health (const WhepRouter *self, SoupServerMessage *message)
{
  const gchar *query = g_uri_get_query (soup_server_message_get_uri (message));
  const gchar *trouble = health_of (self);

  if (trouble == NULL || g_strcmp0 (query, "live") == 0)
    whep_reply_text (message, SOUP_STATUS_OK, TEXT, "ok\n");
  else
    whep_reply_text (message, SOUP_STATUS_SERVICE_UNAVAILABLE, TEXT, trouble);
}

/* Resources that only support GET and HEAD. */
static void
serve_read (WhepRouter *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  switch (route->kind) {
    case WHEP_ROUTE_LIST:
      whep_pages_serve (self->pages, message, "index.html", route);
      return;
    case WHEP_ROUTE_WATCH:
      whep_pages_serve (self->pages, message, "watch.html", route);
      return;
    case WHEP_ROUTE_WALL:
      whep_pages_serve (self->pages, message, "wall.html", route);
      return;
    case WHEP_ROUTE_EMBED:
      whep_pages_serve (self->pages, message, "embed.html", route);
      return;
    case WHEP_ROUTE_MP4:
      whep_mp4_endpoint_serve (self->mp4, message, route);
      return;
    case WHEP_ROUTE_SNAPSHOT:
      whep_snapshots_serve (self->snapshots, message, route);
      return;
    case WHEP_ROUTE_STREAMS:
      whep_reports_serve_streams (self->reports, message);
      return;
    case WHEP_ROUTE_INGEST:
      whep_reports_serve_ingest (self->reports, message);
      return;
    case WHEP_ROUTE_JOURNAL:
      whep_reports_serve_journal (self->reports, message);
      return;
    case WHEP_ROUTE_VIEWERS:
      whep_reports_serve_viewers (self->reports, message, route);
      return;
    case WHEP_ROUTE_METRICS:
      whep_reports_serve_metrics (self->reports, message);
      return;
    case WHEP_ROUTE_HEALTH:
      serve_health (self, message);
      return;
    case WHEP_ROUTE_ASSET:
      whep_pages_serve_asset (self->pages, message, route);
      return;
    case WHEP_ROUTE_MOVED:
      whep_pages_serve_moved (message, route);
      return;
    case WHEP_ROUTE_NONE:
    case WHEP_ROUTE_WHEP:
    case WHEP_ROUTE_EVENTS:
    case WHEP_ROUTE_API_STREAMS:
    case WHEP_ROUTE_API_STREAM:
    case WHEP_ROUTE_API_STREAM_VIEWERS:
    case WHEP_ROUTE_API_PUBLISHER:
    case WHEP_ROUTE_API_RECORDING:
    case WHEP_ROUTE_API_VIEWERS:
    case WHEP_ROUTE_API_VIEWER:
    case WHEP_ROUTE_API_SETTINGS:
    case WHEP_ROUTE_API_DRAIN:
    case WHEP_ROUTE_API_DESCRIPTION:
      g_assert_not_reached ();
  }
}

static gboolean
exists (const WhepRouter *self, const WhepRoute *route)
{
  return route->kind != WHEP_ROUTE_NONE &&
      (!whep_route_is_api (route->kind) ||
          whep_api_endpoint_has (self->api, route->kind));
}

void
whep_router_serve (WhepRouter *self, SoupServerMessage *message)
{
  const gchar *method = soup_server_message_get_method (message);
  const WhepRoute *route = whep_request_route (message);

  if (!exists (self, route))
    whep_pages_serve_missing (self->pages, message, route);
  else if (whep_route_is_api (route->kind))
    whep_api_endpoint_serve (self->api, message);
  else if (method == SOUP_METHOD_OPTIONS)
    serve_options (self, message, route);
  else if (route->kind == WHEP_ROUTE_WHEP)
    serve_whep (self, message, route);
  else if (route->kind == WHEP_ROUTE_EVENTS)
    serve_events (self, message, route);
  else if (method == SOUP_METHOD_GET || method == SOUP_METHOD_HEAD)
    serve_read (self, message, route);
  else
    whep_reply_not_allowed (message, READ_METHODS);
}

static void
reject_body (SoupServerMessage *message)
{
  whep_reply_problem (message, WHEP_PROBLEM_TOO_LONG,
      "The body is longer than any valid offer.");
}

/* Not all clients announce the length of the body. */
static void
on_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  if (body->length <= WHEP_HTTP_MAX_BODY_BYTES ||
      soup_server_message_get_status (message) != 0)
    return;
  soup_message_body_truncate (body);
  reject_body (message);
}

/* @accept is the header that names the right types (RFC 5789 section 2.2). */
static void
demand_type (SoupServerMessage *message, const gchar *types,
    const gchar *accept, const gchar *detail)
{
  const gchar *content_type = soup_message_headers_get_content_type (
      soup_server_message_get_request_headers (message), NULL);

  if (content_type != NULL && soup_header_contains (types, content_type))
    return;
  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      accept, types);
  whep_reply_problem (message, WHEP_PROBLEM_WRONG_TYPE, detail);
}

static void
check_type (const WhepRouter *self, SoupServerMessage *message)
{
  const gchar *method = soup_server_message_get_method (message);
  WhepRouteKind kind = whep_request_route (message)->kind;

  if (whep_api_endpoint_wants_json (message, kind) &&
      whep_api_endpoint_has (self->api, kind))
    demand_type (message, JSON,
        method == SOUP_METHOD_POST ? "Accept-Post" : "Accept-Patch",
        "The body has the type " JSON ".");
  if (kind == WHEP_ROUTE_EVENTS && method == SOUP_METHOD_POST)
    demand_type (message, JSON, "Accept-Post",
        "A list of events has the type " JSON ".");
  if (kind != WHEP_ROUTE_WHEP)
    return;
  if (method == SOUP_METHOD_POST)
    demand_type (message, WHEP_ENDPOINT_SDP, "Accept-Post",
        "An offer has the type " WHEP_ENDPOINT_SDP ".");
  if (method == g_intern_static_string ("PATCH"))
    demand_type (message, WHEP_SESSION_PATCHES, "Accept-Patch",
        "Candidates have the type " WHEP_SESSION_FRAGMENT
        ", controls " WHEP_SESSION_CONTROLS_TYPE ".");
}

static void
tell_rejection (WhepRouter *self, SoupServerMessage *message,
    const gchar *reason)
{
  g_autofree gchar *address = whep_request_dup_address (message);
  g_autofree gchar *user_agent = whep_request_dup_user_agent (message);
  WhepNews news = {
    .kind = WHEP_NEWS_REJECTED,
    .address = address,
    .user_agent = user_agent,
    .reason = reason,
  };
  const gchar *stream = whep_request_route (message)->stream;
  gchar client[NET_CLIENT_MAX + 1];

  whep_request_client (message, client);
  if (!whep_rejections_may_tell (self->rejections, client,
          g_get_monotonic_time (), &news.n_untold))
    return;
  if (*stream != '\0')
    news.stream = stream;
  whep_registry_tell (&self->registry, &news);
}

/* Called once an offer has been answered or rejected, or its connection has
 * ended before. */
static void
on_offer_finished (SoupServerMessage *message, WhepRouter *self)
{
  const gchar *reason = whep_reply_reason (message);
  const gchar *type = whep_reply_problem_type (message);

  if (type != NULL)
    whep_offer_counts_add (self->offers, type);
  else if (soup_server_message_get_status (message) == SOUP_STATUS_CREATED)
    whep_offer_counts_add (self->offers, WHEP_OFFER_ANSWERED);
  else if (soup_server_message_get_status (message) ==
      SOUP_STATUS_TEMPORARY_REDIRECT)
    whep_offer_counts_add (self->offers, WHEP_OFFER_REDIRECTED);
  if (reason != NULL)
    tell_rejection (self, message, reason);
}

static void
follow_offer (WhepRouter *self, SoupServerMessage *message)
{
  if (soup_server_message_get_method (message) == SOUP_METHOD_POST &&
      whep_request_route (message)->kind == WHEP_ROUTE_WHEP)
    g_signal_connect (message, "finished", G_CALLBACK (on_offer_finished),
        self);
}

/* Replies 429 and returns FALSE if the client is over its rate limit. */
static gboolean
check_rate (WhepRouter *self, SoupServerMessage *message)
{
  const gchar *method = soup_server_message_get_method (message);
  gchar client[NET_CLIENT_MAX + 1];

  if (method != SOUP_METHOD_POST && method != SOUP_METHOD_DELETE &&
      method != g_intern_static_string ("PATCH"))
    return TRUE;
  whep_request_client (message, client);
  if (whep_rate_limit_take (self->rate_limit, client, g_get_monotonic_time ()))
    return TRUE;
  GST_DEBUG ("%s is over its rate limit", client);
  whep_reply_later (message, WHEP_PROBLEM_TOO_MANY_REQUESTS, HURRIED_RETRY_S,
      "Too many requests came from your address. Try again in a moment.");
  return FALSE;
}

/* libsoup sends every requested range, and each may be the whole: a kilobyte of
 * header would cause a hundred copies. Without the header, the reply is
 * complete, as RFC 9110 section 14.2 allows. */
static void
ignore_ranges (SoupServerMessage *message)
{
  soup_message_headers_remove (soup_server_message_get_request_headers (
                                   message),
      "Range");
}

static void
check_request (WhepRouter *self, SoupServerMessage *message)
{
  if (!check_rate (self, message))
    return;
  if (soup_message_headers_get_content_length (
          soup_server_message_get_request_headers (message)) >
      WHEP_HTTP_MAX_BODY_BYTES) {
    reject_body (message);
    return;
  }
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_chunk), NULL);
  check_type (self, message);
}

/* The end of a request must be unambiguous, or one side parses as a body what
 * the other takes for the next request: a client that sent Expect may have
 * continued without waiting (RFC 9110 section 10.1.1), and chunked requests may
 * have a contradictory length (RFC 9112 section 6.1). No browser sends
 * either. */
static gboolean
has_clear_end (SoupServerMessage *message)
{
  SoupMessageHeaders *headers =
      soup_server_message_get_request_headers (message);
  SoupExpectation expectations =
      soup_message_headers_get_expectations (headers);
  gboolean is_rejected = soup_server_message_get_status (message) != 0;

  if (is_rejected && (expectations & SOUP_EXPECTATION_CONTINUE) != 0)
    return FALSE;
  return soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CHUNKED;
}

/* Players on other sites need the WHEP resources, and whep.js. */
static gboolean
is_for_players (WhepRouteKind kind)
{
  return kind == WHEP_ROUTE_WHEP || kind == WHEP_ROUTE_EVENTS ||
      kind == WHEP_ROUTE_ASSET || kind == WHEP_ROUTE_MP4 ||
      kind == WHEP_ROUTE_SNAPSHOT;
}

static void
begin_reply (const WhepRouter *self, SoupServerMessage *message)
{
  const gchar *origin =
      soup_message_headers_get_one (soup_server_message_get_request_headers (
                                        message),
          "Origin");
  WhepRouteKind kind = whep_request_route (message)->kind;

  whep_reply_begin (message,
      whep_cors_allow (self->cors, origin, is_for_players (kind)),
      whep_cors_varies (self->cors));
}

void
whep_router_check_headers (WhepRouter *self, SoupServerMessage *message)
{
  begin_reply (self, message);
  ignore_ranges (message);
  follow_offer (self, message);
  check_request (self, message);
  if (!has_clear_end (message))
    soup_message_headers_replace (soup_server_message_get_response_headers (
                                      message),
        "Connection", "close");
}
