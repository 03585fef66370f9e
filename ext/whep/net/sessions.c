/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The WHEP sessions that are open: see sessions.h. */

#include "ext/whep/net/sessions.h"

#include <string.h>

struct _WhepSessions
{
  GHashTable *by_id; /* owns the sessions; id → WhepSession */
  GHashTable *by_ufrag;
};

static void
session_free (gpointer data)
{
  WhepSession *session = data;

  g_free (session->ufrag);
  g_free (session->stream);
  g_free (session->ice_ufrag);
  g_free (session->remote_ufrag);
  g_free (session->fragment);
  g_free (session);
}

WhepSessions *
whep_sessions_new (void)
{
  WhepSessions *self = g_new0 (WhepSessions, 1);

  self->by_id =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, session_free);
  self->by_ufrag = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
whep_sessions_free (WhepSessions *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_ufrag);
  g_hash_table_unref (self->by_id);
  g_free (self);
}

void
whep_sessions_add (WhepSessions *self, const gchar *id, const gchar *ufrag,
    const gchar *stream, const gchar *remote_ufrag, const gchar *fragment)
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
}

/* The session's own, that is: it is const to others. */
static WhepSession *
own (const WhepSessions *self, const WhepSession *session)
{
  return g_hash_table_lookup (self->by_id, session->id);
}

void
whep_sessions_restart (WhepSessions *self, const WhepSession *session,
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
whep_sessions_remove (WhepSessions *self, const WhepSession *session)
{
  g_hash_table_remove (self->by_ufrag, session->ice_ufrag);
  g_hash_table_remove (self->by_ufrag, session->ufrag);
  g_hash_table_remove (self->by_id, session->id);
}

const WhepSession *
whep_sessions_by_id (const WhepSessions *self, const gchar *id)
{
  return g_hash_table_lookup (self->by_id, id);
}

const WhepSession *
whep_sessions_by_ufrag (const WhepSessions *self, const gchar *ufrag)
{
  return g_hash_table_lookup (self->by_ufrag, ufrag);
}

guint
whep_sessions_count (const WhepSessions *self)
{
  return g_hash_table_size (self->by_id);
}

static guint
count (const WhepSessions *self, const gchar *stream, gboolean is_any)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const WhepSession *session = value;

    n += (is_any || session->needs_rendition) &&
        strcmp (session->stream, stream) == 0;
  }
  return n;
}

guint
whep_sessions_count_stream (const WhepSessions *self, const gchar *stream)
{
  return count (self, stream, TRUE);
}

guint
whep_sessions_count_renditions (const WhepSessions *self, const gchar *stream)
{
  return count (self, stream, FALSE);
}

void
whep_sessions_need_rendition (WhepSessions *self, const gchar *id)
{
  WhepSession *session = g_hash_table_lookup (self->by_id, id);

  session->needs_rendition = TRUE;
}
