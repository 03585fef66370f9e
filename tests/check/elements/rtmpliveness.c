/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A publisher whose network died is distinguished from a slow one: ffmpeg with
 * a frame every seven seconds neither sends nor reads in between. */

#include "tests/support/rtmpserver.h"

#include <gst/check/gstcheck.h>
#include <linux/filter.h>
#include <sys/socket.h>

/* The publishers that die one after the other while the slow one is silent. */
#define N_DEATHS 3

/* Nothing reaches the client's end of the connection any more, so that it
 * acknowledges nothing: as if its cable were cut. */
static void
client_is_cut_off (Client *self)
{
  struct sock_filter drop_all = BPF_STMT (BPF_RET | BPF_K, 0);
  const struct sock_fprog program = { .len = 1, .filter = &drop_all };
  gint fd = g_socket_get_fd (g_socket_connection_get_socket (self->connection));

  ck_assert_int_eq (setsockopt (fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
                        sizeof program),
      0);
}

/* A client that has completed what it has begun, and then is silent. */
static Client
client_falls_silent (Server *server, const gchar *name)
{
  Client client = client_new (server, 0);

  client_rename (&client, name);
  client_send (&client, client_end_of_video (&client, 3));
  return client;
}

static void
assert_gone (Server *server, const gchar *name)
{
  GstMessage *message = server_hears (server, "publisher-removed");
  const GstStructure *s = gst_message_get_structure (message);
  g_autofree gchar *stream = g_strconcat ("live/", name, NULL);

  ck_assert_str_eq (gst_structure_get_string (s, "stream-name"), stream);
  ck_assert_str_eq (gst_structure_get_string (s, "reason"),
      "the publisher fell silent");
  gst_message_unref (message);
}

static Server *
server_new_impatient (void)
{
  Server *server = server_new ();

  g_object_set (server->src, "idle-timeout", 1, NULL);
  server_start (server);
  return server;
}

GST_START_TEST (a_slow_publisher_outlives_a_dead_one)
{
  Server *server = server_new_impatient ();
  Client slow = client_falls_silent (server, "slo");

  WAIT_UNTIL (server, has_streams, 1);
  /* Each falls silent later than the slow one, and is detected. */
  for (guint i = 0; i < N_DEATHS; i++) {
    g_autofree gchar *name = g_strdup_printf ("d%02u", i);
    Client dead = client_falls_silent (server, name);

    WAIT_UNTIL (server, has_streams, i + 2);
    client_is_cut_off (&dead);
    assert_gone (server, name);
    client_clear (&dead);
  }
  ck_assert (!server_holds (server, has_removed, N_DEATHS + 1));
  client_send (&slow, slow.size);
  client_leave (&slow);
  WAIT_UNTIL (server, has_removed, N_DEATHS + 1);
  ck_assert_uint_eq (count_tags (stream_at (server, 0)).n_video,
      captures[0].n_video);
  client_clear (&slow);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_dies_with_a_reply_in_flight_is_detected)
{
  static const gchar ping[] = { 2, 0, 0, 0, 0, 0, 6, 4, 0, 0, 0, 0, 0, 6, 0, 0,
    0, 0 };
  Server *server = server_new_impatient ();
  Client dead = client_falls_silent (server, "cam");

  WAIT_UNTIL (server, has_streams, 1);
  client_is_cut_off (&dead);
  ck_assert (
      g_output_stream_write_all (g_io_stream_get_output_stream (dead.stream),
          ping, sizeof ping, NULL, NULL, NULL));
  assert_gone (server, "cam");
  client_clear (&dead);
  server_free (server);
}
GST_END_TEST;

static Suite *
rtmpliveness_suite (void)
{
  Suite *suite = suite_create ("rtmpliveness");
  TCase *tcase = tcase_create ("rtmpliveness");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_slow_publisher_outlives_a_dead_one);
  tcase_add_test (tcase,
      a_publisher_that_dies_with_a_reply_in_flight_is_detected);
  return suite;
}

GST_CHECK_MAIN (rtmpliveness);
