/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a writer has not written yet, up to a limit of bytes. A queue that was
 * full once accepts nothing more: a recording with a gap would look complete.
 * Pure; its owner guards it. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A fragment or an init segment. */
typedef struct
{
  GBytes *head; /* with all of its moof box */
  GBytes *body; /* nullable: the rest */
  gboolean is_init;
  gboolean is_key; /* a decoder can begin with it */
} RecordPiece;

/* The bytes of a piece, at least 1. */
gsize record_piece_size (const RecordPiece *self);
void record_piece_clear (RecordPiece *self);

/* To be embedded. */
typedef struct
{
  GArray *pieces; /* of RecordPiece */
  gsize n_bytes;
  gsize limit_bytes;
  gboolean has_overflowed;
} RecordQueue;

void record_queue_init (RecordQueue *self, gsize limit_bytes);
void record_queue_clear (RecordQueue *self);

/* Takes what @piece owns. Returns FALSE, and frees it, if the queue is or has
 * been full. */
gboolean record_queue_push (RecordQueue *self, RecordPiece *piece);
/* Returns: (transfer full) (element-type RecordPiece): all pieces. */
GArray *record_queue_take (RecordQueue *self);

G_END_DECLS
