/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A decoder in a process of its own gives the same pictures; whatever becomes
 * of it, this process lives on. */

#include "gst/isolation/gstisolateddecoder.h"
#include "gst/isolation/process-io.h"
#include "gst/isolation/restart.h"
#include "gst/live/gststill.h"
#include "tests/support/exflv.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/video/video.h>
#include <signal.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define H264                                                                   \
  "videotestsrc num-buffers=60 pattern=ball ! video/x-raw,format=I420,"        \
  "width=%u,height=120,framerate=30/1 ! x264enc speed-preset=ultrafast "       \
  "bframes=2 b-adapt=false key-int-max=10 ! h264parse config-interval=-1 ! "   \
  "video/x-h264,stream-format=byte-stream,alignment=au"
#define AVDEC "avdec_h264 thread-type=slice max-threads=2 output-corrupt=false"

typedef struct
{
  GstHarness *harness;
  GstElement *decoder; /* isolateddecoder; nullable */
  GstBus *bus;
  GPtrArray *samples;
  guint n_in;
} Rig;

/* @chain: nullable: the decoder in this process. */
static void
rig_open (Rig *rig, const gchar *chain, GPtrArray *samples)
{
  g_autofree gchar *description =
      gst_isolated_decoder_dup_chain (chain != NULL ? chain : AVDEC);

  ck_assert (description != NULL);
  *rig = (Rig){ .bus = gst_bus_new (), .samples = samples };
  rig->decoder = chain == NULL
      ? gst_parse_bin_from_description (AVDEC, TRUE, NULL)
      : gst_parse_launch_full (description, NULL,
            GST_PARSE_FLAG_NO_SINGLE_ELEMENT_BINS, NULL);
  gst_object_ref_sink (rig->decoder);
  if (chain != NULL)
    g_object_set (rig->decoder, "retry-ms", 1, NULL);
  rig->harness = gst_harness_new_with_element (rig->decoder, "sink", "src");
  gst_element_set_bus (rig->decoder, rig->bus);
  gst_harness_set_src_caps (rig->harness,
      gst_caps_ref (gst_sample_get_caps (samples->pdata[0])));
}

static void
rig_close (Rig *rig)
{
  gst_element_set_bus (rig->decoder, NULL);
  gst_harness_teardown (rig->harness);
  gst_object_unref (rig->decoder);
  gst_object_unref (rig->bus);
}

/* The first frame follows the last. */
static GstFlowReturn
rig_push (Rig *rig)
{
  GstBuffer *frame = gst_sample_get_buffer (
      rig->samples->pdata[rig->n_in++ % rig->samples->len]);

  return gst_harness_push (rig->harness, gst_buffer_ref (frame));
}

static void
rig_end (Rig *rig)
{
  gboolean is_end = FALSE;

  gst_harness_push_event (rig->harness, gst_event_new_eos ());
  while (!is_end) {
    g_autoptr (GstEvent) event = gst_harness_pull_event (rig->harness);

    ck_assert (event != NULL);
    is_end = GST_EVENT_TYPE (event) == GST_EVENT_EOS;
  }
}

static guint
n_messages (Rig *rig, GstMessageType type)
{
  GstMessage *message;
  guint n = 0;

  while ((message = gst_bus_pop_filtered (rig->bus, type)) != NULL) {
    gst_message_unref (message);
    n++;
  }
  return n;
}

static void
assert_same_plane (const GstVideoFrame *one, const GstVideoFrame *other,
    guint plane)
{
  const guint8 *a = GST_VIDEO_FRAME_PLANE_DATA (one, plane);
  const guint8 *b = GST_VIDEO_FRAME_PLANE_DATA (other, plane);
  gint n_bytes = GST_VIDEO_FRAME_COMP_WIDTH (one, plane);

  for (gint y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT (one, plane); y++) {
    ck_assert_int_eq (memcmp (a, b, n_bytes), 0);
    a += GST_VIDEO_FRAME_PLANE_STRIDE (one, plane);
    b += GST_VIDEO_FRAME_PLANE_STRIDE (other, plane);
  }
}

