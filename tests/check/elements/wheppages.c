/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everything that is served besides WHEP: pages, the list, health, and the
 * replies for unknown paths. */

#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define OFFER "chromium-156-linux"

static const gchar *const nowhere[] = {
  "/whep/cam",
  "/whep/",
  "/whep/live/",
  "/whep/live//cam",
  "/whep/live/%2e%2e",
  "/whep/live/cam%00",
  "/whep/live/%ff",
  "/watch/cam",
  "/no-such-file",
  "/api",
  "/api/streams/",
};

GST_START_TEST (an_unknown_path_is_404)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (nowhere); i++) {
    gboolean is_endpoint = g_str_has_prefix (nowhere[i], "/whep");
    g_auto (Reply) reply = is_endpoint
        ? whep_server_offer (&server, nowhere[i], OFFER)
        : whep_server_ask (&server, "GET", nowhere[i]);

    ck_assert_msg (reply.status == 404, "%s: %u", nowhere[i], reply.status);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

/* Requests as a browser does, which gets a reply for people. */
static Reply
ask_as_browser (WhepServer *self, const gchar *path)
{
  SoupMessage *message = whep_server_message (self, "GET", path);

  soup_message_headers_replace (soup_message_get_request_headers (message),
      "Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  return whep_server_send (self, message);
}

static const struct
{
  const gchar *path, *base;
} mistyped[] = {
  { "/cam", "<base href=\"./\">" },
  { "/watch/cam", "<base href=\"../\">" },
  { "/watch/live//cam", "<base href=\"../../../\">" },
  { "/api/streams/", "<base href=\"../../\">" },
};

GST_START_TEST (the_page_for_a_mistyped_address_links_back)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (mistyped); i++) {
    g_auto (Reply) reply = ask_as_browser (&server, mistyped[i].path);

    ck_assert_uint_eq (reply.status, 404);
    ck_assert_str_eq (reply_header (&reply, "Content-Type"),
        "text/html; charset=utf-8");
    ck_assert_str_ne (reply_header (&reply, "Content-Security-Policy"), "");
    ck_assert_msg (strstr (reply.body, mistyped[i].base) != NULL, "%s",
        mistyped[i].path);
    ck_assert (strstr (reply.body, "<a href=\"./\">") != NULL);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static const struct
{
  const gchar *path, *location;
} moved[] = {
  { "/watch/live/cam/", "../../../watch/live/cam" },
  { "/live/cam", "../watch/live/cam" },
  { "/live/cam//?token=a%2Fb", "../../../watch/live/cam?token=a%2Fb" },
  { "/watch/", "../" },
};

GST_START_TEST (a_streams_name_leads_to_its_page)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (moved); i++) {
    g_auto (Reply) reply = ask_as_browser (&server, moved[i].path);

    ck_assert_msg (reply.status == 301, "%s: %u", moved[i].path, reply.status);
    ck_assert_str_eq (reply_header (&reply, "Location"), moved[i].location);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static const struct
{
  const gchar *method, *path, *allow;
} wrong_methods[] = {
  { "GET", "/whep/live/cam", "POST, OPTIONS" },
  { "DELETE", "/whep/live/cam", "POST, OPTIONS" },
  { "POST", "/", "GET, HEAD, OPTIONS" },
  { "PUT", "/watch/live/cam", "GET, HEAD, OPTIONS" },
  { "DELETE", "/api/streams", "GET, HEAD, OPTIONS" },
  { "POST", "/healthz", "GET, HEAD, OPTIONS" },
  { "TRACE", "/healthz", "GET, HEAD, OPTIONS" },
};

GST_START_TEST (a_wrong_method_is_answered_with_the_allowed_ones)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (wrong_methods); i++) {
    g_auto (Reply) reply = whep_server_ask (&server, wrong_methods[i].method,
        wrong_methods[i].path);

    reply_assert_problem (&reply, 405, "method");
    ck_assert_str_eq (reply_header (&reply, "Allow"), wrong_methods[i].allow);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static const struct
{
  const gchar *name, *words;
} cors[] = {
  { "Access-Control-Allow-Origin", "*" },
  { "Access-Control-Allow-Methods", "POST, PATCH, DELETE, OPTIONS" },
  { "Access-Control-Allow-Headers", "Authorization, Content-Type, If-Match" },
  { "Access-Control-Expose-Headers",
      "Location, ETag, Link, Retry-After, Accept-Patch" },
};

GST_START_TEST (players_on_other_origins_may_send_requests)
{
  WhepServer server;

  whep_server_init (&server, 10);
  {
    g_auto (Reply) preflight =
        whep_server_ask (&server, "OPTIONS", "/whep/live/cam");
    g_auto (Reply) rejection =
        whep_server_offer (&server, "/whep/live/cam", OFFER);

    ck_assert_uint_eq (preflight.status, 204);
    ck_assert_str_eq (reply_header (&preflight, "Accept-Post"),
        "application/sdp");
    ck_assert_str_eq (reply_header (&preflight, "Allow"), "POST, OPTIONS");
    ck_assert_uint_eq (rejection.status, 409);
    for (guint i = 0; i < G_N_ELEMENTS (cors); i++) {
      ck_assert (
          strstr (reply_header (&preflight, cors[i].name), cors[i].words));
      ck_assert (
          strstr (reply_header (&rejection, cors[i].name), cors[i].words));
    }
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (the_list_names_tracks_and_viewers)
{
  WhepServer server;

  whep_server_init (&server, 10);
  {
    g_auto (Reply) reply = whep_server_ask (&server, "GET", "/api/streams");

    ck_assert_str_eq (reply_header (&reply, "Content-Type"),
        "application/json");
    ck_assert_str_eq (reply.body, "[]");
  }
  whep_server_publish (&server, 1, "live/cam");
  {
    g_auto (Reply) joined =
        whep_server_offer (&server, "/whep/live/cam", OFFER);
    g_auto (Reply) reply = whep_server_ask (&server, "GET", "/api/streams");

    ck_assert (strstr (reply.body, "\"name\":\"live/cam\"") != NULL);
    ck_assert (strstr (reply.body, "\"viewers\":1") != NULL);
    ck_assert (strstr (reply.body, "\"profile_level_id\":\"42c01f\""));
    ck_assert (strstr (reply.body, "\"audio\"") == NULL);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (metrics_are_served_as_prometheus_expects_them)
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
    ck_assert (strstr (reply.body, "whep_packets_sent_total 0\n") != NULL);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

/* The media thread reports it within a second. */
GST_START_TEST (the_viewers_of_a_stream_are_listed)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;
  gboolean is_told = FALSE;
  WhepServer server;

  whep_server_init (&server, 10);
  whep_server_publish (&server, 1, "live/cam");
  {
    g_auto (Reply) joined =
        whep_server_offer (&server, "/whep/live/cam", OFFER);

    ck_assert_uint_eq (joined.status, 201);
  }
  while (!is_told) {
    g_auto (Reply) cam =
        whep_server_ask (&server, "GET", "/api/streams/live/cam/viewers");
    g_auto (Reply) other =
        whep_server_ask (&server, "GET", "/api/streams/live/other/viewers");

    ck_assert_uint_eq (cam.status, 200);
    ck_assert_str_eq (other.body, "[]");
    is_told = g_str_has_prefix (cam.body, "[{\"viewer\":\"");
    ck_assert_msg (g_get_monotonic_time () < deadline_us, "%s", cam.body);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (the_health_check_replies)
{
  WhepServer server;

  whep_server_init (&server, 10);
  {
    g_auto (Reply) reply = whep_server_ask (&server, "GET", "/healthz");
    g_auto (Reply) head = whep_server_ask (&server, "HEAD", "/healthz");

    ck_assert_uint_eq (reply.status, 200);
    ck_assert_str_eq (reply.body, "ok\n");
    ck_assert_uint_eq (head.status, 200);
    ck_assert_str_eq (reply_header (&head, "Content-Length"), "3");
    ck_assert_str_eq (head.body, "");
  }
  whep_server_clear (&server);
}
GST_END_TEST;

/* Each file that one of our pages or scripts names in src, href or import. */
static void
assert_links_are_there (WhepServer *self, const gchar *text)
{
  g_autoptr (GRegex) link =
      g_regex_new ("(?:src|href)=\"([\\w.]+)\"|from '\\./([\\w.]+)'", 0, 0,
          NULL);
  g_autoptr (GMatchInfo) match = NULL;
  guint n_links = 0;

  g_regex_match (link, text, 0, &match);
  while (g_match_info_matches (match)) {
    g_autofree gchar *in_page = g_match_info_fetch (match, 1);
    g_autofree gchar *in_script = g_match_info_fetch (match, 2);
    g_autofree gchar *path = g_strconcat ("/", in_page, in_script, NULL);
    g_auto (Reply) reply = whep_server_ask (self, "GET", path);

    ck_assert_msg (reply.status == 200, "%s: %u", path, reply.status);
    ck_assert_str_eq (reply_header (&reply, "X-Content-Type-Options"),
        "nosniff");
    if (g_str_has_suffix (path, ".js") &&
        strstr (reply.body, "import ") != NULL)
      assert_links_are_there (self, reply.body);
    n_links++;
    g_match_info_next (match, NULL);
  }
  ck_assert_uint_gt (n_links, 0);
}

static const struct
{
  const gchar *path, *base;
} pages[] = {
  { "/", "<base href=\"./\">" },
  { "/watch/live/cam", "<base href=\"../../\">" },
  { "/embed/live/cam", "<base href=\"../../\">" },
  { "/watch/live/a/b%2Fc", "<base href=\"../../../\">" },
};

GST_START_TEST (pages_find_their_files_and_load_nothing_else)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++) {
    g_auto (Reply) reply = whep_server_ask (&server, "GET", pages[i].path);
    const gchar *policy = reply_header (&reply, "Content-Security-Policy");

    ck_assert_uint_eq (reply.status, 200);
    ck_assert_str_eq (reply_header (&reply, "Content-Type"),
        "text/html; charset=utf-8");
    ck_assert (g_str_has_prefix (policy, "default-src 'none';"));
    ck_assert (strstr (policy, "unsafe") == NULL);
    ck_assert_msg (strstr (reply.body, pages[i].base) != NULL, "%s",
        pages[i].path);
    ck_assert (
        !g_regex_match_simple ("(src|href)=\"\\w*:?//", reply.body, 0, 0));
    assert_links_are_there (&server, reply.body);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
wheppages_suite (void)
{
  Suite *suite = suite_create ("wheppages");
  TCase *tcase = tcase_create ("wheppages");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_unknown_path_is_404);
  tcase_add_test (tcase, the_page_for_a_mistyped_address_links_back);
  tcase_add_test (tcase, a_streams_name_leads_to_its_page);
  tcase_add_test (tcase, a_wrong_method_is_answered_with_the_allowed_ones);
  tcase_add_test (tcase, players_on_other_origins_may_send_requests);
  tcase_add_test (tcase, the_list_names_tracks_and_viewers);
  tcase_add_test (tcase, metrics_are_served_as_prometheus_expects_them);
  tcase_add_test (tcase, the_viewers_of_a_stream_are_listed);
  tcase_add_test (tcase, the_health_check_replies);
  tcase_add_test (tcase, pages_find_their_files_and_load_nothing_else);
  return suite;
}

GST_CHECK_MAIN (wheppages);
