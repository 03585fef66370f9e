/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may play, how many, and what becomes of players that attack. */

#include "gst/rtmp/player-io.h"
#include "tests/support/hookserver.h"
#include "tests/support/playtags.h"
#include "tests/support/rtmpplayer.h"
#include "tests/support/selfsigned.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

/* Players that come and go at once. */
#define N_CROWD 300

/* The reasons for which players were disconnected, as logged. */
static GMutex reasons_lock;
static GCond reasons_changed;
static GString *reasons;

static void
note_reason (GstDebugCategory *category, GstDebugLevel level, const gchar *file,
    const gchar *function, gint line, GObject *object, GstDebugMessage *message,
    gpointer user_data)
{
  const gchar *why = strstr (gst_debug_message_get (message), " left: ");

  if (why == NULL)
    return;
  g_mutex_lock (&reasons_lock);
  g_string_append_printf (reasons, "%s\n", why + strlen (" left: "));
  g_cond_broadcast (&reasons_changed);
  g_mutex_unlock (&reasons_lock);
}

static void
wait_for_reason (const gchar *why)
{
  gint64 deadline_us = g_get_monotonic_time () + PATIENCE_US;

  g_mutex_lock (&reasons_lock);
  while (strstr (reasons->str, why) == NULL)
    ck_assert_msg (g_cond_wait_until (&reasons_changed, &reasons_lock,
                       deadline_us),
        "waited in vain: %s", why);
  g_mutex_unlock (&reasons_lock);
}

static void
set_up (void)
{
  reasons = g_string_new (NULL);
  gst_debug_set_active (TRUE);
  gst_debug_remove_log_function (gst_debug_log_default);
  gst_debug_add_log_function (note_reason, NULL, NULL);
  gst_debug_set_threshold_for_name ("rtmpplayers", GST_LEVEL_INFO);
}

static void
tear_down (void)
{
  gst_debug_remove_log_function (note_reason);
  g_string_free (reasons, TRUE);
}

static Server *
new_server (void)
{
  Server *server = server_new ();

  g_object_set (server->src, "play", TRUE, NULL);
  return server;
}

GST_START_TEST (nobody_plays_unless_that_is_switched_on)
{
  Server *server = server_new_started ();
  Player *player = player_new (server, "cam");

  player_assert_hears (player, "NetStream.Play.Failed");
  player_assert_is_closed (player);
  player_free (player);
  server_free (server);
}
GST_END_TEST;

static gchar *
authorize (GstElement *src, const gchar *app, const gchar *key,
    const gchar *query, const gchar *address, gpointer user_data)
{
  ck_assert_str_eq (app, "live");
  ck_assert_str_eq (address, "127.0.0.1");
  return g_str_equal (key, "cam") ? NULL : g_strdup ("only cam");
}

GST_START_TEST (the_application_says_who_may_play)
{
  Server *server = new_server ();
  Player *allowed, *rejected;

  g_signal_connect (server->src, "authorize-play", G_CALLBACK (authorize),
      NULL);
  server_start (server);
  allowed = player_new (server, "cam");
  player_assert_hears (allowed, "NetStream.Play.Start");
  rejected = player_new (server, "car");
  player_assert_hears (rejected, "only cam");
  player_assert_is_closed (rejected);
  player_free (allowed);
  player_free (rejected);
  server_free (server);
}
GST_END_TEST;

static gboolean
disconnects (Server *server, const gchar *address)
{
  gboolean is_done;

  g_signal_emit_by_name (server->src, "disconnect-player", address,
      "the show is over", &is_done);
  return is_done;
}

