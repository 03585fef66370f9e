/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The open WHEP sessions: see sessiontable.h. */

#include "ext/whep/http/sessiontable.h"
#include "ext/whep/http/clientcounts.h"

#include <string.h>

struct _WhepSessionTable
{
  GHashTable *by_id; /* owns the sessions; id → WhepSession */
  GHashTable *by_ufrag;
  GQueue by_age;               /* of WhepSession, oldest first */
  WhepClientCounts *by_stream; /* how many each stream has */
  guint n_leaving;
};

void
whep_session_free (WhepSession *session)
{
  g_free (session->ufrag);
  g_free (session->stream);
  g_free (session->ice_ufrag);
  g_free (session->remote_ufrag);
  g_free (session->fragment);
  g_free ((gchar *) session->facts.user_agent);
  g_free (session);
}

WhepSessionTable *
whep_session_table_new (void)
{
  WhepSessionTable *self = g_new0 (WhepSessionTable, 1);

  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
      (GDestroyNotify) whep_session_free);
  self->by_ufrag = g_hash_table_new (g_str_hash, g_str_equal);
  g_queue_init (&self->by_age);
  self->by_stream = whep_client_counts_new ();
  return self;
}

void
whep_session_table_free (WhepSessionTable *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_ufrag);
  g_hash_table_unref (self->by_id);
  whep_client_counts_free (self->by_stream);
  g_free (self);
}

void
whep_session_table_add (WhepSessionTable *self, const gchar *id,
    const gchar *ufrag, const gchar *stream, const gchar *remote_ufrag,
    const gchar *fragment)
{
  WhepSession *session = g_new0 (WhepSession, 1);
  gboolean is_new;

  g_assert (strlen (id) == WHEP_SESSION_ID_LENGTH);
  memcpy (session->id, id, sizeof (session->id));
  session->ufrag = g_strdup (ufrag);
  session->stream = g_strdup (stream);
  session->ice_ufrag = g_strdup (ufrag);
  session->remote_ufrag = g_strdup (remote_ufrag);
  session->fragment = g_strdup (fragment);
  is_new = g_hash_table_insert (self->by_id, session->id, session);
  g_assert (is_new);
  is_new = g_hash_table_insert (self->by_ufrag, session->ufrag, session);
  g_assert (is_new);
  session->link.data = session;
  g_queue_push_tail_link (&self->by_age, &session->link);
  whep_client_counts_add (self->by_stream, session->stream);
}

/* The same session, but not const as it is for others. */
static WhepSession *
own (const WhepSessionTable *self, const WhepSession *session)
{
  return g_hash_table_lookup (self->by_id, session->id);
}

void
whep_session_table_restart (WhepSessionTable *self, const WhepSession *session,
    const gchar *ufrag, const gchar *remote_ufrag)
{
  WhepSession *changed = own (self, session);

  if (strcmp (changed->ice_ufrag, changed->ufrag) != 0)
    g_hash_table_remove (self->by_ufrag, changed->ice_ufrag);
  g_free (changed->ice_ufrag);
  g_free (changed->remote_ufrag);
  changed->ice_ufrag = g_strdup (ufrag);
  changed->remote_ufrag = g_strdup (remote_ufrag);
  g_hash_table_insert (self->by_ufrag, changed->ice_ufrag, changed);
}

void
whep_session_table_control (WhepSessionTable *self, const WhepSession *session,
    const WhepViewerControls *controls)
{
  own (self, session)->controls = *controls;
}

/* A session that has connected does not change its state any more. */
static void
set_state (WhepSessionTable *self, WhepSession *session, WhepSessionState state)
{
  g_assert (session->state != WHEP_SESSION_CONNECTED);
  self->n_leaving += state == WHEP_SESSION_LEAVING;
  self->n_leaving -= session->state == WHEP_SESSION_LEAVING;
  session->state = state;
}

void
whep_session_table_describe (WhepSessionTable *self, const gchar *id,
    const WhepSessionFacts *facts)
{
  WhepSession *session = g_hash_table_lookup (self->by_id, id);

  g_free ((gchar *) session->facts.user_agent);
  session->facts = *facts;
  session->facts.user_agent = g_strdup (facts->user_agent);
}

void
whep_session_table_connect (WhepSessionTable *self, const WhepSession *session,
    const WhepAddress *address, gint64 now_us)
{
  WhepSession *changed = own (self, session);

  set_state (self, changed, WHEP_SESSION_CONNECTED);
  changed->address = *address;
  changed->connected_us = now_us;
  net_client_from_ip (address->remote_ip, changed->facts.client);
}

void
whep_session_table_ask_to_leave (WhepSessionTable *self,
    const WhepSession *session)
{
  set_state (self, own (self, session), WHEP_SESSION_LEAVING);
}

