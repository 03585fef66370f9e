/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The elements that encode H.264: one table of how each of them is set up to
 * delay nothing, without B-frames, with a key frame every 48 frames and a bit
 * rate of up to 6 Mbit/s. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The name of the encoder in a chain. */
#define GST_H264_ENCODERS_NAME "encoder"

/* Returns: (nullable): the factory's name in the row @index; NULL after the
 * last. */
const gchar *gst_h264_encoders_at (guint index);
/* Returns: the row of a factory, which may be that of a second device; -1 if
 * the table does not have it. */
gint gst_h264_encoders_find (const gchar *element);
/* Returns whether it needs hardware, and so may be unable to start. That of a
 * factory that the table does not have is assumed to. */
gboolean gst_h264_encoders_needs_device (const gchar *element);
/* Returns whether the factory is a video encoder with H.264 as its output. */
gboolean gst_h264_encoders_fits (GstElementFactory *factory);

/* Returns: (transfer full): the encoder between raw video of the formats that
 * it takes and a byte stream of constrained baseline, in gst-launch syntax. A
 * factory that the table does not have is used as well. */
gchar *gst_h264_encoders_dup_chain (const gchar *element);
/* Sets the encoder up; properties that it lacks are skipped, because they
 * depend on its version and on the device's driver. */
void gst_h264_encoders_set_up (GstElement *encoder, guint n_cores);

G_END_DECLS
