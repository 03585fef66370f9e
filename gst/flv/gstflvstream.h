/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A track as a GstStream, for decodebin3 and applications that select streams.
 */

#pragma once

#include "gst/flv/timeline.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The stream has the caps, and the codec's name as a tag. */
GstStream *flv_stream_new (const gchar *id, FlvTrackKind kind, GstCaps *caps);
/* The track continues with other caps. */
void flv_stream_set_caps (GstStream *stream, GstCaps *caps);

G_END_DECLS
