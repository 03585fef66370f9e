/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Server-sent events, as draft-ietf-wish-whep's extension has them. */

#include "ext/whep/http/connections-io.h"
#include "ext/whep/http/sse.h"
#include "ext/whep/http/subscribers-io.h"
#include "tests/support/browseroffer.h"
#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>
#include <sys/socket.h>

#define PLAYER "chromium-156-linux"
#define ENDPOINT "/whep/live/cam"
#define JSON "application/json"
#define ALL "[\"active\",\"inactive\",\"viewercount\"]"
#define ACTIVE "event: active\ndata: {}\n"
#define INACTIVE "event: inactive\ndata: {}\n"
#define VIEWERS(n) "event: viewercount\ndata: {\"viewercount\":" n "}\n"

/* A player with a session, and a reader of its events. */
typedef struct
{
  WhepServer *server;
  gchar *session; /* paths */
  gchar *events;
  gchar *listener;
  SoupMessage *message;
  GDataInputStream *in;
} Player;

static gchar *
dup_event_path (const Reply *reply)
{
  const gchar *link = reply_header (reply, "Link");
  g_autofree gchar *relative = NULL;
  g_autoptr (GUri) uri = NULL;

  ck_assert_msg (
      g_regex_match_simple ("^<\\.\\./\\.\\./events/[A-Za-z0-9]{32}>; "
                            "rel=\"" WHEP_SSE_URN "\"; "
                            "events=\"active,inactive,viewercount\"$",
          link, 0, 0),
      "%s", link);
  relative = g_strndup (link + 1, strcspn (link + 1, ">"));
  uri = g_uri_parse_relative (soup_message_get_uri (reply->message), relative,
      SOUP_HTTP_URI_FLAGS, NULL);
  return g_strdup (g_uri_get_path (uri));
}

static void
server_init (WhepServer *self)
{
  whep_server_init (self, 10);
  whep_server_publish (self, 1, "live/cam");
}

static void
player_init (Player *self, WhepServer *server)
{
  g_auto (Reply) reply = whep_server_offer (server, ENDPOINT, PLAYER);

  ck_assert_msg (reply.status == 201, "%s", reply.body);
  *self = (Player){ .server = server };
  self->session = reply_session_path (&reply);
  self->events = dup_event_path (&reply);
}

static void
player_clear (Player *self)
{
  g_clear_object (&self->in);
  g_clear_object (&self->message);
  g_free (self->session);
  g_free (self->events);
  g_free (self->listener);
}

static void
player_subscribes (Player *self, const gchar *types)
{
  g_auto (Reply) reply =
      whep_server_ask_with (self->server, "POST", self->events, JSON, types);

  ck_assert_msg (reply.status == 201, "%s", reply.body);
  g_free (self->listener);
  self->listener = reply_session_path (&reply);
}

static void
player_reads (Player *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = NULL;

  g_clear_object (&self->in);
  g_clear_object (&self->message);
  self->message = whep_server_message (self->server, "GET", self->listener);
  stream =
      soup_session_send (self->server->client, self->message, NULL, &error);
  g_assert_no_error (error);
  ck_assert_uint_eq (soup_message_get_status (self->message), 200);
  ck_assert_str_eq (soup_message_headers_get_content_type (
                        soup_message_get_response_headers (self->message),
                        NULL),
      "text/event-stream");
  self->in = g_data_input_stream_new (stream);
}

/* Returns: (transfer full): the next event, without comments; NULL at the
 * end. */
static gchar *
player_next_event (Player *self)
{
  g_autoptr (GString) event = g_string_new (NULL);

  for (;;) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *line =
        g_data_input_stream_read_line (self->in, NULL, NULL, &error);

    g_assert_no_error (error);
    if (line == NULL)
      return NULL;
    if (*line == '\0' && event->len > 0)
      return g_strdup (event->str);
    if (*line != '\0' && *line != ':')
      g_string_append_printf (event, "%s\n", line);
  }
}

static void
player_is_told (Player *self, const gchar *event)
{
  g_autofree gchar *told = player_next_event (self);

  ck_assert_msg (g_strcmp0 (told, event) == 0, "%s", told);
}

