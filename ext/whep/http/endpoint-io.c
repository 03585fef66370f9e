/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The WHEP endpoint: see endpoint-io.h. */

#include "ext/whep/http/endpoint-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/bframes.h"
#include "ext/whep/http/connections-io.h"
#include "ext/whep/http/iceservers.h"
#include "ext/whep/http/interfaces-io.h"
#include "ext/whep/http/negotiation-io.h"
#include "ext/whep/http/playbackdelay.h"
#include "ext/whep/http/random-io.h"
#include "ext/whep/http/redirect.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/request-io.h"
#include "ext/whep/http/session-io.h"
#include "ext/whep/http/sse.h"

#include <string.h>

WHEP_CATEGORY ("whependpoint", "The WHEP endpoint: offers and answers");

/* Soon, so that a publisher that returns is found quickly; a request costs
 * little. */
#define NOBODY_RETRY_S 2
/* Viewers leave less often. */
#define FULL_RETRY_S 10

/* How long an offer waits for video if a pulled stream begins with audio. */
#define VIDEO_LATE_US (300 * 1000)

#define METHODS "POST, OPTIONS"

struct _WhepEndpoint
{
  WhepRegistry *registry;
  WhepAuthorizer *authorizer;
  SSL_CTX *dtls_context;
  gchar *fingerprint;
  gchar *address;
  WhepInterfaces interfaces;
  GStrv advertise;
  GStrv ice_servers; /* values for Link */
  guint16 media_port;
  gint64 rewind_us;
  WhepViewerLimits limits;
  gchar *node; /* nullable */
  WhepRedirect *redirect;
  WhepRoomFunc room_func; /* nullable */
  gpointer room_data;
};

static gboolean
is_any (const gchar *address)
{
  return g_str_equal (address, "::") || g_str_equal (address, "0.0.0.0");
}

static gboolean
is_ipv4 (const gchar *address)
{
  return strchr (address, ':') == NULL;
}

WhepEndpoint *
whep_endpoint_new (const WhepHttpParams *params, WhepRegistry *registry,
    WhepAuthorizer *authorizer, const WhepCertificate *certificate,
    GError **error)
{
  static const gchar *const nothing[] = { NULL };
  const gchar *const *advertise =
      params->advertise == NULL ? nothing : params->advertise;
  g_auto (GStrv) ice_servers = NULL;
  WhepRedirect *redirect;
  WhepEndpoint *self;

  if (!whep_candidates_check (advertise, error))
    return NULL;
  ice_servers = whep_iceservers_links (params->ice_servers, error);
  if (ice_servers == NULL)
    return NULL;
  redirect = whep_redirect_new (params->node, params->redirect_to, error);
  if (redirect == NULL)
    return NULL;
  self = g_new0 (WhepEndpoint, 1);
  self->node = g_strdup (params->node);
  self->redirect = redirect;
  self->room_func = params->room_func;
  self->room_data = params->room_data;
  self->registry = registry;
  self->authorizer = authorizer;
  self->dtls_context =
      whep_dtls_context_new (certificate->x509, certificate->key);
  self->fingerprint = g_strdup (certificate->fingerprint);
  self->address = g_strdup (params->address);
  whep_interfaces_init (&self->interfaces, is_ipv4 (params->address));
  self->advertise = g_strdupv ((GStrv) advertise);
  self->ice_servers = g_steal_pointer (&ice_servers);
  self->media_port = params->media_port;
  self->rewind_us = params->rewind_us;
  self->limits = (WhepViewerLimits){
    .max = params->max_viewers,
    .max_per_address = params->max_viewers_per_address,
    .max_per_stream = params->max_viewers_per_stream,
  };
  return self;
}

void
whep_endpoint_free (WhepEndpoint *self)
{
  if (self == NULL)
    return;
  SSL_CTX_free (self->dtls_context);
  g_free (self->fingerprint);
  g_free (self->address);
  whep_interfaces_clear (&self->interfaces);
  g_strfreev (self->advertise);
  g_strfreev (self->ice_servers);
  g_free (self->node);
  whep_redirect_free (self->redirect);
  g_free (self);
}

void
whep_endpoint_set_limits (WhepEndpoint *self, const WhepViewerLimits *limits)
{
  self->limits = *limits;
}

