/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishers' times become running time: each case is a short stream. */

#include "gst/flv/timeline.h"

#include <gst/check/gstcheck.h>

#define V FLV_TRACK_VIDEO
#define A FLV_TRACK_AUDIO
#define NO_ARRIVAL (-1)
#define MAX_TAGS 6

typedef struct
{
  FlvTrackKind track;
  guint32 time_ms;
  gint64 arrival_ms;
  gint64 expected_ms;
  gboolean is_jump;
} Tag;

static const struct
{
  const gchar *why;
  guint n_tags;
  Tag tags[MAX_TAGS];
} streams[] = {
  { "the distance to the first tag is kept, despite jitter", 4,
      { { V, 1000, 50, 50 }, { A, 1010, 55, 60 }, { V, 1033, 120, 83 },
          { A, 1031, 121, 81 } } },
  { "without arrival times, the first tag is zero", 3,
      { { V, 700, NO_ARRIVAL, 0 }, { A, 690, NO_ARRIVAL, 0 },
          { V, 733, NO_ARRIVAL, 33 } } },
  { "the counter wraps", 4,
      { { V, 0xfffffff0, 0, 0 }, { A, 0xfffffff8, 5, 8 }, { V, 16, 33, 32 },
          { A, 0xffffffff, 34, 15 } } },
  { "the counter wraps to zero", 2,
      { { V, 0xfffffff0, 0, 0 }, { V, 0, 16, 16 } } },
  { "a leap forward starts over at the arrival", 4,
      { { V, 0, 0, 0 }, { V, 33, 33, 33 }, { V, 3600033, 70, 70, TRUE },
          { A, 3600040, 75, 77 } } },
  { "a leap back starts over at the arrival", 4,
      { { V, 900000, 0, 0 }, { V, 900033, 33, 33 }, { V, 5, 70, 70, TRUE },
          { A, 15, 72, 80 } } },
  { "a counter of 24 bits starts over", 2,
      { { V, 0xfffff0, 0, 0 }, { V, 16, 33, 33, TRUE } } },
  { "a leap without arrival times is kept", 3,
      { { V, 0, NO_ARRIVAL, 0 }, { V, 33, NO_ARRIVAL, 33 },
          { V, 3600033, NO_ARRIVAL, 33, TRUE } } },
  { "a publisher that paused for as long didn't leap", 2,
      { { V, 1000, 0, 0 }, { V, 61000, 60010, 60000 } } },
  { "a stalled network doesn't affect times", 3,
      { { V, 1000, 0, 0 }, { V, 1033, 9000, 33 }, { V, 1066, 9000, 66 } } },
  { "a clock set back by less than a leap starts over", 4,
      { { V, 5000, 0, 0 }, { A, 5010, 10, 10 }, { V, 3000, 40, 40, TRUE },
          { A, 3010, 50, 50 } } },
  { "an encoder's rounding never goes back", 3,
      { { A, 100, 0, 0 }, { A, 99, 20, 0 }, { A, 120, 40, 20 } } },
  { "one time is missing", 4,
      { { V, 60000, 0, 0 }, { V, 60033, 33, 33 }, { V, 0, 70, 70 },
          { V, 60100, 100, 100 } } },
  { "all times are missing", 4,
      { { V, 0, 10, 10 }, { A, 0, 12, 10 }, { V, 0, 43, 43 },
          { A, 0, 44, 44 } } },
  { "all times and arrival times are missing", 2,
      { { V, 0, NO_ARRIVAL, 0 }, { V, 0, NO_ARRIVAL, 0 } } },
  { "tracks with zeroes of their own don't leap", 6,
      { { V, 0, 0, 0 }, { A, 900000, 5, 5 }, { V, 33, 33, 33 },
          { A, 900021, 40, 26 }, { V, 66, 66, 66 }, { A, 900042, 70, 47 } } },
  { "audio that starts seconds later is in sync", 4,
      { { V, 0, 0, 0 }, { V, 7000, 7010, 7000 }, { A, 7005, 7030, 7005 },
          { V, 7033, 7040, 7033 } } },
  { "audio that starts seconds after the last frame is in sync", 2,
      { { V, 0, 0, 0 }, { A, 7005, 7030, 7005 } } },
  { "frames of any duration keep their distance", 5,
      { { V, 0, 0, 0 }, { V, 4, 5, 4 }, { V, 500, 510, 500 },
          { V, 5500, 5510, 5500 }, { V, 5516, 5530, 5516 } } },
  { "one track leaps, then the other", 5,
      { { V, 1000, 0, 0 }, { A, 1010, 10, 10 }, { V, 90000, 40, 40, TRUE },
          { A, 90010, 55, 50 }, { V, 90033, 75, 73 } } },
  { "a publisher at twice the speed is limited to the present", 6,
      { { V, 0, 0, 0 }, { A, 0, 0, 0 }, { V, 2000, 1000, 2000 },
          { V, 4000, 2000, 3000 }, { A, 4000, 2000, 3000 },
          { V, 4033, 2033, 3033 } } },
  { "the tags of a burst that is too early keep distinct times", 3,
      { { V, 0, 0, 0 }, { V, 2000, 0, 1000 }, { V, 2033, 0, 1001 } } },
  { "a publisher starts at zero again", 4,
      { { V, 60000, 0, 0 }, { V, 60033, 33, 33 }, { V, 0, 70, 70 },
          { V, 33, 103, 103, TRUE } } },
};

