/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sizes of stills. */

#include "gst/live/stillsize.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (a_width_is_rounded_up_to_one_of_a_few)
{
  static const guint cases[][2] = {
    { 1, 160 },
    { 160, 160 },
    { 161, 320 },
    { 320, 320 },
    { 1281, STILL_MAX_WIDTH },
    { STILL_MAX_WIDTH, STILL_MAX_WIDTH },
    { G_MAXUINT, STILL_MAX_WIDTH },
    { 0, STILL_MAX_WIDTH },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint index = still_width_index (cases[i][0]);

    ck_assert_uint_lt (index, STILL_N_WIDTHS);
    ck_assert_uint_eq (still_width_at (index), cases[i][1]);
  }
  for (guint i = 1; i < STILL_N_WIDTHS; i++)
    ck_assert_uint_gt (still_width_at (i), still_width_at (i - 1));
}
GST_END_TEST;

static const struct
{
  const gchar *why;
  PictureSize picture;
  gint par_n, par_d;
  guint wanted;
  PictureSize still;
} sizes[] = {
  { "a thumbnail", { 1280, 720 }, 1, 1, 320, { 320, 180 } },
  { "not larger than the picture", { 400, 300 }, 1, 1, 1280, { 400, 300 } },
  { "as large as it is", { 1280, 720 }, 1, 1, 0, { 1280, 720 } },
  { "4K", { 3840, 2160 }, 1, 1, 0, { 1920, 1080 } },
  { "portrait", { 720, 1280 }, 1, 1, 320, { 320, 569 } },
  { "PAL in 16:9", { 720, 576 }, 64, 45, 0, { 1024, 576 } },
  { "narrow pixels", { 1440, 1080 }, 4, 3, 960, { 960, 540 } },
  { "an absurd shape", { 1280, 720 }, 1, 100000, 0, { 1280, 720 } },
  { "a negative shape", { 1280, 720 }, -1, 1, 0, { 1280, 720 } },
  { "a shape without a limit", { 1280, 720 }, G_MAXINT, 1, 0, { 1280, 720 } },
  { "a line", { 16, 65535 }, 1, 1, 160, { 1, STILL_MAX_HEIGHT } },
  { "a flat line", { 65535, 1 }, 1, 1, 320, { 320, 1 } },
  { "nothing", { 0, 0 }, 1, 1, 320, { 1, 1 } },
  { "the largest numbers", { G_MAXUINT, G_MAXUINT }, 3, 1, 320, { 320, 107 } },
};

GST_START_TEST (a_still_has_the_shape_of_the_picture_and_a_limit)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    PictureSize still = still_size (&sizes[i].picture, sizes[i].par_n,
        sizes[i].par_d, still_width_index (sizes[i].wanted));

    ck_assert_msg (still.width == sizes[i].still.width &&
            still.height == sizes[i].still.height,
        "%s: %u x %u", sizes[i].why, still.width, still.height);
  }
}
GST_END_TEST;

static Suite *
stillsize_suite (void)
{
  Suite *suite = suite_create ("stillsize");
  TCase *tcase = tcase_create ("stillsize");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_width_is_rounded_up_to_one_of_a_few);
  tcase_add_test (tcase, a_still_has_the_shape_of_the_picture_and_a_limit);
  return suite;
}

GST_CHECK_MAIN (stillsize);
