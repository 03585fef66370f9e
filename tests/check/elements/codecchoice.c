/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which elements transcode video: by rank, or as an application asks. Stand-ins
 * for hardware, around codecs in software, are registered under its names. */

#include "gst/live/gstalternatives.h"
#include "gst/live/gstrecipe.h"
#include "gst/live/gstvia.h"
#include "tests/support/exflv.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

typedef enum
{
  WORKS,
  DOES_NOT_START,
  DOES_NOT_ENCODE,
  WAITS, /* to be let go */
} Defect;

/* A driver that takes its time. */
static GMutex lock;
static GCond let_go;
static gboolean is_let_go; /* guarded by the lock, as is the next */
static guint n_waiting;

typedef struct
{
  const gchar *element; /* that does the work */
  Defect defect;
} Device;

typedef struct
{
  GstBinClass parent_class;
  const Device *device;
} StandInClass;

static GstStaticPadTemplate raw_sink =
    GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS,
        GST_STATIC_CAPS ("video/x-raw, format=(string){ NV12, I420 }"));
static GstStaticPadTemplate raw_src = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS ("video/x-raw"));
static GstStaticPadTemplate h264_sink = GST_STATIC_PAD_TEMPLATE ("sink",
    GST_PAD_SINK, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-h264, stream-format=byte-stream, alignment=au, "
                     "profile=(string){ constrained-baseline, main }"));
static GstStaticPadTemplate h264_src = GST_STATIC_PAD_TEMPLATE ("src",
    GST_PAD_SRC, GST_PAD_ALWAYS,
    GST_STATIC_CAPS ("video/x-h264, stream-format=byte-stream, alignment=au, "
                     "profile=constrained-baseline"));

static GstPadProbeReturn
fail_to_encode (GstPad *pad, GstPadProbeInfo *info, gpointer self)
{
  GST_ELEMENT_ERROR (self, LIBRARY, ENCODE, ("No session is left."), (NULL));
  gst_buffer_unref (GST_PAD_PROBE_INFO_BUFFER (info));
  GST_PAD_PROBE_INFO_FLOW_RETURN (info) = GST_FLOW_ERROR;
  return GST_PAD_PROBE_HANDLED;
}

static void
wait_to_be_let_go (void)
{
  g_mutex_lock (&lock);
  n_waiting++;
  while (!is_let_go)
    g_cond_wait (&let_go, &lock);
  g_mutex_unlock (&lock);
}

static void
let_go_of_all (void)
{
  g_mutex_lock (&lock);
  is_let_go = TRUE;
  g_cond_broadcast (&let_go);
  g_mutex_unlock (&lock);
}

static void
add_ghost (GstElement *self, GstElement *codec, const gchar *name)
{
  g_autoptr (GstPad) target = gst_element_get_static_pad (codec, name);
  GstPadTemplate *templ =
      gst_element_class_get_pad_template (GST_ELEMENT_GET_CLASS (self), name);

  gst_element_add_pad (self,
      gst_ghost_pad_new_from_template (name, target, templ));
}

static void
stand_in_init (GTypeInstance *instance, gpointer klass)
{
  const Device *device = ((StandInClass *) klass)->device;
  GstElement *self = GST_ELEMENT (instance);
  GstElement *codec = gst_element_factory_make (device->element, NULL);
  g_autoptr (GstPad) sink = NULL;

  gst_bin_add (GST_BIN (self), codec);
  add_ghost (self, codec, "sink");
  add_ghost (self, codec, "src");
  sink = gst_element_get_static_pad (self, "sink");
  if (device->defect == DOES_NOT_ENCODE)
    gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER, fail_to_encode, self,
        NULL);
}

static GstStateChangeReturn
stand_in_change_state (GstElement *element, GstStateChange transition)
{
  StandInClass *klass = G_TYPE_INSTANCE_GET_CLASS (element,
      G_OBJECT_TYPE (element), StandInClass);

  if (klass->device->defect == DOES_NOT_START &&
      transition == GST_STATE_CHANGE_NULL_TO_READY) {
    GST_ELEMENT_ERROR (element, RESOURCE, NOT_FOUND, ("No device."), (NULL));
    return GST_STATE_CHANGE_FAILURE;
  }
  if (klass->device->defect == WAITS &&
      transition == GST_STATE_CHANGE_NULL_TO_READY)
    wait_to_be_let_go ();
  return GST_ELEMENT_CLASS (g_type_class_peek (GST_TYPE_BIN))
      ->change_state (element, transition);
}

