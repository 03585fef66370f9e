/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may watch: the file of keys, and the token that a request brings. */

#include "tests/support/browseroffer.h"
#include "tests/support/whepserver.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

#define SDP "application/sdp"
#define PLAYER "chromium-156-linux"
#define ENDPOINT "/whep/live/cam"

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

  whep_server_init_as (&server, &params);
  whep_server_publish (&server, 1, "live/cam");
  {
    g_auto (Reply) reply = whep_server_offer (&server, ENDPOINT, PLAYER);

    ck_assert_uint_eq (reply.status, 201);
  }
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

static Suite *
whepaccess_suite (void)
{
  Suite *suite = suite_create ("whepaccess");
  TCase *tcase = tcase_create ("whepaccess");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_bearer_token_lets_in_and_nothing_else);
  tcase_add_test (tcase,
      keys_that_change_count_at_once_and_bad_ones_let_nobody_in);
  tcase_add_test (tcase, without_a_file_of_keys_everybody_may_watch);
  tcase_add_test (tcase, keys_that_cannot_be_read_are_an_error_at_the_start);
  return suite;
}

GST_CHECK_MAIN (whepaccess);
