/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The journal as server-sent events: who reads what, and from where on. */

#include "tests/support/eventreader.h"
#include "tests/support/guardedserver.h"

#include <gst/check/gstcheck.h>

#define PATH "/api/v1/events"
#define OPEN GUARDED_OPEN
#define SHUT GUARDED_SHUT
/* The hook answers with a server error. */
#define UNDECIDED "live/broken"

#define MAX_READERS 3

static void
server_init (GuardedServer *self, GuardRule rule)
{
  guarded_server_init (self, rule, TRUE);
  /* By default, a session has two connections. */
  g_object_unref (self->server.client);
  self->server.client = soup_session_new_with_options ("max-conns",
      MAX_READERS + 1, "max-conns-per-host", MAX_READERS + 1, NULL);
}

/* @last_id is nullable. */
static SoupMessage *
get_new (GuardedServer *server, GuardAsker asker, const gchar *last_id)
{
  SoupMessage *message = guarded_server_message (server, "GET", PATH, asker);

  if (last_id != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message),
        "Last-Event-ID", last_id);
  return message;
}

static void
reader_init (EventReader *self, GuardedServer *server, GuardAsker asker,
    const gchar *last_id)
{
  event_reader_init (self, server->server.client,
      get_new (server, asker, last_id));
}

static void
happen (GuardedServer *server, const gchar *name, const gchar *stream)
{
  g_autoptr (JournalEvent) event = append_event (server->journal, name, stream);
}

GST_START_TEST (an_administrator_reads_everything)
{
  const gchar *const names[] = { "publisher-added", "publisher-refused",
    "viewer-removed" };
  const gchar *const streams[] = { OPEN, NULL, SHUT };
  GuardedServer server;
  EventReader reader;

  server_init (&server, __i__);
  happen (&server, "viewer-added", OPEN); /* before it came */
  reader_init (&reader, &server, ASKER_ADMIN, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (JournalEvent) event =
        append_event (server.journal, names[i], streams[i]);

    event_reader_gets_event (&reader, event, FALSE);
  }
  event_reader_clear (&reader);
  guarded_server_clear (&server);
}
GST_END_TEST;

/* What is for nobody but administrators, or about no stream of theirs, is
 * passed over: the next event that they get is the last one. */
GST_START_TEST (others_read_the_public_part_of_what_they_may_watch)
{
  g_autoptr (JournalEvent) first = NULL, last = NULL;
  GuardedServer server;
  EventReader reader;

  server_init (&server, __i__);
  reader_init (&reader, &server, ASKER_OF_OPEN, NULL);
  first = append_event (server.journal, "publisher-added", OPEN);
  if (__i__ != OPEN_TO_ALL) {
    happen (&server, "publisher-added", SHUT);
    happen (&server, "viewer-removed", UNDECIDED);
  }
  happen (&server, "viewer-refused", OPEN);
  happen (&server, "publisher-refused", NULL);
  last = append_event (server.journal, "viewer-removed", OPEN);
  event_reader_gets_event (&reader, first, TRUE);
  event_reader_gets_event (&reader, last, TRUE);
  event_reader_clear (&reader);
  guarded_server_clear (&server);
}
GST_END_TEST;

static const GuardAsker nobodies[] = { ASKER_WITHOUT_TOKEN,
  ASKER_WITH_WRONG_TOKEN, ASKER_WITH_EXPIRED_TOKEN, ASKER_OF_NOTHING };

