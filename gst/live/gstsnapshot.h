/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The newest key frame of one publisher, and the stills that were made of it,
 * each once. Reference-counted, for any thread. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstSnapshot GstSnapshot;

GstSnapshot *gst_snapshot_new (void);
GstSnapshot *gst_snapshot_ref (GstSnapshot *self);
void gst_snapshot_unref (GstSnapshot *self);

/* Keeps the key frames of @demux's first video pad from now on. */
void gst_snapshot_follow (GstSnapshot *self, GstElement *demux);
/* The publisher has left: frees everything but @self. */
void gst_snapshot_close (GstSnapshot *self);
gboolean gst_snapshot_has_frame (GstSnapshot *self);

/* The answer to a request for a still: a structure "snapshot" with `jpeg`
 * (GBytes) and `etag` (a string of letters and digits that stands for its
 * bytes), or with `error` ("none": there is no picture, "no-decoder", "busy")
 * and `reason`, a sentence for users. */

/* Returns: (transfer full) (nullable): the answer, as far as nothing has to be
 * decoded for it. @width_index is one of stillsize.h. */
GstStructure *gst_snapshot_find (GstSnapshot *self, guint width_index);
/* Returns: (transfer full): the answer. For one thread at a time. */
GstStructure *gst_snapshot_make (GstSnapshot *self, guint width_index,
    guint64 max_area);
/* The size of the decoded picture that is kept for stills of other widths. */
gsize gst_snapshot_picture_bytes (GstSnapshot *self);
/* Frees the decoded picture, if there is one: for stills of other widths, it is
 * then decoded again. */
void gst_snapshot_forget_picture (GstSnapshot *self);

/* Returns: (transfer full): an answer of that error. */
GstStructure *gst_snapshot_error (const gchar *error, const gchar *reason);

G_END_DECLS
