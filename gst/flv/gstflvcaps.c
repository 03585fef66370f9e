/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Codecs and their caps: see gstflvcaps.h. */

#include "gst/flv/gstflvcaps.h"

#include "gst/flv/aac.h"
#include "gst/flv/decoderconfig.h"

#include <gst/pbutils/pbutils.h>
#include <string.h>

#define MALFORMED "its sequence header is malformed"

#define AV1_CONFIG_BYTES 4
#define AV1_CONFIG_VERSION 0x81
/* RFC 7845 section 5.1: without a channel mapping, and the size of a mapping
 * apart from one byte per channel. */
#define OPUS_CONFIG_BYTES 19
#define OPUS_MAPPING_BYTES 2
#define OPUS_CHANNELS_AT 9
#define OPUS_FAMILY_AT 18
/* The stream marker, the block header, then the block. */
#define FLAC_STREAMINFO 0
#define FLAC_STREAMINFO_BYTES 34
#define FLAC_CONFIG_BYTES (4 + 4 + FLAC_STREAMINFO_BYTES)
/* 20 bits. */
#define FLAC_RATE_AT 10
/* The first byte gives the cropping of the coded picture, which is ignored. */
#define VP6_SIZE_BYTES 1

static const gchar *
set_codec_data (GstCaps *caps, GstBuffer *config)
{
  gst_caps_set_simple (caps, "codec_data", GST_TYPE_BUFFER, config, NULL);
  return NULL;
}

static gboolean
copy_field (GQuark field, const GValue *value, gpointer structure)
{
  gst_structure_id_set_value (structure, field, value);
  return TRUE;
}

/* AudioSpecificConfig, ISO 14496-3 section 1.6.2.1. */
static const gchar *
set_aac (GstCaps *caps, GstBuffer *config)
{
  GstMapInfo map;
  FlvAacConfig aac;
  FlvAacVerdict verdict;
  guint rate, n_channels;

  if (!gst_buffer_map (config, &map, GST_MAP_READ))
    return MALFORMED;
  verdict = flv_aac_config_parse (&aac, map.data, map.size);
  rate = gst_codec_utils_aac_get_sample_rate (map.data, map.size);
  n_channels = gst_codec_utils_aac_get_channels (map.data, map.size);
  if (verdict == FLV_AAC_OK)
    gst_codec_utils_aac_caps_set_level_and_profile (caps, map.data, map.size);
  gst_buffer_unmap (config, &map);
  if (verdict == FLV_AAC_UNSUPPORTED)
    return "the server can't decode this kind of AAC";
  if (verdict == FLV_AAC_MALFORMED)
    return MALFORMED;
  gst_caps_set_simple (caps, "rate", G_TYPE_INT, rate != 0 ? rate : aac.rate,
      NULL);
  /* Zero means that the layout is in the stream itself, in a program config
   * element. */
  if (n_channels != 0)
    gst_caps_set_simple (caps, "channels", G_TYPE_INT, n_channels, NULL);
  return set_codec_data (caps, config);
}

/* Reads the start of the sequence header, if it is long enough. */
static gboolean
read_start (GstBuffer *config, guint8 *start, gsize size)
{
  return gst_buffer_extract (config, 0, start, size) == size;
}

/* AV1CodecConfigurationRecord: a marker bit and version 1. */
static const gchar *
set_av1 (GstCaps *caps, GstBuffer *config)
{
  guint8 start[AV1_CONFIG_BYTES];

  if (!read_start (config, start, sizeof start) ||
      start[0] != AV1_CONFIG_VERSION)
    return MALFORMED;
  return set_codec_data (caps, config);
}

/* gst_codec_utils_opus_parse_header() asserts this. */
static gboolean
is_whole_opus (GstBuffer *config)
{
  guint8 start[OPUS_CONFIG_BYTES];
  gsize size = OPUS_CONFIG_BYTES;

  if (!read_start (config, start, sizeof start) ||
      memcmp (start, "OpusHead", 8) != 0 || start[OPUS_CHANNELS_AT] == 0)
    return FALSE;
  if (start[OPUS_FAMILY_AT] != 0)
    size += OPUS_MAPPING_BYTES + start[OPUS_CHANNELS_AT];
  return gst_buffer_get_size (config) >= size;
}

/* RFC 7845 section 5.1: the sequence header is the identification header alone.
 */
