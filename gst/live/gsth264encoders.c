/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The encoders of H.264: see gsth264encoders.h. */

#include "gst/live/gsth264encoders.h"

#include "gst/live/encodereffort.h"

#include <string.h>

/* Every browser supports the constrained baseline profile. Some encoders call
 * it baseline, and make use of none of what the two differ in. */
#define OUTPUT                                                                 \
  "video/x-h264,profile=(string){ constrained-baseline, baseline },"           \
  "stream-format=byte-stream,alignment=au"
#define SOFTWARE_OUTPUT                                                        \
  "video/x-h264,profile=constrained-baseline,"                                 \
  "stream-format=byte-stream,alignment=au"

typedef struct
{
  const gchar *element;
  const gchar *pattern;  /* nullable: names of the same for other devices */
  const gchar *format;   /* of raw video */
  const gchar *output;   /* caps; NULL: OUTPUT */
  const gchar *settings; /* property=value, separated by blanks */
  const gchar *threads;  /* nullable: the property */
  const gchar *slices;   /* nullable: likewise, one for each thread */
  const gchar *effort;   /* nullable: the property, and its values */
  const gchar *efforts[ENCODER_N_EFFORTS];
  gboolean needs_device;
} Row;

/* Among equal ranks, the first is preferred: hardware before software. Those
 * whose rate control knows no constant quality get 3 Mbit/s on average. */
static const Row rows[] = {
  /* Of VA-API, in gst-plugins-bad. The driver decides which of its rate
   * controls there are. */
  { .element = "vah264enc",
      .pattern = "varender*h264enc",
      .format = "NV12",
      .settings = "rate-control=cbr bitrate=3000 key-int-max=48 b-frames=0 "
                  "ref-frames=1 cabac=false dct8x8=false aud=false "
                  "target-usage=6",
      .needs_device = TRUE },
  { .element = "vah264lpenc",
      .pattern = "varender*h264lpenc",
      .format = "NV12",
      .settings = "rate-control=cbr bitrate=3000 key-int-max=48 b-frames=0 "
                  "ref-frames=1 cabac=false dct8x8=false aud=false "
                  "target-usage=6",
      .needs_device = TRUE },
  { .element = "nvh264enc",
      .pattern = "nvh264device*enc",
      .format = "NV12",
      .settings = "preset=low-latency-hq tune=ultra-low-latency "
                  "zerolatency=true rc-mode=vbr bitrate=3000 max-bitrate=6000 "
                  "gop-size=48 bframes=0 b-frames=0 rc-lookahead=0 aud=false",
      .needs_device = TRUE },
  { .element = "nvcudah264enc",
      .format = "NV12",
      .settings = "tune=ultra-low-latency rate-control=vbr bitrate=3000 "
                  "max-bitrate=6000 gop-size=48 b-frames=0 rc-lookahead=0 "
                  "cabac=false aud=false",
      .needs_device = TRUE },
  { .element = "qsvh264enc",
      .pattern = "qsvh264device*enc",
      .format = "NV12",
      .settings = "low-latency=true rate-control=vbr bitrate=3000 "
                  "max-bitrate=6000 gop-size=48 b-frames=0 cabac=off",
      .needs_device = TRUE },
  { .element = "msdkh264enc",
      .format = "NV12",
      .settings = "async-depth=1 rate-control=vbr bitrate=3000 "
                  "max-vbv-bitrate=6000 gop-size=48 b-frames=0 "
                  "low-power=false",
      .needs_device = TRUE },
  /* Without a level, drivers announce one that is too low for the picture. */
  { .element = "v4l2h264enc",
      .pattern = "v4l2video*h264enc",
      .format = "(string){ NV12, I420 }",
      .output = "video/x-h264,level=(string)4,"
                "profile=(string){ constrained-baseline, baseline },"
                "stream-format=byte-stream,alignment=au",
      .settings = "extra-controls=controls,video_bitrate=3000000,"
                  "video_bitrate_mode=0,video_gop_size=48,"
                  "h264_i_frame_period=48,video_b_frames=0,"
                  "repeat_sequence_header=1",
      .needs_device = TRUE },
  /* The older elements of VA-API. */
  { .element = "vaapih264enc",
      .format = "NV12",
      .settings = "rate-control=cbr bitrate=3000 keyframe-period=48 "
                  "max-bframes=0 refs=1 cabac=false dct8x8=false "
                  "quality-level=6",
      .needs_device = TRUE },
  /* Of software, x264 produces the better picture at the same bit rate. Quality
   * is constant (CRF 23) up to 6 Mbit/s. A key frame every 48 frames is one per
   * 1 to 2 s at 24 to 50 frames per second. */
  { .element = "x264enc",
      .format = "I420",
      .output = SOFTWARE_OUTPUT,
      .settings = "tune=zerolatency pass=qual quantizer=23 bitrate=6000 "
                  "vbv-buf-capacity=300 key-int-max=48 aud=false",
      .threads = "threads",
      .effort = "speed-preset",
      .efforts = { "ultrafast", "superfast", "veryfast" } },
  /* OpenH264's threads each take a slice. */
  { .element = "openh264enc",
      .format = "I420",
      .output = SOFTWARE_OUTPUT,
      .settings = "rate-control=quality bitrate=3000000 max-bitrate=6000000 "
                  "gop-size=48 slice-mode=n-slices",
      .threads = "multi-thread",
      .slices = "num-slices",
      .effort = "complexity",
      .efforts = { "low", "low", "medium" } },
};

