/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The live streams and their sessions: see registry-io.h. */

#include "ext/whep/http/registry-io.h"
#include "ext/whep/category.h"
#include "ext/whep/http/random-io.h"

#include <string.h>

WHEP_CATEGORY ("whepregistry", "The streams and sessions of WHEP");

void
whep_registry_init (WhepRegistry *self, WhepMedia *media, WhepReaders *readers,
    WhepNewsFunc news_func, gpointer news_data)
{
  self->news_func = news_func;
  self->news_data = news_data;
  self->media = media;
  self->readers = readers;
  self->directory = whep_directory_new ();
  self->sessions = whep_session_table_new ();
  self->events = whep_subscribers_new (&whep_subscribers_default_params,
      self->directory, self->sessions);
}

void
whep_registry_clear (WhepRegistry *self)
{
  whep_subscribers_free (self->events);
  whep_directory_free (self->directory);
  whep_session_table_free (self->sessions);
  memset (self, 0, sizeof (*self));
}

void
whep_registry_new_ufrag (const WhepRegistry *self, gchar *ufrag)
{
  do
    whep_random_text (ufrag, WHEP_ICE_OUR_UFRAG);
  while (whep_session_table_by_ufrag (self->sessions, ufrag) != NULL);
}

void
whep_registry_count_demand (WhepRegistry *self, const gchar *stream)
{
  const WhepListing *listing = whep_directory_find (self->directory, stream);
  WhepDemand *demand =
      listing == NULL ? NULL : listing->tracks[WHEP_VIDEO].demand;

  if (demand != NULL)
    whep_demand_set_viewers (demand,
        whep_session_table_count_renditions (self->sessions, stream));
}

void
whep_registry_tell (const WhepRegistry *self, const WhepNews *news)
{
  if (self->news_func != NULL)
    self->news_func (news, self->news_data);
}

static void
tell_of_viewer (const WhepRegistry *self, const WhepSession *session,
    const gchar *why)
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
  };

  /* A viewer that never connected has not been reported. */
  if (session->state == WHEP_SESSION_CONNECTED)
    whep_registry_tell (self, &news);
}

static void
tell_of_end (const WhepSession *session, gpointer user_data)
{
  tell_of_viewer (user_data, session, "the server is stopping");
}

void
whep_registry_close (WhepRegistry *self)
{
  whep_session_table_foreach (self->sessions, tell_of_end, self);
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
  tell_of_viewer (self, session, NULL);
  whep_registry_count_demand (self, session->stream);
}

void
whep_registry_leave (WhepRegistry *self, const gchar *ufrag, const gchar *why)
{
  const WhepSession *session =
      whep_session_table_by_ufrag (self->sessions, ufrag);
  g_autofree gchar *stream = NULL;

  if (session == NULL)
    return;
  stream = g_strdup (session->stream);
  GST_DEBUG ("%s %s: session ended: %s", session->stream, ufrag, why);
  tell_of_viewer (self, session, why);
  whep_subscribers_end_session (self->events, session->id);
  whep_session_table_remove (self->sessions, session);
  whep_registry_count_demand (self, stream);
  whep_subscribers_viewers_changed (self->events);
}
