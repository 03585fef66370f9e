/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is to be sent to a player: see playsender.h. */

#include "gst/rtmp/playsender.h"

/* The limit of a batch, so that a player with a backlog does not delay others.
 */
#define MAX_BYTES (256 * 1024)

void
rtmp_playsender_init (RtmpPlaySender *self)
{
  *self = (RtmpPlaySender){ .replies = g_byte_array_new () };
}

static void
set_frame (RtmpPlaySender *self, const RtmpPlayFrame *frame)
{
  g_clear_pointer (&self->frame.tag, g_bytes_unref);
  if (frame == NULL)
    return;
  self->frame = *frame;
  g_bytes_ref (frame->tag);
}

void
rtmp_playsender_clear (RtmpPlaySender *self)
{
  set_frame (self, NULL);
  g_clear_pointer (&self->replies, g_byte_array_unref);
}

void
rtmp_playsender_begin (RtmpPlaySender *self, guint32 stream_id)
{
  self->stream_id = stream_id;
  self->cursor = (RtmpPlayCursor){ 0 };
}

static void
count_pieces (RtmpPlayBatch *batch, guint n_pieces)
{
  for (guint i = 0; i < n_pieces; i++)
    batch->n_bytes += batch->pieces[batch->n_pieces++].iov_len;
}

static void
add_frame (RtmpPlayBatch *batch, const RtmpPlayFrame *frame, gsize offset)
{
  count_pieces (batch,
      rtmp_playframe_fill (frame, offset, batch->pieces + batch->n_pieces,
          RTMP_PLAYBATCH_MAX_PIECES - batch->n_pieces));
}

static void
add_replies (RtmpPlaySender *self, RtmpPlayBatch *batch)
{
  if (self->replies->len == 0)
    return;
  batch->pieces[batch->n_pieces] = (struct iovec){
    .iov_base = self->replies->data,
    .iov_len = self->replies->len,
  };
  count_pieces (batch, 1);
  batch->n_replies = self->replies->len;
}

/* The header of a frame and its first piece need room. */
static gboolean
has_room (const RtmpPlayBatch *batch)
{
  return batch->n_frames < RTMP_PLAYBATCH_MAX_FRAMES &&
      batch->n_pieces + 2 <= RTMP_PLAYBATCH_MAX_PIECES &&
      batch->n_bytes < MAX_BYTES;
}

static void
add_tags (RtmpPlaySender *self, const RtmpPlayLog *log, RtmpPlayBatch *batch)
{
  RtmpPlayNext next;

  while (has_room (batch)) {
    RtmpPlayFrame *frame = &batch->frames[batch->n_frames];

    batch->cursors[batch->n_frames] = self->cursor;
    if (!rtmp_playcursor_next (&self->cursor, log, &next))
      break;
    rtmp_playframe_init (frame, next.tag, next.time_ms, self->stream_id);
    add_frame (batch, frame, 0);
    batch->n_frames++;
  }
  batch->cursors[batch->n_frames] = self->cursor;
}

gboolean
rtmp_playsender_fill (RtmpPlaySender *self, const RtmpPlayLog *log,
    RtmpPlayBatch *batch)
{
  gsize n_left = 0;

  batch->n_pieces = batch->n_frames = 0;
  batch->n_bytes = batch->n_first = batch->n_replies = 0;
  if (self->frame.tag != NULL) {
    n_left = self->frame.size - self->n_sent;
    add_frame (batch, &self->frame, self->n_sent);
    batch->n_first = batch->n_bytes;
  }
  /* Nothing is sent between the chunks of one message, because some players do
   * not expect that. */
  if (batch->n_first < n_left || batch->n_pieces == RTMP_PLAYBATCH_MAX_PIECES)
    return TRUE;
  add_replies (self, batch);
  if (log != NULL)
    add_tags (self, log, batch);
  return batch->n_bytes > 0;
}

/* Returns FALSE if the frame that was begun before is still incomplete. */
static gboolean
take_first (RtmpPlaySender *self, gsize *n_bytes)
{
  gsize n_now;

  if (self->frame.tag == NULL)
    return TRUE;
  n_now = MIN (*n_bytes, self->frame.size - self->n_sent);
  self->n_sent += n_now;
  *n_bytes -= n_now;
  if (self->n_sent < self->frame.size)
    return FALSE;
  set_frame (self, NULL);
  self->n_finished++;
  return TRUE;
}

static void
take_replies (RtmpPlaySender *self, const RtmpPlayBatch *batch, gsize *n_bytes)
{
  gsize n_now = MIN (*n_bytes, batch->n_replies);

  if (n_now > 0)
    g_byte_array_remove_range (self->replies, 0, n_now);
  *n_bytes -= n_now;
}

void
rtmp_playsender_sent (RtmpPlaySender *self, const RtmpPlayBatch *batch,
    gsize n_bytes)
{
  guint i = 0;

  g_assert (n_bytes <= batch->n_bytes);
  if (take_first (self, &n_bytes))
    take_replies (self, batch, &n_bytes);
  while (i < batch->n_frames && n_bytes >= batch->frames[i].size)
    n_bytes -= batch->frames[i++].size;
  self->n_finished += i;
  if (i == batch->n_frames)
    return;
  /* The cursor returns to the first frame that has not been sent, except for
   * one that has been begun. */
  self->cursor = batch->cursors[i];
  if (n_bytes == 0)
    return;
  set_frame (self, &batch->frames[i]);
  self->n_sent = n_bytes;
  self->cursor = batch->cursors[i + 1];
}
