/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* whepsink: RTP in, browsers out. */

#pragma once

#include "ext/whep/gstwhepcalls.h"

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_WHEP_SINK (gst_whep_sink_get_type ())
G_DECLARE_FINAL_TYPE (GstWhepSink, gst_whep_sink, GST, WHEP_SINK, GstElement)
GST_ELEMENT_REGISTER_DECLARE (whepsink);

/* To be called, by any thread, when a track has ended: the end of the last one
 * may end the element. */
void gst_whep_sink_note_end (GstWhepSink *self);

/* Returns: (transfer none): the server for calls by any thread. */
GstWhepCalls *gst_whep_sink_calls (GstWhepSink *self);

G_END_DECLS
