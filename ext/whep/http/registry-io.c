/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The live streams and their sessions: see registry-io.h. */

#include "ext/whep/http/registry-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/process-io.h"
#include "ext/whep/http/random-io.h"

#include <string.h>

WHEP_CATEGORY ("whepregistry", "The streams and sessions of WHEP");

typedef struct
{
  WhepSession *session;
  gchar *why;
} Ended;

static void
ended_free (gpointer data)
{
  Ended *self = data;

  whep_session_free (self->session);
  g_free (self->why);
  g_free (self);
}

void
whep_registry_init (WhepRegistry *self, WhepMedia *media, WhepReaders *readers,
    WhepNewsFunc news_func, gpointer news_data)
{
  WhepSubscribersParams params = whep_subscribers_default_params;

  self->news_func = news_func;
  self->news_data = news_data;
  self->media = media;
  self->readers = readers;
  self->directory = whep_directory_new ();
  self->sessions = whep_session_table_new ();
  self->ended =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, ended_free);
  self->farewells = whep_farewells_new ();
  params.max = whep_subscribers_limit (whep_process_max_fds ());
  self->events =
      whep_subscribers_new (&params, self->directory, self->sessions);
}

void
whep_registry_clear (WhepRegistry *self)
{
  whep_subscribers_free (self->events);
  whep_directory_free (self->directory);
  whep_session_table_free (self->sessions);
  g_hash_table_unref (self->ended);
  whep_farewells_free (self->farewells);
  memset (self, 0, sizeof (*self));
}

void
whep_registry_new_ufrag (const WhepRegistry *self, gchar *ufrag)
{
  do
    whep_random_text (ufrag, WHEP_ICE_OUR_UFRAG);
  while (whep_session_table_by_ufrag (self->sessions, ufrag) != NULL ||
      whep_readers_has (self->readers, ufrag));
}

void
whep_registry_count_demand (WhepRegistry *self, const gchar *stream)
{
  const WhepListing *listing = whep_directory_find (self->directory, stream);
  const WhepListedTrack *video =
      listing == NULL ? NULL : &listing->tracks[WHEP_VIDEO];

  if (video != NULL && video->demand != NULL)
    whep_demand_set_viewers (video->demand,
        whep_session_table_count_renditions (self->sessions, stream));
  if (video != NULL && video->transcode != NULL)
    whep_demand_set_viewers (video->transcode,
        whep_session_table_count_transcodes (self->sessions, stream));
}

WhepPullUse
whep_registry_use (const gchar *stream, gpointer registry)
{
  const WhepRegistry *self = registry;
  const WhepSessionScope scope = { .stream = stream };
  const WhepListing *listing = whep_directory_find (self->directory, stream);

  return (WhepPullUse){
    .is_live = listing != NULL,
    .live_us = listing != NULL ? g_get_real_time () - listing->since_us : 0,
    .is_used = whep_session_table_count_slots_of (self->sessions, &scope) > 0 ||
        whep_readers_count (self->readers, NULL, stream) > 0,
  };
}

void
whep_registry_tell (const WhepRegistry *self, const WhepNews *news)
{
  if (self->news_func != NULL)
    self->news_func (news, self->news_data);
}

static void
tell_of_viewer (const WhepRegistry *self, const WhepSession *session,
    const gchar *why, guint64 n_bytes)
{
  g_autofree gchar *address = whep_client_address_to_string (&session->address);
  const WhepNews news = {
    .kind = why == NULL ? WHEP_NEWS_ADDED : WHEP_NEWS_REMOVED,
    .stream = session->stream,
    .id = session->ufrag,
    .address = address,
    .user_agent = session->facts.user_agent,
    .video = session->facts.encoding_names[WHEP_VIDEO],
    .audio = session->facts.encoding_names[WHEP_AUDIO],
    .reason = why,
    .duration_us = g_get_monotonic_time () - session->connected_us,
    .n_bytes = n_bytes,
  };

  /* A viewer that never connected has not been reported. */
  if (session->state == WHEP_SESSION_CONNECTED)
    whep_registry_tell (self, &news);
}

/* As the media thread last published it, at most a second ago; 0 if it has
 * gone. */