GST_START_TEST (a_listener_gets_events_of_the_publisher_and_of_viewers)
{
  WhepServer server;
  Player player, other;

  server_init (&server);
  player_init (&player, &server);
  player_subscribes (&player, ALL);
  player_reads (&player);
  player_is_told (&player, ACTIVE);
  player_is_told (&player, VIEWERS ("1"));

  whep_http_end_track (server.http, 1);
  player_is_told (&player, INACTIVE);
  whep_server_publish (&server, 2, "live/cam");
  player_is_told (&player, ACTIVE);

  player_init (&other, &server);
  player_is_told (&player, VIEWERS ("2"));
  {
    g_auto (Reply) gone = whep_server_ask (&server, "DELETE", other.session);

    player_is_told (&player, VIEWERS ("1"));
  }
  player_clear (&player);
  player_clear (&other);
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_listener_gets_the_events_that_it_asked_for)
{
  WhepServer server;
  Player player;

  server_init (&server);
  player_init (&player, &server);
  player_subscribes (&player, "[\"inactive\",\"layers\"]");
  player_reads (&player);
  whep_http_end_track (server.http, 1);
  player_is_told (&player, INACTIVE);
  player_clear (&player);
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_listener_that_reconnects_gets_the_current_state)
{
  WhepServer server;
  Player player;

  server_init (&server);
  player_init (&player, &server);
  player_subscribes (&player, ALL);
  for (guint i = 0; i < 3; i++) {
    player_reads (&player);
    player_is_told (&player, ACTIVE);
    player_is_told (&player, VIEWERS ("1"));
  }
  player_clear (&player);
  whep_server_clear (&server);
}
GST_END_TEST;

/* The ways in which a listener's events end. */
typedef enum
{
  BY_ITSELF,
  WITH_ITS_SESSION,
  BY_ANOTHER,
  N_ENDS,
} End;

static void
end_events (Player *self, End end)
{
  switch (end) {
    case BY_ITSELF: {
      g_auto (Reply) reply =
          whep_server_ask (self->server, "DELETE", self->listener);

      ck_assert_uint_eq (reply.status, 200);
      return;
    }
    case WITH_ITS_SESSION: {
      g_auto (Reply) reply =
          whep_server_ask (self->server, "DELETE", self->session);

      ck_assert_uint_eq (reply.status, 200);
      return;
    }
    case BY_ANOTHER: {
      g_auto (Reply) reply =
          whep_server_ask_with (self->server, "POST", self->events, JSON, ALL);

      ck_assert_uint_eq (reply.status, 201);
      return;
    }
    case N_ENDS:
      return;
  }
}

GST_START_TEST (events_that_have_ended_are_not_found)
{
  WhepServer server;
  Player player;

  server_init (&server);
  player_init (&player, &server);
  player_subscribes (&player, "[\"active\"]");
  player_reads (&player);
  player_is_told (&player, ACTIVE);
  end_events (&player, __i__);
  player_is_told (&player, NULL);
  {
    g_auto (Reply) reply = whep_server_ask (&server, "GET", player.listener);

    reply_assert_problem (&reply, 404, "ended");
  }
  player_clear (&player);
  whep_server_clear (&server);
}
GST_END_TEST;

static const struct
{
  const gchar *method, *type, *body;
  guint status;
  const gchar *header, *value;
} questions[] = {
  { "OPTIONS", JSON, "", 204, "Accept-Post", JSON },
  { "OPTIONS", JSON, "", 204, "Allow", "POST, OPTIONS" },
  { "GET", JSON, "", 405, "Allow", "POST, OPTIONS" },
  { "POST", "text/plain", ALL, 415, "Accept-Post", JSON },
  { "POST", JSON, "{}", 400, "Content-Type", "application/problem+json" },
  { "POST", JSON, "", 400, "Content-Type", "application/problem+json" },
};

GST_START_TEST (a_sessions_events_answer_each_method)
{
  WhepServer server;
  Player player;

  server_init (&server);
  player_init (&player, &server);
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++) {
    g_auto (Reply) reply = whep_server_ask_with (&server, questions[i].method,
        player.events, questions[i].type, questions[i].body);

    ck_assert_msg (reply.status == questions[i].status, "%u: %u", i,
        reply.status);
    ck_assert_str_eq (reply_header (&reply, questions[i].header),
        questions[i].value);
  }
  player_subscribes (&player, ALL);
  {
    g_auto (Reply) reply =
        whep_server_ask (&server, "OPTIONS", player.listener);
    g_auto (Reply) patch = whep_server_ask (&server, "PATCH", player.listener);

    ck_assert_str_eq (reply_header (&reply, "Allow"), "GET, DELETE, OPTIONS");
    ck_assert_uint_eq (patch.status, 405);
  }
  player_clear (&player);
  whep_server_clear (&server);
}
GST_END_TEST;

/* Events with lower limits, on this thread. */

