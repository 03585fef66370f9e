/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Video that some browsers cannot play is transcoded to H.264 for them, only
 * while a viewer needs it. A stand-in for whepsink counts the packets and
 * reports what viewers need. */

#include "tests/support/countingsink.h"
#include "tests/support/exflv.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#define STREAM "live/stream"
#define FRAME_MS 33

#define PICTURE                                                                \
  "videotestsrc num-buffers=12 ! video/x-raw,width=160,height=120,"            \
  "framerate=30/1,format=I420 ! "

static const gchar *const encoders[] = {
  PICTURE "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=6 ! "
          "h265parse ! video/x-h265,stream-format=hvc1,alignment=au",
  PICTURE "av1enc usage-profile=realtime cpu-used=8 lag-in-frames=0 "
          "keyframe-max-dist=6 ! av1parse ! "
          "video/x-av1,stream-format=obu-stream,alignment=tu",
  PICTURE "vp8enc deadline=1 keyframe-max-dist=6",
  PICTURE "vp9enc deadline=1 lag-in-frames=0 keyframe-max-dist=6",
};

typedef struct
{
  GstHarness *in;
  GPtrArray *samples;
  guint n_frames; /* pushed */
} Publisher;

static void
publisher_come (Publisher *self, const gchar *encoder, const gchar *transcode)
{
  counting_sink_reset ();
  *self = (Publisher){ 0 };
  self->samples = ex_flv_encode (encoder);
  self->in = gst_harness_new_with_padnames ("rtmpwebrtcsink", "sink_0", NULL);
  gst_util_set_object_arg (G_OBJECT (self->in->element), "transcode",
      transcode);
  gst_harness_set_src_caps_str (self->in, "video/x-flv");
}

static void
publisher_go (Publisher *self)
{
  gst_harness_teardown (self->in);
  g_ptr_array_unref (self->samples);
}

/* Pushes the next frame; the first follows the last. */
static void
publisher_send (Publisher *self)
{
  GstSample *sample = self->samples->pdata[self->n_frames % self->samples->len];
  GstBuffer *frame = gst_sample_get_buffer (sample);
  guint32 time_ms = self->n_frames * FRAME_MS;
  GstBuffer *header = self->n_frames > 0
      ? NULL
      : ex_flv_header (gst_sample_get_caps (sample), frame, time_ms);

  if (header != NULL)
    ck_assert_int_eq (gst_harness_push (self->in, header), GST_FLOW_OK);
  ck_assert_int_eq (gst_harness_push (self->in,
                        ex_flv_frame (gst_sample_get_caps (sample), frame,
                            time_ms)),
      GST_FLOW_OK);
  self->n_frames++;
}

static void
publisher_send_all (Publisher *self)
{
  for (guint i = 0; i < self->samples->len; i++)
    publisher_send (self);
}

/* Returns: (transfer full): whepsink's pad that the video goes into. */
static GstPad *
video_pad (const Publisher *self)
{
  g_autoptr (GstElement) whep =
      gst_bin_get_by_name (GST_BIN (self->in->element), "whepsink");

  return gst_object_ref (whep->sinkpads->data);
}

static void
viewers_need (const Publisher *self, gboolean is_needed)
{
  g_autoptr (GstPad) pad = video_pad (self);

  ck_assert (gst_pad_push_event (pad,
      gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
          gst_structure_new ("rtmp-webrtc/need-rendition", "needed",
              G_TYPE_BOOLEAN, is_needed, NULL))));
}

static gchar *
offered_rendition (const Publisher *self)
{
  g_autoptr (GstPad) pad = video_pad (self);
  gchar *codec;

  g_object_get (pad, "rendition-codec", &codec, NULL);
  return codec;
}

static guint
n_packets (const gchar *kind)
{
  CountingSinkTrack track;

  counting_sink_track (STREAM, kind, &track);
  return track.n_packets;
}

static gboolean
has_more (gpointer n)
{
  return n_packets ("rendition") > *(guint *) n;
}

GST_START_TEST (a_rendition_is_made_while_it_is_needed)
{
  CountingSinkTrack rendition;
  g_autofree gchar *codec = NULL;
  Publisher publisher;
  guint n_before = 0;

  publisher_come (&publisher, encoders[__i__], "auto");
  publisher_send_all (&publisher);
  codec = offered_rendition (&publisher);
  ck_assert_str_eq (codec, "H264");
  ck_assert_uint_eq (counting_sink_n_pads (), 1);

  for (guint viewer = 0; viewer < 2; viewer++) {
    n_before = n_packets ("rendition");
    viewers_need (&publisher, TRUE);
    ck_assert_uint_eq (counting_sink_n_pads (), 2);
    publisher_send_all (&publisher);
    counting_sink_wait_until (has_more, &n_before);
    viewers_need (&publisher, FALSE);
    ck_assert_uint_eq (counting_sink_n_pads (), 1);
  }
  counting_sink_track (STREAM, "rendition", &rendition);
  ck_assert_str_eq (rendition.encoding_name, "H264");
  publisher_go (&publisher);
  ck_assert_uint_eq (counting_sink_n_pads (), 0);
}
GST_END_TEST;

