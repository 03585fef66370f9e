/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list of streams as server-sent events. */

#include "ext/whep/http/listreaders-io.h"
#include "tests/support/eventreader.h"
#include "tests/support/guardedserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define PATH "/api/streams"
#define OPEN GUARDED_OPEN
#define SHUT GUARDED_SHUT
#define NEW "live/new"
#define ID_OF_NEW 7

static void
server_init (GuardedServer *self, GuardRule rule)
{
  guarded_server_init (self, rule, TRUE);
  /* By default, a session has two connections. */
  g_object_unref (self->server.client);
  self->server.client =
      soup_session_new_with_options ("max-conns", 2 * WHEP_LIST_READERS_MAX,
          "max-conns-per-host", 2 * WHEP_LIST_READERS_MAX, NULL);
}

/* @client: (nullable): an address that a proxy on this machine names. */
static SoupMessage *
list_message (GuardedServer *server, GuardAsker asker, const gchar *client)
{
  SoupMessage *message = guarded_server_message (server, "GET", PATH, asker);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  soup_message_headers_replace (headers, "Accept", "text/event-stream");
  if (client != NULL)
    soup_message_headers_replace (headers, "X-Forwarded-For", client);
  return message;
}

static void
reader_init (EventReader *self, GuardedServer *server, GuardAsker asker)
{
  event_reader_open (self, server->server.client,
      list_message (server, asker, NULL));
}

/* The next event is @event, which names @name and not @hidden. */
static void
reader_learns (EventReader *self, const gchar *event, const gchar *name,
    const gchar *hidden)
{
  g_autofree gchar *first = g_strdup_printf ("event: %s\n", event);
  g_autofree gchar *got = event_reader_next (self);

  ck_assert_msg (got != NULL && g_str_has_prefix (got, first), "%s", got);
  ck_assert_msg (strstr (got, name) != NULL, "%s", got);
  ck_assert_msg (strstr (got, hidden) == NULL, "%s", got);
}

