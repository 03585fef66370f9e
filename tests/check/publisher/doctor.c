/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The doctor finds each fault at its limit, and nothing else. */

#include "gst/publisher/doctor.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define MEMBER(name) G_STRUCT_OFFSET (PublisherFigures, name)
#define HEVC 0x68766331

/* H.264 High of 30 frames per second and 2 s GOPs, at 3 Mbit/s. */
static const PublisherFigures perfect = {
  .measured_us = PUBLISHER_DOCTOR_SETTLED_US,
  .codec = 0x61766331,
  .profile = 100,
  .n_slices = 4,
  .n_frames = 900,
  .interval_us = 33000,
  .jitter_us = 4000,
  .max_late_us = 60000,
  .gop_us = 2 * G_USEC_PER_SEC,
  .key_bytes = 60000,
  .key_late_us = 20000,
  .mean_late_us = 6000,
  .bits_per_second = 3000000,
  .peak_bits_per_second = 4000000,
  .drift_ppm = -40,
  .skew_us = 30000,
};

GST_START_TEST (a_perfect_stream_gets_an_a)
{
  PublisherDiagnosis diagnosis;

  ck_assert (publisher_doctor_examine (&diagnosis, &perfect));
  ck_assert_str_eq (diagnosis.grade, "A");
  ck_assert_uint_eq (diagnosis.n_findings, 0);
}
GST_END_TEST;

GST_START_TEST (an_encoder_is_not_judged_in_its_first_seconds)
{
  PublisherFigures figures = perfect;
  PublisherDiagnosis diagnosis;

  figures.measured_us--;
  ck_assert (!publisher_doctor_examine (&diagnosis, &figures));
  figures = (PublisherFigures){ 0 };
  ck_assert (!publisher_doctor_examine (&diagnosis, &figures));
}
GST_END_TEST;

GST_START_TEST (sound_alone_gets_an_a)
{
  const PublisherFigures figures = {
    .measured_us = PUBLISHER_DOCTOR_SETTLED_US,
    .n_frames = 1400,
    .interval_us = 21000,
  };
  PublisherDiagnosis diagnosis;

  ck_assert (publisher_doctor_examine (&diagnosis, &figures));
  ck_assert_str_eq (diagnosis.grade, "A");
}
GST_END_TEST;

/* What the doctor finds in the perfect stream with one figure changed; NULL:
 * nothing. */
static const struct
{
  gsize member;
  gint64 value;
  const gchar *id;
  const gchar *severity;
} limits[] = {
  { MEMBER (n_reordered), 1, "b-frames", "major" },
  { MEMBER (gop_us), PUBLISHER_DOCTOR_GOP_US - 1, NULL, NULL },
  { MEMBER (gop_us), PUBLISHER_DOCTOR_GOP_US, "long-gop", "minor" },
  { MEMBER (gop_us), PUBLISHER_DOCTOR_LONG_GOP_US, "long-gop", "major" },
  { MEMBER (gop_us), PUBLISHER_DOCTOR_SHORT_GOP_US + 1, NULL, NULL },
  { MEMBER (gop_us), PUBLISHER_DOCTOR_SHORT_GOP_US, "short-gop", "minor" },
  { MEMBER (key_late_us), PUBLISHER_DOCTOR_KEY_LATE_US - 1, NULL, NULL },
  { MEMBER (key_late_us), PUBLISHER_DOCTOR_KEY_LATE_US, "late-key-frames",
      "minor" },
  { MEMBER (key_late_us), PUBLISHER_DOCTOR_KEY_VERY_LATE_US, "late-key-frames",
      "major" },
  { MEMBER (peak_bits_per_second), 7499999, NULL, NULL },
  { MEMBER (peak_bits_per_second), 7500000, "bursts", "minor" },
  { MEMBER (n_slices), PUBLISHER_DOCTOR_SLICES + 1, "slices", "info" },
  { MEMBER (n_slices), PUBLISHER_DOCTOR_MANY_SLICES + 1, "slices", "minor" },
  { MEMBER (jitter_us), PUBLISHER_DOCTOR_JITTER_US - 1, NULL, NULL },
  { MEMBER (jitter_us), PUBLISHER_DOCTOR_JITTER_US, "jitter", "minor" },
  { MEMBER (jitter_us), PUBLISHER_DOCTOR_MUCH_JITTER_US, "jitter", "major" },
  { MEMBER (max_late_us), PUBLISHER_DOCTOR_STALL_US - 1, NULL, NULL },
  { MEMBER (max_late_us), PUBLISHER_DOCTOR_STALL_US, "jitter", "major" },
  { MEMBER (n_clumped), 179, NULL, NULL },
  { MEMBER (n_clumped), 180, "clumps", "minor" },
  { MEMBER (n_missing), 9, NULL, NULL },
  { MEMBER (n_missing), 10, "missing-frames", "minor" },
  { MEMBER (n_missing), 100, "missing-frames", "major" },
  { MEMBER (interval_us), PUBLISHER_DOCTOR_INTERVAL_US, NULL, NULL },
  { MEMBER (interval_us), PUBLISHER_DOCTOR_INTERVAL_US + 1, "low-frame-rate",
      "minor" },
  { MEMBER (drift_ppm), PUBLISHER_DOCTOR_DRIFT_PPM - 1, NULL, NULL },
  { MEMBER (drift_ppm), PUBLISHER_DOCTOR_DRIFT_PPM, "clock-drift", "minor" },
  { MEMBER (drift_ppm), -PUBLISHER_DOCTOR_MUCH_DRIFT_PPM, "clock-drift",
      "major" },
  { MEMBER (skew_us), PUBLISHER_DOCTOR_SKEW_US - 1, NULL, NULL },
  { MEMBER (skew_us), -PUBLISHER_DOCTOR_SKEW_US, "av-skew", "minor" },
  { MEMBER (skew_us), PUBLISHER_DOCTOR_MUCH_SKEW_US, "av-skew", "major" },
  { MEMBER (profile), 66, "profile", "info" },
  { MEMBER (profile), 77, NULL, NULL },
  { MEMBER (profile), 110, "profile", "major" },
  { MEMBER (profile), 244, "profile", "major" },
  { MEMBER (codec), HEVC, "codec", "info" },
};

