/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chunks: see chunk.h. */

#include "ext/whep/mp4/chunk.h"

#include <string.h>

#define LINE_END "\r\n"
#define LINE_END_BYTES 2
/* 16 digits, the end of the line, and a terminator. */
#define MAX_HEAD_BYTES 19

struct _WhepChunk
{
  gsize size; /* of the payload */
  gsize n_head_bytes;
  guint8 bytes[];
};

WhepChunk *
whep_chunk_new (gsize size, guint8 **payload)
{
  gchar head[MAX_HEAD_BYTES];
  gsize n_head_bytes =
      g_snprintf (head, sizeof head, "%" G_GSIZE_MODIFIER "x" LINE_END, size);
  WhepChunk *self = g_atomic_rc_box_alloc (
      sizeof (WhepChunk) + n_head_bytes + size + LINE_END_BYTES);

  self->size = size;
  self->n_head_bytes = n_head_bytes;
  memcpy (self->bytes, head, n_head_bytes);
  memcpy (self->bytes + n_head_bytes + size, LINE_END, LINE_END_BYTES);
  *payload = self->bytes + n_head_bytes;
  return self;
}

WhepChunk *
whep_chunk_ref (WhepChunk *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
whep_chunk_unref (WhepChunk *self)
{
  if (self != NULL)
    g_atomic_rc_box_release (self);
}

const guint8 *
whep_chunk_framed (const WhepChunk *self, gsize *size)
{
  *size = self->n_head_bytes + self->size + LINE_END_BYTES;
  return self->bytes;
}

const guint8 *
whep_chunk_payload (const WhepChunk *self, gsize *size)
{
  *size = self->size;
  return self->bytes + self->n_head_bytes;
}
