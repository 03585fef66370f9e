/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a web hook has not accepted: order, pauses, limits. */

#include "gst/journal/deliveries.h"

#include <gst/check/gstcheck.h>

#define SECOND G_USEC_PER_SEC
#define PAUSE JOURNAL_DELIVERIES_FIRST_PAUSE_US

static guint64 last_id;

static void
add (JournalDeliveries *self, const gchar *stream, gint64 now_us)
{
  g_autoptr (JournalEvent) event = journal_event_new ("viewer-added");

  journal_event_set_text (event, journal_event_texts, stream);
  event->id = ++last_id;
  journal_deliveries_add (self, event, now_us);
}

static void
assert_next (JournalDeliveries *self, gint64 now_us, guint64 id)
{
  JournalEvent *event = journal_deliveries_begin (self, now_us);

  ck_assert_uint_eq (event == NULL ? 0 : event->id, id);
}

static void
accept_next (JournalDeliveries *self, gint64 now_us, guint64 id)
{
  JournalEvent *event = journal_deliveries_begin (self, now_us);

  ck_assert (event != NULL);
  ck_assert_uint_eq (event->id, id);
  journal_deliveries_finish (self, event, TRUE, 0, now_us);
}

static void
reject_next (JournalDeliveries *self, gint64 now_us, guint32 random)
{
  JournalEvent *event = journal_deliveries_begin (self, now_us);

  ck_assert (event != NULL);
  journal_deliveries_finish (self, event, FALSE, random, now_us);
}

static void
set_up (void)
{
  last_id = 0;
}

GST_START_TEST (a_stream_is_delivered_one_by_one_in_order)
{
  JournalDeliveries *self = journal_deliveries_new ();
  JournalEvent *first;

  add (self, "live/a", 0);
  add (self, "live/a", 0);
  first = journal_deliveries_begin (self, 0);
  ck_assert_uint_eq (first->id, 1);
  assert_next (self, 0, 0);
  ck_assert (journal_deliveries_due_us (self) == G_MAXINT64);
  journal_deliveries_finish (self, first, TRUE, 0, 5);
  accept_next (self, 5, 2);
  ck_assert_uint_eq (journal_deliveries_length (self), 0);
  ck_assert (journal_deliveries_due_us (self) == G_MAXINT64);
  journal_deliveries_free (self);
}
GST_END_TEST;

GST_START_TEST (a_stream_that_hangs_or_fails_delays_no_other)
{
  JournalDeliveries *self = journal_deliveries_new ();

  add (self, "live/a", 0);
  add (self, "live/a", 0);
  add (self, "live/b", 0);
  add (self, "live/b", 0);
  add (self, NULL, 0);
  assert_next (self, 0, 1); /* hangs */
  reject_next (self, 0, 0);
  accept_next (self, 0, 5);
  assert_next (self, 0, 0);
  ck_assert_int_eq (journal_deliveries_due_us (self), PAUSE / 2);
  accept_next (self, PAUSE / 2, 3);
  accept_next (self, PAUSE / 2, 4);
  ck_assert_uint_eq (journal_deliveries_length (self), 2);
  journal_deliveries_free (self);
}
GST_END_TEST;

GST_START_TEST (the_oldest_event_is_delivered_first)
{
  JournalDeliveries *self = journal_deliveries_new ();

  for (guint i = 0; i < 20; i++) {
    g_autofree gchar *name = g_strdup_printf ("live/%u", 7 * i % 20);

    add (self, name, 0);
  }
  for (guint i = 1; i <= 20; i++)
    accept_next (self, 0, i);
  journal_deliveries_free (self);
}
GST_END_TEST;

GST_START_TEST (pauses_double_up_to_a_minute)
{
  const gint64 pauses_ms[] = { 500, 1000, 2000, 4000, 8000, 16000, 32000, 60000,
    60000 };
  JournalDeliveries *self = journal_deliveries_new ();
  gint64 now_us = 0;

  add (self, "live/a", 0);
  for (guint i = 0; i < G_N_ELEMENTS (pauses_ms); i++) {
    gint64 due_us;

    reject_next (self, now_us, G_MAXUINT32);
    due_us = journal_deliveries_due_us (self);
    ck_assert_int_eq (due_us - now_us, pauses_ms[i] * SECOND / 1000);
    assert_next (self, due_us - 1, 0);
    now_us = due_us;
  }
  accept_next (self, now_us, 1);
  /* The next failure is the first one again. */
  add (self, "live/a", now_us);
  reject_next (self, now_us, G_MAXUINT32);
  ck_assert_int_eq (journal_deliveries_due_us (self) - now_us, PAUSE);
  journal_deliveries_free (self);
}
GST_END_TEST;

