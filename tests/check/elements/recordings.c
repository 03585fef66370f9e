/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams of rtmpwebrtcsink become files, all of them or one by one. */

#include "tests/support/countingsink.h"
#include "tests/support/flvfile.h"
#include "tests/support/folder.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>

#define FILM "h264-aac.flv"
#define FILM_PICTURES 90
#define FILM_SOUNDS 131
#define PATIENCE (20 * GST_SECOND)

typedef struct
{
  GstElement *pipeline;
  GstElement *sink;
  GstBus *bus;
  gchar *folder;
} Gateway;

/* @location: (nullable): below the folder. */
static void
gateway_start (Gateway *self, const gchar *location)
{
  counting_sink_reset ();
  self->folder = g_dir_make_tmp ("recordings-XXXXXX", NULL);
  self->pipeline = gst_pipeline_new (NULL);
  self->sink = gst_element_factory_make ("rtmpwebrtcsink", NULL);
  if (location != NULL) {
    g_autofree gchar *path = g_build_filename (self->folder, location, NULL);

    g_object_set (self->sink, "record-location", path, NULL);
  }
  gst_bin_add (GST_BIN (self->pipeline), self->sink);
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
  folder_remove (self->folder);
  g_free (self->folder);
}

/* Returns: (transfer full): the next element message of that name. */
static GstMessage *
gateway_hears (Gateway *self, const gchar *name)
{
  for (;;) {
    GstMessage *message =
        gst_bus_timed_pop_filtered (self->bus, PATIENCE, GST_MESSAGE_ELEMENT);

    ck_assert_msg (message != NULL, "waited in vain: %s", name);
    if (gst_message_has_name (message, name))
      return message;
    gst_message_unref (message);
  }
}

typedef struct
{
  Gateway *gateway;
  GstPad *src, *sink;
} Publisher;

static void
publisher_come (Publisher *self, Gateway *gateway, const gchar *name)
{
  GstEvent *start = gst_event_new_stream_start ("publisher");
  g_autoptr (GstCaps) caps = gst_caps_from_string ("video/x-flv");
  GstSegment segment;

  self->gateway = gateway;
  self->src = gst_pad_new ("src", GST_PAD_SRC);
  gst_pad_set_active (self->src, TRUE);
  self->sink = gst_element_request_pad_simple (gateway->sink, "sink_%u");
  ck_assert_int_eq (gst_pad_link (self->src, self->sink), GST_PAD_LINK_OK);
  gst_structure_set (gst_event_writable_structure (start), "stream-name",
      G_TYPE_STRING, name, NULL);
  gst_pad_push_event (self->src, start);
  gst_pad_push_event (self->src, gst_event_new_caps (caps));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->src, gst_event_new_segment (&segment));
}

static void
publisher_send (Publisher *self)
{
  g_autoptr (GBytes) film = flv_file_load (FILM);

  ck_assert_int_eq (gst_pad_push (self->src, flv_file_cut (film, 0, G_MAXINT)),
      GST_FLOW_OK);
}

static void
publisher_go (Publisher *self)
{
  gst_pad_set_active (self->src, FALSE);
  gst_pad_unlink (self->src, self->sink);
  gst_object_unref (self->sink);
  gst_object_unref (self->src);
}

static const gchar *
text_of (GstMessage *message, const gchar *field)
{
  return gst_structure_get_string (gst_message_get_structure (message), field);
}

/* It has that reason, and is a file of as many bytes. */
static void
assert_ended (GstMessage *message, const gchar *reason)
{
  guint64 duration, bytes;
  GStatBuf info;

  ck_assert_str_eq (text_of (message, "reason"), reason);
  ck_assert (gst_structure_get (gst_message_get_structure (message), "duration",
      G_TYPE_UINT64, &duration, "bytes", G_TYPE_UINT64, &bytes, NULL));
  ck_assert_int_eq (g_stat (text_of (message, "location"), &info), 0);
  ck_assert_uint_eq (bytes, info.st_size);
  ck_assert_uint_gt (bytes, 1000);
  ck_assert_uint_gt (duration, 0);
}

GST_START_TEST (each_publisher_becomes_a_file)
{
  const gchar *names[] = { "live/one", "live/two" };
  Publisher publishers[2];
  Gateway gateway;

  gateway_start (&gateway, "%a/%k.mp4");
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GstMessage) started = NULL;

    publisher_come (&publishers[i], &gateway, names[i]);
    publisher_send (&publishers[i]);
    started = gateway_hears (&gateway, "recording-started");
    ck_assert_str_eq (text_of (started, "stream-name"), names[i]);
  }
  for (guint i = 0; i < 2; i++) {
    g_autofree gchar *end = g_strdup_printf ("/%s.mp4", names[i]);
    g_autoptr (GstMessage) ended = NULL;

    publisher_go (&publishers[i]);
    ended = gateway_hears (&gateway, "recording-ended");
    ck_assert_str_eq (text_of (ended, "stream-name"), names[i]);
    ck_assert (g_str_has_suffix (text_of (ended, "location"), end));
    assert_ended (ended, "the publisher has left");
  }
  gateway_stop (&gateway);
}
GST_END_TEST;

