/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may publish to rtmpserversrc, and what those hear who may not. */

#include "tests/support/rtmpserver.h"
#include "tests/support/rtmptalk.h"

/* Connects to @app and publishes @key. */
static Client
client_publish (Server *server, const gchar *app, const gchar *key,
    gdouble caps)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Client client = client_new (server, 0);

  talk_handshake (bytes);
  talk_connect (bytes, app, NULL, caps);
  talk_command (bytes, "publish", 2, key);
  ck_assert (g_output_stream_write_all (g_io_stream_get_output_stream (
                                            G_IO_STREAM (client.connection)),
      bytes->data, bytes->len, NULL, NULL, NULL));
  return client;
}

/* What the server said to the end. */
static gchar *
client_hears_all (Client *self)
{
  gchar *said = client_listen (self);

  client_clear (self);
  return said;
}

static void
send_eos (Server *server)
{
  ck_assert (gst_element_send_event (server->pipeline, gst_event_new_eos ()));
}

GST_START_TEST (a_server_that_goes_asks_who_knows_how_to_come_again)
{
  static const struct
  {
    gdouble caps;
    void (*end) (Server *server);
    gboolean is_asked;
  } ends[] = {
    { 1, server_stop, TRUE },
    { 1, send_eos, TRUE },
    { 0, server_stop, FALSE },
    { 0, send_eos, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    Server *server = server_new_started ();
    Client client = client_publish (server, "live", "cam", ends[i].caps);
    g_autofree gchar *said = NULL;

    WAIT_UNTIL (server, has_streams, 1);
    ends[i].end (server);
    said = client_hears_all (&client);
    ck_assert_int_eq (strstr (said, "Connect.ReconnectRequest") != NULL,
        ends[i].is_asked);
    server_free (server);
  }
}
GST_END_TEST;

GST_START_TEST (who_is_replaced_is_not_asked_to_come_again)
{
  Server *server = server_new_started ();
  Client first = client_publish (server, "live", "cam", 1);
  Client second;
  g_autofree gchar *said = NULL;

  WAIT_UNTIL (server, has_streams, 1);
  second = client_publish (server, "live", "cam", 1);
  said = client_hears_all (&first);
  ck_assert (strstr (said, "Publish.Start") != NULL);
  ck_assert (strstr (said, "ReconnectRequest") == NULL);
  client_clear (&second);
  server_free (server);
}
GST_END_TEST;

static Suite *
rtmpaccess_suite (void)
{
  Suite *suite = suite_create ("rtmpaccess");
  TCase *tcase = tcase_create ("rtmpaccess");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_server_that_goes_asks_who_knows_how_to_come_again);
  tcase_add_test (tcase, who_is_replaced_is_not_asked_to_come_again);
  return suite;
}

GST_CHECK_MAIN (rtmpaccess);
