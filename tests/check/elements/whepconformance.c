/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* draft-ietf-wish-whep, clause by clause, as a client sees it. */

#include "ext/whep/net/toll.h"
#include "tests/support/browseroffer.h"
#include "tests/support/whepserver.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

#define SDP "application/sdp"
#define FRAGMENT "application/trickle-ice-sdpfrag"
#define PLAYER "chromium-156-linux"
#define ENDPOINT "/whep/live/cam"

/* Returns: (transfer full): the path of a new session. */
static gchar *
open_session (WhepServer *self)
{
  g_auto (Reply) reply = whep_server_offer (self, ENDPOINT, PLAYER);

  ck_assert_msg (reply.status == 201, "%s", reply.body);
  return reply_session_path (&reply);
}

static const struct
{
  const gchar *why, *method, *path;
  guint status;
  const gchar *header, *value;
} questions[] = {
  { "4.4: the endpoint's options", "OPTIONS", ENDPOINT, 204, "Accept-Post",
      SDP },
  { "4.4: for players of other sites", "OPTIONS", ENDPOINT, 204,
      "Access-Control-Allow-Origin", "*" },
  { "4.4: with a token", "OPTIONS", ENDPOINT, 204,
      "Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match" },
  { "4.2: only offers are taken", "GET", ENDPOINT, 405, "Allow",
      "POST, OPTIONS" },
  { "4.2: only offers are taken", "PUT", ENDPOINT, 405, "Allow",
      "POST, OPTIONS" },
  { "4.2: a session that is none", "DELETE",
      ENDPOINT "/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404, "Content-Type",
      "application/problem+json" },
};

