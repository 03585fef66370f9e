/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of open sessions. */

#include "ext/whep/http/sessiontable.h"

#include <gst/check/gstcheck.h>

#define ID "abcdefghijklmnopqrstuvwxyzABCDE"

GST_START_TEST (a_session_is_found_by_id_and_by_ufrag)
{
  WhepSessionTable *sessions = whep_session_table_new ();
  const WhepSession *session;

  whep_session_table_add (sessions, ID "1", "frag1", "live/cam", "theirs",
      "a=ice-lite\r\n");
  session = whep_session_table_by_id (sessions, ID "1");
  ck_assert (session != NULL);
  ck_assert (session == whep_session_table_by_ufrag (sessions, "frag1"));
  ck_assert_str_eq (session->stream, "live/cam");
  ck_assert_str_eq (session->remote_ufrag, "theirs");
  ck_assert (whep_session_table_by_id (sessions, ID "2") == NULL);
  ck_assert (whep_session_table_by_id (sessions, "") == NULL);
  ck_assert (whep_session_table_by_ufrag (sessions, "theirs") == NULL);
  whep_session_table_free (sessions);
}
GST_END_TEST;

GST_START_TEST (a_session_that_was_removed_is_not_found)
{
  WhepSessionTable *sessions = whep_session_table_new ();

  whep_session_table_add (sessions, ID "1", "frag1", "live/cam", "theirs",
      "a=ice-lite\r\n");
  whep_session_table_remove (sessions,
      whep_session_table_by_id (sessions, ID "1"));
  ck_assert (whep_session_table_by_id (sessions, ID "1") == NULL);
  ck_assert (whep_session_table_by_ufrag (sessions, "frag1") == NULL);
  ck_assert_uint_eq (whep_session_table_count (sessions), 0);
  whep_session_table_free (sessions);
}
GST_END_TEST;

GST_START_TEST (a_restarted_session_is_found_by_its_first_and_newest_ufrag)
{
  WhepSessionTable *sessions = whep_session_table_new ();
  const WhepSession *session;

  whep_session_table_add (sessions, ID "1", "frag1", "live/cam", "theirs", "");
  session = whep_session_table_by_id (sessions, ID "1");
  ck_assert_str_eq (session->ice_ufrag, "frag1");
  whep_session_table_restart (sessions, session, "frag2", "theirs2");
  whep_session_table_restart (sessions, session, "frag3", "theirs3");

  ck_assert_str_eq (session->ufrag, "frag1");
  ck_assert_str_eq (session->ice_ufrag, "frag3");
  ck_assert_str_eq (session->remote_ufrag, "theirs3");
  ck_assert (whep_session_table_by_ufrag (sessions, "frag1") == session);
  ck_assert (whep_session_table_by_ufrag (sessions, "frag2") == NULL);
  ck_assert (whep_session_table_by_ufrag (sessions, "frag3") == session);

  whep_session_table_remove (sessions, session);
  ck_assert (whep_session_table_by_ufrag (sessions, "frag1") == NULL);
  ck_assert (whep_session_table_by_ufrag (sessions, "frag3") == NULL);
  whep_session_table_free (sessions);
}
GST_END_TEST;

GST_START_TEST (sessions_are_counted_by_stream)
{
  WhepSessionTable *sessions = whep_session_table_new ();

  whep_session_table_add (sessions, ID "1", "frag1", "live/cam", "theirs",
      "a=ice-lite\r\n");
  whep_session_table_add (sessions, ID "2", "frag2", "live/cam", "theirs",
      "a=ice-lite\r\n");
  whep_session_table_add (sessions, ID "3", "frag3", "live/other", "theirs",
      "a=ice-lite\r\n");
  ck_assert_uint_eq (whep_session_table_count (sessions), 3);
  ck_assert_uint_eq (whep_session_table_count_stream (sessions, "live/cam"), 2);
  ck_assert_uint_eq (whep_session_table_count_stream (sessions, "live"), 0);
  whep_session_table_free (sessions);
}
GST_END_TEST;

static const WhepAddress somewhere = {
  .remote_ip = { [10] = 0xff, 0xff, 203, 0, 113, 9 },
};

