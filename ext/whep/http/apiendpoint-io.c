/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The routes below /api/v1: see apiendpoint-io.h. */

#include "ext/whep/http/apiendpoint-io.h"
#include "ext/whep/api-resource.h"
#include "ext/whep/category.h"
#include "ext/whep/http/apiv1.h"
#include "ext/whep/http/drainer-io.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/request-io.h"
#include "ext/whep/http/visibility-io.h"
#include "gst/access/query.h"

WHEP_CATEGORY ("whepapi", "The API for administrators");

#define JSON "application/json"
#define DESCRIPTION "/api/openapi.json"

/* Longer than a day, and it is a matter of keys. */
#define MAX_REFUSAL_S (24 * 60 * 60)

struct _WhepApiEndpoint
{
  WhepRegistry *registry;
  WhepAuthorizer *authorizer;
  WhepControls controls;
  WhepVisibility *visibility;
  WhepDrainer *drainer;
};

WhepApiEndpoint *
whep_api_endpoint_new (WhepRegistry *registry, WhepAuthorizer *authorizer,
    const WhepControls *controls)
{
  WhepApiEndpoint *self = g_new0 (WhepApiEndpoint, 1);

  self->registry = registry;
  self->authorizer = authorizer;
  self->controls = *controls;
  self->visibility = whep_visibility_new (authorizer);
  self->drainer = whep_drainer_new (registry);
  return self;
}

void
whep_api_endpoint_free (WhepApiEndpoint *self)
{
  if (self == NULL)
    return;
  whep_drainer_free (self->drainer);
  whep_visibility_free (self->visibility);
  g_free (self);
}

/* What threads publish. */
typedef struct
{
  WhepMediaStats media;
  WhepReadersStats readers;
} Stats;

static void
stats_clear (Stats *stats)
{
  whep_media_stats_clear (&stats->media);
  whep_readers_stats_clear (&stats->readers);
}

/* @stats is (out) and to be cleared. */
static WhepApiV1View
view_of (const WhepApiEndpoint *self, gboolean is_admin, Stats *stats)
{
  whep_media_stats (self->registry->media, &stats->media);
  whep_readers_stats (self->registry->readers, &stats->readers);
  return (WhepApiV1View){
    .directory = self->registry->directory,
    .sessions = self->registry->sessions,
    .controls = &self->controls,
    .media_stats = &stats->media,
    .readers = &stats->readers,
    .now_us = g_get_monotonic_time (),
    .wall_us = g_get_real_time (),
    .is_admin = is_admin,
  };
}

static void
reply_json (SoupServerMessage *message, const gchar *json)
{
  whep_reply_text (message, SOUP_STATUS_OK, JSON, json);
}

static void
reply_no_stream (SoupServerMessage *message)
{
  whep_reply_problem (message, WHEP_PROBLEM_NO_STREAM,
      "Nobody publishes this stream at the moment.");
}

/* @visible: (nullable): NULL if the asker may watch all streams. */
static void
reply_streams (WhepApiEndpoint *self, SoupServerMessage *message,
    GHashTable *visible, gboolean is_admin)
{
  const WhepRoute *route = whep_request_route (message);
  Stats stats;
  WhepApiV1View view = view_of (self, is_admin, &stats);
  g_autofree gchar *json = route->kind == WHEP_ROUTE_API_STREAM
      ? whep_api_v1_stream (&view, route->stream)
      : whep_api_v1_streams (&view, visible);

  stats_clear (&stats);
  if (json != NULL)
    reply_json (message, json);
  else
    reply_no_stream (message);
}

/* Of streams that are guarded, an administrator alone may watch all. */
static void
on_visible (SoupServerMessage *message, GHashTable *visible, gpointer user_data)
{
  const WhepRoute *route = whep_request_route (message);

  if (route->kind == WHEP_ROUTE_API_STREAM && visible != NULL &&
      !g_hash_table_contains (visible, route->stream))
    whep_authorizer_reject_look (message, "You may not watch this stream.");
  else
    reply_streams (user_data, message, visible, visible == NULL);
}

/* Where everybody may watch, a token is one that makes an administrator, or is
 * a guess. */
static void
serve_unguarded (WhepApiEndpoint *self, SoupServerMessage *message)
{
  WhepAsker asker;

  if (!whep_authorizer_identify (self->authorizer, message, &asker))
    return;
  whep_authorizer_count_guess (self->authorizer, message, &asker);
  reply_streams (self, message, NULL, asker.is_admin);
  whep_asker_clear (&asker);
}

