/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The FLV tags of an Enhanced RTMP (v2) publisher, made from the output of
 * GStreamer's encoders and parsers. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: (transfer full): of GstSample, all the output of a chain to an
 * encoder, in the syntax of gst-launch. Fails the test if the chain does not
 * end. */
GPtrArray *ex_flv_encode (const gchar *encoder);

/* Returns: (transfer full) (nullable): the sequence header of a codec whose
 * first frame is @frame, NULL if it has none. Fails the test for unknown
 * caps. */
GstBuffer *ex_flv_header (GstCaps *caps, GstBuffer *frame, guint32 time_ms);

/* Returns: (transfer full): the tag of a frame. */
GstBuffer *ex_flv_frame (GstCaps *caps, GstBuffer *frame, guint32 time_ms);

/* Takes @tag, which comes from one of the functions above.
 *
 * Returns: (transfer full): the same as a tag of the track @id of a
 * Multitrack. */
GstBuffer *ex_flv_on_track (GstBuffer *tag, guint id);

G_END_DECLS