const gchar *
gst_h264_encoders_at (guint index)
{
  return index < G_N_ELEMENTS (rows) ? rows[index].element : NULL;
}

static gboolean
is_of_row (const Row *row, const gchar *element)
{
  return strcmp (row->element, element) == 0 ||
      (row->pattern != NULL && g_pattern_match_simple (row->pattern, element));
}

gint
gst_h264_encoders_find (const gchar *element)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    if (is_of_row (&rows[i], element))
      return i;
  }
  return -1;
}

gboolean
gst_h264_encoders_needs_device (const gchar *element)
{
  gint row = gst_h264_encoders_find (element);

  return row < 0 || rows[row].needs_device;
}

gboolean
gst_h264_encoders_fits (GstElementFactory *factory)
{
  g_autoptr (GstCaps) output = gst_caps_new_empty_simple ("video/x-h264");

  return gst_element_factory_list_is_type (factory,
             GST_ELEMENT_FACTORY_TYPE_VIDEO_ENCODER) &&
      gst_element_factory_can_src_any_caps (factory, output);
}

gchar *
gst_h264_encoders_dup_chain (const gchar *element)
{
  gint row = gst_h264_encoders_find (element);
  const gchar *format = row < 0 ? "(string){ I420, NV12 }" : rows[row].format;
  const gchar *output =
      row < 0 || rows[row].output == NULL ? OUTPUT : rows[row].output;

  return g_strdup_printf ("capsfilter caps=\"video/x-raw,format=%s\" ! "
                          "%s name=" GST_H264_ENCODERS_NAME " ! "
                          "capsfilter caps=\"%s\"",
      format, element, output);
}

/* A value that the property does not know is left out, too: enums of drivers
 * have the values that the device can do. */
static void
set (GstElement *encoder, const gchar *property, const gchar *text)
{
  GParamSpec *spec =
      g_object_class_find_property (G_OBJECT_GET_CLASS (encoder), property);
  g_auto (GValue) value = G_VALUE_INIT;

  if (spec == NULL || !(spec->flags & G_PARAM_WRITABLE))
    return;
  g_value_init (&value, spec->value_type);
  if (gst_value_deserialize_with_pspec (&value, text, spec))
    g_object_set_property (G_OBJECT (encoder), property, &value);
  else
    GST_DEBUG_OBJECT (encoder, "%s can't be %s", property, text);
}

static void
set_effort (const Row *row, GstElement *encoder, guint n_cores)
{
  EncoderEffort effort = encoder_effort (n_cores);
  g_autofree gchar *threads = g_strdup_printf ("%u", effort.encoder_threads);

  if (row->threads != NULL)
    set (encoder, row->threads, threads);
  if (row->slices != NULL)
    set (encoder, row->slices, threads);
  if (row->effort != NULL)
    set (encoder, row->effort, row->efforts[effort.level]);
}

void
gst_h264_encoders_set_up (GstElement *encoder, guint n_cores)
{
  GstElementFactory *factory = gst_element_get_factory (encoder);
  gint row = gst_h264_encoders_find (GST_OBJECT_NAME (factory));
  g_auto (GStrv) settings = NULL;

  if (row < 0)
    return;
  settings = g_strsplit (rows[row].settings, " ", -1);
  for (guint i = 0; settings[i] != NULL; i++) {
    gchar *value = strchr (settings[i], '=');

    *value++ = '\0';
    set (encoder, settings[i], value);
  }
  set_effort (&rows[row], encoder, n_cores);
}
