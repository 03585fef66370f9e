/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is special about tracks of sound: headers of AAC within its frames,
 * several frames in a tag, and times counted in samples. */

#pragma once

#include "gst/flv/gstflvtrack.h"

G_BEGIN_DECLS

/* Some publishers put a header of ADTS where AAC's sequence header should be.
 * Takes @config. Returns: (transfer full): what it says. */
GstBuffer *flv_sound_unwrap_config (GstBuffer *config);

/* FLV's AAC comes without headers of its own, but not that of all publishers:
 * they begin the track if need be. Returns FALSE if the frame can't be
 * decoded. */
gboolean flv_sound_take_headers (FlvTracks *self, const FlvCodec *codec,
    const FlvPacket *packet, GstBuffer *tag);

/* Pushes the frames of a tag that was accepted. */
GstFlowReturn flv_sound_push (FlvTracks *self, const FlvPacket *packet,
    GstBuffer *tag, const FlvStamp *stamp);

G_END_DECLS
