/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams and viewers in JSON: see apiv1.h. */

#include "ext/whep/http/apiv1.h"
#include "ext/whep/http/api.h"
#include "ext/whep/http/browsername.h"
#include "ext/whep/http/json.h"
#include "ext/whep/http/streamjson.h"

#include <string.h>

static gboolean
find_recording (const WhepControls *controls, const gchar *stream,
    WhepRecording *recording)
{
  return controls->read_recording != NULL &&
      controls->read_recording (stream, recording, controls->user_data);
}

static void
add_stream (JsonBuilder *json, const WhepApiV1View *view,
    const WhepListing *listing)
{
  WhepRecording recording = { 0 };
  WhepStreamJson stream = {
    .listing = listing,
    .n_viewers =
        whep_session_table_count_stream (view->sessions, listing->name) +
        whep_readers_stats_count_stream (view->readers, listing->name),
    .gop = whep_media_stats_find_stream (view->media_stats, listing->name),
    .is_detailed = TRUE,
    .has_publisher = view->is_admin,
    .now_us = view->now_us,
  };

  if (view->is_admin &&
      find_recording (view->controls, listing->name, &recording))
    stream.recording = &recording;
  whep_stream_json_add (json, &stream);
  whep_recording_clear (&recording);
}

gchar *
whep_api_v1_streams (const WhepApiV1View *view, GHashTable *visible)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (GList) names = whep_directory_names (view->directory);

  json_builder_begin_array (json);
  for (GList *name = names; name != NULL; name = name->next)
    if (visible == NULL || g_hash_table_contains (visible, name->data))
      add_stream (json, view,
          whep_directory_find (view->directory, name->data));
  json_builder_end_array (json);
  return whep_json_to_text (json);
}

gchar *
whep_api_v1_stream (const WhepApiV1View *view, const gchar *stream)
{
  const WhepListing *listing = whep_directory_find (view->directory, stream);
  g_autoptr (JsonBuilder) json = json_builder_new ();

  if (listing == NULL)
    return NULL;
  add_stream (json, view, listing);
  return whep_json_to_text (json);
}

gchar *
whep_api_v1_recording (const WhepControls *controls, const gchar *stream)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  WhepRecording recording = { 0 };

  if (!find_recording (controls, stream, &recording))
    return NULL;
  whep_recording_add (json, &recording);
  whep_recording_clear (&recording);
  return whep_json_to_text (json);
}

/* An array in the making. */
typedef struct
{
  const WhepApiV1View *view;
  const gchar *stream; /* nullable */
  JsonBuilder *json;
} Viewers;

/* Returns: (nullable): what the media thread has published, at most a second
 * ago; NULL for one that it has not seen by then. */
static const WhepViewerStats *
find_stats (const WhepMediaStats *media_stats, const gchar *ufrag)
{
  for (guint i = 0; i < media_stats->viewers->len; i++) {
    const WhepMediaStatsViewer *viewer =
        &g_array_index (media_stats->viewers, WhepMediaStatsViewer, i);

    if (strcmp (viewer->ufrag, ufrag) == 0)
      return &viewer->stats;
  }
  return NULL;
}

static void
add_browser (JsonBuilder *json, const gchar *user_agent)
{
  gchar name[WHEP_BROWSER_NAME_MAX + 1];

  if (user_agent == NULL)
    return;
  whep_browser_name_parse (user_agent, name);
  whep_json_add_text (json, "browser", name);
  whep_json_add_text (json, "user_agent", user_agent);
}

/* @port: 0: unknown. @since_us: monotonic. */
static void
add_connection (JsonBuilder *json, const WhepApiV1View *view,
    const gchar *address, guint port, gint64 since_us)
{
  g_autofree gchar *since =
      whep_json_time (view->wall_us - (view->now_us - since_us));

  whep_json_add_text (json, "address", address);
  if (port != 0)
    whep_json_add_number (json, "port", port);
  whep_json_add_text (json, "since", since);
}

/* What is known of a viewer over WebRTC that has connected. */
static void
add_session_connection (JsonBuilder *json, const WhepApiV1View *view,
    const WhepSession *session)
{
  g_autofree gchar *address = whep_client_address_dup_ip (&session->address);

  add_connection (json, view, address, session->address.remote_port,
      session->connected_us);
}

/* What all viewers have. */
static void
add_identity (JsonBuilder *json, const gchar *id, const gchar *stream,
    const gchar *protocol, gboolean is_connected)
{
  whep_json_add_text (json, "id", id);
  whep_json_add_text (json, "stream", stream);
  whep_json_add_text (json, "protocol", protocol);
  whep_json_add_text (json, "state", is_connected ? "connected" : "connecting");
}

static void
add_reception (JsonBuilder *json, const WhepViewerStats *stats)
{
  whep_api_add_stats (json, stats);
  whep_json_add_number (json, "lost", stats->n_lost);
  whep_json_add_number (json, "jitter_us", stats->jitter_us);
}

static void
add_viewer (const WhepSession *session, gpointer user_data)
{
  const Viewers *viewers = user_data;
  JsonBuilder *json = viewers->json;
  gboolean is_connected = session->state == WHEP_SESSION_CONNECTED;
  const WhepViewerStats *stats =
      find_stats (viewers->view->media_stats, session->ufrag);

  if (viewers->stream != NULL && strcmp (session->stream, viewers->stream) != 0)
    return;
  json_builder_begin_object (json);
  add_identity (json, session->ufrag, session->stream, "webrtc", is_connected);
  if (is_connected)
    add_session_connection (json, viewers->view, session);
  add_browser (json, session->facts.user_agent);
  whep_json_add_text (json, "video", session->facts.encoding_names[WHEP_VIDEO]);
  whep_json_add_text (json, "audio", session->facts.encoding_names[WHEP_AUDIO]);
  if (stats != NULL)
    add_reception (json, stats);
  json_builder_end_object (json);
}

static void
add_reader (JsonBuilder *json, const WhepApiV1View *view,
    const WhepReaderStats *reader)
{
  const WhepReaderFacts *facts = reader->facts;

  json_builder_begin_object (json);
  add_identity (json, facts->id, facts->stream, "http", TRUE);
  add_connection (json, view, facts->address, facts->port, facts->since_us);
  add_browser (json, facts->user_agent);
  whep_json_add_text (json, "codecs", reader->codecs);
  whep_json_add_number (json, "bytes", reader->n_bytes);
  whep_json_add_number (json, "jumps", reader->n_jumps);
  json_builder_end_object (json);
}

/* @stream: (nullable) */
static void
add_readers (JsonBuilder *json, const WhepApiV1View *view, const gchar *stream)
{
  for (guint i = 0; i < view->readers->readers->len; i++) {
    const WhepReaderStats *reader =
        &g_array_index (view->readers->readers, WhepReaderStats, i);

    if (stream == NULL || strcmp (reader->facts->stream, stream) == 0)
      add_reader (json, view, reader);
  }
}

gchar *
whep_api_v1_viewers (const WhepApiV1View *view, const gchar *stream)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  Viewers viewers = { view, stream, json };

  json_builder_begin_array (json);
  whep_session_table_foreach (view->sessions, add_viewer, &viewers);
  add_readers (json, view, stream);
  json_builder_end_array (json);
  return whep_json_to_text (json);
}