/* The addresses at which a browser may reach us, most likely first. */
static void
list_addresses (WhepEndpoint *self, SoupServerMessage *message,
    WhepCandidates *candidates)
{
  GSocketAddress *local = soup_server_message_get_local_address (message);
  const gchar *host = g_uri_get_host (soup_server_message_get_uri (message));

  whep_candidates_init (candidates, is_ipv4 (self->address));
  if (is_any (self->address)) {
    /* The host in the URL has evidently worked, but may be the balancer's. */
    if (self->node == NULL)
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
    whep_interfaces_list (&self->interfaces, candidates);
}

/* Links to the session's events, for players that support the extension. */
static void
add_event_link (const WhepEndpoint *self, SoupServerMessage *message,
    const gchar *segment)
{
  g_autofree gchar *link = NULL;

  link = g_strdup_printf ("<%sevents/%s>; rel=\"" WHEP_SSE_URN "\"; "
                          "events=\"%s\"",
      whep_request_route (message)->root, segment,
      self->node == NULL ? WHEP_SSE_NAMES : WHEP_SSE_NODE_NAMES);
  soup_message_headers_append (soup_server_message_get_response_headers (
                                   message),
      "Link", link);
}

static void
add_ice_links (const WhepEndpoint *self, SoupServerMessage *message)
{
  for (guint i = 0; self->ice_servers[i] != NULL; i++)
    soup_message_headers_append (soup_server_message_get_response_headers (
                                     message),
        "Link", self->ice_servers[i]);
}

static void
describe_session (WhepEndpoint *self, SoupServerMessage *message,
    const WhepListing *listing, const gchar *id,
    const WhepNegotiation *negotiation)
{
  g_autofree gchar *user_agent = whep_request_dup_user_agent (message);
  WhepSessionFacts facts = {
    .user_agent = user_agent,
    .needs_rendition = negotiation->needs_rendition,
    .takes_untouched = negotiation->takes_untouched,
  };

  whep_request_client (message, facts.client);
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    if (listing->tracks[i].id != 0)
      facts.encoding_names[i] = negotiation->encoding_names[i];
  whep_session_table_describe (self->registry->sessions, id, &facts);
}

static const gchar *
query_of (SoupServerMessage *message)
{
  return g_uri_get_query (soup_server_message_get_uri (message));
}

/* How far behind live the viewer of an offer, which has been checked, will be.
 */
static gint64
delay_of (const WhepEndpoint *self, SoupServerMessage *message,
    const gchar *stream)
{
  const WhepMediaStatsStream *known;
  WhepMediaStats media_stats;
  gint64 wanted_us, reach_us = G_MAXINT64;

  whep_playback_delay_read (query_of (message), &wanted_us);
  if (self->rewind_us == 0 || wanted_us == 0)
    return 0;
  whep_media_stats (self->registry->media, &media_stats);
  known = whep_media_stats_find_stream (&media_stats, stream);
  if (known != NULL)
    reach_us = known->reach_us;
  whep_media_stats_clear (&media_stats);
  return whep_playback_delay_clamp (wanted_us, self->rewind_us, reach_us);
}

static void
add_delay (const WhepEndpoint *self, SoupServerMessage *message,
    gint64 delay_us)
{
  g_autofree gchar *value =
      whep_playback_delay_write (delay_us, self->rewind_us);

  if (self->rewind_us > 0)
    soup_message_headers_replace (soup_server_message_get_response_headers (
                                      message),
        WHEP_PLAYBACK_DELAY_HEADER, value);
}

/* Hands the viewer to the media thread and replies with the answer. */
static void
open_session (WhepEndpoint *self, SoupServerMessage *message,
    const WhepListing *listing, const WhepNegotiationParams *params,
    WhepNegotiation *negotiation)
{
  WhepSessionTable *sessions = self->registry->sessions;
  const gchar *ufrag = params->ice_ufrag;
  const WhepSession *session;
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (message);
  const gchar *path = g_uri_get_path (soup_server_message_get_uri (message));
  gchar id[WHEP_SESSION_ID_LENGTH + 1];
  g_autofree gchar *segment = NULL;
  g_autofree gchar *location = NULL;

  whep_random_text (id, WHEP_SESSION_ID_LENGTH);
  segment = whep_route_session_segment (self->node, id);
  location = whep_route_location (path, segment);
  whep_session_table_add (sessions, id, ufrag, listing->name,
      negotiation->remote_ufrag, negotiation->fragment);
  session = whep_session_table_by_id (sessions, id);
  whep_session_table_control (sessions, session, &params->controls);
  describe_session (self, message, listing, id, negotiation);
  GST_DEBUG ("%s %s: session created for %s", listing->name, ufrag,
      soup_server_message_get_remote_host (message));
  whep_media_open_viewer (self->registry->media,
      g_steal_pointer (&negotiation->viewer));
  whep_subscribers_viewers_changed (self->registry->events);

  soup_message_headers_replace (headers, "Location", location);
  soup_message_headers_replace (headers, "Accept-Patch", WHEP_SESSION_PATCHES);
  if (negotiation->has_untouched)
    soup_message_headers_replace (headers, WHEP_B_FRAMES_HEADER,
        negotiation->takes_untouched ? WHEP_B_FRAMES_PASS
                                     : WHEP_B_FRAMES_AVAILABLE);
  whep_session_tag (session, message);
  add_event_link (self, message, segment);
  add_ice_links (self, message);
  whep_reply_text (message, SOUP_STATUS_CREATED, WHEP_ENDPOINT_SDP,
      negotiation->answer);
}

static void
reject_offer (SoupServerMessage *message, const WhepListing *listing,
    const GError *error)
{
  WhepProblem problem = whep_problem_of_offer (error->code);

  GST_INFO ("%s: offer rejected: %s", listing->name, error->message);
  whep_reply_rejection (message, &problem, error->message);
}

/* Room for another viewer, if a session gives way. */
typedef struct
{
  gboolean is_free;
  const WhepSession *gives_way; /* nullable */
  WhepProblemKind problem;      /* if not free */
  const gchar *why;
} Slot;

/* A limit on the sessions within a scope. */
typedef struct
{
  guint max;
  WhepSessionScope scope;
  WhepProblemKind problem;
  const gchar *why;
} Limit;

static gboolean
is_reached (const Limit *limit, const WhepRegistry *registry)
{
  return whep_session_table_count_slots_of (registry->sessions, &limit->scope) +
      whep_readers_count (registry->readers, limit->scope.client,
          limit->scope.stream) >=
      limit->max;
}

/* @setting: 0: no limit. */
static guint
optional_max (guint setting)
{
  return setting == 0 ? G_MAXUINT : setting;
}

/* The session that gives way is within the scope of every limit that is
 * reached, so that none is exceeded. */
static Slot
find_slot (const WhepEndpoint *self, const gchar *client, const gchar *stream)
{
  const WhepSessionTable *sessions = self->registry->sessions;
  guint n_taken = whep_session_table_count_slots (sessions);
  gboolean is_leaving_full = whep_session_table_count (sessions) - n_taken >=
      WHEP_SESSIONS_MAX_LEAVING;
  const Limit limits[] = {
    { optional_max (self->limits.max_per_address), { .client = client },
        WHEP_PROBLEM_TOO_MANY_OF_ADDRESS,
        "The server has reached its limit of viewers from your address." },
    { optional_max (self->limits.max_per_stream), { .stream = stream },
        WHEP_PROBLEM_TOO_MANY_OF_STREAM,
        "The server has reached its limit of viewers of this stream." },
    { self->limits.max, { 0 }, WHEP_PROBLEM_TOO_MANY_VIEWERS,
        "The server has reached its limit of viewers." },
  };
  WhepSessionScope scope = { 0 };
  Slot slot = { .is_free = TRUE };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++) {
    const Limit *limit = &limits[i];

    if (!is_reached (limit, self->registry))
      continue;
    if (limit->scope.client != NULL)
      scope.client = limit->scope.client;
    if (limit->scope.stream != NULL)
      scope.stream = limit->scope.stream;
    if (slot.is_free) {
      slot.is_free = FALSE;
      slot.problem = limit->problem;
      slot.why = limit->why;
    }
  }
  if (slot.is_free)
    return slot;
  slot.gives_way = whep_session_table_find_one_too_many (sessions, &scope);
  slot.is_free = slot.gives_way != NULL && !is_leaving_full;
  return slot;
}

