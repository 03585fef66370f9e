/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tracks that begin, send and end; the list of streams shows the result. */

#include "whepbench/crowd-io.h"
#include "tests/support/whepgateway.h"

#include <gst/check/gstcheck.h>
#include <gio/gio.h>
#include <string.h>

/* Immediate effects have happened after this time, on a busy machine, too. */
#define PATIENCE_US WHEP_GATEWAY_PATIENCE_US
#define FRAME_US (5 * 1000)
/* Without the lock, fewer than 10 end in a crash. */
#define N_RESTARTS 20

GST_START_TEST (port_0_is_a_free_one_for_http_and_media)
{
  Gateway gateway;
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocketAddress) media = NULL;
  g_autofree gchar *reply = NULL;

  gateway_start (&gateway);
  ck_assert_uint_ne (gateway_port (&gateway), 0);
  reply = gateway_ask (&gateway, "/healthz");
  ck_assert_msg (g_str_has_prefix (reply, "HTTP/1.1 200 "), "%s", reply);

  media = g_inet_socket_address_new_from_string ("127.0.0.1",
      gateway_port (&gateway));
  ck_assert (!g_socket_bind (socket, media, FALSE, NULL));
  gateway_clear (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_taken_port_is_an_error_that_names_it)
{
  Gateway first, second;
  g_autofree gchar *number = NULL;
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  gateway_start (&first);
  gateway_init (&second, gateway_port (&first));
  number = g_strdup_printf ("%u", gateway_port (&first));

  ck_assert_int_eq (gateway_play (&second), GST_STATE_CHANGE_FAILURE);
  message = gst_bus_pop_filtered (second.bus, GST_MESSAGE_ERROR);
  ck_assert (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  ck_assert_msg (strstr (error->message, number) != NULL, "%s", error->message);
  gateway_clear (&second);
  gateway_clear (&first);
}
GST_END_TEST;

GST_START_TEST (the_element_stops_and_starts_again)
{
  Gateway gateway;
  Track video = { 0 };

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", "live/cam", NULL, VIDEO_CAPS);
  gst_element_set_state (gateway.pipeline, GST_STATE_READY);
  ck_assert_int_eq (gateway_play (&gateway), GST_STATE_CHANGE_SUCCESS);
  ck_assert (!gateway_lists (&gateway, "live/cam"));
  track_end (&video);

  track_begin (&video, &gateway, "video_%u", "live/cam", NULL, VIDEO_CAPS);
  ck_assert (gateway_lists (&gateway, "live/cam"));
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

/* A publisher's thread that requests pads, whatever state the element is in. */
typedef struct
{
  GstElement *sink;
  gint is_over; /* atomic */
  gint n_pads;  /* atomic: released so far */
} Requester;

static void
send_start (GstPad *pad)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string (VIDEO_CAPS);
  GstSegment segment;

  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_send_event (pad, gst_event_new_stream_start ("video"));
  gst_pad_send_event (pad, gst_event_new_caps (caps));
  gst_pad_send_event (pad, gst_event_new_segment (&segment));
}

static gpointer
request_pads (gpointer user_data)
{
  Requester *self = user_data;

  while (!g_atomic_int_get (&self->is_over)) {
    GstPad *pad = gst_element_request_pad_simple (self->sink, "video_%u");

    send_start (pad);
    gst_element_release_request_pad (self->sink, pad);
    gst_object_unref (pad);
    g_atomic_int_inc (&self->n_pads);
  }
  return NULL;
}

static void
wait_for_a_pad (Requester *self)
{
  gint before = g_atomic_int_get (&self->n_pads);

  while (g_atomic_int_get (&self->n_pads) == before)
    g_thread_yield ();
}

GST_START_TEST (pads_can_be_requested_while_the_element_stops_and_starts)
{
  Gateway gateway;
  Requester requester = { 0 };
  GThread *thread;

  gateway_start (&gateway);
  requester.sink = gateway.sink;
  thread = g_thread_new ("requester", request_pads, &requester);
  for (guint i = 0; i < N_RESTARTS; i++) {
    wait_for_a_pad (&requester);
    gst_element_set_state (gateway.pipeline, GST_STATE_READY);
    wait_for_a_pad (&requester);
    ck_assert_int_eq (gateway_play (&gateway), GST_STATE_CHANGE_SUCCESS);
  }
  g_atomic_int_set (&requester.is_over, TRUE);
  g_thread_join (thread);
  ck_assert (!gateway_lists (&gateway, "live"));
  gateway_clear (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_stream_is_named_by_the_property_or_by_upstream)
{
  static const struct
  {
    const gchar *property, *upstream, *name;
  } names[] = {
    { "live/mine", "live/theirs", "\"live/mine\"" },
    { NULL, "live/theirs", "\"live/theirs\"" },
    { "live/mine", NULL, "\"live/mine\"" },
    { NULL, NULL, "\"live/stream\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    Gateway gateway;
    Track video = { 0 };

    gateway_start (&gateway);
    track_begin (&video, &gateway, "video_%u", names[i].property,
        names[i].upstream, VIDEO_CAPS);
    ck_assert_msg (gateway_lists (&gateway, names[i].name), "%s",
        names[i].name);
    track_end (&video);
    gateway_clear (&gateway);
  }
}
GST_END_TEST;

GST_START_TEST (tracks_of_one_name_are_one_stream)
{
  Gateway gateway;
  Track video = { 0 }, audio = { 0 };

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", "live/cam", NULL, VIDEO_CAPS);
  ck_assert (gateway_lists (&gateway, "H264"));
  ck_assert (gateway_lists (&gateway, "42e01f"));
  ck_assert (!gateway_lists (&gateway, "OPUS"));
  track_begin (&audio, &gateway, "audio_%u", "live/cam", NULL, AUDIO_CAPS);
  ck_assert (gateway_lists (&gateway, "OPUS"));

  track_end (&video);
  ck_assert (!gateway_lists (&gateway, "H264"));
  ck_assert (gateway_lists (&gateway, "live/cam"));
  track_end (&audio);
  ck_assert (!gateway_lists (&gateway, "live/cam"));
  gateway_clear (&gateway);
}
GST_END_TEST;

GST_START_TEST (the_bins_properties_are_those_of_whepsink)
{
  g_autoptr (GstElement) bin =
      gst_element_factory_make ("rtmpwebrtcsink", NULL);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (bin), "whepsink");
  guint bytes, viewers;
  guint64 time;

  ck_assert (sink != NULL);
  g_object_set (bin, "max-viewers", 7, "max-backlog-bytes", 100000,
      "max-backlog-time", 5 * GST_SECOND, NULL);
  g_object_get (sink, "max-viewers", &viewers, "max-backlog-bytes", &bytes,
      "max-backlog-time", &time, NULL);
  ck_assert_uint_eq (viewers, 7);
  ck_assert_uint_eq (bytes, 100000);
  ck_assert_uint_eq (time, 5 * GST_SECOND);
}
GST_END_TEST;

GST_START_TEST (the_profile_is_known_from_either_form_of_caps)
{
  static const struct
  {
    const gchar *fields;
    const gchar *said;
  } forms[] = {
    { ", profile-level-id=(string)42e01f", "42e01f" },
    /* A PPS, then the SPS of a Main profile stream. */
    { ", sprop-parameter-sets=(string)\"aO48gA==,Z01AH6tAKALdgA==\"",
        "4d401f" },
    { ", sprop-parameter-sets=(string)\"aO48gA==,Z00=,,!\"", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++) {
    g_autofree gchar *caps =
        g_strconcat (VIDEO_CAPS_BARE, forms[i].fields, NULL);
    Gateway gateway;
    Track video = { 0 };

    gateway_start (&gateway);
    track_begin (&video, &gateway, "video_%u", "live/cam", NULL, caps);
    if (forms[i].said == NULL)
      ck_assert (!gateway_lists (&gateway, "profile_level_id"));
    else
      ck_assert (gateway_lists (&gateway, forms[i].said));
    track_end (&video);
    gateway_clear (&gateway);
  }
}
GST_END_TEST;

GST_START_TEST (the_end_of_a_stream_is_not_the_end_of_the_pipeline)
{
  Gateway gateway;
  Track one = { 0 }, two = { 0 };

  gateway_start (&gateway);
  track_begin (&one, &gateway, "video_%u", "live/one", NULL, VIDEO_CAPS);
  track_begin (&two, &gateway, "video_%u", "live/two", NULL, VIDEO_CAPS);
  ck_assert (gst_pad_push_event (one.src, gst_event_new_eos ()));
  ck_assert (!gateway_lists (&gateway, "live/one"));
  ck_assert (gateway_lists (&gateway, "live/two"));
  ck_assert (gst_pad_push_event (two.src, gst_event_new_eos ()));
  ck_assert (
      gst_bus_pop_filtered (gateway.bus,
          GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING) == NULL);
  track_end (&one);
  track_end (&two);
  gateway_clear (&gateway);
}
GST_END_TEST;

GST_START_TEST (packets_too_large_to_send_are_dropped_and_warned_of_once)
{
  Gateway gateway;
  Track video = { 0 };
  g_autoptr (GstMessage) warning = NULL;

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", NULL, NULL, VIDEO_CAPS);
  ck_assert_int_eq (track_push (&video, 1168), GST_FLOW_OK);
  ck_assert (gst_bus_pop_filtered (gateway.bus, GST_MESSAGE_WARNING) == NULL);
  ck_assert_int_eq (track_push (&video, 1500), GST_FLOW_OK);
  warning = gst_bus_pop_filtered (gateway.bus, GST_MESSAGE_WARNING);
  ck_assert (warning != NULL);
  ck_assert_int_eq (track_push (&video, 1500), GST_FLOW_OK);
  ck_assert (gst_bus_pop_filtered (gateway.bus, GST_MESSAGE_WARNING) == NULL);
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

GST_START_TEST (buffers_that_are_not_rtp_are_dropped)
{
  Gateway gateway;
  Track video = { 0 };

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", NULL, NULL, VIDEO_CAPS);
  ck_assert_int_eq (gst_pad_push (video.src,
                        gst_buffer_new_memdup ("no packet", 9)),
      GST_FLOW_OK);
  ck_assert_int_eq (track_push (&video, 100), GST_FLOW_OK);
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_pad_accepts_no_buffer_after_eos)
{
  Gateway gateway;
  Track video = { 0 };

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", NULL, NULL, VIDEO_CAPS);
  ck_assert (gst_pad_push_event (video.src, gst_event_new_eos ()));
  ck_assert_int_ne (track_push (&video, 100), GST_FLOW_OK);
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_pad_accepts_no_buffer_without_caps)
{
  Gateway gateway;
  Track video = { 0 };
  GstSegment segment;

  gateway_start (&gateway);
  video.gateway = gateway.sink;
  video.src = gst_pad_new ("src", GST_PAD_SRC);
  gst_pad_set_active (video.src, TRUE);
  video.sink = gst_element_request_pad_simple (gateway.sink, "video_%u");
  gst_pad_link (video.src, video.sink);
  gst_pad_push_event (video.src, gst_event_new_stream_start ("track"));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (video.src, gst_event_new_segment (&segment));
  ck_assert_int_eq (track_push (&video, 100), GST_FLOW_NOT_NEGOTIATED);
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

/* Returns: one viewer, which has got an answer. */
static Crowd *
gateway_invite (Gateway *self)
{
  Crowd *crowd = crowd_new ();
  g_autofree gchar *url = g_strdup_printf ("http://127.0.0.1:%u/whep/live/cam",
      gateway_port (self));

  ck_assert (crowd_post (crowd, url, NULL));
  return crowd;
}

static Crowd *
gateway_watch (Gateway *self)
{
  Crowd *crowd = gateway_invite (self);

  ck_assert (crowd_run_until_playing (crowd, PATIENCE_US));
  return crowd;
}

GST_START_TEST (viewers_outlast_a_publisher_for_as_long_as_linger_says)
{
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;
  Gateway gateway;
  Track video = { 0 };
  Crowd *crowd;

  gateway_init (&gateway, 0);
  g_object_set (gateway.sink, "linger", (guint64) 0, NULL);
  ck_assert_int_eq (gateway_play (&gateway), GST_STATE_CHANGE_SUCCESS);
  track_begin (&video, &gateway, "video_%u", "live/cam", NULL, VIDEO_CAPS);
  ck_assert_int_eq (track_push (&video, 100), GST_FLOW_OK);
  crowd = gateway_watch (&gateway);
  ck_assert_uint_eq (gateway_n_viewers (&gateway), 1);

  track_end (&video);
  while (gateway_n_viewers (&gateway) > 0)
    ck_assert (g_get_monotonic_time () < deadline_us);
  crowd_free (crowd);
  gateway_clear (&gateway);
}
GST_END_TEST;

static GstPadProbeReturn
note_need (GstPad *pad, GstPadProbeInfo *info, gpointer is_needed)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);

  if (gst_event_has_name (event, "rtmp-webrtc/need-rendition"))
    gst_structure_get_boolean (gst_event_get_structure (event), "needed",
        is_needed);
  return GST_PAD_PROBE_OK;
}

GST_START_TEST (viewers_without_the_codec_get_its_rendition)
{
  Track own = { 0 }, rendition = { .is_rendition = TRUE };
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;
  gboolean is_needed = FALSE;
  Gateway gateway;
  Crowd *crowd;

  gateway_start (&gateway);
  own.rendition_codec = "H264";
  track_begin (&own, &gateway, "video_%u", "live/cam", NULL,
      "application/x-rtp, media=(string)video, encoding-name=(string)H265, "
      "clock-rate=(int)90000, payload=(int)96");
  gst_pad_add_probe (own.src, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, note_need,
      &is_needed, NULL);
  track_push (&own, 100);
  ck_assert (gateway_lists (&gateway, "\"rendition\":\"H264\""));
  ck_assert (!is_needed);

  /* An offer alone starts no decoder. */
  crowd = gateway_invite (&gateway);
  track_push (&own, 100);
  ck_assert (!is_needed);
  while (!is_needed) {
    crowd_run_for (crowd, FRAME_US);
    track_push (&own, 100);
    ck_assert (g_get_monotonic_time () < deadline_us);
  }
  track_begin (&rendition, &gateway, "video_%u", "live/cam", NULL, VIDEO_CAPS);
  track_push (&rendition, 100);
  ck_assert (crowd_run_until_playing (crowd, PATIENCE_US));
  crowd_free (crowd);
  track_end (&rendition);
  track_end (&own);
  gateway_clear (&gateway);
}
GST_END_TEST;

/* Returns: (transfer full): the stats, once they count a packet. */
static GstStructure *
gateway_stats (Gateway *self)
{
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;
  GstStructure *stats = NULL;
  guint64 n_packets;

  do {
    ck_assert (g_get_monotonic_time () < deadline_us);
    g_clear_pointer (&stats, gst_structure_free);
    g_object_get (self->sink, "stats", &stats, NULL);
    ck_assert (gst_structure_get_uint64 (stats, "packets", &n_packets));
  } while (n_packets == 0);
  return stats;
}

static guint64
stage_count (const GstStructure *stats, const gchar *stage)
{
  const GstStructure *times =
      g_value_get_boxed (gst_structure_get_value (stats, stage));
  guint64 count = 0;

  ck_assert (gst_structure_get_uint64 (times, "count", &count));
  return count;
}

GST_START_TEST (stats_list_each_viewer_and_latency_on_request)
{
  g_autoptr (GstStructure) stats = NULL;
  const GstStructure *viewer;
  gboolean is_tracing = __i__ == 1;
  Gateway gateway;
  Track video = { 0 };
  Crowd *crowd;

  gateway_init (&gateway, 0);
  g_object_get (gateway.sink, "stats", &stats, NULL);
  ck_assert (stats == NULL);
  g_object_set (gateway.sink, "latency-tracing", is_tracing, NULL);
  ck_assert_int_eq (gateway_play (&gateway), GST_STATE_CHANGE_SUCCESS);
  track_begin (&video, &gateway, "video_%u", "live/cam", NULL, VIDEO_CAPS);
  ck_assert_int_eq (track_push (&video, 100), GST_FLOW_OK);
  crowd = gateway_watch (&gateway);

  stats = gateway_stats (&gateway);
  viewer = g_value_get_boxed (
      gst_value_list_get_value (gst_structure_get_value (stats, "viewers"), 0));
  ck_assert_str_eq (gst_structure_get_string (viewer, "thinning"), "all");
  ck_assert_uint_eq (stage_count (stats, "log") > 0, is_tracing);
  ck_assert_uint_ge (stage_count (stats, "join"), 1);

  crowd_free (crowd);
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

static Suite *
whepsink_suite (void)
{
  Suite *suite = suite_create ("whepsink");
  TCase *tcase = tcase_create ("whepsink");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, port_0_is_a_free_one_for_http_and_media);
  tcase_add_test (tcase, a_taken_port_is_an_error_that_names_it);
  tcase_add_test (tcase, the_element_stops_and_starts_again);
  tcase_add_test (tcase,
      pads_can_be_requested_while_the_element_stops_and_starts);
  tcase_add_test (tcase, a_stream_is_named_by_the_property_or_by_upstream);
  tcase_add_test (tcase, tracks_of_one_name_are_one_stream);
  tcase_add_test (tcase, the_bins_properties_are_those_of_whepsink);
  tcase_add_test (tcase, the_profile_is_known_from_either_form_of_caps);
  tcase_add_test (tcase, the_end_of_a_stream_is_not_the_end_of_the_pipeline);
  tcase_add_test (tcase,
      packets_too_large_to_send_are_dropped_and_warned_of_once);
  tcase_add_test (tcase, buffers_that_are_not_rtp_are_dropped);
  tcase_add_test (tcase, a_pad_accepts_no_buffer_after_eos);
  tcase_add_test (tcase, a_pad_accepts_no_buffer_without_caps);
  tcase_add_test (tcase, viewers_without_the_codec_get_its_rendition);
  tcase_add_test (tcase,
      viewers_outlast_a_publisher_for_as_long_as_linger_says);
  tcase_add_loop_test (tcase, stats_list_each_viewer_and_latency_on_request, 0,
      2);
  return suite;
}

GST_CHECK_MAIN (whepsink);
