/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A cursor begins with headers and the newest key frame, follows, and jumps. */

#include "gst/rtmp/playcursor.h"
#include "tests/support/playtags.h"

#include <gst/check/gstcheck.h>

#define MS(n) ((n) * (gint64) 1000)

static const RtmpPlayLimits limits = { .bytes = 1 << 20,
  .time_us = MS (60000),
  .behind_us = MS (1000) };

typedef struct
{
  RtmpPlayLog *log;
  RtmpPlayCursor cursor;
  guint32 last_ms;
} Rig;

static Rig
rig_new (void)
{
  Rig rig = { .log = rtmp_playlog_new (&limits) };

  rtmp_playlog_begin (rig.log);
  return rig;
}

/* Takes @tag. */
static void
add (Rig *self, GBytes *tag, gint64 now_us)
{
  rtmp_playlog_add (self->log, tag, now_us);
  g_bytes_unref (tag);
}

static void
add_opening (Rig *self)
{
  add (self, play_tag_metadata (1), 0);
  add (self, play_tag_video_header (2), 0);
  add (self, play_tag_audio_header (3), 0);
  add (self, play_tag_key (1000, 4, 100), 0);
  add (self, play_tag_audio (1000, 5), 0);
}

/* Takes up to @n_max tags. */
static void
assert_takes (Rig *self, guint n_max, const gchar *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);
  RtmpPlayNext next;

  for (guint i = 0;
       i < n_max && rtmp_playcursor_next (&self->cursor, self->log, &next);
       i++) {
    gsize size, payload_size;
    const guint8 *tag = g_bytes_get_data (next.tag, &size);
    const guint8 *payload = rtmp_playtag_payload (tag, size, &payload_size);

    play_tag_describe (found, payload, payload_size, tag[0]);
    ck_assert_uint_ge (next.time_ms, self->last_ms);
    self->last_ms = next.time_ms;
  }
  ck_assert_str_eq (found->str, expected);
}

#define assert_takes_all(rig, expected) assert_takes (rig, G_MAXUINT, expected)

static void
rig_clear (Rig *self)
{
  rtmp_playlog_free (self->log);
}

