/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes and memory that a client can make the HTTP thread spend: bytes sent
 * for bytes received, replies for requests, memory for replies that are not
 * read. */

#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>
#ifdef __SANITIZE_ADDRESS__
/* From <sanitizer/allocator_interface.h>, which GCC does not ship. */
gsize __sanitizer_get_current_allocated_bytes (void);
#else
#include <malloc.h>
#endif

#define CLOSE "Connection: close\r\n"
#define HOST "Host: here\r\n"
#define LARGEST "/player.js"
/* The number of requests after which the server has nothing left to do. */
#define N_ROUNDS 50
/* Clients that do not read, the number of requests of each, and the memory that
 * it may cost: a request, a reply and the copies on their way. */
#define N_READERS 6
#define N_PIPELINED 40
/* Requests with new text in each. */
#define N_NOVELTIES 40
#define NOVELTY_BYTES (60 * 1024)
#define REQUEST_BYTES (32 * 1024)
#define READER_BYTES (1024 * 1024)

static GSocketConnection *
connect_to (const WhepServer *server)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GSocketConnection *connection = g_socket_client_connect_to_host (client,
      "127.0.0.1", whep_http_port (server->http), NULL, NULL);

  ck_assert (connection != NULL);
  return connection;
}

static void
say (GSocketConnection *connection, const gchar *words)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  ck_assert (
      g_output_stream_write_all (out, words, strlen (words), NULL, NULL, NULL));
}

/* All that the server sends until it closes the connection. */
static GString *
hear_all (GSocketConnection *connection)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GString *heard = g_string_new (NULL);
  gchar words[4096];
  gssize size;

  while (
      (size = g_input_stream_read (in, words, sizeof (words), NULL, NULL)) > 0)
    g_string_append_len (heard, words, size);
  return heard;
}

static GString *
converse (const WhepServer *server, const gchar *words)
{
  g_autoptr (GSocketConnection) connection = connect_to (server);

  say (connection, words);
  return hear_all (connection);
}

static GString *
ask (const WhepServer *server, const gchar *method, const gchar *path,
    const gchar *headers)
{
  g_autofree gchar *words =
      g_strdup_printf ("%s %s HTTP/1.1\r\n" HOST CLOSE "%s\r\n", method, path,
          headers);

  return converse (server, words);
}

static const gchar *const paths[] = {
  LARGEST,
  "/",
  "/watch/live/cam",
  "/api/streams",
  "/healthz",
  "/nothing/here",
};

/* None of these may change the reply to a plain GET. */
static const gchar *const extras[] = {
  "Range: bytes=0-0\r\n",
  "Range: bytes=-1\r\n",
  "Range: bytes=0-\r\n",
  "Range: bytes=0-,1-,2-,3-,4-,5-,6-,7-,8-,9-\r\n",
  "Range: bytes=0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-\r\n",
  "Range: bytes=0-0,2-2,4-4,6-6,8-8\r\n",
  "Range: bytes=999999-\r\n",
  "Range: bytes=5-2\r\n",
  "Range: lines=0-1\r\n",
  "rAnGe:bytes=0-,1-\r\n",
  "Range: bytes=0-,2-\r\nRange: bytes=1-,3-\r\n",
  "Range: bytes=0-\r\nIf-Range: \"tag\"\r\n",
  "Range: bytes=0-,1-\r\nIf-Range: Thu, 01 Jan 2026 00:00:00 GMT\r\n",
  "Request-Range: bytes=0-,1-\r\n",
  "If-Match: \"tag\"\r\n",
  "If-Modified-Since: Thu, 01 Jan 2037 00:00:00 GMT\r\n",
  "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:01 GMT\r\n",
  "Accept-Encoding: br\r\nTE: trailers\r\n",
};

/* These may make it shorter. */
static const gchar *const savings[] = {
  "If-None-Match: *\r\n",
  "Accept-Encoding: gzip\r\nTE: trailers\r\n",
  "Accept-Encoding: gzip, gzip;q=0.5, gzip\r\n",
};

static void
assert_saves (const WhepServer *server, const gchar *path, const GString *plain)
{
  for (guint i = 0; i < G_N_ELEMENTS (savings); i++) {
    GString *heard = ask (server, "GET", path, savings[i]);

    ck_assert_msg (heard->len <= plain->len, "%s, %s: %zu bytes for %zu", path,
        savings[i], heard->len, plain->len);
    g_string_free (heard, TRUE);
  }
}

