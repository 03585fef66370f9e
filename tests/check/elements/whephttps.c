/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* HTTPS on the port of HTTP. */

#include "ext/whep/http/connections-io.h"
#include "gst/net/tcplisten-io.h"
#include "tests/support/browseroffer.h"
#include "tests/support/httpsserver.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

/* Of a header: several records, and within libsoup's limit of 100 KiB. */
#define HEADER_BYTES 50000
/* More than sockets of loopback hold. */
#define BODY_BYTES (8 * 1024 * 1024)

GST_START_TEST (one_port_serves_http_and_https)
{
  HttpsServer secure;

  https_server_init (&secure, FALSE);
  https_server_assert_healthy (&secure, TRUE);
  https_server_assert_healthy (&secure, FALSE);
  https_server_clear (&secure);
}
GST_END_TEST;

/* Returns: (transfer full): the reply to a POST by HTTPS. */
static gchar *
post (const HttpsServer *self, const gchar *path, const gchar *type,
    const gchar *body)
{
  g_autofree gchar *request =
      g_strdup_printf ("POST %s" HTTPS_REQUEST_END "Content-Type: %s\r\n"
                       "Connection: close\r\nContent-Length: %zu\r\n\r\n%s",
          path, type, strlen (body), body);

  return https_server_ask (self, TRUE, request);
}

static gchar *
post_offer (const HttpsServer *self)
{
  g_autofree gchar *offer = browser_offer_load ("chromium-156-linux");

  return post (self, "/whep/live/cam", "application/sdp", offer);
}

GST_START_TEST (a_session_is_the_same_over_https)
{
  HttpsServer secure;
  g_autofree gchar *reply = NULL;

  https_server_init (&secure, FALSE);
  whep_server_publish (&secure.server, 1, "live/cam");
  reply = post_offer (&secure);
  ck_assert_msg (g_str_has_prefix (reply, "HTTP/1.1 201"), "%s", reply);
  ck_assert_msg (strstr (reply, "\r\nLocation: cam/") != NULL, "%s", reply);
  https_server_clear (&secure);
}
GST_END_TEST;

/* Returns: (transfer full): of the address after @words. */
static gchar *
last_segment_after (const gchar *reply, const gchar *words)
{
  const gchar *begin = strstr (reply, words);
  g_autofree gchar *address = NULL;

  ck_assert_msg (begin != NULL, "%s", reply);
  begin += strlen (words);
  address = g_strndup (begin, strcspn (begin, ">\r"));
  return g_path_get_basename (address);
}

GST_START_TEST (events_are_sent_over_https)
{
  HttpsServer secure;
  TlsClient client;
  g_autofree gchar *reply = NULL, *subscribed = NULL;
  g_autofree gchar *session = NULL, *listener = NULL;
  g_autofree gchar *path = NULL, *request = NULL;
  g_autofree gchar *first = NULL, *second = NULL;

  https_server_init (&secure, FALSE);
  whep_server_publish (&secure.server, 1, "live/cam");
  reply = post_offer (&secure);
  session = last_segment_after (reply, "\r\nLink: <");
  path = g_strdup_printf ("/events/%s", session);
  subscribed =
      post (&secure, path, "application/json", "[\"active\", \"inactive\"]");
  listener = last_segment_after (subscribed, "\r\nLocation: ");
  request =
      g_strdup_printf ("GET %s/%s" HTTPS_REQUEST_END "\r\n", path, listener);
  client = https_server_client (&secure);
  tls_client_say (&client, request);
  first = tls_client_hear_until (&client, "event: active");
  ck_assert_msg (strstr (first, "event: active") != NULL, "%s", first);
  whep_http_end_track (secure.server.http, 1);
  second = tls_client_hear_until (&client, "event: inactive");
  ck_assert_msg (strstr (second, "event: inactive") != NULL, "%s", second);
  tls_client_clear (&client);
  https_server_clear (&secure);
}
GST_END_TEST;

/* Returns: (transfer full): what the server shows to a new connection. */
static X509 *
shown_by (const HttpsServer *secure)
{
  TlsClient client = https_server_client (secure);
  X509 *x509 = SSL_get1_peer_certificate (client.ssl);

  ck_assert (x509 != NULL);
  tls_client_clear (&client);
  return x509;
}

