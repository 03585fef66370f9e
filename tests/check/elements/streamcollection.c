/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The demuxers announce their tracks as GStreamer's streams. */

#include "tests/support/demuxrig.h"
#include "tests/support/flvfile.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* A hang, however busy the machine is. */
#define PATIENCE (60 * GST_SECOND)
#define N_TRACKS 2

static const gchar *const demuxers[] = { "flvlivedemux", "rtmplivedemux" };

static const struct
{
  const gchar *name;
  GstStreamType type;
  const gchar *tag;
} tracks[N_TRACKS] = {
  { "video", GST_STREAM_TYPE_VIDEO, GST_TAG_VIDEO_CODEC },
  { "audio", GST_STREAM_TYPE_AUDIO, GST_TAG_AUDIO_CODEC },
};

/* A DemuxRig that hears the messages. */
typedef struct
{
  DemuxRig rig;
  GstBus *bus;
} Hearer;

static void
hearer_open (Hearer *self, const gchar *demuxer)
{
  demux_rig_open (&self->rig, demuxer);
  self->bus = gst_bus_new ();
  gst_element_set_bus (self->rig.in->element, self->bus);
}

static void
hearer_close (Hearer *self)
{
  gst_element_set_bus (self->rig.in->element, NULL);
  gst_object_unref (self->bus);
  demux_rig_close (&self->rig);
}

static void
hearer_push_file (Hearer *self, const gchar *name)
{
  g_autoptr (GBytes) file = flv_file_load (name);
  gsize offset = 0;
  GstBuffer *tag;

  while ((tag = flv_file_next_tag (file, &offset)) != NULL)
    demux_rig_push (&self->rig, tag);
}

/* Returns: (transfer full) (nullable): the collection of the next message. */
static GstStreamCollection *
hearer_next (Hearer *self)
{
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (self->bus, GST_MESSAGE_STREAM_COLLECTION);
  GstStreamCollection *collection = NULL;

  /* A filter of extended types lets all of these pass. */
  if (message != NULL)
    ck_assert_int_eq (GST_MESSAGE_TYPE (message),
        GST_MESSAGE_STREAM_COLLECTION);
  if (message != NULL)
    gst_message_parse_stream_collection (message, &collection);
  return collection;
}

/* @letters: of the streams, in any order: v, a. */
static void
assert_next (Hearer *self, const gchar *letters)
{
  g_autoptr (GstStreamCollection) collection = hearer_next (self);

  ck_assert_msg (collection != NULL, "no collection of \"%s\"", letters);
  ck_assert_uint_eq (gst_stream_collection_get_size (collection),
      strlen (letters));
  for (guint i = 0; i < strlen (letters); i++) {
    GstStream *stream = gst_stream_collection_get_stream (collection, i);
    gboolean is_video =
        gst_stream_get_stream_type (stream) == GST_STREAM_TYPE_VIDEO;

    ck_assert_msg (strchr (letters, is_video ? 'v' : 'a') != NULL, "%s",
        letters);
  }
}

/* Returns: (transfer full): that of the pad's stream-start event. */
static GstStream *
stream_of (GstPad *pad)
{
  g_autoptr (GstEvent) start =
      gst_pad_get_sticky_event (pad, GST_EVENT_STREAM_START, 0);
  GstStream *stream;

  ck_assert (start != NULL);
  gst_event_parse_stream (start, &stream);
  ck_assert (stream != NULL);
  return stream;
}

static gboolean
has_stream (GstPad *pad, GstStream *stream)
{
  g_autoptr (GstEvent) event =
      gst_pad_get_sticky_event (pad, GST_EVENT_STREAM_COLLECTION, 0);
  g_autoptr (GstStreamCollection) collection = NULL;
  guint n_streams;

  ck_assert (event != NULL);
  gst_event_parse_stream_collection (event, &collection);
  n_streams = gst_stream_collection_get_size (collection);
  ck_assert_uint_eq (n_streams, N_TRACKS);
  for (guint i = 0; i < n_streams; i++)
    if (gst_stream_collection_get_stream (collection, i) == stream)
      return TRUE;
  return FALSE;
}

