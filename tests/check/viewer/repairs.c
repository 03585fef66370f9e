/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a viewer requests again is sent once per round trip, and no more of it
 * than was sent for the first time. */

#include "ext/whep/viewer/repairs.h"

#include <gst/check/gstcheck.h>

#define MS 1000
#define ROUND_TRIP_US (40 * MS)
#define SIZE 1000
#define START_US (100 * G_USEC_PER_SEC)

static WhepRepairs repairs;
static gint64 now_us;

static void
setup (void)
{
  whep_repairs_init (&repairs);
  whep_repairs_set_round_trip (&repairs, ROUND_TRIP_US);
  whep_repairs_earn (&repairs, WHEP_REPAIRS_BYTES);
  now_us = START_US;
}

static gboolean
ask (guint16 seq)
{
  return whep_repairs_ask (&repairs, seq, SIZE, now_us);
}

/* Returns: how many were queued. */
static guint
send_all (void)
{
  guint n_sent = 0;
  guint16 seq;

  while (whep_repairs_peek (&repairs, &seq)) {
    whep_repairs_take (&repairs, now_us);
    n_sent++;
  }
  return n_sent;
}

GST_START_TEST (a_number_is_queued_once)
{
  guint n_waiting = 0;

  for (guint i = 0; i < 1024; i++)
    n_waiting += ask (77);
  ck_assert_uint_eq (n_waiting, 1);
  ck_assert_uint_eq (send_all (), 1);
}
GST_END_TEST;

GST_START_TEST (repairs_are_sent_in_the_order_of_the_requests)
{
  const guint16 seqs[] = { 65535, 3, 0, 31, 63, 2 };
  guint16 seq;

  for (guint i = 0; i < G_N_ELEMENTS (seqs); i++)
    ck_assert (ask (seqs[i]));
  for (guint i = 0; i < G_N_ELEMENTS (seqs); i++) {
    ck_assert (whep_repairs_peek (&repairs, &seq));
    ck_assert_uint_eq (seq, seqs[i]);
    whep_repairs_take (&repairs, now_us);
  }
  ck_assert (!whep_repairs_peek (&repairs, &seq));
}
GST_END_TEST;

GST_START_TEST (a_number_is_sent_once_per_round_trip)
{
  ck_assert (ask (77));
  /* While it is queued, and until a round trip after it was sent. */
  now_us += 10 * ROUND_TRIP_US;
  ck_assert (!ask (77));
  ck_assert_uint_eq (send_all (), 1);
  now_us += ROUND_TRIP_US - MS;
  ck_assert (!ask (77));
  now_us += MS;
  ck_assert (ask (77));
  ck_assert_uint_eq (send_all (), 1);
}
GST_END_TEST;

/* Numbers that share a set cannot replace each other. */
GST_START_TEST (no_mix_of_requests_repeats_a_number_within_a_round_trip)
{
  guint n_sent[4 * WHEP_REPAIRS_MAX] = { 0 };

  for (guint k = 0; k < 20; k++) {
    for (guint i = 0; i < G_N_ELEMENTS (n_sent); i++) {
      guint seq = i * 37 % G_N_ELEMENTS (n_sent);

      n_sent[seq] += ask (seq);
      if (i % 5 == 0)
        send_all ();
    }
    now_us += MS;
  }
  for (guint i = 0; i < G_N_ELEMENTS (n_sent); i++)
    ck_assert_uint_le (n_sent[i], 1);
}
GST_END_TEST;

GST_START_TEST (a_run_of_losses_is_queued_at_once)
{
  guint16 seq = 65500;

  whep_repairs_set_round_trip (&repairs, WHEP_REPAIRS_MAX_US);
  for (guint i = 0; i < WHEP_REPAIRS_MAX; i++)
    ck_assert (ask (seq++));
  ck_assert (!ask (seq));
  ck_assert_uint_eq (send_all (), WHEP_REPAIRS_MAX);
  now_us += WHEP_REPAIRS_MAX_US - MS;
  ck_assert (!ask (seq));
  now_us += MS;
  whep_repairs_earn (&repairs, SIZE);
  ck_assert (ask (seq));
}
GST_END_TEST;

