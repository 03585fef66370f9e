/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has not been written yet: see queue.h. */

#include "gst/record/queue.h"

/* What a piece is assumed to cost in addition to its bytes. */
#define PIECE_COST_BYTES 128

gsize
record_piece_size (const RecordPiece *self)
{
  return g_bytes_get_size (self->head) +
      (self->body != NULL ? g_bytes_get_size (self->body) : 0);
}

void
record_piece_clear (RecordPiece *self)
{
  g_clear_pointer (&self->head, g_bytes_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
}

static GArray *
new_pieces (void)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (RecordPiece));

  g_array_set_clear_func (pieces, (GDestroyNotify) record_piece_clear);
  return pieces;
}

void
record_queue_init (RecordQueue *self, gsize limit_bytes)
{
  *self = (RecordQueue){ .pieces = new_pieces (), .limit_bytes = limit_bytes };
}

void
record_queue_clear (RecordQueue *self)
{
  g_clear_pointer (&self->pieces, g_array_unref);
}

gboolean
record_queue_push (RecordQueue *self, RecordPiece *piece)
{
  gsize cost = record_piece_size (piece) + PIECE_COST_BYTES;

  if (cost > self->limit_bytes - self->n_bytes)
    self->has_overflowed = TRUE;
  if (self->has_overflowed) {
    record_piece_clear (piece);
    return FALSE;
  }
  self->n_bytes += cost;
  g_array_append_val (self->pieces, *piece);
  return TRUE;
}

GArray *
record_queue_take (RecordQueue *self)
{
  GArray *pieces = g_steal_pointer (&self->pieces);

  self->pieces = new_pieces ();
  self->n_bytes = 0;
  return pieces;
}
