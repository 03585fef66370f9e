/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The format of pictures, as it is sent. */

#pragma once

#include "gst/isolation/wire.h"

#include <gst/video/video.h>

G_BEGIN_DECLS

void gst_wire_picture_pack (WirePicture *self, const GstVideoInfo *info);
/* Returns FALSE if there is no such format. The planes of @info have the
 * strides that GStreamer gives them by default. */
gboolean gst_wire_picture_unpack (const WirePicture *self, GstVideoInfo *info);

G_END_DECLS
