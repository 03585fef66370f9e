/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fmp4livemux: each frame leaves at once, and stock demuxers read what came
 * in. */

#include "tests/support/boxes.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#define FRAME_NS (GST_SECOND / 25)
#define N_FRAMES 50
#define H264                                                                   \
  "video/x-h264, stream-format=avc, alignment=au, width=1280, height=720, "    \
  "framerate=25/1, codec_data=(buffer)0164001fffe100046764001f010004"          \
  "68ebe3cb"
#define AAC                                                                    \
  "audio/mpeg, mpegversion=4, stream-format=raw, framed=true, rate=48000, "    \
  "channels=2, codec_data=(buffer)1190"

static GstBuffer *
frame_new (GstClockTime dts, GstClockTimeDiff composition_ns, gboolean is_key)
{
  GstBuffer *frame = gst_buffer_new_allocate (NULL, 100, NULL);

  gst_buffer_memset (frame, 0, 0x55, 100);
  GST_BUFFER_DTS (frame) = dts;
  GST_BUFFER_PTS (frame) = dts + composition_ns;
  if (!is_key)
    GST_BUFFER_FLAG_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT);
  return frame;
}

static GstHarness *
open_mux (const gchar *pad, const gchar *caps)
{
  GstHarness *harness =
      gst_harness_new_with_padnames ("fmp4livemux", pad, "src");

  gst_harness_set_src_caps_str (harness, caps);
  return harness;
}

/* Half a second of frames: the muxer then gives up to wait for sound. */
static void
begin (GstHarness *harness)
{
  for (guint i = 0; i <= 13; i++)
    gst_harness_push (harness, frame_new (i * FRAME_NS, 0, i == 0));
}

/* Returns: the value of @box's field. */
static guint64
field (GstBuffer *buffer, const gchar *box, gsize at, guint bytes)
{
  GstMapInfo map;
  const guint8 *body;
  guint64 value;
  gsize size;

  gst_buffer_map (buffer, &map, GST_MAP_READ);
  ck_assert (boxes_are_whole (map.data, map.size));
  body = boxes_find (map.data, map.size, box, &size);
  ck_assert (body != NULL && at + bytes <= size);
  value = boxes_number (body + at, bytes);
  gst_buffer_unmap (buffer, &map);
  return value;
}

static guint64
decode_time (GstBuffer *fragment)
{
  return field (fragment, "moof/traf/tfdt", 4, 8);
}

static gint32
composition_offset (GstBuffer *fragment)
{
  return field (fragment, "moof/traf/trun", 24, 4);
}

static void
expect_init (GstHarness *harness)
{
  g_autoptr (GstBuffer) buffer = gst_harness_pull (harness);

  ck_assert (GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_HEADER));
  ck_assert_uint_ne (field (buffer, "moov/mvhd", 12, 4), 0);
}

