/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The header of an audio tag's body, classic (video_file_format_spec_v10_1,
 * annex E.4.2) or enhanced (Enhanced RTMP v2, ExAudioTagHeader). Pure. */

#pragma once

#include "gst/flv/packet.h"

G_BEGIN_DECLS

/* Returns FALSE if the body is truncated or malformed. */
gboolean flv_audio_parse (FlvPacket *packet, const guint8 *data, gsize size);

G_END_DECLS
