/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an application does with publishers and viewers by action signals. */

#include "whepbench/crowd-io.h"
#include "tests/support/whepgateway.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define STREAM "live/cam"

static const gchar *const elements[] = { "whepsink", "rtmpwebrtcsink" };

static gchar *
get_streams (GstElement *sink)
{
  gchar *json;

  g_signal_emit_by_name (sink, "get-streams", &json);
  return json;
}

static gchar *
get_viewers (GstElement *sink, const gchar *stream)
{
  gchar *json;

  g_signal_emit_by_name (sink, "get-viewers", stream, &json);
  return json;
}

static gboolean
disconnect_viewer (GstElement *sink, const gchar *id)
{
  gboolean is_done;

  g_signal_emit_by_name (sink, "disconnect-viewer", id, NULL, &is_done);
  return is_done;
}

static gboolean
disconnect_publisher (GstElement *sink, const gchar *stream)
{
  gboolean is_done;

  g_signal_emit_by_name (sink, "disconnect-publisher", stream, "enough",
      30 * GST_SECOND, &is_done);
  return is_done;
}

GST_START_TEST (an_element_that_is_not_running_has_nobody_to_disconnect)
{
  GstElement *sink = gst_element_factory_make (elements[__i__], NULL);

  ck_assert (get_streams (sink) == NULL);
  ck_assert (get_viewers (sink, STREAM) == NULL);
  ck_assert (!disconnect_viewer (sink, "abcd"));
  ck_assert (!disconnect_publisher (sink, STREAM));
  g_signal_emit_by_name (sink, "drain", GST_SECOND);
  gst_object_unref (sink);
}
GST_END_TEST;

