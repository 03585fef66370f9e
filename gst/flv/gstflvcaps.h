/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which caps a codec in FLV has: one table, a row a codec. */

#pragma once

#include "gst/flv/audioframe.h"
#include "gst/flv/packet.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  guint32 codec;
  const gchar *caps;
  gboolean has_config;     /* a sequence header comes first */
  gboolean is_in_nalus;    /* a frame is NAL units: see gstflvpicture.h */
  gboolean has_channels;   /* the tags say how many */
  guint n_skip;            /* bytes before each frame that no decoder wants */
  gboolean is_for_viewers; /* sound that browsers play as it is */
  /* Adds what the sequence header says. Returns: (nullable): NULL, or why no
   * decoder could take it, in words for viewers. */
  const gchar *(*refine) (GstCaps *caps, GstBuffer *config);
} FlvCodec;

/* Returns: (nullable): NULL if nobody has written a row yet. */
const FlvCodec *flv_codec_find (guint32 codec);

/* Returns: what people call the codec of that number, whether it has a row or
 * not. */
gchar *flv_codec_dup_name (guint32 codec);

/* Of a codec whose frames are NAL units.
 *
 * Returns: (transfer full) (nullable): what is good of the sequence header
 * @raw; NULL if nothing is. */
GstBuffer *flv_codec_mend_config (const FlvCodec *self, GstBuffer *raw,
    guint *n_length_bytes);

/* @config: (nullable): the sequence header; NULL if there is none, because the
 * codec has none or the stream says it all.
 *
 * Returns: (transfer full) (nullable): NULL if no decoder could take @config;
 * @why is then set to the reason. */
GstCaps *flv_codec_caps (const FlvCodec *self, const FlvPacket *packet,
    GstBuffer *config, const gchar **why);

/* What a sequence header that flv_codec_caps() takes says of sound. */
void flv_codec_audio_format (const FlvCodec *self, const FlvPacket *packet,
    GstBuffer *config, FlvAudioFormat *format);

G_END_DECLS
