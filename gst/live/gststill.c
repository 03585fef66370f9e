/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stills of coded video: see gststill.h. */

#include "gst/live/gststill.h"

#include "gst/live/gstalternatives.h"
#include "gst/live/stillsize.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_webrtc_sink_debug);
#define GST_CAT_DEFAULT gst_rtmp_webrtc_sink_debug

#define TO_JPEG                                                                \
  "videoconvertscale add-borders=false ! capsfilter name=size ! "              \
  "{to-jpeg}"
/* JFIF has all 256 values, and the matrix of BT.601. The converter (1.22) maps
 * the values of video to all 256 only along with the matrix, and that of many
 * videos is BT.601's already; FCC's is the same to within two of 256 values. */
#define JFIF_COLORS "1:2:0:0"
#define RAW " ! capsfilter caps=video/x-raw"
/* For a decoder in a process of its own, which hangs if it takes longer. */
#define PATIENCE_US (10 * G_USEC_PER_SEC)

/* The first row that matches is used. The frames are those of
 * rtmplivedemux. */
static const struct
{
  const gchar *caps;
  const gchar *decoder;
  PictureCodec codec;
} rows[] = {
  { "video/x-h264, chroma-format=(string){ \"4:0:0\", \"4:2:2\", \"4:4:4\" }",
      "{h264-any}" RAW, PICTURE_H264 },
  { "video/x-h264, bit-depth-luma=(uint){ 9, 10, 12, 14 }", "{h264-any}" RAW,
      PICTURE_H264 },
  { "video/x-h264", "{h264}" RAW, PICTURE_H264 },
  { "video/x-h265", "{h265}" RAW, PICTURE_H265 },
  { "video/x-av1", "{av1}" RAW, PICTURE_AV1 },
  { "video/x-vp8", "{vp8}" RAW, PICTURE_VP8 },
  { "video/x-vp9", "{vp9}" RAW, PICTURE_VP9 },
  { "video/mpeg, mpegversion=(int)4", "{mpeg4}" RAW, PICTURE_MPEG4 },
  { "video/x-flash-video", "{sorenson}" RAW, PICTURE_SORENSON },
  { "video/x-vp6-flash", "{vp6}" RAW, PICTURE_VP6 },
};

const gchar *
gst_still_chain_at (guint index)
{
  if (index < G_N_ELEMENTS (rows))
    return rows[index].decoder;
  return index == G_N_ELEMENTS (rows) ? TO_JPEG : NULL;
}

/* One thread is enough for one picture, and leaves the other cores to the
 * streams. */
static void
limit_threads (const GValue *item, gpointer unused)
{
  static const gchar *const names[] = { "max-threads", "threads", "n-threads" };
  GObject *element = g_value_get_object (item);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), names[i]))
      gst_util_set_object_arg (element, names[i], "1");
  }
}

/* Returns: (nullable) (transfer full) */
static GstElement *
build (const gchar *description, GError **error)
{
  static const GstCodecChoice choice = { .isolates = TRUE,
    .in_software = TRUE };
  g_autofree gchar *chain =
      gst_alternatives_fill_in (description, &choice, NULL);
  GstIterator *elements;
  GstElement *bin = NULL;

  if (chain != NULL)
    bin = gst_parse_bin_from_description_full (chain, TRUE, NULL,
        GST_PARSE_FLAG_FATAL_ERRORS | GST_PARSE_FLAG_PLACE_IN_BIN, NULL);
  if (bin == NULL) {
    g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND,
        "The server has no element for %s.", description);
    return NULL;
  }
  elements = gst_bin_iterate_recurse (GST_BIN (bin));
  gst_iterator_foreach (elements, limit_threads, NULL);
  gst_iterator_free (elements);
  return gst_object_ref_sink (bin);
}

/* What comes out; a decoder in a process of its own has a thread of its own. */
typedef struct
{
  GMutex lock; /* guards the others */
  GCond ended;
  gboolean is_ended;
  GstSample *first; /* nullable */
} Output;

/* Keeps the first buffer. */
static GstFlowReturn
take_buffer (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  Output *output = gst_pad_get_element_private (pad);
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  g_mutex_lock (&output->lock);
  if (output->first == NULL && caps != NULL)
    output->first = gst_sample_new (buffer, caps, NULL, NULL);
  g_mutex_unlock (&output->lock);
  gst_buffer_unref (buffer);
  return GST_FLOW_OK;
}

static gboolean
take_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  Output *output = gst_pad_get_element_private (pad);

  g_mutex_lock (&output->lock);
  output->is_ended |= GST_EVENT_TYPE (event) == GST_EVENT_EOS;
  g_cond_signal (&output->ended);
  g_mutex_unlock (&output->lock);
  gst_event_unref (event);
  return TRUE;
}

static void
wait_for_end (Output *output)
{
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;
  gboolean is_late = FALSE;

  g_mutex_lock (&output->lock);
  while (!output->is_ended && !is_late)
    is_late = !g_cond_wait_until (&output->ended, &output->lock, deadline_us);
  g_mutex_unlock (&output->lock);
}

static void
push (GstPad *src, GstSample *sample)
{
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (src, gst_event_new_stream_start ("still"));
  gst_pad_push_event (src, gst_event_new_caps (gst_sample_get_caps (sample)));
  gst_pad_push_event (src, gst_event_new_segment (&segment));
  gst_pad_push (src, gst_buffer_ref (gst_sample_get_buffer (sample)));
  gst_pad_push_event (src, gst_event_new_eos ());
}

/* Returns: (nullable) (transfer full): the first buffer that comes out when
 * @sample alone goes in. No element has a queue, so that all of it happens
 * within this call, or in the process of the decoder. */