static gchar *
start_recording (Gateway *gateway, const gchar *stream, const gchar *location)
{
  gchar *why = NULL;

  g_signal_emit_by_name (gateway->sink, "start-recording", stream, location,
      &why);
  return why;
}

static gchar *
stop_recording (Gateway *gateway, const gchar *stream)
{
  gchar *why = NULL;

  g_signal_emit_by_name (gateway->sink, "stop-recording", stream, &why);
  return why;
}

static void
assert_says (gchar *why, const gchar *expected)
{
  ck_assert_msg (g_strcmp0 (why, expected) == 0, "%s", why);
  g_free (why);
}

GST_START_TEST (one_stream_is_recorded_on_demand)
{
  g_autoptr (GstMessage) started = NULL;
  g_autoptr (GstMessage) ended = NULL;
  g_autofree gchar *location = NULL;
  Publisher publisher;
  Gateway gateway;

  gateway_start (&gateway, NULL);
  location = g_build_filename (gateway.folder, "%k.mp4", NULL);
  assert_says (start_recording (&gateway, "live/cam", location),
      "there is no such stream");
  publisher_come (&publisher, &gateway, "live/cam");
  publisher_send (&publisher);
  assert_says (stop_recording (&gateway, "live/cam"),
      "the stream is not recorded");
  assert_says (start_recording (&gateway, "live/cam", "%k/"),
      "it ends with a slash, so that the file has no name");
  assert_says (start_recording (&gateway, "live/cam", location), NULL);
  assert_says (start_recording (&gateway, "live/cam", location),
      "the stream is recorded already");
  publisher_send (&publisher);
  started = gateway_hears (&gateway, "recording-started");
  assert_says (stop_recording (&gateway, "live/cam"), NULL);
  ended = gateway_hears (&gateway, "recording-ended");
  assert_ended (ended, "it was stopped");
  publisher_go (&publisher);
  gateway_stop (&gateway);
}
GST_END_TEST;

static guint
n_muxers (Gateway *gateway)
{
  g_autoptr (GstIterator) muxers =
      gst_bin_iterate_all_by_element_factory_name (GST_BIN (gateway->sink),
          "fmp4livemux");
  GValue value = G_VALUE_INIT;
  guint n = 0;

  while (gst_iterator_next (muxers, &value) == GST_ITERATOR_OK) {
    g_value_reset (&value);
    n++;
  }
  return n;
}

/* Of the video or audio that a stock demuxer finds. */
static guint
n_frames (const gchar *path, const gchar *pad)
{
  g_autofree gchar *words =
      g_strdup_printf ("filesrc location=%s ! qtdemux name=demux "
                       "demux.%s ! queue max-size-buffers=0 max-size-time=0 "
                       "max-size-bytes=0 ! "
                       "fakesink name=sink sync=false",
          path, pad);
  g_autoptr (GstElement) pipeline = gst_parse_launch (words, NULL);
  g_autoptr (GstElement) sink =
      gst_bin_get_by_name (GST_BIN (pipeline), "sink");
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstMessage) end = NULL;
  g_autoptr (GstStructure) stats = NULL;
  guint64 n;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  end = gst_bus_timed_pop_filtered (bus, PATIENCE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  ck_assert (end != NULL && GST_MESSAGE_TYPE (end) == GST_MESSAGE_EOS);
  g_object_get (sink, "stats", &stats, NULL);
  ck_assert (gst_structure_get_uint64 (stats, "rendered", &n));
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return n;
}

GST_START_TEST (a_stream_is_muxed_only_while_it_is_recorded)
{
  g_autofree gchar *location = NULL;
  Publisher publisher;
  Gateway gateway;

  gateway_start (&gateway, NULL);
  g_object_set (gateway.sink, "mp4", FALSE, NULL);
  location = g_build_filename (gateway.folder, "%k.mp4", NULL);
  publisher_come (&publisher, &gateway, "live/cam");
  publisher_send (&publisher);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GstMessage) ended = NULL;

    ck_assert_uint_eq (n_muxers (&gateway), 0);
    assert_says (start_recording (&gateway, "live/cam", location), NULL);
    publisher_send (&publisher);
    ck_assert_uint_eq (n_muxers (&gateway), 1);
    assert_says (stop_recording (&gateway, "live/cam"), NULL);
    ended = gateway_hears (&gateway, "recording-ended");
    assert_ended (ended, "it was stopped");
    ck_assert_uint_eq (n_frames (text_of (ended, "location"), "video_0"),
        FILM_PICTURES);
    ck_assert_uint_gt (n_frames (text_of (ended, "location"), "audio_0"),
        FILM_PICTURES);
    publisher_send (&publisher);
  }
  publisher_go (&publisher);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (readers_and_recordings_share_a_muxer)
{
  g_autoptr (GstMessage) ended = NULL;
  CountingSinkTrack mp4;
  Publisher publisher;
  Gateway gateway;

  gateway_start (&gateway, "%k.mp4");
  counting_sink_accept_mp4 ();
  publisher_come (&publisher, &gateway, "live/cam");
  publisher_send (&publisher);
  ck_assert_uint_eq (n_muxers (&gateway), 1);
  publisher_go (&publisher);
  ended = gateway_hears (&gateway, "recording-ended");
  ck_assert_uint_eq (n_frames (text_of (ended, "location"), "video_0"),
      FILM_PICTURES);
  counting_sink_track ("live/cam", "mp4", &mp4);
  ck_assert_uint_eq (mp4.n_packets, 1 + FILM_PICTURES + FILM_SOUNDS);
  gateway_stop (&gateway);
}
GST_END_TEST;

