/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two publishers of one name: the second one gets it, and both get the replies
 * that say so. */

#include "gst/rtmp/roster-io.h"
#include "tests/support/rtmpserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* Tries at publishing again before a name settles, on a busy machine. */
#define MAX_TRIES 10
/* The end of a capture: the commands with which its publisher leaves, and
 * more. */
#define GOODBYE_BYTES 400

/* Publishes, whether it is accepted or not. */
static Client
client_comes (Server *server)
{
  Client client = client_new (server, 0);

  client_send (&client, OPENING_BYTES);
  return client;
}

/* Reads until the server has sent @words.
 *
 * Returns: (transfer full): what was read, zeroes replaced. */
static gchar *
client_hears (Client *self, const gchar *words)
{
  GInputStream *in = g_io_stream_get_input_stream (self->stream);
  GString *said = g_string_new (NULL);
  gchar byte;

  while (!g_str_has_suffix (said->str, words)) {
    ck_assert_int_eq (g_input_stream_read (in, &byte, 1, NULL, NULL), 1);
    g_string_append_c (said, byte == 0 ? '.' : byte);
  }
  return g_string_free (said, FALSE);
}

GST_START_TEST (a_replaced_publisher_is_sent_the_reason)
{
  Server *server = server_new_started ();
  Client first = client_comes (server);
  Client second;
  g_autofree gchar *said = NULL;

  WAIT_UNTIL (server, has_streams, 1);
  second = client_comes (server);
  said = client_listen (&first);
  ck_assert (strstr (said, "NetStream.Publish.BadName") != NULL);
  ck_assert (strstr (said, "another publisher took its place") != NULL);
  client_clear (&first);
  client_clear (&second);
  server_free (server);
}
GST_END_TEST;

/* The first publisher returns as soon as it is disconnected. Returns FALSE if
 * the machine was too busy for that to be soon. */
static gboolean
second_keeps_its_place (void)
{
  Server *server = server_new_started ();
  Client first = client_comes (server);
  gint64 start_us;
  Client second, again;
  g_autofree gchar *said = NULL;
  gboolean is_soon;

  WAIT_UNTIL (server, has_streams, 1);
  start_us = g_get_monotonic_time ();
  second = client_comes (server);
  WAIT_UNTIL (server, has_streams, 2);
  again = client_comes (server);
  said = client_hears (&again, "NetStream.Publish.");
  is_soon = g_get_monotonic_time () - start_us < RTMP_ROSTER_SETTLE_US;
  if (is_soon) {
    g_autofree gchar *rest = client_listen (&again);

    ck_assert (strstr (rest, "just taken over this name") != NULL);
    client_send (&second, second.size);
    client_leave (&second);
    WAIT_UNTIL (server, has_removed, 2);
    ck_assert_uint_eq (count_tags (stream_at (server, 1)).n_video,
        captures[0].n_video);
  }
  client_clear (&first);
  client_clear (&second);
  client_clear (&again);
  server_free (server);
  return is_soon;
}

GST_START_TEST (two_encoders_do_not_replace_each_other_for_ever)
{
  guint n_tries = 0;

  while (!second_keeps_its_place ())
    ck_assert_uint_lt (n_tries++, MAX_TRIES);
}
GST_END_TEST;

GST_START_TEST (publishing_under_a_free_name_is_no_takeover)
{
  Server *server = server_new_started ();

  for (guint i = 0; i < 5; i++) {
    Client client = client_comes (server);

    WAIT_UNTIL (server, has_streams, i + 1);
    client_leave (&client);
    client_clear (&client);
    WAIT_UNTIL (server, has_removed, i + 1);
  }
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (the_last_reply_reaches_a_client_that_keeps_sending)
{
  Server *server = server_new_started ();
  Client first = client_new (server, 0);
  Client second;
  g_autofree gchar *said = NULL;

  server->blocked_name = "live/cam";
  /* All but the commands with which it leaves. */
  client_send (&first, first.size - GOODBYE_BYTES);
  WAIT_UNTIL (server, has_streams, 1);
  second = client_comes (server);
  g_mutex_lock (&server->lock);
  server->blocked_name = NULL;
  g_cond_broadcast (&server->changed);
  g_mutex_unlock (&server->lock);
  said = client_listen (&first);
  ck_assert (strstr (said, "another publisher took its place") != NULL);
  WAIT_UNTIL (server, has_streams, 2);
  client_clear (&first);
  client_clear (&second);
  server_free (server);
}
GST_END_TEST;

static Suite *
rtmptakeover_suite (void)
{
  Suite *suite = suite_create ("rtmptakeover");
  TCase *tcase = tcase_create ("rtmptakeover");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_replaced_publisher_is_sent_the_reason);
  tcase_add_test (tcase, two_encoders_do_not_replace_each_other_for_ever);
  tcase_add_test (tcase, publishing_under_a_free_name_is_no_takeover);
  tcase_add_test (tcase, the_last_reply_reaches_a_client_that_keeps_sending);
  return suite;
}

GST_CHECK_MAIN (rtmptakeover);
