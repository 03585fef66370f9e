/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The log reaches back to the newest key frame, and no further than needed. */

#include "ext/whep/stream/log.h"

#include <gst/check/gstcheck.h>

#define FRAME_US 33333
#define NO_LIMIT_US (G_MAXINT64 / 2)

static WhepPacket *
packet (gsize size, gint64 media_us, gboolean is_key)
{
  WhepPacket *self = whep_packet_new (size);

  self->media_us = media_us;
  self->starts_key_frame = is_key;
  return self;
}

/* Adds @n frames of one packet each, with a key frame every @gop frames. */
static void
add_frames (WhepLog *log, guint n, guint gop, gsize size)
{
  for (guint i = 0; i < n; i++)
    whep_log_add (log, packet (size, (gint64) i * FRAME_US, i % gop == 0));
}

GST_START_TEST (places_are_assigned_in_order_and_kept)
{
  WhepLog *log = whep_log_new (1 << 20, NO_LIMIT_US);

  add_frames (log, 10, 100, 10);
  ck_assert_uint_eq (whep_log_head (log), 10);
  ck_assert_uint_eq (whep_log_tail (log), 0);
  for (guint i = 0; i < 10; i++)
    ck_assert_int_eq (whep_log_get (log, i)->media_us, i * FRAME_US);
  ck_assert (whep_log_get (log, 10) == NULL);
  whep_log_free (log);
}
GST_END_TEST;

GST_START_TEST (a_long_gop_stays_whole)
{
  WhepLog *log = whep_log_new (1 << 20, NO_LIMIT_US);
  guint64 key;

  add_frames (log, 3000, 3000, 10);
  ck_assert (whep_log_newest_key (log, &key));
  ck_assert_uint_eq (key, 0);
  ck_assert (whep_log_get (log, 0) != NULL);
  whep_log_free (log);
}
GST_END_TEST;

GST_START_TEST (packets_before_the_key_frame_are_kept_for_repairs_only)
{
  WhepLog *log = whep_log_new (1 << 20, NO_LIMIT_US);
  guint64 key, tail;

  add_frames (log, 600, 60, 10);
  ck_assert (whep_log_newest_key (log, &key));
  ck_assert_uint_eq (key, 540);
  tail = whep_log_tail (log);
  ck_assert_uint_le (tail, key);
  ck_assert_int_ge (whep_log_get (log, key)->media_us,
      599 * FRAME_US - 60 * FRAME_US);

  whep_log_add (log, packet (10, 600 * FRAME_US, TRUE));
  ck_assert (whep_log_newest_key (log, &key));
  ck_assert_uint_eq (key, 600);
  tail = whep_log_tail (log);
  ck_assert_int_ge (whep_log_get (log, tail)->media_us,
      600 * FRAME_US - WHEP_LOG_REPAIR_US);
  ck_assert_uint_lt (tail, 600 - 25);
  whep_log_free (log);
}
GST_END_TEST;

GST_START_TEST (the_byte_limit_drops_even_the_key_frame)
{
  WhepLog *log = whep_log_new (1000, NO_LIMIT_US);
  guint64 key;

  add_frames (log, 10, 100, 100);
  ck_assert (whep_log_newest_key (log, &key));
  ck_assert_uint_eq (whep_log_tail (log), 0);

  whep_log_add (log, packet (100, 10 * FRAME_US, FALSE));
  ck_assert_uint_eq (whep_log_head (log) - whep_log_tail (log), 10);
  ck_assert (!whep_log_newest_key (log, &key));
  whep_log_free (log);
}
GST_END_TEST;

GST_START_TEST (the_time_limit_drops_even_the_key_frame)
{
  WhepLog *log = whep_log_new (1 << 20, 30 * FRAME_US);
  guint64 key;

  add_frames (log, 32, 100, 10);
  ck_assert (!whep_log_newest_key (log, &key));
  ck_assert_uint_eq (whep_log_tail (log), 1);
  whep_log_free (log);
}
GST_END_TEST;