GST_START_TEST (an_element_without_streams_says_so)
{
  GstElement *sink = gst_element_factory_make (elements[__i__], NULL);
  g_autofree gchar *streams = NULL;
  g_autofree gchar *viewers = NULL;

  g_object_set (sink, "address", "127.0.0.1", "port", 0, NULL);
  ck_assert_int_ne (gst_element_set_state (sink, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  streams = get_streams (sink);
  viewers = get_viewers (sink, NULL);
  ck_assert_str_eq (streams, "[]");
  ck_assert_str_eq (viewers, "[]");
  ck_assert (!disconnect_viewer (sink, "abcd"));
  ck_assert (!disconnect_publisher (sink, STREAM));
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_object_unref (sink);
}
GST_END_TEST;

/* A source that knows nothing of publishers. */
static gboolean
ignore (GstPad *pad, GstObject *parent, GstEvent *event)
{
  gst_event_unref (event);
  return FALSE;
}

/* A source that has measured its publisher. */
static gboolean
answer (GstPad *pad, GstObject *parent, GstQuery *query)
{
  if (GST_QUERY_TYPE (query) != GST_QUERY_CUSTOM)
    return gst_pad_query_default (pad, parent, query);
  gst_structure_set (gst_query_writable_structure (query), "bytes",
      G_TYPE_UINT64, (guint64) 120000, "tags", G_TYPE_UINT64, (guint64) 9,
      "jitter", G_TYPE_UINT64, (guint64) 900, NULL);
  return TRUE;
}

static GstPadProbeReturn
take_upstream (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstEvent **taken = user_data;

  if (!gst_event_has_name (info->data, "rtmp-webrtc/disconnect"))
    return GST_PAD_PROBE_PASS;
  gst_event_replace (taken, info->data);
  gst_event_unref (info->data);
  return GST_PAD_PROBE_HANDLED;
}

static void
say_publisher (Track *video)
{
  GstStructure *s = gst_structure_new ("rtmp-webrtc/publisher", "id",
      G_TYPE_STRING, "7", "address", G_TYPE_STRING, "192.0.2.7", "port",
      G_TYPE_UINT, 4711, "encoder", G_TYPE_STRING, "obs", "protocol",
      G_TYPE_STRING, "rtmp", "since", G_TYPE_INT64,
      G_GINT64_CONSTANT (1767323045) * G_USEC_PER_SEC, NULL);

  ck_assert (gst_pad_push_event (video->src,
      gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, s)));
}

GST_START_TEST (a_publisher_is_disconnected_by_an_event_upstream)
{
  Track video = { 0 };
  g_autoptr (GstEvent) taken = NULL;
  const GstStructure *s;
  guint64 refuse_for;
  Gateway gateway;

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", STREAM, NULL, VIDEO_CAPS);
  gst_pad_set_event_function (video.src, ignore);
  ck_assert (!disconnect_publisher (gateway.sink, STREAM));
  gst_pad_add_probe (video.src, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM,
      take_upstream, &taken, NULL);
  ck_assert (!disconnect_publisher (gateway.sink, "live/other"));
  ck_assert (taken == NULL);
  ck_assert (disconnect_publisher (gateway.sink, STREAM));
  ck_assert (taken != NULL);
  s = gst_event_get_structure (taken);
  ck_assert_str_eq (gst_structure_get_string (s, "reason"), "enough");
  ck_assert (gst_structure_get_uint64 (s, "refuse-for", &refuse_for));
  ck_assert_uint_eq (refuse_for, 30 * GST_SECOND);
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_stream_is_described_with_its_publisher)
{
  Track video = { 0 };
  g_autofree gchar *streams = NULL;
  Gateway gateway;

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", STREAM, NULL, VIDEO_CAPS);
  say_publisher (&video);
  track_push (&video, 100);
  streams = get_streams (gateway.sink);
  ck_assert_msg (strstr (streams, "{\"name\":\"" STREAM "\",") != NULL, "%s",
      streams);
  ck_assert_msg (strstr (streams,
                     "\"publisher\":{\"id\":\"7\",\"address\":\"192.0.2.7\","
                     "\"port\":4711,\"protocol\":\"rtmp\",\"encoder\":\"obs\","
                     "\"since\":\"2026-01-02T03:04:05Z\"}") != NULL,
      "%s", streams);
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

/* Plays until the track has been measured for a second. */
static gchar *
wait_for_figures (Gateway *gateway, Track *video)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_GATEWAY_PATIENCE_US;

  while (g_get_monotonic_time () < deadline_us) {
    gchar *streams = get_streams (gateway->sink);

    if (strstr (streams, "\"bits_per_second\":") != NULL)
      return streams;
    g_free (streams);
    track_push (video, 100);
  }
  ck_abort_msg ("nothing was measured");
}

GST_START_TEST (a_track_is_measured_as_it_arrives)
{
  Track video = { 0 };
  g_autofree gchar *streams = NULL;
  Gateway gateway;

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", STREAM, NULL,
      VIDEO_CAPS ", width=(int)1280, height=(int)720");
  gst_pad_set_query_function (video.src, answer);
  say_publisher (&video);
  /* Too large for a datagram. */
  track_push (&video, 3000);
  streams = wait_for_figures (&gateway, &video);
  ck_assert_msg (strstr (streams, "\"width\":1280,\"height\":720,") != NULL,
      "%s", streams);
  ck_assert_msg (strstr (streams, "\"dropped_packets\":1,") != NULL, "%s",
      streams);
  ck_assert_msg (strstr (streams, ",\"bytes\":120000,\"jitter_us\":900}") !=
          NULL,
      "%s", streams);
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

static Crowd *
watch (Gateway *self, Track *video)
{
  Crowd *crowd = crowd_new ();
  g_autofree gchar *url =
      g_strdup_printf ("http://127.0.0.1:%u/whep/" STREAM, gateway_port (self));

  ck_assert (crowd_post (crowd, url, NULL));
  track_push (video, 100);
  ck_assert (crowd_run_until_playing (crowd, WHEP_GATEWAY_PATIENCE_US));
  return crowd;
}

static GstMessage *
next_message (Gateway *self, const gchar *name)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_GATEWAY_PATIENCE_US;

  while (g_get_monotonic_time () < deadline_us) {
    GstMessage *message = gst_bus_timed_pop_filtered (self->bus,
        GST_SECOND / 100, GST_MESSAGE_ELEMENT);

    if (message != NULL && gst_message_has_name (message, name))
      return message;
    gst_clear_message (&message);
  }
  ck_abort_msg ("no %s", name);
}

