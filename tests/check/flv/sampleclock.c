/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ten minutes of audio from various publishers in virtual time: the output is
 * regular and stays in sync. */

#include "gst/flv/sampleclock.h"

#include <gst/check/gstcheck.h>

#define MS G_GINT64_CONSTANT (1000000)
#define SECOND (1000 * MS)
#define PLAY_NS (600 * SECOND)
/* The time after which an initial offset must be corrected. */
#define SETTLED_NS (10 * SECOND)
#define MAX_DRIFT_NS (20 * MS)
/* Frames that share a time have late times, which is the publisher's own error.
 */
#define MAX_APART_NS (30 * MS)

typedef struct
{
  const gchar *why;
  guint rate, n_samples;
  /* How much faster the sound card runs than the clock, in millionths. */
  gint ppm;
  gint64 jitter_ns;  /* at most, in both directions */
  guint n_of_a_time; /* frames with the same time */
  gint64 round_ns;   /* times are rounded to multiples of it */
  gint64 step_ns;    /* for audio that is not resampled */
} Publisher;

static const Publisher publishers[] = {
  { "exact", 48000, 1024, 0, 0, 1, 1 },
  { "rounded", 48000, 1024, 0, 0, 1, MS },
  { "rounded, 44.1 kHz", 44100, 1024, 0, 0, 1, MS },
  { "MP3", 44100, 1152, 0, 0, 1, MS },
  { "three frames per time", 48000, 1024, 0, 0, 3, MS },
  { "rounded to a multiple of 32", 48000, 1024, 0, 0, 1, 32 * MS },
  { "jitter", 48000, 1024, 0, 40 * MS, 1, MS },
  { "fast", 48000, 1024, 100, 0, 1, MS },
  { "slow", 48000, 1024, -100, 0, 1, MS },
  { "much too fast", 48000, 1024, 5000, 0, 1, MS },
  { "much too slow", 48000, 1024, -5000, 0, 1, MS },
  { "fast, with jitter", 48000, 1024, 100, 40 * MS, 1, MS },
  { "slow, three frames per time", 44100, 1024, -100, 0, 3, MS },
  { "Opus", 48000, 960, 0, 0, 1, MS, 7 * MS },
  { "Opus, fast", 48000, 960, 100, 0, 1, MS, 7 * MS },
  { "Opus, slow", 48000, 960, -100, 0, 1, MS, 7 * MS },
  { "Opus, with jitter", 48000, 960, 0, 40 * MS, 1, MS, 7 * MS },
  { "G.711", 8000, 184, 50, 20 * MS, 1, MS, 7 * MS },
};

/* The publisher's clock when the frame begins. */
static gint64
recorded_ns (const Publisher *publisher, gint64 frame)
{
  gdouble seconds = (gdouble) frame * publisher->n_samples / publisher->rate;

  return seconds / (1 + publisher->ppm / 1e6) * SECOND;
}

static gint64
published_ns (const Publisher *publisher, gint64 frame, GRand *random)
{
  gint64 time_ns =
      recorded_ns (publisher, frame - frame % publisher->n_of_a_time);

  if (publisher->jitter_ns > 0)
    time_ns += g_rand_double_range (random, -1, 1) * publisher->jitter_ns;
  return time_ns / publisher->round_ns * publisher->round_ns;
}

static gint64
duration_ns (const Publisher *publisher)
{
  return publisher->n_samples * SECOND / publisher->rate;
}

static void
assert_even (const Publisher *publisher, guint seed, gint64 uneven_ns)
{
  gint64 limit_ns =
      publisher->step_ns > 0 ? 1 : duration_ns (publisher) / 100 + 1;

  ck_assert_msg (ABS (uneven_ns) <= limit_ns,
      "%s, seed %u: irregular by %" G_GINT64_FORMAT " ns", publisher->why, seed,
      uneven_ns);
}

/* Plays ten minutes of audio. Returns: the number of steps. */
static guint
play (const Publisher *publisher, guint seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  FlvSampleClock clock = { .step_ns = publisher->step_ns };
  gint64 last_ns = 0, least_ns = G_MAXINT64, most_ns = G_MININT64;
  guint n_steps = 0;

  for (gint64 i = 0; recorded_ns (publisher, i) < PLAY_NS; i++) {
    FlvSampleStamp stamp = flv_sample_clock_count (&clock,
        SECOND + published_ns (publisher, i, random), publisher->n_samples,
        publisher->rate);
    gint64 apart_ns = stamp.time_ns - SECOND - recorded_ns (publisher, i);

    if (recorded_ns (publisher, i) > SETTLED_NS) {
      least_ns = MIN (least_ns, apart_ns);
      most_ns = MAX (most_ns, apart_ns);
    }
    if (i > 0 && !stamp.is_gap)
      assert_even (publisher, seed,
          stamp.time_ns - last_ns - duration_ns (publisher));
    n_steps += i > 0 && stamp.is_gap;
    last_ns = stamp.time_ns;
  }
  ck_assert_msg (most_ns - least_ns <= MAX_DRIFT_NS &&
          MAX (ABS (least_ns), ABS (most_ns)) <= MAX_APART_NS,
      "%s, seed %u: %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " us apart",
      publisher->why, seed, least_ns / 1000, most_ns / 1000);
  return n_steps;
}

GST_START_TEST (audio_is_regular_and_stays_in_sync)
{
  for (guint seed = 0; seed < 2; seed++) {
    for (guint i = 0; i < G_N_ELEMENTS (publishers); i++) {
      guint n_steps = play (&publishers[i], seed);
      /* 60 ms of drift, and an initial offset by jitter. */
      guint limit = publishers[i].step_ns > 0 ? 15 : 0;

      ck_assert_msg (n_steps <= limit, "%s, seed %u: %u steps",
          publishers[i].why, seed, n_steps);
    }
  }
}
GST_END_TEST;

