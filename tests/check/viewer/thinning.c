/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A viewer with heavy loss is sent less, and recovers by itself. */

#include "ext/whep/viewer/thinning.h"

#include <gst/check/gstcheck.h>

static WhepThinning thinning;
static gint64 now_us;

static void
setup (void)
{
  whep_thinning_init (&thinning);
  now_us = 1;
}

/* Sends a report every second, the first one now. */
static void
viewer_reports (guint8 fraction_lost, guint n_times)
{
  for (guint i = 0; i < n_times; i++) {
    whep_thinning_report (&thinning, fraction_lost, now_us);
    now_us += G_USEC_PER_SEC;
  }
}

GST_START_TEST (a_short_burst_of_loss_changes_nothing)
{
  viewer_reports (255, 3);
  viewer_reports (0, 1);
  viewer_reports (255, 3);
  ck_assert_int_eq (thinning.level, WHEP_THINNING_NONE);
}
GST_END_TEST;

GST_START_TEST (lasting_loss_thins_the_video_step_by_step)
{
  viewer_reports (WHEP_THINNING_LOSSY, 4);
  ck_assert_int_eq (thinning.level, WHEP_THINNING_REFERENCES);
  viewer_reports (WHEP_THINNING_LOSSY, 4);
  ck_assert_int_eq (thinning.level, WHEP_THINNING_KEYS);
  viewer_reports (WHEP_THINNING_LOSSY, 100);
  ck_assert_int_eq (thinning.level, WHEP_THINNING_KEYS);
}
GST_END_TEST;

GST_START_TEST (a_loss_that_repairs_can_handle_does_not_change_the_level)
{
  viewer_reports (WHEP_THINNING_LOSSY - 1, 100);
  ck_assert_int_eq (thinning.level, WHEP_THINNING_NONE);
  viewer_reports (WHEP_THINNING_LOSSY, 4);
  viewer_reports (WHEP_THINNING_CLEAN + 1, 100);
  ck_assert_int_eq (thinning.level, WHEP_THINNING_REFERENCES);
}
GST_END_TEST;

GST_START_TEST (a_viewer_recovers_one_level_at_a_time)
{
  viewer_reports (255, 8);
  ck_assert_int_eq (thinning.level, WHEP_THINNING_KEYS);
  viewer_reports (WHEP_THINNING_CLEAN, 6);
  ck_assert_int_eq (thinning.level, WHEP_THINNING_REFERENCES);
  viewer_reports (WHEP_THINNING_CLEAN, 6);
  ck_assert_int_eq (thinning.level, WHEP_THINNING_NONE);
}
GST_END_TEST;

/* The network cannot carry all frames, so each attempt costs the viewer a
 * picture. */
GST_START_TEST (failed_attempts_become_rarer)
{
  gint64 waited_us[6];

  viewer_reports (255, 4);
  for (guint i = 0; i < G_N_ELEMENTS (waited_us); i++) {
    gint64 start_us = now_us;

    while (thinning.level != WHEP_THINNING_NONE)
      viewer_reports (0, 1);
    waited_us[i] = now_us - start_us;
    while (thinning.level == WHEP_THINNING_NONE)
      viewer_reports (255, 1);
  }
  for (guint i = 1; i < G_N_ELEMENTS (waited_us); i++)
    ck_assert_int_ge (waited_us[i], waited_us[i - 1]);
  ck_assert_int_ge (waited_us[5], 8 * WHEP_THINNING_CLEAN_US);
  ck_assert_int_le (waited_us[5],
      WHEP_THINNING_CLEAN_MAX_US + 2 * G_USEC_PER_SEC);
}
GST_END_TEST;

GST_START_TEST (a_level_has_a_name)
{
  ck_assert_str_eq (whep_thinning_level_name (WHEP_THINNING_NONE), "all");
  ck_assert_str_eq (whep_thinning_level_name (WHEP_THINNING_REFERENCES),
      "references");
  ck_assert_str_eq (whep_thinning_level_name (WHEP_THINNING_KEYS), "keys");
}
GST_END_TEST;

static Suite *
thinning_suite (void)
{
  Suite *suite = suite_create ("thinning");
  TCase *tcase = tcase_create ("levels");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, NULL);
  tcase_add_test (tcase, a_short_burst_of_loss_changes_nothing);
  tcase_add_test (tcase, lasting_loss_thins_the_video_step_by_step);
  tcase_add_test (tcase,
      a_loss_that_repairs_can_handle_does_not_change_the_level);
  tcase_add_test (tcase, a_viewer_recovers_one_level_at_a_time);
  tcase_add_test (tcase, failed_attempts_become_rarer);
  tcase_add_test (tcase, a_level_has_a_name);
  return suite;
}

GST_CHECK_MAIN (thinning);
