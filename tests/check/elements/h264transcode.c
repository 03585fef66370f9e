/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams without further IDR frames are transcoded, without a gap where that
 * begins; large pictures are not. */

#include "gst/live/gsth264livepay.h"
#include "tests/support/exflv.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#define N_FRAMES 420
/* The frames that decoder and encoder hold; two more if the encoder makes
 * B-frames. */
#define MAX_INSIDE 6

#define PICTURE                                                                \
  "videotestsrc num-buffers=420 pattern=ball ! video/x-raw,format=I420,"       \
  "width=160,height=120,framerate=30/1 ! x264enc speed-preset=ultrafast "
#define BYTE_STREAM                                                            \
  " ! h264parse config-interval=-1 ! "                                         \
  "video/x-h264,stream-format=byte-stream,alignment=au"

#define REFRESH(n)                                                             \
  PICTURE "tune=zerolatency intra-refresh=true key-int-max=" #n BYTE_STREAM
/* x264 makes no IDR frame within min-keyint, not even on request. */
#define INTRA                                                                  \
  "videotestsrc num-buffers=420 pattern=blink ! video/x-raw,format=I420,"      \
  "width=160,height=120,framerate=30/1 ! x264enc speed-preset=ultrafast "      \
  "tune=zerolatency key-int-max=1000 "                                         \
  "option-string=min-keyint=500:scenecut=100" BYTE_STREAM
#define CLOSED(n)                                                              \
  PICTURE "tune=zerolatency key-int-max=" #n                                   \
          " option-string=scenecut=0" BYTE_STREAM

typedef struct
{
  GstHarness *pay;
  GstBus *bus;
  GPtrArray *samples;
  GHashTable *times; /* of frames that came out */
  guint n_in, n_idrs;
  guint last_idr;     /* the frame before it, as counted from the first */
  guint longest_gap;  /* between IDR frames */
  gboolean goes_back; /* a frame came out of order or twice */
  GstClockTime newest;
  GstElement *queue; /* before the decoder; NULL while there is none */
  GMutex lock;
  GCond taken; /* a frame out of it */
} Rig;

/* Frames queued for the decoder, so that it is never too slow for the test. */
#define MAX_WAITING 4
#define PATIENCE_US (50 * G_USEC_PER_SEC)

static GstPadProbeReturn
on_taken (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  Rig *rig = user_data;

  g_mutex_lock (&rig->lock);
  g_cond_signal (&rig->taken);
  g_mutex_unlock (&rig->lock);
  return GST_PAD_PROBE_OK;
}

static void
watch_decoder (Rig *rig)
{
  g_autoptr (GstPad) pad = NULL;

  rig->queue = gst_bin_get_by_name (GST_BIN (rig->pay->element), "queue");
  if (rig->queue == NULL)
    return;
  pad = gst_element_get_static_pad (rig->queue, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BUFFER, on_taken, rig, NULL);
}

static gboolean
is_crowded (Rig *rig)
{
  guint n_frames;

  g_object_get (rig->queue, "current-level-buffers", &n_frames, NULL);
  return n_frames > MAX_WAITING;
}

static void
wait_for_decoder (Rig *rig)
{
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;

  if (rig->queue == NULL)
    watch_decoder (rig);
  if (rig->queue == NULL)
    return;
  g_mutex_lock (&rig->lock);
  while (is_crowded (rig))
    ck_assert (g_cond_wait_until (&rig->taken, &rig->lock, deadline_us));
  g_mutex_unlock (&rig->lock);
}

static void
rig_open (Rig *rig, const gchar *encoder, const gchar *b_frames)
{
  *rig = (Rig){ .newest = GST_CLOCK_TIME_NONE };
  rig->samples = ex_flv_encode (encoder);
  ck_assert_uint_eq (rig->samples->len, N_FRAMES);
  rig->times = g_hash_table_new (g_direct_hash, g_direct_equal);
  rig->bus = gst_bus_new ();
  rig->pay = gst_harness_new ("h264livepay");
  gst_util_set_object_arg (G_OBJECT (rig->pay->element), "b-frames", b_frames);
  gst_element_set_bus (rig->pay->element, rig->bus);
  gst_harness_set_src_caps (rig->pay,
      gst_caps_ref (gst_sample_get_caps (rig->samples->pdata[0])));
}

static void
rig_close (Rig *rig)
{
  gst_element_set_bus (rig->pay->element, NULL);
  gst_harness_teardown (rig->pay);
  gst_clear_object (&rig->queue);
  gst_bus_set_flushing (rig->bus, TRUE);
  gst_object_unref (rig->bus);
  g_hash_table_unref (rig->times);
  g_ptr_array_unref (rig->samples);
}

static guint
n_out (const Rig *rig)
{
  return g_hash_table_size (rig->times);
}

