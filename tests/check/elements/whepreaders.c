/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an administrator sees of HTTP readers of fragmented MP4, and does about
 * them. The fragments are words. */

#include "tests/support/fragments.h"
#include "tests/support/mp4reader.h"
#include "tests/support/whepserver.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define STREAM "live/cam"
#define PATH "/live/" STREAM ".mp4"
#define TOKEN "administrator"
#define LONG_US (3600 * (gint64) G_USEC_PER_SEC)
#define FFPLAY "User-Agent: Lavf/60.3.100\r\n"
#define PROXY "X-Forwarded-For: 198.51.100.7\r\n"
/* "i1" and "K1", each framed as a chunk. */
#define BODY "2\r\ni1\r\n2\r\nK1\r\n"

typedef struct
{
  WhepServer server;
  gchar *tokens;
} Fixture;

static WhepReaders *
readers_of (Fixture *self)
{
  return whep_http_readers (self->server.http);
}

/* A publisher whose video is served both ways. */
static void
publish (Fixture *self)
{
  whep_server_publish (&self->server, 1, STREAM);
  whep_readers_begin (readers_of (self), 1, STREAM);
  whep_readers_push_init (readers_of (self), 1, fragment_of ("i1"),
      "avc1.42E01F");
  whep_readers_push (readers_of (self), 1, fragment_of ("K1"), TRUE);
}

static void
fixture_init (Fixture *self)
{
  WhepHttpParams params = {
    .address = "127.0.0.1",
    .max_viewers = 10,
    .readers = { .limits = { 64 << 20, LONG_US, LONG_US },
        .linger_us = LONG_US },
  };
  gint fd = g_file_open_tmp ("tokens-XXXXXX", &self->tokens, NULL);

  ck_assert (fd >= 0);
  g_close (fd, NULL);
  ck_assert (g_file_set_contents (self->tokens, TOKEN "\n", -1, NULL));
  params.authorizer.api_tokens = self->tokens;
  whep_server_init_as (&self->server, &params);
  publish (self);
}

static void
fixture_clear (Fixture *self)
{
  whep_server_clear (&self->server);
  g_remove (self->tokens);
  g_free (self->tokens);
}

static Reply
ask (Fixture *self, const gchar *method, const gchar *path)
{
  SoupMessage *message = whep_server_message (&self->server, method, path);

  soup_message_headers_replace (soup_message_get_request_headers (message),
      "Authorization", "Bearer " TOKEN);
  return whep_server_send (&self->server, message);
}

/* Returns once the reader is served. */
static void
join (Mp4Reader *reader, Fixture *fixture, const gchar *headers)
{
  mp4_reader_init (reader, whep_http_port (fixture->server.http), PATH, "1.1",
      headers, 0);
  mp4_reader_assert_reads (reader, BODY);
}

/* Returns: (transfer full): the list of viewers. */
static JsonNode *
viewers_at (Fixture *self, const gchar *path)
{
  g_auto (Reply) reply = ask (self, "GET", path);
  JsonNode *list = json_from_string (reply.body, NULL);

  ck_assert_msg (reply.status == 200, "%s", reply.body);
  ck_assert (list != NULL && JSON_NODE_HOLDS_ARRAY (list));
  return list;
}

static JsonObject *
nth (JsonNode *list, guint index)
{
  JsonArray *array = json_node_get_array (list);

  ck_assert_uint_gt (json_array_get_length (array), index);
  return json_array_get_object_element (array, index);
}

static const gchar *
text (JsonObject *viewer, const gchar *member)
{
  return json_object_get_string_member_with_default (viewer, member, "");
}

/* The thread publishes its figures once a second. */
static void
wait_for_bytes (Fixture *self, gint64 n_bytes)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;
  gint64 n = -1;

  while (n != n_bytes) {
    g_autoptr (JsonNode) list = viewers_at (self, "/api/v1/viewers");

    n = json_object_get_int_member_with_default (nth (list, 0), "bytes", -1);
    ck_assert_int_le (n, n_bytes);
    ck_assert (g_get_monotonic_time () < deadline_us);
  }
}

