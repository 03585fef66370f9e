/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A track that viewers do not get: the list, the reply to an offer and the bus
 * give the reason. */

#include "tests/support/browseroffer.h"
#include "tests/support/flvfile.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <libsoup/soup.h>
#include <string.h>

/* Immediate effects have happened after this time, on a busy machine, too. */
#define PATIENCE_US (30 * G_USEC_PER_SEC)
#define STREAM "live/stream"
#define TAG_VIDEO 9

/* A key frame of Sorenson H.263, which no browser plays. */
static const guint8 sorenson[] = { 0x12, 0x00, 0x00, 0x84, 0x00, 0x81 };

typedef struct
{
  GstHarness *in;
  GstBus *bus;
  SoupSession *client;
} Gateway;

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("video/x-flv"));

static void
gateway_start (Gateway *self)
{
  g_autoptr (GstElement) sink =
      gst_object_ref_sink (gst_element_factory_make ("rtmpwebrtcsink", NULL));

  g_object_set (sink, "address", "127.0.0.1", "port", 0, NULL);
  gst_util_set_object_arg (G_OBJECT (sink), "transcode", "never");
  self->bus = gst_bus_new ();
  gst_element_set_bus (sink, self->bus);
  self->in = gst_harness_new_empty ();
  gst_harness_add_element_full (self->in, sink, &src_template, "sink_0", NULL,
      NULL);
  gst_harness_set_src_caps_str (self->in, "video/x-flv");
  self->client = soup_session_new ();
}

static void
gateway_stop (Gateway *self)
{
  gst_element_set_bus (self->in->element, NULL);
  gst_harness_teardown (self->in);
  gst_object_unref (self->bus);
  g_object_unref (self->client);
}

/* Returns: (transfer full): the body of the reply. @offer may be NULL. */
static gchar *
gateway_ask (Gateway *self, const gchar *path, const gchar *offer)
{
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) reply = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gchar *url = NULL;
  guint port;

  g_object_get (self->in->element, "port", &port, NULL);
  url = g_strdup_printf ("http://127.0.0.1:%u%s", port, path);
  message = soup_message_new (offer == NULL ? "GET" : "POST", url);
  if (offer != NULL) {
    g_autoptr (GBytes) body = g_bytes_new (offer, strlen (offer));

    soup_message_set_request_body_from_bytes (message, "application/sdp", body);
  }
  reply = soup_session_send_and_read (self->client, message, NULL, &error);
  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (reply, NULL), g_bytes_get_size (reply));
}

static void
gateway_lists (Gateway *self, const gchar *words)
{
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;
  gboolean is_there = FALSE;

  while (!is_there) {
    g_autofree gchar *list = gateway_ask (self, "/api/streams", NULL);

    is_there = strstr (list, words) != NULL;
    ck_assert_msg (g_get_monotonic_time () < deadline_us, "%s, but %s", words,
        list);
  }
}

static void
send_sorenson (Gateway *self)
{
  ck_assert_int_eq (gst_harness_push (self->in,
                        flv_tag_new (TAG_VIDEO, 0, sorenson, sizeof sorenson)),
      GST_FLOW_OK);
}

static void
send_file (Gateway *self, const gchar *name)
{
  g_autoptr (GBytes) file = flv_file_load (name);
  gsize offset = 0;
  GstBuffer *tag;

  while ((tag = flv_file_next_tag (file, &offset)) != NULL)
    ck_assert_int_eq (gst_harness_push (self->in, tag), GST_FLOW_OK);
}

#define OPUS                                                                   \
  "\"audio\":{\"codec\":\"OPUS\","                                             \
  "\"via\":\"avdec_aac ! opusenc ! rtpopuspay\","                              \
  "\"sample_rate\":48000,\"channels\":2"
#define FAULT                                                                  \
  "\"video\":{\"codec\":\"Sorenson Spark Video\",\"unplayable\":"              \
  "\"browsers can't decode it, and transcoding is switched off\"}"

GST_START_TEST (the_list_says_why_a_track_is_left_out)
{
  Gateway gateway;

  gateway_start (&gateway);
  send_sorenson (&gateway);
  send_file (&gateway, "aac.flv");
  gateway_lists (&gateway, FAULT "," OPUS "}");
  gateway_stop (&gateway);
}
GST_END_TEST;

/* No track is left, but a publisher is connected. */
GST_START_TEST (the_reply_to_an_offer_says_why_nothing_is_playable)
{
  Gateway gateway;
  g_autofree gchar *offer = browser_offer_load ("chromium-156-linux");
  g_autofree gchar *problem = NULL;

  gateway_start (&gateway);
  send_sorenson (&gateway);
  gateway_lists (&gateway, FAULT);
  problem = gateway_ask (&gateway, "/whep/" STREAM, offer);
  ck_assert_msg (strstr (problem, "whep:unplayable\"") != NULL, "%s", problem);
  ck_assert (strstr (problem,
                 "The publisher's video (Sorenson Spark Video) can't be "
                 "played: browsers can't decode it") != NULL);
  gateway_stop (&gateway);
}
GST_END_TEST;