WhepSession *
whep_session_table_steal (WhepSessionTable *self, const WhepSession *session)
{
  WhepSession *stolen = own (self, session);

  self->n_leaving -= session->state == WHEP_SESSION_LEAVING;
  g_queue_unlink (&self->by_age, &stolen->link);
  whep_client_counts_remove (self->by_stream, stolen->stream);
  g_hash_table_remove (self->by_ufrag, session->ice_ufrag);
  g_hash_table_remove (self->by_ufrag, session->ufrag);
  g_hash_table_steal (self->by_id, session->id);
  return stolen;
}

void
whep_session_table_remove (WhepSessionTable *self, const WhepSession *session)
{
  whep_session_free (whep_session_table_steal (self, session));
}

const WhepSession *
whep_session_table_by_id (const WhepSessionTable *self, const gchar *id)
{
  return g_hash_table_lookup (self->by_id, id);
}

const WhepSession *
whep_session_table_by_ufrag (const WhepSessionTable *self, const gchar *ufrag)
{
  return g_hash_table_lookup (self->by_ufrag, ufrag);
}

guint
whep_session_table_count (const WhepSessionTable *self)
{
  return g_hash_table_size (self->by_id);
}

guint
whep_session_table_count_slots (const WhepSessionTable *self)
{
  return whep_session_table_count (self) - self->n_leaving;
}

static gboolean
is_within (const WhepSession *session, const WhepSessionScope *scope)
{
  return (scope->client == NULL ||
             strcmp (session->facts.client, scope->client) == 0) &&
      (scope->stream == NULL || strcmp (session->stream, scope->stream) == 0);
}

guint
whep_session_table_count_slots_of (const WhepSessionTable *self,
    const WhepSessionScope *scope)
{
  guint n = 0;

  for (GList *link = self->by_age.head; link != NULL; link = link->next) {
    const WhepSession *session = link->data;

    n += session->state != WHEP_SESSION_LEAVING && is_within (session, scope);
  }
  return n;
}

guint
whep_session_table_count_stream (const WhepSessionTable *self,
    const gchar *stream)
{
  return whep_client_counts_get (self->by_stream, stream);
}

guint
whep_session_table_count_renditions (const WhepSessionTable *self,
    const gchar *stream)
{
  guint n = 0;

  for (GList *link = self->by_age.head; link != NULL; link = link->next) {
    const WhepSession *session = link->data;

    n += session->state == WHEP_SESSION_CONNECTED &&
        session->facts.needs_rendition && strcmp (session->stream, stream) == 0;
  }
  return n;
}

guint
whep_session_table_count_transcodes (const WhepSessionTable *self,
    const gchar *stream)
{
  guint n = 0, n_untouched = 0;

  for (GList *link = self->by_age.head; link != NULL; link = link->next) {
    const WhepSession *session = link->data;

    if (session->state != WHEP_SESSION_CONNECTED ||
        strcmp (session->stream, stream) != 0)
      continue;
    n += !session->facts.takes_untouched;
    n_untouched += session->facts.takes_untouched;
  }
  return n_untouched == 0 ? MAX (n, 1) : n;
}

/* The number of sessions per client that have never connected. */
static GHashTable *
count_offered (const WhepSessionTable *self, const WhepSessionScope *scope)
{
  GHashTable *counts = g_hash_table_new (g_str_hash, g_str_equal);

  for (GList *link = self->by_age.head; link != NULL; link = link->next) {
    WhepSession *session = link->data;
    gchar *client = session->facts.client;
    guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, client));

    if (session->state == WHEP_SESSION_OFFERED && is_within (session, scope))
      g_hash_table_replace (counts, client, GUINT_TO_POINTER (n + 1));
  }
  return counts;
}

const WhepSession *
whep_session_table_find_one_too_many (const WhepSessionTable *self,
    const WhepSessionScope *scope)
{
  g_autoptr (GHashTable) counts = count_offered (self, scope);
  const WhepSession *found = NULL;
  guint n_most = 0;

  for (GList *link = self->by_age.head; link != NULL; link = link->next) {
    const WhepSession *session = link->data;
    guint n =
        GPOINTER_TO_UINT (g_hash_table_lookup (counts, session->facts.client));

    if (session->state != WHEP_SESSION_OFFERED || n <= n_most ||
        !is_within (session, scope))
      continue;
    found = session;
    n_most = n;
  }
  return found;
}

void
whep_session_table_foreach (const WhepSessionTable *self, WhepSessionFunc func,
    gpointer user_data)
{
  for (GList *link = self->by_age.head; link != NULL; link = link->next)
    func (link->data, user_data);
}
