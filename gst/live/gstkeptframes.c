/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frames since a key frame: see gstkeptframes.h. */

#include "gst/live/gstkeptframes.h"

/* Until it is known whether there are B-frames, the frames since the key frame
 * are kept, so that a decoder could start there. Encoders that use B-frames do
 * so within the first few frames; a stream whose first B-frame comes after this
 * many frames or bytes is transcoded from the next key frame on. */
#define KEPT_MAX_FRAMES 120
#define KEPT_MAX_BYTES (4 * 1024 * 1024)

void
gst_kept_frames_clear (GstKeptFrames *self)
{
  g_queue_clear_full (&self->frames, (GDestroyNotify) gst_buffer_unref);
  self->n_bytes = 0;
  self->has_gap = FALSE;
}

void
gst_kept_frames_add (GstKeptFrames *self, GstBuffer *frame, gboolean is_key)
{
  gsize size = gst_buffer_get_size (frame);

  if (is_key)
    gst_kept_frames_clear (self);
  if (self->has_gap)
    return;
  if (self->frames.length == KEPT_MAX_FRAMES ||
      self->n_bytes + size > KEPT_MAX_BYTES) {
    gst_kept_frames_clear (self);
    self->has_gap = TRUE;
    return;
  }
  g_queue_push_tail (&self->frames, gst_buffer_ref (frame));
  self->n_bytes += size;
}

gboolean
gst_kept_frames_is_empty (const GstKeptFrames *self)
{
  return self->frames.length == 0;
}

GstBuffer *
gst_kept_frames_pop (GstKeptFrames *self)
{
  GstBuffer *frame = g_queue_pop_head (&self->frames);

  if (frame != NULL)
    self->n_bytes -= gst_buffer_get_size (frame);
  return frame;
}
