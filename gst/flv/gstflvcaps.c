/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Codecs and their caps: see gstflvcaps.h. */

#include "gst/flv/gstflvcaps.h"

#include "gst/flv/avc.h"

#include <gst/pbutils/codec-utils.h>

/* The least that an AudioSpecificConfig has. */
#define AAC_CONFIG_BYTES 2

/* FLV carries one access unit a tag. G.711 is always 8 kHz: the tag's rate has
 * no number for it. */
static const FlvCodec codecs[] = {
  { FLV_CODEC_AVC, "video/x-h264, stream-format=avc, alignment=au",
      .has_config = TRUE },
  { FLV_CODEC_AAC, "audio/mpeg, mpegversion=4, stream-format=raw, framed=true",
      .has_config = TRUE },
  { FLV_CODEC_MP3, "audio/mpeg, mpegversion=1, layer=3" },
  { FLV_CODEC_ALAW, "audio/x-alaw, rate=8000", .has_channels = TRUE },
  { FLV_CODEC_MULAW, "audio/x-mulaw, rate=8000", .has_channels = TRUE },
};

const FlvCodec *
flv_codec_find (guint32 codec)
{
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++) {
    if (codecs[i].codec == codec)
      return &codecs[i];
  }
  return NULL;
}

/* AudioSpecificConfig, ISO 14496-3 section 1.6.2.1. */
static gboolean
set_aac (GstCaps *caps, GstBuffer *config)
{
  GstMapInfo map;
  guint rate = 0;
  guint n_channels = 0;

  if (!gst_buffer_map (config, &map, GST_MAP_READ))
    return FALSE;
  if (map.size >= AAC_CONFIG_BYTES) {
    rate = gst_codec_utils_aac_get_sample_rate (map.data, map.size);
    n_channels = gst_codec_utils_aac_get_channels (map.data, map.size);
    gst_codec_utils_aac_caps_set_level_and_profile (caps, map.data, map.size);
  }
  gst_buffer_unmap (config, &map);
  if (rate == 0)
    return FALSE;
  gst_caps_set_simple (caps, "rate", G_TYPE_INT, rate, NULL);
  /* Zero means that the stream itself says so, in a program config element. */
  if (n_channels != 0)
    gst_caps_set_simple (caps, "channels", G_TYPE_INT, n_channels, NULL);
  return TRUE;
}

GstCaps *
flv_codec_caps (const FlvCodec *self, const FlvPacket *packet,
    GstBuffer *config)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (self->caps);

  if (self->has_channels)
    gst_caps_set_simple (caps, "channels", G_TYPE_INT, packet->n_channels,
        NULL);
  if (self->codec == FLV_CODEC_AAC && !set_aac (caps, config))
    return NULL;
  if (self->has_config)
    gst_caps_set_simple (caps, "codec_data", GST_TYPE_BUFFER, config, NULL);
  return g_steal_pointer (&caps);
}

guint
flv_codec_avc_length_bytes (GstBuffer *config)
{
  GstMapInfo map;
  guint n_bytes;

  if (!gst_buffer_map (config, &map, GST_MAP_READ))
    return 0;
  n_bytes = flv_avc_parse_config (map.data, map.size);
  gst_buffer_unmap (config, &map);
  return n_bytes;
}