#define ID "abcdefghijklmnopqrstuvwxyzABCDE1"

typedef struct
{
  WhepDirectory *directory;
  WhepSessionTable *sessions;
  WhepSubscribers *events;
  SoupServer *server;
  WhepConnections *connections;
  GSocketAddress *address;
  guint n_ended;   /* GETs */
  gchar *listener; /* path */
} Hasty;

static void
on_request (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  Hasty *self = user_data;

  if (soup_server_message_get_method (message) == SOUP_METHOD_POST) {
    whep_subscribers_serve (self->events,
        whep_session_table_by_id (self->sessions, path + 1), message);
    g_free (self->listener);
    self->listener = g_strdup (
        soup_message_headers_get_one (soup_server_message_get_response_headers (
                                          message),
            "Location"));
  } else {
    whep_subscribers_serve_listener (self->events, ID, strrchr (path, '/') + 1,
        message);
  }
}

static void
on_ended (SoupServer *server, SoupServerMessage *message, Hasty *self)
{
  self->n_ended += soup_server_message_get_method (message) == SOUP_METHOD_GET;
}

/* libsoup 3.2 would leak a socket object with each connection that it accepts
 * itself. */
static void
hasty_listen_somewhere (Hasty *self)
{
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocket) listener = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

  ck_assert (g_socket_bind (listener, any, TRUE, NULL));
  ck_assert (g_socket_listen (listener, NULL));
  self->address = g_socket_get_local_address (listener, NULL);
  self->connections =
      whep_connections_new (listener, self->server, 2, WHEP_SERVER_PATIENCE_US);
}

static void
hasty_init (Hasty *self, const WhepSubscribersParams *params)
{
  *self = (Hasty){ .directory = whep_directory_new (),
    .sessions = whep_session_table_new (),
    .server = soup_server_new (NULL, NULL) };
  self->events = whep_subscribers_new (params, self->directory, self->sessions);
  whep_session_table_add (self->sessions, ID, "ufrag", "live/cam", "theirs",
      "");
  soup_server_add_handler (self->server, NULL, on_request, self, NULL);
  g_signal_connect (self->server, "request-finished", G_CALLBACK (on_ended),
      self);
  g_signal_connect (self->server, "request-aborted", G_CALLBACK (on_ended),
      self);
  hasty_listen_somewhere (self);
}

static void
hasty_clear (Hasty *self)
{
  whep_subscribers_free (self->events);
  whep_connections_free (self->connections);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_object_unref (self->address);
  whep_session_table_free (self->sessions);
  whep_directory_free (self->directory);
  g_free (self->listener);
}

/* A reader with the smallest possible receive buffer. */
static GSocket *
hasty_connect (Hasty *self)
{
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
      G_SOCKET_PROTOCOL_TCP, NULL);

  ck_assert (g_socket_set_option (socket, SOL_SOCKET, SO_RCVBUF, 1, NULL));
  ck_assert (g_socket_connect (socket, self->address, NULL, NULL));
  g_socket_set_blocking (socket, FALSE);
  return socket;
}

static void
send_text (GSocket *socket, const gchar *text)
{
  ck_assert_int_eq (g_socket_send (socket, text, strlen (text), NULL, NULL),
      strlen (text));
}

/* Reads until @words have arrived. */
static void
read_until (GSocket *socket, const gchar *words)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;

  while (strstr (text->str, words) == NULL) {
    gchar bytes[1024];
    gssize size;

    g_main_context_iteration (NULL, FALSE);
    size = g_socket_receive (socket, bytes, sizeof (bytes), NULL, NULL);
    if (size > 0)
      g_string_append_len (text, bytes, size);
    ck_assert_msg (g_get_monotonic_time () < deadline_us, "%s", text->str);
  }
}

static GSocket *
hasty_listen (Hasty *self)
{
  GSocket *socket = hasty_connect (self);
  g_autofree gchar *get = NULL;

  send_text (socket,
      "POST /" ID " HTTP/1.1\r\nHost: here\r\n"
      "Content-Type: application/json\r\n"
      "Content-Length: 10\r\n\r\n[\"active\"]");
  read_until (socket, "201 Created");
  get = g_strdup_printf ("GET /%s HTTP/1.1\r\nHost: here\r\n\r\n",
      self->listener);
  send_text (socket, get);
  return socket;
}

/* The name of each session is its number. */
static void
asks_for_events (GSocket *socket, guint number, const gchar *answer)
{
  g_autofree gchar *post =
      g_strdup_printf ("POST /%032u HTTP/1.1\r\nHost: here\r\n"
                       "Content-Type: application/json\r\n"
                       "Content-Length: 10\r\n\r\n[\"active\"]",
          number);

  send_text (socket, post);
  read_until (socket, answer);
}

