/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where one viewer is in a track's log: see cursor.h. */

#include "ext/whep/viewer/cursor.h"

void
whep_cursor_join (WhepCursor *self, const WhepLogView *view,
    gboolean is_live_only)
{
  self->has_left_out = FALSE;
  self->place = is_live_only ? view->head : 0;
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
should_jump_to (const WhepCursor *self, const WhepLogView *view, guint64 key)
{
  guint32 n_frames;

  if (self->is_within_frame || key <= self->place)
    return FALSE;
  n_frames = whep_log_get (view->log, key)->frame -
      whep_log_get (view->log, self->place)->frame;
  return n_frames >= self->jump_frames;
}

/* Returns FALSE if there is no next packet yet. */
static gboolean
find_next (const WhepCursor *self, const WhepLogView *view, guint64 *place,
    gboolean *is_jump)
{
  guint64 key = 0;
  gboolean has_key = whep_log_view_newest_key (view, &key);
  /* The viewer is too slow, or there is a new publisher: the log no longer has
   * the next packet. */
  gboolean is_lost =
      !self->is_waiting && self->place < whep_log_tail (view->log);

  *is_jump = self->is_waiting || is_lost ||
      (has_key && should_jump_to (self, view, key));
  if (*is_jump) {
    *place = key;
    return has_key && (is_lost || key >= self->place);
  }
  *place = self->place;
  return self->place < view->head;
}

gboolean
whep_cursor_peek (const WhepCursor *self, const WhepLogView *view,
    WhepCursorNext *next)
{
  if (!find_next (self, view, &next->place, &next->is_jump))
    return FALSE;
  next->packet = whep_log_get (view->log, next->place);
  next->starts_frame = next->is_jump || !self->is_within_frame;
  return TRUE;
}

void
whep_cursor_take (WhepCursor *self, const WhepCursorNext *next)
{
  self->place = next->place + 1;
  self->is_waiting = FALSE;
  self->is_within_frame = !next->packet->is_marked;
  if (next->packet->starts_key_frame)
    self->has_left_out = FALSE;
}

void
whep_cursor_skip_frame (WhepCursor *self, const WhepLogView *view,
    const WhepCursorNext *next)
{
  const WhepPacket *packet;

  g_assert (!next->is_jump);
  /* The log's limit in packets bounds the loop. */
  do
    packet = whep_log_get (view->log, ++self->place);
  while (self->place < view->head && packet->frame == next->packet->frame);
}

static gboolean
does_take (const WhepCursor *self, const WhepPacket *packet)
{
  switch (self->takes) {
    case WHEP_CURSOR_ALL:
      return TRUE;
    case WHEP_CURSOR_KEYS:
      return packet->starts_key_frame;
    case WHEP_CURSOR_NOTHING:
      return FALSE;
  }
  g_assert_not_reached ();
}

/* Of what a cursor that takes nothing leaves out, none is worth going back
 * for. */
gboolean
whep_cursor_leave_out (WhepCursor *self, const WhepLogView *view,
    const WhepCursorNext *next)
{
  guint64 key;

  if (!next->starts_frame || does_take (self, next->packet))
    return FALSE;
  self->place = view->head;
  self->is_waiting = FALSE;
  self->is_within_frame = FALSE;
  if (self->takes == WHEP_CURSOR_NOTHING)
    return TRUE;
  if (whep_log_view_newest_key (view, &key) && key > next->place)
    self->place = key;
  if (!self->has_left_out)
    self->left_out = next->place;
  self->has_left_out = TRUE;
  return TRUE;
}

gboolean
whep_cursor_catch_up (WhepCursor *self, const WhepLogView *view)
{
  guint64 key;

  if (!self->has_left_out || self->takes != WHEP_CURSOR_ALL)
    return FALSE;
  self->has_left_out = FALSE;
  self->place = self->left_out;
  self->is_waiting =
      whep_log_view_newest_key (view, &key) && key >= self->left_out;
  return TRUE;
}

gboolean
whep_cursor_can_rewind (const WhepCursor *self, const WhepLogView *view,
    guint64 *key)
{
  if (self->is_waiting || !whep_log_view_newest_key (view, key))
    return FALSE;
  return *key < self->place;
}
