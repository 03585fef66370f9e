/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A player's place in a log: see playcursor.h. */

#include "gst/rtmp/playcursor.h"

/* Moves to where a player can begin: the newest key frame, or else the next
 * tag. Headers that the player has been sent are not sent again. */
static void
move_to_start (RtmpPlayCursor *self, const RtmpPlayLog *log)
{
  if (self->is_following && self->epoch == rtmp_playlog_epoch (log))
    self->n_jumps++;
  self->header = MAX (self->header, self->is_following ? self->place : 0);
  if (!rtmp_playlog_find_start (log, &self->place))
    self->place = rtmp_playlog_head (log);
  self->epoch = rtmp_playlog_epoch (log);
  self->is_following = FALSE;
  self->is_preparing = TRUE;
  self->needs_key = TRUE;
}

static gboolean
has_lost_its_place (const RtmpPlayCursor *self, const RtmpPlayLog *log)
{
  return self->epoch != rtmp_playlog_epoch (log) ||
      self->place < rtmp_playlog_tail (log);
}

/* While headers are being sent, the log may get another start, with other
 * headers. */
static gboolean
has_another_start (const RtmpPlayCursor *self, const RtmpPlayLog *log)
{
  guint64 start;

  return rtmp_playlog_find_start (log, &start) && start != self->place;
}

/* Headers that precede the first frame are of no time: publishers send them at
 * 0, wherever their frames begin. */
static void
set_next (const RtmpPlayCursor *self, GBytes *tag, guint64 time_ms,
    RtmpPlayNext *next)
{
  next->tag = tag;
  next->time_ms =
      self->has_base && time_ms > self->base_ms ? time_ms - self->base_ms : 0;
}

static gboolean
is_frame (const RtmpPlayEntry *entry)
{
  return entry->what.kind == RTMP_PLAYTAG_AUDIO ||
      entry->what.kind == RTMP_PLAYTAG_VIDEO ||
      entry->what.kind == RTMP_PLAYTAG_KEY;
}

static void
set_base (RtmpPlayCursor *self, const RtmpPlayEntry *entry)
{
  if (self->has_base || !is_frame (entry))
    return;
  self->base_ms = entry->time_ms;
  self->has_base = TRUE;
}

static gboolean
take_header (RtmpPlayCursor *self, const RtmpPlayLog *log, RtmpPlayNext *next)
{
  const RtmpPlayEntry *header = rtmp_playlog_next_header (log, self->header);
  const RtmpPlayEntry *entry = rtmp_playlog_get (log, self->place);

  if (header == NULL || header->place >= self->place) {
    self->is_preparing = FALSE;
    self->is_following = TRUE;
    return FALSE;
  }
  self->header = header->place + 1;
  set_next (self, header->tag,
      entry != NULL ? entry->time_ms : rtmp_playlog_time_ms (log), next);
  return TRUE;
}

static gboolean
is_left_out (RtmpPlayCursor *self, const RtmpPlayEntry *entry)
{
  if (entry->what.kind == RTMP_PLAYTAG_KEY)
    self->needs_key = FALSE;
  return self->needs_key && entry->what.kind == RTMP_PLAYTAG_VIDEO;
}

gboolean
rtmp_playcursor_next (RtmpPlayCursor *self, const RtmpPlayLog *log,
    RtmpPlayNext *next)
{
  const RtmpPlayEntry *entry;

  if ((!self->is_following && !self->is_preparing) ||
      has_lost_its_place (self, log) ||
      (self->is_preparing && has_another_start (self, log)))
    move_to_start (self, log);
  if (self->is_preparing && take_header (self, log, next))
    return TRUE;
  while ((entry = rtmp_playlog_get (log, self->place)) != NULL) {
    self->place++;
    if (is_left_out (self, entry))
      continue;
    set_base (self, entry);
    set_next (self, entry->tag, entry->time_ms, next);
    return TRUE;
  }
  return FALSE;
}

gboolean
rtmp_playcursor_jump (RtmpPlayCursor *self, const RtmpPlayLog *log)
{
  guint64 start;

  if (!self->is_following || has_lost_its_place (self, log) ||
      !rtmp_playlog_find_start (log, &start) || start <= self->place)
    return FALSE;
  move_to_start (self, log);
  return TRUE;
}
