/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connections that are silent. */

#include "ext/whep/http/connections-io.h"
#include "tests/support/httpsserver.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* A server with lower limits, on this thread. */
typedef struct
{
  SoupServer *server;
  WhepConnections *connections;
  guint16 port;
} Limited;

/* A body without an end. */
static void
answer_with_stream (Limited *self, SoupServerMessage *message)
{
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (
                                         message),
      SOUP_ENCODING_CHUNKED);
  soup_message_body_append (soup_server_message_get_response_body (message),
      SOUP_MEMORY_STATIC, "words", 5);
  whep_connections_keep (self->connections, message);
}

static void
answer (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  if (g_str_equal (path, "/stream")) {
    answer_with_stream (user_data, message);
    return;
  }
  soup_message_headers_set_content_length (
      soup_server_message_get_response_headers (message), 0);
}

static void
limited_init (Limited *self, guint max, gint64 patience_us)
{
  g_autoptr (GInetAddress) loopback =
      g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocket) listener = g_socket_new (G_SOCKET_FAMILY_IPV4,
      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GSocketAddress) address = NULL;

  ck_assert (g_socket_bind (listener, any_port, TRUE, NULL));
  ck_assert (g_socket_listen (listener, NULL));
  address = g_socket_get_local_address (listener, NULL);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, answer, self, NULL);
  self->connections =
      whep_connections_new (listener, self->server, max, patience_us);
}

static void
limited_clear (Limited *self)
{
  whep_connections_free (self->connections);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
}

/* @from: an address of this machine. */
static GSocketConnection *
connect_from (const gchar *from, guint16 port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string (from, 0);
  GSocketConnection *connection;

  g_socket_client_set_local_address (client, address);
  connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
  ck_assert (connection != NULL);
  return connection;
}

static GSocketConnection *
connect_to (guint16 port)
{
  return connect_from ("127.0.0.1", port);
}

static void
say (GSocketConnection *connection, const gchar *words)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  ck_assert (
      g_output_stream_write_all (out, words, strlen (words), NULL, NULL, NULL));
}

/* Runs the server until bytes have arrived, and reads them. */
static gssize
hear (GSocketConnection *connection, gchar *words, gsize size)
{
  GSocket *socket = g_socket_connection_get_socket (connection);

  while (g_socket_condition_check (socket, G_IO_IN) == 0)
    g_main_context_iteration (NULL, TRUE);
  return g_socket_receive (socket, words, size, NULL, NULL);
}

static void
wait_for_hang_up (GSocketConnection *connection)
{
  gchar words[256];

  while (hear (connection, words, sizeof (words)) > 0)
    continue;
}

static gboolean
is_quiet (GSocketConnection *connection)
{
  GSocket *socket = g_socket_connection_get_socket (connection);

  return g_socket_condition_check (socket, G_IO_IN) == 0;
}

/* Returns a connection that reads a stream. */
static GSocketConnection *
stream_from (Limited *limited)
{
  GSocketConnection *connection = connect_to (limited->port);
  g_autoptr (GString) heard = g_string_new (NULL);
  gchar words[256];

  say (connection, "GET /stream HTTP/1.1\r\nHost: here\r\n\r\n");
  while (strstr (heard->str, "words") == NULL) {
    gssize size = hear (connection, words, sizeof (words));

    ck_assert_int_gt (size, 0);
    g_string_append_len (heard, words, size);
  }
  return connection;
}

GST_START_TEST (a_connection_that_dawdles_is_closed)
{
  Limited limited;
  GSocketConnection *idle, *slow;

  limited_init (&limited, 8, 1000);
  idle = connect_to (limited.port);
  slow = connect_to (limited.port);
  say (slow, "GET /");
  wait_for_hang_up (idle);
  wait_for_hang_up (slow);

  g_object_unref (idle);
  g_object_unref (slow);
  limited_clear (&limited);
}
GST_END_TEST;

GST_START_TEST (the_oldest_connection_makes_room_for_a_new_one)
{
  Limited limited;
  GSocketConnection *first, *second, *third;

  limited_init (&limited, 2, G_TIME_SPAN_HOUR);
  first = connect_to (limited.port);
  second = connect_to (limited.port);
  third = connect_to (limited.port);
  wait_for_hang_up (first);
  ck_assert (is_quiet (second));
  ck_assert (is_quiet (third));

  g_object_unref (first);
  g_object_unref (second);
  g_object_unref (third);
  limited_clear (&limited);
}
GST_END_TEST;