static GstSample *
run (GstElement *bin, GstSample *sample)
{
  g_autoptr (GstPad) first = gst_element_get_static_pad (bin, "sink");
  g_autoptr (GstPad) last = gst_element_get_static_pad (bin, "src");
  GstPad *src = gst_object_ref_sink (gst_pad_new (NULL, GST_PAD_SRC));
  GstPad *sink = gst_object_ref_sink (gst_pad_new (NULL, GST_PAD_SINK));
  Output output = { 0 };

  gst_pad_set_element_private (sink, &output);
  gst_pad_set_chain_function (sink, take_buffer);
  gst_pad_set_event_function (sink, take_event);
  gst_pad_set_active (sink, TRUE);
  gst_pad_set_active (src, TRUE);
  if (gst_pad_link (src, first) == GST_PAD_LINK_OK &&
      gst_pad_link (last, sink) == GST_PAD_LINK_OK &&
      gst_element_set_state (bin, GST_STATE_PLAYING) !=
          GST_STATE_CHANGE_FAILURE) {
    push (src, sample);
    wait_for_end (&output);
  }
  gst_element_set_state (bin, GST_STATE_NULL);
  gst_pad_set_active (src, FALSE);
  gst_pad_set_active (sink, FALSE);
  gst_object_unref (src);
  gst_object_unref (sink);
  g_cond_clear (&output.ended);
  g_mutex_clear (&output.lock);
  return output.first;
}

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

static gboolean
check_area (const PictureSize *size, guint64 max_area, GError **error)
{
  if (picture_size_area (size) <= max_area)
    return TRUE;
  g_set_error (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
      "The stream's pictures of %u x %u are larger than the server decodes.",
      size->width, size->height);
  return FALSE;
}

/* Before a decoder allocates the picture. */
static gboolean
check_size (GstBuffer *frame, PictureCodec codec, guint64 max_area,
    GError **error)
{
  PictureSize size = { 0 };
  GstMapInfo map;

  if (gst_buffer_map (frame, &map, GST_MAP_READ)) {
    picture_size_read (&size, codec, map.data, map.size);
    gst_buffer_unmap (frame, &map);
  }
  if (picture_size_area (&size) > 0)
    return check_area (&size, max_area, error);
  g_set_error_literal (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
      "The stream's newest key frame cannot be decoded alone.");
  return FALSE;
}

static PictureSize
size_of (GstSample *picture, gint *par_n, gint *par_d)
{
  const GstStructure *s =
      gst_caps_get_structure (gst_sample_get_caps (picture), 0);
  PictureSize size = { 0 };

  *par_n = *par_d = 1;
  gst_structure_get_int (s, "width", (gint *) &size.width);
  gst_structure_get_int (s, "height", (gint *) &size.height);
  gst_structure_get_fraction (s, "pixel-aspect-ratio", par_n, par_d);
  return size;
}

GstSample *
gst_still_decode (GstSample *key_frame, guint64 max_area, GError **error)
{
  gint row = find_row (gst_sample_get_caps (key_frame));
  g_autoptr (GstElement) decoder = NULL;
  g_autoptr (GstSample) picture = NULL;
  PictureSize size;
  gint par_n, par_d;

  if (row < 0) {
    g_set_error_literal (error, GST_STREAM_ERROR,
        GST_STREAM_ERROR_CODEC_NOT_FOUND,
        "The server cannot decode the stream's video.");
    return NULL;
  }
  if (!check_size (gst_sample_get_buffer (key_frame), rows[row].codec, max_area,
          error))
    return NULL;
  decoder = build (rows[row].decoder, error);
  if (decoder == NULL)
    return NULL;
  picture = run (decoder, key_frame);
  if (picture == NULL) {
    g_set_error_literal (error, GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE,
        "The stream's newest key frame could not be decoded.");
    return NULL;
  }
  size = size_of (picture, &par_n, &par_d);
  return check_area (&size, max_area, error) ? g_steal_pointer (&picture)
                                             : NULL;
}

static void
set_size (GstElement *bin, GstSample *picture, guint width_index)
{
  g_autoptr (GstElement) filter = gst_bin_get_by_name (GST_BIN (bin), "size");
  g_autoptr (GstCaps) caps = NULL;
  PictureSize whole, still;
  gint par_n, par_d;

  whole = size_of (picture, &par_n, &par_d);
  still = still_size (&whole, par_n, par_d, width_index);
  caps = gst_caps_new_simple ("video/x-raw", "width", G_TYPE_INT, still.width,
      "height", G_TYPE_INT, still.height, "pixel-aspect-ratio",
      GST_TYPE_FRACTION, 1, 1, "colorimetry", G_TYPE_STRING, JFIF_COLORS, NULL);
  g_object_set (filter, "caps", caps, NULL);
}

static GBytes *
bytes_of (GstBuffer *buffer)
{
  gsize size = gst_buffer_get_size (buffer);
  guint8 *bytes = g_malloc (size);

  gst_buffer_extract (buffer, 0, bytes, size);
  return g_bytes_new_take (bytes, size);
}

GBytes *
gst_still_to_jpeg (GstSample *picture, guint width_index, GError **error)
{
  g_autoptr (GstElement) bin = build (TO_JPEG, error);
  g_autoptr (GstSample) jpeg = NULL;

  if (bin == NULL)
    return NULL;
  set_size (bin, picture, width_index);
  jpeg = run (bin, picture);
  if (jpeg != NULL)
    return bytes_of (gst_sample_get_buffer (jpeg));
  g_set_error_literal (error, GST_STREAM_ERROR, GST_STREAM_ERROR_ENCODE,
      "The stream's newest key frame could not be converted.");
  return NULL;
}
