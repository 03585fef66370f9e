/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A failed chain gets no more buffers; the failure is reported once, and does
 * not affect the other track. */

#include "tests/support/countingsink.h"
#include "tests/support/exflv.h"
#include "tests/support/flvfile.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#define STREAM "live/stream"

typedef struct
{
  GstHarness *in;
  GstBus *bus;
} Publisher;

static void
publisher_come (Publisher *self)
{
  counting_sink_reset ();
  self->bus = gst_bus_new ();
  self->in = gst_harness_new_with_padnames ("rtmpwebrtcsink", "sink_0", NULL);
  gst_element_set_bus (self->in->element, self->bus);
  gst_harness_set_src_caps_str (self->in, "video/x-flv");
  g_object_set (self->in->element->sinkpads->data, "stream-name", STREAM, NULL);
}

static void
publisher_go (Publisher *self)
{
  gst_element_set_bus (self->in->element, NULL);
  gst_harness_teardown (self->in);
  gst_bus_set_flushing (self->bus, TRUE);
  gst_object_unref (self->bus);
}

static void
publisher_send (Publisher *self, const gchar *file)
{
  g_autoptr (GBytes) bytes = flv_file_load (file);

  ck_assert_int_eq (gst_harness_push (self->in,
                        flv_file_cut (bytes, 0, G_MAXINT)),
      GST_FLOW_OK);
}

/* Counts the messages on the bus; the last "track-unplayable" is left in
 * @unplayable. */
static guint
read_bus (Publisher *self, guint *n_warnings, GstStructure **unplayable)
{
  guint n_unplayable = 0;
  GstMessage *message;

  *n_warnings = 0;
  while ((message = gst_bus_pop (self->bus)) != NULL) {
    *n_warnings += GST_MESSAGE_TYPE (message) == GST_MESSAGE_WARNING;
    if (gst_message_has_name (message, "track-unplayable")) {
      n_unplayable++;
      gst_clear_structure (unplayable);
      *unplayable = gst_structure_copy (gst_message_get_structure (message));
    }
    gst_message_unref (message);
  }
  return n_unplayable;
}

static void
assert_is (const GstStructure *said, const gchar *media, const gchar *codec)
{
  ck_assert_str_eq (gst_structure_get_string (said, "stream-name"), STREAM);
  ck_assert_str_eq (gst_structure_get_string (said, "media"), media);
  ck_assert (
      g_str_has_prefix (gst_structure_get_string (said, "codec"), codec));
  ck_assert (gst_structure_get_string (said, "reason") != NULL);
}

static const struct
{
  const gchar *media, *other, *codec;
} rejected[] = {
  { "audio", "video", "MPEG-4 AAC" },
  { "video", "audio", "H.264" },
};

GST_START_TEST (a_failed_chain_gets_no_more_buffers)
{
  g_autoptr (GstStructure) said = NULL;
  CountingSinkTrack track, other;
  guint n_warnings;
  Publisher publisher;

  publisher_come (&publisher);
  counting_sink_reject (rejected[__i__].media);
  publisher_send (&publisher, "h264-aac.flv");
  counting_sink_track (STREAM, rejected[__i__].media, &track);
  counting_sink_track (STREAM, rejected[__i__].other, &other);
  ck_assert_uint_eq (track.n_rejected, 1);
  ck_assert_uint_gt (other.n_packets, 20);

  ck_assert_uint_eq (read_bus (&publisher, &n_warnings, &said), 1);
  ck_assert_uint_eq (n_warnings, 1);
  assert_is (said, rejected[__i__].media, rejected[__i__].codec);
  publisher_go (&publisher);
}
GST_END_TEST;

/* The first element within the bin whose name begins with the prefix.
 * Returns: (transfer full) */
static GstElement *
find_element (Publisher *self, const gchar *prefix)
{
  g_autoptr (GstIterator) elements =
      gst_bin_iterate_recurse (GST_BIN (self->in->element));
  GstElement *found = NULL;
  GValue item = G_VALUE_INIT;

  while (
      found == NULL && gst_iterator_next (elements, &item) == GST_ITERATOR_OK) {
    if (g_str_has_prefix (GST_OBJECT_NAME (g_value_get_object (&item)), prefix))
      found = g_value_dup_object (&item);
    g_value_reset (&item);
  }
  g_value_unset (&item);
  ck_assert_msg (found != NULL, "%s", prefix);
  return found;
}

