/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Audio is as long as its timestamps say, and passes unchanged if it matches
 * them. */

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#define RATE 48000
#define SAMPLES 480
#define FRAME_NS (10 * GST_MSECOND)
#define CAPS                                                                   \
  "audio/x-raw, format=S16LE, layout=interleaved, rate=48000, channels=2"
#define BYTES(n_samples) ((n_samples) *2 * sizeof (gint16))

static GstHarness *
open_harness (void)
{
  GstHarness *harness = gst_harness_new ("audioratematch");

  gst_harness_set_src_caps_str (harness, CAPS);
  return harness;
}

/* Returns: (transfer full): the buffer that leaves in its place. */
static GstBuffer *
match (GstHarness *harness, GstClockTime time)
{
  GstBuffer *buffer = gst_buffer_new_allocate (NULL, BYTES (SAMPLES), NULL);

  gst_buffer_memset (buffer, 0, 0, BYTES (SAMPLES));
  GST_BUFFER_PTS (buffer) = time;
  return gst_harness_push_and_pull (harness, buffer);
}

static guint
n_samples (GstBuffer *buffer)
{
  return gst_buffer_get_size (buffer) / BYTES (1);
}

GST_START_TEST (audio_that_matches_its_timestamps_is_unchanged)
{
  GstHarness *harness = open_harness ();

  for (guint i = 0; i < 100; i++) {
    /* With timestamps as FLV rounds them, too. */
    g_autoptr (GstBuffer) buffer =
        match (harness, i * FRAME_NS + i % 3 * GST_MSECOND / 2);

    ck_assert_uint_eq (GST_BUFFER_PTS (buffer), i * FRAME_NS);
    ck_assert_uint_eq (GST_BUFFER_DURATION (buffer), FRAME_NS);
    ck_assert_uint_eq (n_samples (buffer), SAMPLES);
    ck_assert_int_eq (GST_BUFFER_IS_DISCONT (buffer), i == 0);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

static void
assert_follows (gint ppm)
{
  GstHarness *harness = open_harness ();
  GstClockTime end = 0;

  for (gint64 i = 0; i < 6000; i++) {
    GstClockTime time = i * (FRAME_NS + (gint64) FRAME_NS * ppm / 1000000);
    g_autoptr (GstBuffer) buffer = match (harness, time);
    GstClockTimeDiff apart = GST_CLOCK_DIFF (time, GST_BUFFER_PTS (buffer));

    ck_assert_msg (ABS (apart) <= 3 * (GstClockTimeDiff) GST_MSECOND,
        "%d ppm, buffer %" G_GINT64_FORMAT ": %" G_GINT64_FORMAT " us apart",
        ppm, i, apart / 1000);
    /* It begins at the end of the previous one, but for a fraction of a
     * nanosecond. */
    ck_assert (i == 0 || GST_BUFFER_PTS (buffer) - end <= 1);
    ck_assert_int_eq (GST_BUFFER_IS_DISCONT (buffer), i == 0);
    ck_assert_int_le (ABS ((gint) n_samples (buffer) - SAMPLES),
        SAMPLES * 2 / 100);
    end = GST_BUFFER_PTS (buffer) + GST_BUFFER_DURATION (buffer);
  }
  gst_harness_teardown (harness);
}

GST_START_TEST (audio_follows_its_timestamps_without_a_gap)
{
  assert_follows (100);
  assert_follows (-100);
  assert_follows (5000);
  assert_follows (-5000);
  assert_follows (10000);
}
GST_END_TEST;

GST_START_TEST (a_gap_remains_a_gap)
{
  GstHarness *harness = open_harness ();

  gst_buffer_unref (match (harness, 0));
  for (guint i = 1; i < 4; i++) {
    g_autoptr (GstBuffer) buffer = match (harness, i * GST_SECOND);

    ck_assert_uint_eq (GST_BUFFER_PTS (buffer), i * GST_SECOND);
    ck_assert_uint_eq (n_samples (buffer), SAMPLES);
    ck_assert (GST_BUFFER_IS_DISCONT (buffer));
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

/* Nothing is held back. */
GST_START_TEST (the_element_adds_no_latency)
{
  GstHarness *harness = open_harness ();

  ck_assert_uint_eq (gst_harness_query_latency (harness), 0);
  for (guint i = 0; i < 10; i++) {
    gst_buffer_unref (match (harness, i * 10050000));
    ck_assert_uint_eq (gst_harness_buffers_in_queue (harness), 0);
  }
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (new_caps_reset_the_element)
{
  GstHarness *harness = open_harness ();
  g_autoptr (GstBuffer) mono = NULL;

  gst_buffer_unref (match (harness, 0));
  gst_harness_set_src_caps_str (harness,
      "audio/x-raw, format=S16LE, layout=interleaved, rate=44100, channels=1");
  mono = match (harness, FRAME_NS);
  ck_assert_uint_eq (GST_BUFFER_PTS (mono), FRAME_NS);
  ck_assert_uint_eq (gst_buffer_get_size (mono), BYTES (SAMPLES));
  ck_assert (GST_BUFFER_IS_DISCONT (mono));
  gst_harness_teardown (harness);
}
GST_END_TEST;

static Suite *
audioratematch_suite (void)
{
  Suite *suite = suite_create ("audioratematch");
  TCase *tcase = tcase_create ("audioratematch");

  gst_object_unref (gst_plugin_load_by_name ("rtmpwebrtc"));
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, audio_that_matches_its_timestamps_is_unchanged);
  tcase_add_test (tcase, audio_follows_its_timestamps_without_a_gap);
  tcase_add_test (tcase, a_gap_remains_a_gap);
  tcase_add_test (tcase, the_element_adds_no_latency);
  tcase_add_test (tcase, new_caps_reset_the_element);
  return suite;
}

GST_CHECK_MAIN (audioratematch);
