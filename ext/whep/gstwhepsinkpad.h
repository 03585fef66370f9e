/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pad of one track of whepsink: turns RTP buffers into packets of a
 * stream. */

#pragma once

#include "ext/whep/gstwheppad.h"

G_BEGIN_DECLS

#define GST_TYPE_WHEP_SINK_PAD (gst_whep_sink_pad_get_type ())
G_DECLARE_FINAL_TYPE (GstWhepSinkPad, gst_whep_sink_pad, GST, WHEP_SINK_PAD,
    GstWhepPad)

GstPad *gst_whep_sink_pad_new (GstPadTemplate *templ, const gchar *name,
    WhepTrackKind kind);

G_END_DECLS