/* Takes @packet. */
static void
count (Rig *rig, GstBuffer *packet)
{
  GstClockTime time = GST_BUFFER_PTS (packet);
  gboolean is_key =
      !GST_BUFFER_FLAG_IS_SET (packet, GST_BUFFER_FLAG_DELTA_UNIT);

  if (g_hash_table_add (rig->times, GSIZE_TO_POINTER (time)) && is_key) {
    rig->longest_gap = MAX (rig->longest_gap, n_out (rig) - rig->last_idr);
    rig->last_idr = n_out (rig);
    rig->n_idrs++;
  }
  if (GST_CLOCK_TIME_IS_VALID (rig->newest) && time < rig->newest)
    rig->goes_back = TRUE;
  rig->newest = time;
  gst_buffer_unref (packet);
}

/* Pushes up to the frame of that number; no faster than they come out if all
 * do. */
static GstFlowReturn
rig_push (Rig *rig, guint end, gboolean all_come_out)
{
  GstFlowReturn flow = GST_FLOW_OK;
  GstBuffer *packet;

  while (rig->n_in < end && flow == GST_FLOW_OK) {
    GstBuffer *frame = gst_sample_get_buffer (rig->samples->pdata[rig->n_in++]);

    flow = gst_harness_push (rig->pay, gst_buffer_ref (frame));
    wait_for_decoder (rig);
    while (all_come_out && rig->n_in > n_out (rig) + MAX_INSIDE)
      count (rig, gst_harness_pull (rig->pay));
  }
  while ((packet = gst_harness_try_pull (rig->pay)) != NULL)
    count (rig, packet);
  return flow;
}

/* Waits for the encoder's threads. */
static void
rig_end (Rig *rig)
{
  gboolean is_eos = FALSE;
  GstBuffer *packet;
  GstEvent *event;

  gst_harness_push_event (rig->pay, gst_event_new_eos ());
  while (!is_eos && (event = gst_harness_pull_event (rig->pay)) != NULL) {
    is_eos = GST_EVENT_TYPE (event) == GST_EVENT_EOS;
    gst_event_unref (event);
  }
  while ((packet = gst_harness_try_pull (rig->pay)) != NULL)
    count (rig, packet);
}

/* Returns: (transfer full): what messages say about it, concatenated. */
static gchar *
rig_news (Rig *rig, const gchar *name)
{
  GString *news = g_string_new (NULL);
  GstMessage *message;

  while ((message = gst_bus_pop (rig->bus)) != NULL) {
    const GstStructure *s = gst_message_get_structure (message);

    if (gst_message_has_name (message, name))
      g_string_append_printf (news, "%s ",
          gst_structure_has_field (s, name) ? gst_structure_get_string (s, name)
                                            : "said");
    gst_message_unref (message);
  }
  return g_string_free (news, FALSE);
}

static const struct
{
  const gchar *encoder;
  guint longest_gap; /* frames between IDR frames, the decision among them */
} endless[] = {
  { REFRESH (30), 30 + 48 },
  /* The IDR frame is no longer kept by then. */
  { REFRESH (150), 150 + 48 + 3 * MAX_INSIDE + 30 },
  { INTRA, 300 + 48 + 3 * MAX_INSIDE + 30 },
};

GST_START_TEST (a_stream_without_idr_frames_gets_them_without_a_gap)
{
  g_autofree gchar *news = NULL;
  Rig rig;

  rig_open (&rig, endless[__i__].encoder, "transcode");
  ck_assert_int_eq (rig_push (&rig, N_FRAMES, TRUE), GST_FLOW_OK);
  rig_end (&rig);
  news = rig_news (&rig, "no-idr-frames");
  ck_assert_str_eq (news, "transcode ");
  ck_assert_uint_eq (n_out (&rig), N_FRAMES);
  ck_assert (!rig.goes_back);
  ck_assert_uint_ge (rig.n_idrs, 2);
  ck_assert_uint_le (rig.longest_gap, endless[__i__].longest_gap);
  rig_close (&rig);
}
GST_END_TEST;

static const gchar *const closed[] = { CLOSED (30), CLOSED (300),
  CLOSED (1000) };

GST_START_TEST (a_long_gop_is_not_transcoded)
{
  g_autofree gchar *news = NULL;
  Rig rig;

  rig_open (&rig, closed[__i__], "transcode");
  for (guint i = 1; i <= N_FRAMES; i++) {
    ck_assert_int_eq (rig_push (&rig, i, FALSE), GST_FLOW_OK);
    ck_assert_uint_eq (n_out (&rig), i);
  }
  news = rig_news (&rig, "no-idr-frames");
  ck_assert_str_eq (news, "");
  rig_close (&rig);
}
GST_END_TEST;

static const struct
{
  const gchar *b_frames, *news;
  GstFlowReturn flow;
} otherwise[] = {
  { "pass", "pass ", GST_FLOW_OK },
  { "drop", "pass ", GST_FLOW_OK },
  { "refuse", "refuse ", GST_H264_LIVE_PAY_REJECTED },
};