GST_START_TEST (a_player_begins_with_headers_and_the_newest_key_frame)
{
  Rig rig = rig_new ();

  add_opening (&rig);
  add (&rig, play_tag_key (3000, 6, 100), MS (2000));
  add (&rig, play_tag_video (3040, 7, 100), MS (2040));
  assert_takes_all (&rig, "m1 v2 a3 K6 V7 ");
  ck_assert_uint_eq (rig.last_ms, 40);
  add (&rig, play_tag_audio (3060, 8), MS (2060));
  assert_takes_all (&rig, "A8 ");
  assert_takes_all (&rig, "");
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (a_player_that_comes_first_gets_all)
{
  Rig rig = rig_new ();

  assert_takes_all (&rig, "");
  add (&rig, play_tag_metadata (1), 0);
  assert_takes_all (&rig, "m1 ");
  add_opening (&rig);
  assert_takes_all (&rig, "m1 v2 a3 K4 A5 ");
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (times_begin_with_the_first_frame_and_not_with_headers)
{
  Rig rig = rig_new ();

  add (&rig, play_tag_video_header (1), 0);
  assert_takes_all (&rig, "v1 ");
  add (&rig, play_tag_key (9000, 2, 100), 0);
  assert_takes_all (&rig, "K2 ");
  ck_assert_uint_eq (rig.last_ms, 0);
  add (&rig, play_tag_video (9040, 3, 100), MS (40));
  assert_takes_all (&rig, "V3 ");
  ck_assert_uint_eq (rig.last_ms, 40);
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (without_a_key_frame_there_is_sound_alone)
{
  Rig rig = rig_new ();

  add (&rig, play_tag_video_header (1), 0);
  add (&rig, play_tag_audio_header (2), 0);
  add (&rig, play_tag_video (0, 3, 100), 0);
  add (&rig, play_tag_audio (0, 4), 0);
  assert_takes_all (&rig, "v1 a2 ");
  add (&rig, play_tag_audio (20, 5), MS (20));
  add (&rig, play_tag_video (40, 6, 100), MS (40));
  add (&rig, play_tag_key (80, 7, 100), MS (80));
  add (&rig, play_tag_video (120, 8, 100), MS (120));
  assert_takes_all (&rig, "A5 K7 V8 ");
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (a_slow_player_jumps_to_a_key_frame_ahead_of_it)
{
  Rig rig = rig_new ();

  add_opening (&rig);
  assert_takes (&rig, 4, "m1 v2 a3 K4 ");
  ck_assert (!rtmp_playcursor_jump (&rig.cursor, rig.log));
  add (&rig, play_tag_video (1040, 6, 100), MS (40));
  add (&rig, play_tag_key (1080, 7, 100), MS (80));
  add (&rig, play_tag_video (1120, 8, 100), MS (120));
  ck_assert (rtmp_playcursor_jump (&rig.cursor, rig.log));
  assert_takes_all (&rig, "K7 V8 ");
  ck_assert_uint_eq (rig.last_ms, 120);
  ck_assert (!rtmp_playcursor_jump (&rig.cursor, rig.log));
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (a_jump_brings_the_headers_that_it_passes)
{
  Rig rig = rig_new ();

  add_opening (&rig);
  assert_takes_all (&rig, "m1 v2 a3 K4 A5 ");
  add (&rig, play_tag_video (1040, 6, 100), MS (40));
  add (&rig, play_tag_video_header (7), MS (80));
  add (&rig, play_tag_key (1080, 8, 100), MS (80));
  ck_assert (rtmp_playcursor_jump (&rig.cursor, rig.log));
  assert_takes_all (&rig, "v7 K8 ");
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (a_place_that_is_dropped_becomes_the_newest_key_frame)
{
  Rig rig = rig_new ();

  add_opening (&rig);
  assert_takes (&rig, 4, "m1 v2 a3 K4 ");
  for (guint i = 0; i < 10; i++)
    add (&rig, play_tag_key (2000 + 1000 * i, 10 + i, 100),
        MS (1000 + 1000 * i));
  assert_takes_all (&rig, "K19 ");
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (another_start_while_headers_are_sent_is_taken_instead)
{
  Rig rig = rig_new ();

  add_opening (&rig);
  assert_takes (&rig, 2, "m1 v2 ");
  add (&rig, play_tag_video_header (6), MS (40));
  add (&rig, play_tag_key (1040, 7, 100), MS (40));
  assert_takes_all (&rig, "a3 v6 K7 ");
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (another_publisher_continues_in_time_with_its_own_headers)
{
  Rig rig = rig_new ();

  add_opening (&rig);
  assert_takes_all (&rig, "m1 v2 a3 K4 A5 ");
  rtmp_playlog_begin (rig.log);
  assert_takes_all (&rig, "");
  add (&rig, play_tag_video_header (6), MS (5000));
  add (&rig, play_tag_video (0, 7, 100), MS (5000));
  add (&rig, play_tag_key (40, 8, 100), MS (5040));
  assert_takes_all (&rig, "v6 K8 ");
  ck_assert_uint_eq (rig.last_ms, 5040);
  rig_clear (&rig);
}
GST_END_TEST;

GST_START_TEST (another_publisher_is_noticed_late_as_well)
{
  Rig rig = rig_new ();

  add_opening (&rig);
  assert_takes (&rig, 4, "m1 v2 a3 K4 ");
  rtmp_playlog_begin (rig.log);
  add (&rig, play_tag_video_header (6), MS (500));
  add (&rig, play_tag_key (40, 8, 100), MS (500));
  assert_takes_all (&rig, "v6 K8 ");
  rig_clear (&rig);
}
GST_END_TEST;

static Suite *
playcursor_suite (void)
{
  Suite *suite = suite_create ("playcursor");
  TCase *tcase = tcase_create ("playcursor");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_player_begins_with_headers_and_the_newest_key_frame);
  tcase_add_test (tcase, a_player_that_comes_first_gets_all);
  tcase_add_test (tcase, times_begin_with_the_first_frame_and_not_with_headers);
  tcase_add_test (tcase, without_a_key_frame_there_is_sound_alone);
  tcase_add_test (tcase, a_slow_player_jumps_to_a_key_frame_ahead_of_it);
  tcase_add_test (tcase, a_jump_brings_the_headers_that_it_passes);
  tcase_add_test (tcase, a_place_that_is_dropped_becomes_the_newest_key_frame);
  tcase_add_test (tcase, another_start_while_headers_are_sent_is_taken_instead);
  tcase_add_test (tcase,
      another_publisher_continues_in_time_with_its_own_headers);
  tcase_add_test (tcase, another_publisher_is_noticed_late_as_well);
  return suite;
}

GST_CHECK_MAIN (playcursor);