GST_START_TEST (no_request_header_makes_the_reply_longer)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    GString *plain = ask (&server, "GET", paths[i], "");

    ck_assert_msg (strstr (plain->str, "Accept-Ranges") == NULL, "%s",
        plain->str);
    for (guint k = 0; k < G_N_ELEMENTS (extras); k++) {
      GString *heard = ask (&server, "GET", paths[i], extras[k]);

      ck_assert_msg (heard->len == plain->len &&
              strncmp (heard->str, plain->str, 12) == 0,
          "%s, %s: %zu bytes for %zu: %.300s", paths[i], extras[k], heard->len,
          plain->len, heard->str);
      g_string_free (heard, TRUE);
    }
    assert_saves (&server, paths[i], plain);
    g_string_free (plain, TRUE);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_head_request_returns_headers_alone)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    GString *get = ask (&server, "GET", paths[i], "");
    GString *head = ask (&server, "HEAD", paths[i], "Range: bytes=0-,1-\r\n");

    ck_assert_msg (g_str_has_suffix (head->str, "\r\n\r\n"), "%s", head->str);
    ck_assert_uint_eq (head->len, strstr (get->str, "\r\n\r\n") + 4 - get->str);
    g_string_free (get, TRUE);
    g_string_free (head, TRUE);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

#define GET(path) "GET " path " HTTP/1.1\r\n" HOST "\r\n"
#define LAST(path) "GET " path " HTTP/1.1\r\n" HOST CLOSE "\r\n"
#define POST(headers) "POST /whep/live/cam HTTP/1.1\r\n" HOST headers
#define SDP "Content-Type: application/sdp\r\n"
#define TEXT "Content-Type: text/plain\r\n"

/* The end of the last one is that of the connection. */
static const struct
{
  const gchar *words;
  guint n_answers; /* that are final */
  const gchar *first;
} talks[] = {
  { GET ("/healthz") GET (LARGEST) LAST ("/healthz"), 3, "200" },
  { "HEAD " LARGEST " HTTP/1.1\r\n" HOST "\r\n" LAST ("/healthz"), 2, "200" },
  { "GET http://elsewhere.example/healthz HTTP/1.1\r\n" HOST CLOSE "\r\n", 1,
      "200" },
  { "GET ftp://here/healthz HTTP/1.1\r\n" HOST CLOSE "\r\n", 1, "400" },
  { "OPTIONS * HTTP/1.1\r\n" HOST CLOSE "\r\n", 1, "404" },
  { "CONNECT elsewhere.example:443 HTTP/1.1\r\n" HOST CLOSE "\r\n", 1, "405" },
  { "TRACE / HTTP/1.1\r\n" HOST CLOSE "\r\n", 1, "405" },
  { "GET /healthz HTTP/1.0\r\n\r\n", 1, "200" },
  { "BREW / HTTP/1.1\r\n" HOST "\r\n" GET ("/healthz"), 1, "501" },
  { "get / HTTP/1.1\r\n" HOST "\r\n" GET ("/healthz"), 1, "501" },
  { "\r\n\r\n" GET ("/healthz") "\r\n" LAST ("/healthz"), 2, "200" },
  { GET ("/healthz") "OPTIONSS / HTTP/1.1\r\n" HOST "\r\n", 2, "200" },
  { "GET /healthz HTTP/1.1\r\n" CLOSE "\r\n", 1, "400" },
  /* An announced body belongs to its request, whether it is wanted or not. */
  { "GET /healthz HTTP/1.1\r\n" HOST
    "Content-Length: 37\r\n\r\n" GET ("/healthz") LAST ("/healthz"),
      2, "200" },
  { POST (TEXT "Content-Length: 37\r\n\r\n") GET ("/healthz") LAST ("/healthz"),
      2, "415" },
  { POST (SDP "Transfer-Encoding: chunked\r\n\r\n25\r\n")
          GET ("/healthz") "\r\n0\r\n\r\n" GET ("/healthz"),
      1, "409" },
  { POST (
        SDP "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n")
          GET ("/healthz"),
      1, "409" },
  { POST (SDP "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")
          GET ("/healthz"),
      1, "400" },
  { "GET / HTTP/1.1\r\n" HOST "Range: bytes=0-,\r\n 1-\r\n\r\n", 1, "400" },
  { POST (SDP "Content-Length: x\r\n\r\n") GET ("/healthz"), 1, "400" },
  /* Sent without waiting for 100 Continue (RFC 9110 section 10.1.1). */
  { POST (TEXT "Expect: 100-continue\r\nContent-Length: 37\r\n\r\n")
          GET ("/healthz"),
      1, "415" },
  { POST (SDP "Expect: 100-continue\r\nContent-Length: 37\r\n\r\n")
          GET ("/healthz") LAST ("/healthz"),
      2, "409" },
  { "GET /healthz HTTP/1.1\r\n" HOST
    "Expect: 100-continue\r\nContent-Length: 37\r\n\r\n" GET ("/healthz")
          LAST ("/healthz"),
      2, "200" },
};

