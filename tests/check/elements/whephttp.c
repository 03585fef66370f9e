/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* WHEP from the client's side: a real server, a real media thread, offers of
 * real browsers. */

#include "tests/support/browseroffer.h"
#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define SDP "application/sdp"

/* Requests @path until the status is @status. */
static void
wait_for_status (WhepServer *self, const gchar *path, guint status)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;
  guint last;

  do {
    g_auto (Reply) reply = whep_server_ask (self, "GET", path);

    last = reply.status;
  } while (last != status && g_get_monotonic_time () < deadline_us);
  ck_assert_uint_eq (last, status);
}

static const gchar *const players[] = {
  "chrome-android-2020",
  "chrome-windows-2026-07",
  "chromium-102-webengine",
  "chromium-156-linux",
  "chromium-87-webengine",
  "firefox-153-linux",
  "safari-26.5.2-macos",
  "safari-macos-2020",
};

GST_START_TEST (each_browser_gets_an_answer)
{
  WhepServer server;

  whep_server_init (&server, 10);
  whep_server_publish (&server, 1, "live/cam");
  for (guint i = 0; i < G_N_ELEMENTS (players); i++) {
    g_auto (Reply) reply =
        whep_server_offer (&server, "/whep/live/cam", players[i]);
    g_autofree gchar *candidate = g_strdup_printf ("127.0.0.1 %u typ host",
        whep_media_port (server.media));

    ck_assert_msg (reply.status == 201, "%s: %s", players[i], reply.body);
    ck_assert_str_eq (reply_header (&reply, "Content-Type"), SDP);
    ck_assert (g_str_has_prefix (reply.body, "v=0\r\n"));
    ck_assert (strstr (reply.body, "a=ice-lite\r\n") != NULL);
    ck_assert (strstr (reply.body, candidate) != NULL);
    ck_assert (strstr (reply.body, "profile-level-id=") != NULL);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

/* The addresses of an answer's candidates, joined by spaces. */
static gchar *
dup_candidates (const gchar *answer)
{
  g_autoptr (GRegex) candidate =
      g_regex_new ("^a=candidate:\\S+ 1 udp \\d+ (\\S+) ", G_REGEX_MULTILINE, 0,
          NULL);
  g_autoptr (GMatchInfo) match = NULL;
  GString *list = g_string_new (" ");

  g_regex_match (candidate, answer, 0, &match);
  while (g_match_info_matches (match)) {
    g_autofree gchar *address = g_match_info_fetch (match, 1);

    g_string_append_printf (list, "%s ", address);
    g_match_info_next (match, NULL);
  }
  return g_string_free (list, FALSE);
}

static const struct
{
  const gchar *address, *host, *prefix, *suffix;
} candidates[] = {
  { "::", "192.0.2.9", " 192.0.2.9 192.0.2.7 ", " 127.0.0.1 " },
  { "0.0.0.0", "192.0.2.9", " 192.0.2.9 192.0.2.7 ", " 127.0.0.1 " },
  { "::", "gateway.example", " 192.0.2.7 ", " 127.0.0.1 " },
  { "::", "[2001:db8::9]", " 2001:db8::9 192.0.2.7 ", " 127.0.0.1 " },
  { "127.0.0.1", "192.0.2.9", " 192.0.2.7 127.0.0.1 ", "" },
};

GST_START_TEST (candidates_begin_with_the_address_that_the_viewer_knows)
{
  static const gchar *const advertise[] = { "192.0.2.7", NULL };
  g_autofree gchar *offer = browser_offer_load (players[0]);

  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++) {
    const WhepHttpParams params = { .address = candidates[i].address,
      .advertise = advertise,
      .max_viewers = 1 };
    g_autoptr (GBytes) body = g_bytes_new (offer, strlen (offer));
    g_autofree gchar *list = NULL;
    g_auto (Reply) reply = { 0 };
    SoupMessage *message;
    WhepServer server;

    whep_server_init_as (&server, &params);
    whep_server_publish (&server, 1, "live/cam");
    message = whep_server_message (&server, "POST", "/whep/live/cam");
    soup_message_headers_replace (soup_message_get_request_headers (message),
        "Host", candidates[i].host);
    soup_message_set_request_body_from_bytes (message, SDP, body);
    reply = whep_server_send (&server, message);
    list = dup_candidates (reply.body);
    ck_assert_msg (g_str_has_prefix (list, candidates[i].prefix), "%s", list);
    ck_assert_msg (g_str_has_suffix (list, candidates[i].suffix), "%s", list);
    whep_server_clear (&server);
  }
}
GST_END_TEST;

GST_START_TEST (a_session_is_where_the_location_says)
{
  WhepServer server;
  g_autofree gchar *path = NULL;

  whep_server_init (&server, 10);
  whep_server_publish (&server, 1, "live/a:b c");
  {
    g_auto (Reply) reply =
        whep_server_offer (&server, "/whep/live/a:b%20c", players[0]);

    ck_assert_uint_eq (reply.status, 201);
    ck_assert (
        g_str_has_prefix (reply_header (&reply, "Location"), "a%3Ab%20c/"));
    ck_assert_uint_eq (strlen (reply_header (&reply, "Location")),
        strlen ("a%3Ab%20c/") + WHEP_SESSION_ID_LENGTH);
    path = reply_session_path (&reply);
  }
  {
    g_auto (Reply) reply = whep_server_ask (&server, "GET", path);

    ck_assert_uint_eq (reply.status, 200);
    ck_assert_str_eq (reply.body, "");
  }
  {
    g_auto (Reply) reply = whep_server_ask (&server, "HEAD", path);

    ck_assert_uint_eq (reply.status, 200);
    ck_assert_str_eq (reply_header (&reply, "Content-Type"), SDP);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (delete_ends_the_session_and_the_viewer)
{
  WhepServer server;
  g_autofree gchar *path = NULL;
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;

  whep_server_init (&server, 10);
  whep_server_publish (&server, 1, "live/cam");
  {
    g_auto (Reply) reply =
        whep_server_offer (&server, "/whep/live/cam", players[0]);

    path = reply_session_path (&reply);
  }
  while (whep_media_n_viewers (server.media) != 1)
    ck_assert (g_get_monotonic_time () < deadline_us);
  {
    g_auto (Reply) reply = whep_server_ask (&server, "DELETE", path);

    ck_assert_uint_eq (reply.status, 200);
  }
  {
    g_auto (Reply) reply = whep_server_ask (&server, "DELETE", path);

    reply_assert_problem (&reply, 404, "session");
  }
  while (whep_media_n_viewers (server.media) != 0)
    ck_assert (g_get_monotonic_time () < deadline_us);
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_session_is_not_found_under_another_stream)
{
  WhepServer server;
  g_autofree gchar *path = NULL;
  g_autofree gchar *other = NULL;

  whep_server_init (&server, 10);
  whep_server_publish (&server, 1, "live/cam");
  {
    g_auto (Reply) reply =
        whep_server_offer (&server, "/whep/live/cam", players[0]);

    path = reply_session_path (&reply);
  }
  other = g_strconcat ("/whep/live/other", strrchr (path, '/'), NULL);
  {
    g_auto (Reply) reply = whep_server_ask (&server, "DELETE", other);

    ck_assert_uint_eq (reply.status, 404);
  }
  {
    g_auto (Reply) reply = whep_server_ask (&server, "DELETE", path);

    ck_assert_uint_eq (reply.status, 200);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

/* The ufrag of an answer, which names the viewer. */
static gchar *
dup_ufrag (const gchar *answer)
{
  const gchar *start = strstr (answer, "a=ice-ufrag:");

  ck_assert (start != NULL);
  start += strlen ("a=ice-ufrag:");
  return g_strndup (start, strcspn (start, "\r\n"));
}

GST_START_TEST (a_session_ends_with_its_viewer)
{
  WhepServer server;
  g_autofree gchar *path = NULL;

  whep_server_init (&server, 10);
  whep_server_publish (&server, 1, "live/cam");
  {
    g_auto (Reply) reply =
        whep_server_offer (&server, "/whep/live/cam", players[0]);
    g_autofree gchar *ufrag = dup_ufrag (reply.body);

    path = reply_session_path (&reply);
    whep_media_close_viewer (server.media, ufrag);
  }
  wait_for_status (&server, path, 404);
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (without_a_publisher_the_reply_is_409_with_retry_after)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < 2; i++) {
    g_auto (Reply) reply =
        whep_server_offer (&server, "/whep/live/cam", players[0]);

    reply_assert_problem (&reply, 409, "publishes");
    ck_assert_str_eq (reply_header (&reply, "Retry-After"), "2");
    /* The same after a publisher has come and gone. */
    whep_server_publish (&server, i + 1, "live/cam");
    whep_http_end_track (server.http, i + 1);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (audio_alone_is_a_stream)
{
  WhepServer server;

  whep_server_init (&server, 10);
  whep_http_begin_track (server.http, 1, "live/cam", WHEP_AUDIO, "OPUS", 0);
  {
    g_auto (Reply) reply =
        whep_server_offer (&server, "/whep/live/cam", players[0]);

    ck_assert_uint_eq (reply.status, 201);
    ck_assert (strstr (reply.body, "m=video ") != NULL);
    ck_assert (strstr (reply.body, "m=video 0 ") == NULL);
    ck_assert (strstr (reply.body, "a=rtpmap:111 opus/48000/2") != NULL);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (offers_that_cannot_be_answered_get_a_reason)
{
  WhepServer server;

  whep_server_init (&server, 10);
  whep_server_publish (&server, 1, "live/cam");
  {
    g_auto (Reply) reply =
        whep_server_offer (&server, "/whep/live/cam", "firefox-153-no-h264");

    reply_assert_problem (&reply, 406, "H.264");
  }
  {
    g_auto (Reply) reply =
        whep_server_ask_with (&server, "POST", "/whep/live/cam", SDP, "offer");

    reply_assert_problem (&reply, 400, "SDP");
  }
  {
    g_auto (Reply) reply = whep_server_ask_with (&server, "POST",
        "/whep/live/cam", "text/plain", "v=0\r\n");

    reply_assert_problem (&reply, 415, SDP);
  }
  ck_assert_uint_eq (whep_media_n_viewers (server.media), 0);
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_body_longer_than_any_offer_is_rejected)
{
  gsize size = WHEP_HTTP_MAX_BODY_BYTES + 1;
  g_autofree gchar *body = g_strnfill (size, 'a');
  WhepServer server;

  whep_server_init (&server, 10);
  whep_server_publish (&server, 1, "live/cam");
  {
    g_auto (Reply) reply =
        whep_server_ask_with (&server, "POST", "/whep/live/cam", SDP, body);

    reply_assert_problem (&reply, 413, "longer");
  }
  {
    SoupMessage *message =
        whep_server_message (&server, "POST", "/whep/live/cam");
    g_autoptr (GInputStream) stream =
        g_memory_input_stream_new_from_data (body, size, NULL);
    g_auto (Reply) reply = { 0 };

    /* Without a length: in chunks. */
    soup_message_set_request_body (message, SDP, stream, -1);
    reply = whep_server_send (&server, message);
    reply_assert_problem (&reply, 413, "longer");
  }
  body[size - 1] = '\0';
  {
    g_auto (Reply) reply =
        whep_server_ask_with (&server, "POST", "/whep/live/cam", SDP, body);

    reply_assert_problem (&reply, 400, "SDP");
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (an_advertised_address_must_be_valid)
{
  const gchar *const advertise[] = { "", "192.0.2.7", "example.org", NULL };
  g_autoptr (GError) error = NULL;
  WhepCertificate *certificate = whep_certificate_new (NULL);
  const WhepMediaParams media_params = { .address = "127.0.0.1" };
  WhepMedia *media = whep_media_new (&media_params, NULL);
  WhepHttpParams params = { .address = "127.0.0.1", .advertise = advertise };

  ck_assert (whep_http_new (&params, media, certificate, &error) == NULL);
  ck_assert_msg (strstr (error->message, "example.org") != NULL, "%s",
      error->message);
  whep_media_free (media);
  whep_certificate_free (certificate);
}
GST_END_TEST;

GST_START_TEST (a_session_names_the_ice_servers_that_are_set)
{
  const WhepHttpParams params = { .address = "127.0.0.1",
    .max_viewers = 1,
    .ice_servers = "stun://192.0.2.1:3478, turn://anna:geheim@192.0.2.2" };
  WhepServer server;

  whep_server_init_as (&server, &params);
  whep_server_publish (&server, 1, "live/cam");
  {
    g_auto (Reply) reply =
        whep_server_offer (&server, "/whep/live/cam", players[0]);
    const gchar *links = soup_message_headers_get_list (reply.headers, "Link");

    ck_assert_uint_eq (reply.status, 201);
    ck_assert_msg (g_str_has_suffix (links,
                       "<stun:192.0.2.1:3478>; rel=\"ice-server\", "
                       "<turn:192.0.2.2>; rel=\"ice-server\"; "
                       "username=\"anna\"; credential=\"geheim\"; "
                       "credential-type=\"password\""),
        "%s", links);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (an_ice_server_must_be_valid)
{
  GstElement *sink = gst_element_factory_make ("whepsink", NULL);

  g_object_set (sink, "address", "127.0.0.1", "port", 0, "ice-servers",
      "http://192.0.2.1", NULL);
  ck_assert_int_eq (gst_element_set_state (sink, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  gst_element_set_state (sink, GST_STATE_NULL);
  gst_object_unref (sink);
}
GST_END_TEST;

GST_START_TEST (a_port_that_is_taken_is_an_error)
{
  g_autoptr (GError) error = NULL;
  WhepCertificate *certificate = whep_certificate_new (NULL);
  WhepHttpParams params = { .address = "127.0.0.1" };
  WhepServer server;

  whep_server_init (&server, 10);
  params.port = whep_http_port (server.http);
  ck_assert (
      whep_http_new (&params, server.media, certificate, &error) == NULL);
  ck_assert (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE));
  whep_certificate_free (certificate);
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whephttp_suite (void)
{
  Suite *suite = suite_create ("whephttp");
  TCase *tcase = tcase_create ("whephttp");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_browser_gets_an_answer);
  tcase_add_test (tcase,
      candidates_begin_with_the_address_that_the_viewer_knows);
  tcase_add_test (tcase, a_session_is_where_the_location_says);
  tcase_add_test (tcase, delete_ends_the_session_and_the_viewer);
  tcase_add_test (tcase, a_session_is_not_found_under_another_stream);
  tcase_add_test (tcase, a_session_ends_with_its_viewer);
  tcase_add_test (tcase, without_a_publisher_the_reply_is_409_with_retry_after);
  tcase_add_test (tcase, audio_alone_is_a_stream);
  tcase_add_test (tcase, offers_that_cannot_be_answered_get_a_reason);
  tcase_add_test (tcase, a_body_longer_than_any_offer_is_rejected);
  tcase_add_test (tcase, an_advertised_address_must_be_valid);
  tcase_add_test (tcase, a_session_names_the_ice_servers_that_are_set);
  tcase_add_test (tcase, an_ice_server_must_be_valid);
  tcase_add_test (tcase, a_port_that_is_taken_is_an_error);
  return suite;
}

GST_CHECK_MAIN (whephttp);
