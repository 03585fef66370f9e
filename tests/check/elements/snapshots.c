/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures of a publisher's newest key frame, as rtmpwebrtcsink makes them when
 * whepsink asks. */

#include "tests/support/exflv.h"

#define GST_USE_UNSTABLE_API
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/gsttracer.h>
#include <gst/video/video.h>

#define STREAM "live/stream"
/* Twelve frames are less than a second, so that the next ones begin within
 * it. */
#define FRAME_MS 50
#define LONG_MS 1000
/* Of the colour that comes out of three conversions. */
#define TOLERANCE 8
#define RED 0xffff0000
#define GREEN 0xff00ff00
#define N_FLOOD 200
/* The limit of a wait; the machine may be busy. */
#define PATIENCE_US (30 * G_USEC_PER_SEC)

#define PICTURE                                                                \
  "videotestsrc num-buffers=12 pattern=solid-color foreground-color=%u ! "     \
  "video/x-raw,width=640,height=360,framerate=10/1,format=I420 ! "

/* Of the largest ones that are decoded, so many that not all are kept. */
#define N_LARGE 5
#define LARGE                                                                  \
  "videotestsrc num-buffers=1 pattern=solid-color ! "                          \
  "video/x-raw,width=4096,height=2304,framerate=10/1,format=I420 ! "           \
  "vp8enc deadline=1 threads=2"

static const gchar *const encoders[] = {
  "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=100 ! "
  "h265parse ! video/x-h265,stream-format=hvc1,alignment=au",
  "av1enc usage-profile=realtime cpu-used=8 lag-in-frames=0 "
  "keyframe-max-dist=100 ! av1parse ! "
  "video/x-av1,stream-format=obu-stream,alignment=tu",
  "vp8enc deadline=1 keyframe-max-dist=100",
  "vp9enc deadline=1 lag-in-frames=0 keyframe-max-dist=100",
};
#define VP8 encoders[2]

typedef struct
{
  GstHarness *in;
  guint32 time_ms;
} Publisher;

static void
publisher_come (Publisher *self)
{
  GstElement *sink = gst_element_factory_make ("rtmpwebrtcsink", NULL);

  *self = (Publisher){ 0 };
  g_object_set (sink, "port", 0, "address", "127.0.0.1", "threads", 1, NULL);
  self->in = gst_harness_new_with_element (sink, "sink_0", NULL);
  gst_object_unref (sink);
  gst_harness_set_src_caps_str (self->in, "video/x-flv");
}

static void
publisher_go (Publisher *self)
{
  gst_harness_teardown (self->in);
}

/* A key frame and others that look the same. */
static GPtrArray *
encode (const gchar *encoder, guint color)
{
  g_autofree gchar *picture = g_strdup_printf (PICTURE, color);
  g_autofree gchar *chain = g_strconcat (picture, encoder, NULL);

  return ex_flv_encode (chain);
}

/* @cut: the first bytes of each frame that are sent; 0: all. */
static void
publisher_send (Publisher *self, const GPtrArray *samples, gsize cut)
{
  for (guint i = 0; i < samples->len; i++) {
    GstCaps *caps = gst_sample_get_caps (samples->pdata[i]);
    g_autoptr (GstBuffer) frame =
        gst_buffer_copy (gst_sample_get_buffer (samples->pdata[i]));
    GstBuffer *header =
        i > 0 ? NULL : ex_flv_header (caps, frame, self->time_ms);

    if (cut > 0)
      gst_buffer_set_size (frame, cut);
    if (header != NULL)
      gst_harness_push (self->in, header);
    ck_assert_int_eq (gst_harness_push (self->in,
                          ex_flv_frame (caps, frame, self->time_ms)),
        GST_FLOW_OK);
    self->time_ms += FRAME_MS;
  }
}

static void
publisher_show (Publisher *self, const gchar *encoder, guint color, gsize cut)
{
  g_autoptr (GPtrArray) samples = encode (encoder, color);

  publisher_send (self, samples, cut);
}

/* Counts the decoders of VP8, and may publish when one is made. */
typedef struct
{
  GstTracer parent;
} Watch;

typedef struct
{
  GstTracerClass parent_class;
} WatchClass;

GType watch_get_type (void);
G_DEFINE_TYPE (Watch, watch, GST_TYPE_TRACER)

static gint n_decoders;
static Publisher *shows_next; /* nullable */
static GPtrArray *next;