static void
stand_in_class_init (gpointer klass, gpointer data)
{
  GstElementClass *element_class = klass;
  const Device *device = data;
  gboolean is_decoder = g_str_has_suffix (device->element, "dec") ||
      g_str_has_prefix (device->element, "avdec");

  ((StandInClass *) klass)->device = device;
  element_class->change_state = stand_in_change_state;
  gst_element_class_add_static_pad_template (element_class,
      is_decoder ? &h264_sink : &raw_sink);
  gst_element_class_add_static_pad_template (element_class,
      is_decoder ? &raw_src : &h264_src);
  gst_element_class_set_static_metadata (element_class, "Stand-in",
      is_decoder ? "Codec/Decoder/Video" : "Codec/Encoder/Video",
      "Stands in for hardware", "Test");
}

static void
register_device (const gchar *name, guint rank, const gchar *element,
    Defect defect)
{
  Device device = { element, defect };
  g_autofree gchar *type_name = g_strconcat ("StandIn-", name, NULL);
  GTypeInfo info = {
    .class_size = sizeof (StandInClass),
    .class_init = stand_in_class_init,
    .class_data = g_memdup2 (&device, sizeof device),
    .instance_size = sizeof (GstBin),
    .instance_init = stand_in_init,
  };

  ck_assert (gst_element_register (NULL, name, rank,
      g_type_register_static (GST_TYPE_BIN, type_name, &info, 0)));
}

static void
set_rank (const gchar *element, guint rank)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (element);

  ck_assert_msg (factory != NULL, "%s", element);
  gst_plugin_feature_set_rank (GST_PLUGIN_FEATURE (factory), rank);
}

/* What an application asks for, and where warnings go. */
typedef struct
{
  GstCodecChoice choice;
  GstBus *bus;
} Application;

static void
application_start (Application *self, const gchar *decoder,
    const gchar *encoder)
{
  *self = (Application){ .bus = gst_bus_new () };
  self->choice.decoder = g_strdup (decoder);
  self->choice.encoder = g_strdup (encoder);
  self->choice.element = gst_object_ref_sink (gst_bin_new (NULL));
  gst_element_set_bus (self->choice.element, self->bus);
}

static void
application_stop (Application *self)
{
  gst_element_set_bus (self->choice.element, NULL);
  gst_object_unref (self->choice.element);
  gst_object_unref (self->bus);
  gst_codec_choice_clear (&self->choice);
}

/* Returns: (transfer full) (nullable): the next warning. */
static gchar *
application_warning (Application *self)
{
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (self->bus, GST_MESSAGE_WARNING);
  g_autoptr (GError) error = NULL;

  if (message == NULL)
    return NULL;
  gst_message_parse_warning (message, &error, NULL);
  return g_strdup (error->message);
}

/* Returns: (nullable) (transfer floating): once all devices have been tried. */
static GstElement *
make_transcoder (Application *self, GError **error)
{
  GstElement *chain;
  gboolean are_tried;

  do {
    g_autoptr (GError) last = NULL;

    chain = gst_recipe_make_transcoder (&self->choice, &last);
    are_tried = gst_alternatives_are_tried (last);
    if (chain == NULL && !are_tried)
      g_propagate_error (error, g_steal_pointer (&last));
    g_thread_yield ();
  } while (are_tried);
  return chain;
}

static void
assert_transcodes_via (Application *self, const gchar *via)
{
  g_autoptr (GError) error = NULL;
  GstElement *chain = make_transcoder (self, &error);
  g_autofree gchar *is = NULL;

  ck_assert_msg (chain != NULL, "%s", error != NULL ? error->message : "");
  gst_object_ref_sink (chain);
  is = gst_via_dup (chain);
  ck_assert_str_eq (is, via);
  gst_object_unref (chain);
}

static void
assert_warns (Application *self, const gchar *expected)
{
  g_autofree gchar *warning = application_warning (self);

  ck_assert_msg (g_strcmp0 (warning, expected) == 0, "%s", warning);
}

/* Every case is a process of its own, with ranks as they were. */
static const struct
{
  guint rank;
  const gchar *via;
} ranks[] = {
  { GST_RANK_NONE, "avdec_h264 ! x264enc" },
  { GST_RANK_SECONDARY, "avdec_h264 ! x264enc" },
  { GST_RANK_PRIMARY, "avdec_h264 ! vah264enc" },
  { GST_RANK_PRIMARY + 1, "avdec_h264 ! vah264enc" },
};

