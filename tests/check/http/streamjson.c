/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a stream's tracks. */

#include "ext/whep/http/streamjson.h"
#include "ext/whep/http/json.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define NOW_US (1000 * G_USEC_PER_SEC)

static WhepDirectory *directory;

static void
setup (void)
{
  directory = whep_directory_new ();
  whep_directory_begin_track (directory, 1, "live/cam", WHEP_VIDEO, "H264", 0,
      0);
  whep_directory_begin_track (directory, 2, "live/cam", WHEP_AUDIO, "OPUS", 0,
      0);
}

static void
teardown (void)
{
  whep_directory_free (directory);
}

static gchar *
write_stream (WhepStreamJson *stream)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  stream->listing = whep_directory_find (directory, "live/cam");
  whep_stream_json_add (json, stream);
  return whep_json_to_text (json);
}

static void
measure (void)
{
  const WhepArrivalFigures figures = {
    .n_packets = 200,
    .n_bytes = 100000,
    .n_frames = 50,
    .n_key_frames = 2,
    .n_dropped = 1,
    .bits_per_second = 400000,
    .frames_per_second = 25,
    .jitter_us = 1500,
  };
  const WhepUplink uplink = { TRUE, 120000, 900, { 0 } };
  const WhepTrackFormat picture = { .width = 1280, .height = 720 };
  const WhepTrackFormat sound = { .sample_rate = 48000, .n_channels = 2 };

  whep_directory_note_format (directory, 1, &picture);
  whep_directory_note_format (directory, 2, &sound);
  whep_directory_note_arrival (directory, 1, &figures, &uplink, NOW_US);
}

#define TOTALS                                                                 \
  "\"video\":{\"codec\":\"H264\",\"width\":1280,\"height\":720,"               \
  "\"packets\":200,\"bytes\":100000,\"frames\":50,\"key_frames\":2,"           \
  "\"dropped_packets\":1,"
#define SOUND                                                                  \
  "\"audio\":{\"codec\":\"OPUS\",\"sample_rate\":48000,\"channels\":2}"

GST_START_TEST (details_are_how_each_track_arrives)
{
  WhepStreamJson stream = { .is_detailed = TRUE,
    .now_us = NOW_US + G_USEC_PER_SEC };
  g_autofree gchar *text = NULL;

  measure ();
  text = write_stream (&stream);
  ck_assert_msg (strstr (text,
                     TOTALS "\"bits_per_second\":400000,"
                            "\"frames_per_second\":25.0,"
                            "\"jitter_us\":1500}," SOUND) != NULL,
      "%s", text);
}
GST_END_TEST;

GST_START_TEST (a_track_that_no_longer_arrives_has_no_rate)
{
  WhepStreamJson stream = { .is_detailed = TRUE,
    .now_us = NOW_US + 10 * G_USEC_PER_SEC };
  g_autofree gchar *text = NULL;

  measure ();
  text = write_stream (&stream);
  ck_assert_msg (strstr (text,
                     TOTALS "\"bits_per_second\":0,"
                            "\"frames_per_second\":0.0,") != NULL,
      "%s", text);
}
GST_END_TEST;

/* The same figures, in the list. */
static const struct
{
  guint64 bits_per_second;
  gdouble frames_per_second;
  const gchar *words;
} rates[] = {
  { 0, 0, "\"bits_per_second\":0,\"frames_per_second\":0" },
  { 99, 0.4, "\"bits_per_second\":99,\"frames_per_second\":0" },
  { 2449999, 29.97, "\"bits_per_second\":2400000,\"frames_per_second\":30" },
  { 2450000, 30.4, "\"bits_per_second\":2500000,\"frames_per_second\":30" },
  { 999999, 59.94, "\"bits_per_second\":1000000,\"frames_per_second\":60" },
};

GST_START_TEST (without_details_a_track_has_its_format_and_rounded_rates)
{
  WhepStreamJson stream = { .now_us = NOW_US };

  measure ();
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    const WhepArrivalFigures figures = {
      .bits_per_second = rates[i].bits_per_second,
      .frames_per_second = rates[i].frames_per_second,
    };
    const WhepUplink uplink = { FALSE };
    g_autofree gchar *text = NULL, *expected = NULL;

    whep_directory_note_arrival (directory, 1, &figures, &uplink, NOW_US);
    text = write_stream (&stream);
    expected = g_strconcat (
        "{\"name\":\"live/cam\",\"live_since\":\"1970-01-01T00:00:00Z\","
        "\"viewers\":0,\"video\":{\"codec\":\"H264\",\"width\":1280,"
        "\"height\":720,",
        rates[i].words, "}," SOUND "}", NULL);
    ck_assert_str_eq (text, expected);
  }
}
GST_END_TEST;