GST_START_TEST (what_an_endpoint_answers)
{
  WhepServer server;

  whep_server_init (&server, 10);
  whep_server_publish (&server, 1, "live/cam");
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++) {
    g_auto (Reply) reply =
        whep_server_ask (&server, questions[i].method, questions[i].path);

    ck_assert_msg (reply.status == questions[i].status, "%s: %u",
        questions[i].why, reply.status);
    ck_assert_msg (g_str_equal (reply_header (&reply, questions[i].header),
                       questions[i].value),
        "%s: %s", questions[i].why, reply_header (&reply, questions[i].header));
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (metrics_are_served_as_prometheus_wants_them)
{
  WhepServer server;

  whep_server_init (&server, 10);
  whep_server_publish (&server, 1, "live/cam");
  {
    g_auto (Reply) reply = whep_server_ask (&server, "GET", "/metrics");

    ck_assert_uint_eq (reply.status, 200);
    ck_assert_str_eq (reply_header (&reply, "Content-Type"),
        "text/plain; version=0.0.4; charset=utf-8");
    ck_assert (strstr (reply.body, "whep_streams 1\n") != NULL);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static const struct
{
  const gchar *why, *method;
  guint status;
  const gchar *header, *value;
} of_sessions[] = {
  { "4.4: a session's options", "OPTIONS", 204, "Accept-Patch", FRAGMENT },
  { "4.4: a session's methods", "OPTIONS", 204, "Allow",
      "GET, HEAD, PATCH, DELETE, OPTIONS" },
  { "4.2: GET has no content", "GET", 200, "Content-Length", "0" },
  { "4.2: HEAD says the type", "HEAD", 200, "Content-Type", SDP },
  { "4.2: what else there is not", "POST", 405, "Allow",
      "GET, HEAD, PATCH, DELETE, OPTIONS" },
  { "4.2: DELETE ends it", "DELETE", 200, "Content-Length", "0" },
  { "4.2: and then it is gone", "GET", 404, "Content-Type",
      "application/problem+json" },
};

GST_START_TEST (what_a_session_answers)
{
  g_autofree gchar *path = NULL;
  WhepServer server;

  whep_server_init (&server, 10);
  whep_server_publish (&server, 1, "live/cam");
  path = open_session (&server);
  for (guint i = 0; i < G_N_ELEMENTS (of_sessions); i++) {
    gboolean is_post = g_str_equal (of_sessions[i].method, "POST");
    g_auto (Reply) reply = is_post
        ? whep_server_ask_with (&server, "POST", path, SDP, "v=0\r\n")
        : whep_server_ask (&server, of_sessions[i].method, path);

    ck_assert_msg (reply.status == of_sessions[i].status, "%s: %u",
        of_sessions[i].why, reply.status);
    ck_assert_msg (g_str_equal (reply_header (&reply, of_sessions[i].header),
                       of_sessions[i].value),
        "%s: %s", of_sessions[i].why,
        reply_header (&reply, of_sessions[i].header));
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (what_a_page_of_another_site_may_read)
{
  static const gchar *const names[] = { "Location", "ETag", "Link",
    "Retry-After", "Accept-Patch", "Accept-Post", "WWW-Authenticate" };
  WhepServer server;

  whep_server_init (&server, 10);
  whep_server_publish (&server, 1, "live/cam");
  {
    g_auto (Reply) reply = whep_server_offer (&server, ENDPOINT, PLAYER);
    g_auto (GStrv) exposed =
        g_strsplit (reply_header (&reply, "Access-Control-Expose-Headers"),
            ", ", -1);

    for (guint i = 0; i < G_N_ELEMENTS (names); i++)
      ck_assert_msg (g_strv_contains ((const gchar *const *) exposed, names[i]),
          "%s", names[i]);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

/* A server with a file of keys, which goes with it. */
typedef struct
{
  WhepServer server;
  gchar *path;
} Guarded;

static void
write_keys (const Guarded *self, const gchar *text)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (self->path, text, -1, &error);
  g_assert_no_error (error);
}

static void
guarded_init (Guarded *self, const gchar *keys)
{
  WhepHttpParams params = { .address = "127.0.0.1", .max_viewers = 10 };
  gint fd = g_file_open_tmp ("keys-XXXXXX", &self->path, NULL);

  ck_assert (fd >= 0);
  g_close (fd, NULL);
  write_keys (self, keys);
  params.view_keys = self->path;
  whep_server_init_as (&self->server, &params);
}

static void
guarded_clear (Guarded *self)
{
  whep_server_clear (&self->server);
  g_remove (self->path);
  g_free (self->path);
}

/* @authorization: (nullable): the header's value. */
static Reply
offer_as (Guarded *self, const gchar *path, const gchar *authorization)
{
  g_autofree gchar *offer = browser_offer_load (PLAYER);
  g_autoptr (GBytes) body = g_bytes_new (offer, strlen (offer));
  SoupMessage *message = whep_server_message (&self->server, "POST", path);

  soup_message_set_request_body_from_bytes (message, SDP, body);
  if (authorization != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message),
        "Authorization", authorization);
  return whep_server_send (&self->server, message);
}

static const struct
{
  const gchar *path, *authorization;
  guint status;
  const gchar *challenge;
} tokens[] = {
  { ENDPOINT, "Bearer open", 201, "" },
  { ENDPOINT, "bearer open", 201, "" },
  { ENDPOINT "?token=open", NULL, 201, "" },
  { ENDPOINT, NULL, 401, "Bearer" },
  { ENDPOINT, "Basic b3Blbg==", 401, "Bearer" },
  { ENDPOINT, "Bearer shut", 401, "Bearer error=\"invalid_token\"" },
  { ENDPOINT, "Bearer", 401, "Bearer" },
  { ENDPOINT "?token=shut", NULL, 401, "Bearer error=\"invalid_token\"" },
  /* The header counts. */
  { ENDPOINT "?token=open", "Bearer shut", 401,
      "Bearer error=\"invalid_token\"" },
  /* Whether somebody publishes is for those who may watch. */
  { "/whep/live/none", "Bearer open", 401, "Bearer error=\"invalid_token\"" },
  { "/whep/live/later", "Bearer open", 409, "" },
};

GST_START_TEST (a_bearer_token_lets_in_and_nothing_else)
{
  Guarded guarded;

  guarded_init (&guarded, "live/cam open\nlive/later open\n");
  whep_server_publish (&guarded.server, 1, "live/cam");
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++) {
    g_auto (Reply) reply =
        offer_as (&guarded, tokens[i].path, tokens[i].authorization);

    ck_assert_msg (reply.status == tokens[i].status, "%s %s: %u",
        tokens[i].path, tokens[i].authorization, reply.status);
    ck_assert_str_eq (reply_header (&reply, "WWW-Authenticate"),
        tokens[i].challenge);
    if (reply.status == 401)
      reply_assert_problem (&reply, 401, "token");
  }
  guarded_clear (&guarded);
}
GST_END_TEST;

GST_START_TEST (keys_that_change_count_at_once_and_bad_ones_let_nobody_in)
{
  static const struct
  {
    const gchar *keys;
    guint status;
  } steps[] = {
    { "live/cam open\n", 201 },
    { "live/cam other\n", 401 },
    { "* open\n", 201 },
    { "live/cam", 401 },
    { "live/cam open \n", 201 },
  };
  Guarded guarded;

  guarded_init (&guarded, "");
  whep_server_publish (&guarded.server, 1, "live/cam");
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_auto (Reply) reply = { 0 };

    write_keys (&guarded, steps[i].keys);
    reply = offer_as (&guarded, ENDPOINT, "Bearer open");
    ck_assert_msg (reply.status == steps[i].status, "%s: %u", steps[i].keys,
        reply.status);
  }
  g_remove (guarded.path);
  {
    g_auto (Reply) reply = offer_as (&guarded, ENDPOINT, "Bearer open");

    ck_assert_uint_eq (reply.status, 401);
  }
  guarded_clear (&guarded);
}
GST_END_TEST;

GST_START_TEST (without_a_file_of_keys_everybody_may_watch)
{
  const WhepHttpParams params = { .address = "127.0.0.1",
    .max_viewers = 10,
    .view_keys = "" };
  WhepServer server;
  g_autofree gchar *path = NULL;

  whep_server_init_as (&server, &params);
  whep_server_publish (&server, 1, "live/cam");
  path = open_session (&server);
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (keys_that_cannot_be_read_are_an_error_at_the_start)
{
  g_autoptr (GError) error = NULL;
  WhepCertificate *certificate = whep_certificate_new (NULL);
  const WhepMediaParams media_params = { .address = "127.0.0.1" };
  WhepMedia *media = whep_media_new (&media_params, NULL);
  WhepHttpParams params = { .address = "127.0.0.1",
    .view_keys = "/nonexistent/keys" };

  ck_assert (whep_http_new (&params, media, certificate, &error) == NULL);
  ck_assert_msg (strstr (error->message, "/nonexistent/keys") != NULL, "%s",
      error->message);
  whep_media_free (media);
  whep_certificate_free (certificate);
}
GST_END_TEST;

GST_START_TEST (who_asks_too_often_is_told_when_to_ask_again)
{
  WhepServer server;
  guint n_served = 0;

  whep_server_init (&server, 10);
  whep_server_publish (&server, 1, "live/cam");
  /* While these are asked, some more may be earned. */
  for (guint status = 0; status != 429; n_served++) {
    g_auto (Reply) reply =
        whep_server_ask_with (&server, "POST", ENDPOINT, SDP, "v=0\r\n");

    status = reply.status;
    ck_assert_uint_lt (n_served, 100 * WHEP_TOLL_BURST);
    if (status != 429)
      continue;
    reply_assert_problem (&reply, 429, "address");
    ck_assert_str_eq (soup_message_get_reason_phrase (reply.message),
        "Too Many Requests");
    ck_assert_str_eq (reply_header (&reply, "Retry-After"), "1");
  }
  ck_assert_uint_gt (n_served, WHEP_TOLL_BURST);
  {
    /* What costs nothing is not counted. */
    g_auto (Reply) reply = whep_server_ask (&server, "OPTIONS", ENDPOINT);

    ck_assert_uint_eq (reply.status, 204);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whepconformance_suite (void)
{
  Suite *suite = suite_create ("whepconformance");
  TCase *tcase = tcase_create ("whepconformance");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, what_an_endpoint_answers);
  tcase_add_test (tcase, metrics_are_served_as_prometheus_wants_them);
  tcase_add_test (tcase, what_a_session_answers);
  tcase_add_test (tcase, what_a_page_of_another_site_may_read);
  tcase_add_test (tcase, a_bearer_token_lets_in_and_nothing_else);
  tcase_add_test (tcase,
      keys_that_change_count_at_once_and_bad_ones_let_nobody_in);
  tcase_add_test (tcase, who_asks_too_often_is_told_when_to_ask_again);
  tcase_add_test (tcase, without_a_file_of_keys_everybody_may_watch);
  tcase_add_test (tcase, keys_that_cannot_be_read_are_an_error_at_the_start);
  return suite;
}

GST_CHECK_MAIN (whepconformance);
