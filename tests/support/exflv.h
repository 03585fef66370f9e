/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an Enhanced RTMP publisher sends (v2), as tags of FLV, from what
 * GStreamer's encoders and parsers make. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Returns: (transfer full): of GstSample, all that a chain to an encoder makes,
 * as for gst-launch. Fails the test if that doesn't end. */
GPtrArray *ex_flv_encode (const gchar *encoder);

/* Returns: (transfer full) (nullable): the sequence header of a codec whose
 * first frame is @frame, NULL if it has none. Fails the test for caps that it
 * doesn't know. */
GstBuffer *ex_flv_header (GstCaps *caps, GstBuffer *frame, guint32 time_ms);

/* Returns: (transfer full): a frame's tag. */
GstBuffer *ex_flv_frame (GstCaps *caps, GstBuffer *frame, guint32 time_ms);

/* Takes @tag, which is one of those above.
 *
 * Returns: (transfer full): the same as that of a Multitrack's track. */
GstBuffer *ex_flv_on_track (GstBuffer *tag, guint id);

G_END_DECLS
