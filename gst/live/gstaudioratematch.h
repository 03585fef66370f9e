/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes the duration of audio match its timestamps: see gstaudioratematch.c. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_TYPE_AUDIO_RATE_MATCH (gst_audio_rate_match_get_type ())
G_DECLARE_FINAL_TYPE (GstAudioRateMatch, gst_audio_rate_match, GST,
    AUDIO_RATE_MATCH, GstElement)

GST_ELEMENT_REGISTER_DECLARE (audioratematch);

G_END_DECLS