GST_START_TEST (the_encoder_with_the_highest_rank_is_used)
{
  Application application;

  set_rank ("x264enc", GST_RANK_PRIMARY);
  register_device ("vah264enc", ranks[__i__].rank, "x264enc", WORKS);
  application_start (&application, NULL, NULL);
  assert_transcodes_via (&application, ranks[__i__].via);
  assert_warns (&application, NULL);
  application_stop (&application);
}
GST_END_TEST;

GST_START_TEST (an_encoder_of_a_second_device_is_one_like_the_first)
{
  Application application;

  register_device ("varenderD129h264enc", GST_RANK_PRIMARY + 1, "x264enc",
      WORKS);
  application_start (&application, NULL, NULL);
  assert_transcodes_via (&application, "avdec_h264 ! varenderD129h264enc");
  application_stop (&application);
}
GST_END_TEST;

static const struct
{
  Defect defect;
  const gchar *warning;
} defects[] = {
  { DOES_NOT_START,
      "nvh264enc can't be used, so that another element has to do its work." },
  { DOES_NOT_ENCODE,
      "nvh264enc can't be used, so that another element has to do its work." },
};

GST_START_TEST (an_encoder_that_fails_is_passed_over_and_reported_once)
{
  Application application;

  set_rank ("x264enc", GST_RANK_PRIMARY);
  register_device ("nvh264enc", GST_RANK_PRIMARY + 2, "x264enc",
      defects[__i__].defect);
  register_device ("qsvh264enc", GST_RANK_PRIMARY + 1, "x264enc", WORKS);
  application_start (&application, NULL, NULL);
  for (guint i = 0; i < 3; i++) {
    assert_transcodes_via (&application, "avdec_h264 ! qsvh264enc");
    assert_warns (&application, i == 0 ? defects[__i__].warning : NULL);
  }
  application_stop (&application);
}
GST_END_TEST;

static const struct
{
  const gchar *encoder, *via, *warning;
} named[] = {
  { "openh264enc", "avdec_h264 ! openh264enc", NULL },
  { "vah264enc", "avdec_h264 ! vah264enc", NULL },
  { "nvh264enc", "avdec_h264 ! x264enc",
      "nvh264enc can't be used, so that another element has to do its work." },
  { "amfh264enc", "avdec_h264 ! x264enc",
      "amfh264enc is not installed, so that another element has to do its "
      "work." },
  /* One that we have no settings for. */
  { "ownh264enc", "avdec_h264 ! ownh264enc", NULL },
  /* Not an encoder of H.264. */
  { "vp8enc", "avdec_h264 ! x264enc", NULL },
  { "", "avdec_h264 ! x264enc", NULL },
};

GST_START_TEST (an_encoder_that_is_asked_for_is_used_whatever_its_rank)
{
  Application application;

  register_device ("vah264enc", GST_RANK_NONE, "x264enc", WORKS);
  register_device ("nvh264enc", GST_RANK_NONE, "x264enc", DOES_NOT_START);
  register_device ("ownh264enc", GST_RANK_PRIMARY + 9, "x264enc", WORKS);
  application_start (&application, NULL, named[__i__].encoder);
  assert_transcodes_via (&application, named[__i__].via);
  assert_warns (&application, named[__i__].warning);
  application_stop (&application);
}
GST_END_TEST;

static const struct
{
  guint rank;
  const gchar *asked, *caps, *via;
} decoders[] = {
  { GST_RANK_PRIMARY + 1, NULL, "profile=main", "vah264dec ! x264enc" },
  { GST_RANK_PRIMARY, NULL, "profile=main", "vah264dec ! x264enc" },
  { GST_RANK_MARGINAL, NULL, "profile=main", "avdec_h264 ! x264enc" },
  { GST_RANK_PRIMARY + 1, "avdec_h264", "profile=main",
      "avdec_h264 ! x264enc" },
  { GST_RANK_NONE, "vah264dec", "profile=main", "vah264dec ! x264enc" },
  /* A device cannot decode everything. */
  { GST_RANK_PRIMARY + 1, NULL, "profile=high-4:2:2", "avdec_h264 ! x264enc" },
  { GST_RANK_NONE, "vah264dec", "profile=high-4:2:2", "avdec_h264 ! x264enc" },
};

GST_START_TEST (the_decoder_is_the_one_of_the_highest_rank_that_fits)
{
  g_autofree gchar *caps =
      g_strconcat ("video/x-h264, stream-format=byte-stream, alignment=au, ",
          decoders[__i__].caps, NULL);
  Application application;

  register_device ("vah264dec", decoders[__i__].rank, "avdec_h264", WORKS);
  register_device ("v4l2h264dec", GST_RANK_PRIMARY + 9, "avdec_h264",
      DOES_NOT_START);
  application_start (&application, decoders[__i__].asked, NULL);
  application.choice.caps = gst_caps_from_string (caps);
  assert_transcodes_via (&application, decoders[__i__].via);
  application_stop (&application);
}
GST_END_TEST;

