/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fragmented MP4 without delay: see gstfmp4livemux.c. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_FMP4_LIVE_MUX (gst_fmp4_live_mux_get_type ())
G_DECLARE_FINAL_TYPE (GstFmp4LiveMux, gst_fmp4_live_mux, GST, FMP4_LIVE_MUX,
    GstElement)

GST_ELEMENT_REGISTER_DECLARE (fmp4livemux);

G_END_DECLS
