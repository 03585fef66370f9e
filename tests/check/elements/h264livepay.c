/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The handling of B-frames. */

#include "gst/live/gsth264livepay.h"
#include "tests/support/flvfile.h"
#include "whepbench/h264look.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/rtp/gstrtpbuffer.h>

#define N_FRAMES 90
/* The frames that transcoding holds: 2 that the publisher has reordered, and 2
 * on their way through decoder and encoder. */
#define MAX_INSIDE 4

typedef struct
{
  GstHarness *demux;
  GstHarness *video;
  GstHarness *pay;
  GstBus *bus;
  guint n_in;
  /* Frames that came out, and the number of them that are displayed before one
   * that had come earlier. */
  guint n_out;
  guint n_back;
  GstClockTime last;
  GstClockTime newest;
} Rig;

static void
on_pad_added (GstElement *element, GstPad *pad, Rig *rig)
{
  if (!g_str_equal (GST_PAD_NAME (pad), "video"))
    return;
  rig->video = gst_harness_new_with_element (element, NULL, NULL);
  gst_harness_add_element_src_pad (rig->video, pad);
}

/* The publisher of the file. */
static void
rig_open (Rig *rig, const gchar *file, GstRtmpWebrtcBFrames b_frames)
{
  g_autoptr (GBytes) bytes = flv_file_load (file);

  *rig = (Rig){ .last = GST_CLOCK_TIME_NONE };
  rig->bus = gst_bus_new ();
  rig->demux = gst_harness_new_with_padnames ("rtmplivedemux", "sink", NULL);
  g_signal_connect (rig->demux->element, "pad-added", G_CALLBACK (on_pad_added),
      rig);
  gst_harness_set_src_caps_str (rig->demux, "video/x-flv");
  rig->pay = gst_harness_new ("h264livepay");
  g_object_set (rig->pay->element, "b-frames", b_frames, NULL);
  gst_element_set_bus (rig->pay->element, rig->bus);
  gst_harness_push (rig->demux, flv_file_cut (bytes, 0, G_MAXINT));
  gst_harness_set_src_caps (rig->pay,
      gst_pad_get_current_caps (rig->video->sinkpad));
}

static void
rig_close (Rig *rig)
{
  gst_element_set_bus (rig->pay->element, NULL);
  gst_harness_teardown (rig->pay);
  gst_harness_teardown (rig->video);
  gst_harness_teardown (rig->demux);
  gst_object_unref (rig->bus);
}

/* Takes @packet. */
static void
count (Rig *rig, GstBuffer *packet)
{
  GstClockTime time = GST_BUFFER_PTS (packet);

  if (time != rig->last) {
    rig->n_out++;
    rig->n_back += time < rig->newest;
  }
  rig->newest = MAX (rig->newest, time);
  rig->last = time;
  gst_buffer_unref (packet);
}

/* Pushes all frames, as long as they are accepted, no faster than they come out
 * if all do. Returns: the flow return of the last push. */
static GstFlowReturn
push_all (Rig *rig, gboolean all_come_out)
{
  GstFlowReturn flow = GST_FLOW_OK;
  GstBuffer *frame;

  while (flow == GST_FLOW_OK &&
      (frame = gst_harness_try_pull (rig->video)) != NULL) {
    flow = gst_harness_push (rig->pay, frame);
    rig->n_in++;
    while (all_come_out && rig->n_in > rig->n_out + MAX_INSIDE)
      count (rig, gst_harness_pull (rig->pay));
  }
  if (flow == GST_FLOW_OK)
    gst_harness_push_event (rig->pay, gst_event_new_eos ());
  return flow;
}

static void
count_rest (Rig *rig)
{
  GstBuffer *packet;

  while ((packet = gst_harness_try_pull (rig->pay)) != NULL)
    count (rig, packet);
}

/* Returns: (nullable): the handling that the message on the bus names. */
static gchar *
dup_news (Rig *rig)
{
  g_autoptr (GstMessage) message =
      gst_bus_pop_filtered (rig->bus, GST_MESSAGE_ELEMENT);

  if (message == NULL)
    return NULL;
  return g_strdup (
      gst_structure_get_string (gst_message_get_structure (message),
          "b-frames"));
}

/* Waits for EOS to pass the encoder's threads. */
static void
wait_for_eos (Rig *rig)
{
  GstEvent *event;
  gboolean is_eos = FALSE;

  while (!is_eos && (event = gst_harness_pull_event (rig->pay)) != NULL) {
    is_eos = GST_EVENT_TYPE (event) == GST_EVENT_EOS;
    gst_event_unref (event);
  }
  ck_assert (is_eos);
}