/* Counts the final responses, and records the first. */
static guint
count_answers (const gchar *heard, const gchar **first)
{
  guint n = 0;

  *first = "";
  for (const gchar *at = heard; (at = strstr (at, "HTTP/1.")) != NULL; at++) {
    if (strncmp (at + strlen ("HTTP/1.x "), "100", 3) == 0)
      continue;
    if (n++ == 0)
      *first = at + strlen ("HTTP/1.x ");
  }
  return n;
}

GST_START_TEST (each_request_gets_one_reply)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (talks); i++) {
    GString *heard = converse (&server, talks[i].words);
    const gchar *first;
    guint n_answers = count_answers (heard->str, &first);

    ck_assert_msg (n_answers == talks[i].n_answers &&
            g_str_has_prefix (first, talks[i].first),
        "%u answers to %s:\n%s", n_answers, talks[i].words, heard->str);
    g_string_free (heard, TRUE);
  }
  whep_server_clear (&server);
}
GST_END_TEST;

/* The memory that is allocated at the moment, in bytes. */
static gsize
allocated_bytes (void)
{
#ifdef __SANITIZE_ADDRESS__
  return __sanitizer_get_current_allocated_bytes ();
#else
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
#endif
}

/* Lets the HTTP thread iterate until it has done all that it can. */
static void
go_round (const WhepServer *server)
{
  for (guint i = 0; i < N_ROUNDS; i++) {
    GString *heard = ask (server, "GET", "/healthz", "");

    ck_assert (g_str_has_prefix (heard->str, "HTTP/1.1 200"));
    g_string_free (heard, TRUE);
  }
}

/* Sends as much as the server accepts. */
static void
say_what_is_taken (GSocketConnection *connection, const GString *words)
{
  GSocket *socket = g_socket_connection_get_socket (connection);
  gsize n_said = 0;
  gssize n;

  g_socket_set_blocking (socket, FALSE);
  while (n_said < words->len &&
      (n = g_socket_send (socket, words->str + n_said, words->len - n_said,
           NULL, NULL)) > 0)
    n_said += n;
}

/* Requests whose replies could have a megabyte or more each. */
static const struct
{
  const gchar *head, *repeated;
} gluttons[] = {
  { "GET " LARGEST " HTTP/1.1\r\n" HOST "Range: bytes=0-", ",0-,1-,2-,3-" },
  { "GET " LARGEST " HTTP/1.1\r\n" HOST "Range: bytes=0-",
      "\r\nRange: bytes=0-,1-,3-,5-" },
  { "GET " LARGEST " HTTP/1.1\r\n" HOST, "X: y\r\n" },
};

static GString *
glutton_words (guint index)
{
  GString *words = g_string_new (NULL);
  gsize from;

  for (guint i = 0; i < N_PIPELINED; i++) {
    from = words->len;
    g_string_append (words, gluttons[index].head);
    while (words->len - from < REQUEST_BYTES)
      g_string_append (words, gluttons[index].repeated);
    g_string_append (words, "\r\n\r\n");
  }
  return words;
}

GST_START_TEST (replies_that_are_not_read_are_not_generated)
{
  GSocketConnection *readers[N_READERS];
  GString *words = glutton_words (__i__);
  WhepServer server;
  gsize before, after;

  whep_server_init (&server, 10);
  go_round (&server);
  before = allocated_bytes ();
  for (guint i = 0; i < N_READERS; i++) {
    readers[i] = connect_to (&server);
    say_what_is_taken (readers[i], words);
  }
  go_round (&server);
  after = allocated_bytes ();
  ck_assert_msg (after < before + N_READERS * READER_BYTES, "%zu bytes more",
      after - before);

  for (guint i = 0; i < N_READERS; i++)
    g_object_unref (readers[i]);
  g_string_free (words, TRUE);
  whep_server_clear (&server);
}
GST_END_TEST;

