/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many of something each client has: see clientcounts.h. */

#include "ext/whep/http/clientcounts.h"

struct _WhepClientCounts
{
  GHashTable *counts; /* client → guint; no zeroes */
};

WhepClientCounts *
whep_client_counts_new (void)
{
  WhepClientCounts *self = g_new0 (WhepClientCounts, 1);

  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
whep_client_counts_free (WhepClientCounts *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->counts);
  g_free (self);
}

static void
set (WhepClientCounts *self, const gchar *client, guint n)
{
  if (n == 0)
    g_hash_table_remove (self->counts, client);
  else
    g_hash_table_insert (self->counts, g_strdup (client), GUINT_TO_POINTER (n));
}

void
whep_client_counts_add (WhepClientCounts *self, const gchar *client)
{
  set (self, client, whep_client_counts_get (self, client) + 1);
}

void
whep_client_counts_remove (WhepClientCounts *self, const gchar *client)
{
  guint n = whep_client_counts_get (self, client);

  g_assert (n > 0);
  set (self, client, n - 1);
}

guint
whep_client_counts_get (const WhepClientCounts *self, const gchar *client)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, client));
}

gboolean
whep_client_counts_has_most (const WhepClientCounts *self, const gchar *client)
{
  guint n = whep_client_counts_get (self, client);
  GHashTableIter iter;
  gpointer other;

  g_hash_table_iter_init (&iter, self->counts);
  while (g_hash_table_iter_next (&iter, NULL, &other))
    if (GPOINTER_TO_UINT (other) > n)
      return FALSE;
  return TRUE;
}