/* What is between two rows may be anything. */
static void
assert_same (GstHarness *harness, GstBuffer *one, GstBuffer *other)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (harness->sinkpad);
  GstVideoFrame one_frame, other_frame;
  GstVideoInfo info;

  ck_assert_uint_eq (GST_BUFFER_PTS (one), GST_BUFFER_PTS (other));
  ck_assert_uint_eq (GST_BUFFER_DURATION (one), GST_BUFFER_DURATION (other));
  ck_assert (gst_video_info_from_caps (&info, caps));
  ck_assert (gst_video_frame_map (&one_frame, &info, one, GST_MAP_READ));
  ck_assert (gst_video_frame_map (&other_frame, &info, other, GST_MAP_READ));
  for (guint i = 0; i < GST_VIDEO_INFO_N_PLANES (&info); i++)
    assert_same_plane (&one_frame, &other_frame, i);
  gst_video_frame_unmap (&one_frame);
  gst_video_frame_unmap (&other_frame);
}

/* No browser shows two views, so that they are not sent. */
static gchar *
dup_caps (GstHarness *harness)
{
  g_autoptr (GstCaps) current = gst_pad_get_current_caps (harness->sinkpad);
  g_autoptr (GstCaps) caps = gst_caps_copy (current);

  gst_structure_remove_fields (gst_caps_get_structure (caps, 0),
      "multiview-mode", "multiview-flags", NULL);
  return gst_caps_to_string (caps);
}

/* A width of 162 makes the strides wider than the picture. */
static const guint widths[] = { 160, 162 };

GST_START_TEST (the_pictures_are_those_of_a_decoder_in_this_process)
{
  g_autofree gchar *encoder = g_strdup_printf (H264, widths[__i__]);
  g_autoptr (GPtrArray) samples = ex_flv_encode (encoder);
  g_autofree gchar *caps = NULL, *own_caps = NULL;
  Rig isolated, own;

  rig_open (&isolated, AVDEC, samples);
  rig_open (&own, NULL, samples);
  for (guint i = 0; i < samples->len; i++) {
    ck_assert_int_eq (rig_push (&isolated), GST_FLOW_OK);
    ck_assert_int_eq (rig_push (&own), GST_FLOW_OK);
  }
  rig_end (&isolated);
  rig_end (&own);
  ck_assert_uint_eq (gst_harness_buffers_in_queue (isolated.harness), 60);
  for (guint i = 0; i < 60; i++) {
    g_autoptr (GstBuffer) one = gst_harness_pull (isolated.harness);
    g_autoptr (GstBuffer) other = gst_harness_pull (own.harness);

    assert_same (own.harness, one, other);
  }
  caps = dup_caps (isolated.harness);
  own_caps = dup_caps (own.harness);
  ck_assert_str_eq (caps, own_caps);
  ck_assert_uint_eq (n_messages (&isolated, GST_MESSAGE_WARNING), 0);
  rig_close (&isolated);
  rig_close (&own);
}
GST_END_TEST;

/* Waits for a picture. */
static void
rig_push_until_picture (Rig *rig)
{
  while (gst_harness_buffers_in_queue (rig->harness) == 0) {
    ck_assert_int_eq (rig_push (rig), GST_FLOW_OK);
    g_thread_yield ();
  }
  gst_buffer_unref (gst_harness_pull (rig->harness));
}

static const gint signals[] = { SIGSEGV, SIGKILL, SIGABRT };

GST_START_TEST (a_decoder_that_is_killed_is_started_again)
{
  g_autofree gchar *encoder = g_strdup_printf (H264, 160);
  g_autoptr (GPtrArray) samples = ex_flv_encode (encoder);
  gint pid = 0, next = 0;
  Rig rig;

  rig_open (&rig, AVDEC, samples);
  rig_push_until_picture (&rig);
  g_object_get (rig.decoder, "pid", &pid, NULL);
  ck_assert_int_gt (pid, 0);
  ck_assert_int_eq (kill (pid, signals[__i__]), 0);
  do {
    ck_assert_int_eq (rig_push (&rig), GST_FLOW_OK);
    g_object_get (rig.decoder, "pid", &next, NULL);
  } while (next == pid || next == 0);
  while (gst_harness_buffers_in_queue (rig.harness) > 0)
    gst_buffer_unref (gst_harness_pull (rig.harness));
  rig_push_until_picture (&rig);
  ck_assert_uint_eq (n_messages (&rig, GST_MESSAGE_WARNING), 1);
  rig_close (&rig);
}
GST_END_TEST;

#if defined(HAVE_SECCOMP) && !defined(SANITIZED)
#define IS_FILTERED "\nSeccomp:\t2\n"
#else
#define IS_FILTERED "\nSeccomp:\t"
#endif

