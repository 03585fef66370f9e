/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of open sessions. */

#include "ext/whep/net/sessions.h"

#include <gst/check/gstcheck.h>

#define ID "abcdefghijklmnopqrstuvwxyzABCDE"

GST_START_TEST (a_session_is_found_by_id_and_by_ufrag)
{
  WhepSessions *sessions = whep_sessions_new ();
  const WhepSession *session;

  whep_sessions_add (sessions, ID "1", "frag1", "live/cam", "theirs",
      "a=ice-lite\r\n");
  session = whep_sessions_by_id (sessions, ID "1");
  ck_assert (session != NULL);
  ck_assert (session == whep_sessions_by_ufrag (sessions, "frag1"));
  ck_assert_str_eq (session->stream, "live/cam");
  ck_assert_str_eq (session->remote_ufrag, "theirs");
  ck_assert (whep_sessions_by_id (sessions, ID "2") == NULL);
  ck_assert (whep_sessions_by_id (sessions, "") == NULL);
  ck_assert (whep_sessions_by_ufrag (sessions, "theirs") == NULL);
  whep_sessions_free (sessions);
}
GST_END_TEST;

GST_START_TEST (a_session_that_is_removed_is_found_by_neither)
{
  WhepSessions *sessions = whep_sessions_new ();

  whep_sessions_add (sessions, ID "1", "frag1", "live/cam", "theirs",
      "a=ice-lite\r\n");
  whep_sessions_remove (sessions, whep_sessions_by_id (sessions, ID "1"));
  ck_assert (whep_sessions_by_id (sessions, ID "1") == NULL);
  ck_assert (whep_sessions_by_ufrag (sessions, "frag1") == NULL);
  ck_assert_uint_eq (whep_sessions_count (sessions), 0);
  whep_sessions_free (sessions);
}
GST_END_TEST;

GST_START_TEST (a_restarted_session_is_found_by_its_first_and_newest_ufrag)
{
  WhepSessions *sessions = whep_sessions_new ();
  const WhepSession *session;

  whep_sessions_add (sessions, ID "1", "frag1", "live/cam", "theirs", "");
  session = whep_sessions_by_id (sessions, ID "1");
  ck_assert_str_eq (session->ice_ufrag, "frag1");
  whep_sessions_restart (sessions, session, "frag2", "theirs2");
  whep_sessions_restart (sessions, session, "frag3", "theirs3");

  ck_assert_str_eq (session->ufrag, "frag1");
  ck_assert_str_eq (session->ice_ufrag, "frag3");
  ck_assert_str_eq (session->remote_ufrag, "theirs3");
  ck_assert (whep_sessions_by_ufrag (sessions, "frag1") == session);
  ck_assert (whep_sessions_by_ufrag (sessions, "frag2") == NULL);
  ck_assert (whep_sessions_by_ufrag (sessions, "frag3") == session);

  whep_sessions_remove (sessions, session);
  ck_assert (whep_sessions_by_ufrag (sessions, "frag1") == NULL);
  ck_assert (whep_sessions_by_ufrag (sessions, "frag3") == NULL);
  whep_sessions_free (sessions);
}
GST_END_TEST;

GST_START_TEST (sessions_are_counted_by_stream)
{
  WhepSessions *sessions = whep_sessions_new ();

  whep_sessions_add (sessions, ID "1", "frag1", "live/cam", "theirs",
      "a=ice-lite\r\n");
  whep_sessions_add (sessions, ID "2", "frag2", "live/cam", "theirs",
      "a=ice-lite\r\n");
  whep_sessions_add (sessions, ID "3", "frag3", "live/other", "theirs",
      "a=ice-lite\r\n");
  ck_assert_uint_eq (whep_sessions_count (sessions), 3);
  ck_assert_uint_eq (whep_sessions_count_stream (sessions, "live/cam"), 2);
  ck_assert_uint_eq (whep_sessions_count_stream (sessions, "live"), 0);
  whep_sessions_free (sessions);
}
GST_END_TEST;

static Suite *
sessions_suite (void)
{
  Suite *suite = suite_create ("sessions");
  TCase *tcase = tcase_create ("sessions");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_session_is_found_by_id_and_by_ufrag);
  tcase_add_test (tcase, a_session_that_is_removed_is_found_by_neither);
  tcase_add_test (tcase,
      a_restarted_session_is_found_by_its_first_and_newest_ufrag);
  tcase_add_test (tcase, sessions_are_counted_by_stream);
  return suite;
}

GST_CHECK_MAIN (sessions);
