/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where one viewer is in a track's log.
 *
 * It joins at the newest key frame, follows the head, and moves by jumps to key
 * frames alone: forward when it fell behind, back when the picture is broken.
 * Embedded in the viewer; pure. */

#pragma once

#include "ext/whep/stream/log.h"

G_BEGIN_DECLS

/* A viewer this many frames before a new key frame jumps to it; nearer ones
 * show the frames between. */
#define WHEP_CURSOR_JUMP_FRAMES 8
/* For tracks whose packets all stand alone (audio): each one is sent. */
#define WHEP_CURSOR_NEVER_JUMP G_MAXUINT32

typedef struct
{
  guint64 place; /* of the next packet */
  guint32 jump_frames;
  gboolean is_waiting;      /* for a key frame at @place or later */
  gboolean is_within_frame; /* the last packet taken had no marker */
} WhepCursor;

/* What a cursor comes to next: shown by peek, passed to take. */
typedef struct
{
  const WhepPacket *packet;
  guint64 place;
  gboolean is_jump; /* to a key frame elsewhere */
  gboolean starts_frame;
} WhepCursorNext;

/* Waits for a key frame: the newest one that @log has, or with @is_live_only
 * the next that comes. */
void whep_cursor_join (WhepCursor *self, const WhepLog *log,
    gboolean is_live_only);
/* Goes back to the key frame at @key. */
void whep_cursor_rewind (WhepCursor *self, guint64 key);

/* Looks at the next packet. The cursor stays where it is, so a caller that
 * can't send the packet now looks again later, when it may be another. Returns
 * FALSE if there is nothing to send yet. */
gboolean whep_cursor_peek (const WhepCursor *self, const WhepLog *log,
    WhepCursorNext *next);
/* Takes what peek showed. */
void whep_cursor_take (WhepCursor *self, const WhepCursorNext *next);

/* Passes over what is there of the frame that peek showed the start of; not of
 * a jump, which only a key frame that is sent completes. */
void whep_cursor_skip_frame (WhepCursor *self, const WhepLog *log,
    const WhepCursorNext *next);

/* Whether a move to the newest key frame would be a move at all: there is one,
 * and it is behind the cursor. */
gboolean whep_cursor_can_rewind (const WhepCursor *self, const WhepLog *log,
    guint64 *key);

G_END_DECLS
