/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The limits of transcoding: the number of videos at once, and the area of
 * their pictures. Video beyond them is served without it, where that is
 * possible. */

#include "tests/support/countingsink.h"
#include "tests/support/exflv.h"
#include "tests/support/flvfile.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define TAG_VIDEO 9
#define FRAME_MS 33

typedef struct
{
  GstElement *sink;
  GstBus *bus;
} Gateway;

static void
gateway_start (Gateway *self, guint max_transcodes, guint max_area)
{
  counting_sink_reset ();
  self->bus = gst_bus_new ();
  self->sink = gst_element_factory_make ("rtmpwebrtcsink", NULL);
  gst_object_ref_sink (self->sink);
  g_object_set (self->sink, "max-transcodes", max_transcodes, NULL);
  if (max_area > 0)
    g_object_set (self->sink, "max-picture-area", max_area, NULL);
  gst_element_set_bus (self->sink, self->bus);
}

static void
gateway_stop (Gateway *self)
{
  gst_element_set_bus (self->sink, NULL);
  gst_element_set_state (self->sink, GST_STATE_NULL);
  gst_object_unref (self->sink);
  gst_bus_set_flushing (self->bus, TRUE);
  gst_object_unref (self->bus);
}

/* Returns: (nullable) (transfer full): the field of the next message of that
 * name about the stream. Other messages are discarded. */
static gchar *
gateway_news (Gateway *self, const gchar *stream, const gchar *name,
    const gchar *field)
{
  GstMessage *message;
  gchar *news = NULL;

  while (news == NULL && (message = gst_bus_pop (self->bus)) != NULL) {
    const GstStructure *s = gst_message_get_structure (message);

    if (gst_message_has_name (message, name) &&
        g_strcmp0 (gst_structure_get_string (s, "stream-name"), stream) == 0)
      news = g_strdup (gst_structure_get_string (s, field));
    gst_message_unref (message);
  }
  return news;
}

/* Returns: (nullable) (transfer full): the next warning. Other messages are
 * discarded. */
static gchar *
gateway_warning (Gateway *self)
{
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (self->bus, GST_MESSAGE_WARNING);
  g_autoptr (GError) error = NULL;

  if (message == NULL)
    return NULL;
  gst_message_parse_warning (message, &error, NULL);
  return g_strdup (error->message);
}

typedef struct
{
  GstPad *src;
  GstPad *sink;
  GstElement *gateway;
  const gchar *stream;
  GBytes *file; /* nullable */
  gsize offset;
  guint32 time_ms;
} Publisher;

static void
publisher_come (Publisher *self, Gateway *gateway, const gchar *stream,
    const gchar *file)
{
  g_autoptr (GstCaps) caps = gst_caps_from_string ("video/x-flv");
  GstSegment segment;

  *self = (Publisher){ .gateway = gateway->sink, .stream = stream };
  gst_element_set_state (gateway->sink, GST_STATE_PLAYING);
  if (file != NULL)
    self->file = flv_file_load (file);
  self->src = gst_pad_new ("src", GST_PAD_SRC);
  gst_pad_set_active (self->src, TRUE);
  self->sink = gst_element_request_pad_simple (gateway->sink, "sink_%u");
  g_object_set (self->sink, "stream-name", stream, NULL);
  ck_assert_int_eq (gst_pad_link (self->src, self->sink), GST_PAD_LINK_OK);
  gst_pad_push_event (self->src, gst_event_new_stream_start (stream));
  gst_pad_push_event (self->src, gst_event_new_caps (caps));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_pad_push_event (self->src, gst_event_new_segment (&segment));
}

static void
publisher_go (Publisher *self)
{
  gst_element_release_request_pad (self->gateway, self->sink);
  gst_object_unref (self->sink);
  gst_object_unref (self->src);
  g_clear_pointer (&self->file, g_bytes_unref);
}