static gint64
port_of (const Mp4Reader *reader)
{
  g_autoptr (GSocketAddress) address =
      g_socket_connection_get_local_address (reader->connection, NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

GST_START_TEST (a_reader_is_listed_as_a_viewer)
{
  static const gchar *const paths[] = { "/api/v1/viewers",
    "/api/v1/streams/" STREAM "/viewers" };
  Fixture fixture;
  Mp4Reader reader;

  fixture_init (&fixture);
  join (&reader, &fixture, FFPLAY);
  wait_for_bytes (&fixture, strlen (BODY));
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (JsonNode) list = viewers_at (&fixture, paths[i]);
    JsonObject *viewer = nth (list, 0);

    ck_assert_str_eq (text (viewer, "stream"), STREAM);
    ck_assert_str_eq (text (viewer, "protocol"), "http");
    ck_assert_str_eq (text (viewer, "state"), "connected");
    ck_assert_str_eq (text (viewer, "address"), "127.0.0.1");
    ck_assert_int_eq (json_object_get_int_member (viewer, "port"),
        port_of (&reader));
    ck_assert_str_eq (text (viewer, "browser"), "Lavf 60");
    ck_assert_str_eq (text (viewer, "codecs"), "avc1.42E01F");
    ck_assert_str_ne (text (viewer, "since"), "");
    ck_assert_str_ne (text (viewer, "id"), "");
    ck_assert_int_eq (json_object_get_int_member (viewer, "jumps"), 0);
  }
  mp4_reader_clear (&reader);
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (a_reader_behind_a_proxy_has_the_address_that_it_names)
{
  Fixture fixture;
  Mp4Reader reader;

  fixture_init (&fixture);
  join (&reader, &fixture, PROXY);
  {
    g_autoptr (JsonNode) list = viewers_at (&fixture, "/api/v1/viewers");

    ck_assert_str_eq (text (nth (list, 0), "address"), "198.51.100.7");
    ck_assert (!json_object_has_member (nth (list, 0), "port"));
  }
  mp4_reader_clear (&reader);
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (both_lists_of_streams_count_readers)
{
  static const gchar *const paths[] = { "/api/streams", "/api/v1/streams",
    "/api/v1/streams/" STREAM };
  Fixture fixture;
  Mp4Reader readers[2];

  fixture_init (&fixture);
  join (&readers[0], &fixture, "");
  join (&readers[1], &fixture, "");
  {
    g_auto (Reply) offer = whep_server_offer (&fixture.server, "/whep/" STREAM,
        "chromium-156-linux");

    ck_assert_uint_eq (offer.status, 201);
  }
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_auto (Reply) reply = ask (&fixture, "GET", paths[i]);

    ck_assert_msg (strstr (reply.body, "\"viewers\":3,") != NULL, "%s: %s",
        paths[i], reply.body);
  }
  mp4_reader_clear (&readers[0]);
  mp4_reader_clear (&readers[1]);
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (a_reader_that_is_disconnected_is_cut_and_no_other)
{
  Fixture fixture;
  Mp4Reader cut, other;

  fixture_init (&fixture);
  join (&cut, &fixture, FFPLAY);
  join (&other, &fixture, "");
  {
    g_autoptr (JsonNode) before = viewers_at (&fixture, "/api/v1/viewers");
    g_autofree gchar *path =
        g_strconcat ("/api/v1/viewers/", text (nth (before, 0), "id"), NULL);
    g_auto (Reply) first = ask (&fixture, "DELETE", path);
    g_auto (Reply) second = ask (&fixture, "DELETE", path);
    g_autoptr (JsonNode) after = viewers_at (&fixture, "/api/v1/viewers");

    ck_assert_uint_eq (first.status, 204);
    reply_assert_problem (&second, 404, "no such viewer");
    ck_assert_uint_eq (json_array_get_length (json_node_get_array (after)), 1);
    ck_assert_str_eq (text (nth (after, 0), "id"),
        text (nth (before, 1), "id"));
  }
  while (mp4_reader_read (&cut)) {
  }
  /* Without the last chunk: it is not the end of the stream. */
  ck_assert_str_eq (mp4_reader_body (&cut), BODY);
  whep_readers_push (readers_of (&fixture), 1, fragment_of ("d2"), FALSE);
  mp4_reader_assert_reads (&other, BODY "2\r\nd2\r\n");
  mp4_reader_clear (&cut);
  mp4_reader_clear (&other);
  fixture_clear (&fixture);
}
GST_END_TEST;

static void
assert_has_line (Fixture *self, const gchar *line)
{
  g_auto (Reply) reply = ask (self, "GET", "/metrics");
  g_auto (GStrv) lines = g_strsplit (reply.body, "\n", -1);

  ck_assert_msg (g_strv_contains ((const gchar *const *) lines, line),
      "%s is not in %s", line, reply.body);
}

static void
wait_for_n_readers (Fixture *self, guint n)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;

  while (whep_readers_count (readers_of (self), NULL, NULL) != n) {
    ck_assert (g_get_monotonic_time () < deadline_us);
    g_thread_yield ();
  }
}

GST_START_TEST (the_metrics_sum_readers_also_those_that_have_left)
{
  Fixture fixture;
  Mp4Reader gone, current;

  fixture_init (&fixture);
  assert_has_line (&fixture, "whep_http_readers 0");
  assert_has_line (&fixture, "whep_http_reader_bytes_sent_total 0");
  join (&gone, &fixture, "");
  mp4_reader_clear (&gone);
  wait_for_n_readers (&fixture, 0);
  join (&current, &fixture, "");
  wait_for_bytes (&fixture, strlen (BODY));
  G_STATIC_ASSERT (2 * sizeof (BODY) - 2 == 28);
  assert_has_line (&fixture, "whep_http_readers 1");
  assert_has_line (&fixture, "whep_http_readers_joined_total 2");
  assert_has_line (&fixture, "whep_http_reader_bytes_sent_total 28");
  assert_has_line (&fixture, "whep_http_reader_jumps_total 0");
  mp4_reader_clear (&current);
  fixture_clear (&fixture);
}
GST_END_TEST;

static void
push_word (GstHarness *harness, const gchar *word, GstBufferFlags flags)
{
  GstBuffer *buffer = gst_buffer_new_memdup (word, strlen (word));

  GST_BUFFER_FLAG_SET (buffer, flags);
  ck_assert_int_eq (gst_harness_push (harness, buffer), GST_FLOW_OK);
}

GST_START_TEST (an_application_disconnects_a_reader)
{
  GstElement *sink = gst_element_factory_make ("whepsink", NULL);
  g_autofree gchar *json = NULL;
  g_autoptr (JsonNode) list = NULL;
  gboolean is_first, is_second;
  GstHarness *harness;
  Mp4Reader reader;
  guint port;

  g_object_set (sink, "address", "127.0.0.1", "port", 0, NULL);
  harness = gst_harness_new_with_element (sink, "mp4_%u", NULL);
  gst_harness_set_src_caps_str (harness,
      "video/quicktime, variant=iso-fragmented, codecs=(string)\"av01\"");
  g_object_set (GST_PAD_PEER (harness->srcpad), "stream-name", STREAM, NULL);
  push_word (harness, "i1", GST_BUFFER_FLAG_HEADER);
  push_word (harness, "K1", 0);
  g_object_get (sink, "port", &port, NULL);
  mp4_reader_init (&reader, port, PATH, "1.1", "", 0);
  mp4_reader_assert_reads (&reader, BODY);

  g_signal_emit_by_name (sink, "get-viewers", STREAM, &json);
  list = json_from_string (json, NULL);
  ck_assert_str_eq (text (nth (list, 0), "codecs"), "av01");
  g_signal_emit_by_name (sink, "disconnect-viewer", text (nth (list, 0), "id"),
      NULL, &is_first);
  g_signal_emit_by_name (sink, "disconnect-viewer", text (nth (list, 0), "id"),
      NULL, &is_second);
  ck_assert (is_first);
  ck_assert (!is_second);
  while (mp4_reader_read (&reader)) {
  }
  ck_assert_str_eq (mp4_reader_body (&reader), BODY);
  mp4_reader_clear (&reader);
  gst_harness_teardown (harness);
  gst_object_unref (sink);
}
GST_END_TEST;

static Suite *
whepreaders_suite (void)
{
  Suite *suite = suite_create ("whepreaders");
  TCase *tcase = tcase_create ("whepreaders");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_reader_is_listed_as_a_viewer);
  tcase_add_test (tcase, a_reader_behind_a_proxy_has_the_address_that_it_names);
  tcase_add_test (tcase, both_lists_of_streams_count_readers);
  tcase_add_test (tcase, a_reader_that_is_disconnected_is_cut_and_no_other);
  tcase_add_test (tcase, the_metrics_sum_readers_also_those_that_have_left);
  tcase_add_test (tcase, an_application_disconnects_a_reader);
  return suite;
}

GST_CHECK_MAIN (whepreaders);