static guint64
bytes_of (const WhepMediaStats *stats, const gchar *ufrag)
{
  for (guint i = 0; i < stats->viewers->len; i++) {
    const WhepMediaStatsViewer *viewer =
        &g_array_index (stats->viewers, WhepMediaStatsViewer, i);

    if (strcmp (viewer->ufrag, ufrag) == 0)
      return viewer->stats.n_bytes;
  }
  return 0;
}

typedef struct
{
  const WhepRegistry *registry;
  WhepMediaStats stats;
} Closing;

static void
tell_of_end (const WhepSession *session, gpointer user_data)
{
  Closing *closing = user_data;

  tell_of_viewer (closing->registry, session, "the server is stopping",
      bytes_of (&closing->stats, session->ufrag));
}

static void
tell_of_ended (gpointer ufrag, gpointer ended, gpointer user_data)
{
  Closing *closing = user_data;

  tell_of_viewer (closing->registry, ((const Ended *) ended)->session,
      ((const Ended *) ended)->why,
      bytes_of (&closing->stats, (const gchar *) ufrag));
}

void
whep_registry_close (WhepRegistry *self)
{
  Closing closing = { .registry = self };

  whep_media_stats (self->media, &closing.stats);
  whep_session_table_foreach (self->sessions, tell_of_end, &closing);
  g_hash_table_foreach (self->ended, tell_of_ended, &closing);
  whep_media_stats_clear (&closing.stats);
}

void
whep_registry_connect (WhepRegistry *self, const gchar *ufrag,
    const WhepAddress *address)
{
  const WhepSession *session =
      whep_session_table_by_ufrag (self->sessions, ufrag);

  if (session == NULL)
    return;
  GST_DEBUG ("%s %s: session connected", session->stream, ufrag);
  whep_session_table_connect (self->sessions, session, address,
      g_get_monotonic_time ());
  tell_of_viewer (self, session, NULL, 0);
  whep_registry_count_demand (self, session->stream);
}

/* Returns: (transfer full): the session, which nobody finds any more. */
static WhepSession *
forget (WhepRegistry *self, const WhepSession *session)
{
  WhepSession *stolen;

  whep_subscribers_end_session (self->events, session->id);
  stolen = whep_session_table_steal (self->sessions, session);
  whep_registry_count_demand (self, stolen->stream);
  whep_subscribers_viewers_changed (self->events);
  return stolen;
}

void
whep_registry_end (WhepRegistry *self, const WhepSession *session,
    const gchar *why)
{
  Ended *ended;

  GST_DEBUG ("%s %s: session ended: %s", session->stream, session->ufrag, why);
  whep_media_close_viewer (self->media, session->ufrag);
  ended = g_new (Ended, 1);
  *ended = (Ended){ .session = forget (self, session), .why = g_strdup (why) };
  if (g_hash_table_size (self->ended) < WHEP_REGISTRY_MAX_ENDED) {
    g_hash_table_replace (self->ended, ended->session->ufrag, ended);
  } else {
    tell_of_viewer (self, ended->session, why, 0);
    ended_free (ended);
  }
}

static void
leave_ended (WhepRegistry *self, const gchar *ufrag, guint64 n_bytes)
{
  const Ended *ended = g_hash_table_lookup (self->ended, ufrag);

  if (ended == NULL)
    return;
  tell_of_viewer (self, ended->session, ended->why, n_bytes);
  g_hash_table_remove (self->ended, ufrag);
}

void
whep_registry_leave (WhepRegistry *self, const gchar *ufrag, const gchar *why,
    guint64 n_bytes)
{
  const WhepSession *session =
      whep_session_table_by_ufrag (self->sessions, ufrag);

  if (session == NULL) {
    leave_ended (self, ufrag, n_bytes);
    return;
  }
  GST_DEBUG ("%s %s: session ended: %s", session->stream, ufrag, why);
  tell_of_viewer (self, session, why, n_bytes);
  whep_session_free (forget (self, session));
}

gboolean
whep_registry_disconnect (WhepRegistry *self, const gchar *ufrag,
    const gchar *why)
{
  const WhepSession *session =
      whep_session_table_by_ufrag (self->sessions, ufrag);

  if (session == NULL)
    return FALSE;
  whep_farewells_add (self->farewells, session->id, session->stream, why,
      g_get_monotonic_time ());
  whep_registry_end (self, session, why);
  return TRUE;
}
