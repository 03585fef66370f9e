/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stills of coded video: decodes one key frame, and scales and encodes the
 * picture as JPEG. Each call runs its elements in the calling thread, and frees
 * them. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): the picture; @key_frame is a frame that
 * can be decoded alone, with its caps. The error is
 * GST_STREAM_ERROR_CODEC_NOT_FOUND if there is no decoder for it, else a
 * sentence says what is wrong with the frame; a picture of more than @max_area
 * pixels is not decoded. */
GstSample *gst_still_decode (GstSample *key_frame, guint64 max_area,
    GError **error);

/* Returns: (transfer full) (nullable): the picture as JPEG; @width is that of
 * an index of stillsize.h. Errors are as above. */
GBytes *gst_still_to_jpeg (GstSample *picture, guint width_index,
    GError **error);

/* Returns: (nullable): the descriptions of all decoders, by number, and of what
 * makes a JPEG of a picture, with jobs of gstalternatives.h; NULL after the
 * last. */
const gchar *gst_still_chain_at (guint index);

G_END_DECLS
