/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pipeline ends on EOS, with any number of publishers; one whose publishers
 * have all left does not end by itself. */

#include "tests/support/rtmpserver.h"

#include <gst/check/gstcheck.h>

#define N_ROUNDS 20
#define VIDEO_CAPS                                                             \
  "application/x-rtp, media=(string)video, encoding-name=(string)H264, "       \
  "clock-rate=(int)90000, payload=(int)96"

typedef struct
{
  GstElement *pipeline;
  GstBus *bus;
} Pipeline;

static void
pipeline_start (Pipeline *self, const gchar *description, GstState state)
{
  g_autoptr (GError) error = NULL;
  GstElement *parsed = gst_parse_launch_full (description, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS | GST_PARSE_FLAG_PLACE_IN_BIN, &error);

  ck_assert_msg (error == NULL, "%s", error != NULL ? error->message : "");
  self->pipeline = gst_pipeline_new (NULL);
  gst_bin_add (GST_BIN (self->pipeline), parsed);
  self->bus = gst_element_get_bus (self->pipeline);
  gst_element_set_state (self->pipeline, state);
  /* An element that still waits for its first buffer must get no event: sources
   * then hold a lock that others need. */
  ck_assert_int_ne (gst_element_get_state (self->pipeline, NULL, NULL,
                        PATIENCE_US * GST_USECOND),
      GST_STATE_CHANGE_FAILURE);
}

static void
pipeline_clear (Pipeline *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->bus);
  gst_object_unref (self->pipeline);
}

static void
pipeline_end (Pipeline *self)
{
  ck_assert (gst_element_send_event (self->pipeline, gst_event_new_eos ()));
}

static gboolean
pipeline_has_ended (Pipeline *self)
{
  g_autoptr (GstMessage) message = gst_bus_pop_filtered (self->bus,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);

  ck_assert (message == NULL || GST_MESSAGE_TYPE (message) == GST_MESSAGE_EOS);
  return message != NULL;
}

static void
pipeline_ends (Pipeline *self)
{
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (self->bus,
      PATIENCE_US * GST_USECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);

  ck_assert_msg (message != NULL, "it does not end");
  ck_assert_int_eq (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
}

static GstElement *
element_of (Pipeline *self, const gchar *name)
{
  GstElement *element = gst_bin_get_by_name (GST_BIN (self->pipeline), name);

  ck_assert (element != NULL);
  return element;
}

/* One track, whose packets are discarded. */
typedef struct
{
  GstElement *sink;
  GstPad *from;
  GstPad *to;
} Track;

static void
track_begin (Track *self, Pipeline *pipeline)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (VIDEO_CAPS);
  GstSegment segment;

  self->sink = element_of (pipeline, "sink");
  self->from = gst_pad_new ("src", GST_PAD_SRC);
  gst_pad_set_active (self->from, TRUE);
  self->to = gst_element_request_pad_simple (self->sink, "video_%u");
  ck_assert_int_eq (gst_pad_link (self->from, self->to), GST_PAD_LINK_OK);
  gst_pad_push_event (self->from, gst_event_new_stream_start ("track"));
  gst_pad_push_event (self->from, gst_event_new_caps (caps));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->from, gst_event_new_segment (&segment));
}

static void
track_release (Track *self)
{
  gst_pad_unlink (self->from, self->to);
  gst_element_release_request_pad (self->sink, self->to);
  gst_object_unref (self->to);
  gst_object_unref (self->from);
  gst_object_unref (self->sink);
}

static const gchar whepsink[] = "whepsink name=sink port=0 address=127.0.0.1";
static const gchar gateway[] =
    "rtmpserversrc name=rtmp port=0 address=127.0.0.1 : "
    "rtmpwebrtcsink port=0 address=127.0.0.1";

GST_START_TEST (a_sink_without_streams_ends_on_eos)
{
  Pipeline pipeline;

  pipeline_start (&pipeline, whepsink, GST_STATE_PLAYING);
  ck_assert (!pipeline_has_ended (&pipeline));
  pipeline_end (&pipeline);
  pipeline_ends (&pipeline);
  pipeline_clear (&pipeline);
}
GST_END_TEST;

