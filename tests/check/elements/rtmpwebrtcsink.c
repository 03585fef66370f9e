/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishers that come, send and go; a stand-in for whepsink counts the packets
 * that would be sent to browsers. */

#include "tests/support/countingsink.h"

#include <gst/check/gstcheck.h>

#define MAX_PACKET 1162 /* see gst/live/gstdatagramsize.h */
#define N_PUBLISHERS 50

/* A gateway of one element, and its bus. */
typedef struct
{
  GstElement *pipeline;
  GstElement *sink;
  GstBus *bus;
} Gateway;

static void
gateway_start (Gateway *self)
{
  counting_sink_reset ();
  self->pipeline = gst_pipeline_new (NULL);
  self->sink = gst_element_factory_make ("rtmpwebrtcsink", NULL);
  ck_assert (self->sink != NULL);
  gst_bin_add (GST_BIN (self->pipeline), self->sink);
  g_signal_connect (self->sink, "element-removed", counting_sink_poke, NULL);
  self->bus = gst_element_get_bus (self->pipeline);
  ck_assert_int_ne (gst_element_set_state (self->pipeline, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
}

static void
gateway_stop (Gateway *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->bus);
  gst_object_unref (self->pipeline);
}

/* Returns: (nullable): the first message of the types so far; earlier ones are
 * discarded. */
static GstMessage *
gateway_pop (Gateway *self, GstMessageType type)
{
  return gst_bus_pop_filtered (self->bus, type);
}

/* One publisher: a pad that pushes from this thread, as rtmpserversrc's pad
 * does from the publisher's. */
typedef struct
{
  GstElement *gateway;
  GstPad *src;
  GstPad *sink; /* the gateway's */
} Publisher;

static void
publisher_come (Publisher *self, Gateway *gateway, const gchar *name,
    const gchar *property)
{
  GstEvent *start = gst_event_new_stream_start ("publisher");
  g_autoptr (GstCaps) caps = gst_caps_from_string ("video/x-flv");
  GstSegment segment;

  self->gateway = gateway->sink;
  self->src = gst_pad_new ("src", GST_PAD_SRC);
  gst_pad_set_active (self->src, TRUE);
  self->sink = gst_element_request_pad_simple (gateway->sink, "sink_%u");
  ck_assert (self->sink != NULL);
  if (property != NULL)
    g_object_set (self->sink, "stream-name", property, NULL);
  ck_assert_int_eq (gst_pad_link (self->src, self->sink), GST_PAD_LINK_OK);
  if (name != NULL)
    gst_structure_set (gst_event_writable_structure (start), "stream-name",
        G_TYPE_STRING, name, NULL);
  gst_pad_push_event (self->src, start);
  gst_pad_push_event (self->src, gst_event_new_caps (caps));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->src, gst_event_new_segment (&segment));
}

static GstBuffer *
load_flv (const gchar *name)
{
  g_autofree gchar *path =
      g_build_filename (g_getenv ("SUPPORT_DIR"), "flv", name, NULL);
  g_autoptr (GError) error = NULL;
  gchar *data;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  return gst_buffer_new_wrapped (data, size);
}

static GstFlowReturn
publisher_send (Publisher *self, const gchar *name)
{
  return gst_pad_push (self->src, load_flv (name));
}

static guint
n_children (const Publisher *self)
{
  GQuark owner = g_quark_from_static_string ("rtmpwebrtcsink-owner");
  guint n = 0;

  GST_OBJECT_LOCK (self->gateway);
  for (GList *l = GST_BIN_CHILDREN (self->gateway); l != NULL; l = l->next)
    n += g_object_get_qdata (l->data, owner) == self->sink;
  GST_OBJECT_UNLOCK (self->gateway);
  return n;
}

static gboolean
has_no_children (gpointer publisher)
{
  return n_children (publisher) == 0;
}

/* Removes the pad as rtmpserversrc does, whether it is linked or not. The bin
 * needs another thread to remove the chain behind it, so this waits for
 * that. */
static void
publisher_go (Publisher *self)
{
  ck_assert_uint_gt (n_children (self), 0);
  gst_pad_unlink (self->src, self->sink);
  counting_sink_wait_until (has_no_children, self);
  gst_object_unref (self->sink);
  gst_object_unref (self->src);
}