GST_START_TEST (a_reader_learns_of_streams_that_begin_and_end)
{
  GuardedServer server;
  EventReader reader;

  server_init (&server, OPEN_TO_ALL);
  reader_init (&reader, &server, ASKER_WITHOUT_TOKEN);
  reader_learns (&reader, "streams", OPEN, NEW);
  whep_server_publish (&server.server, ID_OF_NEW, NEW);
  reader_learns (&reader, "changes", "{\"name\":\"" NEW "\"", OPEN);
  whep_http_end_track (server.server.http, ID_OF_NEW);
  event_reader_gets (&reader,
      "event: changes\ndata: {\"changed\":[],\"gone\":[\"" NEW "\"]}\n");
  event_reader_clear (&reader);
  guarded_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_right_that_is_taken_away_takes_the_stream_away)
{
  GuardedServer server;
  EventReader reader;

  server_init (&server, BY_KEYS);
  reader_init (&reader, &server, ASKER_OF_OPEN);
  reader_learns (&reader, "streams", OPEN, SHUT);
  ck_assert (g_file_set_contents (server.keys, SHUT " right\n", -1, NULL));
  whep_server_publish (&server.server, ID_OF_NEW, NEW);
  reader_learns (&reader, "changes", "\"gone\":[\"" OPEN "\"]", NEW);
  event_reader_clear (&reader);
  guarded_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (another_type_is_answered_with_the_list_as_json)
{
  GuardedServer server;
  g_auto (Reply) reply = { NULL };
  g_auto (Reply) head = { NULL };
  SoupMessage *message;

  server_init (&server, OPEN_TO_ALL);
  reply = guarded_server_ask (&server, "GET", PATH, ASKER_WITHOUT_TOKEN);
  ck_assert_str_eq (reply_header (&reply, "Content-Type"), "application/json");
  ck_assert_str_eq (reply_header (&reply, "Vary"), "Accept");
  message = guarded_server_message (&server, "HEAD", PATH, ASKER_WITHOUT_TOKEN);
  soup_message_headers_replace (soup_message_get_request_headers (message),
      "Accept", "text/event-stream");
  head = whep_server_send (&server.server, message);
  ck_assert_uint_eq (head.status, 200);
  ck_assert_str_eq (reply_header (&head, "Content-Type"), "application/json");
  guarded_server_clear (&server);
}
GST_END_TEST;

static void
open_many (GuardedServer *server, EventReader *readers, guint n,
    guint n_per_client)
{
  for (guint i = 0; i < n; i++) {
    g_autofree gchar *client =
        g_strdup_printf ("198.51.100.%u", i / n_per_client);

    event_reader_open (&readers[i], server->server.client,
        list_message (server, ASKER_WITHOUT_TOKEN, client));
  }
}

static void
assert_rejected (GuardedServer *server, const gchar *client)
{
  g_auto (Reply) reply = whep_server_send (&server->server,
      list_message (server, ASKER_WITHOUT_TOKEN, client));

  reply_assert_problem (&reply, 503, "limit of readers");
  ck_assert_str_eq (reply_header (&reply, "Retry-After"), "10");
}

static void
clear_many (EventReader *readers, guint n)
{
  for (guint i = 0; i < n; i++)
    event_reader_clear (&readers[i]);
}

GST_START_TEST (readers_are_limited)
{
  EventReader readers[WHEP_LIST_READERS_MAX];
  GuardedServer server;

  server_init (&server, OPEN_TO_ALL);
  open_many (&server, readers, WHEP_LIST_READERS_MAX,
      WHEP_LIST_READERS_MAX_PER_CLIENT / 2);
  assert_rejected (&server, "198.51.100.99");
  clear_many (readers, WHEP_LIST_READERS_MAX);
  guarded_server_clear (&server);
}
GST_END_TEST;

/* That a reader has left is noticed within a tick. */
static void
wait_for_room (GuardedServer *server, const gchar *client)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;
  guint status = 0;

  while (status != 200) {
    SoupMessage *message = list_message (server, ASKER_WITHOUT_TOKEN, client);
    g_autoptr (GInputStream) in =
        soup_session_send (server->server.client, message, NULL, NULL);

    status = soup_message_get_status (message);
    g_object_unref (message);
    ck_assert_int_lt (g_get_monotonic_time (), deadline_us);
  }
}

GST_START_TEST (a_client_that_has_all_its_places_gets_one_when_a_reader_leaves)
{
  EventReader readers[WHEP_LIST_READERS_MAX_PER_CLIENT];
  GuardedServer server;

  server_init (&server, OPEN_TO_ALL);
  open_many (&server, readers, WHEP_LIST_READERS_MAX_PER_CLIENT,
      WHEP_LIST_READERS_MAX_PER_CLIENT);
  assert_rejected (&server, "198.51.100.0");
  event_reader_clear (&readers[0]);
  wait_for_room (&server, "198.51.100.0");
  clear_many (readers + 1, WHEP_LIST_READERS_MAX_PER_CLIENT - 1);
  guarded_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (the_end_of_the_server_ends_its_readers)
{
  GuardedServer server;
  EventReader reader;

  server_init (&server, OPEN_TO_ALL);
  reader_init (&reader, &server, ASKER_WITHOUT_TOKEN);
  reader_learns (&reader, "streams", OPEN, NEW);
  whep_http_free (g_steal_pointer (&server.server.http));
  ck_assert (event_reader_next (&reader) == NULL);
  event_reader_clear (&reader);
  guarded_server_clear (&server);
}
GST_END_TEST;

static Suite *
wheplist_suite (void)
{
  Suite *suite = suite_create ("wheplist");
  TCase *tcase = tcase_create ("wheplist");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_reader_learns_of_streams_that_begin_and_end);
  tcase_add_test (tcase, a_right_that_is_taken_away_takes_the_stream_away);
  tcase_add_test (tcase, another_type_is_answered_with_the_list_as_json);
  tcase_add_test (tcase, readers_are_limited);
  tcase_add_test (tcase,
      a_client_that_has_all_its_places_gets_one_when_a_reader_leaves);
  tcase_add_test (tcase, the_end_of_the_server_ends_its_readers);
  return suite;
}

GST_CHECK_MAIN (wheplist);