static void
watch_init (Watch *self)
{
}

static void
watch_class_init (WatchClass *class)
{
}

static void
on_element (GObject *self, GstClockTime ts, GstElement *element)
{
  GstElementFactory *factory = gst_element_get_factory (element);
  Publisher *publisher = shows_next;

  if (factory == NULL || !g_str_equal (GST_OBJECT_NAME (factory), "vp8dec"))
    return;
  g_atomic_int_inc (&n_decoders);
  shows_next = NULL;
  if (publisher != NULL)
    publisher_send (publisher, next, 0);
}

/* Returns: (transfer full) */
static GObject *
watch_decoders (void)
{
  GObject *watch = g_object_new (watch_get_type (), NULL);

  n_decoders = 0;
  gst_tracing_register_hook (GST_TRACER (watch), "element-new",
      G_CALLBACK (on_element));
  return watch;
}

static GstElement *
whep_of (Publisher *self)
{
  return gst_bin_get_by_name (GST_BIN (self->in->element), "whepsink");
}

static void
ask (Publisher *self, const gchar *stream, guint width, GstPromise *promise)
{
  g_autoptr (GstElement) whep = whep_of (self);
  gboolean is_handled;

  g_signal_emit_by_name (whep, "request-snapshot", stream, width, promise,
      &is_handled);
  ck_assert (is_handled);
}

/* Returns: (transfer full): the answer. */
static GstStructure *
answer_to (Publisher *self, const gchar *stream, guint width)
{
  g_autoptr (GstPromise) promise = gst_promise_new ();

  ask (self, stream, width, promise);
  ck_assert_int_eq (gst_promise_wait (promise), GST_PROMISE_RESULT_REPLIED);
  return gst_structure_copy (gst_promise_get_reply (promise));
}

static void
assert_error (Publisher *self, const gchar *stream, const gchar *error,
    const gchar *words)
{
  g_autoptr (GstStructure) answer = answer_to (self, stream, 320);

  ck_assert_str_eq (gst_structure_get_string (answer, "error"), error);
  ck_assert_msg (strstr (gst_structure_get_string (answer, "reason"), words) !=
          NULL,
      "%s", gst_structure_get_string (answer, "reason"));
}

/* The picture as a browser shows it; jpegdec (1.22) does not say that all 256
 * values are used. */
static GstSample *
decode (const GstStructure *answer)
{
  GstHarness *harness = gst_harness_new_parse (
      "jpegdec ! capssetter caps=video/x-raw,colorimetry=1:4:0:0 ! "
      "videoconvert ! capsfilter caps=video/x-raw,format=ARGB");
  const GValue *jpeg = gst_structure_get_value (answer, "jpeg");
  g_autoptr (GstBuffer) picture = NULL;
  g_autoptr (GstCaps) caps = NULL;
  GstSample *sample;

  ck_assert_msg (jpeg != NULL, "%s",
      gst_structure_get_string (answer, "reason"));
  gst_harness_set_src_caps_str (harness, "image/jpeg,framerate=(fraction)1/1");
  gst_harness_push (harness,
      gst_buffer_new_wrapped_bytes (g_value_get_boxed (jpeg)));
  gst_harness_push_event (harness, gst_event_new_eos ());
  picture = gst_harness_try_pull (harness);
  ck_assert (picture != NULL);
  caps = gst_pad_get_current_caps (harness->sinkpad);
  sample = gst_sample_new (picture, caps, NULL, NULL);
  gst_harness_teardown (harness);
  return sample;
}

static void
assert_shows (const GstStructure *answer, gint width, gint height, guint color)
{
  g_autoptr (GstSample) sample = decode (answer);
  GstVideoFrame frame;
  GstVideoInfo info;
  const guint8 *pixel;

  ck_assert (gst_video_info_from_caps (&info, gst_sample_get_caps (sample)));
  ck_assert_int_eq (GST_VIDEO_INFO_WIDTH (&info), width);
  ck_assert_int_eq (GST_VIDEO_INFO_HEIGHT (&info), height);
  ck_assert (gst_video_frame_map (&frame, &info, gst_sample_get_buffer (sample),
      GST_MAP_READ));
  pixel = GST_VIDEO_FRAME_PLANE_DATA (&frame, 0);
  pixel +=
      height / 2 * GST_VIDEO_FRAME_PLANE_STRIDE (&frame, 0) + width / 2 * 4;
  for (guint i = 1; i < 4; i++)
    ck_assert_msg (ABS (pixel[i] - (gint) (color >> (24 - 8 * i) & 0xff)) <=
            TOLERANCE,
        "%u, %u, %u", pixel[1], pixel[2], pixel[3]);
  gst_video_frame_unmap (&frame);
}