/* The viewer's media thread decides: it keeps a viewer that has connected. */
static void
make_room (WhepEndpoint *self, const WhepSession *session)
{
  if (session == NULL)
    return;
  GST_DEBUG ("%s %s: session asked to make room, %s", session->stream,
      session->ufrag, session->facts.client);
  whep_session_table_ask_to_leave (self->registry->sessions, session);
  whep_media_let_give_way (self->registry->media, session->ufrag);
}

static void
answer_offer (WhepEndpoint *self, SoupServerMessage *message,
    const WhepListing *listing, const Slot *slot)
{
  g_autoptr (GBytes) offer = soup_message_body_flatten (
      soup_server_message_get_request_body (message));
  gchar ufrag[WHEP_ICE_OUR_UFRAG + 1];
  g_autoptr (GError) error = NULL;
  WhepCandidates candidates;
  WhepNegotiation negotiation;
  WhepNegotiationParams params = {
    .listing = listing,
    .ice_ufrag = ufrag,
    .addresses = (const gchar *const *) candidates.texts,
    .port = self->media_port,
    .wants_untouched = whep_b_frames_are_wanted (
        g_uri_get_query (soup_server_message_get_uri (message))),
    .delay_us = delay_of (self, message, listing->name),
    .dtls_context = self->dtls_context,
    .fingerprint = self->fingerprint,
    .asked_us = whep_connections_asked_us (message),
  };

  whep_session_controls_read (query_of (message), &params.controls);
  params.offer = g_bytes_get_data (offer, &params.offer_size);
  whep_registry_new_ufrag (self->registry, ufrag);
  list_addresses (self, message, &candidates);
  if (whep_negotiation_init (&negotiation, &params, &error)) {
    make_room (self, slot->gives_way);
    add_delay (self, message, params.delay_us);
    open_session (self, message, listing, &params, &negotiation);
  } else {
    reject_offer (message, listing, error);
  }
  whep_negotiation_clear (&negotiation);
  whep_candidates_clear (&candidates);
}

