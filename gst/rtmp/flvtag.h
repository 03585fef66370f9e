/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTMP messages become the tags of an FLV file (video_file_format_spec_v10_1,
 * annex E). Pure. */

#pragma once

#include "gst/rtmp/chunk.h"

G_BEGIN_DECLS

/* The file's header with the size of the tag before the first: zero. */
#define RTMP_FLV_HEADER_BYTES 13

extern const guint8 rtmp_flv_header[RTMP_FLV_HEADER_BYTES];

/* Whether the message is audio, video or script data. */
gboolean rtmp_flv_is_media (const RtmpMessage *message);

/* Takes the message's memory and makes it the whole tag, with the
 * PreviousTagSize that follows it.
 *
 * Returns: (transfer full) (nullable): the tag, to be freed with g_free(); NULL
 * if the message is empty and makes no tag. */
guint8 *rtmp_flv_take_tag (RtmpMessage *message, gsize *size);

G_END_DECLS