static void
check_pad (GstElement *demuxer, guint track)
{
  g_autoptr (GstPad) pad =
      gst_element_get_static_pad (demuxer, tracks[track].name);
  g_autoptr (GstStream) stream = stream_of (pad);
  g_autofree gchar *id = gst_pad_get_stream_id (pad);
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (pad);
  g_autoptr (GstCaps) stream_caps = gst_stream_get_caps (stream);
  g_autoptr (GstTagList) tags = gst_stream_get_tags (stream);

  ck_assert_str_eq (gst_stream_get_stream_id (stream), id);
  ck_assert_int_eq (gst_stream_get_stream_type (stream), tracks[track].type);
  ck_assert (gst_caps_is_equal (stream_caps, caps));
  ck_assert_uint_eq (gst_tag_list_get_tag_size (tags, tracks[track].tag), 1);
  ck_assert (has_stream (pad, stream));
}

GST_START_TEST (each_pad_carries_its_stream_and_the_collection)
{
  Hearer hearer;

  hearer_open (&hearer, demuxers[__i__]);
  hearer_push_file (&hearer, "h264-aac.flv");
  for (guint i = 0; i < N_TRACKS; i++)
    check_pad (hearer.rig.in->element, i);
  hearer_close (&hearer);
}
GST_END_TEST;

GST_START_TEST (a_collection_is_posted_as_tracks_come_and_go)
{
  Hearer hearer;

  hearer_open (&hearer, demuxers[__i__]);
  hearer_push_file (&hearer, "h264.flv");
  assert_next (&hearer, "v");
  hearer_push_file (&hearer, "aac.flv");
  assert_next (&hearer, "va");
  /* Another codec is another stream. */
  hearer_push_file (&hearer, "mp3.flv");
  assert_next (&hearer, "v");
  assert_next (&hearer, "va");
  ck_assert (hearer_next (&hearer) == NULL);
  hearer_close (&hearer);
}
GST_END_TEST;

static void
on_pad_added (GstElement *demuxer, GstPad *pad, Hearer *self)
{
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (self->bus, GST_MESSAGE_STREAM_COLLECTION);

  ck_assert (message != NULL);
}

GST_START_TEST (a_collection_is_posted_before_its_pad_is_added)
{
  Hearer hearer;

  hearer_open (&hearer, demuxers[__i__]);
  g_signal_connect (hearer.rig.in->element, "pad-added",
      G_CALLBACK (on_pad_added), &hearer);
  hearer_push_file (&hearer, "h264-aac.flv");
  ck_assert_uint_eq (hearer.rig.in->element->numsrcpads, N_TRACKS);
  hearer_close (&hearer);
}
GST_END_TEST;

GST_START_TEST (a_stream_gets_new_caps_with_its_pad)
{
  g_autoptr (GstPad) pad = NULL;
  g_autoptr (GstStream) before = NULL;
  g_autoptr (GstStream) after = NULL;
  g_autoptr (GstCaps) first = NULL;
  g_autoptr (GstCaps) last = NULL;
  g_autoptr (GstCaps) caps = NULL;
  Hearer hearer;

  hearer_open (&hearer, demuxers[__i__]);
  hearer_push_file (&hearer, "h264.flv");
  pad = gst_element_get_static_pad (hearer.rig.in->element, "video");
  before = stream_of (pad);
  first = gst_stream_get_caps (before);
  hearer_push_file (&hearer, "resized.flv");
  after = stream_of (pad);
  last = gst_stream_get_caps (after);
  caps = gst_pad_get_current_caps (pad);
  ck_assert_ptr_eq (after, before);
  ck_assert (!gst_caps_is_equal (first, last));
  ck_assert (gst_caps_is_equal (last, caps));
  hearer_close (&hearer);
}
GST_END_TEST;

/* The demuxer's pads go to decodebin3, and what comes out of that to sinks. */
typedef struct
{
  GstElement *pipeline;
  GstElement *decoder;
  gint n_outputs; /* atomic */
} Decoding;

