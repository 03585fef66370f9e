/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every resource, asked for with every kind of token: no reply names a stream
 * that its asker may not watch, nor differs from that of a stream that does not
 * exist. */

#include "tests/support/hookserver.h"
#include "tests/support/whepserver.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

/* The hook allows streams with the key "yes", and rejects "no" and "rude". */
#define OPEN "live/yes"
#define SHUT "live/no"
#define NONE "live/rude"

#define ADMIN "administrator"
#define KEYS OPEN " right\n" SHUT " other\n* every\n"

typedef enum
{
  BY_KEYS,
  BY_HOOK,
  BY_APPLICATION,
} Rule;

typedef struct
{
  WhepServer server;
  HookServer *hook; /* nullable */
  gchar *keys, *admins;
} Guarded;

static gchar *
write_file (const gchar *text)
{
  gchar *path;
  gint fd = g_file_open_tmp ("keys-XXXXXX", &path, NULL);

  ck_assert (fd >= 0);
  g_close (fd, NULL);
  ck_assert (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static gchar *
allow_open (const AccessRequest *request, gpointer user_data)
{
  return g_str_equal (request->stream, OPEN) ? NULL : g_strdup ("not this one");
}

static void
guarded_init (Guarded *self, Rule rule, gboolean has_admins)
{
  WhepHttpParams params = { .address = "127.0.0.1", .max_viewers = 10 };

  memset (self, 0, sizeof (*self));
  self->keys = write_file (KEYS);
  self->admins = write_file (ADMIN "\n");
  if (has_admins)
    params.authorizer.api_tokens = self->admins;
  if (rule == BY_KEYS)
    params.authorizer.keys = self->keys;
  if (rule == BY_APPLICATION)
    params.authorizer.func = allow_open;
  if (rule == BY_HOOK) {
    self->hook = hook_server_new ();
    params.authorizer.hook = hook_server_url (self->hook);
  }
  whep_server_init_as (&self->server, &params);
  whep_server_publish (&self->server, 1, OPEN);
  whep_server_publish (&self->server, 2, SHUT);
}

static void
guarded_clear (Guarded *self)
{
  whep_server_clear (&self->server);
  if (self->hook != NULL)
    hook_server_free (self->hook);
  g_remove (self->keys);
  g_remove (self->admins);
  g_free (self->keys);
  g_free (self->admins);
}

/* @token: (nullable) */
static Reply
ask (Guarded *self, const gchar *method, const gchar *path, const gchar *token)
{
  SoupMessage *message = whep_server_message (&self->server, method, path);
  g_autofree gchar *header = g_strconcat ("Bearer ", token, NULL);

  if (token != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message),
        "Authorization", header);
  return whep_server_send (&self->server, message);
}

/* %s is a stream's name. */
static const struct
{
  const gchar *method, *path;
} routes[] = {
  { "GET", "/" },
  { "GET", "/watch/%s" },
  { "HEAD", "/watch/%s" },
  { "GET", "/%s" },
  { "GET", "/whep/%s" },
  { "POST", "/whep/%s" },
  { "OPTIONS", "/whep/%s" },
  { "DELETE", "/whep/%s/01234567890123456789012345678901" },
  { "PATCH", "/whep/%s/01234567890123456789012345678901" },
  { "POST", "/events/01234567890123456789012345678901" },
  { "GET", "/api/streams" },
  { "HEAD", "/api/streams" },
  { "GET", "/api/streams/%s/viewers" },
  { "GET", "/api/ingest" },
  { "GET", "/metrics" },
  { "GET", "/healthz" },
  { "GET", "/whep.js" },
  { "GET", "/nothing" },
};

/* Of a request that asks for the stream @name. */
static Reply
ask_for (Guarded *self, guint route, const gchar *name, const gchar *token)
{
  GString *path = g_string_new (routes[route].path);
  Reply reply;

  g_string_replace (path, "%s", name, 1);
  reply = ask (self, routes[route].method, path->str, token);
  g_string_free (path, TRUE);
  return reply;
}

/* The reply as far as it may depend on the stream, without its name. */
static gchar *
essence (const Reply *reply, const gchar *name)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%u\n%s\n%s\n%s", reply->status,
      reply_header (reply, "WWW-Authenticate"),
      reply_header (reply, "Location"), reply->body);
  g_string_replace (text, name, "NAME", 0);
  return g_string_free (text, FALSE);
}

static void
assert_hides (Guarded *self, guint route, const gchar *token)
{
  g_auto (Reply) shut = ask_for (self, route, SHUT, token);
  g_auto (Reply) none = ask_for (self, route, NONE, token);
  g_autofree gchar *of_shut = essence (&shut, SHUT);
  g_autofree gchar *of_none = essence (&none, NONE);

  ck_assert_msg (strstr (none.body, SHUT) == NULL, "%s %s, %s: %s",
      routes[route].method, routes[route].path, token, none.body);
  ck_assert_msg (g_str_equal (of_shut, of_none), "%s %s, %s: %s, but %s",
      routes[route].method, routes[route].path, token, of_shut, of_none);
}

static const gchar *const strangers[] = { NULL, "wrong", "right" };