GST_START_TEST (a_sink_ends_only_after_its_last_stream)
{
  Pipeline pipeline;
  Track first, second, late;

  pipeline_start (&pipeline, whepsink, GST_STATE_PLAYING);
  track_begin (&first, &pipeline);
  track_begin (&second, &pipeline);
  pipeline_end (&pipeline);
  ck_assert (!pipeline_has_ended (&pipeline));
  ck_assert (gst_pad_push_event (first.from, gst_event_new_eos ()));
  ck_assert (!pipeline_has_ended (&pipeline));
  track_release (&second);
  pipeline_ends (&pipeline);

  /* The message is posted only once. */
  track_begin (&late, &pipeline);
  track_release (&late);
  ck_assert (!pipeline_has_ended (&pipeline));
  track_release (&first);
  pipeline_clear (&pipeline);
}
GST_END_TEST;

GST_START_TEST (a_sink_whose_streams_have_ended_waits_for_eos)
{
  Pipeline pipeline;
  Track track;

  pipeline_start (&pipeline, whepsink, GST_STATE_PLAYING);
  for (guint i = 0; i < N_ROUNDS; i++) {
    track_begin (&track, &pipeline);
    ck_assert (gst_pad_push_event (track.from, gst_event_new_eos ()));
    ck_assert (!pipeline_has_ended (&pipeline));
    track_release (&track);
    ck_assert (!pipeline_has_ended (&pipeline));
  }
  pipeline_end (&pipeline);
  pipeline_ends (&pipeline);
  pipeline_clear (&pipeline);
}
GST_END_TEST;

GST_START_TEST (a_paused_sink_ends_when_it_plays_again)
{
  Pipeline pipeline;

  pipeline_start (&pipeline, whepsink, GST_STATE_PAUSED);
  pipeline_end (&pipeline);
  ck_assert (!pipeline_has_ended (&pipeline));
  for (guint i = 0; i < N_ROUNDS; i++) {
    gst_element_set_state (pipeline.pipeline, GST_STATE_PLAYING);
    pipeline_ends (&pipeline);
    gst_element_set_state (pipeline.pipeline, GST_STATE_PAUSED);
    ck_assert (!pipeline_has_ended (&pipeline));
  }
  pipeline_clear (&pipeline);
}
GST_END_TEST;

GST_START_TEST (a_sink_that_got_eos_can_start_again)
{
  Pipeline pipeline;

  pipeline_start (&pipeline, whepsink, GST_STATE_PLAYING);
  for (guint i = 0; i < N_ROUNDS; i++) {
    pipeline_end (&pipeline);
    pipeline_ends (&pipeline);
    gst_element_set_state (pipeline.pipeline, GST_STATE_READY);
    ck_assert (
        !gst_element_send_event (pipeline.pipeline, gst_event_new_eos ()));
    gst_element_set_state (pipeline.pipeline, GST_STATE_PLAYING);
    ck_assert (!pipeline_has_ended (&pipeline));
  }
  pipeline_clear (&pipeline);
}
GST_END_TEST;

GST_START_TEST (a_gateway_without_publishers_ends_on_eos)
{
  for (guint i = 0; i < N_ROUNDS; i++) {
    Pipeline pipeline;

    pipeline_start (&pipeline, gateway, GST_STATE_PLAYING);
    pipeline_end (&pipeline);
    pipeline_ends (&pipeline);
    pipeline_clear (&pipeline);
  }
}
GST_END_TEST;