GST_START_TEST (a_flood_of_connections_displaces_itself)
{
  Limited limited;
  GSocketConnection *oldest, *flood[3];

  limited_init (&limited, 3, G_TIME_SPAN_HOUR);
  oldest = connect_from ("127.0.0.2", limited.port);
  for (guint i = 0; i < G_N_ELEMENTS (flood); i++)
    flood[i] = connect_to (limited.port);
  wait_for_hang_up (flood[0]);
  ck_assert (is_quiet (oldest));
  ck_assert (is_quiet (flood[1]));
  ck_assert (is_quiet (flood[2]));

  g_object_unref (oldest);
  for (guint i = 0; i < G_N_ELEMENTS (flood); i++)
    g_object_unref (flood[i]);
  limited_clear (&limited);
}
GST_END_TEST;

/* Before their first byte, and while they are served. */
GST_START_TEST (a_client_has_a_limit_of_its_own)
{
  g_autofree gchar *path = https_certificate_new ();
  NetCredentials *credentials = net_credentials_new_for_http (path, path, NULL);
  GSocketConnection *oldest, *some[3];
  Limited limited;

  ck_assert (credentials != NULL);
  limited_init (&limited, 8, G_TIME_SPAN_HOUR);
  whep_connections_limit_clients (limited.connections, 2);
  if (__i__ == 1)
    whep_connections_use_tls (limited.connections, credentials,
        G_TIME_SPAN_HOUR);
  oldest = connect_from ("127.0.0.2", limited.port);
  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    some[i] = connect_to (limited.port);
  wait_for_hang_up (some[0]);
  ck_assert (is_quiet (oldest));
  ck_assert (is_quiet (some[1]));
  ck_assert (is_quiet (some[2]));

  g_object_unref (oldest);
  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    g_object_unref (some[i]);
  limited_clear (&limited);
  net_credentials_free (credentials);
  g_remove (path);
}
GST_END_TEST;

/* Its descriptor is reserved elsewhere: WHEP_SUBSCRIBERS_MAX. */
GST_START_TEST (an_event_stream_does_not_count_against_its_client)
{
  Limited limited;
  GSocketConnection *stream, *some[3];

  limited_init (&limited, 8, G_TIME_SPAN_HOUR);
  whep_connections_limit_clients (limited.connections, 2);
  stream = stream_from (&limited);
  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    some[i] = connect_to (limited.port);
  wait_for_hang_up (some[0]);
  ck_assert (is_quiet (stream));
  ck_assert (is_quiet (some[1]));

  g_object_unref (stream);
  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    g_object_unref (some[i]);
  limited_clear (&limited);
}
GST_END_TEST;

GST_START_TEST (a_connection_that_sends_another_request_is_not_the_oldest)
{
  Limited limited;
  GSocketConnection *busy, *idle, *third;
  gchar words[256];

  limited_init (&limited, 2, G_TIME_SPAN_HOUR);
  busy = connect_to (limited.port);
  idle = connect_to (limited.port);
  for (guint i = 0; i < 3; i++) {
    say (busy, "GET / HTTP/1.1\r\nHost: here\r\n\r\n");
    ck_assert_int_gt (hear (busy, words, sizeof (words)), 12);
    ck_assert (g_str_has_prefix (words, "HTTP/1.1 200"));
  }
  third = connect_to (limited.port);
  wait_for_hang_up (idle);
  ck_assert (is_quiet (busy));
  ck_assert (is_quiet (third));

  g_object_unref (busy);
  g_object_unref (idle);
  g_object_unref (third);
  limited_clear (&limited);
}
GST_END_TEST;

GST_START_TEST (an_event_stream_neither_times_out_nor_takes_a_place)
{
  Limited limited;
  GSocketConnection *stream, *idle, *next;

  limited_init (&limited, 1, G_TIME_SPAN_MILLISECOND);
  stream = stream_from (&limited);
  idle = connect_to (limited.port);
  wait_for_hang_up (idle);
  next = connect_to (limited.port);
  wait_for_hang_up (next);
  ck_assert (is_quiet (stream));

  g_object_unref (stream);
  g_object_unref (idle);
  g_object_unref (next);
  limited_clear (&limited);
}
GST_END_TEST;

GST_START_TEST (the_oldest_event_stream_beyond_the_limit_is_closed)
{
  Limited limited;
  GSocketConnection *streams[3];

  limited_init (&limited, 1, G_TIME_SPAN_HOUR);
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    streams[i] = stream_from (&limited);
  wait_for_hang_up (streams[0]);
  ck_assert (is_quiet (streams[1]) && is_quiet (streams[2]));

  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    g_object_unref (streams[i]);
  limited_clear (&limited);
}
GST_END_TEST;