GST_START_TEST (half_of_a_pause_is_random)
{
  const guint32 randoms[] = { 0, G_MAXUINT32 / 2, G_MAXUINT32 };

  for (guint i = 0; i < G_N_ELEMENTS (randoms); i++) {
    JournalDeliveries *self = journal_deliveries_new ();
    gint64 expected_us = PAUSE / 2 + i * PAUSE / 4;

    add (self, "live/a", 0);
    reject_next (self, 0, randoms[i]);
    ck_assert_int_le (ABS (journal_deliveries_due_us (self) - expected_us), 1);
    journal_deliveries_free (self);
  }
}
GST_END_TEST;

GST_START_TEST (a_full_queue_drops_the_oldest_that_is_not_on_its_way)
{
  JournalDeliveries *self = journal_deliveries_new ();
  JournalEvent *first;

  for (guint i = 0; i < JOURNAL_DELIVERIES_MAX; i++)
    add (self, i == 0 ? "live/a" : "live/b", 0);
  first = journal_deliveries_begin (self, 0);
  ck_assert_uint_eq (first->id, 1);
  ck_assert_uint_eq (journal_deliveries_n_dropped (self), 0);
  add (self, "live/c", 0);
  ck_assert_uint_eq (journal_deliveries_n_dropped (self), 1);
  ck_assert_uint_eq (journal_deliveries_length (self), JOURNAL_DELIVERIES_MAX);
  journal_deliveries_finish (self, first, TRUE, 0, 0);
  accept_next (self, 0, 3);
  journal_deliveries_free (self);
}
GST_END_TEST;

GST_START_TEST (a_stream_whose_only_event_is_dropped_is_forgotten)
{
  JournalDeliveries *self = journal_deliveries_new ();

  add (self, "live/a", 0);
  reject_next (self, 0, G_MAXUINT32);
  for (guint i = 0; i < JOURNAL_DELIVERIES_MAX; i++)
    add (self, "live/b", 0);
  /* Its pause is forgotten, too. */
  add (self, "live/a", 0);
  for (guint i = 3; i <= JOURNAL_DELIVERIES_MAX + 2; i++)
    accept_next (self, 0, i);
  ck_assert_uint_eq (journal_deliveries_length (self), 0);
  journal_deliveries_free (self);
}
GST_END_TEST;

GST_START_TEST (an_event_that_is_never_accepted_is_dropped)
{
  JournalDeliveries *self = journal_deliveries_new ();

  add (self, "live/a", 0);
  add (self, "live/a", SECOND);
  reject_next (self, JOURNAL_DELIVERIES_MAX_AGE_US - 1, 0);
  ck_assert_uint_eq (journal_deliveries_length (self), 2);
  reject_next (self, JOURNAL_DELIVERIES_MAX_AGE_US + SECOND - 1, 0);
  ck_assert_uint_eq (journal_deliveries_n_dropped (self), 1);
  accept_next (self, JOURNAL_DELIVERIES_MAX_AGE_US + SECOND - 1, 2);
  journal_deliveries_free (self);
}
GST_END_TEST;

static Suite *
deliveries_suite (void)
{
  Suite *suite = suite_create ("deliveries");
  TCase *tcase = tcase_create ("deliveries");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, NULL);
  tcase_add_test (tcase, a_stream_is_delivered_one_by_one_in_order);
  tcase_add_test (tcase, a_stream_that_hangs_or_fails_delays_no_other);
  tcase_add_test (tcase, the_oldest_event_is_delivered_first);
  tcase_add_test (tcase, pauses_double_up_to_a_minute);
  tcase_add_test (tcase, half_of_a_pause_is_random);
  tcase_add_test (tcase, a_full_queue_drops_the_oldest_that_is_not_on_its_way);
  tcase_add_test (tcase, a_stream_whose_only_event_is_dropped_is_forgotten);
  tcase_add_test (tcase, an_event_that_is_never_accepted_is_dropped);
  return suite;
}

GST_CHECK_MAIN (deliveries);
