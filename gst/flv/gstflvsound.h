/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts that are specific to audio tracks: AAC headers within frames,
 * several frames per tag, and times counted in samples. */

#pragma once

#include "gst/flv/gstflvtrack.h"

G_BEGIN_DECLS

/* Some publishers send an ADTS header in place of AAC's sequence header. Takes
 * @config. Returns: (transfer full): the sequence header. */
GstBuffer *flv_sound_unwrap_config (GstBuffer *config);

/* AAC in FLV should not have headers of its own, but some publishers send them;
 * these start the track if necessary. Returns FALSE if the frame can't be
 * decoded. */
gboolean flv_sound_take_headers (FlvTracks *self, const FlvCodec *codec,
    const FlvPacket *packet, GstBuffer *tag);

/* Pushes the frames of an accepted tag. */
GstFlowReturn flv_sound_push (FlvTracks *self, const FlvPacket *packet,
    GstBuffer *tag, const FlvStamp *stamp);

G_END_DECLS