GST_START_TEST (a_reported_round_trip_is_clamped)
{
  const struct
  {
    gint64 said_us, held_us;
  } cases[] = { { 0, WHEP_REPAIRS_MIN_US }, { -1, WHEP_REPAIRS_MIN_US },
    { 123 * MS, 123 * MS }, { G_MAXINT64, WHEP_REPAIRS_MAX_US } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    setup ();
    whep_repairs_set_round_trip (&repairs, cases[i].said_us);
    ck_assert (ask (1));
    send_all ();
    now_us += cases[i].held_us - MS;
    ck_assert (!ask (1));
    now_us += MS;
    ck_assert (ask (1));
  }
}
GST_END_TEST;

GST_START_TEST (no_more_is_resent_than_was_sent)
{
  gsize n_bytes = 0, n_earned = 5 * SIZE;

  whep_repairs_init (&repairs);
  ck_assert (!ask (0));
  whep_repairs_earn (&repairs, n_earned);
  for (guint i = 0; i < 1000; i++) {
    now_us += WHEP_REPAIRS_DEFAULT_US;
    for (guint k = 0; k < 10; k++)
      n_bytes += ask (k) ? SIZE : 0;
    send_all ();
    whep_repairs_earn (&repairs, SIZE / 2);
    n_earned += SIZE / 2;
  }
  ck_assert_uint_le (n_bytes, n_earned);
  ck_assert_uint_ge (n_bytes, n_earned - SIZE);
}
GST_END_TEST;

GST_START_TEST (an_hour_without_losses_does_not_earn_a_flood)
{
  guint n_sent = 0;

  for (guint i = 0; i < 10000; i++)
    whep_repairs_earn (&repairs, SIZE);
  for (guint i = 0; i < 1000; i++) {
    now_us += ROUND_TRIP_US;
    n_sent += ask (i);
    send_all ();
  }
  ck_assert_uint_eq (n_sent, WHEP_REPAIRS_BYTES / SIZE);
}
GST_END_TEST;

GST_START_TEST (a_cleared_repair_is_not_queued_any_more)
{
  for (guint i = 0; i < WHEP_REPAIRS_MAX; i++)
    ask (i);
  whep_repairs_clear (&repairs);
  ck_assert_uint_eq (send_all (), 0);
  now_us += ROUND_TRIP_US;
  ck_assert (ask (5));
  ck_assert_uint_eq (send_all (), 1);
}
GST_END_TEST;

/* The stored milliseconds wrap after seven weeks. */
GST_START_TEST (the_clock_may_wrap)
{
  now_us = (gint64) G_MAXUINT32 * MS - 5 * MS;
  ck_assert (ask (9));
  send_all ();
  now_us += 10 * MS;
  ck_assert (!ask (9));
  now_us += ROUND_TRIP_US;
  ck_assert (ask (9));
}
GST_END_TEST;

static Suite *
repairs_suite (void)
{
  Suite *suite = suite_create ("repairs");
  TCase *tcase = tcase_create ("repairs");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, NULL);
  tcase_add_test (tcase, a_number_is_queued_once);
  tcase_add_test (tcase, repairs_are_sent_in_the_order_of_the_requests);
  tcase_add_test (tcase, a_number_is_sent_once_per_round_trip);
  tcase_add_test (tcase,
      no_mix_of_requests_repeats_a_number_within_a_round_trip);
  tcase_add_test (tcase, a_run_of_losses_is_queued_at_once);
  tcase_add_test (tcase, a_reported_round_trip_is_clamped);
  tcase_add_test (tcase, no_more_is_resent_than_was_sent);
  tcase_add_test (tcase, an_hour_without_losses_does_not_earn_a_flood);
  tcase_add_test (tcase, a_cleared_repair_is_not_queued_any_more);
  tcase_add_test (tcase, the_clock_may_wrap);
  return suite;
}

GST_CHECK_MAIN (repairs);
