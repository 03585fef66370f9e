/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams as fragmented MP4 over HTTP: readers that join, wait, are slow and
 * leave. The fragments are words. */

#include "tests/support/fragments.h"
#include "tests/support/mp4reader.h"
#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <string.h>

#define PATH "/live/live/cam.mp4"
#define STREAM "live/cam"
#define LONG_US (3600 * (gint64) G_USEC_PER_SEC)
/* Larger than what all buffers of two sockets hold. */
#define N_LARGE 400
#define LARGE_BYTES (64 * 1024)
#define SMALL_BUFFER_BYTES 4096

static void
server_init (WhepServer *self, WhepHttpParams params, gint64 linger_us,
    gint64 behind_us)
{
  params.address = "127.0.0.1";
  if (params.max_viewers == 0)
    params.max_viewers = 10;
  params.readers = (WhepReadersParams){
    .limits = { 64 << 20, LONG_US, behind_us },
    .linger_us = linger_us,
  };
  whep_server_init_as (self, &params);
}

static WhepReaders *
readers_of (WhepServer *self)
{
  return whep_http_readers (self->http);
}

/* i: an init segment, K: a key frame, anything else: another frame. */
static void
push (WhepServer *self, guint64 id, const gchar *words)
{
  g_auto (GStrv) list = g_strsplit (words, " ", -1);

  for (guint i = 0; list[i] != NULL; i++) {
    WhepChunk *chunk = fragment_of (list[i]);

    if (list[i][0] == 'i')
      whep_readers_push_init (readers_of (self), id, chunk, "avc1.42E01F");
    else
      whep_readers_push (readers_of (self), id, chunk, list[i][0] == 'K');
  }
}

static void
publish (WhepServer *self, guint64 id, const gchar *words)
{
  whep_readers_begin (readers_of (self), id, STREAM);
  push (self, id, words);
}

static void
reader_init (Mp4Reader *self, guint port, const gchar *version,
    gint buffer_bytes)
{
  mp4_reader_init (self, port, PATH, version, "", buffer_bytes);
}

/* The reader's thread notices by itself. */
static void
wait_for_n_readers (WhepServer *self, guint n)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;

  while (whep_readers_count (readers_of (self), NULL, NULL) != n &&
      g_get_monotonic_time () < deadline_us)
    g_thread_yield ();
  ck_assert_uint_eq (whep_readers_count (readers_of (self), NULL, NULL), n);
}

GST_START_TEST (a_reader_begins_with_the_newest_key_frame_and_follows)
{
  WhepServer server;
  Mp4Reader reader;

  server_init (&server, (WhepHttpParams){ 0 }, LONG_US, LONG_US);
  publish (&server, 1, "i1 K1 d2 K3 d4");
  reader_init (&reader, whep_http_port (server.http), "1.0", 0);
  mp4_reader_assert_reads (&reader, "i1K3d4");
  ck_assert (g_str_has_prefix (reader.text->str, "HTTP/1.1 200 OK\r\n") ||
      g_str_has_prefix (reader.text->str, "HTTP/1.0 200 OK\r\n"));
  ck_assert (
      strstr (reader.text->str,
          "Content-Type: video/mp4; codecs=\"avc1.42E01F\"\r\n") != NULL);
  push (&server, 1, "d5");
  mp4_reader_assert_reads (&reader, "i1K3d4d5");
  push (&server, 1, "i2 K6");
  mp4_reader_assert_reads (&reader, "i1K3d4d5i2K6");
  mp4_reader_clear (&reader);
  wait_for_n_readers (&server, 0);
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_reply_ends_with_the_stream_and_is_chunked)
{
  WhepServer server;
  Mp4Reader reader;

  server_init (&server, (WhepHttpParams){ 0 }, 0, LONG_US);
  publish (&server, 1, "i1 K1");
  reader_init (&reader, whep_http_port (server.http), "1.1", 0);
  mp4_reader_assert_reads (&reader, "2\r\ni1\r\n2\r\nK1\r\n");
  ck_assert (strstr (reader.text->str, "Transfer-Encoding: chunked\r\n"));
  whep_readers_end (readers_of (&server), 1);
  while (mp4_reader_read (&reader)) {
  }
  mp4_reader_assert_reads (&reader, "2\r\ni1\r\n2\r\nK1\r\n0\r\n\r\n");
  wait_for_n_readers (&server, 0);
  mp4_reader_clear (&reader);
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_returns_goes_on_in_the_same_reply)
{
  WhepServer server;
  Mp4Reader reader;

  server_init (&server, (WhepHttpParams){ 0 }, LONG_US, LONG_US);
  publish (&server, 1, "i1 K1");
  reader_init (&reader, whep_http_port (server.http), "1.0", 0);
  mp4_reader_assert_reads (&reader, "i1K1");
  whep_readers_end (readers_of (&server), 1);
  publish (&server, 2, "i2 K2");
  mp4_reader_assert_reads (&reader, "i1K1i2K2");
  /* A takeover: the former publisher's end is none. */
  publish (&server, 3, "i3 K3");
  push (&server, 2, "i9 K9");
  whep_readers_end (readers_of (&server), 2);
  push (&server, 3, "d4");
  mp4_reader_assert_reads (&reader, "i1K1i2K2i3K3d4");
  mp4_reader_clear (&reader);
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (only_a_live_stream_is_found)
{
  static const struct
  {
    const gchar *method, *path;
    guint status;
  } cases[] = {
    { "HEAD", PATH, 200 },
    { "HEAD", "/live/live/nobody.mp4", 404 },
    { "GET", "/live/live/nobody.mp4", 404 },
    { "POST", PATH, 405 },
    { "OPTIONS", PATH, 204 },
  };
  WhepServer server;

  server_init (&server, (WhepHttpParams){ 0 }, LONG_US, LONG_US);
  publish (&server, 1, "i1 K1");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Reply) reply =
        whep_server_ask (&server, cases[i].method, cases[i].path);

    ck_assert_msg (reply.status == cases[i].status, "%s %s: %u",
        cases[i].method, cases[i].path, reply.status);
  }
  whep_readers_end (readers_of (&server), 1);
  {
    g_auto (Reply) reply = whep_server_ask (&server, "GET", PATH);

    reply_assert_problem (&reply, 404, "Nobody publishes this stream");
  }
  whep_server_clear (&server);
}
GST_END_TEST;

