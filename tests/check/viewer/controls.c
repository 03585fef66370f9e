/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names of what a viewer may choose. */

#include "ext/whep/viewer/controls.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (each_value_is_found_by_its_name)
{
  for (guint i = 0; i < WHEP_N_FRAMES; i++) {
    WhepFrames frames = WHEP_N_FRAMES;

    ck_assert (whep_frames_from_name (whep_frames_name (i), &frames));
    ck_assert_uint_eq (frames, i);
  }
}
GST_END_TEST;

GST_START_TEST (an_unknown_name_changes_nothing)
{
  static const gchar *const unknown[] = { "", "KEY", "keys", "none" };

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++) {
    WhepFrames frames = WHEP_FRAMES_KEY;

    ck_assert (!whep_frames_from_name (unknown[i], &frames));
    ck_assert_uint_eq (frames, WHEP_FRAMES_KEY);
  }
}
GST_END_TEST;

static Suite *
controls_suite (void)
{
  Suite *suite = suite_create ("controls");
  TCase *tcase = tcase_create ("controls");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_value_is_found_by_its_name);
  tcase_add_test (tcase, an_unknown_name_changes_nothing);
  return suite;
}

GST_CHECK_MAIN (controls);
