/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A server that is one of several behind a load balancer: its sessions' URLs,
 * where it sends viewers that it has no room for, and how it is drained. */

#include "ext/whep/http/httpcall-io.h"
#include "ext/whep/http/sse.h"
#include "tests/support/browseroffer.h"
#include "tests/support/eventreader.h"
#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define PLAYER "chromium-156-linux"
#define ENDPOINT "/whep/live/cam"
#define JSON "application/json"
/* A drain in which all are asked within a second. */
#define SOON_US (G_USEC_PER_SEC / 2)
/* One in which the first one is asked after half a second. */
#define LATER_US (10 * G_USEC_PER_SEC)

/* A viewer's session, and its events. */
typedef struct
{
  WhepServer *server;
  gchar *session, *events; /* paths */
  EventReader reader;
} Viewer;

static void
server_init (WhepServer *self, guint max_viewers, const gchar *redirect_to)
{
  const WhepHttpParams params = { .address = "127.0.0.1",
    .max_viewers = max_viewers,
    .node = "edge-1",
    .redirect_to = redirect_to };

  whep_server_init_as (self, &params);
  whep_server_publish (self, 1, "live/cam");
}

static gchar *
event_path (const Reply *reply)
{
  const gchar *link = reply_header (reply, "Link");
  g_autofree gchar *relative = g_strndup (link + 1, strcspn (link + 1, ">"));
  g_autoptr (GUri) uri =
      g_uri_parse_relative (soup_message_get_uri (reply->message), relative,
          SOUP_HTTP_URI_FLAGS, NULL);

  ck_assert_msg (strstr (link, "events=\"" WHEP_SSE_NODE_NAMES "\"") != NULL,
      "%s", link);
  return g_strdup (g_uri_get_path (uri));
}

static void
viewer_init (Viewer *self, WhepServer *server)
{
  g_auto (Reply) reply = whep_server_offer (server, ENDPOINT, PLAYER);

  ck_assert_msg (reply.status == 201, "%s", reply.body);
  *self = (Viewer){ .server = server };
  self->session = reply_session_path (&reply);
  self->events = event_path (&reply);
}

/* Returns: (transfer full): the listener's path. */
static gchar *
viewer_listens_to (Viewer *self, const gchar *events)
{
  g_auto (Reply) reply =
      whep_server_ask_with (self->server, "POST", self->events, JSON, events);
  gchar *listener = reply_session_path (&reply);

  ck_assert_msg (reply.status == 201, "%s", reply.body);
  event_reader_open (&self->reader, self->server->client,
      whep_server_message (self->server, "GET", listener));
  return listener;
}

static void
viewer_listens (Viewer *self)
{
  g_free (viewer_listens_to (self, "[\"reconnect\"]"));
}

static void
viewer_clear (Viewer *self)
{
  if (self->reader.message != NULL)
    event_reader_clear (&self->reader);
  g_free (self->session);
  g_free (self->events);
}

static void
viewer_is_gone (Viewer *self)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;
  guint status = 200;

  while (status == 200) {
    g_auto (Reply) reply = whep_server_ask (self->server, "GET", self->session);

    status = reply.status;
    ck_assert (g_get_monotonic_time () < deadline_us);
  }
  ck_assert_uint_eq (status, 404);
}

static void
assert_health (WhepServer *server, const gchar *path, guint status,
    const gchar *word)
{
  g_auto (Reply) reply = whep_server_ask (server, "GET", path);

  ck_assert_uint_eq (reply.status, status);
  ck_assert_str_eq (reply.body, word);
}

static void
assert_redirects (WhepServer *server, const gchar *path, const gchar *location)
{
  SoupMessage *message = whep_server_message (server, "POST", path);
  g_autoptr (GBytes) body = g_bytes_new_static ("v=0", 3);
  Reply reply;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body_from_bytes (message, "application/sdp", body);
  reply = whep_server_send (server, message);
  ck_assert_uint_eq (reply.status, 307);
  ck_assert_str_eq (reply_header (&reply, "Location"), location);
  ck_assert_str_eq (reply_header (&reply, "Access-Control-Allow-Origin"), "*");
  reply_clear (&reply);
}

