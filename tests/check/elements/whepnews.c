/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The messages of whepsink about viewers and tracks on the bus. */

#include "whepbench/crowd-io.h"
#include "tests/support/whepgateway.h"

#include <gst/check/gstcheck.h>
#include <libsoup/soup.h>
#include <string.h>

#define STREAM "live/cam"
#define N_FLOOD 300

/* Returns: (transfer full): the next message of that name. */
static GstMessage *
next_news (Gateway *self, const gchar *name)
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

/* The number of messages of that name on the bus. */
static guint
count_news (Gateway *self, const gchar *name)
{
  GstMessage *message;
  guint n = 0;

  while ((message = gst_bus_pop_filtered (self->bus, GST_MESSAGE_ELEMENT)) !=
      NULL) {
    n += gst_message_has_name (message, name);
    gst_message_unref (message);
  }
  return n;
}

/* @text NULL: the field is absent. */
static void
assert_text (GstMessage *message, const gchar *field, const gchar *text)
{
  const GstStructure *s = gst_message_get_structure (message);

  ck_assert_msg (g_strcmp0 (gst_structure_get_string (s, field), text) == 0,
      "%" GST_PTR_FORMAT, s);
}

static guint64
number_of (GstMessage *message, const gchar *field)
{
  guint64 number;

  ck_assert (gst_structure_get_uint64 (gst_message_get_structure (message),
      field, &number));
  return number;
}

static void
assert_begins (GstMessage *message, const gchar *field, const gchar *prefix)
{
  const GstStructure *s = gst_message_get_structure (message);
  const gchar *text = gst_structure_get_string (s, field);

  ck_assert_msg (text != NULL && g_str_has_prefix (text, prefix),
      "%" GST_PTR_FORMAT, s);
}

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

GST_START_TEST (a_viewer_is_reported_when_it_comes_and_goes)
{
  g_autoptr (GstMessage) added = NULL, removed = NULL;
  g_autofree gchar *id = NULL;
  Track video = { 0 };
  Gateway gateway;
  Crowd *crowd;

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", STREAM, NULL, VIDEO_CAPS);
  crowd = watch (&gateway, &video);
  added = next_news (&gateway, "viewer-added");
  ck_assert (GST_MESSAGE_SRC (added) == GST_OBJECT (gateway.sink));
  assert_text (added, "stream-name", STREAM);
  assert_begins (added, "address", "127.0.0.1:");
  assert_text (added, "video", "H264");
  assert_text (added, "audio", NULL);
  assert_text (added, "reason", NULL);
  id = g_strdup (
      gst_structure_get_string (gst_message_get_structure (added), "id"));
  ck_assert (id != NULL);

  /* All close their connections. */
  crowd_free (crowd);
  removed = next_news (&gateway, "viewer-removed");
  assert_text (removed, "stream-name", STREAM);
  assert_text (removed, "id", id);
  assert_begins (removed, "address", "127.0.0.1:");
  assert_text (removed, "reason", "viewer closed DTLS");
  ck_assert_uint_gt (number_of (removed, "duration"), 0);
  ck_assert_uint_gt (number_of (removed, "bytes"), 0);
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

GST_START_TEST (at_stop_each_viewer_is_reported_as_removed_once)
{
  Track video = { 0 };
  Gateway gateway;
  Crowd *crowd;

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", STREAM, NULL, VIDEO_CAPS);
  crowd = watch (&gateway, &video);
  gst_message_unref (next_news (&gateway, "viewer-added"));
  gst_element_set_state (gateway.sink, GST_STATE_READY);
  ck_assert_uint_eq (count_news (&gateway, "viewer-removed"), 1);
  crowd_free (crowd);
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

/* @headers end in a line break each. */
static void
offer (Gateway *self, const gchar *path, const gchar *headers)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", gateway_port (self),
          NULL, NULL);
  g_autofree gchar *request =
      g_strdup_printf ("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                       "Connection: close\r\nContent-Length: "
                       "5\r\n%s\r\nv=0\r\n",
          path, headers);
  gchar reply[4096];
  gsize n_read;

  ck_assert (connection != NULL);
  ck_assert (g_output_stream_write_all (g_io_stream_get_output_stream (
                                            G_IO_STREAM (connection)),
      request, strlen (request), NULL, NULL, NULL));
  ck_assert (g_input_stream_read_all (g_io_stream_get_input_stream (
                                          G_IO_STREAM (connection)),
      reply, sizeof (reply), &n_read, NULL, NULL));
}

#define SDP "Content-Type: application/sdp\r\n"

static const struct
{
  const gchar *path, *headers, *stream, *reason, *agent;
} rejected[] = {
  { "/whep/live/nobody", SDP, "live/nobody",
      "Nobody publishes this stream at the moment.", NULL },
  { "/whep/live/cam", SDP "User-Agent: Mozilla/5.0 (\x1b[31m)\r\n", STREAM, "",
      "Mozilla/5.0 (?[31m)" },
  { "/whep/live/cam", "Content-Type: text/plain\r\n", STREAM,
      "An offer has the type application/sdp.", NULL },
  { "/whep/nothing", SDP, NULL, "There is nothing at this address.", NULL },
};

