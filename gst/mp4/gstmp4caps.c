/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GStreamer's caps as tracks of MP4: see gstmp4caps.h. */

#include "gst/mp4/gstmp4caps.h"

#include "gst/mp4/ac3.h"
#include "gst/mp4/box.h"

#include <gst/pbutils/pbutils.h>

#define NO_HEADER "its caps lack the codec's configuration"
#define MALFORMED_HEADER "the codec's configuration is malformed"
#define STREAMINFO_BYTES 34
/* In VPCodecConfigurationRecord: what is not known. */
#define VP9_LEVEL 31
#define COLOUR_UNSPECIFIED 2
#define CHROMA_420_COLOCATED 1
#define DEFAULT_FRAME_RATE 30
#define AUDIO_FRAME_SAMPLES 1024
#define OPUS_RATE 48000

/* The configuration is the caps' codec_data as it is. */
static const gchar *
take_codec_data (const GstCaps *caps, GstBuffer *frame, Mp4Track *track,
    GByteArray *config)
{
  const GValue *value =
      gst_structure_get_value (gst_caps_get_structure (caps, 0), "codec_data");
  GstBuffer *data = value != NULL ? gst_value_get_buffer (value) : NULL;
  gsize size = data != NULL ? gst_buffer_get_size (data) : 0;

  if (size == 0)
    return NO_HEADER;
  if (size > MP4_MAX_CONFIG_BYTES)
    return MALFORMED_HEADER;
  g_byte_array_set_size (config, size);
  gst_buffer_extract (data, 0, config->data, size);
  return NULL;
}

static const gchar *
take_streaminfo (const GstCaps *caps, GstBuffer *frame, Mp4Track *track,
    GByteArray *config)
{
  const gchar *fault = take_codec_data (caps, frame, track, config);

  if (fault != NULL)
    return fault;
  return config->len == STREAMINFO_BYTES ? NULL : MALFORMED_HEADER;
}

static const gchar *
take_nothing (const GstCaps *caps, GstBuffer *frame, Mp4Track *track,
    GByteArray *config)
{
  return NULL;
}

/* Encapsulation of Opus in ISO Base Media File Format, section 4.3.2. */
static const gchar *
take_opus (const GstCaps *caps, GstBuffer *frame, Mp4Track *track,
    GByteArray *config)
{
  guint32 rate;
  guint8 n_channels, family, n_streams, n_coupled, mapping[256];

  if (!gst_codec_utils_opus_parse_caps ((GstCaps *) caps, &rate, &n_channels,
          &family, &n_streams, &n_coupled, mapping) ||
      n_channels == 0)
    return MALFORMED_HEADER;
  track->rate = OPUS_RATE;
  track->n_channels = n_channels;
  mp4_put_u8 (config, 0);
  mp4_put_u8 (config, n_channels);
  mp4_put_u16 (config, 0); /* live: there is nothing to skip */
  mp4_put_u32 (config, rate);
  mp4_put_u16 (config, 0);
  mp4_put_u8 (config, family);
  if (family == 0)
    return NULL;
  mp4_put_u8 (config, n_streams);
  mp4_put_u8 (config, n_coupled);
  mp4_put_bytes (config, mapping, n_channels);
  return NULL;
}

/* VP Codec ISO Media File Format Binding, section "VP Codec Configuration
 * Record". */
static const gchar *
take_vp9 (const GstCaps *caps, GstBuffer *frame, Mp4Track *track,
    GByteArray *config)
{
  const GstStructure *s = gst_caps_get_structure (caps, 0);
  const gchar *profile = gst_structure_get_string (s, "profile");
  guint depth = 8;

  gst_structure_get_uint (s, "bit-depth-luma", &depth);
  mp4_put_u8 (config, profile != NULL ? profile[0] - '0' : 0);
  mp4_put_u8 (config, VP9_LEVEL);
  mp4_put_u8 (config, depth << 4 | CHROMA_420_COLOCATED << 1);
  for (guint i = 0; i < 3; i++)
    mp4_put_u8 (config, COLOUR_UNSPECIFIED);
  mp4_put_u16 (config, 0);
  return NULL;
}

static const gchar *
take_ac3 (const GstCaps *caps, GstBuffer *frame, Mp4Track *track,
    GByteArray *config)
{
  GstMapInfo map;
  gboolean is_ok;

  if (frame == NULL || !gst_buffer_map (frame, &map, GST_MAP_READ))
    return NO_HEADER;
  g_byte_array_set_size (config, MP4_AC3_CONFIG_BYTES);
  is_ok = mp4_ac3_config (map.data, map.size, config->data);
  gst_buffer_unmap (frame, &map);
  return is_ok ? NULL : MALFORMED_HEADER;
}

