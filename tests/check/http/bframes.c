/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Offers of viewers that reorder B-frames. */

#include "ext/whep/http/bframes.h"

#include <gst/check/gstcheck.h>

static const struct
{
  const gchar *query;
  gboolean is_wanted;
} queries[] = {
  { NULL, FALSE },
  { "", FALSE },
  { "token=a", FALSE },
  { "b-frames", FALSE },
  { "b-frames=", FALSE },
  { "b-frames=passing", FALSE },
  { "b-frames=transcode", FALSE },
  { "b-frames=pass", TRUE },
  { "token=a&b-frames=%70ass&delay=3", TRUE },
};

GST_START_TEST (b_frames_are_for_viewers_that_ask_for_them)
{
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    ck_assert_msg (whep_b_frames_are_wanted (queries[i].query) ==
            queries[i].is_wanted,
        "%s", queries[i].query);
}
GST_END_TEST;

static Suite *
b_frames_suite (void)
{
  Suite *suite = suite_create ("bframes");
  TCase *tcase = tcase_create ("bframes");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, b_frames_are_for_viewers_that_ask_for_them);
  return suite;
}

GST_CHECK_MAIN (b_frames);