/* The server ends the reply after the events that came before its end. */
GST_START_TEST (who_may_watch_nothing_reads_nothing)
{
  GuardRule rule = __i__ / G_N_ELEMENTS (nobodies);
  GuardAsker asker = nobodies[__i__ % G_N_ELEMENTS (nobodies)];
  g_autofree gchar *got = NULL;
  GuardedServer server;
  EventReader reader;

  server_init (&server, rule);
  reader_init (&reader, &server, asker, NULL);
  happen (&server, "publisher-added", OPEN);
  happen (&server, "viewer-refused", NULL);
  happen (&server, "viewer-added", SHUT);
  whep_http_free (g_steal_pointer (&server.server.http));
  got = event_reader_next (&reader);
  ck_assert_msg (got == NULL, "%s reads %s", guarded_server_asker_name (asker),
      got);
  event_reader_clear (&reader);
  guarded_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_right_that_is_taken_away_ends_at_once)
{
  g_autoptr (JournalEvent) first = NULL, last = NULL;
  GuardedServer server;
  EventReader viewer, admin;

  server_init (&server, BY_KEYS);
  reader_init (&viewer, &server, ASKER_OF_OPEN, NULL);
  reader_init (&admin, &server, ASKER_ADMIN, NULL);
  first = append_event (server.journal, "viewer-added", OPEN);
  event_reader_gets_event (&viewer, first, TRUE);
  event_reader_gets_event (&admin, first, FALSE);
  ck_assert (g_file_set_contents (server.keys,
      OPEN " new\n" SHUT " right\n" SHUT " administrator\n", -1, NULL));
  ck_assert (g_file_set_contents (server.admins, "another\n", -1, NULL));
  happen (&server, "viewer-added", OPEN);
  last = append_event (server.journal, "viewer-added", SHUT);
  event_reader_gets_event (&viewer, last, TRUE);
  event_reader_gets_event (&admin, last, TRUE);
  event_reader_clear (&viewer);
  event_reader_clear (&admin);
  guarded_server_clear (&server);
}
GST_END_TEST;

/* Not even @asker's right token is looked at any more. */
static void
guess_until_rejected (GuardedServer *server, const gchar *path,
    GuardAsker asker)
{
  for (guint i = 0; i <= WHEP_AUTHORIZER_GUESSES; i++) {
    SoupMessage *message =
        guarded_server_message (server, "GET", path, ASKER_WITH_WRONG_TOKEN);
    g_autoptr (GInputStream) in =
        soup_session_send (server->server.client, message, NULL, NULL);

    ck_assert (in != NULL);
    g_object_unref (message);
  }
  {
    g_auto (Reply) reply =
        whep_server_send (&server->server, get_new (server, asker, NULL));

    reply_assert_problem (&reply, 429, "wrong tokens");
  }
}

