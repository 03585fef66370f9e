/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where one viewer is in a track's log: see cursor.h. */

#include "ext/whep/viewer/cursor.h"

void
whep_cursor_join (WhepCursor *self, const WhepLog *log, gboolean is_live_only)
{
  self->place = is_live_only ? whep_log_head (log) : 0;
  self->is_waiting = TRUE;
  self->is_within_frame = FALSE;
}

void
whep_cursor_rewind (WhepCursor *self, guint64 key)
{
  self->place = key;
  self->is_waiting = FALSE;
  self->is_within_frame = FALSE;
}

/* A key frame so far ahead that the frames up to it are not worth sending. A
 * frame that was begun is ended first: half a frame would break the picture. */
static gboolean
should_jump_to (const WhepCursor *self, const WhepLog *log, guint64 key)
{
  guint32 n_frames;

  if (self->is_within_frame || key <= self->place)
    return FALSE;
  n_frames =
      whep_log_get (log, key)->frame - whep_log_get (log, self->place)->frame;
  return n_frames >= self->jump_frames;
}

static WhepCursorStep
jump (WhepCursor *self, const WhepLog *log, guint64 key,
    const WhepPacket **packet)
{
  self->place = key;
  *packet = whep_log_get (log, key);
  return WHEP_CURSOR_JUMPED;
}

WhepCursorStep
whep_cursor_peek (WhepCursor *self, const WhepLog *log,
    const WhepPacket **packet)
{
  guint64 key;
  gboolean has_key = whep_log_newest_key (log, &key);

  /* Too slow, or the publisher is a new one: what comes next is gone. */
  if (!self->is_waiting && self->place < whep_log_tail (log))
    whep_cursor_join (self, log, FALSE);

  if (self->is_waiting) {
    if (!has_key || key < self->place)
      return WHEP_CURSOR_EMPTY;
    return jump (self, log, key, packet);
  }
  if (self->place == whep_log_head (log))
    return WHEP_CURSOR_EMPTY;
  if (has_key && should_jump_to (self, log, key))
    return jump (self, log, key, packet);
  *packet = whep_log_get (log, self->place);
  return WHEP_CURSOR_NEXT;
}

void
whep_cursor_take (WhepCursor *self, const WhepPacket *packet)
{
  self->place++;
  self->is_waiting = FALSE;
  self->is_within_frame = !packet->is_marked;
}

void
whep_cursor_skip_frame (WhepCursor *self, const WhepLog *log)
{
  guint32 frame = whep_log_get (log, self->place)->frame;
  const WhepPacket *packet;

  /* The log's limit in packets bounds the loop. */
  do
    packet = whep_log_get (log, ++self->place);
  while (packet != NULL && packet->frame == frame);
}

gboolean
whep_cursor_can_rewind (const WhepCursor *self, const WhepLog *log,
    guint64 *key)
{
  if (self->is_waiting || !whep_log_newest_key (log, key))
    return FALSE;
  return *key < self->place;
}
