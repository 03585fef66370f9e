/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The times of frames in MP4, which browsers are particular about. */

#include "gst/mp4/frameclock.h"

#include <gst/check/gstcheck.h>

#define MS G_GINT64_CONSTANT (1000000)
#define N_FRAMES 2000

static Mp4FrameClock
video_clock (void)
{
  return (Mp4FrameClock){ .timescale = 90000, .nominal_ns = 33 * MS };
}

static Mp4FrameClock
audio_clock (void)
{
  return (Mp4FrameClock){ .timescale = 48000,
    .nominal_ns = 21333333,
    .is_counted = TRUE };
}

GST_START_TEST (audio_counts_on_where_times_are_rounded)
{
  Mp4FrameClock clock = audio_clock ();

  for (guint i = 0; i < N_FRAMES; i++) {
    guint64 exact_ns = gst_util_uint64_scale (i * 1024, GST_SECOND, 48000);
    guint64 decode_time;
    guint32 duration;

    mp4_frame_clock_take (&clock, exact_ns / MS * MS, 21333333, &decode_time,
        &duration);
    ck_assert_uint_eq (decode_time, i * 1024);
    ck_assert_uint_eq (duration, 1024);
  }
}
GST_END_TEST;

GST_START_TEST (audio_that_pauses_goes_on_at_its_own_time)
{
  Mp4FrameClock clock = audio_clock ();
  guint64 decode_time;
  guint32 duration;

  mp4_frame_clock_take (&clock, 0, 0, &decode_time, &duration);
  mp4_frame_clock_take (&clock, GST_SECOND, 0, &decode_time, &duration);
  ck_assert_uint_eq (decode_time, 48000);
}
GST_END_TEST;

GST_START_TEST (every_frame_is_later_than_the_one_before)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint round = 0; round < 2; round++) {
    Mp4FrameClock clock = round == 0 ? video_clock () : audio_clock ();
    guint64 decode_time, last = 0;
    guint32 duration;

    for (guint i = 0; i < N_FRAMES; i++) {
      guint64 time_ns = (guint64) g_rand_int_range (rand, 0, 5000) * MS;

      mp4_frame_clock_take (&clock, time_ns,
          g_rand_int_range (rand, 0, G_MAXINT32), &decode_time, &duration);
      ck_assert (i == 0 || decode_time > last);
      ck_assert_uint_gt (duration, 0);
      ck_assert_uint_le (duration, clock.timescale);
      last = decode_time;
    }
  }
}
GST_END_TEST;

/* A step of more than twice the last duration is a gap for Chromium. */
GST_START_TEST (uneven_frames_make_no_gap)
{
  static const gint64 distances_ms[] = { 33, 34, 33, 40, 20, 60, 66, 33, 17, 50,
    33, 33, 66, 33, 33 };
  Mp4FrameClock clock = video_clock ();
  guint64 decode_time, last = 0;
  guint32 duration, last_duration = G_MAXUINT32;
  gint64 time_ns = 0;

  for (guint i = 0; i < N_FRAMES; i++) {
    mp4_frame_clock_take (&clock, time_ns, 0, &decode_time, &duration);
    if (i > 0)
      ck_assert_uint_le (decode_time - last, (guint64) 2 * last_duration);
    last = decode_time;
    last_duration = duration;
    time_ns += distances_ms[i % G_N_ELEMENTS (distances_ms)] * MS;
  }
}
GST_END_TEST;

GST_START_TEST (a_day_of_frames_is_exact)
{
  Mp4FrameClock clock = video_clock ();
  guint64 day_ns = 24 * 3600 * GST_SECOND;

  ck_assert_int_eq (mp4_frame_clock_ticks (&clock, day_ns),
      G_GINT64_CONSTANT (24) * 3600 * 90000);
  ck_assert_int_eq (mp4_frame_clock_ticks (&clock, -(gint64) day_ns - MS),
      -G_GINT64_CONSTANT (24) * 3600 * 90000 - 90);
}
GST_END_TEST;

static Suite *
frameclock_suite (void)
{
  Suite *suite = suite_create ("frameclock");
  TCase *tcase = tcase_create ("frameclock");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, audio_counts_on_where_times_are_rounded);
  tcase_add_test (tcase, audio_that_pauses_goes_on_at_its_own_time);
  tcase_add_test (tcase, every_frame_is_later_than_the_one_before);
  tcase_add_test (tcase, uneven_frames_make_no_gap);
  tcase_add_test (tcase, a_day_of_frames_is_exact);
  return suite;
}

GST_CHECK_MAIN (frameclock);