static const gchar *
set_opus (GstCaps *caps, GstBuffer *config)
{
  g_autoptr (GstCaps) opus = NULL;
  g_autoptr (GstBuffer) header = NULL;
  g_autoptr (GstBuffer) comments = NULL;

  if (!is_whole_opus (config))
    return MALFORMED;
  /* The function asserts that both buffers are writable. Without a second
   * buffer, it creates one, but then frees neither. */
  header = gst_buffer_copy (config);
  comments = gst_buffer_new ();
  opus = gst_codec_utils_opus_create_caps_from_header (header, comments);
  if (opus == NULL)
    return MALFORMED;
  gst_structure_remove_field (gst_caps_get_structure (opus, 0), "streamheader");
  gst_structure_foreach (gst_caps_get_structure (opus, 0), copy_field,
      gst_caps_get_structure (caps, 0));
  return NULL;
}

/* The stream marker and the metadata block STREAMINFO; ffmpeg 9 sends
 * only the body of that block. */
static gboolean
read_streaminfo (GstBuffer *config, guint8 *info)
{
  guint8 start[FLAC_CONFIG_BYTES];

  if (gst_buffer_get_size (config) == FLAC_STREAMINFO_BYTES)
    return read_start (config, info, FLAC_STREAMINFO_BYTES);
  if (!read_start (config, start, sizeof start) ||
      memcmp (start, "fLaC", 4) != 0 || (start[4] & 0x7f) != FLAC_STREAMINFO)
    return FALSE;
  memcpy (info, start + FLAC_CONFIG_BYTES - FLAC_STREAMINFO_BYTES,
      FLAC_STREAMINFO_BYTES);
  return TRUE;
}

/* Decoders expect the body of STREAMINFO. */
static const gchar *
set_flac (GstCaps *caps, GstBuffer *config)
{
  guint8 info[FLAC_STREAMINFO_BYTES];
  g_autoptr (GstBuffer) codec_data = NULL;

  if (!read_streaminfo (config, info))
    return MALFORMED;
  codec_data = gst_buffer_new_memdup (info, sizeof info);
  return set_codec_data (caps, codec_data);
}

/* G.711 is always 8 kHz, which the tag's rate field cannot express. The frames
 * of VP8 and VP9 contain what their sequence header would. */
static const FlvCodec codecs[] = {
  { FLV_CODEC_AVC, "video/x-h264, stream-format=avc, alignment=au",
      .has_config = TRUE, .is_in_nalus = TRUE, .refine = set_codec_data },
  { FLV_CODEC_HEVC, "video/x-h265, stream-format=hvc1, alignment=au",
      .has_config = TRUE, .is_in_nalus = TRUE, .refine = set_codec_data },
  { FLV_CODEC_AV1, "video/x-av1, stream-format=obu-stream, alignment=tu",
      .has_config = TRUE, .refine = set_av1 },
  { FLV_CODEC_VP8, "video/x-vp8" },
  { FLV_CODEC_VP9, "video/x-vp9, alignment=super-frame" },
  { FLV_CODEC_SORENSON, "video/x-flash-video, flvversion=1" },
  { FLV_CODEC_VP6, "video/x-vp6-flash", .n_skip = VP6_SIZE_BYTES },
  { FLV_CODEC_MPEG4, "video/mpeg, mpegversion=4, systemstream=false" },
  { FLV_CODEC_AAC, "audio/mpeg, mpegversion=4, stream-format=raw, framed=true",
      .has_config = TRUE, .refine = set_aac },
  { FLV_CODEC_OPUS, "audio/x-opus", .has_config = TRUE, .refine = set_opus,
      .is_for_viewers = TRUE },
  { FLV_CODEC_FLAC, "audio/x-flac, framed=true", .has_config = TRUE,
      .refine = set_flac },
  { FLV_CODEC_AC3, "audio/x-ac3, framed=true, alignment=frame" },
  { FLV_CODEC_EAC3, "audio/x-eac3, framed=true, alignment=frame" },
  { FLV_CODEC_MP3, "audio/mpeg, mpegversion=1, layer=3" },
  { FLV_CODEC_ALAW, "audio/x-alaw, rate=8000", .has_channels = TRUE,
      .is_for_viewers = TRUE },
  { FLV_CODEC_MULAW, "audio/x-mulaw, rate=8000", .has_channels = TRUE,
      .is_for_viewers = TRUE },
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

/* Codecs without a row, which therefore have no caps to name them: annexes
 * E.4.2 and E.4.3. */
static const struct
{
  guint32 codec;
  const gchar *name;
} names[] = {
  { FLV_CODEC_CLASSIC_VIDEO + 3, "Screen Video" },
  { FLV_CODEC_CLASSIC_VIDEO + 5, "VP6 with alpha" },
  { FLV_CODEC_CLASSIC_VIDEO + 6, "Screen Video 2" },
  { FLV_CODEC_VVC, "H.266 (VVC)" },
  { FLV_CODEC_CLASSIC_AUDIO + 0, "Linear PCM" },
  { FLV_CODEC_CLASSIC_AUDIO + 1, "ADPCM" },
  { FLV_CODEC_CLASSIC_AUDIO + 3, "Linear PCM" },
  { FLV_CODEC_CLASSIC_AUDIO + 4, "Nellymoser" },
  { FLV_CODEC_CLASSIC_AUDIO + 5, "Nellymoser" },
  { FLV_CODEC_CLASSIC_AUDIO + 6, "Nellymoser" },
  { FLV_CODEC_CLASSIC_AUDIO + 11, "Speex" },
};

static gboolean
is_readable (guint32 four_cc)
{
  for (guint i = 0; i < 4; i++) {
    gchar letter = four_cc >> 8 * i & 0xff;

    if (!g_ascii_isalnum (letter) && letter != '-' && letter != '.')
      return FALSE;
  }
  return TRUE;
}

gchar *
flv_codec_dup_name (guint32 codec)
{
  const FlvCodec *row = flv_codec_find (codec);

  if (row != NULL) {
    g_autoptr (GstCaps) caps = gst_caps_from_string (row->caps);

    return gst_pb_utils_get_codec_description (caps);
  }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (names[i].codec == codec)
      return g_strdup (names[i].name);
  }
  if (is_readable (codec))
    return g_strdup_printf ("%c%c%c%c", (gchar) (codec >> 24),
        (gchar) (codec >> 16), (gchar) (codec >> 8), (gchar) codec);
  return g_strdup_printf ("0x%08x", codec);
}