/* Redirects to a node that has room; returns FALSE if none is known. Elsewhere
 * there would be as many of an address. */
static gboolean
redirect (WhepEndpoint *self, SoupServerMessage *message, const gchar *stream,
    WhepProblemKind problem)
{
  const gchar *path = g_uri_get_path (soup_server_message_get_uri (message));
  g_autofree gchar *found = NULL;
  g_autofree gchar *location = NULL;

  if (problem == WHEP_PROBLEM_TOO_MANY_OF_ADDRESS ||
      whep_redirect_is_final (query_of (message)))
    return FALSE;
  if (self->room_func != NULL)
    found = self->room_func (stream, self->room_data);
  location =
      whep_redirect_location (self->redirect, found, path, query_of (message));
  if (location == NULL)
    return FALSE;
  GST_DEBUG ("%s: viewer redirected", stream);
  whep_reply_elsewhere (message, location);
  return TRUE;
}

static void
reject (SoupServerMessage *message, const gchar *stream,
    WhepProblemKind problem, const gchar *why)
{
  GST_INFO ("%s: viewer rejected: %s", stream, why);
  whep_reply_later (message, problem, FULL_RETRY_S, why);
}

/* Replies and returns FALSE while the server is drained. */
static gboolean
check_drain (WhepEndpoint *self, SoupServerMessage *message,
    const gchar *stream)
{
  if (!whep_drain_is_on (&self->registry->drain))
    return TRUE;
  if (!redirect (self, message, stream, WHEP_PROBLEM_DRAINING))
    reject (message, stream, WHEP_PROBLEM_DRAINING,
        "The server admits no new viewers at the moment.");
  return FALSE;
}

/* Replies and returns FALSE without room. A session gives way only if there is
 * no other node: behind a balancer, it is as likely a viewer that connects as
 * the new one is. None gives way to a reader. */
