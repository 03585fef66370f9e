/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The viewers of one media thread: see viewerindex.h. */

#include "ext/whep/media/viewerindex.h"

struct _WhepViewerIndex
{
  /* The viewer's ufrag and that of its newest ICE session → WhepViewerEntry */
  GHashTable *by_ufrag;
  GHashTable *by_address; /* address in an entry → WhepViewerEntry */
  GPtrArray *heap;        /* of WhepViewerEntry, soonest deadline first */
};

WhepViewerIndex *
whep_viewer_index_new (void)
{
  WhepViewerIndex *self = g_new0 (WhepViewerIndex, 1);

  self->by_ufrag = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_address = whep_address_table_new (NULL);
  self->heap = g_ptr_array_new ();
  return self;
}

void
whep_viewer_index_free (WhepViewerIndex *self)
{
  if (self == NULL)
    return;
  while (self->heap->len > 0)
    whep_viewer_index_remove (self, g_ptr_array_index (self->heap, 0));
  g_hash_table_unref (self->by_ufrag);
  g_hash_table_unref (self->by_address);
  g_ptr_array_unref (self->heap);
  g_free (self);
}

guint
whep_viewer_index_count (const WhepViewerIndex *self)
{
  return self->heap->len;
}

WhepViewerEntry *
whep_viewer_index_get (const WhepViewerIndex *self, guint index)
{
  return g_ptr_array_index (self->heap, index);
}

void
whep_viewer_index_add_stats (const WhepViewerIndex *self,
    WhepMediaStats *media_stats)
{
  for (guint i = 0; i < self->heap->len; i++) {
    const WhepViewer *viewer = whep_viewer_index_get (self, i)->viewer;
    WhepViewerStats stats;

    whep_viewer_stats (viewer, &stats);
    whep_media_stats_add_viewer (media_stats, whep_viewer_ufrag (viewer),
        &stats);
  }
}

static void
put (WhepViewerIndex *self, guint index, WhepViewerEntry *entry)
{
  g_ptr_array_index (self->heap, index) = entry;
  entry->heap_index = index;
}

/* Moves the free @index towards the root until its parent's deadline is no
 * later than that of @entry. Returns the index to put @entry at. */
static guint
sift_up (WhepViewerIndex *self, guint index, const WhepViewerEntry *entry)
{
  while (index > 0) {
    guint parent = (index - 1) / 2;

    if (whep_viewer_index_get (self, parent)->deadline_us <= entry->deadline_us)
      break;
    put (self, index, whep_viewer_index_get (self, parent));
    index = parent;
  }
  return index;
}

static guint
sift_down (WhepViewerIndex *self, guint index, const WhepViewerEntry *entry)
{
  guint child;

  while ((child = 2 * index + 1) < self->heap->len) {
    if (child + 1 < self->heap->len &&
        whep_viewer_index_get (self, child + 1)->deadline_us <
            whep_viewer_index_get (self, child)->deadline_us)
      child++;
    if (entry->deadline_us <= whep_viewer_index_get (self, child)->deadline_us)
      break;
    put (self, index, whep_viewer_index_get (self, child));
    index = child;
  }
  return index;
}

static void
place (WhepViewerIndex *self, guint index, WhepViewerEntry *entry)
{
  index = sift_up (self, index, entry);
  put (self, sift_down (self, index, entry), entry);
}

/* The keys are stored in the viewer; before a restart both are the same. */
static void
insert_ufrags (WhepViewerIndex *self, WhepViewerEntry *entry)
{
  const gchar *name = whep_viewer_ufrag (entry->viewer);
  const gchar *newest = whep_viewer_ice_ufrag (entry->viewer);

  g_hash_table_replace (self->by_ufrag, (gpointer) newest, entry);
  g_hash_table_replace (self->by_ufrag, (gpointer) name, entry);
}

static void
remove_ufrags (WhepViewerIndex *self, const WhepViewer *viewer)
{
  g_hash_table_remove (self->by_ufrag, whep_viewer_ice_ufrag (viewer));
  g_hash_table_remove (self->by_ufrag, whep_viewer_ufrag (viewer));
}

WhepViewerEntry *
whep_viewer_index_add (WhepViewerIndex *self, WhepViewer *viewer,
    WhepStream *stream)
{
  WhepViewerEntry *entry = g_new0 (WhepViewerEntry, 1);

  entry->viewer = viewer;
  entry->stream = stream;
  insert_ufrags (self, entry);
  g_ptr_array_add (self->heap, entry);
  place (self, self->heap->len - 1, entry);
  return entry;
}

/* The address may belong to another viewer by now. */
static void
forget (WhepViewerIndex *self, WhepViewerEntry *entry, guint index)
{
  const WhepAddress *address = &entry->addresses[index];

  if (g_hash_table_lookup (self->by_address, address) == entry)
    g_hash_table_remove (self->by_address, address);
}

void
whep_viewer_index_restart_ice (WhepViewerIndex *self, WhepViewerEntry *entry,
    const WhepIceCredentials *credentials)
{
  remove_ufrags (self, entry->viewer);
  whep_viewer_restart_ice (entry->viewer, credentials);
  insert_ufrags (self, entry);
}

static void
remove_from_heap (WhepViewerIndex *self, const WhepViewerEntry *entry)
{
  guint index = entry->heap_index;
  WhepViewerEntry *last =
      g_ptr_array_steal_index_fast (self->heap, self->heap->len - 1);

  if (last != entry)
    place (self, index, last);
}

void
whep_viewer_index_remove (WhepViewerIndex *self, WhepViewerEntry *entry)
{
  for (guint i = 0; i < entry->n_addresses; i++)
    forget (self, entry, i);
  remove_ufrags (self, entry->viewer);
  remove_from_heap (self, entry);
  whep_viewer_free (entry->viewer);
  g_free (entry);
}

WhepViewerEntry *
whep_viewer_index_by_ufrag (const WhepViewerIndex *self, const gchar *ufrag)
{
  return g_hash_table_lookup (self->by_ufrag, ufrag);
}

WhepViewerEntry *
whep_viewer_index_by_address (const WhepViewerIndex *self,
    const WhepAddress *address)
{
  return g_hash_table_lookup (self->by_address, address);
}

/* The table's keys are stored in the entries: a slot is forgotten before it is
 * reused for another address, and a key is replaced together with its entry. */
void
whep_viewer_index_learn (WhepViewerIndex *self, WhepViewerEntry *entry,
    const WhepAddress *address)
{
  if (whep_viewer_index_by_address (self, address) == entry)
    return;
  if (entry->n_addresses == WHEP_VIEWER_ENTRY_MAX_ADDRESSES) {
    for (guint i = 0; i < WHEP_VIEWER_ENTRY_MAX_ADDRESSES; i++)
      forget (self, entry, i);
    entry->n_addresses = 0;
  }
  entry->addresses[entry->n_addresses] = *address;
  g_hash_table_replace (self->by_address, &entry->addresses[entry->n_addresses],
      entry);
  entry->n_addresses++;
}

void
whep_viewer_index_set_deadline (WhepViewerIndex *self, WhepViewerEntry *entry,
    gint64 deadline_us)
{
  if (deadline_us == entry->deadline_us)
    return;
  entry->deadline_us = deadline_us;
  place (self, entry->heap_index, entry);
}

WhepViewerEntry *
whep_viewer_index_soonest (const WhepViewerIndex *self)
{
  return self->heap->len == 0 ? NULL : whep_viewer_index_get (self, 0);
}