GstCaps *
flv_codec_caps (const FlvCodec *self, const FlvPacket *packet,
    GstBuffer *config, const gchar **why)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (self->caps);

  if (self->has_channels)
    gst_caps_set_simple (caps, "channels", G_TYPE_INT, packet->n_channels,
        NULL);
  *why = NULL;
  if (self->refine != NULL && config != NULL)
    *why = self->refine (caps, config);
  return *why == NULL ? g_steal_pointer (&caps) : NULL;
}

void
flv_codec_audio_format (const FlvCodec *self, const FlvPacket *packet,
    GstBuffer *config, FlvAudioFormat *format)
{
  guint8 info[FLAC_STREAMINFO_BYTES];
  FlvAacConfig aac;
  GstMapInfo map;

  *format = (FlvAudioFormat){ .n_channels = packet->n_channels };
  if (self->codec == FLV_CODEC_AAC &&
      gst_buffer_map (config, &map, GST_MAP_READ)) {
    if (flv_aac_config_parse (&aac, map.data, map.size) == FLV_AAC_OK)
      *format = (FlvAudioFormat){ aac.rate, aac.n_channels, aac.n_samples };
    gst_buffer_unmap (config, &map);
  } else if (self->codec == FLV_CODEC_FLAC && read_streaminfo (config, info)) {
    format->rate = GST_READ_UINT24_BE (info + FLAC_RATE_AT) >> 4;
  }
}

GstBuffer *
flv_codec_mend_config (const FlvCodec *self, GstBuffer *raw,
    guint *n_length_bytes)
{
  FlvNaluSyntax syntax =
      self->codec == FLV_CODEC_HEVC ? FLV_NALU_HEVC : FLV_NALU_H264;
  g_autoptr (GBytes) record = NULL;
  FlvDecoderConfig config;
  GstMapInfo map;

  if (!gst_buffer_map (raw, &map, GST_MAP_READ))
    return NULL;
  flv_decoder_config_parse (&config, syntax, map.data, map.size);
  gst_buffer_unmap (raw, &map);
  *n_length_bytes = config.n_length_bytes;
  if (config.record == NULL)
    return NULL;
  record = g_byte_array_free_to_bytes (config.record);
  return gst_buffer_new_wrapped_bytes (record);
}
