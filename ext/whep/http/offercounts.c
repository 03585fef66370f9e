/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts offers by their result: see offercounts.h. */

#include "ext/whep/http/offercounts.h"

#include <string.h>

struct _WhepOfferCounts
{
  GHashTable *counts; /* result → guint64, owned */
};

WhepOfferCounts *
whep_offer_counts_new (void)
{
  WhepOfferCounts *self = g_new0 (WhepOfferCounts, 1);

  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  /* Prometheus computes rates from the first sample on. */
  g_hash_table_insert (self->counts, (gpointer) WHEP_OFFER_ANSWERED,
      g_new0 (guint64, 1));
  return self;
}

void
whep_offer_counts_free (WhepOfferCounts *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->counts);
  g_free (self);
}

void
whep_offer_counts_add (WhepOfferCounts *self, const gchar *result)
{
  guint64 *count = g_hash_table_lookup (self->counts, result);

  if (count == NULL) {
    count = g_new0 (guint64, 1);
    g_hash_table_insert (self->counts, (gpointer) result, count);
  }
  *count += 1;
}

guint64
whep_offer_counts_get (const WhepOfferCounts *self, const gchar *result)
{
  const guint64 *count = g_hash_table_lookup (self->counts, result);

  return count == NULL ? 0 : *count;
}

static gint
compare (gconstpointer one, gconstpointer other)
{
  return strcmp (one, other);
}

GList *
whep_offer_counts_results (const WhepOfferCounts *self)
{
  return g_list_sort (g_hash_table_get_keys (self->counts), compare);
}
