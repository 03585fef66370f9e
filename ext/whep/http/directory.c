/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streams that are live: see directory.h. */

#include "ext/whep/http/directory.h"

#include <json-glib/json-glib.h>
#include <string.h>

struct _WhepDirectory
{
  GHashTable *listings; /* name → WhepListing */
};

static void
clear_track (WhepListedTrack *track)
{
  whep_demand_unref (track->demand);
  *track = (WhepListedTrack){ 0 };
}

static void
clear_fault (WhepListedFault *fault)
{
  g_free (fault->codec);
  g_free (fault->reason);
  *fault = (WhepListedFault){ 0 };
}

static void
listing_free (gpointer data)
{
  WhepListing *listing = data;

  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    clear_track (&listing->tracks[i]);
    clear_fault (&listing->faults[i]);
  }
  g_free (listing->name);
  g_free (listing);
}

WhepDirectory *
whep_directory_new (void)
{
  WhepDirectory *self = g_new0 (WhepDirectory, 1);

  self->listings =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, listing_free);
  return self;
}

void
whep_directory_free (WhepDirectory *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->listings);
  g_free (self);
}

static WhepListing *
listing_for (WhepDirectory *self, const gchar *name, gint64 wall_us)
{
  WhepListing *listing = g_hash_table_lookup (self->listings, name);

  if (listing == NULL) {
    listing = g_new0 (WhepListing, 1);
    listing->name = g_strdup (name);
    listing->since_us = wall_us;
    g_hash_table_insert (self->listings, listing->name, listing);
  }
  return listing;
}

void
whep_directory_begin_track (WhepDirectory *self, guint64 id,
    const gchar *stream, WhepTrackKind kind, const gchar *encoding_name,
    guint32 profile_level_id, gint64 wall_us)
{
  WhepListing *listing = listing_for (self, stream, wall_us);
  WhepListedTrack *track = &listing->tracks[kind];

  g_assert (id != 0);
  if (track->id != id) {
    clear_track (track);
    clear_fault (&listing->faults[kind]);
  }
  track->id = id;
  track->encoding_name = g_intern_string (encoding_name);
  track->profile_level_id = profile_level_id;
}

void
whep_directory_note_unplayable (WhepDirectory *self, guint64 id,
    const gchar *stream, WhepTrackKind kind, const gchar *codec,
    const gchar *reason, gint64 wall_us)
{
  WhepListedFault *fault = &listing_for (self, stream, wall_us)->faults[kind];

  g_assert (id != 0);
  clear_fault (fault);
  fault->id = id;
  fault->codec = g_strdup (codec);
  fault->reason = g_strdup (reason);
}

gboolean
whep_listing_is_playable (const WhepListing *self)
{
  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    if (self->tracks[i].id != 0)
      return TRUE;
  }
  return FALSE;
}

gchar *
whep_listing_dup_fault (const WhepListing *self)
{
  static const gchar *const names[WHEP_N_TRACKS] = {
    [WHEP_VIDEO] = "video",
    [WHEP_AUDIO] = "sound",
  };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    const WhepListedFault *fault = &self->faults[i];

    if (fault->id == 0)
      continue;
    g_string_append_printf (text, "%sThe publisher's %s", text->len ? " " : "",
        names[i]);
    if (fault->codec != NULL)
      g_string_append_printf (text, " (%s)", fault->codec);
    g_string_append_printf (text, " can't be played: %s.", fault->reason);
  }
  return text->len == 0 ? NULL : g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
is_empty (const WhepListing *listing)
{
  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    if (listing->faults[i].id != 0)
      return FALSE;
  }
  return !whep_listing_is_playable (listing);
}

/* Returns: (nullable): the stream that has that video. */
static WhepListing *
find_video (WhepDirectory *self, guint64 id)
{
  GHashTableIter iter;
  gpointer listing;

  g_hash_table_iter_init (&iter, self->listings);
  while (g_hash_table_iter_next (&iter, NULL, &listing))
    if (((WhepListing *) listing)->tracks[WHEP_VIDEO].id == id)
      return listing;
  return NULL;
}

void
whep_directory_note_b_frames (WhepDirectory *self, guint64 id,
    const gchar *what_is_done)
{
  WhepListing *listing = find_video (self, id);

  if (listing != NULL)
    listing->tracks[WHEP_VIDEO].b_frames = g_intern_string (what_is_done);
}

void
whep_directory_offer_rendition (WhepDirectory *self, guint64 id,
    const gchar *encoding_name, WhepDemand *demand)
{
  WhepListing *listing = find_video (self, id);
  WhepListedTrack *video;

  if (listing == NULL)
    return;
  video = &listing->tracks[WHEP_VIDEO];
  whep_demand_unref (video->demand);
  video->demand = whep_demand_ref (demand);
  video->rendition = g_intern_string (encoding_name);
}

void
whep_directory_end_track (WhepDirectory *self, guint64 id)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->listings);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    WhepListing *listing = value;

    for (guint i = 0; i < WHEP_N_TRACKS; i++) {
      if (listing->tracks[i].id == id)
        clear_track (&listing->tracks[i]);
      if (listing->faults[i].id == id)
        clear_fault (&listing->faults[i]);
    }
    if (is_empty (listing))
      g_hash_table_iter_remove (&iter);
  }
}