/* The whole file. */
static void
publisher_send_file (Publisher *self)
{
  ck_assert_int_eq (gst_pad_push (self->src,
                        flv_file_cut (self->file, 0, G_MAXINT)),
      GST_FLOW_OK);
}

static guint
n_packets (const gchar *stream, const gchar *media)
{
  CountingSinkTrack track;

  counting_sink_track (stream, media, &track);
  return track.n_packets;
}

static gboolean
has_video (gpointer stream)
{
  return n_packets (stream, "video") > 0;
}

/* Sorenson H.263, which is playable only if transcoded: 16 key frames of an
 * encoder. */
static void
publisher_send_sorenson (Publisher *self)
{
  g_autoptr (GPtrArray) samples = ex_flv_encode (
      "videotestsrc num-buffers=16 ! video/x-raw,format=I420,"
      "width=176,height=144,framerate=30/1 ! avenc_flv gop-size=1");

  for (guint i = 0; i < samples->len; i++, self->time_ms += FRAME_MS) {
    GstBuffer *frame = gst_sample_get_buffer (samples->pdata[i]);
    g_autoptr (GByteArray) body = g_byte_array_new ();
    GstMapInfo map;

    gst_buffer_map (frame, &map, GST_MAP_READ);
    g_byte_array_append (body, (const guint8 *) "\x12", 1);
    g_byte_array_append (body, map.data, map.size);
    gst_buffer_unmap (frame, &map);
    ck_assert_int_eq (gst_pad_push (self->src,
                          flv_tag_new (TAG_VIDEO, self->time_ms, body->data,
                              body->len)),
        GST_FLOW_OK);
  }
}