GST_START_TEST (a_new_certificate_is_used_for_the_next_connection)
{
  HttpsServer secure;
  TlsClient before;
  g_autofree gchar *reply = NULL;
  X509 *shown[4];

  https_server_init (&secure, FALSE);
  before = https_server_client (&secure);
  shown[0] = SSL_get1_peer_certificate (before.ssl);
  https_certificate_write (secure.path);
  shown[1] = shown_by (&secure);
  ck_assert_int_ne (X509_cmp (shown[0], shown[1]), 0);
  ck_assert (g_file_set_contents (secure.path, "nonsense", -1, NULL));
  shown[2] = shown_by (&secure);
  ck_assert_int_eq (g_remove (secure.path), 0);
  shown[3] = shown_by (&secure);
  ck_assert_int_eq (X509_cmp (shown[1], shown[2]), 0);
  ck_assert_int_eq (X509_cmp (shown[1], shown[3]), 0);

  /* The client that was connected before continues. */
  tls_client_say (&before, HTTPS_HEALTH);
  reply = tls_client_hear (&before);
  ck_assert_msg (g_str_has_suffix (reply, "ok\n"), "%s", reply);
  tls_client_clear (&before);
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++)
    X509_free (shown[i]);
  https_server_clear (&secure);
}
GST_END_TEST;

GST_START_TEST (requests_without_tls_are_redirected)
{
  static const gchar *const requests[] = {
    HTTPS_ONE_REQUEST ("GET /watch/live/cam?token=a%20b"),
    "POST /watch/live/cam?token=a%20b" HTTPS_REQUEST_END
    "Content-Length: 5\r\nConnection: close\r\n\r\nwords",
  };
  HttpsServer secure;

  https_server_init (&secure, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++) {
    g_autofree gchar *reply = https_server_ask (&secure, FALSE, requests[i]);

    ck_assert_msg (g_str_has_prefix (reply, "HTTP/1.1 308"), "%s", reply);
    ck_assert_msg (strstr (reply,
                       "\r\nLocation: https://viewers.test:8080/watch/live/cam"
                       "?token=a%20b\r\n") != NULL,
        "%s", reply);
    ck_assert_msg (strstr (reply, "Strict-Transport") == NULL, "%s", reply);
  }
  https_server_assert_healthy (&secure, FALSE);
  https_server_assert_healthy (&secure, TRUE);
  https_server_clear (&secure);
}
GST_END_TEST;

static const struct
{
  const gchar *host, *location;
} hosts[] = {
  { "viewers.test", "https://viewers.test:80/" },
  { "[2001:db8::7]:8080", "https://[2001:db8::7]:8080/" },
  { "192.0.2.7:9090", "https://192.0.2.7:9090/" },
};

GST_START_TEST (a_redirect_names_the_port_that_serves_both)
{
  HttpsServer secure;

  https_server_init (&secure, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    g_autofree gchar *request =
        g_strdup_printf ("GET / HTTP/1.1\r\nHost: %s\r\nConnection: "
                         "close\r\n\r\n",
            hosts[i].host);
    g_autofree gchar *header =
        g_strdup_printf ("\r\nLocation: %s\r\n", hosts[i].location);
    g_autofree gchar *reply = https_server_ask (&secure, FALSE, request);

    ck_assert_msg (strstr (reply, header) != NULL, "%s", reply);
  }
  https_server_clear (&secure);
}
GST_END_TEST;

static const struct
{
  const gchar *header, *status;
} proxied[] = {
  { "X-Forwarded-Proto: https\r\n", "HTTP/1.1 200" },
  { "X-Forwarded-Proto: http\r\n", "HTTP/1.1 308" },
  { "X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http\r\n", "HTTP/1.1 308" },
};

GST_START_TEST (a_proxy_that_terminates_tls_is_not_redirected)
{
  HttpsServer secure;

  https_server_init (&secure, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (proxied); i++) {
    for (guint is_secure = 0; is_secure <= 1; is_secure++) {
      g_autofree gchar *request =
          g_strdup_printf ("GET /api/streams HTTP/1.1\r\n"
                           "Host: viewers.test:8000\r\n%s"
                           "Connection: close\r\n\r\n",
              proxied[i].header);
      g_autofree gchar *reply = https_server_ask (&secure, is_secure, request);

      ck_assert_msg (g_str_has_prefix (reply, proxied[i].status), "%s: %s",
          proxied[i].header, reply);
      /* At the proxy, HTTPS has its usual port. */
      ck_assert_msg ((strstr (reply,
                          "\r\nLocation: https://viewers.test/api/streams"
                          "\r\n") != NULL) ==
              g_str_equal (proxied[i].status, "HTTP/1.1 308"),
          "%s", reply);
    }
  }
  https_server_clear (&secure);
}
GST_END_TEST;

GST_START_TEST (a_header_of_many_records_is_read)
{
  HttpsServer secure;
  g_autofree gchar *filling = g_strnfill (HEADER_BYTES, 'x');
  g_autofree gchar *request =
      g_strdup_printf ("GET /healthz" HTTPS_REQUEST_END
                       "Filling: %s\r\nConnection: close\r\n\r\n",
          filling);
  g_autofree gchar *reply = NULL;

  https_server_init (&secure, FALSE);
  reply = https_server_ask (&secure, TRUE, request);
  ck_assert_msg (g_str_has_suffix (reply, "ok\n"), "%s", reply);
  https_server_clear (&secure);
}
GST_END_TEST;