GST_START_TEST (an_event_stream_ends_with_its_reader)
{
  Limited limited;
  GSocketConnection *stream;

  limited_init (&limited, 1, G_TIME_SPAN_HOUR);
  stream = stream_from (&limited);
  ck_assert (g_socket_shutdown (g_socket_connection_get_socket (stream), FALSE,
      TRUE, NULL));
  wait_for_hang_up (stream);

  g_object_unref (stream);
  limited_clear (&limited);
}
GST_END_TEST;

GST_START_TEST (connections_are_accepted_once_descriptors_are_free)
{
  struct rlimit before, none;
  Limited limited;
  GSocketConnection *connection;
  int next;

  limited_init (&limited, 8, 1000);
  connection = connect_to (limited.port);
  ck_assert_int_eq (getrlimit (RLIMIT_NOFILE, &before), 0);
  next = dup (STDIN_FILENO);
  ck_assert_int_ge (next, 0);
  close (next);
  none = before;
  none.rlim_cur = next;
  ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &none), 0);
  g_main_context_iteration (NULL, TRUE);
  ck_assert_int_eq (setrlimit (RLIMIT_NOFILE, &before), 0);
  ck_assert (is_quiet (connection));
  wait_for_hang_up (connection);

  g_object_unref (connection);
  limited_clear (&limited);
}
GST_END_TEST;

static guint
count_descriptors (void)
{
  GDir *folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  g_dir_close (folder);
  return n;
}

/* What a client sends before it ends the connection, and the beginning of the
 * reply. */
static const struct
{
  const gchar *words, *answer;
} ends[] = {
  { "", "" },
  { "GET / HT", "" },
  { "GET / HTTP/1.1\r\nHost: here\r\n\r\n", "HTTP/1.1 200" },
  { "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n",
      "HTTP/1.1 200" },
};

static void
end_one (Limited *limited, const gchar *words, const gchar *answer)
{
  GSocketConnection *connection = connect_to (limited->port);
  gchar heard[256] = "";

  say (connection, words);
  /* The end of the connection arrives together with its last bytes. */
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE,
      NULL);
  if (*answer != '\0') {
    ck_assert_int_gt (hear (connection, heard, sizeof (heard) - 1), 12);
    ck_assert_msg (g_str_has_prefix (heard, answer), "%s", heard);
  }
  wait_for_hang_up (connection);
  g_object_unref (connection);
}

GST_START_TEST (a_connection_that_has_ended_leaks_no_descriptor)
{
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    Limited limited;
    guint n_before, n_after;

    limited_init (&limited, 8, G_TIME_SPAN_HOUR);
    /* What is made once has been made then. */
    end_one (&limited, ends[i].words, ends[i].answer);
    n_before = count_descriptors ();
    for (guint n = 0; n < 20; n++)
      end_one (&limited, ends[i].words, ends[i].answer);
    n_after = count_descriptors ();
    ck_assert_msg (n_after <= n_before, "\"%s\": %u descriptors, then %u",
        ends[i].words, n_before, n_after);
    limited_clear (&limited);
  }
}
GST_END_TEST;

GST_START_TEST (a_connection_that_the_server_closes_leaks_no_descriptor)
{
  Limited limited;
  guint n_before = 0;

  limited_init (&limited, 8, 1000);
  for (guint n = 0; n < 20; n++) {
    GSocketConnection *idle = connect_to (limited.port);

    wait_for_hang_up (idle);
    g_object_unref (idle);
    /* What is made once has been made then. */
    if (n == 0)
      n_before = count_descriptors ();
  }
  ck_assert_uint_le (count_descriptors (), n_before);
  limited_clear (&limited);
}
GST_END_TEST;

static Suite *
whepconnections_suite (void)
{
  Suite *suite = suite_create ("whepconnections");
  TCase *tcase = tcase_create ("whepconnections");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_connection_that_dawdles_is_closed);
  tcase_add_test (tcase, the_oldest_connection_makes_room_for_a_new_one);
  tcase_add_test (tcase, a_flood_of_connections_displaces_itself);
  tcase_add_loop_test (tcase, a_client_has_a_limit_of_its_own, 0, 2);
  tcase_add_test (tcase, an_event_stream_does_not_count_against_its_client);
  tcase_add_test (tcase,
      a_connection_that_sends_another_request_is_not_the_oldest);
  tcase_add_test (tcase, an_event_stream_neither_times_out_nor_takes_a_place);
  tcase_add_test (tcase, the_oldest_event_stream_beyond_the_limit_is_closed);
  tcase_add_test (tcase, an_event_stream_ends_with_its_reader);
  tcase_add_test (tcase, connections_are_accepted_once_descriptors_are_free);
  tcase_add_test (tcase, a_connection_that_has_ended_leaks_no_descriptor);
  tcase_add_test (tcase,
      a_connection_that_the_server_closes_leaks_no_descriptor);
  return suite;
}

GST_CHECK_MAIN (whepconnections);