#define RATE 48000
#define FRAME 1024
#define FRAME_NS (FRAME * SECOND / RATE)

/* A regular stream with an interruption: this many frames are missing, or times
 * leap by this much. */
static const struct
{
  const gchar *why;
  gint64 leap_ns;
  gint64 expected_ns; /* the resulting offset */
  gboolean is_at_once;
} leaps[] = {
  { "two minutes of silence", 120 * SECOND, 120 * SECOND, TRUE },
  { "a second is lost", SECOND, SECOND, TRUE },
  { "a tenth of a second is lost", 100 * MS, 100 * MS, FALSE },
  { "three frames are lost", 64 * MS, 64 * MS, FALSE },
  { "a second too much", -SECOND, 0, FALSE },
};

GST_START_TEST (missing_audio_is_a_gap)
{
  for (guint i = 0; i < G_N_ELEMENTS (leaps); i++) {
    FlvSampleClock clock = { 0 };
    gint64 time_ns = 0, last_ns = 0;
    guint n_gaps = 0;

    for (guint j = 0; j < 200; j++) {
      FlvSampleStamp stamp;

      if (j == 100)
        time_ns += leaps[i].leap_ns;
      stamp = flv_sample_clock_count (&clock, time_ns, FRAME, RATE);
      ck_assert_msg (stamp.time_ns >= last_ns, "%s", leaps[i].why);
      n_gaps += stamp.is_gap;
      if (j == 100)
        ck_assert_msg (stamp.is_gap ==
                (ABS (leaps[i].leap_ns) >= FLV_SAMPLE_CLOCK_GAP_NS),
            "%s", leaps[i].why);
      last_ns = stamp.time_ns;
      time_ns += FRAME_NS;
    }
    if (leaps[i].leap_ns > 0) {
      ck_assert_msg (n_gaps == 2, "%s: %u gaps", leaps[i].why, n_gaps);
      ck_assert_msg (ABS (last_ns + FRAME_NS - time_ns) < 8 * MS,
          "%s: %" G_GINT64_FORMAT " us off", leaps[i].why,
          (last_ns + FRAME_NS - time_ns) / 1000);
    }
  }
}
GST_END_TEST;

GST_START_TEST (a_new_rate_continues_where_the_last_one_ended)
{
  FlvSampleClock clock = { 0 };
  FlvSampleStamp stamp;

  flv_sample_clock_count (&clock, 0, 480, 48000);
  stamp = flv_sample_clock_count (&clock, 10 * MS, 441, 44100);
  ck_assert_int_eq (stamp.time_ns, 10 * MS);
  stamp = flv_sample_clock_count (&clock, 20 * MS, 441, 44100);
  ck_assert_int_eq (stamp.time_ns, 20 * MS);
  ck_assert (!stamp.is_gap);
}
GST_END_TEST;

GST_START_TEST (a_restart_begins_at_the_publishers_time)
{
  FlvSampleClock clock = { 0 };
  FlvSampleStamp stamp;

  flv_sample_clock_count (&clock, SECOND, 480, 48000);
  flv_sample_clock_restart (&clock);
  stamp = flv_sample_clock_count (&clock, SECOND + 100 * MS, 480, 48000);
  ck_assert (stamp.is_gap);
  ck_assert_int_eq (stamp.time_ns, SECOND + 100 * MS);
  flv_sample_clock_restart (&clock);
  stamp = flv_sample_clock_count (&clock, 0, 480, 48000);
  ck_assert_int_eq (stamp.time_ns, SECOND + 100 * MS);
}
GST_END_TEST;

/* With arbitrary input, and for hours. */
GST_START_TEST (time_never_goes_back)
{
  static const guint rates[] = { 1, 7350, 8000, 44100, 48000, 96000, 16777215 };

  for (guint seed = 0; seed < 200; seed++) {
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    FlvSampleClock clock = { .step_ns = seed % 2 * 7 * MS };
    gint64 time_ns = 0, last_ns = 0;

    for (guint i = 0; i < 1000; i++) {
      guint rate = rates[g_rand_int_range (random, 0, G_N_ELEMENTS (rates)) *
          (g_rand_int_range (random, 0, 20) == 0)];
      gint64 leap_ns =
          g_rand_int_range (random, 0, 20) == 0 ? 4000 * SECOND : MS;
      FlvSampleStamp stamp;

      time_ns += g_rand_double_range (random, -1, 1.2) * leap_ns;
      time_ns = MAX (time_ns, 0);
      stamp = flv_sample_clock_count (&clock, time_ns,
          g_rand_int_range (random, 1, 1 << 20), rate);
      ck_assert_msg (stamp.time_ns >= last_ns, "seed %u, frame %u", seed, i);
      last_ns = stamp.time_ns;
    }
  }
}
GST_END_TEST;

static Suite *
sampleclock_suite (void)
{
  Suite *suite = suite_create ("sampleclock");
  TCase *tcase = tcase_create ("sampleclock");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, audio_is_regular_and_stays_in_sync);
  tcase_add_test (tcase, missing_audio_is_a_gap);
  tcase_add_test (tcase, a_new_rate_continues_where_the_last_one_ended);
  tcase_add_test (tcase, a_restart_begins_at_the_publishers_time);
  tcase_add_test (tcase, time_never_goes_back);
  return suite;
}

GST_CHECK_MAIN (sampleclock);
