/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames of H.264 as they are paid. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* From now on frames leave @pad without what no decoder needs, and are flagged
 * as delta units unless they are IDR frames, with which a browser begins. */
void gst_h264_strip_add (GstPad *pad);

G_END_DECLS