GST_START_TEST (a_disconnected_player_hears_why)
{
  Server *server = new_server ();
  g_autoptr (GstMessage) added = NULL;
  const gchar *address;
  Player *player, *other;

  ck_assert (!disconnects (server, "127.0.0.1:1"));
  server_start (server);
  player = player_new (server, "cam");
  added = server_hears (server, "player-added");
  address =
      gst_structure_get_string (gst_message_get_structure (added), "address");
  other = player_new (server, "cam");
  WAIT_UNTIL (server, has_players, 2);
  ck_assert (!disconnects (server, NULL));
  ck_assert (!disconnects (server, "127.0.0.1"));
  ck_assert (disconnects (server, address));
  player_assert_hears (player, "the show is over");
  player_assert_is_closed (player);
  wait_for_reason ("the show is over");
  WAIT_UNTIL (server, has_players, 1);
  ck_assert (!disconnects (server, address));
  player_assert_hears (other, "NetStream.Play.Start");
  player_free (player);
  player_free (other);
  server_free (server);
}
GST_END_TEST;

/* It has stopped playing: there is no stream on which to send the reason. */
GST_START_TEST (an_idle_player_can_be_disconnected)
{
  Server *server = new_server ();
  g_autoptr (GstMessage) added = NULL;
  Player *player;

  server_start (server);
  player = player_new (server, "cam");
  player_assert_hears (player, "NetStream.Play.Start");
  added = server_hears (server, "player-added");
  player_say (player, "closeStream", 0);
  ck_assert (disconnects (server,
      gst_structure_get_string (gst_message_get_structure (added), "address")));
  player_assert_is_closed (player);
  wait_for_reason ("the show is over");
  player_free (player);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_file_says_who_may_play)
{
  g_autofree gchar *path = NULL;
  gint fd = g_file_open_tmp ("play-keys-XXXXXX", &path, NULL);
  Server *server = new_server ();
  Player *player;

  g_close (fd, NULL);
  ck_assert (g_file_set_contents (path, "live/cam sesame\n", -1, NULL));
  g_object_set (server->src, "play-keys", path, NULL);
  server_start (server);
  player = player_new (server, "cam?token=sesame");
  player_assert_hears (player, "NetStream.Play.Start");
  player_free (player);
  player = player_new (server, "cam?token=other");
  player_assert_hears (player, "the token is not valid for this stream");
  player_free (player);
  player = player_new (server, "cam");
  player_assert_hears (player, "to play this stream, a token is needed");
  player_free (player);
  server_free (server);
  g_unlink (path);
}
GST_END_TEST;

GST_START_TEST (a_server_says_who_may_play)
{
  HookServer *hook = hook_server_new ();
  Server *server = new_server ();
  Player *player;
  g_autofree gchar *body = NULL;

  g_object_set (server->src, "on-play", hook_server_url (hook), NULL);
  server_start (server);
  player = player_new (server, "no?a=b");
  player_assert_hears (player, "NetStream.Play.Failed");
  player_assert_is_closed (player);
  player_free (player);
  body = hook_server_pop (hook);
  ck_assert_str_eq (body,
      "{\"action\":\"play\",\"app\":\"live\",\"key\":\"no\","
      "\"query\":\"a=b\",\"address\":\"127.0.0.1\"}");
  player = player_new (server, "yes");
  player_assert_hears (player, "NetStream.Play.Start");
  player_free (player);
  server_free (server);
  hook_server_free (hook);
}
GST_END_TEST;

GST_START_TEST (there_are_no_more_players_than_allowed)
{
  Server *server = new_server ();
  Player *first, *second;

  g_object_set (server->src, "max-players", 1, NULL);
  server_start (server);
  first = player_new (server, "cam");
  player_assert_hears (first, "NetStream.Play.Start");
  second = player_new (server, "cam");
  player_assert_hears (second, "the limit of players is reached");
  player_assert_is_closed (second);
  player_free (first);
  WAIT_UNTIL (server, has_players, 0);
  player_free (second);
  second = player_new (server, "cam");
  player_assert_hears (second, "NetStream.Play.Start");
  player_free (second);
  server_free (server);
}
GST_END_TEST;