/* Waits for an element message of that name. */
static void
pipeline_tells (Pipeline *self, const gchar *name)
{
  g_autoptr (GstMessage) message = NULL;

  do {
    g_clear_pointer (&message, gst_message_unref);
    message = gst_bus_timed_pop_filtered (self->bus, PATIENCE_US * GST_USECOND,
        GST_MESSAGE_ELEMENT | GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    ck_assert_msg (message != NULL, "no %s", name);
    ck_assert_int_eq (GST_MESSAGE_TYPE (message), GST_MESSAGE_ELEMENT);
  } while (!gst_message_has_name (message, name));
}

/* One client that falls silent, one that leaves, and one that has only
 * connected. */
GST_START_TEST (a_gateway_with_publishers_ends_on_eos)
{
  for (guint i = 0; i < N_ROUNDS; i++) {
    Pipeline pipeline;
    g_autoptr (GstElement) rtmp = NULL;
    Client silent, gone, unpublished;
    guint port;

    pipeline_start (&pipeline, gateway, GST_STATE_PLAYING);
    rtmp = element_of (&pipeline, "rtmp");
    g_object_get (rtmp, "port", &port, NULL);
    silent = client_new_at (port, 0);
    client_send (&silent, OPENING_BYTES);
    gone = client_new_at (port, 0);
    client_rename (&gone, "off");
    client_send (&gone, gone.size);
    unpublished = client_new_at (port, 0);
    client_send (&unpublished, 100);
    pipeline_tells (&pipeline, "publisher-added");
    pipeline_tells (&pipeline, "publisher-added");
    client_leave (&gone);
    pipeline_end (&pipeline);
    pipeline_ends (&pipeline);
    pipeline_clear (&pipeline);
    client_clear (&unpublished);
    client_clear (&gone);
    client_clear (&silent);
  }
}
GST_END_TEST;

GST_START_TEST (publishers_that_have_left_do_not_end_the_gateway)
{
  Pipeline pipeline;
  g_autoptr (GstElement) rtmp = NULL;
  guint port;

  pipeline_start (&pipeline, gateway, GST_STATE_PLAYING);
  rtmp = element_of (&pipeline, "rtmp");
  g_object_get (rtmp, "port", &port, NULL);
  for (guint i = 0; i < N_ROUNDS; i++) {
    Client client = client_new_at (port, i % G_N_ELEMENTS (captures));

    client_send (&client, client.size);
    client_leave (&client);
    pipeline_tells (&pipeline, "publisher-removed");
    client_clear (&client);
  }
  ck_assert (gst_bus_pop_filtered (pipeline.bus,
                 GST_MESSAGE_EOS | GST_MESSAGE_ERROR) == NULL);
  pipeline_end (&pipeline);
  pipeline_ends (&pipeline);
  pipeline_clear (&pipeline);
}
GST_END_TEST;

/* Such as one that writes a file: the pipeline waits for both. */
GST_START_TEST (another_sink_does_not_end_the_pipeline)
{
  Pipeline pipeline;
  Track track;

  pipeline_start (&pipeline,
      "whepsink name=sink port=0 address=127.0.0.1 "
      "videotestsrc is-live=true num-buffers=1 ! fakesink",
      GST_STATE_PLAYING);
  track_begin (&track, &pipeline);
  pipeline_end (&pipeline);
  ck_assert (!pipeline_has_ended (&pipeline));
  ck_assert (gst_pad_push_event (track.from, gst_event_new_eos ()));
  pipeline_ends (&pipeline);
  track_release (&track);
  pipeline_clear (&pipeline);
}
GST_END_TEST;

static Suite *
ending_suite (void)
{
  Suite *suite = suite_create ("ending");
  TCase *tcase = tcase_create ("ending");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_sink_without_streams_ends_on_eos);
  tcase_add_test (tcase, a_sink_ends_only_after_its_last_stream);
  tcase_add_test (tcase, a_sink_whose_streams_have_ended_waits_for_eos);
  tcase_add_test (tcase, a_paused_sink_ends_when_it_plays_again);
  tcase_add_test (tcase, a_sink_that_got_eos_can_start_again);
  tcase_add_test (tcase, a_gateway_without_publishers_ends_on_eos);
  tcase_add_test (tcase, a_gateway_with_publishers_ends_on_eos);
  tcase_add_test (tcase, publishers_that_have_left_do_not_end_the_gateway);
  tcase_add_test (tcase, another_sink_does_not_end_the_pipeline);
  return suite;
}

GST_CHECK_MAIN (ending);
