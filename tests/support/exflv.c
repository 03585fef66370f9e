/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Enhanced FLV: see exflv.h. */

#include "tests/support/exflv.h"

#include "tests/support/flvfile.h"

#include <gst/app/gstappsink.h>

/* The limit for an encoder; there is no other wait. */
#define PATIENCE (30 * GST_SECOND)
#define AUDIO_TAG 8
#define VIDEO_TAG 9
#define SEQUENCE_START 0
#define CODED_FRAMES 1
#define CODED_FRAMES_X 3
#define VIDEO_MULTITRACK 6
#define AUDIO_MULTITRACK 5
#define TAG_HEADER_BYTES 11
#define BACK_POINTER_BYTES 4
#define FOUR_CC_BYTES 4
#define KEY_FRAME 1
#define INTER_FRAME 2
/* Ogg's mapping puts this many bytes before FLAC's own marker. */
#define FLAC_OGG_BYTES 9
/* An OBU's header: its type, and that a size follows. */
#define AV1_SEQUENCE_HEADER 0x0a

static const struct
{
  const gchar *caps;
  gchar four_cc[5];
  guint8 tag;
  guint frames; /* the packet type of frames */
} codecs[] = {
  { "video/x-h265", "hvc1", VIDEO_TAG, CODED_FRAMES_X },
  { "video/x-av1", "av01", VIDEO_TAG, CODED_FRAMES },
  { "video/x-vp8", "vp08", VIDEO_TAG, CODED_FRAMES },
  { "video/x-vp9", "vp09", VIDEO_TAG, CODED_FRAMES },
  { "audio/x-opus", "Opus", AUDIO_TAG, CODED_FRAMES },
  { "audio/x-flac", "fLaC", AUDIO_TAG, CODED_FRAMES },
  { "audio/x-ac3", "ac-3", AUDIO_TAG, CODED_FRAMES },
  { "audio/x-eac3", "ec-3", AUDIO_TAG, CODED_FRAMES },
  { "audio/mpeg, mpegversion=4", "mp4a", AUDIO_TAG, CODED_FRAMES },
};

static guint
find_codec (GstCaps *caps)
{
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++) {
    g_autoptr (GstCaps) wanted = gst_caps_from_string (codecs[i].caps);

    if (gst_caps_is_subset (caps, wanted))
      return i;
  }
  g_error ("no FourCC for %s", gst_caps_to_string (caps));
}

static GstBuffer *
new_tag (guint codec, guint frame_type, guint packet_type, GstBuffer *payload,
    gsize offset, guint32 time_ms)
{
  guint8 first = codecs[codec].tag == VIDEO_TAG
      ? 0x80 | frame_type << 4 | packet_type
      : 0x90 | packet_type;
  g_autoptr (GByteArray) body = g_byte_array_new ();
  GstMapInfo map;

  g_byte_array_append (body, &first, 1);
  g_byte_array_append (body, (const guint8 *) codecs[codec].four_cc, 4);
  g_assert (gst_buffer_map (payload, &map, GST_MAP_READ));
  g_byte_array_append (body, map.data + offset, map.size - offset);
  gst_buffer_unmap (payload, &map);
  return flv_tag_new (codecs[codec].tag, time_ms, body->data, body->len);
}

/* An AV1CodecConfigurationRecord of the first frame's sequence header, which
 * only a temporal delimiter precedes. */
static GstBuffer *
av1_config (GstBuffer *frame)
{
  const guint8 record[] = { 0x81, 0, 0x0c, 0 };
  GstBuffer *config = NULL;
  GstMapInfo map;

  g_assert (gst_buffer_map (frame, &map, GST_MAP_READ));
  for (gsize at = 0; at + 2 < map.size; at += 2 + map.data[at + 1]) {
    if (map.data[at] != AV1_SEQUENCE_HEADER)
      continue;
    config = gst_buffer_new_memdup (record, sizeof record);
    config = gst_buffer_append (config,
        gst_buffer_new_memdup (map.data + at, 2 + map.data[at + 1]));
    break;
  }
  gst_buffer_unmap (frame, &map);
  return config;
}

GstBuffer *
ex_flv_header (GstCaps *caps, GstBuffer *frame, guint32 time_ms)
{
  const GstStructure *s = gst_caps_get_structure (caps, 0);
  const GValue *config = gst_structure_get_value (s, "codec_data");
  guint codec = find_codec (caps);
  g_autoptr (GstBuffer) header = NULL;
  gsize offset = 0;

  if (config != NULL)
    header = gst_buffer_ref (gst_value_get_buffer (config));
  else if ((config = gst_structure_get_value (s, "streamheader")) != NULL)
    header = gst_buffer_ref (
        gst_value_get_buffer (gst_value_array_get_value (config, 0)));
  if (g_str_equal (codecs[codec].four_cc, "av01"))
    header = av1_config (frame);
  if (header == NULL)
    return NULL;
  if (g_str_equal (codecs[codec].four_cc, "fLaC"))
    offset = FLAC_OGG_BYTES;
  return new_tag (codec, KEY_FRAME, SEQUENCE_START, header, offset, time_ms);
}

GstBuffer *
ex_flv_frame (GstCaps *caps, GstBuffer *frame, guint32 time_ms)
{
  guint codec = find_codec (caps);
  gboolean is_delta =
      GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT);

  return new_tag (codec, is_delta ? INTER_FRAME : KEY_FRAME,
      codecs[codec].frames, frame, 0, time_ms);
}

GstBuffer *
ex_flv_on_track (GstBuffer *tag, guint id)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  guint8 track = id;
  GstBuffer *multitrack;
  GstMapInfo map;
  const guint8 *data;
  gsize size;
  guint8 start[2];

  gst_buffer_map (tag, &map, GST_MAP_READ);
  data = map.data + TAG_HEADER_BYTES;
  size = map.size - TAG_HEADER_BYTES - BACK_POINTER_BYTES;
  start[0] = (data[0] & 0xf0) |
      (map.data[0] == VIDEO_TAG ? VIDEO_MULTITRACK : AUDIO_MULTITRACK);
  /* OneTrack, and the packet's type. */
  start[1] = data[0] & 0x0f;
  g_byte_array_append (body, start, sizeof start);
  g_byte_array_append (body, data + 1, FOUR_CC_BYTES);
  g_byte_array_append (body, &track, 1);
  g_byte_array_append (body, data + 1 + FOUR_CC_BYTES,
      size - 1 - FOUR_CC_BYTES);
  multitrack = flv_tag_new (map.data[0],
      map.data[4] << 16 | map.data[5] << 8 | map.data[6] |
          (guint32) map.data[7] << 24,
      body->data, body->len);
  gst_buffer_unmap (tag, &map);
  gst_buffer_unref (tag);
  return multitrack;
}

GPtrArray *
ex_flv_encode (const gchar *encoder)
{
  GPtrArray *samples =
      g_ptr_array_new_with_free_func ((GDestroyNotify) gst_sample_unref);
  g_autofree gchar *line =
      g_strdup_printf ("%s ! appsink name=out sync=false", encoder);
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (line, &error);
  g_autoptr (GstElement) out = NULL;
  GstSample *sample;

  g_assert_no_error (error);
  out = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  while ((sample = gst_app_sink_try_pull_sample (GST_APP_SINK (out),
              PATIENCE)) != NULL)
    g_ptr_array_add (samples, sample);
  g_assert_true (gst_app_sink_is_eos (GST_APP_SINK (out)));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return samples;
}