typedef const gchar *(*TakeFunc) (const GstCaps *caps, GstBuffer *frame,
    Mp4Track *track, GByteArray *config);

static const struct
{
  const gchar *caps;
  Mp4Codec codec;
  TakeFunc take;
  const gchar *codec_string; /* nullable: GStreamer has a better one */
} rows[] = {
  { "video/x-h264", MP4_AVC, take_codec_data },
  { "video/x-h265", MP4_HEVC, take_codec_data },
  { "video/x-av1", MP4_AV1, take_codec_data, "av01.0.08M.08" },
  { "video/x-vp9", MP4_VP9, take_vp9, "vp09.00.31.08" },
  { "audio/mpeg, mpegversion=(int)4", MP4_AAC, take_codec_data },
  { "audio/mpeg, mpegversion=(int)1", MP4_MP3, take_nothing, "mp4a.6B" },
  { "audio/x-opus", MP4_OPUS, take_opus, "opus" },
  { "audio/x-flac", MP4_FLAC, take_streaminfo, "flac" },
  { "audio/x-ac3", MP4_AC3, take_ac3, "ac-3" },
};

static gint
find_row (const GstCaps *caps)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GstCaps) wanted = gst_caps_from_string (rows[i].caps);

    if (gst_caps_is_subset (caps, wanted))
      return i;
  }
  return -1;
}

const gchar *
gst_mp4_track_from_caps (const GstCaps *caps, GstBuffer *frame, Mp4Track *track,
    GByteArray *config)
{
  const GstStructure *s = gst_caps_get_structure (caps, 0);
  gint row = find_row (caps);
  gint width = 0, height = 0, rate = 0, n_channels = 0;
  const gchar *fault;

  if (row < 0)
    return "MP4 has no such codec";
  gst_structure_get_int (s, "width", &width);
  gst_structure_get_int (s, "height", &height);
  gst_structure_get_int (s, "rate", &rate);
  gst_structure_get_int (s, "channels", &n_channels);
  *track = (Mp4Track){
    .codec = rows[row].codec,
    .width = CLAMP (width, 0, G_MAXUINT16),
    .height = CLAMP (height, 0, G_MAXUINT16),
    .rate = MAX (rate, 0),
    .n_channels = CLAMP (n_channels, 0, G_MAXUINT8),
  };
  g_byte_array_set_size (config, 0);
  fault = rows[row].take (caps, frame, track, config);
  if (fault == NULL && !mp4_track_is_video (track) && track->rate == 0)
    fault = "its sample rate is not known";
  track->config = config->data;
  track->config_size = config->len;
  return fault;
}

gchar *
gst_mp4_codec_string (GstCaps *caps)
{
  gchar *string = gst_codec_utils_caps_get_mime_codec (caps);
  gint row = find_row (caps);

  if (string == NULL && row >= 0)
    string = g_strdup (rows[row].codec_string);
  return string;
}

GstClockTime
gst_mp4_nominal_duration (const GstCaps *caps)
{
  const GstStructure *s = gst_caps_get_structure (caps, 0);
  gint numerator, denominator, rate;

  if (gst_structure_get_fraction (s, "framerate", &numerator, &denominator) &&
      numerator > 0 && denominator > 0)
    return gst_util_uint64_scale_int (GST_SECOND, denominator, numerator);
  if (gst_structure_get_int (s, "rate", &rate) && rate > 0)
    return gst_util_uint64_scale_int (GST_SECOND, AUDIO_FRAME_SAMPLES, rate);
  return GST_SECOND / DEFAULT_FRAME_RATE;
}

void
gst_mp4_set_header (GstCaps *caps, const gchar *codecs, GstBuffer *init)
{
  GValue headers = G_VALUE_INIT, header = G_VALUE_INIT;

  g_value_init (&headers, GST_TYPE_ARRAY);
  g_value_init (&header, GST_TYPE_BUFFER);
  gst_value_set_buffer (&header, init);
  gst_value_array_append_and_take_value (&headers, &header);
  gst_caps_set_simple (caps, "codecs", G_TYPE_STRING, codecs, NULL);
  gst_caps_set_value (caps, "streamheader", &headers);
  g_value_unset (&headers);
}
