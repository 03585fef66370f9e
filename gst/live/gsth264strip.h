/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prepares frames of H.264 for the payloader. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* From now on, the frames that @pad pushes have no units that no decoder needs,
 * and are flagged as delta units unless they are IDR frames, which a browser
 * can start with. */
void gst_h264_strip_add (GstPad *pad);

G_END_DECLS