/* @names: (element-type utf8): the streams in question. */
static void
serve_some (WhepApiEndpoint *self, SoupServerMessage *message,
    const GList *names)
{
  if (whep_authorizer_is_guarded (self->authorizer))
    whep_visibility_find (self->visibility, message, names, on_visible, self);
  else
    serve_unguarded (self, message);
}

static void
serve_streams (WhepApiEndpoint *self, SoupServerMessage *message)
{
  g_autoptr (GList) names = whep_directory_names (self->registry->directory);

  serve_some (self, message, names);
}

static void
serve_stream (WhepApiEndpoint *self, SoupServerMessage *message,
    const gchar *stream)
{
  GList names = { .data = (gpointer) stream };

  serve_some (self, message, &names);
}

gchar *
whep_api_endpoint_dup_streams (WhepApiEndpoint *self)
{
  Stats stats;
  WhepApiV1View view = view_of (self, TRUE, &stats);
  gchar *json = whep_api_v1_streams (&view, NULL);

  stats_clear (&stats);
  return json;
}

gchar *
whep_api_endpoint_dup_viewers (WhepApiEndpoint *self, const gchar *stream)
{
  Stats stats;
  WhepApiV1View view = view_of (self, TRUE, &stats);
  gchar *json = whep_api_v1_viewers (&view, stream);

  stats_clear (&stats);
  return json;
}

/* A stream without a publisher may still have viewers, which wait for it.
 * @stream: (nullable): NULL for all. */
static void
serve_viewers (WhepApiEndpoint *self, SoupServerMessage *message,
    const gchar *stream)
{
  g_autofree gchar *json = NULL;

  if (stream != NULL &&
      whep_directory_find (self->registry->directory, stream) == NULL &&
      whep_session_table_count_stream (self->registry->sessions, stream) == 0 &&
      whep_readers_count (self->registry->readers, NULL, stream) == 0) {
    reply_no_stream (message);
    return;
  }
  json = whep_api_endpoint_dup_viewers (self, stream);
  reply_json (message, json);
}

/* Replies and returns FALSE if the parameter is malformed; 0 without one. */
static gboolean
read_refusal (SoupServerMessage *message, guint64 *refuse_for_s)
{
  const gchar *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autofree gchar *text =
      access_query_get (query == NULL ? "" : query, "refuse-for");

  *refuse_for_s = 0;
  if (text == NULL ||
      g_ascii_string_to_unsigned (text, 10, 0, MAX_REFUSAL_S, refuse_for_s,
          NULL))
    return TRUE;
  whep_reply_problem (message, WHEP_PROBLEM_MALFORMED_QUERY,
      "“refuse-for” is a whole number of seconds, at most a day.");
  return FALSE;
}

static void
disconnect_publisher (WhepApiEndpoint *self, SoupServerMessage *message,
    const gchar *stream)
{
  const WhepControls *controls = &self->controls;
  guint64 refuse_for_s;

  if (!read_refusal (message, &refuse_for_s))
    return;
  if (whep_directory_find (self->registry->directory, stream) == NULL) {
    reply_no_stream (message);
  } else if (controls->disconnect_publisher != NULL &&
      controls->disconnect_publisher (stream, WHEP_API_REASON,
          refuse_for_s * G_GUINT64_CONSTANT (1000000000),
          controls->user_data)) {
    GST_INFO ("%s: publisher disconnected", stream);
    whep_reply_empty (message, SOUP_STATUS_NO_CONTENT);
  } else {
    whep_reply_problem (message, WHEP_PROBLEM_FIXED_SOURCE,
        "The stream's source is not a publisher that can be disconnected.");
  }
}

static void
reply_recording (WhepApiEndpoint *self, SoupServerMessage *message,
    const gchar *stream)
{
  g_autofree gchar *json = whep_api_v1_recording (&self->controls, stream);

  if (json == NULL)
    whep_reply_problem (message, WHEP_PROBLEM_NO_RECORDING,
        "This stream is not recorded at the moment.");
  else
    reply_json (message, json);
}

