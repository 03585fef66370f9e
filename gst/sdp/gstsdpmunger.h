/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The element that adapts session descriptions to browsers. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_SDP_MUNGER (gst_sdp_munger_get_type ())
G_DECLARE_FINAL_TYPE (GstSdpMunger, gst_sdp_munger, GST, SDP_MUNGER, GstElement)

GST_ELEMENT_REGISTER_DECLARE (sdpmunger);

G_END_DECLS
