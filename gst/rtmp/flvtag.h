/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns RTMP messages into FLV tags (video_file_format_spec_v10_1, annex E).
 * Pure. */

#pragma once

#include "gst/rtmp/chunk.h"

G_BEGIN_DECLS

/* The file header and the PreviousTagSize before the first tag, which is zero.
 */
#define RTMP_FLV_HEADER_BYTES 13

extern const guint8 rtmp_flv_header[RTMP_FLV_HEADER_BYTES];

/* Returns whether the message is audio, video or script data. */
gboolean rtmp_flv_is_media (const RtmpMessage *message);

/* Takes the message's memory and turns it into the complete tag, followed by
 * its PreviousTagSize.
 *
 * Returns: (transfer full) (nullable): the tag, to be freed with g_free(); NULL
 * if the message is empty, which makes no tag. */
guint8 *rtmp_flv_take_tag (RtmpMessage *message, gsize *size);

G_END_DECLS
