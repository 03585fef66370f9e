/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where one viewer is in what it may see of a track's log.
 *
 * It joins at the newest key frame, follows the head, and otherwise moves only
 * by jumps to key frames: forward when it has fallen behind, back when the
 * picture is broken. Embedded in the viewer; pure. */

#pragma once

#include "ext/whep/stream/logview.h"

G_BEGIN_DECLS

/* A viewer that is at least this many frames behind a new key frame jumps to
 * it; one that is closer shows the frames in between. */
#define WHEP_CURSOR_JUMP_FRAMES 8
/* For tracks whose packets do not depend on each other (audio): every packet is
 * sent. */
#define WHEP_CURSOR_NEVER_JUMP G_MAXUINT32

/* What a cursor takes of a log. */
typedef enum
{
  WHEP_CURSOR_ALL,
  WHEP_CURSOR_KEYS, /* key frames only */
  WHEP_CURSOR_NOTHING,
} WhepCursorTakes;

typedef struct
{
  WhepCursorTakes takes; /* may be set at any time */
  gboolean has_left_out; /* frames of the GOP whose key frame it took last */
  guint64 left_out;      /* the place of the first of them */
  guint64 place;         /* of the next packet */
  guint32 jump_frames;
  gboolean is_waiting;      /* for a key frame at @place or later */
  gboolean is_within_frame; /* the last packet taken had no marker */
} WhepCursor;

/* The next packet of a cursor: returned by peek, passed to take. */
typedef struct
{
  const WhepPacket *packet;
  guint64 place;
  gboolean is_jump; /* to a key frame elsewhere */
  gboolean starts_frame;
} WhepCursorNext;

/* Waits for a key frame: the newest one in @view or, with @is_live_only, the
 * next one that arrives. */
void whep_cursor_join (WhepCursor *self, const WhepLogView *view,
    gboolean is_live_only);
/* Goes back to the key frame at @key. */
void whep_cursor_rewind (WhepCursor *self, guint64 key);

/* Looks at the next packet without moving the cursor. A caller that cannot send
 * the packet now looks again later, when the next packet may be a different
 * one. Returns FALSE if there is nothing to send yet. */
gboolean whep_cursor_peek (const WhepCursor *self, const WhepLogView *view,
    WhepCursorNext *next);
/* Moves past the packet that peek returned. */
void whep_cursor_take (WhepCursor *self, const WhepCursorNext *next);

/* Skips whatever the log has of the frame whose start peek returned. Not for a
 * jump, which is completed only by sending the key frame. */
void whep_cursor_skip_frame (WhepCursor *self, const WhepLogView *view,
    const WhepCursorNext *next);

/* If the cursor does not take the frame whose start peek returned, moves past
 * it and everything that follows, up to a newer key frame: in one step, however
 * many packets that is. Returns FALSE if the cursor takes it. */
gboolean whep_cursor_leave_out (WhepCursor *self, const WhepLogView *view,
    const WhepCursorNext *next);
/* Once the cursor takes all frames again: goes back to those that it has left
 * out since the newest key frame, which was sent, or to a newer one. So nothing
 * is sent twice however often a viewer changes its mind. Returns FALSE if
 * nothing was left out. */
gboolean whep_cursor_catch_up (WhepCursor *self, const WhepLogView *view);

/* Whether there is a newest key frame and it is behind the cursor. */
gboolean whep_cursor_can_rewind (const WhepCursor *self,
    const WhepLogView *view, guint64 *key);

G_END_DECLS
