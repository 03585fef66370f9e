/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists and metrics are for those who may watch what they name, guessing tokens
 * is slow, and other origins get no more than they need. */

#include "tests/support/guardedserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define OPEN GUARDED_OPEN
#define SHUT GUARDED_SHUT

static gboolean
lists (GuardedServer *self, const gchar *path, GuardAsker asker,
    const gchar *name)
{
  g_auto (Reply) reply = guarded_server_ask (self, "GET", path, asker);

  return strstr (reply.body, name) != NULL;
}

static guint
status_of (GuardedServer *self, const gchar *path, GuardAsker asker)
{
  g_auto (Reply) reply = guarded_server_ask (self, "GET", path, asker);

  return reply.status;
}

GST_START_TEST (the_list_has_the_streams_that_the_asker_may_watch)
{
  GuardedServer guarded;
  g_autofree gchar *token = NULL;
  g_autofree gchar *query = NULL;

  guarded_server_init (&guarded, __i__, TRUE);
  token = guarded_server_token (&guarded, ASKER_OF_OPEN);
  query = g_strconcat ("/api/streams?token=", token, NULL);
  ck_assert (lists (&guarded, "/api/streams", ASKER_OF_OPEN, OPEN));
  ck_assert (!lists (&guarded, "/api/streams", ASKER_OF_OPEN, SHUT));
  ck_assert (lists (&guarded, query, ASKER_WITHOUT_TOKEN, OPEN));
  ck_assert_uint_eq (status_of (&guarded, "/api/streams/" OPEN "/viewers",
                         ASKER_OF_OPEN),
      200);
  ck_assert_uint_eq (status_of (&guarded, "/api/streams/" SHUT "/viewers",
                         ASKER_OF_OPEN),
      401);
  guarded_server_clear (&guarded);
}
GST_END_TEST;

GST_START_TEST (an_administrator_sees_everything)
{
  static const gchar *const paths[] = { "/api/streams", "/metrics" };
  GuardedServer guarded;

  guarded_server_init (&guarded, __i__, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    ck_assert (lists (&guarded, paths[i], ASKER_ADMIN, OPEN));
    ck_assert (lists (&guarded, paths[i], ASKER_ADMIN, SHUT));
  }
  ck_assert_uint_eq (status_of (&guarded, "/api/streams/" SHUT "/viewers",
                         ASKER_ADMIN),
      200);
  ck_assert_uint_eq (status_of (&guarded, "/metrics", ASKER_WITHOUT_TOKEN),
      401);
  ck_assert_uint_eq (status_of (&guarded, "/metrics", ASKER_OF_ALL), 401);
  guarded_server_clear (&guarded);
}
GST_END_TEST;

GST_START_TEST (without_administrators_those_who_may_watch_all_read_the_metrics)
{
  GuardedServer guarded;

  guarded_server_init (&guarded, BY_KEYS, FALSE);
  ck_assert_uint_eq (status_of (&guarded, "/metrics", ASKER_OF_ALL), 200);
  ck_assert_uint_eq (status_of (&guarded, "/metrics", ASKER_OF_OPEN), 401);
  ck_assert_uint_eq (status_of (&guarded, "/metrics", ASKER_WITHOUT_TOKEN),
      401);
  ck_assert_uint_eq (status_of (&guarded, "/metrics", ASKER_ADMIN), 401);
  guarded_server_clear (&guarded);
}
GST_END_TEST;

GST_START_TEST (the_hook_is_asked_about_each_stream_once_in_a_while)
{
  GuardedServer guarded;
  g_autofree gchar *first = NULL, *second = NULL;

  guarded_server_init (&guarded, BY_HOOK, FALSE);
  for (guint i = 0; i < 3; i++)
    ck_assert (lists (&guarded, "/api/streams", ASKER_OF_OPEN, OPEN));
  first = hook_server_pop (guarded.hook);
  second = hook_server_pop (guarded.hook);
  ck_assert (strstr (first, "\"action\":\"list\"") != NULL);
  ck_assert (strstr (second, "\"action\":\"list\"") != NULL);
  /* Another asker. */
  ck_assert (lists (&guarded, "/api/streams", ASKER_OF_ALL, OPEN));
  g_free (first);
  first = hook_server_pop (guarded.hook);
  ck_assert (strstr (first, "token=every") != NULL);
  guarded_server_clear (&guarded);
}
GST_END_TEST;

GST_START_TEST (a_list_is_not_served_while_the_hook_does_not_decide)
{
  GuardedServer guarded;

  guarded_server_init (&guarded, BY_HOOK, FALSE);
  whep_server_publish (&guarded.server, 3, "live/broken");
  {
    g_auto (Reply) reply = guarded_server_ask (&guarded, "GET", "/api/streams",
        ASKER_WITHOUT_TOKEN);

    reply_assert_problem (&reply, 503, "cannot be checked");
    ck_assert_str_eq (reply_header (&reply, "Retry-After"), "5");
  }
  guarded_server_clear (&guarded);
}
GST_END_TEST;