static GstMessage *
pop_fault (Gateway *self)
{
  GstMessage *message;

  while ((message = gst_bus_pop_filtered (self->bus, GST_MESSAGE_ELEMENT)) &&
      !gst_message_has_name (message, "track-unplayable"))
    gst_message_unref (message);
  return message;
}

GST_START_TEST (applications_are_notified_with_the_streams_name)
{
  Gateway gateway;
  g_autoptr (GstMessage) message = NULL;
  g_autoptr (GstPad) pad = NULL;
  const GstStructure *s;

  gateway_start (&gateway);
  pad = gst_pad_get_peer (gateway.in->srcpad);
  g_object_set (pad, "stream-name", "live/cam", NULL);
  send_sorenson (&gateway);
  message = pop_fault (&gateway);
  ck_assert (message != NULL);
  s = gst_message_get_structure (message);
  ck_assert_str_eq (gst_structure_get_string (s, "stream-name"), "live/cam");
  ck_assert_str_eq (gst_structure_get_string (s, "media"), "video");
  ck_assert_str_eq (gst_structure_get_string (s, "codec"),
      "Sorenson Spark Video");
  ck_assert (gst_structure_has_field (s, "reason"));
  gateway_stop (&gateway);
}
GST_END_TEST;

/* The first element within whose name begins with the prefix. */
static GstElement *
find_element (Gateway *self, const gchar *prefix)
{
  g_autoptr (GstIterator) elements =
      gst_bin_iterate_recurse (GST_BIN (self->in->element));
  GValue item = G_VALUE_INIT;
  GstElement *found = NULL;

  while (
      found == NULL && gst_iterator_next (elements, &item) == GST_ITERATOR_OK) {
    GstElement *element = g_value_get_object (&item);

    if (g_str_has_prefix (GST_OBJECT_NAME (element), prefix))
      found = gst_object_ref (element);
    g_value_reset (&item);
  }
  g_value_unset (&item);
  ck_assert_msg (found != NULL, "%s", prefix);
  return found;
}

GST_START_TEST (a_track_whose_chain_fails_is_unplayable)
{
  Gateway gateway;
  g_autoptr (GstElement) decoder = NULL;

  gateway_start (&gateway);
  send_file (&gateway, "h264-aac.flv");
  decoder = find_element (&gateway, "avdec_aac");
  GST_ELEMENT_ERROR (decoder, STREAM, DECODE, ("It broke."), (NULL));
  gateway_lists (&gateway, OPUS ",\"unplayable\":\"It broke\"}");
  gateway_stop (&gateway);
}
GST_END_TEST;

/* A report from any part of a stream, before there is a pad. */
GST_START_TEST (the_list_shows_what_any_part_reports)
{
  Gateway gateway;
  g_autoptr (GstElement) demux = NULL;

  gateway_start (&gateway);
  demux = find_element (&gateway, "demux");
  gst_element_post_message (demux,
      gst_message_new_element (GST_OBJECT (demux),
          gst_structure_new ("track-unplayable", "media", G_TYPE_STRING,
              "video", "reason", G_TYPE_STRING, "no header", NULL)));
  gateway_lists (&gateway, "\"video\":{\"unplayable\":\"no header\"}");
  send_file (&gateway, "h264-aac.flv");
  gateway_lists (&gateway,
      "\"video\":{\"codec\":\"H264\",\"profile_level_id\":");
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_has_left_is_not_listed)
{
  Gateway gateway;
  g_autoptr (GstPad) pad = NULL;

  gateway_start (&gateway);
  send_sorenson (&gateway);
  gateway_lists (&gateway, FAULT);
  pad = gst_pad_get_peer (gateway.in->srcpad);
  gst_pad_unlink (gateway.in->srcpad, pad);
  gateway_lists (&gateway, "[]");
  gateway_stop (&gateway);
}
GST_END_TEST;

static Suite *
unplayable_suite (void)
{
  Suite *suite = suite_create ("unplayable");
  TCase *tcase = tcase_create ("unplayable");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_list_says_why_a_track_is_left_out);
  tcase_add_test (tcase, the_reply_to_an_offer_says_why_nothing_is_playable);
  tcase_add_test (tcase, applications_are_notified_with_the_streams_name);
  tcase_add_test (tcase, a_track_whose_chain_fails_is_unplayable);
  tcase_add_test (tcase, the_list_shows_what_any_part_reports);
  tcase_add_test (tcase, a_publisher_that_has_left_is_not_listed);
  return suite;
}

GST_CHECK_MAIN (unplayable);
