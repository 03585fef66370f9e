/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Codecs and their caps: see gstflvcaps.h. */

#include "gst/flv/gstflvcaps.h"

#include "gst/flv/avc.h"

#include <gst/pbutils/codec-utils.h>
#include <string.h>

/* The least that an AudioSpecificConfig has. */
#define AAC_CONFIG_BYTES 2
/* Up to the first parameter set. */
#define HEVC_CONFIG_BYTES 23
#define AV1_CONFIG_BYTES 4
#define AV1_CONFIG_VERSION 0x81
/* Marker, block header, block. */
#define FLAC_STREAMINFO 0
#define FLAC_STREAMINFO_BYTES 34
#define FLAC_CONFIG_BYTES (4 + 4 + FLAC_STREAMINFO_BYTES)
/* How much of the coded picture is not to be shown: nobody minds. */
#define VP6_SIZE_BYTES 1

static gboolean
set_codec_data (GstCaps *caps, GstBuffer *config)
{
  gst_caps_set_simple (caps, "codec_data", GST_TYPE_BUFFER, config, NULL);
  return TRUE;
}

static gboolean
copy_field (GQuark field, const GValue *value, gpointer structure)
{
  gst_structure_id_set_value (structure, field, value);
  return TRUE;
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
  return set_codec_data (caps, config);
}

/* The start of the sequence header, if it is that long. */
static gboolean
read_start (GstBuffer *config, guint8 *start, gsize size)
{
  return gst_buffer_extract (config, 0, start, size) == size;
}

/* HEVCDecoderConfigurationRecord. Its version is 1; some senders write 0. */
static gboolean
set_hevc (GstCaps *caps, GstBuffer *config)
{
  guint8 start[HEVC_CONFIG_BYTES];

  return read_start (config, start, sizeof start) && start[0] <= 1 &&
      set_codec_data (caps, config);
}

/* AV1CodecConfigurationRecord: a marker bit and version 1. */
static gboolean
set_av1 (GstCaps *caps, GstBuffer *config)
{
  guint8 start[AV1_CONFIG_BYTES];

  return read_start (config, start, sizeof start) &&
      start[0] == AV1_CONFIG_VERSION && set_codec_data (caps, config);
}

/* RFC 7845 section 5.1: the identification header is all there is. */
static gboolean
set_opus (GstCaps *caps, GstBuffer *config)
{
  g_autoptr (GstCaps) opus = NULL;
  g_autoptr (GstBuffer) header = gst_buffer_copy (config);
  g_autoptr (GstBuffer) comments = gst_buffer_new ();

  /* It asserts that both are writable, and makes the second if there is none
   * but then frees neither. */
  opus = gst_codec_utils_opus_create_caps_from_header (header, comments);
  if (opus == NULL)
    return FALSE;
  gst_structure_remove_field (gst_caps_get_structure (opus, 0), "streamheader");
  gst_structure_foreach (gst_caps_get_structure (opus, 0), copy_field,
      gst_caps_get_structure (caps, 0));
  return TRUE;
}

/* The stream's marker, then the metadata block STREAMINFO: decoders want the
 * block's body alone. */
static gboolean
set_flac (GstCaps *caps, GstBuffer *config)
{
  guint8 start[FLAC_CONFIG_BYTES];
  g_autoptr (GstBuffer) info = NULL;

  if (!read_start (config, start, sizeof start) ||
      memcmp (start, "fLaC", 4) != 0 || (start[4] & 0x7f) != FLAC_STREAMINFO)
    return FALSE;
  info = gst_buffer_copy_region (config, GST_BUFFER_COPY_MEMORY,
      FLAC_CONFIG_BYTES - FLAC_STREAMINFO_BYTES, FLAC_STREAMINFO_BYTES);
  return set_codec_data (caps, info);
}

/* FLV carries one access unit a tag. G.711 is always 8 kHz: the tag's rate has
 * no number for it. VP8 and VP9 say in their frames what their sequence header
 * would. */
static const FlvCodec codecs[] = {
  { FLV_CODEC_AVC, "video/x-h264, stream-format=avc, alignment=au",
      .has_config = TRUE, .refine = set_codec_data },
  { FLV_CODEC_HEVC, "video/x-h265, stream-format=hvc1, alignment=au",
      .has_config = TRUE, .refine = set_hevc },
  { FLV_CODEC_AV1, "video/x-av1, stream-format=obu-stream, alignment=tu",
      .has_config = TRUE, .refine = set_av1 },
  { FLV_CODEC_VP8, "video/x-vp8" },
  { FLV_CODEC_VP9, "video/x-vp9, alignment=super-frame" },
  { FLV_CODEC_SORENSON, "video/x-flash-video, flvversion=1" },
  { FLV_CODEC_VP6, "video/x-vp6-flash", .n_skip = VP6_SIZE_BYTES },
  { FLV_CODEC_MPEG4, "video/mpeg, mpegversion=4, systemstream=false" },
  { FLV_CODEC_AAC, "audio/mpeg, mpegversion=4, stream-format=raw, framed=true",
      .has_config = TRUE, .refine = set_aac },
  { FLV_CODEC_OPUS, "audio/x-opus", .has_config = TRUE, .refine = set_opus },
  { FLV_CODEC_FLAC, "audio/x-flac, framed=true", .has_config = TRUE,
      .refine = set_flac },
  { FLV_CODEC_AC3, "audio/x-ac3, framed=true, alignment=frame" },
  { FLV_CODEC_EAC3, "audio/x-eac3, framed=true, alignment=frame" },
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

GstCaps *
flv_codec_caps (const FlvCodec *self, const FlvPacket *packet,
    GstBuffer *config)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (self->caps);

  if (self->has_channels)
    gst_caps_set_simple (caps, "channels", G_TYPE_INT, packet->n_channels,
        NULL);
  if (self->refine != NULL && !self->refine (caps, config))
    return NULL;
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