GST_START_TEST (a_publisher_is_described_with_its_uplink)
{
  WhepStreamJson stream = { .has_publisher = TRUE };
  const WhepPublisher publisher = { .id = (gchar *) "7" };
  g_autofree gchar *text = NULL;

  measure ();
  whep_directory_note_publisher (directory, 2, &publisher);
  text = write_stream (&stream);
  ck_assert_msg (strstr (text, "\"publisher\":{\"id\":\"7\",") != NULL, "%s",
      text);
  ck_assert_msg (strstr (text, ",\"bytes\":120000,\"jitter_us\":900}}") != NULL,
      "%s", text);
}
GST_END_TEST;

static void
measure_encoder (gint64 measured_us, gint64 gop_us)
{
  const WhepArrivalFigures none = { 0 };
  WhepUplink uplink = { .is_known = TRUE };

  uplink.figures.measured_us = measured_us;
  uplink.figures.gop_us = gop_us;
  whep_directory_note_arrival (directory, 2, &none, &uplink, NOW_US);
}

GST_START_TEST (a_stream_has_the_grade_of_its_encoder)
{
  WhepStreamJson stream = { 0 };
  g_autofree gchar *good = NULL, *bad = NULL;

  measure_encoder (10 * G_USEC_PER_SEC, 2 * G_USEC_PER_SEC);
  good = write_stream (&stream);
  ck_assert_msg (g_str_has_suffix (good,
                     ",\"doctor\":{\"grade\":\"A\",\"findings\":[]}}"),
      "%s", good);
  measure_encoder (10 * G_USEC_PER_SEC, 10 * G_USEC_PER_SEC);
  bad = write_stream (&stream);
  ck_assert_msg (strstr (bad,
                     ",\"doctor\":{\"grade\":\"C\",\"findings\":[{\"id\":"
                     "\"long-gop\","
                     "\"severity\":\"major\",\"text\":\"10.0 s ") != NULL,
      "%s", bad);
  ck_assert_msg (strstr (bad, "\",\"obs\":\"Settings ") != NULL, "%s", bad);
  ck_assert_msg (strstr (bad, "\",\"ffmpeg\":\"-g ") != NULL, "%s", bad);
}
GST_END_TEST;

GST_START_TEST (a_brief_description_has_the_grade_alone)
{
  WhepStreamJson stream = { .is_brief = TRUE };
  g_autofree gchar *text = NULL;

  measure_encoder (10 * G_USEC_PER_SEC, 10 * G_USEC_PER_SEC);
  text = write_stream (&stream);
  ck_assert_msg (g_str_has_suffix (text, ",\"doctor\":{\"grade\":\"C\"}}"),
      "%s", text);
}
GST_END_TEST;

GST_START_TEST (an_encoder_that_is_not_measured_yet_has_no_grade)
{
  WhepStreamJson stream = { 0 };
  g_autofree gchar *text = NULL;

  measure_encoder (G_USEC_PER_SEC, 2 * G_USEC_PER_SEC);
  text = write_stream (&stream);
  ck_assert_msg (strstr (text, "doctor") == NULL, "%s", text);
}
GST_END_TEST;

static Suite *
streamjson_suite (void)
{
  Suite *suite = suite_create ("streamjson");
  TCase *tcase = tcase_create ("streamjson");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, details_are_how_each_track_arrives);
  tcase_add_test (tcase, a_track_that_no_longer_arrives_has_no_rate);
  tcase_add_test (tcase, a_publisher_is_described_with_its_uplink);
  tcase_add_test (tcase, a_stream_has_the_grade_of_its_encoder);
  tcase_add_test (tcase, a_brief_description_has_the_grade_alone);
  tcase_add_test (tcase, an_encoder_that_is_not_measured_yet_has_no_grade);
  tcase_add_test (tcase,
      without_details_a_track_has_its_format_and_rounded_rates);
  return suite;
}

GST_CHECK_MAIN (streamjson);