static gchar *
reject (const AccessRequest *request, gpointer user_data)
{
  return g_strdup ("not you");
}

GST_START_TEST (a_client_that_may_not_watch_may_not_read)
{
  const WhepHttpParams params = { .authorizer = { .func = reject } };
  WhepServer server;
  g_auto (Reply) reply = { 0 };

  server_init (&server, params, LONG_US, LONG_US);
  publish (&server, 1, "i1 K1");
  reply = whep_server_ask (&server, "GET", PATH);
  reply_assert_problem (&reply, 403, "not you");
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (readers_count_as_viewers)
{
  const WhepHttpParams params = { .max_viewers = 1 };
  g_auto (Reply) full = { 0 };
  g_auto (Reply) unknown = { 0 };
  WhepServer server;
  Mp4Reader reader;

  server_init (&server, params, LONG_US, LONG_US);
  publish (&server, 1, "i1 K1");
  reader_init (&reader, whep_http_port (server.http), "1.1", 0);
  mp4_reader_assert_reads (&reader, "2\r\ni1\r\n2\r\nK1\r\n");
  full = whep_server_ask (&server, "GET", PATH);
  reply_assert_problem (&full, 503, "limit of viewers");
  unknown = whep_server_ask (&server, "GET", "/live/live/nobody.mp4");
  reply_assert_problem (&unknown, 404, "Nobody publishes this stream");
  mp4_reader_clear (&reader);
  wait_for_n_readers (&server, 0);
  reader_init (&reader, whep_http_port (server.http), "1.1", 0);
  mp4_reader_assert_reads (&reader, "2\r\ni1\r\n2\r\nK1\r\n");
  mp4_reader_clear (&reader);
  whep_server_clear (&server);
}
GST_END_TEST;

/* "K" or "d", then a number, then filling. */
static void
push_large (WhepServer *self, guint number)
{
  guint8 *payload;
  WhepChunk *chunk = whep_chunk_new (LARGE_BYTES, &payload);
  gboolean is_key = number % 100 == 0;

  memset (payload, '.', LARGE_BYTES);
  g_snprintf ((gchar *) payload, 16, "%c%05u", is_key ? 'K' : 'd', number);
  payload[6] = '.';
  whep_readers_push (readers_of (self), 1, chunk, is_key);
}

static guint
number_at (const gchar *body, guint index)
{
  return g_ascii_strtoull (body + strlen ("i1") + index * (gsize) LARGE_BYTES +
          1,
      NULL, 10);
}

static guint
n_large (Mp4Reader *self)
{
  const gchar *body = mp4_reader_body (self);
  gsize size;

  if (*body == '\0')
    return 0;
  size = self->text->len - (body - self->text->str);
  return size < strlen ("i1") ? 0 : (size - strlen ("i1")) / LARGE_BYTES;
}

GST_START_TEST (a_reader_that_stops_costs_no_other_a_frame)
{
  WhepServer server;
  Mp4Reader slow, quick;
  WhepReadersStats stats;
  guint n_jumps = 0;

  server_init (&server, (WhepHttpParams){ 0 }, LONG_US, 0);
  publish (&server, 1, "i1");
  reader_init (&slow, whep_http_port (server.http), "1.0", SMALL_BUFFER_BYTES);
  reader_init (&quick, whep_http_port (server.http), "1.0", 0);
  wait_for_n_readers (&server, 2);
  for (guint i = 0; i < N_LARGE; i++) {
    push_large (&server, i);
    while (n_large (&quick) <= i)
      ck_assert (mp4_reader_read (&quick));
    ck_assert_uint_eq (number_at (mp4_reader_body (&quick), i), i);
  }
  /* It goes on: complete fragments, a key frame after each jump, to the end. */
  while (n_large (&slow) == 0 ||
      number_at (mp4_reader_body (&slow), n_large (&slow) - 1) != N_LARGE - 1)
    ck_assert (mp4_reader_read (&slow));
  for (guint i = 1; i < n_large (&slow); i++) {
    guint number = number_at (mp4_reader_body (&slow), i);

    if (number == number_at (mp4_reader_body (&slow), i - 1) + 1)
      continue;
    n_jumps++;
    ck_assert_uint_eq (number % 100, 0);
  }
  ck_assert_uint_gt (n_jumps, 0);
  mp4_reader_clear (&slow);
  mp4_reader_clear (&quick);
  wait_for_n_readers (&server, 0);
  whep_readers_stats (readers_of (&server), &stats);
  ck_assert_uint_ge (stats.n_jumps, n_jumps);
  whep_readers_stats_clear (&stats);
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_server_that_stops_disconnects_its_readers)
{
  WhepServer server;
  Mp4Reader reader;

  server_init (&server, (WhepHttpParams){ 0 }, LONG_US, LONG_US);
  publish (&server, 1, "i1 K1");
  reader_init (&reader, whep_http_port (server.http), "1.0", 0);
  mp4_reader_assert_reads (&reader, "i1K1");
  whep_server_clear (&server);
  ck_assert (!mp4_reader_read (&reader));
  mp4_reader_clear (&reader);
}
GST_END_TEST;

static void
push_word (GstHarness *harness, const gchar *word, GstBufferFlags flags)
{
  GstBuffer *buffer = gst_buffer_new_memdup (word, strlen (word));

  GST_BUFFER_FLAG_SET (buffer, flags);
  ck_assert_int_eq (gst_harness_push (harness, buffer), GST_FLOW_OK);
}

GST_START_TEST (fragments_of_a_pad_are_served_until_its_end)
{
  GstElement *sink = gst_element_factory_make ("whepsink", NULL);
  GstHarness *harness;
  Mp4Reader reader;
  guint port;

  g_object_set (sink, "address", "127.0.0.1", "port", 0, "linger", (guint64) 0,
      NULL);
  harness = gst_harness_new_with_element (sink, "mp4_%u", NULL);
  gst_harness_set_src_caps_str (harness,
      "video/quicktime, variant=iso-fragmented, codecs=(string)\"av01\"");
  g_object_set (GST_PAD_PEER (harness->srcpad), "stream-name", STREAM, NULL);
  push_word (harness, "i1", GST_BUFFER_FLAG_HEADER);
  push_word (harness, "K1", 0);
  push_word (harness, "d2", GST_BUFFER_FLAG_DELTA_UNIT);
  g_object_get (sink, "port", &port, NULL);
  reader_init (&reader, port, "1.1", 0);
  mp4_reader_assert_reads (&reader, "2\r\ni1\r\n2\r\nK1\r\n2\r\nd2\r\n");
  ck_assert (strstr (reader.text->str, "codecs=\"av01\"") != NULL);
  gst_harness_push_event (harness, gst_event_new_eos ());
  while (mp4_reader_read (&reader)) {
  }
  ck_assert (g_str_has_suffix (reader.text->str, "\r\n0\r\n\r\n"));
  mp4_reader_clear (&reader);
  gst_harness_teardown (harness);
  gst_object_unref (sink);
}
GST_END_TEST;

GST_START_TEST (a_reader_that_is_disconnected_reads_the_end)
{
  WhepServer server;
  Mp4Reader reader;

  server_init (&server, (WhepHttpParams){ 0 }, LONG_US, LONG_US);
  publish (&server, 1, "i K1");
  reader_init (&reader, whep_http_port (server.http), "1.0", 0);
  mp4_reader_assert_reads (&reader, "iK1");
  whep_readers_disconnect (readers_of (&server));
  while (mp4_reader_read (&reader)) {
  }
  ck_assert_str_eq (mp4_reader_body (&reader), "iK1");
  mp4_reader_clear (&reader);
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whepmp4_suite (void)
{
  Suite *suite = suite_create ("whepmp4");
  TCase *tcase = tcase_create ("whepmp4");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_reader_begins_with_the_newest_key_frame_and_follows);
  tcase_add_test (tcase, a_reader_that_is_disconnected_reads_the_end);
  tcase_add_test (tcase, a_reply_ends_with_the_stream_and_is_chunked);
  tcase_add_test (tcase, a_publisher_that_returns_goes_on_in_the_same_reply);
  tcase_add_test (tcase, only_a_live_stream_is_found);
  tcase_add_test (tcase, a_client_that_may_not_watch_may_not_read);
  tcase_add_test (tcase, readers_count_as_viewers);
  tcase_add_test (tcase, a_reader_that_stops_costs_no_other_a_frame);
  tcase_add_test (tcase, a_server_that_stops_disconnects_its_readers);
  tcase_add_test (tcase, fragments_of_a_pad_are_served_until_its_end);
  return suite;
}

GST_CHECK_MAIN (whepmp4);