GST_START_TEST (a_sessions_url_names_its_node)
{
  WhepServer server;
  Viewer viewer;

  server_init (&server, 10, NULL);
  viewer_init (&viewer, &server);
  ck_assert_msg (g_regex_match_simple ("^/whep/live/cam/"
                                       "edge-1\\.[A-Za-z0-9]{32}$",
                     viewer.session, 0, 0),
      "%s", viewer.session);
  ck_assert_msg (g_regex_match_simple ("^/events/edge-1\\.[A-Za-z0-9]{32}$",
                     viewer.events, 0, 0),
      "%s", viewer.events);
  viewer_listens (&viewer);
  {
    g_auto (Reply) gone = whep_server_ask (&server, "DELETE", viewer.session);

    ck_assert_uint_eq (gone.status, 200);
  }
  viewer_is_gone (&viewer);
  viewer_clear (&viewer);
  whep_server_clear (&server);
}
GST_END_TEST;

/* The balancer has no media. */
GST_START_TEST (the_host_of_the_url_is_no_candidate)
{
  const WhepHttpParams params = { .address = "::",
    .max_viewers = 10,
    .node = "edge-1" };
  g_autofree gchar *offer = browser_offer_load (PLAYER);
  g_autoptr (GBytes) body = g_bytes_new (offer, strlen (offer));
  SoupMessage *message;
  WhepServer server;

  whep_server_init_as (&server, &params);
  whep_server_publish (&server, 1, "live/cam");
  message = whep_server_message (&server, "POST", ENDPOINT);
  soup_message_headers_replace (soup_message_get_request_headers (message),
      "Host", "203.0.113.9");
  soup_message_set_request_body_from_bytes (message, "application/sdp", body);
  {
    g_auto (Reply) reply = whep_server_send (&server, message);

    ck_assert_uint_eq (reply.status, 201);
    ck_assert (strstr (reply.body, "203.0.113.9") == NULL);
    ck_assert (strstr (reply.body, " 127.0.0.1 ") != NULL);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_full_node_redirects_a_viewer_once)
{
  WhepServer server;

  server_init (&server, 10, "edge-2");
  assert_health (&server, "/healthz", 200, "ok\n");
  whep_http_set_limits (server.http, &(const WhepViewerLimits){ .max = 0 });
  assert_health (&server, "/healthz", 503, "full\n");
  assert_health (&server, "/healthz?live", 200, "ok\n");
  assert_redirects (&server, ENDPOINT, "cam?node=edge-2");
  {
    g_auto (Reply) reply =
        whep_server_offer (&server, ENDPOINT "?node=edge-1", PLAYER);

    reply_assert_problem (&reply, 503, "its limit of viewers");
    ck_assert_str_eq (reply_header (&reply, "Retry-After"), "10");
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_drained_node_redirects_a_viewer_once)
{
  WhepServer server;

  server_init (&server, 10, "edge-1,edge-2,edge-3");
  whep_http_drain (server.http, G_USEC_PER_SEC);
  assert_health (&server, "/healthz", 503, "draining\n");
  assert_health (&server, "/healthz?live", 200, "ok\n");
  assert_redirects (&server, ENDPOINT, "cam?node=edge-2");
  assert_redirects (&server, ENDPOINT "?token=x", "cam?node=edge-3&token=x");
  {
    g_auto (Reply) reply =
        whep_server_offer (&server, ENDPOINT "?node=edge-1", PLAYER);

    reply_assert_problem (&reply, 503, "no new viewers");
    ck_assert_str_eq (reply_header (&reply, "Retry-After"), "10");
  }
  whep_http_drain (server.http, -1);
  assert_health (&server, "/healthz", 200, "ok\n");
  whep_server_clear (&server);
}
GST_END_TEST;

/* As it does elsewhere, and here if there is no other node. */
GST_START_TEST (no_session_gives_way_while_another_node_has_room)
{
  WhepServer server;
  Viewer viewer;

  server_init (&server, 1, "edge-2");
  viewer_init (&viewer, &server);
  assert_redirects (&server, ENDPOINT, "cam?node=edge-2");
  {
    g_auto (Reply) reply = whep_server_ask (&server, "GET", viewer.session);

    ck_assert_uint_ne (reply.status, 404);
  }
  {
    g_auto (Reply) reply =
        whep_server_offer (&server, ENDPOINT "?node=edge-1", PLAYER);

    ck_assert_uint_eq (reply.status, 201);
  }
  viewer_is_gone (&viewer);
  viewer_clear (&viewer);
  whep_server_clear (&server);
}
GST_END_TEST;

static gchar *
find_room (const gchar *stream, gpointer user_data)
{
  ck_assert_str_eq (stream, "live/cam");
  return g_strdup (user_data);
}

GST_START_TEST (a_node_that_is_known_to_have_room_is_preferred)
{
  const WhepHttpParams params = { .address = "127.0.0.1",
    .max_viewers = 10,
    .node = "edge-1",
    .redirect_to = "edge-2",
    .room_func = find_room,
    .room_data = (gpointer) "edge-9" };
  WhepServer server;

  whep_server_init_as (&server, &params);
  whep_http_drain (server.http, G_USEC_PER_SEC);
  assert_redirects (&server, ENDPOINT, "cam?node=edge-9");
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (viewers_of_a_drained_node_are_asked_to_come_again_elsewhere)
{
  WhepServer server;
  Viewer listening, deaf;

  server_init (&server, 10, NULL);
  viewer_init (&listening, &server);
  viewer_init (&deaf, &server);
  viewer_listens (&listening);
  whep_http_drain (server.http, SOON_US);
  event_reader_gets (&listening.reader, "event: reconnect\ndata: {}\n");
  /* One that cannot be asked is disconnected, as is one that stays. */
  viewer_is_gone (&deaf);
  viewer_is_gone (&listening);
  viewer_clear (&listening);
  viewer_clear (&deaf);
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_drain_that_is_cancelled_asks_nobody)
{
  WhepServer server;
  Viewer viewer;
  g_autofree gchar *listener = NULL;

  server_init (&server, 10, NULL);
  viewer_init (&viewer, &server);
  listener =
      viewer_listens_to (&viewer, "[\"active\",\"inactive\",\"reconnect\"]");
  event_reader_gets (&viewer.reader, "event: active\ndata: {}\n");
  whep_http_drain (server.http, LATER_US);
  event_reader_gets (&viewer.reader, "event: reconnect\ndata: {}\n");
  whep_http_drain (server.http, -1);
  /* A reader that comes again hears all that holds. */
  event_reader_clear (&viewer.reader);
  event_reader_open (&viewer.reader, server.client,
      whep_server_message (&server, "GET", listener));
  event_reader_gets (&viewer.reader, "event: active\ndata: {}\n");
  whep_http_end_track (server.http, 1);
  event_reader_gets (&viewer.reader, "event: inactive\ndata: {}\n");
  /* Another drain asks again. */
  whep_http_drain (server.http, LATER_US);
  event_reader_gets (&viewer.reader, "event: reconnect\ndata: {}\n");
  whep_http_drain (server.http, -1);
  whep_http_drain (server.http, LATER_US);
  event_reader_gets (&viewer.reader, "event: reconnect\ndata: {}\n");
  viewer_clear (&viewer);
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whepnode_suite (void)
{
  Suite *suite = suite_create ("whepnode");
  TCase *tcase = tcase_create ("whepnode");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_sessions_url_names_its_node);
  tcase_add_test (tcase, the_host_of_the_url_is_no_candidate);
  tcase_add_test (tcase, a_full_node_redirects_a_viewer_once);
  tcase_add_test (tcase, a_drained_node_redirects_a_viewer_once);
  tcase_add_test (tcase, no_session_gives_way_while_another_node_has_room);
  tcase_add_test (tcase, a_node_that_is_known_to_have_room_is_preferred);
  tcase_add_test (tcase,
      viewers_of_a_drained_node_are_asked_to_come_again_elsewhere);
  tcase_add_test (tcase, a_drain_that_is_cancelled_asks_nobody);
  return suite;
}

GST_CHECK_MAIN (whepnode);