static const gchar *
grade_of (const gchar *severity)
{
  if (g_strcmp0 (severity, "major") == 0)
    return "C";
  return g_strcmp0 (severity, "minor") == 0 ? "B" : "A";
}

GST_START_TEST (each_fault_is_found_at_its_limit)
{
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++) {
    PublisherFigures figures = perfect;
    PublisherDiagnosis diagnosis;
    const PublisherFinding *finding = &diagnosis.findings[0];

    G_STRUCT_MEMBER (gint64, &figures, limits[i].member) = limits[i].value;
    ck_assert (publisher_doctor_examine (&diagnosis, &figures));
    ck_assert_msg (diagnosis.n_findings == (limits[i].id != NULL), "row %u", i);
    ck_assert_str_eq (diagnosis.grade, grade_of (limits[i].severity));
    if (limits[i].id == NULL)
      continue;
    ck_assert_str_eq (finding->id, limits[i].id);
    ck_assert_str_eq (finding->severity, limits[i].severity);
  }
}
GST_END_TEST;

/* Where all frames are late, it is the network. */
GST_START_TEST (key_frames_are_late_only_if_others_are_not)
{
  PublisherFigures figures = perfect;
  PublisherDiagnosis diagnosis;

  figures.key_late_us = 400000;
  figures.mean_late_us = 200001;
  ck_assert (publisher_doctor_examine (&diagnosis, &figures));
  ck_assert_uint_eq (diagnosis.n_findings, 0);
}
GST_END_TEST;

GST_START_TEST (frames_that_a_stall_held_back_are_no_clumps)
{
  PublisherFigures figures = perfect;
  PublisherDiagnosis diagnosis;

  figures.n_clumped = 500;
  figures.max_late_us = PUBLISHER_DOCTOR_STALL_US;
  ck_assert (publisher_doctor_examine (&diagnosis, &figures));
  ck_assert_uint_eq (diagnosis.n_findings, 1);
  ck_assert_str_eq (diagnosis.findings[0].id, "jitter");
}
GST_END_TEST;

/* All there can be at the same time, with the largest numbers. */
static const PublisherFigures hopeless = {
  .measured_us = G_MAXINT64,
  .codec = 0x61766331,
  .profile = 255,
  .n_slices = 9999,
  .n_frames = 1000000,
  .n_missing = 1000000,
  .n_clumped = 999999,
  .interval_us = 9999999,
  .jitter_us = 9999999,
  .max_late_us = 99999999,
  .n_reordered = 1000000,
  .gop_us = 99999999999,
  .key_bytes = G_MAXINT32,
  .key_late_us = 99999999,
  .mean_late_us = 9999999,
  .bits_per_second = 99999999,
  .peak_bits_per_second = 999999999,
  .drift_ppm = -9999999,
  .skew_us = -99999999,
};

GST_START_TEST (all_faults_get_an_f_in_whole_sentences)
{
  PublisherDiagnosis diagnosis;
  gboolean has_minor = FALSE;

  ck_assert (publisher_doctor_examine (&diagnosis, &hopeless));
  ck_assert_str_eq (diagnosis.grade, "F");
  ck_assert_uint_eq (diagnosis.n_findings, 11);
  for (guint i = 0; i < diagnosis.n_findings; i++) {
    const PublisherFinding *finding = &diagnosis.findings[i];

    ck_assert_msg (g_str_has_suffix (finding->text, "."), "%s", finding->text);
    ck_assert (g_utf8_validate (finding->text, -1, NULL));
    ck_assert (g_utf8_validate (finding->obs, -1, NULL));
    ck_assert (strlen (finding->obs) > 0 && strlen (finding->ffmpeg) > 0);
    /* The severe ones come first. */
    ck_assert (!has_minor || g_str_equal (finding->severity, "minor"));
    has_minor = g_str_equal (finding->severity, "minor");
  }
}
GST_END_TEST;

static Suite *
doctor_suite (void)
{
  Suite *suite = suite_create ("doctor");
  TCase *tests = tcase_create ("doctor");

  tcase_add_test (tests, a_perfect_stream_gets_an_a);
  tcase_add_test (tests, an_encoder_is_not_judged_in_its_first_seconds);
  tcase_add_test (tests, sound_alone_gets_an_a);
  tcase_add_test (tests, each_fault_is_found_at_its_limit);
  tcase_add_test (tests, key_frames_are_late_only_if_others_are_not);
  tcase_add_test (tests, frames_that_a_stall_held_back_are_no_clumps);
  tcase_add_test (tests, all_faults_get_an_f_in_whole_sentences);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (doctor);
