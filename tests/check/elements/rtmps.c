/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpserversrc over TLS, with GIO at the other end. */

#include "gst/publisher/gstpublisherevents.h"
#include "tests/support/rtmpserver.h"
#include "tests/support/selfsigned.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

/* One fewer than the limit of connections that do not publish. */
#define N_SILENT 63
#define FFMPEG 0
/* The size of a record with an alert, with room to spare; far less than a
 * handshake. */
#define MAX_ALERT_BYTES 16

/* A server with a certificate. */
typedef struct
{
  Server *server;
  gchar *path;
  guint port; /* of RTMPS */
} Secure;

static void
write_certificate (Secure *self)
{
  WhepCertificate *identity = whep_certificate_new (NULL);

  ck_assert (identity != NULL);
  selfsigned_write (identity, self->path, NULL);
  whep_certificate_free (identity);
}

static Secure
secure_new (void)
{
  Secure self = { .server = server_new () };
  gint fd = g_file_open_tmp ("rtmps-XXXXXX", &self.path, NULL);

  ck_assert_int_ge (fd, 0);
  g_close (fd, NULL);
  write_certificate (&self);
  g_object_set (self.server->src, "tls-certificate", self.path, "tls-port", 0,
      NULL);
  server_start (self.server);
  g_object_get (self.server->src, "tls-port", &self.port, NULL);
  ck_assert_uint_ne (self.port, 0);
  ck_assert_uint_ne (self.port, self.server->port);
  return self;
}

static void
secure_free (Secure *self)
{
  server_free (self->server);
  g_remove (self->path);
  g_free (self->path);
}

static gboolean
trust (GTlsConnection *tls, GTlsCertificate *certificate,
    GTlsCertificateFlags errors, gpointer user_data)
{
  return TRUE;
}

/* Performs the handshake as a client that trusts any certificate. */
static Client
client_new_secure (Secure *secure)
{
  Client self = client_new_at (secure->port, FFMPEG);
  g_autoptr (GError) error = NULL;
  GIOStream *tls =
      g_tls_client_connection_new (G_IO_STREAM (self.connection), NULL, &error);

  ck_assert_msg (tls != NULL, "%s", error != NULL ? error->message : "");
  g_signal_connect (tls, "accept-certificate", G_CALLBACK (trust), NULL);
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (tls), FALSE);
  ck_assert_msg (g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL,
                     &error),
      "%s", error != NULL ? error->message : "");
  g_object_unref (self.stream);
  self.stream = tls;
  return self;
}

static void
assert_all_frames (const Stream *stream)
{
  Tags tags = count_tags (stream);

  ck_assert_uint_eq (tags.n_video, captures[FFMPEG].n_video);
  ck_assert_uint_eq (tags.n_audio, captures[FFMPEG].n_audio);
}

/* As in the event about the publisher. */
static void
assert_protocol (const Stream *stream, const gchar *expected)
{
  g_autoptr (GstEvent) event = gst_pad_get_sticky_event (stream->sink,
      GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, 0);
  GstPublisherFacts facts;

  ck_assert (event != NULL && gst_publisher_event_parse (event, &facts));
  ck_assert_str_eq (facts.protocol, expected);
}

GST_START_TEST (a_stream_over_tls_is_the_same_as_without)
{
  Secure secure = secure_new ();
  Client plain = client_new (secure.server, FFMPEG);
  Client client;

  client_send (&plain, plain.size);
  client_leave (&plain);
  WAIT_UNTIL (secure.server, has_removed, 1);
  client = client_new_secure (&secure);
  client_send (&client, client.size);
  client_leave (&client);
  WAIT_UNTIL (secure.server, has_removed, 2);
  for (guint i = 0; i < 2; i++)
    assert_all_frames (stream_at (secure.server, i));
  assert_protocol (stream_at (secure.server, 0), "rtmp");
  assert_protocol (stream_at (secure.server, 1), "rtmps");
  ck_assert_uint_eq (stream_at (secure.server, 1)->flv->len,
      stream_at (secure.server, 0)->flv->len);
  ck_assert_int_eq (memcmp (stream_at (secure.server, 1)->flv->data,
                        stream_at (secure.server, 0)->flv->data,
                        stream_at (secure.server, 0)->flv->len),
      0);
  client_clear (&plain);
  client_clear (&client);
  secure_free (&secure);
}
GST_END_TEST;

static GTlsCertificate *
shown_to (const Client *client)
{
  return g_tls_connection_get_peer_certificate (
      G_TLS_CONNECTION (client->stream));
}