GST_START_TEST (each_frame_leaves_in_the_call_that_brought_it)
{
  GstHarness *harness = open_mux ("video_%u", H264);

  begin (harness);
  expect_init (harness);
  for (guint i = 0; i <= 13; i++) {
    g_autoptr (GstBuffer) fragment = gst_harness_pull (harness);

    ck_assert_uint_eq (decode_time (fragment), i * 3600);
    ck_assert_int_eq (GST_BUFFER_FLAG_IS_SET (fragment,
                          GST_BUFFER_FLAG_DELTA_UNIT),
        i != 0);
  }
  for (guint i = 14; i < N_FRAMES; i++) {
    g_autoptr (GstBuffer) fragment = NULL;

    gst_harness_push (harness, frame_new (i * FRAME_NS, 0, i % 25 == 0));
    ck_assert_uint_eq (gst_harness_buffers_in_queue (harness), 1);
    fragment = gst_harness_pull (harness);
    ck_assert_uint_eq (decode_time (fragment), i * 3600);
    ck_assert_uint_eq (field (fragment, "moof/traf/trun", 12, 4), 3600);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (b_frames_keep_their_order_and_their_times)
{
  static const guint shown_later[] = { 1, 2, 1, 0 };
  GstHarness *harness = open_mux ("video_%u", H264);

  for (guint i = 0; i < N_FRAMES; i++)
    gst_harness_push (harness,
        frame_new (i * FRAME_NS, shown_later[i % 4] * FRAME_NS, i == 0));
  expect_init (harness);
  for (guint i = 0; i < N_FRAMES; i++) {
    g_autoptr (GstBuffer) fragment = gst_harness_pull (harness);

    ck_assert_uint_eq (decode_time (fragment), i * 3600);
    ck_assert_int_eq (composition_offset (fragment), 3600 * shown_later[i % 4]);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (frames_before_the_first_key_frame_are_dropped)
{
  GstHarness *harness = open_mux ("video_%u", H264);
  g_autoptr (GstBuffer) fragment = NULL;

  for (guint i = 0; i < N_FRAMES; i++)
    gst_harness_push (harness, frame_new (i * FRAME_NS, 0, i == 20));
  expect_init (harness);
  fragment = gst_harness_pull (harness);
  ck_assert_uint_eq (decode_time (fragment), 20 * 3600);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (new_parameters_make_a_new_initialization_segment)
{
  GstHarness *harness = open_mux ("video_%u", H264);

  begin (harness);
  while (gst_harness_buffers_in_queue (harness) > 0)
    gst_buffer_unref (gst_harness_pull (harness));
  gst_harness_set_src_caps_str (harness,
      "video/x-h264, stream-format=avc, alignment=au, width=640, height=360, "
      "framerate=25/1, codec_data=(buffer)0142c01effe1000467"
      "42c01e01000468ce3c80");
  gst_harness_push (harness, frame_new (14 * FRAME_NS, 0, FALSE));
  ck_assert_uint_eq (gst_harness_buffers_in_queue (harness), 0);
  gst_harness_push (harness, frame_new (15 * FRAME_NS, 0, TRUE));
  expect_init (harness);
  ck_assert_uint_eq (gst_harness_buffers_in_queue (harness), 1);
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (a_malformed_configuration_costs_its_track_alone)
{
  GstHarness *harness = open_mux ("video_%u",
      "video/x-h264, stream-format=avc, alignment=au, width=16, height=16");
  GstHarness *audio =
      gst_harness_new_with_element (harness->element, "audio_%u", NULL);

  gst_harness_set_src_caps_str (audio, AAC);
  for (guint i = 0; i < N_FRAMES; i++) {
    ck_assert_int_eq (gst_harness_push (harness,
                          frame_new (i * FRAME_NS, 0, i == 0)),
        GST_FLOW_OK);
    ck_assert_int_eq (gst_harness_push (audio,
                          frame_new (i * FRAME_NS, 0, TRUE)),
        GST_FLOW_OK);
  }
  expect_init (harness);
  ck_assert_uint_eq (gst_harness_buffers_in_queue (harness), N_FRAMES);
  gst_harness_teardown (audio);
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* What GStreamer encodes, and its demuxer finds. */
static const struct
{
  const gchar *sources;
  guint n_video, n_audio;
} round_trips[] = {
  { "videotestsrc num-buffers=50 ! x264enc bframes=2 ! h264parse ! mux. "
    "audiotestsrc num-buffers=80 ! audio/x-raw,rate=48000 ! avenc_aac ! "
    "aacparse ! mux.",
      50, 81 },
  { "videotestsrc num-buffers=50 ! x265enc tune=zerolatency ! h265parse ! mux.",
      50, 0 },
  { "videotestsrc num-buffers=50 ! vp9enc deadline=1 ! vp9parse ! mux. "
    "audiotestsrc num-buffers=80 ! opusenc ! opusparse ! mux.",
      50, 80 },
  { "audiotestsrc num-buffers=80 ! avenc_ac3 ! ac3parse ! mux.", 0, 54 },
};

static gint
count (GstElement *pipeline, const gchar *name)
{
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), name);
  g_autoptr (GstStructure) stats = NULL;
  guint64 n = 0;

  g_object_get (sink, "stats", &stats, NULL);
  gst_structure_get_uint64 (stats, "rendered", &n);
  return n;
}

static void
run (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) message = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  message = gst_bus_timed_pop_filtered (bus, GST_CLOCK_TIME_NONE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  ck_assert_int_eq (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
}

static void
close_pipeline (GstElement *pipeline)
{
  gst_element_set_state (pipeline, GST_STATE_NULL);
  gst_object_unref (pipeline);
}

GST_START_TEST (a_stock_demuxer_finds_every_frame)
{
  g_autofree gchar *path = NULL;
  gint fd = g_file_open_tmp ("fmp4livemux-XXXXXX.mp4", &path, NULL);
  g_autofree gchar *write =
      g_strdup_printf ("fmp4livemux name=mux ! filesink location=%s %s", path,
          round_trips[__i__].sources);
  g_autofree gchar *read =
      g_strdup_printf ("filesrc location=%s ! qtdemux name=demux %s %s", path,
          round_trips[__i__].n_video > 0
              ? "demux.video_0 ! queue ! fakesink name=video sync=false"
              : "",
          round_trips[__i__].n_audio > 0
              ? "demux.audio_0 ! queue ! fakesink name=audio sync=false"
              : "");
  GstElement *pipeline;

  close (fd);
  pipeline = gst_parse_launch (write, NULL);
  run (pipeline);
  close_pipeline (pipeline);
  pipeline = gst_parse_launch (read, NULL);
  run (pipeline);
  if (round_trips[__i__].n_video > 0)
    ck_assert_int_eq (count (pipeline, "video"), round_trips[__i__].n_video);
  /* How many frames an encoder makes of the last samples is its own. */
  if (round_trips[__i__].n_audio > 0)
    ck_assert_int_ge (count (pipeline, "audio"), round_trips[__i__].n_audio);
  close_pipeline (pipeline);
  unlink (path);
}
GST_END_TEST;

static Suite *
fmp4livemux_suite (void)
{
  Suite *suite = suite_create ("fmp4livemux");
  TCase *tcase = tcase_create ("fmp4livemux");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_frame_leaves_in_the_call_that_brought_it);
  tcase_add_test (tcase, b_frames_keep_their_order_and_their_times);
  tcase_add_test (tcase, frames_before_the_first_key_frame_are_dropped);
  tcase_add_test (tcase, new_parameters_make_a_new_initialization_segment);
  tcase_add_test (tcase, a_malformed_configuration_costs_its_track_alone);
  tcase_add_loop_test (tcase, a_stock_demuxer_finds_every_frame, 0,
      G_N_ELEMENTS (round_trips));
  return suite;
}

GST_CHECK_MAIN (fmp4livemux);
