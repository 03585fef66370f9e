/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames leave unchanged, in the call that brought them. */

#include "tests/support/demuxrig.h"
#include "tests/support/flvfile.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>

#define AUDIO 8
#define VIDEO 9
#define TAG(type, time_ms, text)                                               \
  flv_tag_new (type, time_ms, text, sizeof text - 1)
#define AVC_HEADER "\x17\0\0\0\0\1\x42\0\x1e\xff\xe1\0\1\x67\1\0\1\x68"
#define OTHER_AVC_HEADER "\x17\0\0\0\0\1\x42\0\x1f\xff\xe1\0\1\x67\1\0\1\x68"
#define AAC_HEADER "\xaf\0\x12\x10"
#define AAC_48K_HEADER "\xaf\0\x11\x90"
#define KEY_FRAME "\x17\1\0\0\0\0\0\0\2\x09\xf0\0\0\0\2\x65x"
#define ALAW_FRAME "\x72xy"

/* A tag that arrives at a time. */
static void
push_at (DemuxRig *rig, GstBuffer *buffer, guint64 arrival_ms)
{
  GST_BUFFER_PTS (buffer) = arrival_ms * GST_MSECOND;
  demux_rig_push (rig, buffer);
}

static const struct
{
  const gchar *file;
  guint n_frames[2];
} files[] = {
  { "h264-aac.flv", { 90, 131 } },
  { "h264-bframes-aac.flv", { 90, 131 } },
  { "h264.flv", { 90, 0 } },
  { "aac.flv", { 0, 131 } },
  { "mp3.flv", { 0, 116 } },
  { "alaw.flv", { 0, 131 } },
  { "adts.flv", { 60, 94 } },
  { "shared-times.flv", { 60, 96 } },
};

static void
check_file (guint i, gsize chunk)
{
  g_autoptr (GBytes) file = flv_file_load (files[i].file);
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  for (gsize n = 0; n < g_bytes_get_size (file); n += chunk)
    demux_rig_push (&rig, flv_file_cut (file, n, chunk));
  for (guint j = 0; j < 2; j++)
    ck_assert_msg (demux_rig_n_frames (&rig, j) == files[i].n_frames[j],
        "%s by %" G_GSIZE_FORMAT ": %u frames of track %u", files[i].file,
        chunk, demux_rig_n_frames (&rig, j), j);
  demux_rig_close (&rig);
}

GST_START_TEST (every_frame_that_goes_in_comes_out)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    check_file (i, 101);
    check_file (i, 4096);
    check_file (i, G_MAXINT);
  }
}
GST_END_TEST;

GST_START_TEST (a_pad_waits_for_no_other_track)
{
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (AUDIO, 0, AAC_HEADER));
  ck_assert (rig.outs[1] != NULL && rig.outs[0] == NULL);
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\1xy"));
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 1), 1);
  demux_rig_push (&rig, TAG (VIDEO, 0, AVC_HEADER));
  ck_assert (rig.outs[0] != NULL);
  demux_rig_push (&rig, TAG (VIDEO, 0, KEY_FRAME));
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 0), 1);
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (a_track_without_a_header_begins_with_its_first_frame)
{
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (AUDIO, 0, ALAW_FRAME));
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 1), 1);
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (access_unit_delimiters_are_removed)
{
  g_autoptr (GstBuffer) frame = NULL;
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (VIDEO, 0, AVC_HEADER));
  demux_rig_push (&rig, TAG (VIDEO, 0, KEY_FRAME));
  frame = gst_harness_pull (rig.outs[0]);
  ck_assert_uint_eq (gst_buffer_get_size (frame), 6);
  ck_assert_int_eq (gst_buffer_memcmp (frame, 0, "\0\0\0\2\x65x", 6), 0);
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (a_recovery_point_survives_and_other_information_does_not)
{
  static const guint8 kept[] = { 0, 0, 0, 5, 6, 6, 1, 0xc4, 0x80, 0, 0, 0, 2,
    0x41, 'x' };
  g_autoptr (GstBuffer) frame = NULL;
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (VIDEO, 0, AVC_HEADER));
  demux_rig_push (&rig,
      TAG (VIDEO, 0,
          "\x27\1\0\0\0"
          "\0\0\0\5\6\5\1x\x80"
          "\0\0\0\5\6\6\1\xc4\x80"
          "\0\0\0\2\x41x"));
  frame = gst_harness_pull (rig.outs[0]);
  ck_assert_uint_eq (gst_buffer_get_size (frame), sizeof kept);
  ck_assert_int_eq (gst_buffer_memcmp (frame, 0, kept, sizeof kept), 0);
  demux_rig_close (&rig);
}
GST_END_TEST;