GST_START_TEST (a_decoder_has_no_rights_of_its_own)
{
  g_autofree gchar *encoder = g_strdup_printf (H264, 160);
  g_autoptr (GPtrArray) samples = ex_flv_encode (encoder);
  g_autofree gchar *path = NULL, *status = NULL;
  gint pid = 0;
  Rig rig;

  rig_open (&rig, AVDEC, samples);
  rig_push_until_picture (&rig);
  g_object_get (rig.decoder, "pid", &pid, NULL);
  path = g_strdup_printf ("/proc/%d/status", pid);
  ck_assert (g_file_get_contents (path, &status, NULL, NULL));
  ck_assert_msg (strstr (status, "\nNoNewPrivs:\t1\n") != NULL, "%s", status);
  ck_assert_msg (strstr (status, IS_FILTERED) != NULL, "%s", status);
  rig_close (&rig);
}
GST_END_TEST;

/* The stand-in for a decoder with a hole. */
GST_START_TEST (a_stream_that_kills_its_decoder_each_time_is_given_up)
{
  g_autofree gchar *encoder = g_strdup_printf (H264, 160);
  g_autoptr (GPtrArray) samples = ex_flv_encode (encoder);
  Rig rig;

  rig_open (&rig, "crashdec", samples);
  while (rig_push (&rig) == GST_FLOW_OK)
    g_thread_yield ();
  ck_assert_uint_eq (n_messages (&rig, GST_MESSAGE_ERROR), 1);
  rig_close (&rig);
}
GST_END_TEST;

/* What a decoder that a stream has taken over might send, in the words of the
 * shell's printf: headers of 40 bytes. */
static const gchar *const lies[] = {
  /* Nothing. */
  "",
  /* An unknown kind. */
  "\\377\\377\\377\\377%036d",
  /* A picture of 16 MiB before its format. */
  "\\001\\000\\000\\000\\000\\000\\000\\001%032d",
  /* A format of zeros and its picture. */
  "\\003\\000\\000\\000\\064\\000\\000\\000%084d",
};

static gchar *
write_program (const gchar *command)
{
  g_autofree gchar *script = g_strdup_printf ("#!/bin/sh\n%s\n", command);
  gchar *path = NULL;
  gint fd = g_file_open_tmp ("decoder-XXXXXX", &path, NULL);

  ck_assert_int_ge (fd, 0);
  g_close (fd, NULL);
  ck_assert (g_file_set_contents (path, script, -1, NULL));
  ck_assert_int_eq (g_chmod (path, 0700), 0);
  return path;
}

static gchar *
write_liar (const gchar *words)
{
  g_autofree gchar *command = g_strdup_printf ("printf '%s' 0 >&3", words);

  return write_program (command);
}

GST_START_TEST (a_decoder_that_lies_is_killed_and_given_up)
{
  g_autofree gchar *encoder = g_strdup_printf (H264, 160);
  g_autoptr (GPtrArray) samples = ex_flv_encode (encoder);
  g_autofree gchar *liar = write_liar (lies[__i__]);
  Rig rig;

  g_setenv ("GST_RTMP_WEBRTC_DECODER", liar, TRUE);
  rig_open (&rig, AVDEC, samples);
  while (rig_push (&rig) == GST_FLOW_OK)
    g_thread_yield ();
  ck_assert_uint_eq (gst_harness_buffers_received (rig.harness), 0);
  rig_close (&rig);
  ck_assert_int_eq (g_remove (liar), 0);
}
GST_END_TEST;

/* The program is away for a moment, as during an update. */
GST_START_TEST (a_decoder_that_could_not_be_started_is_tried_again)
{
  g_autofree gchar *encoder = g_strdup_printf (H264, 160);
  g_autoptr (GPtrArray) samples = ex_flv_encode (encoder);
  g_autofree gchar *program = isolation_process_find_program ();
  g_autofree gchar *path = write_program ("");
  Rig rig;

  g_setenv ("GST_RTMP_WEBRTC_DECODER", path, TRUE);
  rig_open (&rig, AVDEC, samples);
  ck_assert_int_eq (g_remove (path), 0);
  ck_assert_int_eq (rig_push (&rig), GST_FLOW_OK);
  ck_assert_uint_eq (n_messages (&rig, GST_MESSAGE_WARNING), 1);
  ck_assert_int_eq (symlink (program, path), 0);
  rig_push_until_picture (&rig);
  ck_assert_uint_eq (n_messages (&rig, GST_MESSAGE_WARNING), 0);
  rig_close (&rig);
  ck_assert_int_eq (g_remove (path), 0);
}
GST_END_TEST;