GST_START_TEST (a_viewer_is_disconnected_by_the_id_of_its_message)
{
  Track video = { 0 };
  g_autoptr (GstMessage) added = NULL, removed = NULL;
  g_autofree gchar *viewers = NULL;
  const gchar *id;
  Gateway gateway;
  Crowd *crowd;

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", STREAM, NULL, VIDEO_CAPS);
  crowd = watch (&gateway, &video);
  added = next_message (&gateway, "viewer-added");
  id = gst_structure_get_string (gst_message_get_structure (added), "id");
  viewers = get_viewers (gateway.sink, STREAM);
  ck_assert_msg (strstr (viewers, id) != NULL, "%s", viewers);
  ck_assert_msg (strstr (viewers, "\"state\":\"connected\"") != NULL, "%s",
      viewers);

  ck_assert (disconnect_viewer (gateway.sink, id));
  removed = next_message (&gateway, "viewer-removed");
  ck_assert_str_eq (gst_structure_get_string (gst_message_get_structure (
                                                  removed),
                        "reason"),
      "disconnected by the operator");
  ck_assert (!disconnect_viewer (gateway.sink, id));
  crowd_free (crowd);
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_drained_element_disconnects_its_viewers_at_the_deadline)
{
  Track video = { 0 };
  g_autoptr (GstMessage) removed = NULL;
  g_autofree gchar *viewers = NULL;
  Gateway gateway;
  Crowd *crowd;

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", STREAM, NULL, VIDEO_CAPS);
  crowd = watch (&gateway, &video);
  gst_message_unref (next_message (&gateway, "viewer-added"));
  g_signal_emit_by_name (gateway.sink, "drain", (guint64) 0);
  removed = next_message (&gateway, "viewer-removed");
  ck_assert_str_eq (gst_structure_get_string (gst_message_get_structure (
                                                  removed),
                        "reason"),
      "the server is being drained");
  viewers = get_viewers (gateway.sink, "");
  ck_assert_str_eq (viewers, "[]");
  g_signal_emit_by_name (gateway.sink, "drain", GST_CLOCK_TIME_NONE);
  crowd_free (crowd);
  crowd = watch (&gateway, &video);
  crowd_free (crowd);
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

/* The HTTP thread answers calls until the element has stopped. */
static gpointer
ask_on (gpointer user_data)
{
  GstElement *sink = user_data;
  gchar *streams;

  while ((streams = get_streams (sink)) != NULL)
    g_free (streams);
  return NULL;
}

GST_START_TEST (calls_end_before_the_element_stops)
{
  GThread *threads[4];
  Gateway gateway;

  gateway_start (&gateway);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, ask_on, gateway.sink);
  for (guint i = 0; i < 100; i++)
    g_free (get_streams (gateway.sink));
  gst_element_set_state (gateway.pipeline, GST_STATE_NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  gateway_clear (&gateway);
}
GST_END_TEST;

static Suite *
whepactions_suite (void)
{
  Suite *suite = suite_create ("whepactions");
  TCase *tcase = tcase_create ("whepactions");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase,
      an_element_that_is_not_running_has_nobody_to_disconnect, 0,
      G_N_ELEMENTS (elements));
  tcase_add_loop_test (tcase, an_element_without_streams_says_so, 0,
      G_N_ELEMENTS (elements));
  tcase_add_test (tcase, a_publisher_is_disconnected_by_an_event_upstream);
  tcase_add_test (tcase, a_stream_is_described_with_its_publisher);
  tcase_add_test (tcase, a_track_is_measured_as_it_arrives);
  tcase_add_test (tcase, a_viewer_is_disconnected_by_the_id_of_its_message);
  tcase_add_test (tcase,
      a_drained_element_disconnects_its_viewers_at_the_deadline);
  tcase_add_test (tcase, calls_end_before_the_element_stops);
  return suite;
}

GST_CHECK_MAIN (whepactions);