GST_START_TEST (a_new_certificate_is_used_for_the_next_connection)
{
  Secure secure = secure_new ();
  Client first = client_new_secure (&secure);
  Client second, third, fourth;

  client_send (&first, OPENING_BYTES);
  WAIT_UNTIL (secure.server, has_streams, 1);
  write_certificate (&secure);
  second = client_new_secure (&secure);
  ck_assert (
      !g_tls_certificate_is_same (shown_to (&first), shown_to (&second)));
  ck_assert (g_file_set_contents (secure.path, "nonsense", -1, NULL));
  third = client_new_secure (&secure);
  ck_assert (g_tls_certificate_is_same (shown_to (&second), shown_to (&third)));
  ck_assert_int_eq (g_remove (secure.path), 0);
  fourth = client_new_secure (&secure);
  ck_assert (
      g_tls_certificate_is_same (shown_to (&second), shown_to (&fourth)));

  /* The client that was connected before continues. */
  client_send (&first, first.size);
  client_leave (&first);
  WAIT_UNTIL (secure.server, has_removed, 1);
  assert_all_frames (stream_at (secure.server, 0));
  client_clear (&first);
  client_clear (&second);
  client_clear (&third);
  client_clear (&fourth);
  secure_free (&secure);
}
GST_END_TEST;

/* Sends the first @n bytes of a TLS 1.3 ClientHello, and no more. */
static void
begin_greeting (Client *self, gsize n)
{
  static const gchar greeting[] = "\x16\3\1\0\xff\1\0\0\xfb\3\3";

  ck_assert_uint_lt (n, sizeof greeting);
  ck_assert (
      g_output_stream_write_all (g_io_stream_get_output_stream (self->stream),
          greeting, n, NULL, NULL, NULL));
}

GST_START_TEST (an_unfinished_handshake_delays_no_other_client)
{
  Secure secure = secure_new ();
  Client silent[N_SILENT];
  Client client;

  for (guint i = 0; i < N_SILENT; i++) {
    silent[i] = client_new_at (secure.port, FFMPEG);
    begin_greeting (&silent[i], i % 11);
  }
  client = client_new_secure (&secure);
  client_send (&client, client.size);
  client_leave (&client);
  WAIT_UNTIL (secure.server, has_removed, 1);
  assert_all_frames (stream_at (secure.server, 0));
  client_clear (&client);
  /* They were connected all the time, and are disconnected. */
  for (guint i = 0; i < N_SILENT; i++) {
    g_autofree gchar *said = client_listen (&silent[i]);

    ck_assert_str_eq (said, "");
    client_clear (&silent[i]);
  }
  secure_free (&secure);
}
GST_END_TEST;

GST_START_TEST (each_port_has_its_own_protocol)
{
  Secure secure = secure_new ();
  Client plain = client_new_at (secure.port, FFMPEG);
  Client secret = client_new (secure.server, FFMPEG);
  g_autofree gchar *said = NULL;
  g_autofree gchar *alert = NULL;

  /* Bytes that are unread when the server closes the connection would discard
   * its last reply: so no more is sent than identifies the protocol. */
  client_send (&plain, MAX_ALERT_BYTES);
  alert = client_listen (&plain);
  ck_assert_uint_le (strlen (alert), MAX_ALERT_BYTES);
  begin_greeting (&secret, 1);
  said = client_listen (&secret);
  ck_assert_str_eq (said, "");
  ck_assert_uint_eq (secure.server->streams->len, 0);
  client_clear (&plain);
  client_clear (&secret);
  secure_free (&secure);
}
GST_END_TEST;

static void
assert_error (Server *server, const gchar *words)
{
  GstBus *bus = gst_element_get_bus (server->pipeline);
  GstMessage *message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  g_autoptr (GError) error = NULL;

  ck_assert (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  ck_assert_msg (strstr (error->message, words) != NULL, "%s", error->message);
  gst_message_unref (message);
  gst_object_unref (bus);
}

GST_START_TEST (the_element_does_not_start_without_a_certificate)
{
  Server *server = server_new ();

  g_object_set (server->src, "tls-certificate", "/nowhere.pem", NULL);
  ck_assert_int_eq (gst_element_set_state (server->pipeline, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  assert_error (server, "certificate for RTMPS");
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_taken_tls_port_is_an_error_that_names_it)
{
  Secure secure = secure_new ();
  Server *second = server_new ();
  g_autofree gchar *words =
      g_strdup_printf ("RTMPS publishers on port %u.", secure.port);

  g_object_set (second->src, "tls-certificate", secure.path, "tls-port",
      secure.port, NULL);
  ck_assert_int_eq (gst_element_set_state (second->pipeline, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  assert_error (second, words);
  server_free (second);
  secure_free (&secure);
}
GST_END_TEST;

static Suite *
rtmps_suite (void)
{
  Suite *suite = suite_create ("rtmps");
  TCase *tcase = tcase_create ("rtmps");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_stream_over_tls_is_the_same_as_without);
  tcase_add_test (tcase, a_new_certificate_is_used_for_the_next_connection);
  tcase_add_test (tcase, an_unfinished_handshake_delays_no_other_client);
  tcase_add_test (tcase, each_port_has_its_own_protocol);
  tcase_add_test (tcase, the_element_does_not_start_without_a_certificate);
  tcase_add_test (tcase, a_taken_tls_port_is_an_error_that_names_it);
  return suite;
}

GST_CHECK_MAIN (rtmps);
