/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A log keeps what a reader needs to begin, and no more than its limits. */

#include "ext/whep/mp4/fragmentlog.h"
#include "tests/support/fragments.h"

#include <gst/check/gstcheck.h>

#define MS(n) ((n) * (gint64) 1000)

static WhepFragmentLog *
log_new (gsize limit_bytes, gint64 time_us, gint64 behind_us)
{
  const WhepFragmentLimits limits = { limit_bytes, time_us, behind_us };
  WhepFragmentLog *log = whep_fragment_log_new (&limits);
  WhepChunk *init = fragment_of ("init");

  whep_fragment_log_set_init (log, init);
  whep_chunk_unref (init);
  return log;
}

static void
add (WhepFragmentLog *log, const gchar *word, gint64 now_us)
{
  WhepChunk *chunk = fragment_of (word);

  whep_fragment_log_add (log, chunk, word[0] == 'K', now_us);
  whep_chunk_unref (chunk);
}

static void
assert_start (const WhepFragmentLog *log, const gchar *word)
{
  g_autofree gchar *found = NULL;
  guint64 place;

  ck_assert (whep_fragment_log_find_start (log, &place));
  found = fragment_dup_word (whep_fragment_log_get (log, place)->chunk);
  ck_assert_str_eq (found, word);
}

GST_START_TEST (a_reader_begins_at_the_newest_key_frame)
{
  WhepFragmentLog *log = log_new (1 << 20, MS (60000), MS (1000));
  guint64 place;

  add (log, "d0", MS (0));
  ck_assert (!whep_fragment_log_find_start (log, &place));
  add (log, "K1", MS (1));
  add (log, "d2", MS (2));
  assert_start (log, "K1");
  add (log, "K3", MS (3));
  assert_start (log, "K3");
  whep_fragment_log_free (log);
}
GST_END_TEST;

GST_START_TEST (a_gop_stays_and_what_precedes_it_stays_for_a_while)
{
  WhepFragmentLog *log = log_new (1 << 20, MS (60000), MS (1000));

  add (log, "K0", MS (0));
  for (guint i = 1; i < 10; i++)
    add (log, "d", MS (1000) * i);
  ck_assert_uint_eq (whep_fragment_log_tail (log), 0);
  add (log, "K10", MS (10000));
  /* d9 is a second old, and no more. */
  ck_assert_uint_eq (whep_fragment_log_tail (log), 9);
  add (log, "d11", MS (10001));
  ck_assert_uint_eq (whep_fragment_log_tail (log), 10);
  assert_start (log, "K10");
  whep_fragment_log_free (log);
}
GST_END_TEST;

GST_START_TEST (a_gop_beyond_the_limits_has_no_start)
{
  WhepFragmentLog *by_time = log_new (1 << 20, MS (5000), MS (1000));
  WhepFragmentLog *by_bytes =
      log_new (3 * WHEP_FRAGMENT_COST_BYTES, MS (60000), MS (1000));
  guint64 place;

  add (by_time, "K0", MS (0));
  add (by_time, "d1", MS (5001));
  ck_assert (!whep_fragment_log_find_start (by_time, &place));
  add (by_bytes, "K0", MS (0));
  for (guint i = 0; i < 1000; i++) {
    add (by_bytes, "d", MS (i));
    ck_assert_uint_le (whep_fragment_log_size (by_bytes),
        3 * WHEP_FRAGMENT_COST_BYTES);
  }
  ck_assert (!whep_fragment_log_find_start (by_bytes, &place));
  ck_assert_uint_eq (whep_fragment_log_tail (by_bytes), 999);
  add (by_bytes, "K", MS (1000));
  assert_start (by_bytes, "K");
  whep_fragment_log_free (by_time);
  whep_fragment_log_free (by_bytes);
}
GST_END_TEST;

GST_START_TEST (places_go_on_while_fragments_are_dropped)
{
  WhepFragmentLog *log = log_new (1 << 20, MS (60000), 0);

  for (guint i = 0; i < 5000; i++) {
    g_autofree gchar *word = g_strdup_printf ("%s%u", i % 7 ? "d" : "K", i);
    g_autofree gchar *found = NULL;

    add (log, word, MS (i));
    found = fragment_dup_word (whep_fragment_log_get (log, i)->chunk);
    ck_assert_str_eq (found, word);
    ck_assert (whep_fragment_log_get (log, i + 1) == NULL);
  }
  ck_assert_uint_eq (whep_fragment_log_tail (log), 5000 / 7 * 7);
  ck_assert (whep_fragment_log_get (log, 5000 / 7 * 7 - 1) == NULL);
  whep_fragment_log_free (log);
}
GST_END_TEST;

GST_START_TEST (without_an_init_segment_nothing_is_kept)
{
  const WhepFragmentLimits limits = { 1 << 20, MS (1000), MS (1000) };
  WhepFragmentLog *log = whep_fragment_log_new (&limits);
  guint64 place;

  add (log, "K0", 0);
  ck_assert (!whep_fragment_log_find_start (log, &place));
  ck_assert_uint_eq (whep_fragment_log_size (log), 0);
  whep_fragment_log_free (log);
  whep_fragment_log_free (NULL);
}
GST_END_TEST;

static Suite *
fragmentlog_suite (void)
{
  Suite *suite = suite_create ("fragmentlog");
  TCase *tcase = tcase_create ("fragmentlog");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_reader_begins_at_the_newest_key_frame);
  tcase_add_test (tcase, a_gop_stays_and_what_precedes_it_stays_for_a_while);
  tcase_add_test (tcase, a_gop_beyond_the_limits_has_no_start);
  tcase_add_test (tcase, places_go_on_while_fragments_are_dropped);
  tcase_add_test (tcase, without_an_init_segment_nothing_is_kept);
  return suite;
}

GST_CHECK_MAIN (fragmentlog);
