/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A log keeps what players need, up to its limits, and shares it. */

#include "gst/rtmp/playlog.h"
#include "tests/support/playtags.h"

#include <gst/check/gstcheck.h>

#define MS(n) ((n) * (gint64) 1000)

static const RtmpPlayLimits roomy = { .bytes = 1 << 20,
  .time_us = MS (60000),
  .behind_us = MS (1000) };

/* Takes @tag. */
static void
add (RtmpPlayLog *log, GBytes *tag, gint64 now_us)
{
  rtmp_playlog_add (log, tag, now_us);
  g_bytes_unref (tag);
}

static void
assert_headers (const RtmpPlayLog *log, const gchar *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);
  const RtmpPlayEntry *entry = NULL;
  guint64 place = 0;

  while ((entry = rtmp_playlog_next_header (log, place)) != NULL) {
    gsize size, payload_size;
    const guint8 *tag = g_bytes_get_data (entry->tag, &size);
    const guint8 *payload = rtmp_playtag_payload (tag, size, &payload_size);

    play_tag_describe (found, payload, payload_size, tag[0]);
    place = entry->place + 1;
  }
  ck_assert_str_eq (found->str, expected);
}

static void
assert_start (const RtmpPlayLog *log, gint64 expected)
{
  guint64 place;
  gboolean has_start = rtmp_playlog_find_start (log, &place);

  ck_assert_int_eq (has_start, expected >= 0);
  if (has_start)
    ck_assert_uint_eq (place, expected);
}

GST_START_TEST (a_tag_is_shared_and_not_copied)
{
  RtmpPlayLog *log = rtmp_playlog_new (&roomy);
  g_autoptr (GBytes) tag = play_tag_key (0, 1, 100);

  rtmp_playlog_add (log, tag, 0);
  ck_assert_ptr_eq (rtmp_playlog_get (log, 0)->tag, tag);
  ck_assert_ptr_eq (rtmp_playlog_get (log, 1), NULL);
  rtmp_playlog_free (log);
}
GST_END_TEST;

GST_START_TEST (the_newest_key_frame_is_the_start)
{
  RtmpPlayLog *log = rtmp_playlog_new (&roomy);

  assert_start (log, -1);
  add (log, play_tag_metadata (1), 0);
  add (log, play_tag_video_header (2), 0);
  assert_start (log, -1);
  add (log, play_tag_key (0, 3, 100), 0);
  add (log, play_tag_video (40, 4, 100), MS (40));
  assert_start (log, 2);
  add (log, play_tag_key (80, 5, 100), MS (80));
  assert_start (log, 4);
  rtmp_playlog_free (log);
}
GST_END_TEST;

GST_START_TEST (a_key_frame_in_several_tags_starts_with_the_first)
{
  RtmpPlayLog *log = rtmp_playlog_new (&roomy);

  add (log, play_tag_key (0, 1, 100), 0);
  add (log, play_tag_key (0, 2, 100), 0);
  add (log, play_tag_audio (0, 3), 0);
  add (log, play_tag_key (0, 4, 100), 0);
  assert_start (log, 0);
  add (log, play_tag_key (40, 5, 100), MS (40));
  assert_start (log, 4);
  rtmp_playlog_free (log);
}
GST_END_TEST;

GST_START_TEST (without_video_the_newest_audio_is_the_start)
{
  RtmpPlayLog *log = rtmp_playlog_new (&roomy);

  add (log, play_tag_audio_header (1), 0);
  add (log, play_tag_audio (0, 2), 0);
  add (log, play_tag_audio (23, 3), MS (23));
  assert_start (log, 2);
  assert_headers (log, "a1 ");
  add (log, play_tag_video (23, 4, 100), MS (23));
  assert_start (log, -1);
  rtmp_playlog_free (log);
}
GST_END_TEST;

GST_START_TEST (headers_are_those_of_the_start)
{
  RtmpPlayLog *log = rtmp_playlog_new (&roomy);

  add (log, play_tag_metadata (1), 0);
  add (log, play_tag_video_header (2), 0);
  add (log, play_tag_audio_header (3), 0);
  assert_headers (log, "m1 v2 a3 ");
  add (log, play_tag_key (0, 4, 100), 0);
  add (log, play_tag_video_header (5), 0);
  assert_headers (log, "m1 v2 a3 ");
  add (log, play_tag_key (40, 6, 100), MS (40));
  assert_headers (log, "m1 a3 v5 ");
  rtmp_playlog_free (log);
}
GST_END_TEST;

GST_START_TEST (a_header_has_the_time_of_what_it_precedes)
{
  RtmpPlayLog *log = rtmp_playlog_new (&roomy);

  add (log, play_tag_audio (500000, 1), 0);
  add (log, play_tag_audio (500040, 2), MS (40));
  add (log, play_tag_audio_header (3), MS (50));
  add (log, play_tag_audio (500080, 4), MS (80));
  ck_assert_uint_eq (rtmp_playlog_get (log, 2)->time_ms, 40);
  ck_assert_uint_eq (rtmp_playlog_get (log, 3)->time_ms, 80);
  rtmp_playlog_free (log);
}
GST_END_TEST;

