/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The HTTP side of WHEP, with a server in the same thread. */

#include "tests/support/listening.h"
#include "whepbench/whepclient-io.h"

#include <gst/check/gstcheck.h>
#include <libsoup/soup.h>

#define LONG_ANSWER_BYTES (65 * 1024)

typedef struct
{
  SoupServer *server;
  GSocketService *service;
  gchar *url; /* of its root, without the slash */
  WhepClient *client;
  guint n_requests;
  guint n_deleted;
  /* The last reply. */
  gboolean is_answered;
  guint status;
  gchar *answer, *location, *fault;
  gboolean is_typed;
} Fixture;

static void
redirect (SoupServerMessage *message, const gchar *to)
{
  soup_server_message_set_status (message, 307, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      "Location", to);
}

static void
answer (SoupServerMessage *message, const gchar *text, gsize size)
{
  soup_server_message_set_status (message, 201, NULL);
  soup_server_message_set_response (message, "application/sdp",
      SOUP_MEMORY_COPY, text, size);
  soup_message_headers_replace (soup_server_message_get_response_headers (
                                    message),
      "Location", "../session/1");
}

static gboolean
is_authorized (SoupServerMessage *message)
{
  return g_strcmp0 (soup_message_headers_get_one (
                        soup_server_message_get_request_headers (message),
                        "Authorization"),
             "Bearer secret") == 0;
}

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  Fixture *self = user_data;
  g_autofree gchar *long_answer = g_strnfill (LONG_ANSWER_BYTES, 'v');

  self->n_requests++;
  if (!is_authorized (message))
    soup_server_message_set_status (message, 401, NULL);
  else if (soup_server_message_get_method (message) == SOUP_METHOD_DELETE)
    self->n_deleted += g_str_equal (path, "/session/1");
  else if (g_str_equal (path, "/full"))
    redirect (message, "/whep/cam");
  else if (g_str_equal (path, "/circle"))
    redirect (message, "/circle");
  else if (g_str_equal (path, "/away"))
    redirect (message, "ftp://localhost/");
  else if (g_str_equal (path, "/long"))
    answer (message, long_answer, LONG_ANSWER_BYTES);
  else if (g_str_equal (path, "/binary"))
    answer (message, "v=0\0", 4);
  else if (g_str_equal (path, "/whep/cam"))
    answer (message, "v=0", 3);
  else
    soup_server_message_set_status (message, 404, "\033[31mred");
}

static void
fixture_init (Fixture *self, const gchar *token)
{
  const WhepClientParams params = { .token = token };
  guint port = 0;

  *self = (Fixture){ .server = soup_server_new (NULL, NULL),
    .client = whep_client_new (&params) };
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  self->service = listening_start (self->server, &port);
  self->url = g_strdup_printf ("http://127.0.0.1:%u", port);
}

static void
forget_reply (Fixture *self)
{
  self->is_answered = FALSE;
  g_clear_pointer (&self->answer, g_free);
  g_clear_pointer (&self->location, g_free);
  g_clear_pointer (&self->fault, g_free);
}

static void
fixture_clear (Fixture *self)
{
  whep_client_free (self->client);
  forget_reply (self);
  listening_stop (self->service, self->server);
  g_object_unref (self->server);
  /* Both sides close their connections later. */
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_free (self->url);
}

static void
on_reply (const WhepReply *reply, gpointer user_data)
{
  Fixture *self = user_data;

  ck_assert (!self->is_answered);
  self->is_answered = TRUE;
  self->status = reply->status;
  self->answer = g_strdup (reply->answer);
  self->location = g_strdup (reply->location);
  self->fault = g_strdup (reply->fault);
  self->is_typed = reply->is_typed;
}

static void
post (Fixture *self, const gchar *path)
{
  g_autofree gchar *url =
      *path == '/' ? g_strconcat (self->url, path, NULL) : g_strdup (path);

  forget_reply (self);
  whep_client_post (self->client, url, "v=0\r\n", on_reply, self);
  while (!self->is_answered)
    g_main_context_iteration (NULL, TRUE);
  ck_assert_uint_eq (whep_client_n_pending (self->client), 0);
}

GST_START_TEST (a_redirect_leads_to_the_answer)
{
  g_autofree gchar *session = NULL;
  Fixture fixture;

  fixture_init (&fixture, "secret");
  session = g_strconcat (fixture.url, "/session/1", NULL);
  post (&fixture, "/full");
  ck_assert_str_eq (fixture.answer, "v=0");
  ck_assert_str_eq (fixture.location, session);
  ck_assert (fixture.is_typed && fixture.fault == NULL);
  ck_assert_uint_eq (fixture.n_requests, 2);
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (a_session_is_deleted)
{
  Fixture fixture;

  fixture_init (&fixture, "secret");
  post (&fixture, "/whep/cam");
  whep_client_delete (fixture.client, fixture.location);
  while (whep_client_n_pending (fixture.client) > 0)
    g_main_context_iteration (NULL, TRUE);
  ck_assert_uint_eq (fixture.n_deleted, 1);
  fixture_clear (&fixture);
}
GST_END_TEST;

static const struct
{
  const gchar *path, *fault;
} faults[] = {
  { "/nowhere", "404 Not Found" },
  { "/circle", "the server redirects too often" },
  { "/away", "the server redirects to no URL that may be followed" },
  { "/long", "the answer is too long" },
  { "/binary", "the answer is not text" },
  { "ftp://localhost/", "the URL is invalid" },
  { "http://", "the URL is invalid" },
};

GST_START_TEST (a_post_without_a_session_has_a_reason_in_our_words)
{
  Fixture fixture;

  fixture_init (&fixture, "secret");
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    post (&fixture, faults[i].path);
    ck_assert_str_eq (fixture.fault, faults[i].fault);
    ck_assert (fixture.answer == NULL);
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (without_a_token_none_is_sent)
{
  Fixture fixture;

  fixture_init (&fixture, NULL);
  post (&fixture, "/whep/cam");
  ck_assert_str_eq (fixture.fault, "401 Unauthorized");
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (a_client_that_ends_answers_what_is_pending)
{
  Fixture fixture;

  fixture_init (&fixture, "secret");
  whep_client_post (fixture.client, "http://127.0.0.1:1/", "v=0", on_reply,
      &fixture);
  fixture_clear (&fixture);
  ck_assert (fixture.answer == NULL);
}
GST_END_TEST;

static Suite *
whepclient_suite (void)
{
  Suite *suite = suite_create ("whepclient");
  TCase *tcase = tcase_create ("whepclient");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_redirect_leads_to_the_answer);
  tcase_add_test (tcase, a_session_is_deleted);
  tcase_add_test (tcase, a_post_without_a_session_has_a_reason_in_our_words);
  tcase_add_test (tcase, without_a_token_none_is_sent);
  tcase_add_test (tcase, a_client_that_ends_answers_what_is_pending);
  return suite;
}

GST_CHECK_MAIN (whepclient);
