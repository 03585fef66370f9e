/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has arrived is counted, and its jitter is that of RFC 3550. */

#include "gst/rtmp/arrival.h"

#include <gst/check/gstcheck.h>

#define AUDIO 8
#define VIDEO 9
#define SCRIPT 18
#define TAG_BYTES 15
#define FRAME_MS 40
#define N_FRAMES 400

static void
count (RtmpArrival *self, guint8 type, guint32 time_ms, gint64 now_ms)
{
  const guint8 tag[TAG_BYTES] = { type, 0, 0, 0, time_ms >> 16, time_ms >> 8,
    time_ms, time_ms >> 24 };

  rtmp_arrival_count (self, tag, sizeof tag, now_ms * 1000);
}

GST_START_TEST (each_tag_is_counted)
{
  RtmpArrival arrival = { 0 };

  count (&arrival, SCRIPT, 0, 7000);
  count (&arrival, VIDEO, 0, 7000);
  count (&arrival, AUDIO, 0, 7000);
  ck_assert_uint_eq (rtmp_arrival_n_tags (&arrival), 3);
  ck_assert_uint_eq (rtmp_arrival_n_bytes (&arrival), 3 * TAG_BYTES);
  ck_assert_uint_eq (rtmp_arrival_jitter_us (&arrival), 0);
}
GST_END_TEST;

GST_START_TEST (frames_that_arrive_in_time_have_no_jitter)
{
  RtmpArrival arrival = { 0 };

  /* The timestamps wrap, and audio is sent ahead of video. */
  for (guint32 i = 0; i < N_FRAMES; i++) {
    count (&arrival, VIDEO, i * FRAME_MS - 5000, i * FRAME_MS);
    count (&arrival, AUDIO, i * FRAME_MS - 4000, i * FRAME_MS);
    count (&arrival, SCRIPT, 0, i * FRAME_MS);
  }
  ck_assert_uint_eq (rtmp_arrival_jitter_us (&arrival), 0);
}
GST_END_TEST;

/* Each frame is 10 ms too early or too late, so that each distance is off by
 * 20 ms: the estimate approaches that. */
GST_START_TEST (irregular_frames_have_jitter)
{
  static const guint8 types[] = { AUDIO, VIDEO };

  for (guint t = 0; t < G_N_ELEMENTS (types); t++) {
    RtmpArrival arrival = { 0 };
    guint64 former_us = 0;

    for (guint i = 0; i < N_FRAMES; i++) {
      count (&arrival, types[t], i * FRAME_MS,
          i * FRAME_MS + (i % 2 == 0 ? 10 : 30));
      ck_assert_uint_ge (rtmp_arrival_jitter_us (&arrival), former_us);
      former_us = rtmp_arrival_jitter_us (&arrival);
      /* RFC 3550: a sixteenth of the first distance. */
      if (i == 1)
        ck_assert_uint_eq (former_us, 20000 / 16);
    }
    ck_assert_uint_ge (former_us, 19990);
    ck_assert_uint_le (former_us, 20000);
  }
}
GST_END_TEST;

GST_START_TEST (a_jump_of_the_clock_is_no_jitter)
{
  static const guint32 jumps[] = { RTMP_ARRIVAL_MAX_STEP_MS + 1,
    -RTMP_ARRIVAL_MAX_STEP_MS - 1, 0x80000000 };

  for (guint i = 0; i < G_N_ELEMENTS (jumps); i++) {
    RtmpArrival arrival = { 0 };

    count (&arrival, VIDEO, 1000, 0);
    count (&arrival, VIDEO, 1000 + jumps[i], FRAME_MS);
    ck_assert_uint_eq (rtmp_arrival_jitter_us (&arrival), 0);
    count (&arrival, VIDEO, 1000 + jumps[i] + FRAME_MS, 2 * FRAME_MS);
    ck_assert_uint_eq (rtmp_arrival_jitter_us (&arrival), 0);
  }
}
GST_END_TEST;

/* A publisher that pauses for a day does not overflow anything. */
GST_START_TEST (a_pause_fades_from_the_estimate)
{
  const gint64 day_ms = 24 * 60 * 60 * 1000;
  RtmpArrival arrival = { 0 };
  guint64 peak_us;

  count (&arrival, VIDEO, 0, 0);
  count (&arrival, VIDEO, FRAME_MS, day_ms);
  peak_us = rtmp_arrival_jitter_us (&arrival);
  ck_assert_uint_eq (peak_us, (day_ms - FRAME_MS) * 1000 / 16);
  for (guint i = 2; i < N_FRAMES; i++)
    count (&arrival, VIDEO, i * FRAME_MS, day_ms + (i - 1) * FRAME_MS);
  ck_assert_uint_lt (rtmp_arrival_jitter_us (&arrival), 1000);
}
GST_END_TEST;

static Suite *
arrival_suite (void)
{
  Suite *suite = suite_create ("arrival");
  TCase *tcase = tcase_create ("arrival");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_tag_is_counted);
  tcase_add_test (tcase, frames_that_arrive_in_time_have_no_jitter);
  tcase_add_test (tcase, irregular_frames_have_jitter);
  tcase_add_test (tcase, a_jump_of_the_clock_is_no_jitter);
  tcase_add_test (tcase, a_pause_fades_from_the_estimate);
  return suite;
}

GST_CHECK_MAIN (arrival);
