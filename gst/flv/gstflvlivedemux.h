/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The FLV demuxer: see gstflvlivedemux.c. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_FLV_LIVE_DEMUX (gst_flv_live_demux_get_type ())
G_DECLARE_FINAL_TYPE (GstFlvLiveDemux, gst_flv_live_demux, GST, FLV_LIVE_DEMUX,
    GstElement)

GST_ELEMENT_REGISTER_DECLARE (flvlivedemux);

G_END_DECLS