GST_START_TEST (beyond_the_limit_b_frames_are_dropped_and_slots_are_reused)
{
  static const gchar *const said[] = { "transcode", "drop", "transcode" };
  Gateway gateway;
  Publisher first, second;

  gateway_start (&gateway, 1, 0);
  publisher_come (&first, &gateway, "live/one", "h264-bframes-aac.flv");
  publisher_send_file (&first);
  publisher_come (&second, &gateway, "live/two", "h264-bframes-aac.flv");
  publisher_send_file (&second);
  ck_assert_uint_gt (n_packets ("live/two", "video"), 0);
  publisher_go (&first);
  publisher_send_file (&second);
  for (guint i = 0; i < G_N_ELEMENTS (said); i++) {
    g_autofree gchar *news =
        gateway_news (&gateway, "live/two", "b-frames", "b-frames");

    ck_assert_str_eq (news, said[i]);
  }
  publisher_go (&second);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (a_warning_names_the_stream_that_gets_no_slot)
{
  g_autofree gchar *warning = NULL, *other = NULL;
  Gateway gateway;
  Publisher first, second;

  gateway_start (&gateway, 1, 0);
  publisher_come (&first, &gateway, "live/one", "h264-bframes-aac.flv");
  publisher_send_file (&first);
  publisher_come (&second, &gateway, "live/two", "h264-bframes-aac.flv");
  publisher_send_file (&second);
  publisher_send_file (&second);
  warning = gateway_warning (&gateway);
  ck_assert_str_eq (warning,
      "The stream \"live/two\": The video is not transcoded: the server "
      "already transcodes as many videos as it may (max-transcodes: 1).");
  other = gateway_warning (&gateway);
  ck_assert (other == NULL);
  publisher_go (&first);
  publisher_go (&second);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (beyond_the_limit_an_odd_codec_waits_for_a_slot)
{
  g_autofree gchar *reason = NULL;
  Gateway gateway;
  Publisher first, second;

  gateway_start (&gateway, 1, 0);
  publisher_come (&first, &gateway, "live/one", NULL);
  publisher_come (&second, &gateway, "live/two", NULL);
  publisher_send_sorenson (&first);
  publisher_send_sorenson (&second);
  counting_sink_wait_until (has_video, "live/one");
  reason = gateway_news (&gateway, "live/two", "track-unplayable", "reason");
  ck_assert_str_eq (reason,
      "the server already transcodes as many videos as it may");
  ck_assert_uint_eq (n_packets ("live/two", "video"), 0);

  publisher_go (&first);
  publisher_send_sorenson (&second);
  counting_sink_wait_until (has_video, "live/two");
  publisher_go (&second);
  gateway_stop (&gateway);
}
GST_END_TEST;

#define VP8                                                                    \
  "videotestsrc num-buffers=12 ! video/x-raw,width=160,height=120,"            \
  "framerate=30/1,format=I420 ! vp8enc deadline=1 keyframe-max-dist=6"

static void
publisher_send_vp8 (Publisher *self, GPtrArray *samples)
{
  for (guint i = 0; i < samples->len; i++, self->time_ms += FRAME_MS)
    ck_assert_int_eq (gst_pad_push (self->src,
                          ex_flv_frame (gst_sample_get_caps (samples->pdata[i]),
                              gst_sample_get_buffer (samples->pdata[i]),
                              self->time_ms)),
        GST_FLOW_OK);
}

static gpointer
ref_pad (gconstpointer pad, gpointer unused)
{
  return gst_object_ref ((gpointer) pad);
}

/* Of all streams. */
static void
viewers_need (Gateway *gateway, gboolean is_needed)
{
  g_autoptr (GstElement) whep =
      gst_bin_get_by_name (GST_BIN (gateway->sink), "whepsink");
  GList *pads = g_list_copy_deep (whep->sinkpads, ref_pad, NULL);

  for (GList *l = pads; l != NULL; l = l->next)
    gst_pad_push_event (l->data,
        gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
            gst_structure_new ("rtmp-webrtc/need-rendition", "needed",
                G_TYPE_BOOLEAN, is_needed, NULL)));
  g_list_free_full (pads, gst_object_unref);
}

static gboolean
has_rendition (gpointer stream)
{
  return n_packets (stream, "rendition") > 0;
}

GST_START_TEST (beyond_the_limit_a_rendition_waits_for_a_slot)
{
  g_autoptr (GPtrArray) samples = ex_flv_encode (VP8);
  g_autofree gchar *warning = NULL, *other = NULL;
  Gateway gateway;
  Publisher publisher, other_publisher;

  gateway_start (&gateway, 1, 0);
  publisher_come (&publisher, &gateway, "live/vp8", NULL);
  publisher_send_vp8 (&publisher, samples);
  publisher_come (&other_publisher, &gateway, "live/two", NULL);
  publisher_send_sorenson (&other_publisher);
  counting_sink_wait_until (has_video, "live/two");

  viewers_need (&gateway, TRUE);
  publisher_send_vp8 (&publisher, samples);
  warning = gateway_warning (&gateway);
  ck_assert (warning != NULL);
  ck_assert (strstr (warning, "live/vp8") != NULL);
  other = gateway_warning (&gateway);
  ck_assert_msg (other == NULL, "%s", other);
  ck_assert_uint_eq (n_packets ("live/vp8", "rendition"), 0);

  publisher_go (&other_publisher);
  publisher_send_vp8 (&publisher, samples);
  counting_sink_wait_until (has_rendition, "live/vp8");
  viewers_need (&gateway, FALSE);
  publisher_go (&publisher);
  gateway_stop (&gateway);
}
GST_END_TEST;

/* Their sizes: 320 × 180 and 176 × 144 and 160 × 120. */
GST_START_TEST (large_video_with_b_frames_is_left_out_and_audio_continues)
{
  g_autofree gchar *reason = NULL;
  Gateway gateway;
  Publisher publisher;
  guint n_video;

  gateway_start (&gateway, 4, 1000);
  publisher_come (&publisher, &gateway, "live/large", "h264-bframes-aac.flv");
  publisher_send_file (&publisher);
  reason = gateway_news (&gateway, "live/large", "track-unplayable", "reason");
  ck_assert (reason != NULL);
  ck_assert (strstr (reason, "max-picture-area") != NULL);
  n_video = n_packets ("live/large", "video");
  ck_assert_uint_gt (n_packets ("live/large", "audio"), 40);
  publisher_send_file (&publisher);
  ck_assert_uint_eq (n_packets ("live/large", "video"), n_video);
  ck_assert_uint_gt (n_packets ("live/large", "audio"), 80);
  publisher_go (&publisher);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (an_odd_codec_above_the_area_is_left_out)
{
  g_autofree gchar *warning = NULL, *other = NULL;
  Gateway gateway;
  Publisher publisher;

  gateway_start (&gateway, 4, 176 * 144 - 1);
  publisher_come (&publisher, &gateway, "live/large", NULL);
  publisher_send_sorenson (&publisher);
  warning = gateway_warning (&gateway);
  ck_assert_str_eq (warning,
      "The stream \"live/large\": The video is left out: its pictures of 176 "
      "x 144 are larger than the server converts (max-picture-area).");
  other = gateway_warning (&gateway);
  ck_assert_msg (other == NULL, "%s", other);
  ck_assert_uint_eq (n_packets ("live/large", "video"), 0);
  publisher_go (&publisher);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (an_odd_codec_above_the_area_is_reported_as_unplayable)
{
  g_autofree gchar *reason = NULL;
  Gateway gateway;
  Publisher publisher;

  gateway_start (&gateway, 4, 176 * 144 - 1);
  publisher_come (&publisher, &gateway, "live/large", NULL);
  publisher_send_sorenson (&publisher);
  reason = gateway_news (&gateway, "live/large", "track-unplayable", "reason");
  ck_assert (reason != NULL);
  ck_assert_uint_eq (n_packets ("live/large", "video"), 0);
  publisher_go (&publisher);
  gateway_stop (&gateway);
}
GST_END_TEST;

GST_START_TEST (above_the_area_a_track_continues_without_a_rendition)
{
  g_autoptr (GPtrArray) samples = ex_flv_encode (VP8);
  g_autofree gchar *warning = NULL, *other = NULL;
  Gateway gateway;
  Publisher publisher;
  guint n_before;

  gateway_start (&gateway, 4, 160 * 120 - 1);
  publisher_come (&publisher, &gateway, "live/large", NULL);
  publisher_send_vp8 (&publisher, samples);
  viewers_need (&gateway, TRUE);
  n_before = n_packets ("live/large", "video");
  publisher_send_vp8 (&publisher, samples);
  ck_assert_uint_ge (n_packets ("live/large", "video"),
      n_before + samples->len);
  warning = gateway_warning (&gateway);
  ck_assert (warning != NULL);
  ck_assert (strstr (warning, "max-picture-area") != NULL);
  other = gateway_warning (&gateway);
  ck_assert (other == NULL);
  ck_assert_uint_eq (n_packets ("live/large", "rendition"), 0);
  viewers_need (&gateway, FALSE);
  publisher_go (&publisher);
  gateway_stop (&gateway);
}
GST_END_TEST;

static Suite *
transcodes_suite (void)
{
  Suite *suite = suite_create ("transcodes");
  TCase *tcase = tcase_create ("transcodes");

  counting_sink_replace_whepsink ();
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      beyond_the_limit_b_frames_are_dropped_and_slots_are_reused);
  tcase_add_test (tcase, a_warning_names_the_stream_that_gets_no_slot);
  tcase_add_test (tcase, beyond_the_limit_an_odd_codec_waits_for_a_slot);
  tcase_add_test (tcase, beyond_the_limit_a_rendition_waits_for_a_slot);
  tcase_add_test (tcase,
      large_video_with_b_frames_is_left_out_and_audio_continues);
  tcase_add_test (tcase, an_odd_codec_above_the_area_is_left_out);
  tcase_add_test (tcase, an_odd_codec_above_the_area_is_reported_as_unplayable);
  tcase_add_test (tcase, above_the_area_a_track_continues_without_a_rendition);
  return suite;
}

GST_CHECK_MAIN (transcodes);
