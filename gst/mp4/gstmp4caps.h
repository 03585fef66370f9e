/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GStreamer's caps as tracks of MP4. */

#pragma once

#include "gst/mp4/track.h"

#include <gst/gst.h>

G_BEGIN_DECLS

#define GST_MP4_VIDEO_CAPS                                                     \
  "video/x-h264, stream-format=(string)avc, alignment=(string)au; "            \
  "video/x-h265, stream-format=(string)hvc1, alignment=(string)au; "           \
  "video/x-av1, stream-format=(string)obu-stream, "                            \
  "alignment=(string){ tu, frame }; "                                          \
  "video/x-vp9"
#define GST_MP4_AUDIO_CAPS                                                     \
  "audio/mpeg, mpegversion=(int)4, stream-format=(string)raw; "                \
  "audio/mpeg, mpegversion=(int)1, layer=(int)3; "                             \
  "audio/x-opus; audio/x-flac; audio/x-ac3"

/* Sets @track, but for its id. @config takes what the track's configuration
 * points to. Some caps lack it until the first frame: that is @frame, else
 * NULL.
 *
 * Returns: (nullable): why the track cannot be described. */
const gchar *gst_mp4_track_from_caps (const GstCaps *caps, GstBuffer *frame,
    Mp4Track *track, GByteArray *config);

/* Returns: (transfer full) (nullable): as in the codecs parameter of RFC 6381;
 * NULL if it is not known. */
gchar *gst_mp4_codec_string (GstCaps *caps);

/* Adds what a player needs before the first fragment; @codecs are those of all
 * tracks. */
void gst_mp4_set_header (GstCaps *caps, const gchar *codecs, GstBuffer *init);

/* The duration of a frame that the caps promise, or a likely one. */
GstClockTime gst_mp4_nominal_duration (const GstCaps *caps);

G_END_DECLS
