/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A view shows what was due by a time, and its key frames. */

#include "ext/whep/stream/logview.h"

#include <gst/check/gstcheck.h>

#define FRAME_US 10000
#define NO_LIMIT_US (G_MAXINT64 / 2)
#define SIZE 10

static WhepLog *frames;

/* Adds a frame of one packet. */
static void
add (guint number, gboolean is_key)
{
  WhepPacket *packet = whep_packet_new (SIZE);

  packet->media_us = (gint64) number * FRAME_US;
  packet->frame = number;
  packet->starts_key_frame = is_key;
  whep_log_add (frames, packet);
}

static void
setup (void)
{
  frames = whep_log_new (1 << 20, NO_LIMIT_US);
  whep_log_set_rewind (frames, 1 << 20, 10 * G_USEC_PER_SEC);
}

static void
teardown (void)
{
  whep_log_free (frames);
}

static void
assert_shows (const WhepLogView *view, guint64 head, gint64 key)
{
  guint64 found;
  gboolean has_key = whep_log_view_newest_key (view, &found);

  ck_assert_uint_eq (view->head, head);
  ck_assert_int_eq (has_key, key >= 0);
  if (has_key)
    ck_assert_uint_eq (found, key);
}

GST_START_TEST (a_view_of_everything_ends_with_the_newest_packet)
{
  WhepLogView view = whep_log_view (frames);

  assert_shows (&view, 0, -1);
  ck_assert (whep_log_view_newest (&view) == NULL);
  for (guint i = 0; i < 25; i++)
    add (i, i % 10 == 0);
  view = whep_log_view (frames);
  assert_shows (&view, 25, 20);
  ck_assert_uint_eq (whep_log_view_newest (&view)->frame, 24);
  ck_assert_uint_eq (whep_log_view_key_bytes (&view), 5 * SIZE);
}
GST_END_TEST;

GST_START_TEST (a_view_of_a_time_ends_with_what_was_due)
{
  for (guint i = 0; i < 25; i++)
    add (i, i % 10 == 5);
  for (guint i = 0; i < 25; i++) {
    WhepLogView view = whep_log_view_until (frames, (gint64) i * FRAME_US);

    assert_shows (&view, i + 1, i < 5 ? -1 : i < 15 ? 5 : 15);
    ck_assert_uint_eq (whep_log_view_newest (&view)->frame, i);
    view = whep_log_view_until (frames, (gint64) i * FRAME_US - 1);
    assert_shows (&view, i, i <= 5 ? -1 : i <= 15 ? 5 : 15);
    if (i == 12)
      ck_assert_uint_eq (whep_log_view_key_bytes (&view), 7 * SIZE);
  }
}
GST_END_TEST;

GST_START_TEST (a_view_that_moves_on_shows_the_same_as_a_new_one)
{
  WhepLogView view = whep_log_view_until (frames, -1);
  guint n = 0;

  for (gint64 at_us = 0; at_us < 100 * FRAME_US; at_us += 7777) {
    WhepLogView fresh;

    for (; n < 60 && n * FRAME_US <= at_us; n++)
      add (n, n % 10 == 3);
    whep_log_view_advance (&view, at_us - 50 * FRAME_US);
    fresh = whep_log_view_until (frames, at_us - 50 * FRAME_US);
    ck_assert_uint_eq (view.head, fresh.head);
    ck_assert_uint_eq (view.newest_key, fresh.newest_key);
  }
  ck_assert_uint_eq (view.head, 50);
}
GST_END_TEST;

GST_START_TEST (a_view_that_the_log_has_left_behind_begins_with_what_is_there)
{
  WhepLogView view;

  whep_log_free (frames);
  frames = whep_log_new (10 * SIZE, NO_LIMIT_US);
  add (0, TRUE);
  add (1, FALSE);
  view = whep_log_view_until (frames, FRAME_US);
  assert_shows (&view, 2, 0);
  for (guint i = 2; i < 40; i++)
    add (i, i == 35);
  whep_log_view_advance (&view, 5 * FRAME_US);
  assert_shows (&view, whep_log_tail (frames), -1);
  whep_log_view_advance (&view, 36 * FRAME_US);
  assert_shows (&view, 37, 35);
}
GST_END_TEST;

static Suite *
logview_suite (void)
{
  Suite *suite = suite_create ("logview");
  TCase *tcase = tcase_create ("logview");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, a_view_of_everything_ends_with_the_newest_packet);
  tcase_add_test (tcase, a_view_of_a_time_ends_with_what_was_due);
  tcase_add_test (tcase, a_view_that_moves_on_shows_the_same_as_a_new_one);
  tcase_add_test (tcase,
      a_view_that_the_log_has_left_behind_begins_with_what_is_there);
  return suite;
}

GST_CHECK_MAIN (logview);
