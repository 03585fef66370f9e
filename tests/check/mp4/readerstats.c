/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Readers are counted by stream, and each snapshot keeps what it shows. */

#include "ext/whep/mp4/readerstats.h"

#include <gst/check/gstcheck.h>

static WhepReaderFacts *
facts_of (const gchar *stream)
{
  WhepReaderFacts given = {
    .id = g_strdup ("one"),
    .stream = g_strdup (stream),
    .user_agent = g_strdup ("Lavf/60"),
  };
  WhepReaderFacts *facts = whep_reader_facts_new (&given);

  ck_assert (given.id == NULL && given.stream == NULL);
  return facts;
}

GST_START_TEST (readers_are_counted_by_stream)
{
  WhepReaderFacts *cam = facts_of ("live/cam");
  WhepReaderFacts *other = facts_of ("live/other");
  WhepReadersStats stats;

  whep_readers_stats_init (&stats);
  ck_assert_uint_eq (whep_readers_stats_count_stream (&stats, "live/cam"), 0);
  whep_readers_stats_add (&stats, cam, NULL, 1, 0);
  whep_readers_stats_add (&stats, other, NULL, 2, 0);
  whep_readers_stats_add (&stats, cam, NULL, 3, 0);
  ck_assert_uint_eq (whep_readers_stats_count_stream (&stats, "live/cam"), 2);
  ck_assert_uint_eq (whep_readers_stats_count_stream (&stats, "live/other"), 1);
  ck_assert_uint_eq (whep_readers_stats_count_stream (&stats, "live"), 0);
  whep_readers_stats_clear (&stats);
  whep_reader_facts_unref (cam);
  whep_reader_facts_unref (other);
}
GST_END_TEST;

GST_START_TEST (what_is_shown_outlives_the_reader)
{
  WhepReaderFacts *facts = facts_of ("live/cam");
  GRefString *codecs = g_ref_string_new ("avc1.42E01F");
  const WhepReaderStats *reader;
  WhepReadersStats stats;

  whep_readers_stats_init (&stats);
  whep_readers_stats_add (&stats, facts, codecs, 5, 6);
  whep_reader_facts_unref (facts);
  g_ref_string_release (codecs);
  reader = &g_array_index (stats.readers, WhepReaderStats, 0);
  ck_assert_str_eq (reader->facts->stream, "live/cam");
  ck_assert_str_eq (reader->facts->user_agent, "Lavf/60");
  ck_assert_str_eq (reader->codecs, "avc1.42E01F");
  ck_assert_uint_eq (reader->n_bytes, 5);
  ck_assert_uint_eq (reader->n_jumps, 6);
  whep_readers_stats_clear (&stats);
}
GST_END_TEST;

static Suite *
readerstats_suite (void)
{
  Suite *suite = suite_create ("readerstats");
  TCase *tcase = tcase_create ("readerstats");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, readers_are_counted_by_stream);
  tcase_add_test (tcase, what_is_shown_outlives_the_reader);
  return suite;
}

GST_CHECK_MAIN (readerstats);
