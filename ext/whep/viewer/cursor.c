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

/* Whether @key is so far ahead that the frames before it are not worth sending.
 * A frame that has been started is completed first: half a frame would break
 * the picture. */
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

/* Returns FALSE if there is no next packet yet. */
static gboolean
find_next (const WhepCursor *self, const WhepLog *log, guint64 *place,
    gboolean *is_jump)
{
  guint64 key = 0;
  gboolean has_key = whep_log_newest_key (log, &key);
  /* The viewer is too slow, or there is a new publisher: the log no longer has
   * the next packet. */
  gboolean is_lost = !self->is_waiting && self->place < whep_log_tail (log);

  *is_jump = self->is_waiting || is_lost ||
      (has_key && should_jump_to (self, log, key));
  if (*is_jump) {
    *place = key;
    return has_key && (is_lost || key >= self->place);
  }
  *place = self->place;
  return self->place != whep_log_head (log);
}

gboolean
whep_cursor_peek (const WhepCursor *self, const WhepLog *log,
    WhepCursorNext *next)
{
  if (!find_next (self, log, &next->place, &next->is_jump))
    return FALSE;
  next->packet = whep_log_get (log, next->place);
  next->starts_frame = next->is_jump || !self->is_within_frame;
  return TRUE;
}

void
whep_cursor_take (WhepCursor *self, const WhepCursorNext *next)
{
  self->place = next->place + 1;
  self->is_waiting = FALSE;
  self->is_within_frame = !next->packet->is_marked;
}

void
whep_cursor_skip_frame (WhepCursor *self, const WhepLog *log,
    const WhepCursorNext *next)
{
  const WhepPacket *packet;

  g_assert (!next->is_jump);
  /* The log's limit in packets bounds the loop. */
  do
    packet = whep_log_get (log, ++self->place);
  while (packet != NULL && packet->frame == next->packet->frame);
}

gboolean
whep_cursor_can_rewind (const WhepCursor *self, const WhepLog *log,
    guint64 *key)
{
  if (self->is_waiting || !whep_log_newest_key (log, key))
    return FALSE;
  return *key < self->place;
}
