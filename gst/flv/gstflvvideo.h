/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is special about a track of H.264 or HEVC: its sequence header may lie
 * in the stream, and an access unit in several tags. */

#pragma once

#include "gst/flv/gstflvtrack.h"

G_BEGIN_DECLS

/* Takes over what is good of the sequence header @config. */
void flv_video_take_config (FlvTracks *self, const FlvCodec *codec,
    const FlvPacket *packet, GstBuffer *config);
/* Pushes the access units that are complete with this tag, if any. */
GstFlowReturn flv_video_push (FlvTracks *self, const FlvPacket *packet,
    GstBuffer *tag, guint32 time_ms, const FlvStamp *stamp);
/* Pushes the one that waits for more, of any codec. */
void flv_video_end (FlvTracks *self);

G_END_DECLS