/* The GOP that a viewer so far behind is in stays whole, with its repairs. */
GST_START_TEST (a_rewind_keeps_whole_gops)
{
  WhepLog *log = whep_log_new (1 << 20, 10 * G_USEC_PER_SEC);
  guint64 key;

  whep_log_set_rewind (log, 1 << 20, 5 * G_USEC_PER_SEC);
  add_frames (log, 600, 60, 10);
  ck_assert (whep_log_newest_key (log, &key));
  ck_assert_uint_eq (key, 540);
  /* 5 s, a GOP of 2 s, and 1 s: 240 frames. */
  ck_assert_uint_eq (whep_log_tail (log), 600 - 241);
  ck_assert (!whep_log_is_cut (log));
  ck_assert (whep_log_key_before (log, 450, &key));
  ck_assert_uint_eq (key, 420);
  ck_assert (whep_log_key_before (log, 421, &key));
  ck_assert_uint_eq (key, 420);
  ck_assert (!whep_log_key_before (log, 360, &key));
  whep_log_restart (log);
  ck_assert (!whep_log_key_before (log, 600, &key));
  whep_log_free (log);
}
GST_END_TEST;

GST_START_TEST (a_rewind_is_limited_in_bytes)
{
  WhepLog *log = whep_log_new (1000, NO_LIMIT_US);

  whep_log_set_rewind (log, 500, 60 * G_USEC_PER_SEC);
  add_frames (log, 150, 60, 10);
  ck_assert_int_eq (whep_log_reach_us (log), G_MAXINT64);
  add_frames (log, 600, 60, 10);
  ck_assert_uint_eq (whep_log_head (log) - whep_log_tail (log), 150);
  ck_assert (whep_log_is_cut (log));
  /* Without the GOP that a viewer starts with, and its repairs. */
  ck_assert_int_eq (whep_log_reach_us (log),
      (149 - 60) * FRAME_US - WHEP_LOG_REPAIR_US);
  whep_log_restart (log);
  ck_assert (!whep_log_is_cut (log));
  whep_log_free (log);
}
GST_END_TEST;

/* Of sound, each packet is one. */
GST_START_TEST (thousands_of_key_frames_are_known)
{
  WhepLog *log = whep_log_new (1 << 20, 20 * FRAME_US);
  guint64 key;

  whep_log_set_rewind (log, 1 << 20, 5000 * (gint64) FRAME_US);
  add_frames (log, 20000, 1, 10);
  for (guint64 place = whep_log_tail (log) + 1; place <= 20000; place += 13) {
    ck_assert (whep_log_key_before (log, place, &key));
    ck_assert_uint_eq (key, place - 1);
  }
  ck_assert (!whep_log_key_before (log, whep_log_tail (log), &key));
  whep_log_free (log);
}
GST_END_TEST;

GST_START_TEST (the_length_of_a_gop_is_known_from_the_second_key_frame_on)
{
  WhepLog *log = whep_log_new (200, NO_LIMIT_US);

  add_frames (log, 60, 60, 10);
  ck_assert_int_eq (whep_log_gop_us (log), 0);
  /* Even for a GOP that the log could not keep. */
  whep_log_add (log, packet (10, 60 * FRAME_US, TRUE));
  ck_assert_int_eq (whep_log_gop_us (log), 60 * FRAME_US);
  whep_log_add (log, packet (10, 70 * FRAME_US, TRUE));
  ck_assert_int_eq (whep_log_gop_us (log), 10 * FRAME_US);

  whep_log_restart (log);
  ck_assert_int_eq (whep_log_gop_us (log), 0);
  whep_log_add (log, packet (10, 90 * FRAME_US, TRUE));
  ck_assert_int_eq (whep_log_gop_us (log), 0);
  whep_log_free (log);
}
GST_END_TEST;

