/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The journal: ids, readers that fall behind, watchers, threads. */

#include "gst/journal/journal-io.h"

#include <gst/check/gstcheck.h>

#define N_THREADS 4
#define N_EACH 2000

static guint64
append (Journal *journal)
{
  g_autoptr (JournalEvent) event = journal_event_new ("viewer-added");

  journal_append (journal, event);
  return event->id;
}

/* Returns: the id of the next event, or 0. */
static guint64
next_id (Journal *journal, guint64 after, gboolean has_gap)
{
  gboolean gap;
  g_autoptr (JournalEvent) event = journal_next (journal, after, &gap);

  ck_assert_int_eq (gap, has_gap);
  return event == NULL ? 0 : event->id;
}

GST_START_TEST (a_reader_gets_each_event_in_order)
{
  Journal *journal = journal_new ();
  guint64 start = journal_newest (journal);
  guint64 first, second;

  ck_assert_uint_eq (next_id (journal, start, FALSE), 0);
  first = append (journal);
  second = append (journal);
  ck_assert_uint_gt (first, start);
  ck_assert_uint_gt (second, first);
  ck_assert_uint_eq (journal_newest (journal), second);
  ck_assert_uint_eq (next_id (journal, start, FALSE), first);
  ck_assert_uint_eq (next_id (journal, first, FALSE), second);
  ck_assert_uint_eq (next_id (journal, second, FALSE), 0);
  journal_unref (journal);
}
GST_END_TEST;

GST_START_TEST (a_reader_that_falls_behind_misses_the_oldest)
{
  Journal *journal = journal_new ();
  guint64 start = journal_newest (journal);
  guint64 first = append (journal), second = append (journal), id;

  for (guint i = 0; i < JOURNAL_MAX_EVENTS - 2; i++)
    append (journal);
  ck_assert_uint_eq (next_id (journal, start, FALSE), first);
  append (journal);
  ck_assert_uint_eq (next_id (journal, start, TRUE), second);
  /* The one that is lost was read. */
  ck_assert_uint_eq (next_id (journal, first, FALSE), second);
  id = journal_newest (journal);
  ck_assert_uint_eq (next_id (journal, id, FALSE), 0);
  journal_unref (journal);
}
GST_END_TEST;

GST_START_TEST (what_happened_before_the_journal_is_lost)
{
  Journal *journal = journal_new ();
  guint64 id = append (journal);

  ck_assert_uint_eq (next_id (journal, 1, TRUE), id);
  journal_unref (journal);
}
GST_END_TEST;

GST_START_TEST (ids_ascend_across_restarts)
{
  Journal *journal = journal_new ();
  guint64 id = append (journal);

  journal_unref (journal);
  /* No restart is done in a microsecond. */
  while (g_get_real_time () <= (gint64) id)
    continue;
  journal = journal_new ();
  ck_assert_uint_gt (append (journal), id);
  journal_unref (journal);
}
GST_END_TEST;

static void
count (gpointer user_data)
{
  (*(guint *) user_data)++;
}

GST_START_TEST (watchers_are_called_until_they_leave)
{
  Journal *journal = journal_new ();
  guint n_one = 0, n_other = 0;

  ck_assert (journal_watch (journal, count, &n_one));
  ck_assert (journal_watch (journal, count, &n_other));
  append (journal);
  journal_unwatch (journal, count, &n_one);
  append (journal);
  ck_assert_uint_eq (n_one, 1);
  ck_assert_uint_eq (n_other, 2);
  journal_unref (journal);
}
GST_END_TEST;

GST_START_TEST (the_number_of_watchers_is_limited)
{
  Journal *journal = journal_new ();
  guint n = 0;

  for (guint i = 0; i < JOURNAL_MAX_WATCHERS; i++)
    ck_assert (journal_watch (journal, count, &n));
  ck_assert (!journal_watch (journal, count, &n));
  journal_unwatch (journal, count, &n);
  ck_assert (journal_watch (journal, count, &n));
  journal_unref (journal);
}
GST_END_TEST;

static gpointer
append_many (gpointer journal)
{
  for (guint i = 0; i < N_EACH; i++)
    append (journal);
  return NULL;
}

GST_START_TEST (threads_share_ascending_ids)
{
  Journal *journal = journal_new ();
  GThread *threads[N_THREADS];
  guint64 after = 0;
  guint n_read = 0;
  gboolean has_gap;

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("appender", append_many, journal);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  after = next_id (journal, 1, TRUE);
  n_read = 1;
  for (;;) {
    g_autoptr (JournalEvent) event = journal_next (journal, after, &has_gap);

    if (event == NULL)
      break;
    ck_assert_uint_gt (event->id, after);
    after = event->id;
    n_read++;
  }
  ck_assert_uint_eq (n_read, JOURNAL_MAX_EVENTS);
  journal_unref (journal);
}
GST_END_TEST;

static Suite *
journal_suite (void)
{
  Suite *suite = suite_create ("journal");
  TCase *tcase = tcase_create ("journal");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_reader_gets_each_event_in_order);
  tcase_add_test (tcase, a_reader_that_falls_behind_misses_the_oldest);
  tcase_add_test (tcase, what_happened_before_the_journal_is_lost);
  tcase_add_test (tcase, ids_ascend_across_restarts);
  tcase_add_test (tcase, watchers_are_called_until_they_leave);
  tcase_add_test (tcase, the_number_of_watchers_is_limited);
  tcase_add_test (tcase, threads_share_ascending_ids);
  return suite;
}

GST_CHECK_MAIN (journal);
