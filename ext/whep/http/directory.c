/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streams that are live: see directory.h. */

#include "ext/whep/http/directory.h"

#include <string.h>

struct _WhepDirectory
{
  GHashTable *listings; /* name → WhepListing */
};

static void
clear_track (WhepListedTrack *track)
{
  whep_demand_unref (track->demand);
  whep_demand_unref (track->transcode);
  whep_publisher_free (track->publisher);
  *track = (WhepListedTrack){ 0 };
}

static void
clear_fault (WhepListedFault *fault)
{
  g_free (fault->codec);
  g_free (fault->reason);
  whep_publisher_free (fault->publisher);
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

/* Returns: (nullable): the stream's track with that id. */
static WhepListedTrack *
find_track (WhepDirectory *self, WhepTrackKind kind, guint64 id)
{
  GHashTableIter iter;
  gpointer listing;

  g_hash_table_iter_init (&iter, self->listings);
  while (g_hash_table_iter_next (&iter, NULL, &listing)) {
    WhepListedTrack *track = &((WhepListing *) listing)->tracks[kind];

    if (track->id == id)
      return track;
  }
  return NULL;
}

void
whep_directory_note_b_frames (WhepDirectory *self, guint64 id,
    const gchar *what_is_done, WhepDemand *transcode)
{
  WhepListedTrack *video = find_track (self, WHEP_VIDEO, id);

  if (video == NULL)
    return;
  video->b_frames = g_intern_string (what_is_done);
  whep_demand_unref (video->transcode);
  video->transcode = whep_demand_ref (transcode);
}

void
whep_directory_offer_untouched (WhepDirectory *self, const gchar *stream)
{
  WhepListing *listing = g_hash_table_lookup (self->listings, stream);

  if (listing != NULL && listing->tracks[WHEP_VIDEO].id != 0)
    listing->tracks[WHEP_VIDEO].has_untouched = TRUE;
}

gboolean
whep_listing_has_b_frames (const WhepListing *self)
{
  const WhepListedTrack *video = &self->tracks[WHEP_VIDEO];

  return video->has_untouched || g_strcmp0 (video->b_frames, "pass") == 0;
}

void
whep_directory_note_via (WhepDirectory *self, guint64 id, const gchar *via)
{
  for (guint kind = 0; kind < WHEP_N_TRACKS; kind++) {
    WhepListedTrack *track = find_track (self, kind, id);

    if (track != NULL)
      track->via = g_intern_string (via);
  }
}

void
whep_directory_note_format (WhepDirectory *self, guint64 id,
    const WhepTrackFormat *format)
{
  for (guint kind = 0; kind < WHEP_N_TRACKS; kind++) {
    WhepListedTrack *track = find_track (self, kind, id);

    if (track != NULL)
      track->format = *format;
  }
}

void
whep_directory_note_arrival (WhepDirectory *self, guint64 id,
    const WhepArrivalFigures *figures, const WhepUplink *uplink, gint64 now_us)
{
  for (guint kind = 0; kind < WHEP_N_TRACKS; kind++) {
    WhepListedTrack *track = find_track (self, kind, id);

    if (track == NULL)
      continue;
    track->arrival = *figures;
    track->uplink = *uplink;
    track->measured_us = now_us;
  }
}

static void
set_publisher (WhepPublisher **field, const WhepPublisher *publisher)
{
  whep_publisher_free (*field);
  *field = whep_publisher_copy (publisher);
}

void
whep_directory_note_publisher (WhepDirectory *self, guint64 id,
    const WhepPublisher *publisher)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->listings);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    WhepListing *listing = value;

    for (guint i = 0; i < WHEP_N_TRACKS; i++) {
      if (listing->tracks[i].id == id)
        set_publisher (&listing->tracks[i].publisher, publisher);
      if (listing->faults[i].id == id)
        set_publisher (&listing->faults[i].publisher, publisher);
    }
  }
}

const WhepPublisher *
whep_listing_publisher (const WhepListing *self)
{
  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    if (self->tracks[i].publisher != NULL)
      return self->tracks[i].publisher;
    if (self->faults[i].publisher != NULL)
      return self->faults[i].publisher;
  }
  return NULL;
}

/* Each track that upstream knows about has the same. */
const WhepUplink *
whep_listing_uplink (const WhepListing *self)
{
  for (guint i = 0; i < WHEP_N_TRACKS; i++)
    if (self->tracks[i].uplink.is_known)
      return &self->tracks[i].uplink;
  return NULL;
}

void
whep_directory_offer_rendition (WhepDirectory *self, guint64 id,
    const gchar *encoding_name, WhepDemand *demand)
{
  WhepListedTrack *video = find_track (self, WHEP_VIDEO, id);

  if (video == NULL)
    return;
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

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

GList *
whep_directory_names (const WhepDirectory *self)
{
  return g_list_sort (g_hash_table_get_keys (self->listings), compare_names);
}
