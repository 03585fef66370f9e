/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A cursor moves by single packets, or by jumps to key frames. */

#include "ext/whep/viewer/cursor.h"

#include <gst/check/gstcheck.h>

#define FRAME_US 33333

static WhepLog *log_of_stream;
static guint n_frames;

/* Returns: (transfer none): what a viewer of the whole log may see now. */
static const WhepLogView *
view (void)
{
  static WhepLogView seen;

  seen = whep_log_view (log_of_stream);
  return &seen;
}

static void
setup (void)
{
  log_of_stream = whep_log_new (1 << 20, G_MAXINT64 / 2);
  n_frames = 0;
}

static void
teardown (void)
{
  whep_log_free (log_of_stream);
}

/* A frame of two packets. */
static void
add_frame (gboolean is_key)
{
  for (guint i = 0; i < 2; i++) {
    WhepPacket *packet = whep_packet_new (100);

    packet->media_us = (gint64) n_frames * FRAME_US;
    packet->frame = n_frames;
    packet->is_marked = i == 1;
    packet->starts_key_frame = is_key && i == 0;
    whep_log_add (log_of_stream, packet);
  }
  n_frames++;
}

static void
add_frames (guint n, guint gop)
{
  for (guint i = 0; i < n; i++)
    add_frame (i % gop == 0);
}

typedef enum
{
  NEXT,
  JUMP,
} Step;

static void
assert_peeked (const WhepCursor *cursor, Step step, guint64 place,
    WhepCursorNext *next)
{
  ck_assert (whep_cursor_peek (cursor, view (), next));
  ck_assert_uint_eq (next->place, place);
  ck_assert_int_eq (next->is_jump, step == JUMP);
  ck_assert (next->packet == whep_log_get (log_of_stream, place));
}

static void
assert_next (WhepCursor *cursor, Step step, guint64 place)
{
  WhepCursorNext next;

  assert_peeked (cursor, step, place, &next);
  ck_assert_int_eq (next.starts_frame, place % 2 == 0);
  whep_cursor_take (cursor, &next);
}

static void
skip_frame (WhepCursor *cursor)
{
  WhepCursorNext next;

  ck_assert (whep_cursor_peek (cursor, view (), &next));
  whep_cursor_skip_frame (cursor, view (), &next);
}

static void
assert_empty (WhepCursor *cursor)
{
  WhepCursorNext next;

  ck_assert (!whep_cursor_peek (cursor, view (), &next));
}

GST_START_TEST (a_join_starts_at_the_newest_key_frame)
{
  WhepCursor cursor = { .jump_frames = WHEP_CURSOR_JUMP_FRAMES };

  add_frames (25, 10);
  whep_cursor_join (&cursor, view (), FALSE);
  assert_next (&cursor, JUMP, 40);
  for (guint64 place = 41; place < 50; place++)
    assert_next (&cursor, NEXT, place);
  assert_empty (&cursor);
}
GST_END_TEST;

GST_START_TEST (a_live_only_join_waits_for_the_next_key_frame)
{
  WhepCursor cursor = { .jump_frames = WHEP_CURSOR_JUMP_FRAMES };

  add_frames (25, 10);
  whep_cursor_join (&cursor, view (), TRUE);
  assert_empty (&cursor);
  add_frame (FALSE);
  assert_empty (&cursor);
  add_frame (TRUE);
  assert_next (&cursor, JUMP, 52);
}
GST_END_TEST;

GST_START_TEST (a_join_before_the_first_key_frame_waits)
{
  WhepCursor cursor = { .jump_frames = WHEP_CURSOR_JUMP_FRAMES };

  whep_cursor_join (&cursor, view (), FALSE);
  assert_empty (&cursor);
  add_frame (FALSE);
  assert_empty (&cursor);
  add_frame (TRUE);
  assert_next (&cursor, JUMP, 2);
}
GST_END_TEST;

GST_START_TEST (a_new_key_frame_far_ahead_is_jumped_to)
{
  WhepCursor cursor = { .jump_frames = WHEP_CURSOR_JUMP_FRAMES };

  add_frames (WHEP_CURSOR_JUMP_FRAMES + 1, 100);
  whep_cursor_join (&cursor, view (), FALSE);
  assert_next (&cursor, JUMP, 0);
  add_frame (TRUE);
  /* The frame that was started is completed first. */
  assert_next (&cursor, NEXT, 1);
  assert_next (&cursor, JUMP, 2 * (WHEP_CURSOR_JUMP_FRAMES + 1));
}
GST_END_TEST;

GST_START_TEST (the_frames_before_a_near_key_frame_are_sent)
{
  WhepCursor cursor = { .jump_frames = WHEP_CURSOR_JUMP_FRAMES };

  add_frame (TRUE);
  whep_cursor_join (&cursor, view (), FALSE);
  assert_next (&cursor, JUMP, 0);
  assert_next (&cursor, NEXT, 1);
  add_frames (2, 100);
  add_frame (TRUE);
  for (guint64 place = 2; place < 8; place++)
    assert_next (&cursor, NEXT, place);
}
GST_END_TEST;