static const struct
{
  const gchar *file;
  GstRtmpWebrtcBFrames b_frames;
  const gchar *news; /* NULL: no message */
  guint min_frames, max_frames;
  gboolean comes_in_order;
} cases[] = {
  { "h264.flv", GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE, NULL, N_FRAMES, N_FRAMES,
      TRUE },
  { "h264.flv", GST_RTMP_WEBRTC_B_FRAMES_REFUSE, NULL, N_FRAMES, N_FRAMES,
      TRUE },
  { "h264-bframes-aac.flv", GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE, "transcode", 86,
      N_FRAMES, TRUE },
  { "h264-bframes-aac.flv", GST_RTMP_WEBRTC_B_FRAMES_DROP, "drop", 30, 60,
      TRUE },
  { "h264-bframes-aac.flv", GST_RTMP_WEBRTC_B_FRAMES_PASS, "pass", N_FRAMES,
      N_FRAMES, FALSE },
};

GST_START_TEST (b_frames_are_detected_and_handled)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree gchar *news = NULL;
    gboolean all_come_out =
        cases[i].b_frames == GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE;
    Rig rig;

    rig_open (&rig, cases[i].file, cases[i].b_frames);
    ck_assert_int_eq (push_all (&rig, all_come_out), GST_FLOW_OK);
    wait_for_eos (&rig);
    news = dup_news (&rig);
    count_rest (&rig);
    ck_assert_msg (g_strcmp0 (news, cases[i].news) == 0, "case %u: %s", i,
        news);
    ck_assert_msg (rig.n_out >= cases[i].min_frames &&
            rig.n_out <= cases[i].max_frames,
        "case %u: %u frames", i, rig.n_out);
    ck_assert_msg ((rig.n_back == 0) == cases[i].comes_in_order,
        "case %u: %u come too late", i, rig.n_back);
    rig_close (&rig);
  }
}
GST_END_TEST;

static void
on_untouched_pad (GstElement *pay, GstPad *pad, GstHarness **untouched)
{
  *untouched = gst_harness_new_with_element (pay, NULL, NULL);
  gst_harness_add_element_src_pad (*untouched, pad);
}

static void
say_whether_needed (Rig *rig, gboolean is_needed)
{
  GstStructure *need = gst_structure_new ("rtmp-webrtc/need-transcode",
      "needed", G_TYPE_BOOLEAN, is_needed, NULL);

  gst_harness_push_upstream_event (rig->pay,
      gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM, need));
}

/* Returns: the number of frames; in @n_back, of those that are displayed before
 * one that came earlier. */
static guint
count_untouched (GstHarness *untouched, guint *n_back)
{
  Rig counts = { .pay = untouched, .last = GST_CLOCK_TIME_NONE };

  count_rest (&counts);
  *n_back = counts.n_back;
  return counts.n_out;
}

/* From the key frame before the first B-frame on. */
GST_START_TEST (a_second_pad_has_every_frame_with_its_b_frames)
{
  GstHarness *untouched = NULL;
  guint n_back;
  Rig rig;

  rig_open (&rig, "h264-bframes-aac.flv", GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE);
  g_signal_connect (rig.pay->element, "pad-added",
      G_CALLBACK (on_untouched_pad), &untouched);
  push_all (&rig, TRUE);
  wait_for_eos (&rig);
  ck_assert (untouched != NULL);
  wait_for_eos (&(Rig){ .pay = untouched });
  ck_assert_uint_eq (count_untouched (untouched, &n_back), N_FRAMES);
  ck_assert_uint_ge (n_back, N_FRAMES / 3);
  rig_close (&rig);
  gst_harness_teardown (untouched);
}
GST_END_TEST;

