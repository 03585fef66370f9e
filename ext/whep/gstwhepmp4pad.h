/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pad of one stream as fragmented MP4: hands its fragments to the HTTP
 * readers. There is a stream from the first init segment on. */

#pragma once

#include "ext/whep/gstwheppad.h"

G_BEGIN_DECLS

#define GST_TYPE_WHEP_MP4_PAD (gst_whep_mp4_pad_get_type ())
G_DECLARE_FINAL_TYPE (GstWhepMp4Pad, gst_whep_mp4_pad, GST, WHEP_MP4_PAD,
    GstWhepPad)

GstPad *gst_whep_mp4_pad_new (GstPadTemplate *templ, const gchar *name);

G_END_DECLS