static void
pull_at (DemuxRig *rig, guint64 dts_ms, guint64 pts_ms, gboolean is_discont)
{
  g_autoptr (GstBuffer) frame = gst_harness_pull (rig->outs[0]);

  ck_assert_uint_eq (GST_BUFFER_DTS (frame), dts_ms * GST_MSECOND);
  ck_assert_uint_eq (GST_BUFFER_PTS (frame), pts_ms * GST_MSECOND);
  ck_assert_int_eq (GST_BUFFER_IS_DISCONT (frame), is_discont);
}

GST_START_TEST (timestamps_are_running_time_through_wraps_and_jumps)
{
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (VIDEO, 0, AVC_HEADER));
  push_at (&rig, TAG (VIDEO, 0xfffffff0, KEY_FRAME), 500);
  pull_at (&rig, 500, 500, TRUE);
  push_at (&rig, TAG (VIDEO, 16, "\x27\1\0\0\x42\0\0\0\2\x41x"), 600);
  pull_at (&rig, 532, 598, FALSE);
  push_at (&rig, TAG (VIDEO, 50, "\x27\1\xff\xff\xf6\0\0\0\2\x41x"), 601);
  pull_at (&rig, 566, 556, FALSE);
  push_at (&rig, TAG (VIDEO, 70000000, KEY_FRAME), 700);
  pull_at (&rig, 700, 700, TRUE);
  demux_rig_close (&rig);
}
GST_END_TEST;

/* Publishers as found in practice. All times are in milliseconds, and of a
 * camera that records from 0 on; what it shows at which time is known, whatever
 * the publisher's timestamps are. */
typedef struct
{
  const gchar *why;
  guint32 zero[2];       /* the first timestamp of each track */
  guint sound_from;      /* the track begins this much later */
  guint leap_at;         /* the time at which the clock is set */
  gint32 leap_by;        /* the amount by which it is set */
  guint twice_until;     /* sends twice as fast as it records */
  guint picture_step[2]; /* between pictures, taken in turn */
} Publisher;

static const Publisher publishers[] = {
  { "an ordinary one", { 0, 0 }, 0, 0, 0, 0, { 33, 33 } },
  { "one whose counter wraps", { 0xfffff800, 0xfffff800 }, 0, 0, 0, 0,
      { 33, 33 } },
  { "one whose clock leaps ahead", { 0, 0 }, 0, 5000, 3600000, 0, { 33, 33 } },
  { "one whose clock leaps back", { 900000, 900000 }, 0, 5000, -600000, 0,
      { 33, 33 } },
  { "one whose tracks count from different zeroes", { 0, 7000000 }, 0, 0, 0, 0,
      { 33, 33 } },
  { "one whose sound begins seconds later", { 0, 0 }, 4000, 0, 0, 0,
      { 33, 33 } },
  { "one with a variable frame rate", { 0, 0 }, 0, 0, 0, 0, { 8, 700 } },
  { "one that sends twice as fast for a while", { 0, 0 }, 0, 0, 0, 8000,
      { 33, 33 } },
};

#define FILM_MS 12000
#define SOUND_SAMPLES 1024
#define SOUND_SAMPLES_MS 48
#define MAX_JITTER_MS 20
/* The error that jitter can cause when a track is placed by its arrival
 * time. */