static void
record (WhepApiEndpoint *self, SoupServerMessage *message, const gchar *stream,
    gboolean starts)
{
  const WhepControls *controls = &self->controls;
  g_autofree gchar *why = NULL;
  g_autofree gchar *detail = NULL;

  if (controls->record == NULL ||
      !controls->record (stream, starts, &why, controls->user_data)) {
    whep_reply_problem (message, WHEP_PROBLEM_NO_RECORDER,
        "There is nothing that records streams.");
    return;
  }
  if (why == NULL) {
    GST_INFO ("%s: recording %s", stream, starts ? "started" : "stopped");
    whep_reply_empty (message, SOUP_STATUS_NO_CONTENT);
    return;
  }
  detail = g_strdup_printf ("The recording was not %s: %s.",
      starts ? "started" : "stopped", why);
  whep_reply_problem (message, WHEP_PROBLEM_RECORDING_REFUSED, detail);
}

/* A body has no effect: where the file is, is not the client's choice. */
static void
serve_recording (WhepApiEndpoint *self, SoupServerMessage *message,
    const gchar *stream)
{
  const gchar *method = soup_server_message_get_method (message);
  gboolean starts = method == SOUP_METHOD_POST;
  g_autofree gchar *current = NULL;

  if (whep_directory_find (self->registry->directory, stream) == NULL) {
    reply_no_stream (message);
    return;
  }
  if (method == SOUP_METHOD_DELETE)
    current = whep_api_v1_recording (&self->controls, stream);
  if (starts || current != NULL)
    record (self, message, stream, starts);
  else
    reply_recording (self, message, stream);
}

gboolean
whep_api_endpoint_disconnect_viewer (WhepApiEndpoint *self, const gchar *id,
    const gchar *reason)
{
  return whep_registry_disconnect (self->registry, id, reason) ||
      whep_readers_cut (self->registry->readers, id);
}

static void
disconnect_viewer (WhepApiEndpoint *self, SoupServerMessage *message,
    const gchar *id)
{
  if (whep_api_endpoint_disconnect_viewer (self, id, WHEP_API_REASON))
    whep_reply_empty (message, SOUP_STATUS_NO_CONTENT);
  else
    whep_reply_problem (message, WHEP_PROBLEM_NO_VIEWER,
        "There is no such viewer, or it has left.");
}

/* Replies and returns FALSE unless the body sets some of the numbers. */
static gboolean
read_body (SoupServerMessage *message, WhepApiNumber *numbers, guint n_numbers)
{
  g_autoptr (GBytes) body = soup_message_body_flatten (
      soup_server_message_get_request_body (message));
  g_autofree gchar *detail = NULL;
  WhepProblemKind problem;
  gsize size;
  const gchar *data = g_bytes_get_data (body, &size);

  if (whep_api_body_parse (data, size, numbers, n_numbers, &problem, &detail))
    return TRUE;
  whep_reply_problem (message, problem, detail);
  return FALSE;
}

static void
serve_settings (WhepApiEndpoint *self, SoupServerMessage *message)
{
  const WhepControls *controls = &self->controls;
  WhepApiNumber settings[WHEP_CONTROLS_MAX_SETTINGS];
  guint n_settings = 0;
  g_autofree gchar *json = NULL;

  if (controls->read_settings != NULL)
    n_settings = controls->read_settings (settings, controls->user_data);
  if (soup_server_message_get_method (message) != SOUP_METHOD_GET &&
      soup_server_message_get_method (message) != SOUP_METHOD_HEAD) {
    if (!read_body (message, settings, n_settings))
      return;
    if (controls->change_settings != NULL)
      controls->change_settings (settings, n_settings, controls->user_data);
  }
  json = whep_api_body_write (settings, n_settings);
  reply_json (message, json);
}

void
whep_api_endpoint_drain (WhepApiEndpoint *self, gint64 after_us)
{
  if (after_us < 0)
    whep_drainer_end (self->drainer);
  else
    whep_drainer_begin (self->drainer, g_get_monotonic_time () + after_us);
}

static gboolean
begin_drain (WhepApiEndpoint *self, SoupServerMessage *message)
{
  WhepApiNumber deadline = { .name = "deadline_s", .max = WHEP_DRAIN_MAX_S };

  if (!read_body (message, &deadline, 1))
    return FALSE;
  if (!deadline.is_set) {
    whep_reply_problem (message, WHEP_PROBLEM_UNUSABLE_MEMBER,
        "The body must have the member “deadline_s”.");
    return FALSE;
  }
  whep_api_endpoint_drain (self, deadline.value * G_USEC_PER_SEC);
  return TRUE;
}

