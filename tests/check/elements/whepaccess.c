/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which offers are accepted: by the keys file and the token in the request, by
 * the application, by the hook. */

#include "tests/support/browseroffer.h"
#include "tests/support/hookserver.h"
#include "tests/support/whepserver.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

#define SDP "application/sdp"
#define PLAYER "chromium-156-linux"
#define ENDPOINT "/whep/live/cam"

/* A server with a keys file, which is deleted with it. */
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
  params.authorizer.keys = self->path;
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
offer_to (WhepServer *server, const gchar *path, const gchar *authorization)
{
  g_autofree gchar *offer = browser_offer_load (PLAYER);
  g_autoptr (GBytes) body = g_bytes_new (offer, strlen (offer));
  SoupMessage *message = whep_server_message (server, "POST", path);

  soup_message_set_request_body_from_bytes (message, SDP, body);
  if (authorization != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message),
        "Authorization", authorization);
  return whep_server_send (server, message);
}

static Reply
offer_as (Guarded *self, const gchar *path, const gchar *authorization)
{
  return offer_to (&self->server, path, authorization);
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
  /* The header takes precedence. */
  { ENDPOINT "?token=open", "Bearer shut", 401,
      "Bearer error=\"invalid_token\"" },
  /* Only an authorized viewer learns whether there is a publisher. */
  { "/whep/live/none", "Bearer open", 401, "Bearer error=\"invalid_token\"" },
  { "/whep/live/later", "Bearer open", 409, "" },
};

GST_START_TEST (only_a_valid_bearer_token_is_accepted)
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

GST_START_TEST (changed_keys_apply_at_once_and_invalid_ones_admit_nobody)
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

GST_START_TEST (without_a_keys_file_anyone_may_watch)
{
  const WhepHttpParams params = { .address = "127.0.0.1",
    .max_viewers = 10,
    .authorizer = { .keys = "" } };
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

GST_START_TEST (unreadable_keys_are_an_error_at_the_start)
{
  g_autoptr (GError) error = NULL;
  WhepCertificate *certificate = whep_certificate_new (NULL);
  const WhepMediaParams media_params = { .address = "127.0.0.1" };
  WhepMedia *media = whep_media_new (&media_params, NULL);
  WhepHttpParams params = { .address = "127.0.0.1",
    .authorizer = { .keys = "/nonexistent/keys" } };

  ck_assert (whep_http_new (&params, media, certificate, &error) == NULL);
  ck_assert_msg (strstr (error->message, "/nonexistent/keys") != NULL, "%s",
      error->message);
  whep_media_free (media);
  whep_certificate_free (certificate);
}
GST_END_TEST;

static const struct
{
  const gchar *path, *authorization;
  guint status;
} odd_tokens[] = {
  { ENDPOINT "?token=a+b/c=%25", NULL, 201 },
  { ENDPOINT "?token=a%2Bb%2Fc%3D%25", NULL, 201 },
  { ENDPOINT "?x=1&token=a+b/c=%25&y=2", NULL, 201 },
  { ENDPOINT "?token=a%20b/c=%25", NULL, 401 },
  { ENDPOINT, "Bearer a+b/c=%", 201 },
  { ENDPOINT, "Bearer a%2Bb/c=%", 401 },
};

/* As in publishers' queries: percent-encoding is decoded, and a plus sign is
 * kept. */
GST_START_TEST (a_token_in_a_query_is_decoded_as_publishers_are)
{
  Guarded guarded;

  guarded_init (&guarded, "live/cam a+b/c=%\n");
  whep_server_publish (&guarded.server, 1, "live/cam");
  for (guint i = 0; i < G_N_ELEMENTS (odd_tokens); i++) {
    g_auto (Reply) reply =
        offer_as (&guarded, odd_tokens[i].path, odd_tokens[i].authorization);

    ck_assert_msg (reply.status == odd_tokens[i].status, "%s %s: %u",
        odd_tokens[i].path, odd_tokens[i].authorization, reply.status);
  }
  guarded_clear (&guarded);
}
GST_END_TEST;

/* A server with a hook. */
typedef struct
{
  WhepServer server;
  HookServer *hook;
} Asking;

static void
asking_init (Asking *self)
{
  WhepHttpParams params = { .address = "127.0.0.1", .max_viewers = 10 };

  self->hook = hook_server_new ();
  params.authorizer.hook = hook_server_url (self->hook);
  whep_server_init_as (&self->server, &params);
}

static void
asking_clear (Asking *self)
{
  whep_server_clear (&self->server);
  hook_server_free (self->hook);
}

/* Offers for live/KEY, which has no publisher: the reply to an authorized
 * viewer says so. */
static const struct
{
  const gchar *key;
  guint status;
  const gchar *words;
} answers[] = {
  { "yes", 409, "publishes" },
  { "no", 403, "not on Sundays" },
  { "rude", 401, "rejects it: 401" },
  { "long", 403, "lllllll" },
  { "moved", 403, "rejects it: 307" },
  { "broken", 503, "be checked" },
};

GST_START_TEST (the_hook_decides_whether_an_offer_is_accepted)
{
  Asking asking;

  asking_init (&asking);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autofree gchar *path = g_strdup_printf ("/whep/live/%s", answers[i].key);
    g_auto (Reply) reply = whep_server_offer (&asking.server, path, PLAYER);

    reply_assert_problem (&reply, answers[i].status, answers[i].words);
    ck_assert_str_eq (reply_header (&reply, "WWW-Authenticate"),
        answers[i].status == 401 ? "Bearer" : "");
  }
  asking_clear (&asking);
}
GST_END_TEST;

