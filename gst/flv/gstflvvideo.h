/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts that are specific to video tracks: parameter sets may be in the
 * stream, and an access unit of H.264 or HEVC may span several tags. */

#pragma once

#include "gst/flv/gstflvtrack.h"

G_BEGIN_DECLS

/* Uses the valid parts of the sequence header @config. */
void flv_video_take_config (FlvTracks *self, const FlvCodec *codec,
    const FlvPacket *packet, GstBuffer *config);
/* Returns whether the frame needs no sequence header before it although the
 * codec has one, because a frame of AV1 may contain it. */
gboolean flv_video_has_config (const FlvCodec *codec, const FlvPacket *packet,
    GstBuffer *tag);
/* Pushes the access units that this tag completes, if any. */
GstFlowReturn flv_video_push (FlvTracks *self, const FlvPacket *packet,
    GstBuffer *tag, guint32 time_ms, const FlvStamp *stamp);
/* Pushes the picture, of any codec, that is waiting for further parts. */
void flv_video_end (FlvTracks *self);

G_END_DECLS