static void
assert_picture (Publisher *self, guint width, gint shown_width, gint height,
    guint color)
{
  g_autoptr (GstStructure) answer = answer_to (self, STREAM, width);

  assert_shows (answer, shown_width, height, color);
}

GST_START_TEST (the_newest_key_frame_is_shown)
{
  Publisher publisher;

  publisher_come (&publisher);
  publisher_show (&publisher, encoders[__i__], RED, 0);
  assert_picture (&publisher, 320, 320, 180, RED);
  publisher.time_ms += LONG_MS;
  publisher_show (&publisher, encoders[__i__], GREEN, 0);
  assert_picture (&publisher, 320, 320, 180, GREEN);
  publisher_go (&publisher);
}
GST_END_TEST;

GST_START_TEST (a_picture_has_one_of_a_few_widths_and_is_never_enlarged)
{
  Publisher publisher;

  publisher_come (&publisher);
  publisher_show (&publisher, VP8, RED, 0);
  assert_picture (&publisher, 1, 160, 90, RED);
  assert_picture (&publisher, 321, 480, 270, RED);
  assert_picture (&publisher, 4000, 640, 360, RED);
  assert_picture (&publisher, 0, 640, 360, RED);
  publisher_go (&publisher);
}
GST_END_TEST;

static gconstpointer
bytes_in (const GstStructure *answer)
{
  return g_value_get_boxed (gst_structure_get_value (answer, "jpeg"));
}

GST_START_TEST (a_picture_is_made_once_for_all_who_ask)
{
  g_autoptr (GstStructure) first = NULL;
  g_autoptr (GstStructure) second = NULL;
  g_autoptr (GstStructure) other = NULL;
  Publisher publisher;

  publisher_come (&publisher);
  publisher_show (&publisher, VP8, RED, 0);
  first = answer_to (&publisher, STREAM, 320);
  second = answer_to (&publisher, STREAM, 300);
  ck_assert_ptr_eq (bytes_in (first), bytes_in (second));
  ck_assert_str_eq (gst_structure_get_string (first, "etag"),
      gst_structure_get_string (second, "etag"));
  other = answer_to (&publisher, STREAM, 160);
  ck_assert_str_ne (gst_structure_get_string (first, "etag"),
      gst_structure_get_string (other, "etag"));
  publisher_go (&publisher);
}
GST_END_TEST;

GST_START_TEST (a_key_frame_is_decoded_once_for_all_widths)
{
  g_autoptr (GObject) watch = watch_decoders ();
  Publisher publisher;

  publisher_come (&publisher);
  publisher_show (&publisher, VP8, RED, 0);
  ck_assert_int_eq (n_decoders, 0);
  assert_picture (&publisher, 160, 160, 90, RED);
  assert_picture (&publisher, 320, 320, 180, RED);
  /* Within a second. */
  publisher_show (&publisher, VP8, GREEN, 0);
  assert_picture (&publisher, 480, 480, 270, RED);
  assert_picture (&publisher, 640, 640, 360, RED);
  ck_assert_int_eq (n_decoders, 1);
  publisher_go (&publisher);
}
GST_END_TEST;

GST_START_TEST (a_key_frame_that_comes_while_a_picture_is_made_is_the_next)
{
  g_autoptr (GObject) watch = watch_decoders ();
  Publisher publisher;

  next = encode (VP8, GREEN);
  publisher_come (&publisher);
  publisher_show (&publisher, VP8, RED, 0);
  publisher.time_ms += LONG_MS;
  shows_next = &publisher;
  assert_picture (&publisher, 320, 320, 180, RED);
  ck_assert (shows_next == NULL);
  assert_picture (&publisher, 320, 320, 180, GREEN);
  ck_assert_int_eq (n_decoders, 2);
  publisher_go (&publisher);
  g_ptr_array_unref (next);
}
GST_END_TEST;

