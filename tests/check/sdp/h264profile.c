/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profile of a profile-level-id, and the nearest profile. */

#include "gst/sdp/h264profile.h"

#include <gst/check/gstcheck.h>

static const struct
{
  guint32 id;
  SdpH264Profile profile;
  const gchar *who;
} ids[] = {
  { 0x42e01f, SDP_H264_CONSTRAINED_BASELINE, "every browser" },
  { 0x42e034, SDP_H264_CONSTRAINED_BASELINE, "Safari of 2026" },
  { 0x42c015, SDP_H264_CONSTRAINED_BASELINE, "x264" },
  { 0x4d8028, SDP_H264_CONSTRAINED_BASELINE, "Main that is Baseline too" },
  { 0x58f01f, SDP_H264_CONSTRAINED_BASELINE, "Extended that is both" },
  { 0x42001f, SDP_H264_BASELINE, "Chromium" },
  { 0x58801f, SDP_H264_BASELINE, "Extended that is Baseline" },
  { 0x4d001f, SDP_H264_MAIN, "Chromium" },
  { 0x4d4028, SDP_H264_MAIN, "x264" },
  { 0x640c1f, SDP_H264_CONSTRAINED_HIGH, "Safari" },
  { 0x64001f, SDP_H264_HIGH, "Chrome for Windows" },
  { 0xf4001f, SDP_H264_PREDICTIVE_HIGH_444, "Chromium" },
  { 0x6e001f, SDP_H264_OTHER, "High 10" },
  { 0x64101f, SDP_H264_OTHER, "High with a reserved flag" },
  { 0, SDP_H264_OTHER, "nobody" },
};

GST_START_TEST (the_flags_determine_the_profile_and_the_level_is_ignored)
{
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ck_assert_msg (sdp_h264_profile_from_id (ids[i].id) == ids[i].profile,
        "%06x of %s", ids[i].id, ids[i].who);
}
GST_END_TEST;

GST_START_TEST (the_same_profile_is_the_nearest)
{
  for (guint i = 1; i < SDP_H264_N_PROFILES; i++) {
    ck_assert_int_eq (sdp_h264_profile_distance (i, i), 0);
    for (guint k = 1; k < SDP_H264_N_PROFILES; k++)
      ck_assert (k == i || sdp_h264_profile_distance (i, k) > 0);
  }
}
GST_END_TEST;

GST_START_TEST (a_profile_that_no_browser_uses_is_for_no_stream)
{
  for (guint i = 0; i < SDP_H264_N_PROFILES; i++)
    ck_assert_int_eq (sdp_h264_profile_distance (i, SDP_H264_OTHER), -1);
}
GST_END_TEST;

GST_START_TEST (high_falls_back_to_constrained_high_main_and_baseline)
{
  static const SdpH264Profile order[] = { SDP_H264_HIGH,
    SDP_H264_CONSTRAINED_HIGH, SDP_H264_MAIN, SDP_H264_CONSTRAINED_BASELINE,
    SDP_H264_BASELINE };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    ck_assert_int_eq (sdp_h264_profile_distance (SDP_H264_HIGH, order[i]), i);
    ck_assert_int_eq (sdp_h264_profile_distance (SDP_H264_OTHER, order[i]), i);
  }
}
GST_END_TEST;

static Suite *
h264profile_suite (void)
{
  Suite *suite = suite_create ("h264profile");
  TCase *tcase = tcase_create ("h264profile");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      the_flags_determine_the_profile_and_the_level_is_ignored);
  tcase_add_test (tcase, the_same_profile_is_the_nearest);
  tcase_add_test (tcase, a_profile_that_no_browser_uses_is_for_no_stream);
  tcase_add_test (tcase, high_falls_back_to_constrained_high_main_and_baseline);
  return suite;
}

GST_CHECK_MAIN (h264profile);
