/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams and viewers in JSON: see api.h. */

#include "ext/whep/http/api.h"
#include "ext/whep/http/json.h"

#include <string.h>

/* A viewer that joins a stream whose key frame the log has dropped sees nothing
 * yet. */
static void
add_wait (JsonBuilder *json, gint64 gop_us)
{
  g_autofree gchar *note = gop_us == 0
      ? g_strdup ("no key frame yet: new viewers wait for one")
      : g_strdup_printf ("GOP of %d s: new viewers wait for the next key frame",
            (gint) ((gop_us + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC));

  json_builder_set_member_name (json, "waits_for_key_frame");
  json_builder_add_boolean_value (json, TRUE);
  whep_json_add_text (json, "note", note);
}

/* @gop: (nullable): of video, if anything is known. */
static void
add_gop (JsonBuilder *json, const WhepMediaStatsStream *gop)
{
  if (gop == NULL)
    return;
  if (gop->gop_us > 0)
    whep_json_add_number (json, "gop_ms", gop->gop_us / 1000);
  if (!gop->has_key_frame)
    add_wait (json, gop->gop_us);
}

static void
add_facts (JsonBuilder *json, const WhepListedTrack *track,
    const WhepMediaStatsStream *gop)
{
  if (track->profile_level_id != 0) {
    g_autofree gchar *hex = g_strdup_printf ("%06x", track->profile_level_id);

    whep_json_add_text (json, "profile_level_id", hex);
  }
  whep_json_add_text (json, "b_frames", track->b_frames);
  whep_json_add_text (json, "rendition", track->rendition);
  whep_json_add_text (json, "via", track->via);
  add_gop (json, gop);
}

static void
add_track (JsonBuilder *json, const gchar *name, const WhepListing *listing,
    WhepTrackKind kind, const WhepMediaStatsStream *gop)
{
  const WhepListedTrack *track = &listing->tracks[kind];
  const WhepListedFault *fault = &listing->faults[kind];

  if (track->id == 0 && fault->id == 0)
    return;
  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  whep_json_add_text (json, "codec",
      track->id != 0 ? track->encoding_name : fault->codec);
  if (track->id != 0)
    add_facts (json, track, gop);
  whep_json_add_text (json, "unplayable", fault->reason);
  json_builder_end_object (json);
}

static void
add_listing (JsonBuilder *json, const WhepListing *listing, guint n_viewers,
    const WhepMediaStatsStream *gop)
{
  g_autoptr (GDateTime) since =
      g_date_time_new_from_unix_utc (listing->since_us / G_USEC_PER_SEC);
  g_autofree gchar *since_text = g_date_time_format_iso8601 (since);

  json_builder_begin_object (json);
  whep_json_add_text (json, "name", listing->name);
  whep_json_add_text (json, "live_since", since_text);
  whep_json_add_number (json, "viewers", n_viewers);
  add_track (json, "video", listing, WHEP_VIDEO, gop);
  add_track (json, "audio", listing, WHEP_AUDIO, NULL);
  json_builder_end_object (json);
}

gchar *
whep_api_streams (const WhepDirectory *directory,
    const WhepSessionTable *sessions, const WhepMediaStats *media_stats,
    GHashTable *visible)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (GList) names = whep_directory_names (directory);

  json_builder_begin_array (json);
  for (GList *name = names; name != NULL; name = name->next)
    if (visible == NULL || g_hash_table_contains (visible, name->data))
      add_listing (json, whep_directory_find (directory, name->data),
          whep_session_table_count_stream (sessions, name->data),
          whep_media_stats_find_stream (media_stats, name->data));
  json_builder_end_array (json);
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
  }
}

static void
add_viewer (JsonBuilder *json, const WhepMediaStatsViewer *viewer)
{
  const WhepViewerStats *stats = &viewer->stats;

  json_builder_begin_object (json);
  whep_json_add_text (json, "viewer", viewer->ufrag);
  for (const WhepFigure *figure = whep_media_stats_figures ();
       figure->name != NULL; figure++)
    add_figure (json, figure, stats);
  whep_json_add_number (json, "lost_percent", 100 * stats->fraction_lost / 256);
  if (stats->round_trip_us > 0)
    whep_json_add_number (json, "round_trip_us", stats->round_trip_us);
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