GST_START_TEST (every_packet_of_a_track_of_key_frames_is_sent)
{
  WhepCursor cursor = { .jump_frames = WHEP_CURSOR_NEVER_JUMP };

  add_frame (TRUE);
  whep_cursor_join (&cursor, view (), FALSE);
  assert_next (&cursor, JUMP, 0);
  add_frames (20, 1);
  for (guint64 place = 1; place < 42; place++)
    assert_next (&cursor, NEXT, place);
}
GST_END_TEST;

GST_START_TEST (a_cursor_that_the_log_left_behind_starts_at_a_key_frame)
{
  WhepCursor cursor = { .jump_frames = WHEP_CURSOR_JUMP_FRAMES };

  add_frames (5, 100);
  whep_cursor_join (&cursor, view (), FALSE);
  assert_next (&cursor, JUMP, 0);
  whep_log_restart (log_of_stream);
  assert_empty (&cursor);
  add_frame (FALSE);
  assert_empty (&cursor);
  add_frame (TRUE);
  assert_next (&cursor, JUMP, 12);
}
GST_END_TEST;

GST_START_TEST (a_rewind_goes_back_to_the_key_frame_behind)
{
  WhepCursor cursor = { .jump_frames = WHEP_CURSOR_JUMP_FRAMES };
  guint64 key;

  add_frames (3, 100);
  whep_cursor_join (&cursor, view (), FALSE);
  ck_assert (!whep_cursor_can_rewind (&cursor, view (), &key));
  assert_next (&cursor, JUMP, 0);
  assert_next (&cursor, NEXT, 1);
  ck_assert (whep_cursor_can_rewind (&cursor, view (), &key));
  ck_assert_uint_eq (key, 0);
  whep_cursor_rewind (&cursor, key);
  ck_assert (!whep_cursor_can_rewind (&cursor, view (), &key));
  assert_next (&cursor, NEXT, 0);
}
GST_END_TEST;

GST_START_TEST (a_frame_can_be_skipped)
{
  WhepCursor cursor = { .jump_frames = WHEP_CURSOR_JUMP_FRAMES };

  add_frames (3, 100);
  whep_cursor_join (&cursor, view (), FALSE);
  assert_next (&cursor, JUMP, 0);
  assert_next (&cursor, NEXT, 1);
  skip_frame (&cursor);
  assert_next (&cursor, NEXT, 4);
  assert_next (&cursor, NEXT, 5);
  add_frame (FALSE);
  skip_frame (&cursor);
  assert_empty (&cursor);
}
GST_END_TEST;

/* A caller that cannot send what peek returned looks again, and gets the
 * same. */
GST_START_TEST (a_peek_does_not_move_the_cursor)
{
  WhepCursor cursor = { .jump_frames = WHEP_CURSOR_JUMP_FRAMES };
  WhepCursorNext next;

  add_frames (25, 10);
  whep_cursor_join (&cursor, view (), FALSE);
  for (guint i = 0; i < 3; i++)
    assert_peeked (&cursor, JUMP, 40, &next);
  add_frame (TRUE);
  assert_peeked (&cursor, JUMP, 50, &next);
  whep_cursor_take (&cursor, &next);
  assert_next (&cursor, NEXT, 51);

  add_frames (WHEP_CURSOR_JUMP_FRAMES, 100);
  add_frame (TRUE);
  for (guint i = 0; i < 3; i++)
    assert_peeked (&cursor, JUMP, 68, &next);
  ck_assert_uint_eq (cursor.place, 52);

  whep_log_restart (log_of_stream);
  assert_empty (&cursor);
  add_frame (TRUE);
  for (guint i = 0; i < 3; i++)
    assert_peeked (&cursor, JUMP, 70, &next);
  ck_assert_uint_eq (cursor.place, 52);
}
GST_END_TEST;

static Suite *
cursor_suite (void)
{
  Suite *suite = suite_create ("cursor");
  TCase *tcase = tcase_create ("cursor");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, a_join_starts_at_the_newest_key_frame);
  tcase_add_test (tcase, a_live_only_join_waits_for_the_next_key_frame);
  tcase_add_test (tcase, a_join_before_the_first_key_frame_waits);
  tcase_add_test (tcase, a_new_key_frame_far_ahead_is_jumped_to);
  tcase_add_test (tcase, the_frames_before_a_near_key_frame_are_sent);
  tcase_add_test (tcase, every_packet_of_a_track_of_key_frames_is_sent);
  tcase_add_test (tcase,
      a_cursor_that_the_log_left_behind_starts_at_a_key_frame);
  tcase_add_test (tcase, a_rewind_goes_back_to_the_key_frame_behind);
  tcase_add_test (tcase, a_frame_can_be_skipped);
  tcase_add_test (tcase, a_peek_does_not_move_the_cursor);
  return suite;
}

GST_CHECK_MAIN (cursor);