GST_START_TEST (no_reply_reveals_a_stream_that_the_asker_may_not_watch)
{
  Guarded guarded;

  guarded_init (&guarded, __i__, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    for (guint k = 0; k < G_N_ELEMENTS (strangers); k++) {
      gboolean is_post = g_str_equal (routes[i].method, "POST");

      /* The hook rejects both, in words of its own. */
      if (__i__ != BY_HOOK || !is_post)
        assert_hides (&guarded, i, strangers[k]);
    }
  guarded_clear (&guarded);
}
GST_END_TEST;

static gboolean
lists (Guarded *self, const gchar *path, const gchar *token, const gchar *name)
{
  g_auto (Reply) reply = ask (self, "GET", path, token);

  return strstr (reply.body, name) != NULL;
}

static guint
status_of (Guarded *self, const gchar *path, const gchar *token)
{
  g_auto (Reply) reply = ask (self, "GET", path, token);

  return reply.status;
}

GST_START_TEST (the_list_has_the_streams_that_the_asker_may_watch)
{
  Guarded guarded;

  guarded_init (&guarded, __i__, TRUE);
  ck_assert (lists (&guarded, "/api/streams", "right", OPEN));
  ck_assert (!lists (&guarded, "/api/streams", "right", SHUT));
  ck_assert (lists (&guarded, "/api/streams?token=right", NULL, OPEN));
  ck_assert_uint_eq (status_of (&guarded, "/api/streams/" OPEN "/viewers",
                         "right"),
      200);
  ck_assert_uint_eq (status_of (&guarded, "/api/streams/" SHUT "/viewers",
                         "right"),
      401);
  guarded_clear (&guarded);
}
GST_END_TEST;

GST_START_TEST (an_administrator_sees_everything)
{
  static const gchar *const paths[] = { "/api/streams", "/metrics" };
  Guarded guarded;

  guarded_init (&guarded, __i__, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    ck_assert (lists (&guarded, paths[i], ADMIN, OPEN));
    ck_assert (lists (&guarded, paths[i], ADMIN, SHUT));
  }
  ck_assert_uint_eq (status_of (&guarded, "/api/streams/" SHUT "/viewers",
                         ADMIN),
      200);
  ck_assert_uint_eq (status_of (&guarded, "/metrics", NULL), 401);
  ck_assert_uint_eq (status_of (&guarded, "/metrics", "every"), 401);
  guarded_clear (&guarded);
}
GST_END_TEST;

GST_START_TEST (without_administrators_those_who_may_watch_all_read_the_metrics)
{
  Guarded guarded;

  guarded_init (&guarded, BY_KEYS, FALSE);
  ck_assert_uint_eq (status_of (&guarded, "/metrics", "every"), 200);
  ck_assert_uint_eq (status_of (&guarded, "/metrics", "right"), 401);
  ck_assert_uint_eq (status_of (&guarded, "/metrics", NULL), 401);
  ck_assert_uint_eq (status_of (&guarded, "/metrics", ADMIN), 401);
  guarded_clear (&guarded);
}
GST_END_TEST;

GST_START_TEST (the_hook_is_asked_about_each_stream_once_in_a_while)
{
  Guarded guarded;
  g_autofree gchar *first = NULL, *second = NULL;

  guarded_init (&guarded, BY_HOOK, FALSE);
  for (guint i = 0; i < 3; i++)
    ck_assert (lists (&guarded, "/api/streams", "right", OPEN));
  first = hook_server_pop (guarded.hook);
  second = hook_server_pop (guarded.hook);
  ck_assert (strstr (first, "\"action\":\"list\"") != NULL);
  ck_assert (strstr (second, "\"action\":\"list\"") != NULL);
  /* Another asker. */
  ck_assert (lists (&guarded, "/api/streams", "other", OPEN));
  g_free (first);
  first = hook_server_pop (guarded.hook);
  ck_assert (strstr (first, "token=other") != NULL);
  guarded_clear (&guarded);
}
GST_END_TEST;

GST_START_TEST (a_list_is_not_served_while_the_hook_does_not_decide)
{
  Guarded guarded;

  guarded_init (&guarded, BY_HOOK, FALSE);
  whep_server_publish (&guarded.server, 3, "live/broken");
  {
    g_auto (Reply) reply = ask (&guarded, "GET", "/api/streams", NULL);

    reply_assert_problem (&reply, 503, "cannot be checked");
    ck_assert_str_eq (reply_header (&reply, "Retry-After"), "5");
  }
  guarded_clear (&guarded);
}
GST_END_TEST;

GST_START_TEST (guessing_tokens_is_slow)
{
  static const gchar *const paths[] = { "/api/streams", "/metrics",
    "/api/streams/" SHUT "/viewers" };
  Guarded guarded;
  guint n_answered = 0;

  guarded_init (&guarded, BY_KEYS, TRUE);
  for (guint i = 0; i < 3 * WHEP_AUTHORIZER_GUESSES; i++)
    n_answered +=
        status_of (&guarded, paths[i % G_N_ELEMENTS (paths)], "wrong") != 429;
  ck_assert_uint_ge (n_answered, WHEP_AUTHORIZER_GUESSES);
  ck_assert_uint_lt (n_answered, 2 * WHEP_AUTHORIZER_GUESSES);
  /* Requests without a token guess nothing. */
  ck_assert_uint_eq (status_of (&guarded, "/api/streams", NULL), 200);
  {
    g_auto (Reply) reply = ask (&guarded, "GET", "/metrics", ADMIN);

    reply_assert_problem (&reply, 429, "wrong tokens");
    ck_assert_str_eq (reply_header (&reply, "Retry-After"), "5");
  }
  guarded_clear (&guarded);
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
  tcase_add_loop_test (tcase,
      no_reply_reveals_a_stream_that_the_asker_may_not_watch, BY_KEYS,
      BY_APPLICATION + 1);
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