static void
serve_drain (WhepApiEndpoint *self, SoupServerMessage *message)
{
  const gchar *method = soup_server_message_get_method (message);
  g_autofree gchar *json = NULL;

  if (method == SOUP_METHOD_POST && !begin_drain (self, message))
    return;
  if (method == SOUP_METHOD_DELETE)
    whep_api_endpoint_drain (self, -1);
  json = whep_drainer_to_json (self->drainer);
  reply_json (message, json);
}

static void
serve_description (SoupServerMessage *message)
{
  g_autoptr (GBytes) bytes = g_resource_lookup_data (whep_api_get_resource (),
      DESCRIPTION, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert (bytes != NULL);
  whep_reply_bytes (message, JSON, bytes);
}

/* Of routes below /api/v1 alone. */
static const gchar *
methods_of (WhepRouteKind kind)
{
  if (kind == WHEP_ROUTE_API_PUBLISHER || kind == WHEP_ROUTE_API_VIEWER)
    return "DELETE, OPTIONS";
  if (kind == WHEP_ROUTE_API_SETTINGS)
    return "GET, HEAD, PATCH, OPTIONS";
  if (kind == WHEP_ROUTE_API_DRAIN || kind == WHEP_ROUTE_API_RECORDING)
    return "GET, HEAD, POST, DELETE, OPTIONS";
  return "GET, HEAD, OPTIONS";
}

static gboolean
has_method (SoupServerMessage *message, WhepRouteKind kind)
{
  g_auto (GStrv) methods = g_strsplit (methods_of (kind), ", ", -1);

  return g_strv_contains ((const gchar *const *) methods,
      soup_server_message_get_method (message));
}

/* The other routes show what their asker may watch. */
static gboolean
is_for_admins (WhepRouteKind kind)
{
  return kind != WHEP_ROUTE_API_STREAMS && kind != WHEP_ROUTE_API_STREAM &&
      kind != WHEP_ROUTE_API_DESCRIPTION;
}

gboolean
whep_api_endpoint_has (const WhepApiEndpoint *self, WhepRouteKind kind)
{
  return !is_for_admins (kind) || whep_authorizer_has_admins (self->authorizer);
}

gboolean
whep_api_endpoint_wants_json (SoupServerMessage *message, WhepRouteKind kind)
{
  const gchar *method = soup_server_message_get_method (message);

  return (kind == WHEP_ROUTE_API_SETTINGS &&
             method == g_intern_static_string ("PATCH")) ||
      (kind == WHEP_ROUTE_API_DRAIN && method == SOUP_METHOD_POST);
}

static void
serve_route (WhepApiEndpoint *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  if (route->kind == WHEP_ROUTE_API_DESCRIPTION)
    serve_description (message);
  else if (route->kind == WHEP_ROUTE_API_STREAMS)
    serve_streams (self, message);
  else if (route->kind == WHEP_ROUTE_API_STREAM)
    serve_stream (self, message, route->stream);
  else if (route->kind == WHEP_ROUTE_API_STREAM_VIEWERS)
    serve_viewers (self, message, route->stream);
  else if (route->kind == WHEP_ROUTE_API_VIEWERS)
    serve_viewers (self, message, NULL);
  else if (route->kind == WHEP_ROUTE_API_PUBLISHER)
    disconnect_publisher (self, message, route->stream);
  else if (route->kind == WHEP_ROUTE_API_RECORDING)
    serve_recording (self, message, route->stream);
  else if (route->kind == WHEP_ROUTE_API_VIEWER)
    disconnect_viewer (self, message, route->viewer_id);
  else if (route->kind == WHEP_ROUTE_API_SETTINGS)
    serve_settings (self, message);
  else if (route->kind == WHEP_ROUTE_API_DRAIN)
    serve_drain (self, message);
  else
    g_assert_not_reached ();
}

void
whep_api_endpoint_serve (WhepApiEndpoint *self, SoupServerMessage *message)
{
  const WhepRoute *route = whep_request_route (message);
  const gchar *methods = methods_of (route->kind);

  if (soup_server_message_get_method (message) == SOUP_METHOD_OPTIONS)
    whep_reply_options (message, methods);
  else if (!has_method (message, route->kind))
    whep_reply_not_allowed (message, methods);
  else if (!is_for_admins (route->kind) ||
      whep_authorizer_check_admin (self->authorizer, message))
    serve_route (self, message, route);
}