#define MAX_SKEW_MS 40
/* The lead that a publisher that sends too fast can have. */
#define MAX_AHEAD_MS 1000

static guint32
stamp_of (const Publisher *publisher, guint track, guint filmed_ms)
{
  guint32 stamp = publisher->zero[track] + filmed_ms;

  if (publisher->leap_at > 0 && filmed_ms >= publisher->leap_at)
    stamp += publisher->leap_by;
  return stamp;
}

static guint
arrival_of (const Publisher *publisher, guint filmed_ms, GRand *jitter)
{
  guint gained_ms = MIN (filmed_ms, publisher->twice_until) / 2;

  return filmed_ms - gained_ms + g_rand_int_range (jitter, 0, MAX_JITTER_MS);
}

/* Returns: the running time of the output. */
static gint
film (DemuxRig *rig, const Publisher *publisher, guint track, guint filmed_ms,
    guint arrival_ms)
{
  guint32 stamp = stamp_of (publisher, track, filmed_ms);
  g_autoptr (GstBuffer) frame = NULL;

  push_at (rig,
      track == 0 ? TAG (VIDEO, stamp, KEY_FRAME)
                 : TAG (AUDIO, stamp, "\xaf\1xy"),
      arrival_ms);
  frame = gst_harness_pull (rig->outs[track]);
  return GST_TIME_AS_MSECONDS (GST_BUFFER_PTS (frame));
}

static void
assert_live_and_in_sync (const Publisher *publisher, GRand *jitter)
{
  gint late_ms[2] = { 0, 0 }; /* than it was recorded */
  guint n_frames[2] = { 0, 0 };
  guint next_ms[2] = { 0, publisher->sound_from };
  gint max_ahead_ms =
      MAX_SKEW_MS + (publisher->twice_until > 0 ? MAX_AHEAD_MS : 0);
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (VIDEO, publisher->zero[0], AVC_HEADER));
  demux_rig_push (&rig, TAG (AUDIO, publisher->zero[1], AAC_48K_HEADER));
  while (MIN (next_ms[0], next_ms[1]) < FILM_MS) {
    guint track = next_ms[0] <= next_ms[1] ? 0 : 1;
    guint filmed_ms = next_ms[track];
    guint arrival_ms = arrival_of (publisher, filmed_ms, jitter);
    gint out_ms = film (&rig, publisher, track, filmed_ms, arrival_ms);

    late_ms[track] = out_ms - (gint) filmed_ms;
    ck_assert_msg (ABS (out_ms - (gint) arrival_ms) <= max_ahead_ms,
        "%s: what arrives at %u comes out at %d", publisher->why, arrival_ms,
        out_ms);
    ck_assert_msg (filmed_ms < publisher->sound_from ||
            ABS (late_ms[0] - late_ms[1]) <= MAX_SKEW_MS,
        "%s: at %u the picture is %d ms late, the sound %d", publisher->why,
        filmed_ms, late_ms[0], late_ms[1]);
    n_frames[track]++;
    if (track == 0)
      next_ms[0] += publisher->picture_step[n_frames[0] % 2];
    else
      next_ms[1] = publisher->sound_from +
          n_frames[1] * SOUND_SAMPLES / SOUND_SAMPLES_MS;
  }
  demux_rig_close (&rig);
}

GST_START_TEST (a_stream_is_live_and_in_sync_with_any_publisher_clock)
{
  for (guint seed = 0; seed < 5; seed++) {
    g_autoptr (GRand) jitter = g_rand_new_with_seed (seed);

    for (guint i = 0; i < G_N_ELEMENTS (publishers); i++)
      assert_live_and_in_sync (&publishers[i], jitter);
  }
}
GST_END_TEST;

static guint
n_caps (DemuxRig *rig)
{
  GstEvent *event;
  guint n = 0;

  while ((event = gst_harness_try_pull_event (rig->outs[0])) != NULL) {
    n += GST_EVENT_TYPE (event) == GST_EVENT_CAPS;
    gst_event_unref (event);
  }
  return n;
}