GST_START_TEST (stills_are_decoded_without_a_device)
{
  g_autofree gchar *chain = NULL;

  register_device ("vah264dec", GST_RANK_PRIMARY + 9, "avdec_h264", WORKS);
  chain = gst_alternatives_fill_in ("{h264}", NULL, NULL);
  ck_assert_msg (g_str_has_prefix (chain, "avdec_h264"), "%s", chain);
}
GST_END_TEST;

/* A machine whose encoder cannot do constant quality has no such value. */
GST_START_TEST (settings_that_an_encoder_lacks_are_skipped)
{
  g_autoptr (GstElement) encoder = NULL;
  g_autofree gchar *preset = NULL;
  guint key_int_max, threads;

  encoder = gst_element_factory_make ("x264enc", NULL);
  gst_object_ref_sink (encoder);
  gst_h264_encoders_set_up (encoder, 4);
  g_object_get (encoder, "key-int-max", &key_int_max, "threads", &threads,
      NULL);
  ck_assert_uint_eq (key_int_max, 48);
  ck_assert_uint_eq (threads, 2);
  register_device ("vah264enc", GST_RANK_PRIMARY, "x264enc", WORKS);
  gst_object_unref (encoder);
  encoder = gst_element_factory_make ("vah264enc", NULL);
  gst_object_ref_sink (encoder);
  gst_h264_encoders_set_up (encoder, 4);
}
GST_END_TEST;

#define B_FRAMES                                                               \
  "videotestsrc num-buffers=40 pattern=ball ! video/x-raw,format=I420,"        \
  "width=160,height=120,framerate=30/1 ! x264enc speed-preset=ultrafast "      \
  "bframes=2 b-adapt=false key-int-max=30 ! h264parse config-interval=-1 ! "   \
  "video/x-h264,stream-format=byte-stream,alignment=au"

/* What the application found and set. */
typedef struct
{
  guint n;
  GstState state;
  guint gop_size;
  GstElement *encoder;
} Setup;

static void
on_encoder_setup (GstElement *pay, GstElement *encoder, Setup *setup)
{
  setup->n++;
  setup->state = GST_STATE (encoder);
  g_object_get (encoder, "gop-size", &setup->gop_size, NULL);
  g_object_set (encoder, "gop-size", 8, NULL);
  gst_object_replace ((GstObject **) &setup->encoder, GST_OBJECT (encoder));
}

static void
pull_until_end (GstHarness *harness)
{
  gboolean is_end = FALSE;

  while (!is_end) {
    g_autoptr (GstEvent) event = gst_harness_pull_event (harness);

    ck_assert (event != NULL);
    is_end = GST_EVENT_TYPE (event) == GST_EVENT_EOS;
  }
}

static void
assert_is_set_up (Setup *setup)
{
  guint gop_size;

  ck_assert_uint_eq (setup->n, 1);
  ck_assert_int_eq (setup->state, GST_STATE_NULL);
  ck_assert_uint_eq (setup->gop_size, 48);
  ck_assert_str_eq (GST_OBJECT_NAME (gst_element_get_factory (setup->encoder)),
      "openh264enc");
  g_object_get (setup->encoder, "gop-size", &gop_size, NULL);
  ck_assert_uint_eq (gop_size, 8);
  gst_clear_object (&setup->encoder);
}

GST_START_TEST (an_application_sets_up_the_encoder_before_it_starts)
{
  g_autoptr (GPtrArray) samples = ex_flv_encode (B_FRAMES);
  GstHarness *harness = gst_harness_new ("h264livepay");
  g_autoptr (GstCaps) caps = NULL;
  Setup setup = { 0 };

  g_object_set (harness->element, "encoder", "openh264enc", NULL);
  g_signal_connect (harness->element, "encoder-setup",
      G_CALLBACK (on_encoder_setup), &setup);
  gst_harness_set_src_caps (harness,
      gst_caps_ref (gst_sample_get_caps (samples->pdata[0])));
  for (guint i = 0; i < samples->len; i++)
    gst_harness_push (harness,
        gst_buffer_ref (gst_sample_get_buffer (samples->pdata[i])));
  gst_harness_push_event (harness, gst_event_new_eos ());
  pull_until_end (harness);
  caps = gst_pad_get_current_caps (harness->sinkpad);
  ck_assert_str_eq (gst_structure_get_string (gst_caps_get_structure (caps, 0),
                        "via"),
      "avdec_h264 ! openh264enc ! h264livepay");
  gst_harness_teardown (harness);
  assert_is_set_up (&setup);
}
GST_END_TEST;

