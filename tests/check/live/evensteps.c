/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sound steps evenly, follows the publisher's clock, and keeps its gaps. */

#include "gst/live/evensteps.h"

#include <gst/check/gstcheck.h>

#define MS G_GINT64_CONSTANT (1000000)
#define FRAME_NS (20 * MS)
#define N_FRAMES 3000
/* The largest by which tags are off. */
#define JITTER_MS 7

GST_START_TEST (times_are_even_although_tags_are_not)
{
  GRand *rand = g_rand_new_with_seed (1);
  EvenSteps steps = { 0 };
  gint64 first = even_steps_map (&steps, 5000 * MS, FRAME_NS);

  for (gint64 i = 1; i < N_FRAMES; i++) {
    gint64 jitter_ms = g_rand_int_range (rand, -JITTER_MS, JITTER_MS + 1);
    gint64 time_ns = even_steps_map (&steps,
        5000 * MS + i * FRAME_NS + jitter_ms * MS, FRAME_NS);

    ck_assert_int_eq (time_ns, first + i * FRAME_NS);
  }
  g_rand_free (rand);
}
GST_END_TEST;

static const gint ppms[] = { 100, -100, 1000, -1000 };

/* Sixty seconds, in which the clocks come up to 60 ms apart. */
GST_START_TEST (the_mean_follows_the_publisher_s_clock)
{
  EvenSteps steps = { 0 };
  guint n_uneven = 0;
  gint64 last_ns = -FRAME_NS;

  for (gint64 i = 0; i < N_FRAMES; i++) {
    gint64 published_ns = i * (FRAME_NS + FRAME_NS / 1000000 * ppms[__i__]);
    gint64 time_ns = even_steps_map (&steps, published_ns, FRAME_NS);

    n_uneven += time_ns != last_ns + FRAME_NS;
    ck_assert_int_gt (time_ns, last_ns);
    ck_assert_int_le (ABS (time_ns - published_ns), EVEN_STEPS_GAP_NS);
    last_ns = time_ns;
  }
  ck_assert_uint_le (n_uneven, 1 + ABS (ppms[__i__]) * 60 / 5000);
}
GST_END_TEST;

GST_START_TEST (a_frame_that_is_missing_leaves_its_gap)
{
  EvenSteps steps = { 0 };

  ck_assert_int_eq (even_steps_map (&steps, 0, FRAME_NS), 0);
  ck_assert_int_eq (even_steps_map (&steps, 21 * MS, FRAME_NS), 20 * MS);
  ck_assert_int_eq (even_steps_map (&steps, 60 * MS, FRAME_NS), 60 * MS);
  ck_assert_int_eq (even_steps_map (&steps, 79 * MS, FRAME_NS), 80 * MS);
}
GST_END_TEST;

GST_START_TEST (a_clock_that_is_set_back_is_followed)
{
  EvenSteps steps = { 0 };

  even_steps_map (&steps, 5000 * MS, FRAME_NS);
  ck_assert_int_eq (even_steps_map (&steps, 100 * MS, FRAME_NS), 100 * MS);
  ck_assert_int_eq (even_steps_map (&steps, 121 * MS, FRAME_NS), 120 * MS);
}
GST_END_TEST;

static Suite *
evensteps_suite (void)
{
  Suite *suite = suite_create ("evensteps");
  TCase *tcase = tcase_create ("evensteps");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, times_are_even_although_tags_are_not);
  tcase_add_loop_test (tcase, the_mean_follows_the_publisher_s_clock, 0,
      G_N_ELEMENTS (ppms));
  tcase_add_test (tcase, a_frame_that_is_missing_leaves_its_gap);
  tcase_add_test (tcase, a_clock_that_is_set_back_is_followed);
  return suite;
}

GST_CHECK_MAIN (evensteps);