/* What an attacker sends, and for what reason it is disconnected. */
static const struct
{
  const gchar *command;
  guint n;
  const gchar *why;
} floods[] = {
  { "seek", 2 * RTMP_PLAYER_COMMANDS_BURST,
      "the player sends too many commands" },
  { "pause", 2 * RTMP_PLAYER_COMMANDS_BURST,
      "the player sends too many commands" },
  { "play", 2, "a stream's name is APP/KEY, and one of the two is missing" },
  { "publish", 2, "a connection that has played a stream cannot publish one" },
  { "nonsense", 20000, "the player sends too much" },
};

GST_START_TEST (each_attacker_is_disconnected_and_costs_nobody_a_frame)
{
  Server *server = new_server ();
  Client *live;
  Player *witness;

  server_start (server);
  live = live_new (server, "cam");
  witness = player_new (server, "cam");
  live_open (live);
  player_assert_reads (witness, 5, "m1 v2 a3 K4 A5 ");
  for (guint i = 0; i < G_N_ELEMENTS (floods); i++) {
    g_autofree gchar *expected = g_strdup_printf ("V%u ", i);
    Player *attacker = player_new (server, "cam");

    player_assert_reads (attacker, 4, "m1 v2 a3 K4 ");
    player_flood (attacker, floods[i].command, floods[i].n);
    wait_for_reason (floods[i].why);
    live_send (live, play_tag_video (40 + 40 * i, i, 100));
    player_assert_reads (witness, 1, expected);
    player_free (attacker);
  }
  WAIT_UNTIL (server, has_players, 1);
  player_free (witness);
  live_free (live);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_crowd_that_comes_and_goes_leaves_nothing)
{
  Server *server = new_server ();
  Client *live;
  Player *witness;

  g_object_set (server->src, "max-players-per-address", 0, NULL);
  server_start (server);
  live = live_new (server, "cam");
  witness = player_new (server, "cam");
  live_open (live);
  player_assert_reads (witness, 5, "m1 v2 a3 K4 A5 ");
  for (guint i = 0; i < N_CROWD; i++) {
    Player *player = player_new (server, i % 2 == 0 ? "cam" : "nothing");

    player_assert_hears (player, "NetStream.Play.Start");
    player_free (player);
  }
  live_send (live, play_tag_video (40, 6, 100));
  player_assert_reads (witness, 1, "V6 ");
  WAIT_UNTIL (server, has_players, 1);
  player_free (witness);
  live_free (live);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_player_plays_over_tls)
{
  WhepCertificate *identity = whep_certificate_new (NULL);
  g_autofree gchar *path = NULL;
  gint fd = g_file_open_tmp ("rtmps-XXXXXX", &path, NULL);
  Server *server = new_server ();
  Client *live;
  Player *player;
  guint port;

  g_close (fd, NULL);
  selfsigned_write (identity, path, NULL);
  whep_certificate_free (identity);
  g_object_set (server->src, "tls-certificate", path, "tls-port", 0, NULL);
  server_start (server);
  g_object_get (server->src, "tls-port", &port, NULL);
  live = live_new (server, "cam");
  live_open (live);
  player = player_new_with (port, "cam", TRUE, 0);
  player_assert_reads (player, 5, "m1 v2 a3 K4 A5 ");
  /* More than a record, and more than the socket holds. */
  for (guint i = 0; i < 20; i++)
    live_send (live, play_tag_video (40 + 40 * i, i, 500000));
  for (guint i = 0; i < 20; i++) {
    g_autofree gchar *expected = g_strdup_printf ("V%u ", i);

    player_assert_reads (player, 1, expected);
  }
  player_pause (player, TRUE);
  player_assert_hears (player, "NetStream.Pause.Notify");
  player_free (player);
  WAIT_UNTIL (server, has_players, 0);
  live_free (live);
  server_free (server);
  g_unlink (path);
}
GST_END_TEST;