static const WhepSession *
add_to (WhepSessionTable *sessions, const gchar *number, const gchar *client,
    const gchar *stream)
{
  g_autofree gchar *id = g_strconcat (ID, number, NULL);
  WhepSessionFacts facts = { .needs_rendition = TRUE };

  g_strlcpy (facts.client, client, sizeof (facts.client));
  whep_session_table_add (sessions, id, number, stream, "theirs", "");
  whep_session_table_describe (sessions, id, &facts);
  return whep_session_table_by_id (sessions, id);
}

static const WhepSession *
add (WhepSessionTable *sessions, const gchar *number, const gchar *client)
{
  return add_to (sessions, number, client, "live/cam");
}

static const WhepSessionScope anywhere = { 0 };

GST_START_TEST (the_oldest_session_of_the_client_with_the_most_gives_way)
{
  WhepSessionTable *sessions = whep_session_table_new ();
  const WhepSession *one = add (sessions, "1", "one");
  const WhepSession *two = add (sessions, "2", "two");
  const WhepSession *three = add (sessions, "3", "two");

  ck_assert (whep_session_table_find_one_too_many (sessions, &anywhere) == two);
  ck_assert (whep_session_table_find_one_too_many (sessions,
                 &(WhepSessionScope){ .client = "one" }) == one);
  ck_assert (whep_session_table_find_one_too_many (sessions,
                 &(WhepSessionScope){ .client = "three" }) == NULL);
  /* A session that was asked to leave is not asked again, and does not take a
   * slot. */
  whep_session_table_ask_to_leave (sessions, two);
  ck_assert_uint_eq (whep_session_table_count (sessions), 3);
  ck_assert_uint_eq (whep_session_table_count_slots (sessions), 2);
  ck_assert_uint_eq (whep_session_table_count_slots_of (sessions,
                         &(WhepSessionScope){ .client = "two" }),
      1);
  ck_assert (whep_session_table_find_one_too_many (sessions, &anywhere) == one);
  whep_session_table_remove (sessions, two);
  ck_assert_uint_eq (whep_session_table_count_slots (sessions), 2);

  /* A session that has connected is never asked. */
  whep_session_table_connect (sessions, one, &somewhere, 1);
  whep_session_table_connect (sessions, three, &somewhere, 1);
  ck_assert (
      whep_session_table_find_one_too_many (sessions, &anywhere) == NULL);
  ck_assert_uint_eq (whep_session_table_count_slots_of (sessions,
                         &(WhepSessionScope){ .client = "one" }),
      0);
  ck_assert_uint_eq (whep_session_table_count_slots_of (sessions,
                         &(WhepSessionScope){ .client = "203.0.113.9" }),
      2);
  whep_session_table_free (sessions);
}
GST_END_TEST;

GST_START_TEST (a_session_that_connects_after_it_was_asked_to_leave_stays)
{
  WhepSessionTable *sessions = whep_session_table_new ();
  const WhepSession *session = add (sessions, "1", "one");

  whep_session_table_ask_to_leave (sessions, session);
  ck_assert_uint_eq (whep_session_table_count_slots (sessions), 0);
  whep_session_table_connect (sessions, session, &somewhere, 1);
  ck_assert_uint_eq (whep_session_table_count_slots (sessions), 1);
  whep_session_table_remove (sessions, session);
  ck_assert_uint_eq (whep_session_table_count_slots (sessions), 0);
  whep_session_table_free (sessions);
}
GST_END_TEST;

static void
connect_taking (WhepSessionTable *sessions, const WhepSession *session,
    gboolean takes_untouched)
{
  WhepSessionFacts facts = session->facts;

  facts.takes_untouched = takes_untouched;
  whep_session_table_describe (sessions, session->id, &facts);
  whep_session_table_connect (sessions, session, &somewhere, 1);
}

static guint
n_transcodes (const WhepSessionTable *sessions)
{
  return whep_session_table_count_transcodes (sessions, "live/cam");
}

GST_START_TEST (a_transcode_rests_while_all_viewers_reorder)
{
  WhepSessionTable *sessions = whep_session_table_new ();
  const WhepSession *untouched = add (sessions, "1", "one");
  const WhepSession *other = add (sessions, "2", "two");

  ck_assert_uint_eq (n_transcodes (sessions), 1);
  connect_taking (sessions, untouched, TRUE);
  ck_assert_uint_eq (n_transcodes (sessions), 0);
  connect_taking (sessions, add_to (sessions, "3", "one", "live/b"), FALSE);
  ck_assert_uint_eq (n_transcodes (sessions), 0);
  connect_taking (sessions, other, FALSE);
  ck_assert_uint_eq (n_transcodes (sessions), 1);
  whep_session_table_remove (sessions, other);
  ck_assert_uint_eq (n_transcodes (sessions), 0);
  whep_session_table_remove (sessions, untouched);
  ck_assert_uint_eq (n_transcodes (sessions), 1);
  whep_session_table_free (sessions);
}
GST_END_TEST;

