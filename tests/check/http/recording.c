/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a recording. */

#include "ext/whep/http/recording.h"
#include "ext/whep/http/json.h"

#include <gst/check/gstcheck.h>

static gchar *
write_recording (const WhepRecording *recording)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  whep_recording_add (json, recording);
  return whep_json_to_text (json);
}

GST_START_TEST (a_recording_with_a_file_is_described_by_it)
{
  WhepRecording recording = {
    .location = g_strdup ("live/\"cam\".mp4"),
    .since_us = G_GINT64_CONSTANT (1767323045) * G_USEC_PER_SEC,
    .duration_ms = 1500,
    .n_bytes = G_GINT64_CONSTANT (5000000000),
  };
  g_autofree gchar *text = write_recording (&recording);

  ck_assert_str_eq (text,
      "{\"state\":\"recording\",\"location\":\"live/\\\"cam\\\".mp4\","
      "\"since\":\"2026-01-02T03:04:05Z\",\"duration_ms\":1500,"
      "\"bytes\":5000000000}");
  whep_recording_clear (&recording);
  whep_recording_clear (&recording);
}
GST_END_TEST;

GST_START_TEST (a_recording_without_a_file_waits)
{
  WhepRecording recording = { 0 };
  g_autofree gchar *text = write_recording (&recording);

  ck_assert_str_eq (text, "{\"state\":\"waiting\"}");
  whep_recording_clear (&recording);
}
GST_END_TEST;

static Suite *
recording_suite (void)
{
  Suite *suite = suite_create ("recording");
  TCase *tcase = tcase_create ("recording");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_recording_with_a_file_is_described_by_it);
  tcase_add_test (tcase, a_recording_without_a_file_waits);
  return suite;
}

GST_CHECK_MAIN (recording);