static const struct
{
  const gchar *path, *authorization, *query;
} visits[] = {
  { "/whep/live/yes", NULL, "\"query\":\"\"" },
  { "/whep/live/yes?a=1", NULL, "\"query\":\"a=1\"" },
  { "/whep/live/yes?token=t%2B", NULL, "\"query\":\"token=t%2B\"" },
  { "/whep/live/yes", "Bearer t+/", "\"query\":\"token=t%2B%2F\"" },
  { "/whep/live/yes?a=1", "Bearer t", "\"query\":\"token=t&a=1\"" },
};

GST_START_TEST (the_hook_is_sent_the_viewers_query_and_address)
{
  Asking asking;

  asking_init (&asking);
  for (guint i = 0; i < G_N_ELEMENTS (visits); i++) {
    g_auto (Reply) reply =
        offer_to (&asking.server, visits[i].path, visits[i].authorization);
    g_autofree gchar *body = hook_server_pop (asking.hook);

    ck_assert_uint_eq (reply.status, 409);
    ck_assert_msg (strstr (body, visits[i].query) != NULL, "%s", body);
    ck_assert (strstr (body, "\"action\":\"watch\"") != NULL);
    ck_assert (strstr (body, "\"key\":\"yes\"") != NULL);
    ck_assert (strstr (body, "\"address\":\"127.0.0.1\"") != NULL);
  }
  asking_clear (&asking);
}
GST_END_TEST;

GST_START_TEST (an_offer_is_rejected_if_the_hook_does_not_answer)
{
  Asking asking;

  asking_init (&asking);
  hook_server_free (asking.hook);
  {
    g_auto (Reply) reply =
        whep_server_offer (&asking.server, "/whep/live/yes", PLAYER);

    reply_assert_problem (&reply, 503, "be checked");
    ck_assert_str_eq (reply_header (&reply, "Retry-After"), "5");
  }
  whep_server_clear (&asking.server);
}
GST_END_TEST;

/* An offer whose answer is not awaited here. */
static GSocketConnection *
send_offer (const WhepServer *server, const gchar *path)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autofree gchar *request =
      g_strdup_printf ("POST %s HTTP/1.1\r\nHost: here\r\nContent-Type: " SDP
                       "\r\n"
                       "Content-Length: 5\r\n\r\noffer",
          path);
  GSocketConnection *connection = g_socket_client_connect_to_host (client,
      "127.0.0.1", whep_http_port (server->http), NULL, NULL);

  ck_assert (connection != NULL);
  ck_assert (g_output_stream_write_all (g_io_stream_get_output_stream (
                                            G_IO_STREAM (connection)),
      request, strlen (request), NULL, NULL, NULL));
  return connection;
}

GST_START_TEST (an_offer_that_awaits_the_hook_delays_no_other)
{
  Asking asking;
  GSocketConnection *slow, *gone;

  asking_init (&asking);
  slow = send_offer (&asking.server, "/whep/live/slow");
  gone = send_offer (&asking.server, "/whep/live/slow");
  g_free (hook_server_pop (asking.hook));
  g_free (hook_server_pop (asking.hook));
  g_object_unref (gone);
  {
    g_auto (Reply) reply =
        whep_server_offer (&asking.server, "/whep/live/yes", PLAYER);

    ck_assert_uint_eq (reply.status, 409);
  }
  /* And the server stops without the reply. */
  asking_clear (&asking);
  g_object_unref (slow);
}
GST_END_TEST;

GST_START_TEST (the_number_of_waiting_offers_is_limited)
{
  Asking asking;
  GSocketConnection *slow[WHEP_QUESTIONS_MAX];

  asking_init (&asking);
  for (guint i = 0; i < G_N_ELEMENTS (slow); i++)
    slow[i] = send_offer (&asking.server, "/whep/live/slow");
  for (guint i = 0; i < ACCESS_HOOK_MAX_CONNECTIONS; i++)
    g_free (hook_server_pop (asking.hook));
  {
    g_auto (Reply) reply =
        whep_server_offer (&asking.server, "/whep/live/yes", PLAYER);

    reply_assert_problem (&reply, 503, "Too many");
  }
  for (guint i = 0; i < G_N_ELEMENTS (slow); i++)
    g_object_unref (slow[i]);
  asking_clear (&asking);
}
GST_END_TEST;

/* The same with the elements. */

static gchar *
allow_all (GstElement *sink, const gchar *app, const gchar *key,
    const gchar *query, const gchar *address, gpointer user_data)
{
  return NULL;
}

