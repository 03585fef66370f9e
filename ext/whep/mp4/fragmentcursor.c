/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A reader's place in a log: see fragmentcursor.h. */

#include "ext/whep/mp4/fragmentcursor.h"

void
whep_fragment_cursor_clear (WhepFragmentCursor *self)
{
  g_clear_pointer (&self->init, whep_chunk_unref);
}

static gboolean
find_place (WhepFragmentCursor *self, const WhepFragmentLog *log)
{
  guint64 start;

  if (self->has_place && self->place >= whep_fragment_log_tail (log))
    return TRUE;
  if (!whep_fragment_log_find_start (log, &start))
    return FALSE;
  if (self->has_place)
    self->n_jumps++;
  self->place = start;
  self->has_place = TRUE;
  return TRUE;
}

WhepChunk *
whep_fragment_cursor_next (WhepFragmentCursor *self, const WhepFragmentLog *log)
{
  const WhepFragmentEntry *entry;

  if (!find_place (self, log))
    return NULL;
  entry = whep_fragment_log_get (log, self->place);
  if (entry == NULL)
    return NULL;
  if (self->init == entry->init) {
    self->place++;
    return entry->chunk;
  }
  whep_fragment_cursor_clear (self);
  self->init = whep_chunk_ref (entry->init);
  return self->init;
}

gboolean
whep_fragment_cursor_jump (WhepFragmentCursor *self, const WhepFragmentLog *log)
{
  guint64 start;

  if (!self->has_place || !whep_fragment_log_find_start (log, &start) ||
      start <= self->place)
    return FALSE;
  self->place = start;
  self->n_jumps++;
  return TRUE;
}