GST_START_TEST (viewers_of_the_original_codec_always_get_each_frame)
{
  Publisher publisher;

  publisher_come (&publisher, encoders[__i__], "auto");
  for (guint i = 0; i < 60; i++) {
    guint n_before = n_packets ("video");

    if (i % 7 == 6)
      viewers_need (&publisher, i % 2 == 0);
    publisher_send (&publisher);
    ck_assert_uint_gt (n_packets ("video"), n_before);
  }
  publisher_go (&publisher);
}
GST_END_TEST;

GST_START_TEST (a_publisher_can_leave_while_its_rendition_is_made)
{
  Publisher publisher;

  publisher_come (&publisher, encoders[__i__], "auto");
  publisher_send (&publisher);
  viewers_need (&publisher, TRUE);
  publisher_send_all (&publisher);
  publisher_go (&publisher);
  ck_assert_uint_eq (counting_sink_n_pads (), 0);
}
GST_END_TEST;

GST_START_TEST (no_rendition_is_offered_if_transcoding_is_disabled)
{
  Publisher publisher;

  publisher_come (&publisher, encoders[__i__], "never");
  publisher_send_all (&publisher);
  ck_assert (offered_rendition (&publisher) == NULL);
  viewers_need (&publisher, TRUE);
  publisher_send_all (&publisher);
  ck_assert_uint_eq (counting_sink_n_pads (), 1);
  publisher_go (&publisher);
}
GST_END_TEST;

static const gchar *const choices[] = { "x264enc", "openh264enc" };

/* Data of the harness's element: what its signal said. */
static void
on_encoder_setup (GstElement *sink, const gchar *stream, GstElement *encoder,
    gpointer unused)
{
  g_object_set_data_full (G_OBJECT (sink), "set-up",
      g_strdup_printf ("%s %s", stream,
          GST_OBJECT_NAME (gst_element_get_factory (encoder))),
      g_free);
}

static gboolean
says_via (const Publisher *self, const gchar *via)
{
  g_autoptr (GstPad) pad = video_pad (self);
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);

  return g_strcmp0 (gst_structure_get_string (gst_caps_get_structure (caps, 0),
                        "via"),
             via) == 0;
}

GST_START_TEST (an_application_chooses_the_encoder_and_learns_what_is_used)
{
  const gchar *encoder = choices[__i__];
  g_autofree gchar *set_up = g_strdup_printf ("sink_0 %s", encoder);
  g_autofree gchar *via =
      g_strdup_printf ("rtpvp8pay, vp8dec ! %s ! h264livepay", encoder);
  guint n_before = 0;
  Publisher publisher;

  publisher_come (&publisher, encoders[2], "auto");
  g_object_set (publisher.in->element, "encoder", encoder, NULL);
  g_signal_connect (publisher.in->element, "encoder-setup",
      G_CALLBACK (on_encoder_setup), NULL);
  publisher_send_all (&publisher);
  ck_assert (says_via (&publisher, "rtpvp8pay"));
  viewers_need (&publisher, TRUE);
  publisher_send_all (&publisher);
  counting_sink_wait_until (has_more, &n_before);
  ck_assert (says_via (&publisher, via));
  ck_assert_str_eq (g_object_get_data (G_OBJECT (publisher.in->element),
                        "set-up"),
      set_up);
  viewers_need (&publisher, FALSE);
  publisher_send_all (&publisher);
  ck_assert (says_via (&publisher, "rtpvp8pay"));
  publisher_go (&publisher);
}
GST_END_TEST;

static Suite *
rendition_suite (void)
{
  Suite *suite = suite_create ("rendition");
  TCase *tcase = tcase_create ("rendition");
  const gint n = G_N_ELEMENTS (encoders);

  counting_sink_replace_whepsink ();
  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, a_rendition_is_made_while_it_is_needed, 0, n);
  tcase_add_loop_test (tcase,
      viewers_of_the_original_codec_always_get_each_frame, 0, n);
  tcase_add_loop_test (tcase, a_publisher_can_leave_while_its_rendition_is_made,
      0, n);
  tcase_add_loop_test (tcase,
      no_rendition_is_offered_if_transcoding_is_disabled, 0, n);
  tcase_add_loop_test (tcase,
      an_application_chooses_the_encoder_and_learns_what_is_used, 0,
      G_N_ELEMENTS (choices));
  return suite;
}

GST_CHECK_MAIN (rendition);
