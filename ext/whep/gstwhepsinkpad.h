/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pad of one track of whepsink: turns RTP buffers into packets of a
 * stream. */

#pragma once

#include "ext/whep/http/server-io.h"
#include "ext/whep/media/media-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* The default name of a stream. */
#define GST_WHEP_SINK_DEFAULT_STREAM "live/stream"

#define GST_TYPE_WHEP_SINK_PAD (gst_whep_sink_pad_get_type ())
G_DECLARE_FINAL_TYPE (GstWhepSinkPad, gst_whep_sink_pad, GST, WHEP_SINK_PAD,
    GstPad)

GstPad *gst_whep_sink_pad_new (GstPadTemplate *templ, const gchar *name,
    WhepTrackKind kind);

/* Between these two calls the pad may push into @media and @http. The pad must
 * not be active during either call. */
void gst_whep_sink_pad_start (GstWhepSinkPad *self, WhepMedia *media,
    WhepHttp *http);
void gst_whep_sink_pad_stop (GstWhepSinkPad *self);

/* Returns whether there is a track: from the caps until EOS or the stop. May be
 * called by any thread. */
gboolean gst_whep_sink_pad_has_track (GstWhepSinkPad *self);

G_END_DECLS