GST_START_TEST (two_publishers_share_the_trial_of_an_encoder)
{
  Application one, other;

  register_device ("vah264enc", GST_RANK_PRIMARY + 1, "x264enc", WAITS);
  application_start (&one, NULL, NULL);
  application_start (&other, NULL, NULL);
  gst_recipe_try_encoders (&one.choice);
  for (guint i = 0; i < 5; i++) {
    Application *asker = i % 2 == 0 ? &one : &other;
    g_autoptr (GError) error = NULL;

    ck_assert (gst_recipe_make_transcoder (&asker->choice, &error) == NULL);
    ck_assert_msg (gst_alternatives_are_tried (error), "%s", error->message);
  }
  let_go_of_all ();
  assert_transcodes_via (&one, "avdec_h264 ! vah264enc");
  assert_transcodes_via (&other, "avdec_h264 ! vah264enc");
  /* That of the trial that starts it, and that of the one that encodes. */
  ck_assert_uint_eq (n_waiting, 2);
  assert_warns (&one, NULL);
  assert_warns (&other, NULL);
  application_stop (&one);
  application_stop (&other);
}
GST_END_TEST;

static gchar *
dup_via (GstHarness *harness)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (harness->sinkpad);

  return g_strdup (caps != NULL
          ? gst_structure_get_string (gst_caps_get_structure (caps, 0), "via")
          : NULL);
}

/* The first frame follows the last, later than all before. */
static void
push_sample (GstHarness *harness, GPtrArray *samples, guint i)
{
  GstBuffer *frame = gst_buffer_copy (
      gst_sample_get_buffer (samples->pdata[i % samples->len]));
  GstClockTime later = i / samples->len * 10 * GST_SECOND;

  GST_BUFFER_PTS (frame) += later;
  GST_BUFFER_DTS (frame) += later;
  ck_assert_int_eq (gst_harness_push (harness, frame), GST_FLOW_OK);
}

/* Every third frame is one that the others refer to. */
GST_START_TEST (a_stream_goes_on_while_its_encoder_is_tried)
{
  g_autoptr (GPtrArray) samples = ex_flv_encode (B_FRAMES);
  GstHarness *harness = gst_harness_new ("h264livepay");
  g_autofree gchar *via = NULL;
  guint i = 0;

  register_device ("vah264enc", GST_RANK_PRIMARY + 1, "x264enc", WAITS);
  gst_harness_set_src_caps (harness,
      gst_caps_ref (gst_sample_get_caps (samples->pdata[0])));
  while (i < 2 * samples->len)
    push_sample (harness, samples, i++);
  ck_assert_uint_ge (gst_harness_buffers_received (harness), i / 3);
  let_go_of_all ();
  while ((via = dup_via (harness)) == NULL) {
    push_sample (harness, samples, i++);
    g_thread_yield ();
  }
  ck_assert_str_eq (via, "avdec_h264 ! vah264enc ! h264livepay");
  gst_harness_teardown (harness);
}
GST_END_TEST;

static Suite *
codecchoice_suite (void)
{
  Suite *suite = suite_create ("codecchoice");
  TCase *tcase = tcase_create ("codecchoice");

  gst_object_unref (gst_plugin_load_by_name ("rtmpwebrtc"));
  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, the_encoder_with_the_highest_rank_is_used, 0,
      G_N_ELEMENTS (ranks));
  tcase_add_test (tcase, an_encoder_of_a_second_device_is_one_like_the_first);
  tcase_add_loop_test (tcase,
      an_encoder_that_fails_is_passed_over_and_reported_once, 0,
      G_N_ELEMENTS (defects));
  tcase_add_loop_test (tcase,
      an_encoder_that_is_asked_for_is_used_whatever_its_rank, 0,
      G_N_ELEMENTS (named));
  tcase_add_loop_test (tcase,
      the_decoder_is_the_one_of_the_highest_rank_that_fits, 0,
      G_N_ELEMENTS (decoders));
  tcase_add_test (tcase, stills_are_decoded_without_a_device);
  tcase_add_test (tcase, settings_that_an_encoder_lacks_are_skipped);
  tcase_add_test (tcase, two_publishers_share_the_trial_of_an_encoder);
  tcase_add_test (tcase, a_stream_goes_on_while_its_encoder_is_tried);
  tcase_add_test (tcase, an_application_sets_up_the_encoder_before_it_starts);
  return suite;
}

GST_CHECK_MAIN (codecchoice);