GST_START_TEST (the_number_of_listeners_is_limited)
{
  WhepSubscribersParams params = whep_subscribers_default_params;
  g_autoptr (GSocket) socket = NULL;
  Hasty hasty;

  params.max = 20;
  hasty_init (&hasty, &params);
  for (guint i = 0; i <= params.max; i++) {
    g_autofree gchar *id = g_strdup_printf ("%032u", i);

    whep_session_table_add (hasty.sessions, id, id, "live/cam", "theirs", "");
  }
  socket = hasty_connect (&hasty);
  for (guint i = 0; i < params.max; i++)
    asks_for_events (socket, i, " 201 Created");
  asks_for_events (socket, params.max, "Retry-After: 10");
  /* A listener that replaces another needs no room. */
  asks_for_events (socket, 0, " 201 Created");
  whep_subscribers_end_session (hasty.events,
      "00000000000000000000000000000001");
  asks_for_events (socket, params.max, " 201 Created");
  hasty_clear (&hasty);
}
GST_END_TEST;

static const struct
{
  guint64 max_fds;
  guint max;
} shares[] = {
  { 0, WHEP_SUBSCRIBERS_MIN }, /* not known */
  { 256, WHEP_SUBSCRIBERS_MIN },
  { 1024, 512 },
  { 65536, WHEP_SUBSCRIBERS_MAX },
  { G_MAXUINT64, WHEP_SUBSCRIBERS_MAX },
};

GST_START_TEST (listeners_have_half_of_the_file_descriptors)
{
  for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
    ck_assert_uint_eq (whep_subscribers_limit (shares[i].max_fds),
        shares[i].max);
}
GST_END_TEST;

GST_START_TEST (an_idle_listener_is_kept_connected_by_comments)
{
  const WhepSubscribersParams params = { .tick_ms = 1,
    .max = 1,
    .reader = { .keepalive_us = 1, .patience_us = WHEP_SERVER_PATIENCE_US } };
  g_autoptr (GSocket) socket = NULL;
  Hasty hasty;

  hasty_init (&hasty, &params);
  socket = hasty_listen (&hasty);
  for (guint i = 0; i < 3; i++)
    read_until (socket, ":\n\n");
  ck_assert_uint_eq (hasty.n_ended, 0);
  hasty_clear (&hasty);
}
GST_END_TEST;

GST_START_TEST (a_listener_that_does_not_read_is_disconnected)
{
  const WhepSubscribersParams params = { .tick_ms = 1,
    .max = 1,
    .reader = { .keepalive_us = G_USEC_PER_SEC, .patience_us = 50 * 1000 } };
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;
  g_autoptr (GSocket) socket = NULL;
  Hasty hasty;

  hasty_init (&hasty, &params);
  socket = hasty_listen (&hasty);
  for (guint64 id = 1; hasty.n_ended == 0; id++) {
    whep_directory_begin_track (hasty.directory, id, "live/cam", WHEP_VIDEO,
        "H264", 0, 0);
    whep_subscribers_publisher_changed (hasty.events);
    g_main_context_iteration (NULL, FALSE);
    whep_directory_end_track (hasty.directory, id);
    whep_subscribers_publisher_changed (hasty.events);
    ck_assert (g_get_monotonic_time () < deadline_us);
  }
  hasty_clear (&hasty);
}
GST_END_TEST;

static Suite *
whepevents_suite (void)
{
  Suite *suite = suite_create ("whepsubscribers");
  TCase *tcase = tcase_create ("whepsubscribers");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      a_listener_gets_events_of_the_publisher_and_of_viewers);
  tcase_add_test (tcase, a_listener_gets_the_events_that_it_asked_for);
  tcase_add_test (tcase, a_listener_that_reconnects_gets_the_current_state);
  tcase_add_loop_test (tcase, events_that_have_ended_are_not_found, 0, N_ENDS);
  tcase_add_test (tcase, a_sessions_events_answer_each_method);
  tcase_add_test (tcase, the_number_of_listeners_is_limited);
  tcase_add_test (tcase, listeners_have_half_of_the_file_descriptors);
  tcase_add_test (tcase, an_idle_listener_is_kept_connected_by_comments);
  tcase_add_test (tcase, a_listener_that_does_not_read_is_disconnected);
  return suite;
}

GST_CHECK_MAIN (whepevents);
