/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams and viewers in JSON: see api.h. */

#include "ext/whep/http/api.h"
#include "ext/whep/http/json.h"
#include "ext/whep/http/streamjson.h"

#include <string.h>

static void
add_stream (JsonBuilder *json, const WhepApiView *view, const gchar *name,
    gboolean is_brief)
{
  const WhepStreamJson stream = {
    .listing = whep_directory_find (view->directory, name),
    .n_viewers = whep_session_table_count_stream (view->sessions, name) +
        whep_readers_stats_count_stream (view->readers, name),
    .gop = whep_media_stats_find_stream (view->media_stats, name),
    .is_brief = is_brief,
    .now_us = view->now_us,
  };

  whep_stream_json_add (json, &stream);
}

gchar *
whep_api_streams (const WhepApiView *view, GHashTable *visible)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (GList) names = whep_directory_names (view->directory);

  json_builder_begin_array (json);
  for (GList *name = names; name != NULL; name = name->next)
    if (visible == NULL || g_hash_table_contains (visible, name->data))
      add_stream (json, view, name->data, FALSE);
  json_builder_end_array (json);
  return whep_json_to_text (json);
}

gchar *
whep_api_stream (const WhepApiView *view, const gchar *stream)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  add_stream (json, view, stream, TRUE);
  return whep_json_to_text (json);
}

/* Members have underscores where fields of structures have hyphens. */
static void
add_figure (JsonBuilder *json, const WhepFigure *figure,
    const WhepViewerStats *stats)
{
  g_autofree gchar *name = g_strdelimit (g_strdup (figure->name), "-", '_');

  switch (figure->kind) {
    case WHEP_FIGURE_COUNTER:
      whep_json_add_number (json, name,
          G_STRUCT_MEMBER (guint64, stats, figure->offset));
      return;
    case WHEP_FIGURE_THINNING:
      whep_json_add_text (json, name,
          whep_thinning_level_name (
              G_STRUCT_MEMBER (WhepThinningLevel, stats, figure->offset)));
      return;
    case WHEP_FIGURE_FRAMES:
      whep_json_add_text (json, name,
          whep_frames_name (
              G_STRUCT_MEMBER (WhepFrames, stats, figure->offset)));
      return;
    case WHEP_FIGURE_SOUND:
      json_builder_set_member_name (json, name);
      json_builder_add_boolean_value (json,
          G_STRUCT_MEMBER (gboolean, stats, figure->offset));
      return;
  }
}

void
whep_api_add_stats (JsonBuilder *json, const WhepViewerStats *stats)
{
  for (const WhepFigure *figure = whep_media_stats_figures ();
       figure->name != NULL; figure++)
    add_figure (json, figure, stats);
  whep_json_add_number (json, "lost_percent", 100 * stats->fraction_lost / 256);
  if (stats->round_trip_us > 0)
    whep_json_add_number (json, "round_trip_us", stats->round_trip_us);
}

static void
add_viewer (JsonBuilder *json, const WhepMediaStatsViewer *viewer)
{
  json_builder_begin_object (json);
  whep_json_add_text (json, "viewer", viewer->ufrag);
  whep_api_add_stats (json, &viewer->stats);
  json_builder_end_object (json);
}

static gboolean
is_of_stream (const WhepSessionTable *sessions, const gchar *ufrag,
    const gchar *stream)
{
  const WhepSession *session = whep_session_table_by_ufrag (sessions, ufrag);

  return session != NULL && strcmp (session->stream, stream) == 0;
}

gchar *
whep_api_viewers (const WhepMediaStats *media_stats,
    const WhepSessionTable *sessions, const gchar *stream)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_array (json);
  for (guint i = 0; i < media_stats->viewers->len; i++) {
    const WhepMediaStatsViewer *viewer =
        &g_array_index (media_stats->viewers, WhepMediaStatsViewer, i);

    if (is_of_stream (sessions, viewer->ufrag, stream))
      add_viewer (json, viewer);
  }
  json_builder_end_array (json);
  return whep_json_to_text (json);
}