GST_START_TEST (an_element_that_reports_an_error_ends_its_track)
{
  g_autoptr (GstStructure) said = NULL;
  g_autoptr (GstElement) decoder = NULL;
  CountingSinkTrack before, after, video;
  guint n_warnings;
  Publisher publisher;

  publisher_come (&publisher);
  publisher_send (&publisher, "h264-aac.flv");
  counting_sink_track (STREAM, "audio", &before);
  decoder = find_element (&publisher, "avdec_aac");
  for (guint i = 0; i < 2; i++)
    GST_ELEMENT_ERROR (decoder, STREAM, DECODE, ("It broke."), (NULL));
  publisher_send (&publisher, "h264-aac.flv");
  counting_sink_track (STREAM, "audio", &after);
  counting_sink_track (STREAM, "video", &video);
  ck_assert_uint_eq (after.n_packets, before.n_packets);
  ck_assert_uint_gt (video.n_packets, 40);

  ck_assert_uint_eq (read_bus (&publisher, &n_warnings, &said), 1);
  ck_assert_uint_eq (n_warnings, 2);
  assert_is (said, "audio", "MPEG-4 AAC");
  ck_assert_str_eq (gst_structure_get_string (said, "reason"), "It broke");
  publisher_go (&publisher);
}
GST_END_TEST;

#define VP8                                                                    \
  "videotestsrc num-buffers=12 ! video/x-raw,width=160,height=120,"            \
  "framerate=30/1,format=I420 ! vp8enc deadline=1 keyframe-max-dist=6"

static void
publisher_send_vp8 (Publisher *self, GPtrArray *samples, guint32 *time_ms)
{
  for (guint i = 0; i < samples->len; i++, *time_ms += 33) {
    GstSample *sample = samples->pdata[i];

    ck_assert_int_eq (gst_harness_push (self->in,
                          ex_flv_frame (gst_sample_get_caps (sample),
                              gst_sample_get_buffer (sample), *time_ms)),
        GST_FLOW_OK);
  }
}

static gboolean
has_rendition (gpointer unused)
{
  CountingSinkTrack rendition;

  counting_sink_track (STREAM, "rendition", &rendition);
  return rendition.n_packets > 0;
}

GST_START_TEST (a_rendition_that_fails_does_not_end_the_track)
{
  g_autoptr (GPtrArray) samples = ex_flv_encode (VP8);
  g_autoptr (GstElement) whep = NULL, decoder = NULL;
  g_autoptr (GstStructure) said = NULL;
  CountingSinkTrack before, after;
  guint32 time_ms = 0;
  guint n_warnings;
  Publisher publisher;

  publisher_come (&publisher);
  publisher_send_vp8 (&publisher, samples, &time_ms);
  whep = find_element (&publisher, "whepsink");
  gst_pad_push_event (whep->sinkpads->data,
      gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
          gst_structure_new ("rtmp-webrtc/need-rendition", "needed",
              G_TYPE_BOOLEAN, TRUE, NULL)));
  publisher_send_vp8 (&publisher, samples, &time_ms);
  counting_sink_wait_until (has_rendition, NULL);
  decoder = find_element (&publisher, "vp8dec");
  GST_ELEMENT_ERROR (decoder, STREAM, DECODE, ("It broke."), (NULL));

  counting_sink_track (STREAM, "video", &before);
  publisher_send_vp8 (&publisher, samples, &time_ms);
  counting_sink_track (STREAM, "video", &after);
  ck_assert_uint_ge (after.n_packets, before.n_packets + samples->len);
  ck_assert_uint_eq (read_bus (&publisher, &n_warnings, &said), 0);
  ck_assert_uint_eq (n_warnings, 1);
  publisher_go (&publisher);
}
GST_END_TEST;

static Suite *
trackfailure_suite (void)
{
  Suite *suite = suite_create ("trackfailure");
  TCase *tcase = tcase_create ("trackfailure");

  counting_sink_replace_whepsink ();
  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, a_failed_chain_gets_no_more_buffers, 0,
      G_N_ELEMENTS (rejected));
  tcase_add_test (tcase, an_element_that_reports_an_error_ends_its_track);
  tcase_add_test (tcase, a_rendition_that_fails_does_not_end_the_track);
  return suite;
}

GST_CHECK_MAIN (trackfailure);