static gchar *
allow_door (GstElement *sink, const gchar *app, const gchar *key,
    const gchar *query, const gchar *address, gpointer user_data)
{
  if (!g_str_equal (app, "live") || !g_str_equal (query, "token=t&a=1") ||
      !g_str_equal (address, "127.0.0.1"))
    return g_strdup ("something else");
  return g_str_equal (key, "door/2") ? NULL : g_strdup ("the door only");
}

static const gchar *const elements[] = { "whepsink", "rtmpwebrtcsink" };

/* Returns: (transfer full): the reply to an offer. */
static Reply
offer_to_element (GstElement *element, SoupSession *client, const gchar *path)
{
  WhepServer asked = { .client = client };
  g_autofree gchar *url = NULL;
  SoupMessage *message;
  guint port;

  g_object_get (element, "port", &port, NULL);
  url = g_strdup_printf ("http://127.0.0.1:%u%s", port, path);
  message = soup_message_new ("POST", url);
  soup_message_headers_replace (soup_message_get_request_headers (message),
      "Authorization", "Bearer t");
  soup_message_headers_replace (soup_message_get_request_headers (message),
      "Content-Type", SDP);
  return whep_server_send (&asked, message);
}

GST_START_TEST (the_application_can_reject_a_viewer)
{
  g_autoptr (SoupSession) client = soup_session_new ();
  GstElement *sink = gst_element_factory_make (elements[__i__], NULL);

  g_object_set (sink, "address", "127.0.0.1", "port", 0, NULL);
  g_signal_connect (sink, "authorize-view", G_CALLBACK (allow_all), NULL);
  g_signal_connect (sink, "authorize-view", G_CALLBACK (allow_door), NULL);
  g_signal_connect (sink, "authorize-view", G_CALLBACK (allow_all), NULL);
  gst_element_set_state (sink, GST_STATE_PAUSED);
  {
    g_auto (Reply) door =
        offer_to_element (sink, client, "/whep/live/door/2?a=1");
    g_auto (Reply) cam = offer_to_element (sink, client, "/whep/live/cam?a=1");

    reply_assert_problem (&door, 409, "publishes");
    reply_assert_problem (&cam, 403, "the door only");
  }
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_object_unref (sink);
}
GST_END_TEST;

GST_START_TEST (whepsink_asks_the_hook_at_its_url)
{
  g_autoptr (SoupSession) client = soup_session_new ();
  GstElement *sink = gst_element_factory_make (elements[__i__], NULL);
  HookServer *hook = hook_server_new ();

  g_object_set (sink, "address", "127.0.0.1", "port", 0, "on-watch",
      hook_server_url (hook), NULL);
  gst_element_set_state (sink, GST_STATE_PAUSED);
  {
    g_auto (Reply) yes = offer_to_element (sink, client, "/whep/live/yes");
    g_auto (Reply) no = offer_to_element (sink, client, "/whep/live/no");

    reply_assert_problem (&yes, 409, "publishes");
    reply_assert_problem (&no, 403, "not on Sundays");
  }
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_object_unref (sink);
  hook_server_free (hook);
}
GST_END_TEST;

GST_START_TEST (an_invalid_hook_url_is_an_error_at_the_start)
{
  static const gchar *const mistakes[] = { "ftp://127.0.0.1/", "127.0.0.1:80" };

  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    GstElement *sink = gst_element_factory_make ("whepsink", NULL);

    g_object_set (sink, "address", "127.0.0.1", "port", 0, "on-watch",
        mistakes[i], NULL);
    ck_assert_int_eq (gst_element_set_state (sink, GST_STATE_PAUSED),
        GST_STATE_CHANGE_FAILURE);
    gst_element_set_state (sink, GST_STATE_NULL);
    gst_object_unref (sink);
  }
}
GST_END_TEST;

static Suite *
whepaccess_suite (void)
{
  Suite *suite = suite_create ("whepaccess");
  TCase *tcase = tcase_create ("whepaccess");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, only_a_valid_bearer_token_is_accepted);
  tcase_add_test (tcase,
      changed_keys_apply_at_once_and_invalid_ones_admit_nobody);
  tcase_add_test (tcase, without_a_keys_file_anyone_may_watch);
  tcase_add_test (tcase, unreadable_keys_are_an_error_at_the_start);
  tcase_add_test (tcase, a_token_in_a_query_is_decoded_as_publishers_are);

  tcase = tcase_create ("asking");
  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_hook_decides_whether_an_offer_is_accepted);
  tcase_add_test (tcase, the_hook_is_sent_the_viewers_query_and_address);
  tcase_add_test (tcase, an_offer_is_rejected_if_the_hook_does_not_answer);
  tcase_add_test (tcase, an_offer_that_awaits_the_hook_delays_no_other);
  tcase_add_test (tcase, the_number_of_waiting_offers_is_limited);

  tcase = tcase_create ("elements");
  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, the_application_can_reject_a_viewer, 0,
      G_N_ELEMENTS (elements));
  tcase_add_loop_test (tcase, whepsink_asks_the_hook_at_its_url, 0,
      G_N_ELEMENTS (elements));
  tcase_add_test (tcase, an_invalid_hook_url_is_an_error_at_the_start);
  return suite;
}

GST_CHECK_MAIN (whepaccess);