GST_START_TEST (a_rejected_offer_is_reported_with_the_reason)
{
  Track video = { 0 };
  Gateway gateway;

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", STREAM, NULL, VIDEO_CAPS);
  for (guint i = 0; i < G_N_ELEMENTS (rejected) - 1; i++) {
    g_autoptr (GstMessage) message = NULL;

    offer (&gateway, rejected[i].path, rejected[i].headers);
    message = next_news (&gateway, "viewer-refused");
    assert_text (message, "stream-name", rejected[i].stream);
    assert_begins (message, "address", "127.0.0.1:");
    assert_begins (message, "reason", rejected[i].reason);
    assert_text (message, "user-agent", rejected[i].agent);
  }
  track_end (&video);
  gateway_clear (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_flood_of_offers_does_not_flood_the_bus)
{
  Gateway gateway;

  gateway_start (&gateway);
  for (guint i = 0; i < N_FLOOD; i++)
    offer (&gateway, "/whep/live/nobody", SDP);
  /* Once stopped, it posts nothing more. */
  gst_element_set_state (gateway.sink, GST_STATE_READY);
  ck_assert_uint_lt (count_news (&gateway, "viewer-refused"), N_FLOOD / 10);
  gateway_clear (&gateway);
}
GST_END_TEST;

GST_START_TEST (tracks_are_reported_when_they_begin_and_end)
{
  Track video = { 0 }, audio = { 0 };
  g_autoptr (GstMessage) message = NULL;
  const GstStructure *s;
  Gateway gateway;
  gint number;

  gateway_start (&gateway);
  track_begin (&video, &gateway, "video_%u", STREAM, NULL, VIDEO_CAPS);
  message = next_news (&gateway, "track-added");
  assert_text (message, "stream-name", STREAM);
  assert_text (message, "media", "video");
  assert_text (message, "codec", "H264");
  gst_clear_message (&message);

  track_begin (&audio, &gateway, "audio_%u", STREAM, NULL,
      AUDIO_CAPS ", sprop-stereo=(string)1");
  message = next_news (&gateway, "track-added");
  assert_text (message, "media", "audio");
  assert_text (message, "codec", "OPUS");
  s = gst_message_get_structure (message);
  ck_assert (gst_structure_get_int (s, "rate", &number) && number == 48000);
  ck_assert (gst_structure_get_int (s, "channels", &number) && number == 2);
  gst_clear_message (&message);

  track_end (&video);
  message = next_news (&gateway, "track-removed");
  assert_text (message, "stream-name", STREAM);
  assert_text (message, "media", "video");
  assert_text (message, "codec", "H264");
  track_end (&audio);
  gst_element_set_state (gateway.sink, GST_STATE_READY);
  ck_assert_uint_eq (count_news (&gateway, "track-removed"), 1);
  gateway_clear (&gateway);
}
GST_END_TEST;

GST_START_TEST (the_payloaders_caps_give_the_picture_size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstMessage) message = NULL;
  const GstStructure *s;
  Gateway gateway;
  gint width, height;

  gateway.pipeline = gst_parse_launch (
      "videotestsrc num-buffers=2 ! video/x-raw,width=64,height=48 ! vp8enc "
      "deadline=1 ! rtpvp8pay mtu=1176 ! whepsink name=sink port=0 "
      "address=127.0.0.1",
      &error);
  g_assert_no_error (error);
  gateway.sink = gst_bin_get_by_name (GST_BIN (gateway.pipeline), "sink");
  gateway.bus = gst_element_get_bus (gateway.pipeline);
  ck_assert_int_ne (gateway_play (&gateway), GST_STATE_CHANGE_FAILURE);
  message = next_news (&gateway, "track-added");
  s = gst_message_get_structure (message);
  assert_text (message, "codec", "VP8");
  ck_assert (gst_structure_get_int (s, "width", &width) && width == 64);
  ck_assert (gst_structure_get_int (s, "height", &height) && height == 48);
  gst_object_unref (gateway.sink);
  gateway_clear (&gateway);
}
GST_END_TEST;

static Suite *
whepnews_suite (void)
{
  Suite *suite = suite_create ("whepnews");
  TCase *tcase = tcase_create ("whepnews");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_viewer_is_reported_when_it_comes_and_goes);
  tcase_add_test (tcase, at_stop_each_viewer_is_reported_as_removed_once);
  tcase_add_test (tcase, a_rejected_offer_is_reported_with_the_reason);
  tcase_add_test (tcase, a_flood_of_offers_does_not_flood_the_bus);
  tcase_add_test (tcase, tracks_are_reported_when_they_begin_and_end);
  tcase_add_test (tcase, the_payloaders_caps_give_the_picture_size);
  return suite;
}

GST_CHECK_MAIN (whepnews);