GST_START_TEST (headers_are_limited_in_number_and_size)
{
  RtmpPlayLog *log = rtmp_playlog_new (&roomy);
  g_autofree guint8 *long_one = g_malloc0 (RTMP_PLAYLOG_MAX_HEADER_BYTES + 1);
  const RtmpPlayEntry *entry;
  guint64 place = 0;
  guint n = 0;

  for (guint i = 0; i < 200; i++) {
    guint8 header[] = { 0x95, 0x00, 'm', 'p', '4', 'a', i, 'x' };

    add (log, play_tag_new (8, 0, header, sizeof header), 0);
  }
  long_one[0] = 0xaf;
  add (log, play_tag_new (8, 0, long_one, RTMP_PLAYLOG_MAX_HEADER_BYTES + 1),
      0);
  while ((entry = rtmp_playlog_next_header (log, place)) != NULL) {
    place = entry->place + 1;
    n++;
  }
  ck_assert_uint_eq (n, RTMP_PLAYLOG_MAX_HEADERS);
  rtmp_playlog_free (log);
}
GST_END_TEST;

GST_START_TEST (what_precedes_the_start_stays_for_slow_players)
{
  RtmpPlayLog *log = rtmp_playlog_new (&roomy);

  add (log, play_tag_key (0, 1, 100), 0);
  add (log, play_tag_key (500, 2, 100), MS (500));
  add (log, play_tag_video (1000, 3, 100), MS (1000));
  ck_assert_uint_eq (rtmp_playlog_tail (log), 0);
  add (log, play_tag_video (1040, 4, 100), MS (1040));
  ck_assert_uint_eq (rtmp_playlog_tail (log), 1);
  /* The GOP itself stays. */
  add (log, play_tag_video (9000, 5, 100), MS (9000));
  ck_assert_uint_eq (rtmp_playlog_tail (log), 1);
  assert_start (log, 1);
  rtmp_playlog_free (log);
}
GST_END_TEST;

GST_START_TEST (a_log_stays_within_its_limits)
{
  const RtmpPlayLimits tight = { .bytes = 10000,
    .time_us = MS (2000),
    .behind_us = MS (1000) };
  RtmpPlayLog *log = rtmp_playlog_new (&tight);

  add (log, play_tag_key (0, 0, 100), 0);
  for (guint i = 1; i < 1000; i++) {
    add (log, play_tag_video (i, i, 900), MS (i));
    ck_assert_uint_le (rtmp_playlog_size (log), tight.bytes);
  }
  assert_start (log, -1);
  add (log, play_tag_key (1000, 0, 100), MS (1000));
  assert_start (log, 1000);
  add (log, play_tag_video (3500, 0, 100), MS (3500));
  ck_assert_uint_eq (rtmp_playlog_head (log) - rtmp_playlog_tail (log), 1);
  /* A tag that exceeds the limit alone is passed on, and then dropped. */
  add (log, play_tag_key (3540, 1, 20000), MS (3540));
  assert_start (log, 1002);
  add (log, play_tag_audio (3540, 1), MS (3540));
  assert_start (log, -1);
  ck_assert_uint_le (rtmp_playlog_size (log), tight.bytes);
  rtmp_playlog_free (log);
}
GST_END_TEST;

GST_START_TEST (another_publisher_leaves_nothing_of_the_first)
{
  RtmpPlayLog *log = rtmp_playlog_new (&roomy);
  guint epoch = rtmp_playlog_epoch (log);

  add (log, play_tag_video_header (1), 0);
  add (log, play_tag_key (0, 2, 100), 0);
  rtmp_playlog_begin (log);
  assert_headers (log, "");
  assert_start (log, -1);
  ck_assert_uint_eq (rtmp_playlog_size (log), 0);
  ck_assert_uint_ne (rtmp_playlog_epoch (log), epoch);
  add (log, play_tag_key (77, 3, 100), MS (1000));
  assert_start (log, 2);
  ck_assert_uint_eq (rtmp_playlog_get (log, 2)->time_ms, 1000);
  rtmp_playlog_free (log);
}
GST_END_TEST;

GST_START_TEST (a_gap_leaves_the_headers)
{
  RtmpPlayLog *log = rtmp_playlog_new (&roomy);

  add (log, play_tag_video_header (1), 0);
  add (log, play_tag_key (0, 2, 100), 0);
  rtmp_playlog_interrupt (log);
  assert_start (log, -1);
  assert_headers (log, "v1 ");
  rtmp_playlog_free (log);
}
GST_END_TEST;

static Suite *
playlog_suite (void)
{
  Suite *suite = suite_create ("playlog");
  TCase *tcase = tcase_create ("playlog");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_tag_is_shared_and_not_copied);
  tcase_add_test (tcase, the_newest_key_frame_is_the_start);
  tcase_add_test (tcase, a_key_frame_in_several_tags_starts_with_the_first);
  tcase_add_test (tcase, without_video_the_newest_audio_is_the_start);
  tcase_add_test (tcase, headers_are_those_of_the_start);
  tcase_add_test (tcase, a_header_has_the_time_of_what_it_precedes);
  tcase_add_test (tcase, headers_are_limited_in_number_and_size);
  tcase_add_test (tcase, what_precedes_the_start_stays_for_slow_players);
  tcase_add_test (tcase, a_log_stays_within_its_limits);
  tcase_add_test (tcase, another_publisher_leaves_nothing_of_the_first);
  tcase_add_test (tcase, a_gap_leaves_the_headers);
  return suite;
}

GST_CHECK_MAIN (playlog);