GST_START_TEST (only_a_new_sequence_header_changes_the_caps)
{
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (VIDEO, 0, AVC_HEADER));
  demux_rig_push (&rig, TAG (VIDEO, 0, KEY_FRAME));
  ck_assert_uint_eq (n_caps (&rig), 1);
  demux_rig_push (&rig, TAG (VIDEO, 0, AVC_HEADER));
  demux_rig_push (&rig, TAG (VIDEO, 33, KEY_FRAME));
  ck_assert_uint_eq (n_caps (&rig), 0);
  demux_rig_push (&rig, TAG (VIDEO, 0, OTHER_AVC_HEADER));
  demux_rig_push (&rig, TAG (VIDEO, 66, KEY_FRAME));
  ck_assert_uint_eq (n_caps (&rig), 1);
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (a_new_codec_begins_a_new_pad)
{
  GstHarness *before;
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (AUDIO, 0, ALAW_FRAME));
  before = rig.outs[1];
  demux_rig_push (&rig, TAG (AUDIO, 20, AAC_HEADER));
  ck_assert (rig.outs[1] != before);
  ck_assert (GST_PAD_IS_EOS (before->sinkpad));
  demux_rig_push (&rig, TAG (AUDIO, 20, "\xaf\1xy"));
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 1), 1);
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (malformed_tags_are_dropped_and_the_stream_continues)
{
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (VIDEO, 0, KEY_FRAME));
  demux_rig_push (&rig, TAG (VIDEO, 0, "\x17\0\0\0\0rubbish"));
  demux_rig_push (&rig, TAG (AUDIO, 0, "\xaf\0x"));
  demux_rig_push (&rig, TAG (VIDEO, 0, "\x17"));
  demux_rig_push (&rig,
      TAG (VIDEO, 0,
          "\x91"
          "av01xyz"));
  ck_assert (rig.outs[0] == NULL && rig.outs[1] == NULL);
  demux_rig_push (&rig, TAG (VIDEO, 0, AVC_HEADER));
  demux_rig_push (&rig, TAG (VIDEO, 0, "\x17\1\0\0\0\0\0\0\x09\x65x"));
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 0), 0);
  demux_rig_push (&rig, TAG (VIDEO, 0, KEY_FRAME));
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 0), 1);
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (data_that_is_not_flv_is_a_clear_error)
{
  g_autoptr (GstBus) bus = gst_bus_new ();
  g_autoptr (GstMessage) message = NULL;
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  gst_element_set_bus (rig.in->element, bus);
  ck_assert_int_eq (gst_harness_push (rig.in,
                        gst_buffer_new_wrapped (g_strdup ("rubbish"), 7)),
      GST_FLOW_ERROR);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  ck_assert (message != NULL);
  gst_element_set_bus (rig.in->element, NULL);
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (the_stream_name_and_eos_reach_every_pad)
{
  GstEvent *start = gst_event_new_stream_start ("id");
  g_autoptr (GstEvent) out = NULL;
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  gst_structure_set (gst_event_writable_structure (start), "stream-name",
      G_TYPE_STRING, "live/cam", NULL);
  ck_assert (gst_harness_push_event (rig.in, start));
  demux_rig_push (&rig, TAG (VIDEO, 0, AVC_HEADER));
  out = gst_pad_get_sticky_event (rig.outs[0]->sinkpad, GST_EVENT_STREAM_START,
      0);
  if (out == NULL) {
    demux_rig_push (&rig, TAG (VIDEO, 0, KEY_FRAME));
    out = gst_pad_get_sticky_event (rig.outs[0]->sinkpad,
        GST_EVENT_STREAM_START, 0);
  }
  ck_assert (out != NULL);
  ck_assert_str_eq (gst_structure_get_string (gst_event_get_structure (out),
                        "stream-name"),
      "live/cam");
  ck_assert (gst_harness_push_event (rig.in, gst_event_new_eos ()));
  ck_assert (GST_PAD_IS_EOS (rig.outs[0]->sinkpad));
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (a_new_stream_begins_on_the_same_pads_with_its_own_name)
{
  GstEvent *start = gst_event_new_stream_start ("second");
  g_autoptr (GstEvent) out = NULL;
  GstSegment segment;
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (VIDEO, 0, AVC_HEADER));
  push_at (&rig, TAG (VIDEO, 1000, KEY_FRAME), 0);
  pull_at (&rig, 0, 0, TRUE);

  gst_structure_set (gst_event_writable_structure (start), "stream-name",
      G_TYPE_STRING, "live/second", NULL);
  ck_assert (gst_harness_push_event (rig.in, start));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  ck_assert (gst_harness_push_event (rig.in, gst_event_new_segment (&segment)));
  demux_rig_push (&rig, TAG (VIDEO, 0, OTHER_AVC_HEADER));
  push_at (&rig, TAG (VIDEO, 50, KEY_FRAME), 200);
  pull_at (&rig, 200, 200, TRUE);
  out = gst_pad_get_sticky_event (rig.outs[0]->sinkpad, GST_EVENT_STREAM_START,
      0);
  ck_assert_str_eq (gst_structure_get_string (gst_event_get_structure (out),
                        "stream-name"),
      "live/second");
  demux_rig_close (&rig);
}
GST_END_TEST;

GST_START_TEST (a_flush_drops_an_incomplete_tag)
{
  g_autoptr (GstBuffer) tag = TAG (VIDEO, 0, KEY_FRAME);
  GstSegment segment;
  DemuxRig rig;

  demux_rig_open (&rig, "flvlivedemux");
  demux_rig_push (&rig, TAG (VIDEO, 0, AVC_HEADER));
  demux_rig_push (&rig,
      gst_buffer_copy_region (tag, GST_BUFFER_COPY_ALL, 0, 20));
  ck_assert (gst_harness_push_event (rig.in, gst_event_new_flush_start ()));
  ck_assert (gst_harness_push_event (rig.in, gst_event_new_flush_stop (TRUE)));
  gst_segment_init (&segment, GST_FORMAT_TIME);
  ck_assert (gst_harness_push_event (rig.in, gst_event_new_segment (&segment)));
  demux_rig_push (&rig, gst_buffer_ref (tag));
  ck_assert_uint_eq (demux_rig_n_frames (&rig, 0), 1);
  demux_rig_close (&rig);
}
GST_END_TEST;

static Suite *
flvlivedemux_suite (void)
{
  Suite *suite = suite_create ("flvlivedemux");
  TCase *tcase = tcase_create ("flvlivedemux");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, every_frame_that_goes_in_comes_out);
  tcase_add_test (tcase, a_pad_waits_for_no_other_track);
  tcase_add_test (tcase, a_track_without_a_header_begins_with_its_first_frame);
  tcase_add_test (tcase, access_unit_delimiters_are_removed);
  tcase_add_test (tcase,
      a_recovery_point_survives_and_other_information_does_not);
  tcase_add_test (tcase, timestamps_are_running_time_through_wraps_and_jumps);
  tcase_add_test (tcase, a_stream_is_live_and_in_sync_with_any_publisher_clock);
  tcase_add_test (tcase, only_a_new_sequence_header_changes_the_caps);
  tcase_add_test (tcase, a_new_codec_begins_a_new_pad);
  tcase_add_test (tcase, malformed_tags_are_dropped_and_the_stream_continues);
  tcase_add_test (tcase, data_that_is_not_flv_is_a_clear_error);
  tcase_add_test (tcase, the_stream_name_and_eos_reach_every_pad);
  tcase_add_test (tcase,
      a_new_stream_begins_on_the_same_pads_with_its_own_name);
  tcase_add_test (tcase, a_flush_drops_an_incomplete_tag);
  return suite;
}

GST_CHECK_MAIN (flvlivedemux);
