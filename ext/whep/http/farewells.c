/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why sessions were ended by the operator: see farewells.h. */

#include "ext/whep/http/farewells.h"

#include <string.h>

struct _WhepFarewells
{
  GQueue entries; /* of Entry, oldest first */
};

typedef struct
{
  gchar id[WHEP_SESSION_ID_LENGTH + 1];
  gchar *stream;
  gchar *reason;
  gint64 until_us;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->stream);
  g_free (entry->reason);
  g_free (entry);
}

WhepFarewells *
whep_farewells_new (void)
{
  WhepFarewells *self = g_new0 (WhepFarewells, 1);

  g_queue_init (&self->entries);
  return self;
}

void
whep_farewells_free (WhepFarewells *self)
{
  if (self == NULL)
    return;
  g_queue_clear_full (&self->entries, entry_free);
  g_free (self);
}

static void
forget (WhepFarewells *self, gint64 now_us)
{
  Entry *oldest;

  while ((oldest = g_queue_peek_head (&self->entries)) != NULL &&
      (oldest->until_us <= now_us ||
          g_queue_get_length (&self->entries) > WHEP_FAREWELLS_MAX))
    entry_free (g_queue_pop_head (&self->entries));
}

void
whep_farewells_add (WhepFarewells *self, const gchar *id, const gchar *stream,
    const gchar *reason, gint64 now_us)
{
  Entry *entry = g_new0 (Entry, 1);

  g_strlcpy (entry->id, id, sizeof (entry->id));
  entry->stream = g_strdup (stream);
  entry->reason = g_strdup (reason);
  entry->until_us = now_us + WHEP_FAREWELLS_LIFE_US;
  g_queue_push_tail (&self->entries, entry);
  forget (self, now_us);
}

const gchar *
whep_farewells_find (WhepFarewells *self, const gchar *id, const gchar *stream,
    gint64 now_us)
{
  forget (self, now_us);
  for (GList *link = self->entries.head; link != NULL; link = link->next) {
    const Entry *entry = link->data;

    if (strcmp (entry->id, id) == 0 && strcmp (entry->stream, stream) == 0)
      return entry->reason;
  }
  return NULL;
}