GST_START_TEST (the_cost_of_starting_at_the_key_frame_is_known)
{
  WhepLog *log = whep_log_new (1000, NO_LIMIT_US);

  ck_assert_uint_eq (whep_log_key_bytes (log), 0);
  add_frames (log, 5, 60, 10);
  ck_assert_uint_eq (whep_log_key_bytes (log), 50);
  whep_log_add (log, packet (30, 5 * FRAME_US, TRUE));
  ck_assert_uint_eq (whep_log_key_bytes (log), 30);
  whep_log_add (log, packet (10, 6 * FRAME_US, FALSE));
  ck_assert_uint_eq (whep_log_key_bytes (log), 40);

  /* The key frame no longer fits into the log. */
  whep_log_add (log, packet (990, 7 * FRAME_US, FALSE));
  ck_assert_uint_eq (whep_log_key_bytes (log), 0);
  whep_log_restart (log);
  whep_log_add (log, packet (10, 8 * FRAME_US, TRUE));
  ck_assert_uint_eq (whep_log_key_bytes (log), 10);
  whep_log_free (log);
}
GST_END_TEST;

GST_START_TEST (a_single_packet_over_the_limit_is_kept)
{
  WhepLog *log = whep_log_new (100, NO_LIMIT_US);

  whep_log_add (log, packet (500, 0, TRUE));
  ck_assert (whep_log_get (log, 0) != NULL);
  whep_log_free (log);
}
GST_END_TEST;

GST_START_TEST (a_restart_drops_all_packets_and_places_continue)
{
  WhepLog *log = whep_log_new (1 << 20, NO_LIMIT_US);
  guint64 key;

  add_frames (log, 10, 5, 10);
  whep_log_restart (log);
  ck_assert_uint_eq (whep_log_head (log), 10);
  ck_assert_uint_eq (whep_log_tail (log), 10);
  ck_assert (!whep_log_newest_key (log, &key));
  whep_log_add (log, packet (10, 0, TRUE));
  ck_assert (whep_log_newest_key (log, &key));
  ck_assert_uint_eq (key, 10);
  whep_log_free (log);
}
GST_END_TEST;

GST_START_TEST (the_ring_is_bounded)
{
  WhepLog *log = whep_log_new (G_MAXSIZE, NO_LIMIT_US);

  for (guint i = 0; i < WHEP_LOG_MAX_PACKETS + 10; i++)
    whep_log_add (log, packet (1, 0, i == 20));
  ck_assert_uint_eq (whep_log_tail (log), 10);
  ck_assert_uint_eq (whep_log_head (log) - whep_log_tail (log),
      WHEP_LOG_MAX_PACKETS);
  whep_log_free (log);
}
GST_END_TEST;

static Suite *
log_suite (void)
{
  Suite *suite = suite_create ("log");
  TCase *tcase = tcase_create ("log");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, places_are_assigned_in_order_and_kept);
  tcase_add_test (tcase, a_long_gop_stays_whole);
  tcase_add_test (tcase,
      packets_before_the_key_frame_are_kept_for_repairs_only);
  tcase_add_test (tcase, the_byte_limit_drops_even_the_key_frame);
  tcase_add_test (tcase, the_time_limit_drops_even_the_key_frame);
  tcase_add_test (tcase, a_rewind_keeps_whole_gops);
  tcase_add_test (tcase, a_rewind_is_limited_in_bytes);
  tcase_add_test (tcase, thousands_of_key_frames_are_known);
  tcase_add_test (tcase,
      the_length_of_a_gop_is_known_from_the_second_key_frame_on);
  tcase_add_test (tcase, the_cost_of_starting_at_the_key_frame_is_known);
  tcase_add_test (tcase, a_single_packet_over_the_limit_is_kept);
  tcase_add_test (tcase, a_restart_drops_all_packets_and_places_continue);
  tcase_add_test (tcase, the_ring_is_bounded);
  return suite;
}

GST_CHECK_MAIN (log);