GST_START_TEST (a_decoder_that_can_never_be_started_is_given_up)
{
  g_autofree gchar *encoder = g_strdup_printf (H264, 160);
  g_autoptr (GPtrArray) samples = ex_flv_encode (encoder);
  g_autofree gchar *path = write_program ("");
  Rig rig;

  g_setenv ("GST_RTMP_WEBRTC_DECODER", path, TRUE);
  rig_open (&rig, AVDEC, samples);
  ck_assert_int_eq (g_remove (path), 0);
  while (rig_push (&rig) == GST_FLOW_OK)
    g_thread_yield ();
  ck_assert_uint_eq (n_messages (&rig, GST_MESSAGE_WARNING | GST_MESSAGE_ERROR),
      RESTART_MAX + 1);
  rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (a_decoder_that_hangs_does_not_keep_the_end_back)
{
  g_autofree gchar *encoder = g_strdup_printf (H264, 160);
  g_autoptr (GPtrArray) samples = ex_flv_encode (encoder);
  g_autofree gchar *path = write_program ("exec sleep 1000");
  Rig rig;

  g_setenv ("GST_RTMP_WEBRTC_DECODER", path, TRUE);
  rig_open (&rig, AVDEC, samples);
  for (guint i = 0; i < 10; i++)
    ck_assert_int_eq (rig_push (&rig), GST_FLOW_OK);
  rig_end (&rig);
  ck_assert_uint_eq (gst_harness_buffers_received (rig.harness), 0);
  rig_close (&rig);
  ck_assert_int_eq (g_remove (path), 0);
}
GST_END_TEST;

GST_START_TEST (a_still_picture_is_decoded_in_a_process_as_well)
{
  g_autofree gchar *encoder = g_strdup_printf (H264, 160);
  g_autoptr (GPtrArray) samples = ex_flv_encode (encoder);
  g_autofree gchar *liar = write_liar ("");
  g_autoptr (GstSample) picture = NULL;
  g_autoptr (GError) error = NULL;

  picture = gst_still_decode (samples->pdata[0], 160 * 128, &error);
  ck_assert_msg (picture != NULL, "%s", error != NULL ? error->message : "");
  g_setenv ("GST_RTMP_WEBRTC_DECODER", liar, TRUE);
  ck_assert (gst_still_decode (samples->pdata[0], 160 * 128, NULL) == NULL);
  ck_assert_int_eq (g_remove (liar), 0);
}
GST_END_TEST;

GST_START_TEST (a_decoder_can_be_stopped_while_it_works)
{
  g_autofree gchar *encoder = g_strdup_printf (H264, 160);
  g_autoptr (GPtrArray) samples = ex_flv_encode (encoder);

  for (guint n = 0; n < 4; n++) {
    Rig rig;

    rig_open (&rig, AVDEC, samples);
    for (guint i = 0; i < n * 7; i++)
      ck_assert_int_eq (rig_push (&rig), GST_FLOW_OK);
    rig_close (&rig);
  }
}
GST_END_TEST;

GST_START_TEST (without_the_program_nothing_is_isolated)
{
  g_setenv ("GST_RTMP_WEBRTC_DECODER", "/nonexistent", TRUE);
  ck_assert (gst_isolated_decoder_dup_chain (AVDEC) == NULL);
}
GST_END_TEST;

static Suite *
isolateddecoder_suite (void)
{
  Suite *suite = suite_create ("isolateddecoder");
  TCase *tcase = tcase_create ("isolateddecoder");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase,
      the_pictures_are_those_of_a_decoder_in_this_process, 0,
      G_N_ELEMENTS (widths));
  tcase_add_loop_test (tcase, a_decoder_that_is_killed_is_started_again, 0,
      G_N_ELEMENTS (signals));
  tcase_add_test (tcase, a_decoder_has_no_rights_of_its_own);
  tcase_add_test (tcase, a_stream_that_kills_its_decoder_each_time_is_given_up);
  tcase_add_loop_test (tcase, a_decoder_that_lies_is_killed_and_given_up, 0,
      G_N_ELEMENTS (lies));
  tcase_add_test (tcase, a_decoder_that_could_not_be_started_is_tried_again);
  tcase_add_test (tcase, a_decoder_that_can_never_be_started_is_given_up);
  tcase_add_test (tcase, a_decoder_that_hangs_does_not_keep_the_end_back);
  tcase_add_test (tcase, a_still_picture_is_decoded_in_a_process_as_well);
  tcase_add_test (tcase, a_decoder_can_be_stopped_while_it_works);
  tcase_add_test (tcase, without_the_program_nothing_is_isolated);
  return suite;
}

GST_CHECK_MAIN (isolateddecoder);
