/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* /api/v1 over HTTP: what an administrator sees and does, and that nobody else
 * can. */

#include "ext/whep/http/apiendpoint-io.h"
#include "ext/whep/http/tracknotes-io.h"
#include "tests/support/whepserver.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define STREAM "live/cam"
#define PLAYER "chromium-156-linux"
#define TOKEN "administrator"
#define JSON "application/json"

/* What the element would do. */
typedef struct
{
  gboolean has_source;
  gchar *stream, *reason;
  guint64 refuse_for_ns;
  guint64 max_viewers;
} Element;

typedef struct
{
  WhepServer server;
  Element element;
  gchar *tokens;
} Fixture;

static gboolean
take_disconnect (const gchar *stream, const gchar *reason,
    guint64 refuse_for_ns, gpointer user_data)
{
  Element *self = user_data;

  g_free (self->stream);
  g_free (self->reason);
  self->stream = g_strdup (stream);
  self->reason = g_strdup (reason);
  self->refuse_for_ns = refuse_for_ns;
  return self->has_source;
}

static guint
read_settings (WhepApiNumber *settings, gpointer user_data)
{
  const Element *self = user_data;

  settings[0] = (WhepApiNumber){ .name = "max_viewers",
    .min = 1,
    .max = 100,
    .value = self->max_viewers };
  return 1;
}

static void
change_settings (const WhepApiNumber *settings, guint n_settings,
    gpointer user_data)
{
  ck_assert_uint_eq (n_settings, 1);
  if (settings[0].is_set)
    ((Element *) user_data)->max_viewers = settings[0].value;
}

static void
fixture_init (Fixture *self, gboolean has_admins)
{
  WhepHttpParams params = {
    .address = "127.0.0.1",
    .max_viewers = 10,
    .controls = { .disconnect_publisher = take_disconnect,
        .read_settings = read_settings,
        .change_settings = change_settings,
        .user_data = &self->element },
  };
  gint fd;

  memset (self, 0, sizeof (*self));
  self->element.has_source = TRUE;
  self->element.max_viewers = 10;
  fd = g_file_open_tmp ("tokens-XXXXXX", &self->tokens, NULL);
  ck_assert (fd >= 0);
  g_close (fd, NULL);
  ck_assert (g_file_set_contents (self->tokens, TOKEN "\n", -1, NULL));
  if (has_admins)
    params.authorizer.api_tokens = self->tokens;
  whep_server_init_as (&self->server, &params);
  whep_server_publish (&self->server, 1, STREAM);
}

static void
fixture_clear (Fixture *self)
{
  whep_server_clear (&self->server);
  g_remove (self->tokens);
  g_free (self->tokens);
  g_free (self->element.stream);
  g_free (self->element.reason);
}

static Reply
ask_as (Fixture *self, const gchar *token, const gchar *method,
    const gchar *path, const gchar *body)
{
  SoupMessage *message = whep_server_message (&self->server, method, path);
  g_autofree gchar *bearer = g_strconcat ("Bearer ", token, NULL);

  if (token != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message),
        "Authorization", bearer);
  if (body != NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

    soup_message_set_request_body_from_bytes (message, JSON, bytes);
  }
  return whep_server_send (&self->server, message);
}

static Reply
ask (Fixture *self, const gchar *method, const gchar *path, const gchar *body)
{
  return ask_as (self, TOKEN, method, path, body);
}

static const struct
{
  const gchar *method, *path, *body;
} admin_calls[] = {
  { "GET", "/api/v1/viewers", NULL },
  { "GET", "/api/v1/streams/" STREAM "/viewers", NULL },
  { "DELETE", "/api/v1/streams/" STREAM "/publisher", NULL },
  { "GET", "/api/v1/streams/" STREAM "/recording", NULL },
  { "POST", "/api/v1/streams/" STREAM "/recording", NULL },
  { "DELETE", "/api/v1/streams/" STREAM "/recording", NULL },
  { "DELETE", "/api/v1/viewers/abcd", NULL },
  { "GET", "/api/v1/settings", NULL },
  { "PATCH", "/api/v1/settings", "{}" },
  { "GET", "/api/v1/drain", NULL },
  { "POST", "/api/v1/drain", "{\"deadline_s\":0}" },
  { "DELETE", "/api/v1/drain", NULL },
};