GST_START_TEST (requests_in_one_record_are_answered_in_order)
{
  HttpsServer secure;
  g_autofree gchar *reply = NULL;
  const gchar *list;

  https_server_init (&secure, FALSE);
  reply = https_server_ask (&secure, TRUE,
      "GET /api/streams" HTTPS_REQUEST_END "\r\n" HTTPS_HEALTH);
  list = strstr (reply, "[]");
  ck_assert_msg (list != NULL && strstr (list, "ok\n") != NULL, "%s", reply);
  https_server_clear (&secure);
}
GST_END_TEST;

GST_START_TEST (an_unknown_method_is_rejected_over_tls)
{
  HttpsServer secure;
  g_autofree gchar *reply = NULL;

  https_server_init (&secure, FALSE);
  reply = https_server_ask (&secure, TRUE, "NONSENSE / HTTP/1.1\r\n\r\n");
  ck_assert_msg (g_str_has_prefix (reply, "HTTP/1.1 501"), "%s", reply);
  https_server_clear (&secure);
}
GST_END_TEST;

GST_START_TEST (a_connection_ends_with_close_notify)
{
  HttpsServer secure;
  TlsClient client;
  g_autofree gchar *reply = NULL;

  https_server_init (&secure, FALSE);
  client = https_server_client (&secure);
  tls_client_say (&client, HTTPS_HEALTH);
  reply = tls_client_hear (&client);
  ck_assert_int_eq (SSL_get_shutdown (client.ssl), SSL_RECEIVED_SHUTDOWN);
  tls_client_clear (&client);

  https_server_clear (&secure);
}
GST_END_TEST;

/* A server on this thread that has more to say than a socket takes. */
typedef struct
{
  SoupServer *server;
  WhepConnections *connections;
  NetCredentials *credentials;
  gchar *path;
  guint16 port;
} Talker;

static void
talk (SoupServer *server, SoupServerMessage *message, const char *path,
    GHashTable *query, gpointer user_data)
{
  gchar *body;
  SoupMessageHeaders *headers =
      soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  if (g_str_equal (path, "/short")) {
    soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_STATIC,
        "words", 5);
    return;
  }
  body = g_strnfill (BODY_BYTES, 'x');
  soup_message_headers_replace (headers, "Connection", "close");
  if (g_str_equal (path, "/chunked"))
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_append_take (soup_server_message_get_response_body (
                                     message),
      (guchar *) body, BODY_BYTES);
  soup_message_body_complete (soup_server_message_get_response_body (message));
}

static void
talker_init (Talker *self, gint64 patience_us)
{
  g_autoptr (GSocket) listener = net_tcp_listen ("127.0.0.1", 0, NULL);

  ck_assert (listener != NULL);
  self->port = net_tcp_port (listener);
  self->path = https_certificate_new ();
  self->credentials = net_credentials_new_for_http (self->path, NULL, NULL);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, talk, NULL, NULL);
  self->connections =
      whep_connections_new (listener, self->server, 8, G_TIME_SPAN_HOUR);
  whep_connections_use_tls (self->connections, self->credentials, patience_us);
}

static void
talker_clear (Talker *self)
{
  whep_connections_free (self->connections);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  net_credentials_free (self->credentials);
  g_remove (self->path);
  g_free (self->path);
}

typedef struct
{
  guint16 port;
  const gchar *request;
  gchar *reply;
  gint is_over; /* atomic */
} Listener;

static gpointer
listen_slowly (gpointer user_data)
{
  Listener *self = user_data;
  TlsClient client = tls_client_new (self->port);

  tls_client_shake_hands (&client);
  tls_client_say (&client, self->request);
  self->reply = tls_client_hear (&client);
  tls_client_clear (&client);
  g_atomic_int_set (&self->is_over, 1);
  g_main_context_wakeup (NULL);
  return NULL;
}

static const gchar *const talks[] = {
  HTTPS_ONE_REQUEST ("GET /whole"),
  HTTPS_ONE_REQUEST ("GET /chunked"),
};

GST_START_TEST (a_reply_larger_than_the_socket_arrives_whole)
{
  Talker talker;
  Listener listener = { .request = talks[__i__] };
  GThread *thread;
  gsize n = 0;

  talker_init (&talker, G_TIME_SPAN_HOUR);
  listener.port = talker.port;
  thread = g_thread_new ("listener", listen_slowly, &listener);
  while (!g_atomic_int_get (&listener.is_over))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  for (const gchar *c = strstr (listener.reply, "\r\n\r\n"); *c != '\0'; c++)
    n += *c == 'x';
  ck_assert_uint_eq (n, BODY_BYTES);
  ck_assert (__i__ == 0 || g_str_has_suffix (listener.reply, "\r\n0\r\n\r\n"));
  g_free (listener.reply);
  talker_clear (&talker);
}
GST_END_TEST;

