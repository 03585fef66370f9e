/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pad of one stream as fragmented MP4: hands its fragments to the HTTP
 * readers. */

#pragma once

#include "ext/whep/http/server-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_WHEP_MP4_PAD (gst_whep_mp4_pad_get_type ())
G_DECLARE_FINAL_TYPE (GstWhepMp4Pad, gst_whep_mp4_pad, GST, WHEP_MP4_PAD,
    GstPad)

GstPad *gst_whep_mp4_pad_new (GstPadTemplate *templ, const gchar *name);

/* Between these two calls the pad may push into @http. The pad must not be
 * active during either call. */
void gst_whep_mp4_pad_start (GstWhepMp4Pad *self, WhepHttp *http);
void gst_whep_mp4_pad_stop (GstWhepMp4Pad *self);

/* Returns whether there is a stream: from the first init segment until EOS or
 * the stop. May be called by any thread. */
gboolean gst_whep_mp4_pad_has_stream (GstWhepMp4Pad *self);

G_END_DECLS