/* Another one, beside @first. */
static void
publisher_join (Publisher *self, const Publisher *first, guint number)
{
  g_autofree gchar *name = g_strdup_printf ("sink_%u", number);
  g_autofree gchar *stream = g_strdup_printf ("live/%u", number);
  g_autoptr (GstPad) pad = NULL;

  *self = (Publisher){ 0 };
  self->in = gst_harness_new_with_element (first->in->element, name, NULL);
  pad = gst_element_get_static_pad (first->in->element, name);
  g_object_set (pad, "stream-name", stream, NULL);
  gst_harness_set_src_caps_str (self->in, "video/x-flv");
}

static void
assert_decoded (Publisher *self, guint number, guint width, gint n_times)
{
  g_autofree gchar *stream = g_strdup_printf ("live/%u", number);
  g_autoptr (GstStructure) answer = answer_to (self, stream, width);

  ck_assert_msg (gst_structure_has_field (answer, "jpeg"), "%s",
      gst_structure_get_string (answer, "reason"));
  ck_assert_int_eq (n_decoders, n_times);
}

GST_START_TEST (decoded_pictures_are_kept_up_to_a_limit)
{
  g_autoptr (GObject) watch = watch_decoders ();
  g_autoptr (GPtrArray) large = ex_flv_encode (LARGE);
  Publisher first, others[N_LARGE];

  publisher_come (&first);
  for (guint i = 0; i < N_LARGE; i++) {
    publisher_join (&others[i], &first, i + 1);
    publisher_send (&others[i], large, 0);
    assert_decoded (&first, i + 1, 160, i + 1);
  }
  assert_decoded (&first, N_LARGE, 320, N_LARGE);
  assert_decoded (&first, 2, 320, N_LARGE);
  /* The one that was used longest ago. */
  assert_decoded (&first, 1, 320, N_LARGE + 1);
  for (guint i = 0; i < N_LARGE; i++)
    publisher_go (&others[i]);
  publisher_go (&first);
}
GST_END_TEST;

/* Of a stream that has nothing else. */
GST_START_TEST (key_frames_within_a_second_are_one_picture)
{
  g_autoptr (GstStructure) first = NULL;
  g_autoptr (GstStructure) second = NULL;
  Publisher publisher;

  publisher_come (&publisher);
  publisher_show (&publisher, VP8, RED, 0);
  first = answer_to (&publisher, STREAM, 320);
  publisher_show (&publisher, VP8, GREEN, 0);
  second = answer_to (&publisher, STREAM, 320);
  ck_assert_ptr_eq (bytes_in (first), bytes_in (second));
  publisher_show (&publisher, VP8, GREEN, 0);
  assert_picture (&publisher, 320, 320, 180, GREEN);
  publisher_go (&publisher);
}
GST_END_TEST;

GST_START_TEST (there_is_no_picture_without_a_key_frame)
{
  Publisher publisher;

  publisher_come (&publisher);
  assert_error (&publisher, "live/other", "none", "Nobody publishes");
  assert_error (&publisher, STREAM, "none", "no key frame");
  publisher_show (&publisher, VP8, RED, 0);
  assert_error (&publisher, "live/other", "none", "Nobody publishes");
  publisher_go (&publisher);
}
GST_END_TEST;

GST_START_TEST (a_picture_that_is_too_large_is_not_decoded)
{
  Publisher publisher;

  publisher_come (&publisher);
  g_object_set (publisher.in->element, "max-picture-area", 640 * 360 - 1, NULL);
  publisher_show (&publisher, VP8, RED, 0);
  assert_error (&publisher, STREAM, "none", "640 x 360");
  publisher_go (&publisher);
}
GST_END_TEST;

GST_START_TEST (a_broken_key_frame_is_an_error_until_the_next_one)
{
  Publisher publisher;

  publisher_come (&publisher);
  publisher_show (&publisher, VP8, RED, 12);
  assert_error (&publisher, STREAM, "none", "could not be decoded");
  publisher.time_ms += LONG_MS;
  publisher_show (&publisher, VP8, GREEN, 0);
  assert_picture (&publisher, 320, 320, 180, GREEN);
  publisher_go (&publisher);
}
GST_END_TEST;

static void
set_rank (const gchar *element, guint rank)
{
  g_autoptr (GstPluginFeature) feature =
      gst_registry_lookup_feature (gst_registry_get (), element);

  if (feature != NULL)
    gst_plugin_feature_set_rank (feature, rank);
}

