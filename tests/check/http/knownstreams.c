/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a reader of the list is sent. */

#include "ext/whep/http/knownstreams.h"

#include <gst/check/gstcheck.h>

static GPtrArray *texts;
static WhepKnownStreams *known;

static void
setup (void)
{
  texts = whep_stream_texts_new ();
  known = whep_known_streams_new ();
}

static void
teardown (void)
{
  g_ptr_array_unref (texts);
  whep_known_streams_free (known);
}

static void
list (const gchar *name, const gchar *json)
{
  whep_stream_texts_add (texts, name, json);
}

static void
relist (const gchar *name, const gchar *json)
{
  g_ptr_array_set_size (texts, 0);
  list (name, json);
}

/* @names: (nullable): separated by blanks. */
static void
assert_sent (const gchar *names, const gchar *expected)
{
  g_autoptr (GHashTable) visible = NULL;
  g_auto (GStrv) split = g_strsplit (names == NULL ? "" : names, " ", -1);
  g_autofree gchar *event = NULL;

  if (names != NULL)
    visible = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; visible != NULL && split[i] != NULL; i++)
    g_hash_table_add (visible, split[i]);
  event = whep_known_streams_update (known, texts, visible);
  ck_assert_msg (g_strcmp0 (event, expected) == 0, "%s instead of %s", event,
      expected);
}

GST_START_TEST (a_new_reader_gets_the_whole_list_once)
{
  list ("live/a", "{1}");
  list ("live/b", "{2}");
  assert_sent (NULL, "event: streams\ndata: [{1},{2}]\n\n");
  assert_sent (NULL, NULL);
}
GST_END_TEST;

GST_START_TEST (a_new_reader_of_nothing_gets_an_empty_list)
{
  assert_sent (NULL, "event: streams\ndata: []\n\n");
  assert_sent (NULL, NULL);
}
GST_END_TEST;

GST_START_TEST (a_reader_is_sent_only_what_changes)
{
  list ("live/a", "{1}");
  list ("live/b", "{2}");
  assert_sent (NULL, "event: streams\ndata: [{1},{2}]\n\n");
  relist ("live/a", "{1}");
  list ("live/b", "{3}");
  list ("live/c", "{4}");
  assert_sent (NULL,
      "event: changes\ndata: {\"changed\":[{3},{4}],\"gone\":[]}\n\n");
}
GST_END_TEST;

GST_START_TEST (a_reader_learns_which_streams_have_gone)
{
  list ("live/a\"b", "{1}");
  list ("live/b", "{2}");
  assert_sent (NULL, "event: streams\ndata: [{1},{2}]\n\n");
  relist ("live/b", "{2}");
  assert_sent (NULL,
      "event: changes\ndata: {\"changed\":[],\"gone\":[\"live/a\\\"b\"]}\n\n");
  relist ("live/c", "{3}");
  assert_sent (NULL,
      "event: changes\ndata: {\"changed\":[{3}],\"gone\":[\"live/b\"]}\n\n");
}
GST_END_TEST;

GST_START_TEST (a_reader_is_sent_only_what_it_may_see)
{
  list ("live/a", "{1}");
  list ("live/b", "{2}");
  assert_sent ("live/b live/c", "event: streams\ndata: [{2}]\n\n");
  assert_sent ("live/a live/b",
      "event: changes\ndata: {\"changed\":[{1}],\"gone\":[]}\n\n");
  assert_sent ("live/a",
      "event: changes\ndata: {\"changed\":[],\"gone\":[\"live/b\"]}\n\n");
  relist ("live/a", "{1}");
  list ("live/b", "{3}");
  assert_sent ("live/a", NULL);
}
GST_END_TEST;

GST_START_TEST (lists_are_equal_if_all_texts_are)
{
  g_autoptr (GPtrArray) others = whep_stream_texts_new ();
  g_autoptr (GList) names = NULL;

  ck_assert (whep_stream_texts_are_equal (texts, others));
  list ("live/a", "{1}");
  ck_assert (!whep_stream_texts_are_equal (texts, others));
  whep_stream_texts_add (others, "live/a", "{1}");
  ck_assert (whep_stream_texts_are_equal (texts, others));
  whep_stream_texts_add (others, "live/b", "{2}");
  list ("live/b", "{3}");
  ck_assert (!whep_stream_texts_are_equal (texts, others));
  names = whep_stream_texts_names (others);
  ck_assert_str_eq (names->data, "live/a");
  ck_assert_str_eq (names->next->data, "live/b");
  ck_assert (names->next->next == NULL);
}
GST_END_TEST;

static Suite *
knownstreams_suite (void)
{
  Suite *suite = suite_create ("knownstreams");
  TCase *tcase = tcase_create ("knownstreams");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, a_new_reader_gets_the_whole_list_once);
  tcase_add_test (tcase, a_new_reader_of_nothing_gets_an_empty_list);
  tcase_add_test (tcase, a_reader_is_sent_only_what_changes);
  tcase_add_test (tcase, a_reader_learns_which_streams_have_gone);
  tcase_add_test (tcase, a_reader_is_sent_only_what_it_may_see);
  tcase_add_test (tcase, lists_are_equal_if_all_texts_are);
  return suite;
}

GST_CHECK_MAIN (knownstreams);