/* Requests with a word of the client, new each time, that libsoup might keep,
 * whether or not they can be answered. */
static const gchar *const novelties[] = {
  "%s / HTTP/1.1\r\n" HOST CLOSE "\r\n",
  "GET / HTTP/1.1\r\n" HOST CLOSE "%s: y\r\n\r\n",
  "GET /%s HTTP/1.1\r\n" HOST CLOSE "\r\n",
  "GET %s://here/ HTTP/1.1\r\n" HOST CLOSE "\r\n",
  "GET /?%s=1 HTTP/1.1\r\n" HOST CLOSE "\r\n",
  "GET / HTTP/1.1\r\n" HOST CLOSE "Connection: %s\r\n\r\n",
  "POST /whep/live/cam HTTP/1.1\r\n" HOST CLOSE "Content-Type: %s\r\n\r\n",
  "GET /%s HTTP/1.1\r\n" CLOSE "\r\n",
  "GET /%s HTTP/9.1\r\n" HOST CLOSE "\r\n",
  "GET /%s HTTP/1.1\r\n" CLOSE "Host: a/b\r\n\r\n",
  "GET /%s HTTP/1.1\r\n" CLOSE "Host: a:b:c\r\n\r\n",
  "GET /%s HTTP/1.1\r\n" HOST CLOSE "Content-Length: x\r\n\r\n",
  "GET /%s HTTP/1.1\r\n" HOST CLOSE "Content-Length:\r\n 1x\r\n\r\n",
  "GET /%s HTTP/1.1\r\n" HOST CLOSE "Transfer-Encoding: gzip\r\n\r\n",
  "GET /%s HTTP/1.1\r\n" HOST CLOSE "transfer-encoding:gzip\r\n\r\n",
  "GET /%s HTTP/1.1\r\n" HOST CLOSE
  "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n",
  "GET /%s HTTP/1.1\r\n" HOST CLOSE "no header\r\n\r\n",
  "CONNECT %s HTTP/1.1\r\n" HOST CLOSE "\r\n",
  "OPTIONS * HTTP/1.1\r\n" HOST CLOSE "X: %s\r\n\r\n",
};

static gchar *
novelty (const gchar *request, guint number)
{
  g_autofree gchar *word = g_strnfill (NOVELTY_BYTES, 'A' + number % 26);
  g_auto (GStrv) parts = g_strsplit (request, "%s", 2);

  return g_strdup_printf ("%s%s%u%s", parts[0], word, number, parts[1]);
}

static void
check_that_it_is_not_kept (const WhepServer *server, const gchar *request)
{
  gsize before = 0;

  for (guint i = 0; i < N_NOVELTIES; i++) {
    g_autofree gchar *words = novelty (request, i);

    g_string_free (converse (server, words), TRUE);
    if (i == N_NOVELTIES / 4)
      before = allocated_bytes ();
  }
  ck_assert_msg (allocated_bytes () < before + N_NOVELTIES * NOVELTY_BYTES / 4,
      "%s: %zu bytes more", request, allocated_bytes () - before);
}

/* In one process, because each takes long to end under a sanitizer. */
GST_START_TEST (text_from_requests_is_not_kept_in_memory)
{
  WhepServer server;

  whep_server_init (&server, 10);
  for (guint i = 0; i < G_N_ELEMENTS (novelties); i++)
    check_that_it_is_not_kept (&server, novelties[i]);
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whephttpcost_suite (void)
{
  Suite *suite = suite_create ("whephttpcost");
  TCase *tcase = tcase_create ("whephttpcost");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, no_request_header_makes_the_reply_longer);
  tcase_add_test (tcase, a_head_request_returns_headers_alone);
  tcase_add_test (tcase, each_request_gets_one_reply);
  tcase_add_loop_test (tcase, replies_that_are_not_read_are_not_generated, 0,
      G_N_ELEMENTS (gluttons));
  tcase_add_test (tcase, text_from_requests_is_not_kept_in_memory);
  return suite;
}

GST_CHECK_MAIN (whephttpcost);