/* The references, at first; then all, from the key frame on that is kept. */
GST_START_TEST (nothing_is_transcoded_while_nobody_needs_it)
{
  g_autofree gchar *first = NULL, *second = NULL;
  GstElement *bin;
  Rig rig;

  rig_open (&rig, "h264-bframes-aac.flv", GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE);
  bin = rig.pay->element;
  say_whether_needed (&rig, FALSE);
  for (guint i = 0; i < N_FRAMES / 2; i++)
    gst_harness_push (rig.pay, gst_harness_pull (rig.video));
  count_rest (&rig);
  ck_assert_uint_ge (rig.n_out, N_FRAMES / 6);
  ck_assert_uint_le (rig.n_out, N_FRAMES / 3);
  ck_assert_int_eq (GST_BIN_NUMCHILDREN (bin), 2);

  say_whether_needed (&rig, TRUE);
  rig.n_in = rig.n_out;
  push_all (&rig, TRUE);
  wait_for_eos (&rig);
  count_rest (&rig);
  ck_assert_int_eq (GST_BIN_NUMCHILDREN (bin), 3);
  ck_assert_uint_ge (rig.n_out, N_FRAMES / 6 + N_FRAMES / 2 - MAX_INSIDE);
  ck_assert_uint_eq (rig.n_back, 0);
  first = dup_news (&rig);
  second = dup_news (&rig);
  ck_assert_str_eq (first, "transcode");
  ck_assert_str_eq (second, "drop");
  rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (a_stream_with_b_frames_can_be_rejected)
{
  g_autofree gchar *news = NULL;
  Rig rig;

  rig_open (&rig, "h264-bframes-aac.flv", GST_RTMP_WEBRTC_B_FRAMES_REFUSE);
  ck_assert_int_eq (push_all (&rig, FALSE), GST_H264_LIVE_PAY_REJECTED);
  news = dup_news (&rig);
  ck_assert_str_eq (news, "refuse");
  rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (downstream_is_notified_of_b_frames)
{
  g_autoptr (GstEvent) facts = NULL;
  Rig rig;

  rig_open (&rig, "h264-bframes-aac.flv", GST_RTMP_WEBRTC_B_FRAMES_PASS);
  push_all (&rig, FALSE);
  facts = gst_pad_get_sticky_event (rig.pay->sinkpad,
      GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, 0);
  ck_assert (facts != NULL);
  ck_assert (gst_event_has_name (facts, "rtmp-webrtc/stream-facts"));
  rig_close (&rig);
}
GST_END_TEST;

/* The NAL units that begin in the next packet; its timestamp is left in @time.
 * 0: there is none. */
static guint32
pull_nals (Rig *rig, GstClockTime *time)
{
  g_autoptr (GstBuffer) packet = gst_harness_try_pull (rig->pay);
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  H264Look look;

  if (packet == NULL)
    return 0;
  *time = GST_BUFFER_PTS (packet);
  ck_assert (gst_rtp_buffer_map (packet, GST_MAP_READ, &rtp));
  look = h264_look (gst_rtp_buffer_get_payload (&rtp),
      gst_rtp_buffer_get_payload_len (&rtp));
  gst_rtp_buffer_unmap (&rtp);
  ck_assert (look.is_valid);
  return look.nals | H264_HAS (0);
}

#define PARAMETER_SETS (H264_HAS (H264_SPS) | H264_HAS (H264_PPS))
#define NEEDED                                                                 \
  (H264_HAS (0) | H264_HAS (H264_SLICE) | H264_HAS (H264_IDR) | PARAMETER_SETS)

static const struct
{
  const gchar *file;
  GstRtmpWebrtcBFrames b_frames;
} paid[] = {
  { "h264.flv", GST_RTMP_WEBRTC_B_FRAMES_PASS },
  { "h264-bframes-aac.flv", GST_RTMP_WEBRTC_B_FRAMES_PASS },
  { "h264-bframes-aac.flv", GST_RTMP_WEBRTC_B_FRAMES_TRANSCODE },
};

GST_START_TEST (only_needed_units_leave_and_sets_precede_each_idr)
{
  GstClockTime time = 0, sets_time = GST_CLOCK_TIME_NONE;
  guint32 sets = 0, nals;
  guint n_idrs = 0;
  Rig rig;

  rig_open (&rig, paid[__i__].file, paid[__i__].b_frames);
  push_all (&rig, FALSE);
  wait_for_eos (&rig);
  while ((nals = pull_nals (&rig, &time)) != 0) {
    ck_assert_msg ((nals & ~NEEDED) == 0, "%x", nals);
    if (time != sets_time)
      sets = 0;
    sets_time = time;
    sets |= nals & PARAMETER_SETS;
    if ((nals & H264_HAS (H264_IDR)) == 0)
      continue;
    ck_assert_uint_eq (sets, PARAMETER_SETS);
    n_idrs++;
  }
  ck_assert_uint_ge (n_idrs, 1);
  rig_close (&rig);
}
GST_END_TEST;

static Suite *
h264livepay_suite (void)
{
  Suite *suite = suite_create ("h264livepay");
  TCase *tcase = tcase_create ("h264livepay");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, b_frames_are_detected_and_handled);
  tcase_add_test (tcase, a_second_pad_has_every_frame_with_its_b_frames);
  tcase_add_test (tcase, nothing_is_transcoded_while_nobody_needs_it);
  tcase_add_test (tcase, a_stream_with_b_frames_can_be_rejected);
  tcase_add_test (tcase, downstream_is_notified_of_b_frames);
  tcase_add_loop_test (tcase, only_needed_units_leave_and_sets_precede_each_idr,
      0, G_N_ELEMENTS (paid));
  return suite;
}

GST_CHECK_MAIN (h264livepay);