GST_START_TEST (only_a_connected_session_needs_a_rendition)
{
  WhepSessionTable *sessions = whep_session_table_new ();
  const WhepSession *session = add (sessions, "1", "one");

  ck_assert_uint_eq (whep_session_table_count_renditions (sessions, "live/cam"),
      0);
  whep_session_table_connect (sessions, session, &somewhere, 1);
  ck_assert_uint_eq (whep_session_table_count_renditions (sessions, "live/cam"),
      1);
  ck_assert_uint_eq (whep_session_table_count_renditions (sessions, "live/b"),
      0);
  whep_session_table_free (sessions);
}
GST_END_TEST;

GST_START_TEST (a_session_of_the_stream_gives_way_for_the_stream)
{
  const WhepSessionScope cam = { .stream = "live/cam" };
  const WhepSessionScope of_two = { .stream = "live/cam", .client = "two" };
  WhepSessionTable *sessions = whep_session_table_new ();
  const WhepSession *one = add_to (sessions, "1", "one", "live/cam");
  const WhepSession *two = add_to (sessions, "2", "two", "live/cam");

  /* Elsewhere "two" has the most. */
  add_to (sessions, "3", "two", "live/other");
  add_to (sessions, "4", "two", "live/other");
  ck_assert_uint_eq (whep_session_table_count_slots_of (sessions, &cam), 2);
  ck_assert_uint_eq (whep_session_table_count_slots_of (sessions, &of_two), 1);
  ck_assert (whep_session_table_find_one_too_many (sessions, &cam) == one);
  ck_assert (whep_session_table_find_one_too_many (sessions, &of_two) == two);
  whep_session_table_free (sessions);
}
GST_END_TEST;

GST_START_TEST (a_stolen_session_is_found_by_nobody)
{
  WhepSessionTable *table = whep_session_table_new ();
  const gchar *id = "abcdefghijklmnopqrstuvwxyzABCDE1";
  WhepSession *stolen;

  whep_session_table_add (table, id, "ours", "live/cam", "theirs", "");
  whep_session_table_restart (table, whep_session_table_by_id (table, id),
      "newer", "theirs");
  stolen =
      whep_session_table_steal (table, whep_session_table_by_id (table, id));
  ck_assert_str_eq (stolen->ufrag, "ours");
  ck_assert (whep_session_table_by_id (table, id) == NULL);
  ck_assert (whep_session_table_by_ufrag (table, "ours") == NULL);
  ck_assert (whep_session_table_by_ufrag (table, "newer") == NULL);
  ck_assert_uint_eq (whep_session_table_count (table), 0);
  ck_assert_uint_eq (whep_session_table_count_stream (table, "live/cam"), 0);
  whep_session_table_free (table);
  ck_assert_str_eq (stolen->stream, "live/cam");
  whep_session_free (stolen);
}
GST_END_TEST;

static Suite *
sessiontable_suite (void)
{
  Suite *suite = suite_create ("sessiontable");
  TCase *tcase = tcase_create ("sessions");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_session_is_found_by_id_and_by_ufrag);
  tcase_add_test (tcase, a_session_that_was_removed_is_not_found);
  tcase_add_test (tcase,
      a_restarted_session_is_found_by_its_first_and_newest_ufrag);
  tcase_add_test (tcase, sessions_are_counted_by_stream);
  tcase_add_test (tcase,
      the_oldest_session_of_the_client_with_the_most_gives_way);
  tcase_add_test (tcase, a_session_of_the_stream_gives_way_for_the_stream);
  tcase_add_test (tcase,
      a_session_that_connects_after_it_was_asked_to_leave_stays);
  tcase_add_test (tcase, a_transcode_rests_while_all_viewers_reorder);
  tcase_add_test (tcase, only_a_connected_session_needs_a_rendition);
  tcase_add_test (tcase, a_stolen_session_is_found_by_nobody);
  return suite;
}

GST_CHECK_MAIN (sessiontable);