static void
assert_about (const GstMessage *message, const Player *player, const gchar *why)
{
  const GstStructure *s = gst_message_get_structure ((GstMessage *) message);
  g_autoptr (GSocketAddress) local =
      g_socket_connection_get_local_address (player->connection, NULL);
  g_autofree gchar *address = g_strdup_printf ("127.0.0.1:%u",
      g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)));

  ck_assert_str_eq (gst_structure_get_string (s, "stream-name"), "live/cam");
  ck_assert_str_eq (gst_structure_get_string (s, "address"), address);
  ck_assert_msg (g_strcmp0 (gst_structure_get_string (s, "reason"), why) == 0,
      "%s", gst_structure_get_string (s, "reason"));
}

GST_START_TEST (players_that_come_and_go_are_described)
{
  Server *server = new_server ();
  g_autoptr (GstMessage) added = NULL;
  g_autoptr (GstMessage) refused = NULL;
  g_autoptr (GstMessage) removed = NULL;
  Player *first, *second;
  guint64 duration, bytes;

  g_object_set (server->src, "max-players", 1, NULL);
  server_start (server);
  first = player_new (server, "cam?token=SECRET");
  added = server_hears (server, "player-added");
  assert_about (added, first, NULL);
  second = player_new (server, "cam");
  player_assert_is_closed (second);
  refused = server_hears (server, "player-refused");
  assert_about (refused, second, "the limit of players is reached");
  player_flood (first, "publish", 1);
  removed = server_hears (server, "player-removed");
  assert_about (removed, first,
      "a connection that has played a stream cannot publish one");
  ck_assert (gst_structure_get (gst_message_get_structure (removed), "duration",
      G_TYPE_UINT64, &duration, "bytes", G_TYPE_UINT64, &bytes, NULL));
  ck_assert_uint_gt (duration, 0);
  ck_assert_uint_gt (bytes, 0);
  player_free (first);
  player_free (second);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_player_that_is_there_at_the_end_is_reported)
{
  Server *server = new_server ();
  g_autoptr (GstMessage) added = NULL;
  g_autoptr (GstMessage) removed = NULL;
  Player *player;

  server_start (server);
  player = player_new (server, "cam");
  added = server_hears (server, "player-added");
  server_stop (server);
  removed = server_hears (server, "player-removed");
  assert_about (removed, player, "the server is stopping");
  player_free (player);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_name_that_is_none_is_rejected)
{
  g_autofree gchar *longest = g_strnfill (300, 'x');
  const gchar *names[] = { "", "?", "../cam", "..", "a/../../b", "cam\n",
    "\033[2J", "\xff\xfe", "token=SECRET", longest };
  Server *server = new_server ();

  server_start (server);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    Player *player = player_new (server, names[i]);

    player_assert_hears (player, "NetStream.Play.Failed");
    player_assert_is_closed (player);
    player_free (player);
  }
  ck_assert (server_holds (server, has_players, 0));
  server_free (server);
}
GST_END_TEST;

static Suite *
rtmpplayers_suite (void)
{
  Suite *suite = suite_create ("rtmpplayers");
  TCase *tcase = tcase_create ("rtmpplayers");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, nobody_plays_unless_that_is_switched_on);
  tcase_add_test (tcase, the_application_says_who_may_play);
  tcase_add_test (tcase, a_disconnected_player_hears_why);
  tcase_add_test (tcase, an_idle_player_can_be_disconnected);
  tcase_add_test (tcase, a_file_says_who_may_play);
  tcase_add_test (tcase, a_server_says_who_may_play);
  tcase_add_test (tcase, there_are_no_more_players_than_allowed);
  tcase_add_test (tcase,
      each_attacker_is_disconnected_and_costs_nobody_a_frame);
  tcase_add_test (tcase, a_crowd_that_comes_and_goes_leaves_nothing);
  tcase_add_test (tcase, a_player_plays_over_tls);
  tcase_add_test (tcase, players_that_come_and_go_are_described);
  tcase_add_test (tcase, a_player_that_is_there_at_the_end_is_reported);
  tcase_add_test (tcase, a_name_that_is_none_is_rejected);
  return suite;
}

GST_CHECK_MAIN (rtmpplayers);
