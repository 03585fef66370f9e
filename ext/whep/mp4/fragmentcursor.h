/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A reader's place in a log: what it is sent next. The cursor begins with the
 * init segment and the newest key frame, follows the log, and jumps to the
 * newest key frame when its place has been dropped. Pure. */

#pragma once

#include "ext/whep/mp4/fragmentlog.h"

G_BEGIN_DECLS

/* To be embedded; starts zeroed. */
typedef struct
{
  gboolean has_place;
  guint64 place;   /* of the next fragment */
  WhepChunk *init; /* owned: the one that was sent; NULL: none */
  guint n_jumps;
} WhepFragmentCursor;

void whep_fragment_cursor_clear (WhepFragmentCursor *self);

/* Returns: (nullable) (transfer none): the next init segment or fragment, valid
 * until the log changes; NULL if there is none yet. */
WhepChunk *whep_fragment_cursor_next (WhepFragmentCursor *self,
    const WhepFragmentLog *log);

/* Moves to the newest key frame. Returns FALSE if there is none ahead. */
gboolean whep_fragment_cursor_jump (WhepFragmentCursor *self,
    const WhepFragmentLog *log);

G_END_DECLS
