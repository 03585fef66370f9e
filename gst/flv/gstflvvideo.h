/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is special about tracks of video: their sequence header may lie in the
 * stream, and an access unit of H.264 or HEVC in several tags. */

#pragma once

#include "gst/flv/gstflvtrack.h"

G_BEGIN_DECLS

/* Takes over what is good of the sequence header @config. */
void flv_video_take_config (FlvTracks *self, const FlvCodec *codec,
    const FlvPacket *packet, GstBuffer *config);
/* Whether the frame needs no sequence header before it, though the codec has
 * one: AV1 has it inside. */
gboolean flv_video_says_it_all (const FlvCodec *codec, const FlvPacket *packet,
    GstBuffer *tag);
/* Pushes the access units that are complete with this tag, if any. */
GstFlowReturn flv_video_push (FlvTracks *self, const FlvPacket *packet,
    GstBuffer *tag, guint32 time_ms, const FlvStamp *stamp);
/* Pushes the one that waits for more, of any codec. */
void flv_video_end (FlvTracks *self);

G_END_DECLS