/* Between two requests. Leaves its socket open. */
static gpointer
say_goodbye (gpointer user_data)
{
  Listener *self = user_data;
  TlsClient client = tls_client_new (self->port);

  tls_client_shake_hands (&client);
  tls_client_say (&client, "GET /short" HTTPS_REQUEST_END "\r\n");
  g_free (tls_client_hear_until (&client, "words"));
  SSL_shutdown (client.ssl);
  self->reply = tls_client_hear (&client);
  ck_assert_int_eq (SSL_get_shutdown (client.ssl),
      SSL_RECEIVED_SHUTDOWN | SSL_SENT_SHUTDOWN);
  tls_client_clear (&client);
  g_atomic_int_set (&self->is_over, 1);
  g_main_context_wakeup (NULL);
  return NULL;
}

GST_START_TEST (a_client_that_says_close_notify_is_closed)
{
  Talker talker;
  Listener listener = { 0 };
  GThread *thread;

  talker_init (&talker, G_TIME_SPAN_HOUR);
  listener.port = talker.port;
  thread = g_thread_new ("listener", say_goodbye, &listener);
  while (!g_atomic_int_get (&listener.is_over))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  ck_assert_str_eq (listener.reply, "");
  g_free (listener.reply);
  talker_clear (&talker);
}
GST_END_TEST;

GST_START_TEST (a_handshake_that_takes_too_long_is_closed)
{
  static const gchar *const beginnings[] = { "", "\x16", "\x16\3\1\0" };
  Talker talker;

  talker_init (&talker, G_TIME_SPAN_MILLISECOND);
  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++) {
    TlsClient client = tls_client_new (talker.port);

    tls_client_send_raw (&client, beginnings[i], strlen (beginnings[i]));
    while (tls_client_is_quiet (&client))
      g_main_context_iteration (NULL, TRUE);
    tls_client_wait_for_end (&client);
    tls_client_clear (&client);
  }
  talker_clear (&talker);
}
GST_END_TEST;

static void
assert_rejected (const WhepHttpsParams *https, const gchar *words)
{
  WhepHttpParams params = { .address = "127.0.0.1", .max_viewers = 1 };
  const WhepMediaParams media_params = { .address = "127.0.0.1",
    .n_threads = 1,
    .limits = whep_stream_default_limits };
  WhepMedia *media = whep_media_new (&media_params, NULL);
  WhepCertificate *certificate = whep_certificate_new (NULL);
  g_autoptr (GError) error = NULL;

  params.https = *https;
  ck_assert (whep_http_new (&params, media, certificate, &error) == NULL);
  ck_assert_msg (strstr (error->message, words) != NULL, "%s", error->message);
  whep_certificate_free (certificate);
  whep_media_free (media);
}

GST_START_TEST (https_does_not_start_without_a_certificate)
{
  assert_rejected (&(WhepHttpsParams){ .certificate = "/nowhere.pem" },
      "/nowhere.pem");
  assert_rejected (&(WhepHttpsParams){ .self_signed = "/proc/nowhere" },
      "/proc/nowhere");
  assert_rejected (&(WhepHttpsParams){ .is_only = TRUE },
      "needs a certificate");
}
GST_END_TEST;

static Suite *
whephttps_suite (void)
{
  Suite *suite = suite_create ("whephttps");
  TCase *tcase = tcase_create ("whephttps");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, one_port_serves_http_and_https);
  tcase_add_test (tcase, a_session_is_the_same_over_https);
  tcase_add_test (tcase, events_are_sent_over_https);
  tcase_add_test (tcase, a_new_certificate_is_used_for_the_next_connection);
  tcase_add_test (tcase, requests_without_tls_are_redirected);
  tcase_add_test (tcase, a_redirect_names_the_port_that_serves_both);
  tcase_add_test (tcase, a_proxy_that_terminates_tls_is_not_redirected);
  tcase_add_test (tcase, a_header_of_many_records_is_read);
  tcase_add_test (tcase, requests_in_one_record_are_answered_in_order);
  tcase_add_test (tcase, an_unknown_method_is_rejected_over_tls);
  tcase_add_test (tcase, a_connection_ends_with_close_notify);
  tcase_add_test (tcase, a_client_that_says_close_notify_is_closed);
  tcase_add_loop_test (tcase, a_reply_larger_than_the_socket_arrives_whole, 0,
      G_N_ELEMENTS (talks));
  tcase_add_test (tcase, a_handshake_that_takes_too_long_is_closed);
  tcase_add_test (tcase, https_does_not_start_without_a_certificate);
  return suite;
}

GST_CHECK_MAIN (whephttps);
