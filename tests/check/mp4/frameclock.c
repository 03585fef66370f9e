/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The times of frames, as Chromium wants them. */

#include "gst/mp4/frameclock.h"

#include <gst/check/gstcheck.h>

#define MS(n) ((n) *G_GINT64_CONSTANT (1000000))

typedef struct
{
  Mp4FrameClock clock;
  guint64 decode_time;
  guint32 duration;
} Rig;

static Rig
video_new (void)
{
  return (Rig){ .clock = { .timescale = 90000, .nominal_ns = MS (100) / 3 } };
}

static Rig
audio_new (void)
{
  return (Rig){ .clock = { .timescale = 48000,
                    .nominal_ns = MS (64) / 3,
                    .is_counted = TRUE } };
}

static void
take (Rig *self, gint64 time_ns)
{
  mp4_frame_clock_take (&self->clock, time_ns, 0, &self->decode_time,
      &self->duration);
}

/* Frames of FLV, whose times are milliseconds, and some that are missing. */
GST_START_TEST (no_step_is_longer_than_two_durations)
{
  for (guint seed = 0; seed < 200; seed++) {
    GRand *random = g_rand_new_with_seed (seed);
    Rig rig = video_new ();
    gint64 frame = 0;

    for (guint i = 0; i < 300; i++) {
      guint64 last = rig.decode_time;
      guint32 duration = rig.duration;

      frame += g_rand_int_range (random, 0, 10) == 0
          ? g_rand_int_range (random, 1, 300)
          : 1;
      take (&rig, MS (frame * 100 / 3));
      if (i == 0)
        continue;
      ck_assert_msg (rig.decode_time > last, "seed %u, frame %u", seed, i);
      ck_assert_msg (rig.decode_time - last <= 2 * duration,
          "seed %u, frame %u", seed, i);
    }
    g_rand_free (random);
  }
}
GST_END_TEST;

GST_START_TEST (decode_times_catch_up_after_a_long_pause)
{
  Rig rig = video_new ();
  gint64 time_ms = 0;
  guint n = 0;

  for (guint i = 0; i < 30; i++, time_ms += 33)
    take (&rig, MS (time_ms));
  /* Ten seconds without a frame. */
  for (time_ms += 10000; n < 100; n++, time_ms += 33) {
    take (&rig, MS (time_ms));
    if (rig.decode_time == (guint64) time_ms * 90)
      break;
    ck_assert_uint_lt (rig.decode_time, time_ms * 90);
  }
  ck_assert_uint_lt (n, 20);
}
GST_END_TEST;

GST_START_TEST (even_frames_keep_their_times)
{
  Rig rig = video_new ();

  for (guint i = 0; i < 100; i++) {
    take (&rig, MS (i * 40));
    ck_assert_uint_eq (rig.decode_time, i * 40 * 90);
    ck_assert_uint_ge (rig.duration, i == 0 ? 3000 : 3600);
  }
}
GST_END_TEST;

GST_START_TEST (times_that_go_back_rise_by_a_tick)
{
  Rig rig = video_new ();

  take (&rig, MS (1000));
  take (&rig, MS (500));
  ck_assert_uint_eq (rig.decode_time, 90001);
}
GST_END_TEST;

GST_START_TEST (sound_is_counted_by_its_samples)
{
  Rig rig = audio_new ();

  for (guint i = 0; i < 1000; i++) {
    /* As FLV writes it. */
    take (&rig, MS (i * 64 / 3));
    ck_assert_uint_eq (rig.decode_time, i * 1024);
    ck_assert_uint_eq (rig.duration, 1024);
  }
  take (&rig, MS (30000));
  ck_assert_uint_eq (rig.decode_time, 30 * 48000);
}
GST_END_TEST;

GST_START_TEST (a_day_of_frames_is_exact)
{
  Rig rig = video_new ();
  gint64 day_ns = 24 * 3600 * MS (1000);

  ck_assert_int_eq (mp4_frame_clock_ticks (&rig.clock, day_ns),
      G_GINT64_CONSTANT (24) * 3600 * 90000);
  ck_assert_int_eq (mp4_frame_clock_ticks (&rig.clock, -day_ns - MS (1)),
      -G_GINT64_CONSTANT (24) * 3600 * 90000 - 90);
}
GST_END_TEST;

static Suite *
frameclock_suite (void)
{
  Suite *suite = suite_create ("frameclock");
  TCase *tcase = tcase_create ("frameclock");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, no_step_is_longer_than_two_durations);
  tcase_add_test (tcase, decode_times_catch_up_after_a_long_pause);
  tcase_add_test (tcase, even_frames_keep_their_times);
  tcase_add_test (tcase, times_that_go_back_rise_by_a_tick);
  tcase_add_test (tcase, a_day_of_frames_is_exact);
  tcase_add_test (tcase, sound_is_counted_by_its_samples);
  return suite;
}

GST_CHECK_MAIN (frameclock);