static const struct
{
  const gchar *file, *video, *audio; /* encoding names */
  guint n_video, n_audio;            /* packets, at least */
} files[] = {
  { "h264-aac.flv", "H264", "OPUS", 20, 40 },
  { "h264.flv", "H264", NULL, 20, 0 },
  { "aac.flv", NULL, "OPUS", 0, 40 },
  { "mp3.flv", NULL, "OPUS", 0, 40 },
  { "alaw.flv", NULL, "PCMA", 0, 40 },
};

GST_START_TEST (each_codec_comes_out_as_rtp_that_browsers_accept)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    Gateway gateway;
    Publisher publisher;
    CountingSinkTrack video, audio;

    gateway_start (&gateway);
    publisher_come (&publisher, &gateway, "live/cam", NULL);
    ck_assert_int_eq (publisher_send (&publisher, files[i].file), GST_FLOW_OK);
    counting_sink_track ("live/cam", "video", &video);
    counting_sink_track ("live/cam", "audio", &audio);

    ck_assert_msg (g_strcmp0 (video.encoding_name, files[i].video) == 0, "%s",
        files[i].file);
    ck_assert_msg (g_strcmp0 (audio.encoding_name, files[i].audio) == 0, "%s",
        files[i].file);
    ck_assert_msg (video.n_packets >= files[i].n_video, "%s: %u", files[i].file,
        video.n_packets);
    ck_assert_msg (audio.n_packets >= files[i].n_audio, "%s: %u", files[i].file,
        audio.n_packets);
    ck_assert_uint_le (video.largest_bytes, MAX_PACKET);
    ck_assert_uint_le (audio.largest_bytes, MAX_PACKET);
    publisher_go (&publisher);
    gateway_stop (&gateway);
  }
}
GST_END_TEST;

static const struct
{
  const gchar *upstream, *property, *stream;
} names[] = {
  { "live/cam", NULL, "live/cam" },
  { "live/cam", "live/door", "live/door" },
  { NULL, "live/door", "live/door" },
  { NULL, NULL, "live/stream" },
};

GST_START_TEST (a_stream_is_named_by_the_property_or_by_upstream)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    Gateway gateway;
    Publisher publisher;
    CountingSinkTrack video;

    gateway_start (&gateway);
    publisher_come (&publisher, &gateway, names[i].upstream, names[i].property);
    publisher_send (&publisher, "h264-aac.flv");
    counting_sink_track (names[i].stream, "video", &video);
    ck_assert_msg (video.n_packets > 0, "%s", names[i].stream);
    publisher_go (&publisher);
    gateway_stop (&gateway);
  }
}
GST_END_TEST;