GST_START_TEST (a_reader_does_not_pay_for_guesses_of_its_neighbours)
{
  g_autoptr (JournalEvent) first = NULL, last = NULL;
  GuardedServer server;
  EventReader viewer, admin;

  server_init (&server, BY_KEYS);
  reader_init (&viewer, &server, ASKER_OF_OPEN, NULL);
  reader_init (&admin, &server, ASKER_ADMIN, NULL);
  guess_until_rejected (&server, "/api/streams", ASKER_OF_OPEN);
  first = append_event (server.journal, "viewer-added", OPEN);
  event_reader_gets_event (&viewer, first, TRUE);
  event_reader_gets_event (&admin, first, FALSE);
  event_reader_clear (&viewer);
  event_reader_clear (&admin);
  guarded_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (an_administrators_token_is_not_guessed_here)
{
  GuardedServer server;

  server_init (&server, __i__);
  guess_until_rejected (&server, PATH, ASKER_ADMIN);
  guarded_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_reader_continues_after_its_last_event)
{
  g_autoptr (JournalEvent) first = NULL, second = NULL, third = NULL;
  g_autofree gchar *id = NULL;
  GuardedServer server;
  EventReader reader;

  server_init (&server, BY_HOOK);
  first = append_event (server.journal, "viewer-added", OPEN);
  second = append_event (server.journal, "viewer-added", OPEN);
  id = journal_event_dup_id (first);
  reader_init (&reader, &server, ASKER_OF_OPEN, id);
  event_reader_gets_event (&reader, second, TRUE);
  third = append_event (server.journal, "viewer-added", OPEN);
  event_reader_gets_event (&reader, third, TRUE);
  event_reader_clear (&reader);
  guarded_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_reader_learns_that_it_missed_events)
{
  g_autoptr (JournalEvent) oldest = NULL;
  GuardedServer server;
  EventReader reader;

  server_init (&server, OPEN_TO_ALL);
  oldest = append_event (server.journal, "viewer-added", OPEN);
  reader_init (&reader, &server, ASKER_ADMIN, "1");
  event_reader_gets (&reader, "event: gap\ndata: {}\n");
  event_reader_gets_event (&reader, oldest, FALSE);
  event_reader_clear (&reader);
  guarded_server_clear (&server);
}
GST_END_TEST;

static const gchar *const nonsense[] = { "", "-1", "abc", "1 2",
  "99999999999999999999999999", "18446744073709551615" };

GST_START_TEST (a_nonsensical_last_id_starts_now)
{
  GuardedServer server;

  server_init (&server, OPEN_TO_ALL);
  happen (&server, "viewer-added", OPEN);
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++) {
    g_autoptr (JournalEvent) event = NULL;
    EventReader reader;

    reader_init (&reader, &server, ASKER_ADMIN, nonsense[i]);
    event = append_event (server.journal, "viewer-added", OPEN);
    event_reader_gets_event (&reader, event, FALSE);
    event_reader_clear (&reader);
  }
  guarded_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (many_events_at_once_all_arrive_in_order)
{
  g_autoptr (GPtrArray) events =
      g_ptr_array_new_with_free_func ((GDestroyNotify) journal_event_unref);
  EventReader readers[MAX_READERS];
  GuardedServer server;

  server_init (&server, BY_HOOK);
  for (guint i = 0; i < MAX_READERS; i++)
    reader_init (&readers[i], &server, i == 0 ? ASKER_ADMIN : ASKER_OF_OPEN,
        NULL);
  for (guint i = 0; i < 500; i++)
    g_ptr_array_add (events,
        append_event (server.journal, "viewer-added", OPEN));
  for (guint i = 0; i < MAX_READERS; i++) {
    for (guint j = 0; j < events->len; j++)
      event_reader_gets_event (&readers[i], g_ptr_array_index (events, j),
          i != 0);
    event_reader_clear (&readers[i]);
  }
  guarded_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (the_end_of_the_server_ends_its_readers)
{
  GuardedServer server;
  EventReader reader;

  server_init (&server, OPEN_TO_ALL);
  reader_init (&reader, &server, ASKER_WITHOUT_TOKEN, NULL);
  whep_http_free (g_steal_pointer (&server.server.http));
  ck_assert (event_reader_next (&reader) == NULL);
  event_reader_clear (&reader);
  guarded_server_clear (&server);
}
GST_END_TEST;

static const struct
{
  const gchar *method;
  guint status;
} methods[] = {
  { "OPTIONS", 204 },
  { "HEAD", 405 },
  { "POST", 405 },
  { "DELETE", 405 },
};

GST_START_TEST (the_journal_is_only_read)
{
  GuardedServer server;

  server_init (&server, OPEN_TO_ALL);
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
    g_auto (Reply) reply =
        guarded_server_ask (&server, methods[i].method, PATH, ASKER_ADMIN);

    ck_assert_msg (reply.status == methods[i].status, "%s: %u",
        methods[i].method, reply.status);
  }
  guarded_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_server_without_a_journal_has_no_events)
{
  WhepServer server;
  Reply reply;

  whep_server_init (&server, 10);
  reply = whep_server_ask (&server, "GET", PATH);
  reply_assert_problem (&reply, 404, "no journal");
  reply_clear (&reply);
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whepjournal_suite (void)
{
  Suite *suite = suite_create ("whepjournal");
  TCase *tcase = tcase_create ("whepjournal");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, an_administrator_reads_everything, 0,
      OPEN_TO_ALL + 1);
  tcase_add_loop_test (tcase,
      others_read_the_public_part_of_what_they_may_watch, 0, OPEN_TO_ALL + 1);
  tcase_add_loop_test (tcase, who_may_watch_nothing_reads_nothing, 0,
      (BY_JWT + 1) * G_N_ELEMENTS (nobodies));
  tcase_add_test (tcase, a_right_that_is_taken_away_ends_at_once);
  tcase_add_test (tcase, a_reader_does_not_pay_for_guesses_of_its_neighbours);
  tcase_add_loop_test (tcase, an_administrators_token_is_not_guessed_here,
      BY_KEYS, BY_JWT + 1);
  tcase_add_loop_test (tcase, an_administrators_token_is_not_guessed_here,
      OPEN_TO_ALL, OPEN_TO_ALL + 1);
  tcase_add_test (tcase, a_reader_continues_after_its_last_event);
  tcase_add_test (tcase, a_reader_learns_that_it_missed_events);
  tcase_add_test (tcase, a_nonsensical_last_id_starts_now);
  tcase_add_test (tcase, many_events_at_once_all_arrive_in_order);
  tcase_add_test (tcase, the_end_of_the_server_ends_its_readers);
  tcase_add_test (tcase, the_journal_is_only_read);
  tcase_add_test (tcase, a_server_without_a_journal_has_no_events);
  return suite;
}

GST_CHECK_MAIN (whepjournal);