static gboolean
check_room (WhepEndpoint *self, SoupServerMessage *message, const gchar *stream,
    gboolean is_reader, Slot *slot)
{
  gchar client[NET_CLIENT_MAX + 1];

  whep_request_client (message, client);
  *slot = find_slot (self, client, stream);
  if (slot->is_free && slot->gives_way == NULL)
    return TRUE;
  if (redirect (self, message, stream, slot->problem))
    return FALSE;
  if (slot->is_free && !is_reader)
    return TRUE;
  reject (message, stream, slot->problem, slot->why);
  return FALSE;
}

gboolean
whep_endpoint_check_reader (WhepEndpoint *self, SoupServerMessage *message,
    const gchar *stream)
{
  Slot slot;

  return check_drain (self, message, stream) &&
      check_room (self, message, stream, TRUE, &slot);
}

gboolean
whep_endpoint_is_full (const WhepEndpoint *self)
{
  return is_reached (&(const Limit){ .max = self->limits.max }, self->registry);
}

/* A pulled stream's video mostly begins before its audio, or just after. */
static gboolean
is_ready (const gchar *stream, gpointer user_data)
{
  const WhepEndpoint *self = user_data;
  const WhepListing *listing =
      whep_directory_find (self->registry->directory, stream);

  return listing != NULL && whep_listing_is_playable (listing) &&
      (listing->tracks[WHEP_VIDEO].id != 0 ||
          whep_pulls_has_settled (self->registry->pulls, stream,
              VIDEO_LATE_US));
}

/* Called once the viewer has been authorised, and again once a pulled stream is
 * there. */
static void
take_offer (SoupServerMessage *message, const gchar *stream, gpointer user_data)
{
  WhepEndpoint *self = user_data;
  const WhepPullsWaiter waiter = { is_ready, take_offer, self };
  const WhepListing *listing =
      whep_directory_find (self->registry->directory, stream);
  gboolean is_pulled;
  Slot slot;

  if (!check_drain (self, message, stream))
    return;
  /* Nothing is pulled for a viewer that is not admitted. */
  if (listing == NULL && whep_pulls_is_possible (self->registry->pulls) &&
      !check_room (self, message, stream, FALSE, &slot))
    return;
  is_pulled = whep_pulls_touch (self->registry->pulls, stream);
  if (!(is_pulled && is_ready (stream, self)) &&
      whep_pulls_wait (self->registry->pulls, message, stream, &waiter))
    return;
  if (listing == NULL) {
    whep_reply_later (message, WHEP_PROBLEM_NO_PUBLISHER, NOBODY_RETRY_S,
        "Nobody publishes this stream at the moment.");
  } else if (!whep_listing_is_playable (listing)) {
    g_autofree gchar *fault = whep_listing_dup_fault (listing);

    whep_reply_later (message, WHEP_PROBLEM_UNPLAYABLE, NOBODY_RETRY_S, fault);
  } else if (check_room (self, message, stream, FALSE, &slot)) {
    answer_offer (self, message, listing, &slot);
  }
}

/* Authorisation comes first, so that it does not reveal which streams are
 * live. */
static void
handle_offer (WhepEndpoint *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  WhepViewerControls controls;
  gint64 delay_us;

  if (route->stream[0] == '\0')
    whep_reply_problem (message, WHEP_PROBLEM_NOT_FOUND,
        "This is not a valid stream name.");
  else if (!whep_playback_delay_read (query_of (message), &delay_us))
    whep_reply_problem (message, WHEP_PROBLEM_MALFORMED_DELAY,
        "The delay is a number of seconds.");
  else if (!whep_session_controls_read (query_of (message), &controls))
    whep_reply_problem (message, WHEP_PROBLEM_MALFORMED_QUERY,
        "“frames” is “all” or “key”, “sound” is true or false.");
  else
    whep_authorizer_check (self->authorizer, message, route->stream, take_offer,
        self);
}

void
whep_endpoint_serve (WhepEndpoint *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  if (soup_server_message_get_method (message) == SOUP_METHOD_POST)
    handle_offer (self, message, route);
  else
    whep_reply_not_allowed (message, METHODS);
}

void
whep_endpoint_describe (SoupServerMessage *message)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      "Accept-Post", WHEP_ENDPOINT_SDP);
  whep_reply_options (message, METHODS);
}
