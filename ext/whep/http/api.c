/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The viewers of one stream: see api.h. */

#include "ext/whep/http/api.h"

#include <json-glib/json-glib.h>
#include <string.h>

static void
add_number (JsonBuilder *json, const gchar *name, gint64 value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_int_value (json, value);
}

static void
add_text (JsonBuilder *json, const gchar *name, const gchar *value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, value);
}

static void
add_viewer (JsonBuilder *json, const WhepMediaStatsViewer *viewer)
{
  const WhepViewerStats *stats = &viewer->stats;

  json_builder_begin_object (json);
  add_text (json, "viewer", viewer->ufrag);
  add_number (json, "packets", stats->n_packets);
  add_number (json, "bytes", stats->n_bytes);
  add_number (json, "retransmitted", stats->n_retransmitted);
  add_number (json, "nacked", stats->n_nacks);
  add_number (json, "key_frame_requests", stats->n_plis);
  add_number (json, "jumps", stats->n_jumps);
  add_text (json, "thinning", whep_thinning_level_name (stats->thinning));
  add_number (json, "thinned", stats->n_thinned);
  add_number (json, "lost_percent", 100 * stats->fraction_lost / 256);
  if (stats->round_trip_us > 0)
    add_number (json, "round_trip_us", stats->round_trip_us);
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
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_array (json);
  for (guint i = 0; i < media_stats->viewers->len; i++) {
    const WhepMediaStatsViewer *viewer =
        &g_array_index (media_stats->viewers, WhepMediaStatsViewer, i);

    if (is_of_stream (sessions, viewer->ufrag, stream))
      add_viewer (json, viewer);
  }
  json_builder_end_array (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}