GST_START_TEST (a_stream_without_idr_frames_can_pass_or_be_rejected)
{
  g_autofree gchar *news = NULL;
  Rig rig;

  rig_open (&rig, REFRESH (30), otherwise[__i__].b_frames);
  ck_assert_int_eq (rig_push (&rig, N_FRAMES, FALSE), otherwise[__i__].flow);
  news = rig_news (&rig, "no-idr-frames");
  ck_assert_str_eq (news, otherwise[__i__].news);
  /* No browser can start at a recovery point. */
  ck_assert_uint_eq (rig.n_idrs, 1);
  if (otherwise[__i__].flow == GST_FLOW_OK)
    ck_assert_uint_eq (n_out (&rig), N_FRAMES);
  rig_close (&rig);
}
GST_END_TEST;

/* The gateway starts long after the encoder. */
GST_START_TEST (a_stream_joined_after_its_idr_frame_gets_new_ones)
{
  g_autofree gchar *news = NULL;
  Rig rig;

  rig_open (&rig, REFRESH (30), "transcode");
  rig.n_in = 10;
  ck_assert_int_eq (rig_push (&rig, N_FRAMES, FALSE), GST_FLOW_OK);
  news = rig_news (&rig, "no-idr-frames");
  ck_assert_str_eq (news, "transcode ");
  rig_close (&rig);
}
GST_END_TEST;

#define B_FRAMES PICTURE "bframes=2 b-adapt=false key-int-max=30" BYTE_STREAM
#define N_BEFORE 60

GST_START_TEST (pictures_above_the_limit_are_not_decoded)
{
  static const gchar *const encoders[] = { B_FRAMES, REFRESH (30) };
  g_autofree gchar *news = NULL;
  Rig rig;

  rig_open (&rig, encoders[__i__], "transcode");
  g_object_set (rig.pay->element, "max-picture-area", 160 * 120 - 1, NULL);
  ck_assert_int_eq (rig_push (&rig, N_FRAMES, FALSE), GST_FLOW_OK);
  news = rig_news (&rig, "track-unplayable");
  ck_assert_str_eq (news, "said ");
  ck_assert_uint_lt (n_out (&rig), N_BEFORE);
  rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (pictures_within_the_limit_are_decoded)
{
  g_autofree gchar *news = NULL;
  Rig rig;

  rig_open (&rig, B_FRAMES, "transcode");
  /* As coded: 120 rows are 8 macroblocks. */
  g_object_set (rig.pay->element, "max-picture-area", 160 * 128, NULL);
  ck_assert_int_eq (rig_push (&rig, N_FRAMES, TRUE), GST_FLOW_OK);
  news = rig_news (&rig, "track-unplayable");
  ck_assert_str_eq (news, "");
  rig_close (&rig);
}
GST_END_TEST;

static GstPadProbeReturn
hold (GstPad *pad, GstPadProbeInfo *info, gpointer unused)
{
  return GST_PAD_PROBE_OK;
}

/* Otherwise a publisher that has left would remain until its last bytes are
 * decoded. */
GST_START_TEST (a_stalled_decoder_does_not_block_upstream)
{
  g_autoptr (GstPad) pad = NULL;
  guint n_waiting;
  Rig rig;

  rig_open (&rig, B_FRAMES, "transcode");
  ck_assert_int_eq (rig_push (&rig, 10, FALSE), GST_FLOW_OK);
  ck_assert (rig.queue != NULL);
  pad = gst_element_get_static_pad (rig.queue, "src");
  gst_pad_add_probe (pad, GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM, hold, NULL,
      NULL);
  while (rig.n_in < N_FRAMES)
    ck_assert_int_eq (gst_harness_push (rig.pay,
                          gst_buffer_ref (gst_sample_get_buffer (
                              rig.samples->pdata[rig.n_in++]))),
        GST_FLOW_OK);
  g_object_get (rig.queue, "current-level-buffers", &n_waiting, NULL);
  ck_assert_uint_le (n_waiting, 180);
  rig_close (&rig);
}
GST_END_TEST;

static Suite *
h264transcode_suite (void)
{
  Suite *suite = suite_create ("h264transcode");
  TCase *tcase = tcase_create ("h264transcode");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase,
      a_stream_without_idr_frames_gets_them_without_a_gap, 0,
      G_N_ELEMENTS (endless));
  tcase_add_loop_test (tcase, a_long_gop_is_not_transcoded, 0,
      G_N_ELEMENTS (closed));
  tcase_add_loop_test (tcase,
      a_stream_without_idr_frames_can_pass_or_be_rejected, 0,
      G_N_ELEMENTS (otherwise));
  tcase_add_test (tcase, a_stream_joined_after_its_idr_frame_gets_new_ones);
  tcase_add_loop_test (tcase, pictures_above_the_limit_are_not_decoded, 0, 2);
  tcase_add_test (tcase, pictures_within_the_limit_are_decoded);
  tcase_add_test (tcase, a_stalled_decoder_does_not_block_upstream);
  return suite;
}

GST_CHECK_MAIN (h264transcode);
