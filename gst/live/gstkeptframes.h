/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frames since the newest key frame, kept so that a decoder can start there
 * although they have been sent. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* To be embedded; starts zeroed. */
typedef struct
{
  GQueue frames; /* of GstBuffer */
  gsize n_bytes;
  gboolean has_gap; /* too many: keep nothing until the next key frame */
} GstKeptFrames;

/* A key frame replaces all others. Over the limit, none are kept. */
void gst_kept_frames_add (GstKeptFrames *self, GstBuffer *frame,
    gboolean is_key);
gboolean gst_kept_frames_is_empty (const GstKeptFrames *self);
/* Returns: (nullable) (transfer full): the oldest frame. */
GstBuffer *gst_kept_frames_pop (GstKeptFrames *self);
void gst_kept_frames_clear (GstKeptFrames *self);

G_END_DECLS
