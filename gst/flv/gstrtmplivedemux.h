/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FLV to parsed streams: see gstrtmplivedemux.c. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_RTMP_LIVE_DEMUX (gst_rtmp_live_demux_get_type ())
G_DECLARE_FINAL_TYPE (GstRtmpLiveDemux, gst_rtmp_live_demux, GST,
    RTMP_LIVE_DEMUX, GstBin)

GST_ELEMENT_REGISTER_DECLARE (rtmplivedemux);

/* Returns: (nullable): the parsers of one codec, in gst-launch syntax; NULL
 * after the last. */
const gchar *gst_rtmp_live_demux_chain_at (guint index);

G_END_DECLS