const WhepListing *
whep_directory_find (const WhepDirectory *self, const gchar *stream)
{
  return g_hash_table_lookup (self->listings, stream);
}

/* Who joins a stream whose key frame the log has dropped sees nothing yet. */
static void
add_wait (JsonBuilder *json, gint64 gop_us)
{
  g_autofree gchar *note = gop_us == 0
      ? g_strdup ("no key frame: who joins waits for one")
      : g_strdup_printf ("GOP of %d s: who joins waits for the next key frame",
            (gint) ((gop_us + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC));

  json_builder_set_member_name (json, "waits_for_key_frame");
  json_builder_add_boolean_value (json, TRUE);
  json_builder_set_member_name (json, "note");
  json_builder_add_string_value (json, note);
}

/* @gop: (nullable): of video, if anything is known. */
static void
add_gop (JsonBuilder *json, const WhepMediaStatsStream *gop)
{
  if (gop == NULL)
    return;
  if (gop->gop_us > 0) {
    json_builder_set_member_name (json, "gop_ms");
    json_builder_add_int_value (json, gop->gop_us / 1000);
  }
  if (!gop->has_key_frame)
    add_wait (json, gop->gop_us);
}

static void
add_text (JsonBuilder *json, const gchar *name, const gchar *text)
{
  if (text == NULL)
    return;
  json_builder_set_member_name (json, name);
  json_builder_add_string_value (json, text);
}

static void
add_facts (JsonBuilder *json, const WhepListedTrack *track,
    const WhepMediaStatsStream *gop)
{
  if (track->profile_level_id != 0) {
    g_autofree gchar *hex = g_strdup_printf ("%06x", track->profile_level_id);

    json_builder_set_member_name (json, "profile_level_id");
    json_builder_add_string_value (json, hex);
  }
  add_text (json, "b_frames", track->b_frames);
  add_text (json, "rendition", track->rendition);
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
  add_text (json, "codec",
      track->id != 0 ? track->encoding_name : fault->codec);
  if (track->id != 0)
    add_facts (json, track, gop);
  add_text (json, "unplayable", fault->reason);
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
  json_builder_set_member_name (json, "name");
  json_builder_add_string_value (json, listing->name);
  json_builder_set_member_name (json, "live_since");
  json_builder_add_string_value (json, since_text);
  json_builder_set_member_name (json, "viewers");
  json_builder_add_int_value (json, n_viewers);
  add_track (json, "video", listing, WHEP_VIDEO, gop);
  add_track (json, "audio", listing, WHEP_AUDIO, NULL);
  json_builder_end_object (json);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static GList *
sorted_names (const WhepDirectory *self)
{
  return g_list_sort (g_hash_table_get_keys (self->listings), compare_names);
}

gchar *
whep_directory_to_json (const WhepDirectory *self,
    const WhepSessionTable *sessions, const WhepMediaStats *media_stats)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (GList) names = sorted_names (self);
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_array (json);
  for (GList *name = names; name != NULL; name = name->next)
    add_listing (json, whep_directory_find (self, name->data),
        whep_session_table_count_stream (sessions, name->data),
        whep_media_stats_find_stream (media_stats, name->data));
  json_builder_end_array (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

/* A label's value has three characters that are escaped, and is UTF-8. */
static void
append_label (GString *text, const gchar *value)
{
  g_autofree gchar *valid = g_utf8_make_valid (value, -1);

  for (const gchar *c = valid; *c != '\0'; c++) {
    if (*c == '\n') {
      g_string_append (text, "\\n");
      continue;
    }
    if (*c == '\\' || *c == '"')
      g_string_append_c (text, '\\');
    g_string_append_c (text, *c);
  }
}

static void
append_gauge (GString *text, const gchar *name, const gchar *help)
{
  g_string_append_printf (text, "# HELP %s %s\n# TYPE %s gauge\n", name, help,
      name);
}

static void
append_sample (GString *text, const gchar *name, const gchar *stream,
    gint64 value)
{
  g_string_append_printf (text, "%s{stream=\"", name);
  append_label (text, stream);
  g_string_append_printf (text, "\"} %" G_GINT64_FORMAT "\n", value);
}

gchar *
whep_directory_to_metrics (const WhepDirectory *self,
    const WhepSessionTable *sessions)
{
  g_autoptr (GList) names = sorted_names (self);
  GString *text = g_string_new (NULL);

  append_gauge (text, "whep_streams", "Streams that are live.");
  g_string_append_printf (text, "whep_streams %u\n",
      g_hash_table_size (self->listings));
  append_gauge (text, "whep_sessions",
      "Sessions of viewers, also those whose publisher is away.");
  g_string_append_printf (text, "whep_sessions %u\n",
      whep_session_table_count (sessions));
  append_gauge (text, "whep_stream_viewers", "Sessions of a live stream.");
  for (GList *name = names; name != NULL; name = name->next)
    append_sample (text, "whep_stream_viewers", name->data,
        whep_session_table_count_stream (sessions, name->data));
  append_gauge (text, "whep_stream_start_time_seconds",
      "When a live stream began, since 1970.");
  for (GList *name = names; name != NULL; name = name->next)
    append_sample (text, "whep_stream_start_time_seconds", name->data,
        whep_directory_find (self, name->data)->since_us / G_USEC_PER_SEC);
  return g_string_free (text, FALSE);
}