static void
link_input (GstElement *demuxer, GstPad *pad, Decoding *self)
{
  GstPad *sink = gst_element_get_static_pad (self->decoder, "sink");

  if (gst_pad_is_linked (sink)) {
    gst_object_unref (sink);
    sink = gst_element_request_pad_simple (self->decoder, "sink_%u");
  }
  ck_assert_int_eq (gst_pad_link (pad, sink), GST_PAD_LINK_OK);
  gst_object_unref (sink);
}

static void
link_output (GstElement *decoder, GstPad *pad, Decoding *self)
{
  GstElement *sink;
  g_autoptr (GstPad) sink_pad = NULL;

  if (GST_PAD_IS_SINK (pad))
    return;
  sink = gst_element_factory_make ("fakesink", NULL);
  sink_pad = gst_element_get_static_pad (sink, "sink");
  g_object_set (sink, "sync", FALSE, "async", FALSE, NULL);
  gst_bin_add (GST_BIN (self->pipeline), sink);
  gst_element_sync_state_with_parent (sink);
  ck_assert_int_eq (gst_pad_link (pad, sink_pad), GST_PAD_LINK_OK);
  g_atomic_int_inc (&self->n_outputs);
}

static void
decoding_open (Decoding *self, const gchar *demuxer)
{
  g_autofree gchar *location =
      g_build_filename (g_getenv ("SUPPORT_DIR"), "flv", "h264-aac.flv", NULL);
  g_autofree gchar *description =
      g_strdup_printf ("filesrc location=\"%s\" ! %s name=demux "
                       "decodebin3 name=decoder",
          location, demuxer);
  g_autoptr (GstElement) demux = NULL;

  self->n_outputs = 0;
  self->pipeline = gst_parse_launch (description, NULL);
  ck_assert (self->pipeline != NULL);
  demux = gst_bin_get_by_name (GST_BIN (self->pipeline), "demux");
  self->decoder = gst_bin_get_by_name (GST_BIN (self->pipeline), "decoder");
  g_signal_connect (demux, "pad-added", G_CALLBACK (link_input), self);
  g_signal_connect (self->decoder, "pad-added", G_CALLBACK (link_output), self);
}

GST_START_TEST (decodebin3_selects_the_streams_of_the_demuxer)
{
  Decoding decoding;
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;
  guint n_selected = 0;

  decoding_open (&decoding, demuxers[__i__]);
  bus = gst_element_get_bus (decoding.pipeline);
  gst_element_set_state (decoding.pipeline, GST_STATE_PLAYING);
  do {
    g_clear_pointer (&message, gst_message_unref);
    message = gst_bus_timed_pop_filtered (bus, PATIENCE,
        GST_MESSAGE_STREAMS_SELECTED | GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    ck_assert (message != NULL);
    if (GST_MESSAGE_TYPE (message) == GST_MESSAGE_STREAMS_SELECTED)
      n_selected = gst_message_streams_selected_get_size (message);
  } while (GST_MESSAGE_TYPE (message) != GST_MESSAGE_EOS &&
      GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR);
  ck_assert_int_eq (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  ck_assert_uint_eq (n_selected, N_TRACKS);
  ck_assert_int_eq (g_atomic_int_get (&decoding.n_outputs), N_TRACKS);
  gst_element_set_state (decoding.pipeline, GST_STATE_NULL);
  gst_object_unref (decoding.decoder);
  gst_object_unref (decoding.pipeline);
}
GST_END_TEST;

static Suite *
streamcollection_suite (void)
{
  Suite *suite = suite_create ("streamcollection");
  TCase *tcase = tcase_create ("streamcollection");
  const gint n = G_N_ELEMENTS (demuxers);

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, each_pad_carries_its_stream_and_the_collection, 0,
      n);
  tcase_add_loop_test (tcase, a_collection_is_posted_as_tracks_come_and_go, 0,
      n);
  tcase_add_loop_test (tcase, a_collection_is_posted_before_its_pad_is_added, 0,
      n);
  tcase_add_loop_test (tcase, a_stream_gets_new_caps_with_its_pad, 0, n);
  tcase_add_loop_test (tcase, decodebin3_selects_the_streams_of_the_demuxer, 0,
      n);
  return suite;
}

GST_CHECK_MAIN (streamcollection);