/* The film has a key frame each second. */
static const struct
{
  const gchar *property;
  guint64 limit;
  const gchar *reason;
} cuts[] = {
  { "record-duration", GST_SECOND, "its duration is reached" },
  { "record-size", 1, "its size is reached" },
};

GST_START_TEST (files_are_cut_at_key_frames_and_nothing_is_lost)
{
  guint n = 0, n_sounds = 0;
  Publisher publisher;
  Gateway gateway;

  gateway_start (&gateway, "%k.mp4");
  g_object_set (gateway.sink, cuts[__i__].property, cuts[__i__].limit, NULL);
  publisher_come (&publisher, &gateway, "live/cam");
  publisher_send (&publisher);
  publisher_go (&publisher);
  for (guint i = 0; i < 3; i++) {
    g_autoptr (GstMessage) ended = gateway_hears (&gateway, "recording-ended");

    assert_ended (ended, i < 2 ? cuts[__i__].reason : "the publisher has left");
    n += n_frames (text_of (ended, "location"), "video_0");
    n_sounds += n_frames (text_of (ended, "location"), "audio_0");
  }
  ck_assert_uint_eq (n, FILM_PICTURES);
  /* The first one precedes the first picture. */
  ck_assert_uint_eq (n_sounds, FILM_SOUNDS - 1);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (the_end_of_the_element_ends_its_files)
{
  g_autoptr (GstMessage) ended = NULL;
  Publisher publisher;
  Gateway gateway;

  gateway_start (&gateway, "%k.mp4");
  publisher_come (&publisher, &gateway, "live/cam");
  publisher_send (&publisher);
  gst_element_set_state (gateway.pipeline, GST_STATE_READY);
  ended = gateway_hears (&gateway, "recording-ended");
  assert_ended (ended, "the server is stopping");
  publisher_go (&publisher);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_disk_that_fails_costs_viewers_nothing)
{
  g_autofree gchar *file = NULL;
  g_autoptr (GstMessage) ended = NULL;
  g_autoptr (GstMessage) warning = NULL;
  CountingSinkTrack video;
  Publisher publisher;
  Gateway gateway;

  gateway_start (&gateway, "%a/%k.mp4");
  file = g_build_filename (gateway.folder, "live", NULL);
  ck_assert (g_file_set_contents (file, "", -1, NULL));
  publisher_come (&publisher, &gateway, "live/cam");
  publisher_send (&publisher);
  ended = gateway_hears (&gateway, "recording-ended");
  ck_assert_str_eq (text_of (ended, "reason"), "Not a directory");
  warning =
      gst_bus_timed_pop_filtered (gateway.bus, PATIENCE, GST_MESSAGE_WARNING);
  ck_assert (warning != NULL);
  publisher_send (&publisher);
  counting_sink_track ("live/cam", "video", &video);
  ck_assert_uint_gt (video.n_packets, 20);
  publisher_go (&publisher);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_location_that_means_nothing_is_an_error)
{
  g_autoptr (GstElement) sink =
      gst_element_factory_make ("rtmpwebrtcsink", NULL);

  gst_object_ref_sink (sink);
  g_object_set (sink, "record-location", "%q", NULL);
  ck_assert_int_eq (gst_element_set_state (sink, GST_STATE_READY),
      GST_STATE_CHANGE_FAILURE);
  g_object_set (sink, "record-location", "", NULL);
  ck_assert_int_eq (gst_element_set_state (sink, GST_STATE_READY),
      GST_STATE_CHANGE_SUCCESS);
  gst_element_set_state (sink, GST_STATE_NULL);
}
GST_END_TEST;

static Suite *
recordings_suite (void)
{
  Suite *suite = suite_create ("recordings");
  TCase *tcase = tcase_create ("recordings");

  counting_sink_replace_whepsink ();
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_publisher_becomes_a_file);
  tcase_add_test (tcase, one_stream_is_recorded_on_demand);
  tcase_add_test (tcase, a_stream_is_muxed_only_while_it_is_recorded);
  tcase_add_test (tcase, readers_and_recordings_share_a_muxer);
  tcase_add_loop_test (tcase, files_are_cut_at_key_frames_and_nothing_is_lost,
      0, G_N_ELEMENTS (cuts));
  tcase_add_test (tcase, the_end_of_the_element_ends_its_files);
  tcase_add_test (tcase, a_disk_that_fails_costs_viewers_nothing);
  tcase_add_test (tcase, a_location_that_means_nothing_is_an_error);
  return suite;
}

GST_CHECK_MAIN (recordings);