GST_START_TEST (a_gateway_plays_before_any_publisher)
{
  Gateway gateway;
  GstState state;

  gateway_start (&gateway);
  ck_assert_int_eq (gst_element_get_state (gateway.pipeline, &state, NULL, 0),
      GST_STATE_CHANGE_SUCCESS);
  ck_assert_int_eq (state, GST_STATE_PLAYING);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (publishers_come_and_go_and_leave_nothing_behind)
{
  Gateway gateway;

  gateway_start (&gateway);
  for (guint i = 0; i < N_PUBLISHERS; i++) {
    Publisher publisher;

    publisher_come (&publisher, &gateway, "live/cam", NULL);
    publisher_send (&publisher, "h264-aac.flv");
    ck_assert_int_gt (GST_BIN_NUMCHILDREN (gateway.sink), 1);
    publisher_go (&publisher);
    ck_assert_int_eq (GST_BIN_NUMCHILDREN (gateway.sink), 1);
    ck_assert_uint_eq (gateway.sink->numpads, 0);
    ck_assert_uint_eq (counting_sink_n_pads (), 0);
  }
  ck_assert (
      gateway_pop (&gateway,
          GST_MESSAGE_ERROR | GST_MESSAGE_EOS | GST_MESSAGE_WARNING) == NULL);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (the_end_of_one_stream_is_not_the_end_of_the_pipeline)
{
  Gateway gateway;
  Publisher first, second;
  CountingSinkTrack video;

  gateway_start (&gateway);
  publisher_come (&first, &gateway, "live/one", NULL);
  publisher_come (&second, &gateway, "live/two", NULL);
  publisher_send (&first, "h264-aac.flv");
  gst_pad_push_event (first.src, gst_event_new_eos ());
  publisher_go (&first);
  ck_assert_int_eq (publisher_send (&second, "h264-aac.flv"), GST_FLOW_OK);
  counting_sink_track ("live/two", "video", &video);
  ck_assert_uint_gt (video.n_packets, 0);
  ck_assert (
      gateway_pop (&gateway, GST_MESSAGE_EOS | GST_MESSAGE_ERROR) == NULL);
  publisher_go (&second);
  gateway_stop (&gateway);
}
GST_END_TEST;

/* Makes the first element of the bin whose name begins with the prefix report
 * an error. */
static void
break_element (Gateway *gateway, const gchar *prefix)
{
  g_autoptr (GstIterator) elements =
      gst_bin_iterate_recurse (GST_BIN (gateway->sink));
  GValue item = G_VALUE_INIT;

  while (gst_iterator_next (elements, &item) == GST_ITERATOR_OK) {
    GstElement *element = g_value_get_object (&item);

    if (g_str_has_prefix (GST_OBJECT_NAME (element), prefix)) {
      GST_ELEMENT_ERROR (element, STREAM, DECODE, ("It broke."), (NULL));
      break;
    }
    g_value_reset (&item);
  }
  ck_assert (G_VALUE_HOLDS_OBJECT (&item));
  g_value_unset (&item);
}

GST_START_TEST (an_error_ends_one_stream_and_becomes_a_warning_that_names_it)
{
  Gateway gateway;
  Publisher publisher;
  g_autoptr (GstMessage) warning = NULL;
  g_autoptr (GError) error = NULL;

  gateway_start (&gateway);
  publisher_come (&publisher, &gateway, "live/cam", NULL);
  publisher_send (&publisher, "h264-aac.flv");
  break_element (&gateway, "avdec_aac");

  warning = gateway_pop (&gateway, GST_MESSAGE_ERROR | GST_MESSAGE_WARNING);
  ck_assert (warning != NULL);
  gst_message_parse_warning (warning, &error, NULL);
  ck_assert_str_eq (error->message,
      "The stream \"live/cam\" has an error: It broke.");
  publisher_go (&publisher);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_track_that_fails_does_not_stop_its_publisher)
{
  Gateway gateway;
  Publisher publisher;
  CountingSinkTrack before, after;

  gateway_start (&gateway);
  publisher_come (&publisher, &gateway, "live/cam", NULL);
  counting_sink_reject ("audio");
  ck_assert_int_eq (publisher_send (&publisher, "h264-aac.flv"), GST_FLOW_OK);
  counting_sink_track ("live/cam", "video", &before);
  counting_sink_track ("live/cam", "audio", &after);
  ck_assert_uint_gt (before.n_packets, 0);
  ck_assert_uint_eq (after.n_packets, 0);
  publisher_go (&publisher);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (b_frames_are_reported_with_the_streams_name)
{
  Gateway gateway;
  Publisher publisher;
  g_autoptr (GstMessage) news = NULL;
  const GstStructure *s;

  gateway_start (&gateway);
  gst_util_set_object_arg (G_OBJECT (gateway.sink), "b-frames", "drop");
  publisher_come (&publisher, &gateway, "live/cam", NULL);
  ck_assert_int_eq (publisher_send (&publisher, "h264-bframes-aac.flv"),
      GST_FLOW_OK);
  news = gateway_pop (&gateway, GST_MESSAGE_ELEMENT);
  ck_assert (news != NULL && gst_message_has_name (news, "b-frames"));
  s = gst_message_get_structure (news);
  ck_assert_str_eq (gst_structure_get_string (s, "stream-name"), "live/cam");
  ck_assert_str_eq (gst_structure_get_string (s, "b-frames"), "drop");
  publisher_go (&publisher);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_publisher_with_b_frames_can_be_rejected)
{
  Gateway gateway;
  Publisher with, without;

  gateway_start (&gateway);
  gst_util_set_object_arg (G_OBJECT (gateway.sink), "b-frames", "refuse");
  publisher_come (&with, &gateway, "live/with", NULL);
  ck_assert_int_eq (publisher_send (&with, "h264-bframes-aac.flv"),
      GST_FLOW_ERROR);
  publisher_come (&without, &gateway, "live/without", NULL);
  ck_assert_int_eq (publisher_send (&without, "h264-aac.flv"), GST_FLOW_OK);
  publisher_go (&with);
  publisher_go (&without);
  gateway_stop (&gateway);
}
GST_END_TEST;

static void
send_with (const gchar *setting, const gchar *value, const gchar *file,
    const gchar *media, CountingSinkTrack *track)
{
  Gateway gateway;
  Publisher publisher;

  gateway_start (&gateway);
  if (value != NULL)
    gst_util_set_object_arg (G_OBJECT (gateway.sink), setting, value);
  publisher_come (&publisher, &gateway, "live/cam", NULL);
  publisher_send (&publisher, file);
  counting_sink_track ("live/cam", media, track);
  publisher_go (&publisher);
  gateway_stop (&gateway);
}

static guint
n_sounds (const gchar *frame_size)
{
  CountingSinkTrack audio;

  send_with ("opus-frame-size", frame_size, "aac.flv", "audio", &audio);
  return audio.n_packets;
}

GST_START_TEST (opus_packets_have_the_configured_duration)
{
  guint n = n_sounds ("20");

  ck_assert_uint_gt (n, 40);
  ck_assert_uint_eq (n_sounds (NULL), n);
  ck_assert_uint_ge (n_sounds ("10"), 2 * n);
}
GST_END_TEST;

static guint
largest_packet (const gchar *size)
{
  CountingSinkTrack video;

  send_with ("max-datagram-size", size, "h264-aac.flv", "video", &video);
  return video.largest_bytes;
}

/* Whepsink adds up to 38 bytes. */
GST_START_TEST (video_packets_fill_datagrams_of_the_configured_size)
{
  ck_assert_uint_le (largest_packet ("640"), 640 - 38);
  ck_assert_uint_gt (largest_packet ("1400"), largest_packet (NULL));
}
GST_END_TEST;

static void
transcodes (const gchar *setting, const gchar *b_frames)
{
  Gateway gateway;
  Publisher publisher;
  g_autoptr (GstMessage) news = NULL;

  gateway_start (&gateway);
  gst_util_set_object_arg (G_OBJECT (gateway.sink), "transcode", setting);
  publisher_come (&publisher, &gateway, "live/cam", NULL);
  ck_assert_int_eq (publisher_send (&publisher, "h264-bframes-aac.flv"),
      GST_FLOW_OK);
  news = gateway_pop (&gateway, GST_MESSAGE_ELEMENT);
  ck_assert_str_eq (gst_structure_get_string (gst_message_get_structure (news),
                        "b-frames"),
      b_frames);
  publisher_go (&publisher);
  gateway_stop (&gateway);
}

GST_START_TEST (nothing_is_transcoded_if_transcoding_is_disabled)
{
  transcodes ("auto", "transcode");
  transcodes ("never", "pass");
}
GST_END_TEST;

GST_START_TEST (a_pad_can_be_released_while_it_is_linked)
{
  Gateway gateway;
  Publisher publisher;

  gateway_start (&gateway);
  publisher_come (&publisher, &gateway, "live/cam", NULL);
  publisher_send (&publisher, "h264-aac.flv");
  gst_element_release_request_pad (gateway.sink, publisher.sink);
  ck_assert_int_eq (GST_BIN_NUMCHILDREN (gateway.sink), 1);
  ck_assert_int_eq (publisher_send (&publisher, "h264.flv"),
      GST_FLOW_NOT_LINKED);
  gst_object_unref (publisher.sink);
  gst_object_unref (publisher.src);
  gateway_stop (&gateway);
}
GST_END_TEST;

/* The next publisher must not be linked to elements that are being removed. */
GST_START_TEST (an_unlinked_pad_is_removed)
{
  Gateway gateway;
  Publisher publisher;
  g_autofree gchar *name = NULL;

  gateway_start (&gateway);
  publisher_come (&publisher, &gateway, "live/cam", NULL);
  name = gst_pad_get_name (publisher.sink);
  gst_pad_unlink (publisher.src, publisher.sink);
  ck_assert (gst_element_get_static_pad (gateway.sink, name) == NULL);
  gst_object_unref (publisher.sink);
  gst_object_unref (publisher.src);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_named_pad_does_not_collide_with_a_numbered_one)
{
  Gateway gateway;
  GstPad *named, *numbered;

  gateway_start (&gateway);
  named = gst_element_request_pad_simple (gateway.sink, "sink_1");
  numbered = gst_element_request_pad_simple (gateway.sink, "sink_%u");
  ck_assert_str_eq (GST_PAD_NAME (named), "sink_1");
  ck_assert_str_eq (GST_PAD_NAME (numbered), "sink_2");
  gst_element_release_request_pad (gateway.sink, named);
  gst_element_release_request_pad (gateway.sink, numbered);
  gst_object_unref (named);
  gst_object_unref (numbered);
  gateway_stop (&gateway);
}
GST_END_TEST;

/* Returns whether the video of the stream has arrived. */
static gboolean
has_video (gpointer stream)
{
  CountingSinkTrack video;

  counting_sink_track (stream, "video", &video);
  return video.n_packets > 0;
}

static gboolean
has_no_pads (gpointer unused)
{
  return counting_sink_n_pads () == 0;
}

GST_START_TEST (the_whole_gateway_is_one_line_of_gst_launch)
{
  g_autoptr (GError) error = NULL;
  GstElement *gateway =
      gst_parse_launch ("rtmpserversrc name=server address=127.0.0.1 port=0 : "
                        "rtmpwebrtcsink",
          &error);
  g_autoptr (GstElement) server = NULL;
  g_autofree gchar *line = NULL;
  GstElement *publisher;
  guint port;

  ck_assert_msg (gateway != NULL, "%s", error ? error->message : "");
  counting_sink_reset ();
  ck_assert_int_ne (gst_element_set_state (gateway, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  server = gst_bin_get_by_name (GST_BIN (gateway), "server");
  g_object_get (server, "port", &port, NULL);

  line = g_strdup_printf ("filesrc location=%s/flv/h264-aac.flv ! flvdemux "
                          "name=d d.video ! queue ! h264parse ! m. "
                          "d.audio ! queue ! aacparse ! m. "
                          "flvmux name=m streamable=true ! "
                          "rtmp2sink async-connect=false "
                          "location=rtmp://127.0.0.1:%u/live/cam",
      g_getenv ("SUPPORT_DIR"), port);
  publisher = gst_parse_launch (line, &error);
  ck_assert_msg (publisher != NULL, "%s", error ? error->message : "");
  gst_element_set_state (publisher, GST_STATE_PLAYING);
  counting_sink_wait_until (has_video, "live/cam");
  gst_element_set_state (publisher, GST_STATE_NULL);
  counting_sink_wait_until (has_no_pads, NULL);
  gst_element_set_state (gateway, GST_STATE_NULL);
  gst_object_unref (publisher);
  gst_object_unref (gateway);
}
GST_END_TEST;

/* The stand-in for whepsink has none of these properties. */
GST_START_TEST (whepsinks_properties_exist_without_whepsink)
{
  GstElement *sink = gst_element_factory_make ("rtmpwebrtcsink", NULL);
  guint port, n_viewers;
  guint64 linger;

  g_object_set (sink, "port", 1, "view-keys", "keys", NULL);
  g_object_get (sink, "port", &port, "linger", &linger, "n-viewers", &n_viewers,
      NULL);
  ck_assert_uint_eq (port, 8080);
  ck_assert_uint_eq (linger, 15 * GST_SECOND);
  ck_assert_uint_eq (n_viewers, 0);
  gst_object_unref (sink);
}
GST_END_TEST;

static Suite *
rtmpwebrtcsink_suite (void)
{
  Suite *suite = suite_create ("rtmpwebrtcsink");
  TCase *tcase = tcase_create ("rtmpwebrtcsink");

  counting_sink_replace_whepsink ();
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_codec_comes_out_as_rtp_that_browsers_accept);
  tcase_add_test (tcase, a_stream_is_named_by_the_property_or_by_upstream);
  tcase_add_test (tcase, a_gateway_plays_before_any_publisher);
  tcase_add_test (tcase, publishers_come_and_go_and_leave_nothing_behind);
  tcase_add_test (tcase, the_end_of_one_stream_is_not_the_end_of_the_pipeline);
  tcase_add_test (tcase,
      an_error_ends_one_stream_and_becomes_a_warning_that_names_it);
  tcase_add_test (tcase, a_track_that_fails_does_not_stop_its_publisher);
  tcase_add_test (tcase, b_frames_are_reported_with_the_streams_name);
  tcase_add_test (tcase, a_publisher_with_b_frames_can_be_rejected);
  tcase_add_test (tcase, opus_packets_have_the_configured_duration);
  tcase_add_test (tcase, video_packets_fill_datagrams_of_the_configured_size);
  tcase_add_test (tcase, nothing_is_transcoded_if_transcoding_is_disabled);
  tcase_add_test (tcase, a_pad_can_be_released_while_it_is_linked);
  tcase_add_test (tcase, an_unlinked_pad_is_removed);
  tcase_add_test (tcase, a_named_pad_does_not_collide_with_a_numbered_one);
  tcase_add_test (tcase, the_whole_gateway_is_one_line_of_gst_launch);
  tcase_add_test (tcase, whepsinks_properties_exist_without_whepsink);
  return suite;
}

GST_CHECK_MAIN (rtmpwebrtcsink);