GST_START_TEST (without_a_file_of_tokens_there_are_no_calls_for_administrators)
{
  Fixture fixture;

  fixture_init (&fixture, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (admin_calls); i++) {
    g_auto (Reply) reply = ask (&fixture, admin_calls[i].method,
        admin_calls[i].path, admin_calls[i].body);

    reply_assert_problem (&reply, 404, "nothing at this address");
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (an_administrators_token_is_needed)
{
  static const gchar *const tokens[] = { NULL, "wrong" };
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (admin_calls); i++)
    for (guint j = 0; j < G_N_ELEMENTS (tokens); j++) {
      g_auto (Reply) reply = ask_as (&fixture, tokens[j], admin_calls[i].method,
          admin_calls[i].path, admin_calls[i].body);

      reply_assert_problem (&reply, 401, "administrator's token");
    }
  ck_assert (fixture.element.stream == NULL);
  fixture_clear (&fixture);
}
GST_END_TEST;

static void
say_publisher (Fixture *self)
{
  WhepPublisher publisher = {
    .id = (gchar *) "7",
    .address = (gchar *) "192.0.2.7",
    .port = 4711,
    .protocol = (gchar *) "rtmp",
  };

  whep_http_note_publisher (self->server.http, 1, &publisher);
}

GST_START_TEST (only_an_administrator_sees_the_publishers_address)
{
  static const gchar *const paths[] = { "/api/v1/streams",
    "/api/v1/streams/" STREAM };
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  say_publisher (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_auto (Reply) of_admin = ask (&fixture, "GET", paths[i], NULL);
    g_auto (Reply) of_all = ask_as (&fixture, NULL, "GET", paths[i], NULL);

    ck_assert_uint_eq (of_admin.status, 200);
    ck_assert_msg (strstr (of_admin.body, "192.0.2.7") != NULL, "%s",
        of_admin.body);
    ck_assert_uint_eq (of_all.status, 200);
    ck_assert_msg (strstr (of_all.body, STREAM) != NULL, "%s", of_all.body);
    ck_assert_msg (strstr (of_all.body, "192.0.2.7") == NULL, "%s",
        of_all.body);
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

/* A server that is open to all tells who is an administrator: that is a way to
 * guess. */
GST_START_TEST (tokens_cannot_be_guessed_by_asking_for_streams)
{
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  for (guint i = 0; i < WHEP_AUTHORIZER_GUESSES; i++) {
    g_auto (Reply) reply =
        ask_as (&fixture, "guess", "GET", "/api/v1/streams", NULL);

    ck_assert_uint_eq (reply.status, 200);
  }
  {
    g_auto (Reply) reply = ask (&fixture, "GET", "/api/v1/streams", NULL);

    reply_assert_problem (&reply, 429, "wrong tokens");
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (a_stream_that_is_not_live_is_not_found)
{
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  {
    g_auto (Reply) stream =
        ask (&fixture, "GET", "/api/v1/streams/live/none", NULL);
    g_auto (Reply) viewers =
        ask (&fixture, "GET", "/api/v1/streams/live/none/viewers", NULL);
    g_auto (Reply) publisher =
        ask (&fixture, "DELETE", "/api/v1/streams/live/none/publisher", NULL);

    reply_assert_problem (&stream, 404, "Nobody publishes");
    reply_assert_problem (&viewers, 404, "Nobody publishes");
    reply_assert_problem (&publisher, 404, "Nobody publishes");
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (a_publisher_is_disconnected_and_refused_for_a_time)
{
  const gchar *path = "/api/v1/streams/" STREAM "/publisher";
  const gchar *refusing = "/api/v1/streams/live%2Fcam/publisher?refuse-for=60";
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  {
    g_auto (Reply) reply = ask (&fixture, "DELETE", path, NULL);

    ck_assert_uint_eq (reply.status, 204);
    ck_assert_str_eq (fixture.element.stream, STREAM);
    ck_assert_str_eq (fixture.element.reason, WHEP_API_REASON);
    ck_assert_uint_eq (fixture.element.refuse_for_ns, 0);
  }
  {
    g_auto (Reply) reply = ask (&fixture, "DELETE", refusing, NULL);

    ck_assert_uint_eq (reply.status, 204);
    ck_assert_uint_eq (fixture.element.refuse_for_ns,
        G_GUINT64_CONSTANT (60000000000));
  }
  fixture.element.has_source = FALSE;
  {
    g_auto (Reply) reply = ask (&fixture, "DELETE", path, NULL);

    reply_assert_problem (&reply, 409, "not a publisher");
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (a_time_that_is_malformed_disconnects_nobody)
{
  static const gchar *const times[] = { "-1", "86401", "1.5", "", "soon",
    "99999999999999999999" };
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    g_autofree gchar *path =
        g_strdup_printf ("/api/v1/streams/" STREAM "/publisher?refuse-for=%s",
            times[i]);
    g_auto (Reply) reply = ask (&fixture, "DELETE", path, NULL);

    reply_assert_problem (&reply, 400, "refuse-for");
  }
  ck_assert (fixture.element.stream == NULL);
  fixture_clear (&fixture);
}
GST_END_TEST;

/* Returns: (transfer full): the name of the viewer, which the server lists
 * alone. */
static gchar *
viewer_of (Fixture *self)
{
  g_auto (Reply) reply = ask (self, "GET", "/api/v1/viewers", NULL);
  g_autoptr (JsonNode) root = json_from_string (reply.body, NULL);
  JsonArray *viewers = json_node_get_array (root);

  ck_assert_uint_eq (json_array_get_length (viewers), 1);
  return g_strdup (
      json_object_get_string_member (json_array_get_object_element (viewers, 0),
          "id"));
}

/* Returns: (transfer full): the path of the session. */
static gchar *
watch (Fixture *self)
{
  g_auto (Reply) reply =
      whep_server_offer (&self->server, "/whep/" STREAM, PLAYER);

  ck_assert_msg (reply.status == 201, "%s", reply.body);
  return reply_session_path (&reply);
}

GST_START_TEST (a_viewer_is_disconnected_and_can_ask_why)
{
  static const gchar *const methods[] = { "GET", "PATCH", "DELETE" };
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  {
    g_autofree gchar *session = watch (&fixture);
    g_autofree gchar *id = viewer_of (&fixture);
    g_autofree gchar *path = g_strconcat ("/api/v1/viewers/", id, NULL);
    g_auto (Reply) first = ask (&fixture, "DELETE", path, NULL);
    g_auto (Reply) second = ask (&fixture, "DELETE", path, NULL);
    g_auto (Reply) viewers = ask (&fixture, "GET", "/api/v1/viewers", NULL);

    ck_assert_uint_eq (first.status, 204);
    reply_assert_problem (&second, 404, "no such viewer");
    ck_assert_str_eq (viewers.body, "[]");
    for (guint i = 0; i < G_N_ELEMENTS (methods); i++) {
      g_auto (Reply) farewell = whep_server_ask_with (&fixture.server,
          methods[i], session, "application/trickle-ice-sdpfrag", "");

      reply_assert_problem (&farewell, 410, WHEP_API_REASON);
    }
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (settings_are_read_and_changed)
{
  const gchar *path = "/api/v1/settings";
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  {
    g_auto (Reply) before = ask (&fixture, "GET", path, NULL);
    g_auto (Reply) changed =
        ask (&fixture, "PATCH", path, "{\"max_viewers\":20}");
    g_auto (Reply) after = ask (&fixture, "GET", path, NULL);

    ck_assert_str_eq (before.body, "{\"max_viewers\":10}");
    ck_assert_uint_eq (changed.status, 200);
    ck_assert_str_eq (changed.body, "{\"max_viewers\":20}");
    ck_assert_str_eq (after.body, "{\"max_viewers\":20}");
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (a_setting_that_is_unknown_or_out_of_range_is_rejected)
{
  const gchar *path = "/api/v1/settings";
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  {
    g_auto (Reply) unknown = ask (&fixture, "PATCH", path, "{\"port\":1}");
    g_auto (Reply) high =
        ask (&fixture, "PATCH", path, "{\"max_viewers\":101}");
    g_auto (Reply) broken = ask (&fixture, "PATCH", path, "{");
    g_auto (Reply) other = whep_server_ask_with (&fixture.server, "PATCH", path,
        "text/plain", "{}");

    reply_assert_problem (&unknown, 422, "port");
    reply_assert_problem (&high, 422, "from 1 to 100");
    reply_assert_problem (&broken, 400, "JSON object");
    reply_assert_problem (&other, 415, JSON);
    ck_assert_str_eq (reply_header (&other, "Accept-Patch"), JSON);
    ck_assert_uint_eq (fixture.element.max_viewers, 10);
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

static void
wait_until_drained (Fixture *self)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;
  gboolean is_drained = FALSE;

  while (!is_drained) {
    g_auto (Reply) reply = ask (self, "GET", "/api/v1/drain", NULL);

    is_drained = strstr (reply.body, "\"drained\"") != NULL;
    ck_assert_msg (g_get_monotonic_time () < deadline_us, "%s", reply.body);
  }
}

static void
assert_no_new_viewers (Fixture *self)
{
  g_auto (Reply) reply =
      whep_server_offer (&self->server, "/whep/" STREAM, PLAYER);

  reply_assert_problem (&reply, 503, "no new viewers");
  ck_assert_str_ne (reply_header (&reply, "Retry-After"), "");
}

GST_START_TEST (a_server_is_drained_once_its_viewers_have_left)
{
  const gchar *path = "/api/v1/drain";
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  {
    g_autofree gchar *session = watch (&fixture);
    g_auto (Reply) begun =
        ask (&fixture, "POST", path, "{\"deadline_s\":3600}");

    ck_assert_uint_eq (begun.status, 200);
    ck_assert_str_eq (begun.body,
        "{\"state\":\"draining\",\"viewers\":1,\"remaining_s\":3600}");
    assert_no_new_viewers (&fixture);
    {
      g_auto (Reply) left =
          whep_server_ask (&fixture.server, "DELETE", session);

      ck_assert_uint_eq (left.status, 200);
    }
    wait_until_drained (&fixture);
    assert_no_new_viewers (&fixture);
  }
  {
    g_auto (Reply) over = ask (&fixture, "DELETE", path, NULL);
    g_autofree gchar *session = NULL;

    ck_assert_str_eq (over.body, "{\"state\":\"off\",\"viewers\":0}");
    session = watch (&fixture);
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (viewers_are_disconnected_at_the_deadline)
{
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  {
    g_autofree gchar *session = watch (&fixture);
    g_auto (Reply) begun =
        ask (&fixture, "POST", "/api/v1/drain", "{\"deadline_s\":0}");
    g_auto (Reply) gone = { 0 };

    ck_assert_str_eq (begun.body, "{\"state\":\"drained\",\"viewers\":0}");
    /* Its page tries again, and is asked to come back later. */
    gone = whep_server_ask (&fixture.server, "GET", session);
    reply_assert_problem (&gone, 404, "no such session");
    assert_no_new_viewers (&fixture);
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (a_deadline_is_needed_and_limited)
{
  static const gchar *const bodies[] = { "{}", "{\"deadline_s\":86401}",
    "{\"deadline_s\":-1}", "{\"deadline\":1}" };
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_auto (Reply) reply = ask (&fixture, "POST", "/api/v1/drain", bodies[i]);

    reply_assert_problem (&reply, 422, "deadline");
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (another_method_is_not_allowed_and_options_lists_those_that_are)
{
  static const struct
  {
    const gchar *path, *allow;
  } routes[] = {
    { "/api/v1/streams", "GET, HEAD, OPTIONS" },
    { "/api/v1/streams/" STREAM, "GET, HEAD, OPTIONS" },
    { "/api/v1/streams/" STREAM "/viewers", "GET, HEAD, OPTIONS" },
    { "/api/v1/streams/" STREAM "/publisher", "DELETE, OPTIONS" },
    { "/api/v1/streams/" STREAM "/recording",
        "GET, HEAD, POST, DELETE, OPTIONS" },
    { "/api/v1/viewers", "GET, HEAD, OPTIONS" },
    { "/api/v1/viewers/abcd", "DELETE, OPTIONS" },
    { "/api/v1/settings", "GET, HEAD, PATCH, OPTIONS" },
    { "/api/v1/drain", "GET, HEAD, POST, DELETE, OPTIONS" },
    { "/api/v1/openapi.json", "GET, HEAD, OPTIONS" },
  };
  Fixture fixture;

  fixture_init (&fixture, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++) {
    g_auto (Reply) put = ask (&fixture, "PUT", routes[i].path, NULL);
    g_auto (Reply) options = ask (&fixture, "OPTIONS", routes[i].path, NULL);

    ck_assert_uint_eq (put.status, 405);
    ck_assert_str_eq (reply_header (&put, "Allow"), routes[i].allow);
    ck_assert_uint_eq (options.status, 204);
    ck_assert_str_eq (reply_header (&options, "Allow"), routes[i].allow);
  }
  fixture_clear (&fixture);
}
GST_END_TEST;

static Suite *
whepapi_suite (void)
{
  Suite *suite = suite_create ("whepapi");
  TCase *tcase = tcase_create ("whepapi");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      without_a_file_of_tokens_there_are_no_calls_for_administrators);
  tcase_add_test (tcase, an_administrators_token_is_needed);
  tcase_add_test (tcase, only_an_administrator_sees_the_publishers_address);
  tcase_add_test (tcase, tokens_cannot_be_guessed_by_asking_for_streams);
  tcase_add_test (tcase, a_stream_that_is_not_live_is_not_found);
  tcase_add_test (tcase, a_publisher_is_disconnected_and_refused_for_a_time);
  tcase_add_test (tcase, a_time_that_is_malformed_disconnects_nobody);
  tcase_add_test (tcase, a_viewer_is_disconnected_and_can_ask_why);
  tcase_add_test (tcase, settings_are_read_and_changed);
  tcase_add_test (tcase, a_setting_that_is_unknown_or_out_of_range_is_rejected);
  tcase_add_test (tcase, a_server_is_drained_once_its_viewers_have_left);
  tcase_add_test (tcase, viewers_are_disconnected_at_the_deadline);
  tcase_add_test (tcase, a_deadline_is_needed_and_limited);
  tcase_add_test (tcase,
      another_method_is_not_allowed_and_options_lists_those_that_are);
  return suite;
}

GST_CHECK_MAIN (whepapi);