GST_START_TEST (a_codec_without_a_decoder_has_no_picture)
{
  Publisher publisher;

  set_rank ("vp8dec", GST_RANK_NONE);
  set_rank ("avdec_vp8", GST_RANK_NONE);
  publisher_come (&publisher);
  publisher_show (&publisher, VP8, RED, 0);
  assert_error (&publisher, STREAM, "no-decoder", "vp8");
  publisher_go (&publisher);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_has_left_has_no_picture)
{
  Publisher publisher;
  g_autoptr (GstElement) sink = NULL;
  g_autoptr (GstPad) pad = NULL;

  publisher_come (&publisher);
  publisher_show (&publisher, VP8, RED, 0);
  assert_picture (&publisher, 320, 320, 180, RED);
  sink = gst_object_ref (publisher.in->element);
  pad = gst_element_get_static_pad (sink, "sink_0");
  gst_element_release_request_pad (sink, pad);
  assert_error (&publisher, STREAM, "none", "Nobody publishes");
  publisher_go (&publisher);
}
GST_END_TEST;

/* Most of them before the first one has been answered. */
GST_START_TEST (a_flood_of_requests_is_answered)
{
  GstPromise *promises[N_FLOOD];
  guint n_made = 0, n_busy = 0;
  Publisher publisher;

  publisher_come (&publisher);
  publisher_show (&publisher, VP8, RED, 0);
  for (guint i = 0; i < N_FLOOD; i++) {
    promises[i] = gst_promise_new ();
    ask (&publisher, STREAM, 160, promises[i]);
  }
  for (guint i = 0; i < N_FLOOD; i++) {
    const GstStructure *answer;

    ck_assert_int_eq (gst_promise_wait (promises[i]),
        GST_PROMISE_RESULT_REPLIED);
    answer = gst_promise_get_reply (promises[i]);
    if (gst_structure_has_field (answer, "jpeg"))
      n_made++;
    else if (g_str_equal (gst_structure_get_string (answer, "error"), "busy"))
      n_busy++;
    gst_promise_unref (promises[i]);
  }
  ck_assert_uint_eq (n_made + n_busy, N_FLOOD);
  ck_assert_uint_gt (n_made, 0);
  publisher_go (&publisher);
}
GST_END_TEST;

/* What is left of the requests ends with the element. */
GST_START_TEST (the_element_can_end_while_pictures_are_made)
{
  GstPromise *promises[N_FLOOD];
  Publisher publisher;

  publisher_come (&publisher);
  publisher_show (&publisher, VP8, RED, 0);
  for (guint i = 0; i < N_FLOOD; i++) {
    promises[i] = gst_promise_new ();
    ask (&publisher, STREAM, 160, promises[i]);
  }
  publisher_go (&publisher);
  for (guint i = 0; i < N_FLOOD; i++) {
    ck_assert_int_ne (gst_promise_wait (promises[i]),
        GST_PROMISE_RESULT_PENDING);
    gst_promise_unref (promises[i]);
  }
}
GST_END_TEST;

static Suite *
snapshots_suite (void)
{
  Suite *suite = suite_create ("snapshots");
  TCase *tcase = tcase_create ("snapshots");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, the_newest_key_frame_is_shown, 0,
      G_N_ELEMENTS (encoders));
  tcase_add_test (tcase,
      a_picture_has_one_of_a_few_widths_and_is_never_enlarged);
  tcase_add_test (tcase, a_picture_is_made_once_for_all_who_ask);
  tcase_add_test (tcase, a_key_frame_is_decoded_once_for_all_widths);
  tcase_add_test (tcase,
      a_key_frame_that_comes_while_a_picture_is_made_is_the_next);
  tcase_add_test (tcase, decoded_pictures_are_kept_up_to_a_limit);
  tcase_add_test (tcase, key_frames_within_a_second_are_one_picture);
  tcase_add_test (tcase, there_is_no_picture_without_a_key_frame);
  tcase_add_test (tcase, a_picture_that_is_too_large_is_not_decoded);
  tcase_add_test (tcase, a_broken_key_frame_is_an_error_until_the_next_one);
  tcase_add_test (tcase, a_codec_without_a_decoder_has_no_picture);
  tcase_add_test (tcase, a_publisher_that_has_left_has_no_picture);
  tcase_add_test (tcase, a_flood_of_requests_is_answered);
  tcase_add_test (tcase, the_element_can_end_while_pictures_are_made);
  return suite;
}

GST_CHECK_MAIN (snapshots);
