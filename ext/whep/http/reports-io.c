/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the server reports: see reports-io.h. */

#include "ext/whep/http/reports-io.h"
#include "ext/whep/http/api.h"
#include "ext/whep/http/metrics.h"
#include "ext/whep/http/process-io.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/route.h"
#include "ext/whep/http/visibility-io.h"

#define JSON "application/json"
#define METRICS "text/plain; version=0.0.4; charset=utf-8"

struct _WhepReports
{
  WhepRegistry *registry;
  WhepAuthorizer *authorizer;
  const WhepOfferCounts *offers;
  WhepVisibility *visibility;
  WhepIngest *ingest; /* nullable */
};

WhepReports *
whep_reports_new (WhepRegistry *registry, WhepAuthorizer *authorizer,
    const WhepOfferCounts *offers)
{
  WhepReports *self = g_new0 (WhepReports, 1);

  self->registry = registry;
  self->authorizer = authorizer;
  self->offers = offers;
  self->visibility = whep_visibility_new (authorizer);
  return self;
}

void
whep_reports_free (WhepReports *self)
{
  if (self == NULL)
    return;
  whep_visibility_free (self->visibility);
  whep_ingest_free (self->ingest);
  g_free (self);
}

void
whep_reports_take_ingest (WhepReports *self, WhepIngest *ingest)
{
  whep_ingest_free (self->ingest);
  self->ingest = ingest;
}

static void
on_visible (SoupServerMessage *message, GHashTable *names, gpointer user_data)
{
  const WhepReports *self = user_data;
  g_autofree gchar *json = NULL;
  WhepMediaStats media_stats;

  whep_media_stats (self->registry->media, &media_stats);
  json = whep_api_streams (self->registry->directory, self->registry->sessions,
      &media_stats, names);
  whep_media_stats_clear (&media_stats);
  whep_reply_text (message, SOUP_STATUS_OK, JSON, json);
}

void
whep_reports_serve_streams (WhepReports *self, SoupServerMessage *message)
{
  g_autoptr (GList) names = whep_directory_names (self->registry->directory);

  whep_visibility_find (self->visibility, message, names, on_visible, self);
}

void
whep_reports_serve_ingest (const WhepReports *self, SoupServerMessage *message)
{
  g_autofree gchar *json = whep_ingest_to_json (self->ingest);

  whep_reply_text (message, SOUP_STATUS_OK, JSON, json);
}

static void
on_visible_for_viewers (SoupServerMessage *message, GHashTable *names,
    gpointer user_data)
{
  const WhepReports *self = user_data;
  g_autofree gchar *json = NULL;
  WhepMediaStats media_stats;
  WhepRoute route;

  whep_route_parse (g_uri_get_path (soup_server_message_get_uri (message)),
      &route);
  if (names != NULL && !g_hash_table_contains (names, route.stream)) {
    whep_authorizer_reject_look (message, "You may not watch this stream.");
    return;
  }
  whep_media_stats (self->registry->media, &media_stats);
  json =
      whep_api_viewers (&media_stats, self->registry->sessions, route.stream);
  whep_media_stats_clear (&media_stats);
  whep_reply_text (message, SOUP_STATUS_OK, JSON, json);
}

void
whep_reports_serve_viewers (WhepReports *self, SoupServerMessage *message,
    const WhepRoute *route)
{
  GList names = { .data = (gpointer) route->stream };

  whep_visibility_find (self->visibility, message, &names,
      on_visible_for_viewers, self);
}

/* Returns: (transfer full): "" if nothing is known. */
static gchar *
process_metrics (void)
{
  WhepProcess process;

  return whep_process_read (&process) ? whep_metrics_of_process (&process)
                                      : g_strdup ("");
}

static void
reply_metrics (const WhepReports *self, SoupServerMessage *message)
{
  g_autofree gchar *streams =
      whep_metrics_of_streams (self->registry->directory,
          self->registry->sessions);
  g_autofree gchar *offers = whep_metrics_of_offers (self->offers);
  g_autofree gchar *process = process_metrics ();
  g_autofree gchar *viewers = NULL;
  g_autofree gchar *text = NULL;
  WhepMediaStats media_stats;

  whep_media_stats (self->registry->media, &media_stats);
  viewers = whep_metrics_of_viewers (&media_stats);
  whep_media_stats_clear (&media_stats);
  text = g_strconcat (streams, offers, viewers, process, NULL);
  whep_reply_text (message, SOUP_STATUS_OK, METRICS, text);
}

/* @visible: (nullable): NULL for all. */
static gboolean
are_all_visible (const WhepReports *self, GHashTable *visible)
{
  g_autoptr (GList) names = whep_directory_names (self->registry->directory);

  for (GList *name = names; name != NULL; name = name->next)
    if (visible != NULL && !g_hash_table_contains (visible, name->data))
      return FALSE;
  return TRUE;
}

static void
on_visible_for_metrics (SoupServerMessage *message, GHashTable *names,
    gpointer user_data)
{
  const WhepReports *self = user_data;

  if (are_all_visible (self, names))
    reply_metrics (self, message);
  else
    whep_authorizer_reject_look (message,
        "The metrics name streams that you may not watch.");
}

void
whep_reports_serve_metrics (WhepReports *self, SoupServerMessage *message)
{
  g_autoptr (GList) names = NULL;

  if (whep_authorizer_has_admins (self->authorizer)) {
    if (whep_authorizer_check_admin (self->authorizer, message))
      reply_metrics (self, message);
    return;
  }
  names = whep_directory_names (self->registry->directory);
  whep_visibility_find (self->visibility, message, names,
      on_visible_for_metrics, self);
}
