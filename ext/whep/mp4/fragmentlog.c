/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The log of a stream's fragments: see fragmentlog.h. */

#include "ext/whep/mp4/fragmentlog.h"

struct _WhepFragmentLog
{
  WhepFragmentLimits limits;
  WhepChunk *init; /* nullable */
  GArray *entries; /* of WhepFragmentEntry; the first ones have been dropped */
  guint n_dropped; /* of those in the array */
  guint64 tail;    /* the place of the first that has not been */
  guint64 start;   /* the newest; valid if it is not before the tail */
  gboolean has_start;
  gsize size;
};

WhepFragmentLog *
whep_fragment_log_new (const WhepFragmentLimits *limits)
{
  WhepFragmentLog *self = g_new0 (WhepFragmentLog, 1);

  self->limits = *limits;
  self->entries = g_array_new (FALSE, FALSE, sizeof (WhepFragmentEntry));
  return self;
}

static WhepFragmentEntry *
oldest (const WhepFragmentLog *self)
{
  return &g_array_index (self->entries, WhepFragmentEntry, self->n_dropped);
}

static guint
n_entries (const WhepFragmentLog *self)
{
  return self->entries->len - self->n_dropped;
}

static gsize
cost_of (const WhepFragmentEntry *entry)
{
  gsize size;

  whep_chunk_framed (entry->chunk, &size);
  return size + WHEP_FRAGMENT_COST_BYTES;
}

static void
drop_oldest (WhepFragmentLog *self)
{
  WhepFragmentEntry *entry = oldest (self);

  self->size -= cost_of (entry);
  whep_chunk_unref (entry->chunk);
  whep_chunk_unref (entry->init);
  self->n_dropped++;
  self->tail++;
  /* The rest is moved once for as many that were dropped. */
  if (self->n_dropped > n_entries (self)) {
    g_array_remove_range (self->entries, 0, self->n_dropped);
    self->n_dropped = 0;
  }
}

void
whep_fragment_log_free (WhepFragmentLog *self)
{
  if (self == NULL)
    return;
  while (n_entries (self) > 0)
    drop_oldest (self);
  whep_chunk_unref (self->init);
  g_array_unref (self->entries);
  g_free (self);
}

void
whep_fragment_log_set_init (WhepFragmentLog *self, WhepChunk *init)
{
  whep_chunk_unref (self->init);
  self->init = whep_chunk_ref (init);
}

static gboolean
is_too_old (const WhepFragmentLog *self, gint64 now_us)
{
  gint64 age_us = now_us - oldest (self)->since_us;
  gboolean is_before_start = self->has_start && self->tail < self->start;

  return self->size > self->limits.bytes || age_us > self->limits.time_us ||
      (is_before_start && age_us > self->limits.behind_us);
}

void
whep_fragment_log_add (WhepFragmentLog *self, WhepChunk *fragment,
    gboolean is_start, gint64 now_us)
{
  WhepFragmentEntry entry = { .since_us = now_us };

  if (self->init == NULL)
    return;
  entry.chunk = whep_chunk_ref (fragment);
  entry.init = whep_chunk_ref (self->init);
  if (is_start) {
    self->start = self->tail + n_entries (self);
    self->has_start = TRUE;
  }
  self->size += cost_of (&entry);
  g_array_append_val (self->entries, entry);
  while (n_entries (self) > 1 && is_too_old (self, now_us))
    drop_oldest (self);
}

guint64
whep_fragment_log_tail (const WhepFragmentLog *self)
{
  return self->tail;
}

gsize
whep_fragment_log_size (const WhepFragmentLog *self)
{
  return self->size;
}

const WhepFragmentEntry *
whep_fragment_log_get (const WhepFragmentLog *self, guint64 place)
{
  if (place < self->tail || place - self->tail >= n_entries (self))
    return NULL;
  return oldest (self) + (place - self->tail);
}

gboolean
whep_fragment_log_find_start (const WhepFragmentLog *self, guint64 *place)
{
  if (!self->has_start || self->start < self->tail)
    return FALSE;
  *place = self->start;
  return TRUE;
}
