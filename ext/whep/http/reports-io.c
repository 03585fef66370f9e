/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the server reports: see reports-io.h. */

#include "ext/whep/http/reports-io.h"
#include "ext/whep/http/api.h"
#include "ext/whep/http/journalreaders-io.h"
#include "ext/whep/http/knownstreams.h"
#include "ext/whep/http/listreaders-io.h"
#include "ext/whep/http/metrics.h"
#include "ext/whep/http/process-io.h"
#include "ext/whep/http/reply-io.h"
#include "ext/whep/http/request-io.h"
#include "ext/whep/http/visibility-io.h"

#define JSON "application/json"
#define METRICS "text/plain; version=0.0.4; charset=utf-8"

struct _WhepReports
{
  WhepRegistry *registry;
  WhepAuthorizer *authorizer;
  const WhepOfferCounts *offers;
  WhepVisibility *visibility;
  WhepJournalReaders *readers; /* nullable: there is no journal */
  WhepListReaders *lists;
  WhepIngest *ingest; /* nullable */
};

/* All that there is to know about the streams. */
typedef struct
{
  WhepApiView view;
  WhepMediaStats media_stats;
  WhepReadersStats readers;
} Figures;

static void
figures_init (Figures *self, const WhepRegistry *registry)
{
  whep_media_stats (registry->media, &self->media_stats);
  whep_readers_stats (registry->readers, &self->readers);
  self->view = (WhepApiView){
    .directory = registry->directory,
    .sessions = registry->sessions,
    .media_stats = &self->media_stats,
    .readers = &self->readers,
    .now_us = g_get_monotonic_time (),
  };
}

static void
figures_clear (Figures *self)
{
  whep_readers_stats_clear (&self->readers);
  whep_media_stats_clear (&self->media_stats);
}

static GPtrArray *
describe_streams (gpointer user_data)
{
  const WhepReports *self = user_data;
  GPtrArray *streams = whep_stream_texts_new ();
  g_autoptr (GList) names = whep_directory_names (self->registry->directory);
  Figures figures;

  figures_init (&figures, self->registry);
  for (GList *name = names; name != NULL; name = name->next) {
    g_autofree gchar *text = whep_api_stream (&figures.view, name->data);

    whep_stream_texts_add (streams, name->data, text);
  }
  figures_clear (&figures);
  return streams;
}

WhepReports *
whep_reports_new (WhepRegistry *registry, WhepAuthorizer *authorizer,
    const WhepOfferCounts *offers, Journal *journal)
{
  WhepReports *self = g_new0 (WhepReports, 1);

  self->registry = registry;
  self->authorizer = authorizer;
  self->offers = offers;
  self->visibility = whep_visibility_new (authorizer);
  self->lists = whep_list_readers_new (&whep_list_readers_default_params,
      authorizer, self->visibility, describe_streams, self);
  if (journal != NULL)
    self->readers =
        whep_journal_readers_new (&whep_journal_readers_default_params, journal,
            authorizer, self->visibility);
  return self;
}

void
whep_reports_free (WhepReports *self)
{
  if (self == NULL)
    return;
  whep_journal_readers_free (self->readers);
  whep_list_readers_free (self->lists);
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
  Figures figures;

  figures_init (&figures, self->registry);
  json = whep_api_streams (&figures.view, names);
  figures_clear (&figures);
  whep_reply_text (message, SOUP_STATUS_OK, JSON, json);
}

void
whep_reports_serve_streams (WhepReports *self, SoupServerMessage *message)
{
  g_autoptr (GList) names = NULL;

  soup_message_headers_append (soup_server_message_get_response_headers (
                                   message),
      "Vary", "Accept");
  if (whep_list_readers_are_meant (message)) {
    whep_list_readers_serve (self->lists, message);
    return;
  }
  names = whep_directory_names (self->registry->directory);
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
  const gchar *stream = whep_request_route (message)->stream;
  g_autofree gchar *json = NULL;
  WhepMediaStats media_stats;

  if (names != NULL && !g_hash_table_contains (names, stream)) {
    whep_authorizer_reject_look (message, "You may not watch this stream.");
    return;
  }
  whep_media_stats (self->registry->media, &media_stats);
  json = whep_api_viewers (&media_stats, self->registry->sessions, stream);
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

/* Returns: (transfer full) */
static gchar *
reader_metrics (const WhepReports *self)
{
  WhepReadersStats readers;
  gchar *text;

  whep_readers_stats (self->registry->readers, &readers);
  text = whep_metrics_of_readers (&readers);
  whep_readers_stats_clear (&readers);
  return text;
}

static void
reply_metrics (const WhepReports *self, SoupServerMessage *message)
{
  g_autofree gchar *streams =
      whep_metrics_of_streams (self->registry->directory,
          self->registry->sessions);
  g_autofree gchar *offers = whep_metrics_of_offers (self->offers);
  g_autofree gchar *process = process_metrics ();
  g_autofree gchar *readers = reader_metrics (self);
  g_autofree gchar *viewers = NULL;
  g_autofree gchar *text = NULL;
  WhepMediaStats media_stats;

  whep_media_stats (self->registry->media, &media_stats);
  viewers = whep_metrics_of_viewers (&media_stats);
  whep_media_stats_clear (&media_stats);
  text = g_strconcat (streams, offers, viewers, readers, process, NULL);
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

void
whep_reports_serve_journal (WhepReports *self, SoupServerMessage *message)
{
  if (self->readers != NULL)
    whep_journal_readers_serve (self->readers, message);
  else
    whep_reply_problem (message, WHEP_PROBLEM_NOT_FOUND,
        "There is no journal of events.");
}

void
whep_reports_update_journal (WhepReports *self)
{
  if (self->readers != NULL)
    whep_journal_readers_update (self->readers);
}