GST_START_TEST (guessing_tokens_is_slow)
{
  static const gchar *const paths[] = { "/api/streams", "/metrics",
    "/api/streams/" SHUT "/viewers" };
  GuardedServer guarded;
  guint n_answered = 0;

  guarded_server_init (&guarded, BY_KEYS, TRUE);
  for (guint i = 0; i < 3 * WHEP_AUTHORIZER_GUESSES; i++)
    n_answered += status_of (&guarded, paths[i % G_N_ELEMENTS (paths)],
                      ASKER_WITH_WRONG_TOKEN) != 429;
  ck_assert_uint_ge (n_answered, WHEP_AUTHORIZER_GUESSES);
  ck_assert_uint_lt (n_answered, 2 * WHEP_AUTHORIZER_GUESSES);
  /* Requests without a token guess nothing. */
  ck_assert_uint_eq (status_of (&guarded, "/api/streams", ASKER_WITHOUT_TOKEN),
      200);
  {
    g_auto (Reply) reply =
        guarded_server_ask (&guarded, "GET", "/metrics", ASKER_ADMIN);

    reply_assert_problem (&reply, 429, "wrong tokens");
    ck_assert_str_eq (reply_header (&reply, "Retry-After"), "5");
  }
  /* Nor does any resource tell a right token from a wrong one by now. */
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    ck_assert_uint_eq (status_of (&guarded, paths[i], ASKER_ADMIN), 429);
    ck_assert_uint_eq (status_of (&guarded, paths[i], ASKER_OF_OPEN), 429);
  }
  guarded_server_clear (&guarded);
}
GST_END_TEST;

static const struct
{
  const gchar *path;
  gboolean is_for_players;
} shared[] = {
  { "/whep/live/cam", TRUE },
  { "/whep.js", TRUE },
  { "/api/streams", FALSE },
  { "/metrics", FALSE },
  { "/", FALSE },
};

static void
assert_cors (WhepServer *server, const gchar *path, const gchar *allowed,
    const gchar *vary)
{
  SoupMessage *message = whep_server_message (server, "OPTIONS", path);
  Reply reply;

  soup_message_headers_replace (soup_message_get_request_headers (message),
      "Origin", "https://example.net");
  reply = whep_server_send (server, message);
  ck_assert_str_eq (reply_header (&reply, "Access-Control-Allow-Origin"),
      allowed);
  ck_assert_str_eq (reply_header (&reply, "Vary"), vary);
  reply_clear (&reply);
}

GST_START_TEST (pages_of_other_origins_may_play_and_not_list)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (shared); i++)
    assert_cors (&server, shared[i].path, shared[i].is_for_players ? "*" : "",
        "");
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (cors_origins_names_those_that_may)
{
  static const struct
  {
    const gchar *setting, *allowed;
  } settings[] = {
    { "https://example.net", "https://example.net" },
    { "https://example.org", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    const WhepHttpParams params = { .address = "127.0.0.1",
      .max_viewers = 10,
      .cors_origins = settings[i].setting };
    WhepServer server;

    whep_server_init_as (&server, &params);
    for (guint k = 0; k < G_N_ELEMENTS (shared); k++)
      assert_cors (&server, shared[k].path, settings[i].allowed, "Origin");
    whep_server_clear (&server);
  }
}
GST_END_TEST;

GST_START_TEST (a_wrong_setting_is_an_error_at_the_start)
{
  static const gchar *const settings[][2] = {
    { "cors-origins", "example.net" },
    { "api-token-file", "/nonexistent/tokens" },
    { "view-jwt-keys", "/dev/null" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++) {
    GstElement *sink = gst_element_factory_make ("whepsink", NULL);

    g_object_set (sink, "address", "127.0.0.1", "port", 0, settings[i][0],
        settings[i][1], NULL);
    ck_assert_int_eq (gst_element_set_state (sink, GST_STATE_PAUSED),
        GST_STATE_CHANGE_FAILURE);
    gst_element_set_state (sink, GST_STATE_NULL);
    gst_object_unref (sink);
  }
}
GST_END_TEST;

static Suite *
wheprights_suite (void)
{
  Suite *suite = suite_create ("wheprights");
  TCase *tcase = tcase_create ("wheprights");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, the_list_has_the_streams_that_the_asker_may_watch,
      BY_KEYS, BY_APPLICATION + 1);
  tcase_add_loop_test (tcase, an_administrator_sees_everything, BY_KEYS,
      BY_APPLICATION + 1);
  tcase_add_test (tcase,
      without_administrators_those_who_may_watch_all_read_the_metrics);
  tcase_add_test (tcase, the_hook_is_asked_about_each_stream_once_in_a_while);
  tcase_add_test (tcase, a_list_is_not_served_while_the_hook_does_not_decide);
  tcase_add_test (tcase, guessing_tokens_is_slow);
  tcase_add_test (tcase, pages_of_other_origins_may_play_and_not_list);
  tcase_add_test (tcase, cors_origins_names_those_that_may);
  tcase_add_test (tcase, a_wrong_setting_is_an_error_at_the_start);
  return suite;
}

GST_CHECK_MAIN (wheprights);