GST_START_TEST (each_stream_gets_the_expected_times)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++) {
    FlvTimeline timeline = { 0 };

    for (guint j = 0; j < streams[i].n_tags; j++) {
      const Tag *tag = &streams[i].tags[j];
      gint64 now_us = tag->arrival_ms == NO_ARRIVAL ? FLV_TIMELINE_NO_ARRIVAL
                                                    : tag->arrival_ms * 1000;
      FlvStamp stamp =
          flv_timeline_map (&timeline, tag->track, tag->time_ms, now_us);

      ck_assert_msg (stamp.time_us == tag->expected_ms * 1000,
          "%s: tag %u is at %" G_GINT64_FORMAT " us", streams[i].why, j,
          stamp.time_us);
      ck_assert_msg (stamp.is_jump == tag->is_jump, "%s: tag %u",
          streams[i].why, j);
    }
  }
}
GST_END_TEST;

/* The sample clock needs the mean of the written times. */
GST_START_TEST (written_times_are_kept_beside_the_monotonic_ones)
{
  static const guint32 times_ms[] = { 1000, 1040, 1010, 1060 };
  FlvTimeline timeline = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (times_ms); i++) {
    FlvStamp stamp = flv_timeline_map (&timeline, A, times_ms[i], 20000 * i);

    ck_assert_int_eq (stamp.written_us, (times_ms[i] - 1000) * 1000);
    ck_assert_int_ge (stamp.time_us, stamp.written_us);
  }
}
GST_END_TEST;

/* With arbitrary input, in each track. */
GST_START_TEST (time_never_goes_back)
{
  for (guint seed = 0; seed < 100; seed++) {
    g_autoptr (GRand) random = g_rand_new_with_seed (seed);
    FlvTimeline timeline = { 0 };
    gint64 last_us[FLV_N_TRACKS] = { 0, 0 };
    gint64 now_us = 0;

    for (guint i = 0; i < 1000; i++) {
      FlvTrackKind track = g_rand_boolean (random) ? A : V;
      guint32 time_ms = g_rand_int (random) >> g_rand_int_range (random, 0, 32);
      gint64 time_us =
          flv_timeline_map (&timeline, track, time_ms, now_us).time_us;

      ck_assert_msg (time_us >= last_us[track], "seed %u, tag %u", seed, i);
      last_us[track] = time_us;
      now_us += g_rand_int_range (random, 0, 50000);
    }
  }
}
GST_END_TEST;

static Suite *
timeline_suite (void)
{
  Suite *suite = suite_create ("timeline");
  TCase *tcase = tcase_create ("timeline");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_stream_gets_the_expected_times);
  tcase_add_test (tcase, written_times_are_kept_beside_the_monotonic_ones);
  tcase_add_test (tcase, time_never_goes_back);
  return suite;
}

GST_CHECK_MAIN (timeline);
