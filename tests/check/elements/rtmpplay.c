/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpserversrc plays: at once, without waiting for anybody, and with one copy
 * of the data. */

#include "tests/support/playtags.h"
#include "tests/support/rtmpplayer.h"

#include <gst/check/gstcheck.h>
#include <string.h>
#include <unistd.h>

/* What a player that does not read may hold, on both sides of its socket. */
#define SOCKET_BYTES 4096
#define FRAME_BYTES ((gsize) 50000)
/* More than the sockets of a player hold. */
#define N_FLOOD 400
#define N_STUCK 100
#define LAG_MS 100

static Server *
new_server (void)
{
  Server *server = server_new ();

  g_object_set (server->src, "play", TRUE, NULL);
  return server;
}

static Server *
new_started (void)
{
  Server *server = new_server ();

  server_start (server);
  return server;
}

GST_START_TEST (a_player_begins_with_headers_and_the_newest_key_frame)
{
  Server *server = new_started ();
  Client *live = live_new (server, "cam");
  Player *first = player_new (server, "cam");
  Player *second;

  live_open (live);
  player_assert_reads (first, 5, "m1 v2 a3 K4 A5 ");
  live_send (live, play_tag_key (2000, 6, 70000));
  live_send (live, play_tag_video (2040, 7, 3000));
  player_assert_reads (first, 2, "K6 V7 ");
  second = player_new (server, "cam");
  player_assert_hears (second, "NetStream.Play.Reset");
  player_assert_hears (second, "NetStream.Play.Start");
  player_assert_reads (second, 5, "m1 v2 a3 K6 V7 ");
  WAIT_UNTIL (server, has_players, 2);
  player_free (first);
  WAIT_UNTIL (server, has_players, 1);
  player_free (second);
  WAIT_UNTIL (server, has_players, 0);
  live_free (live);
  server_free (server);
}
GST_END_TEST;

/* Reads up to that tag. */
static void
read_to (Player *player, const gchar *tag)
{
  g_autoptr (GString) found = g_string_new (NULL);

  while (!g_str_equal (found->str, tag)) {
    g_string_truncate (found, 0);
    player_read_tag (player, found);
  }
}

GST_START_TEST (times_begin_at_zero)
{
  Server *server = new_started ();
  Client *live = live_new (server, "cam");
  Player *first = player_new (server, "cam");
  Player *player;

  live_open (live);
  live_send (live, play_tag_key (9000, 6, 1000));
  read_to (first, "K6 ");
  player = player_new (server, "cam");
  live_send (live, play_tag_audio (9020, 7));
  live_send (live, play_tag_video (9040, 8, 100));
  for (guint i = 0; i < 3; i++)
    player_read_tag (player, NULL);
  while (player_read_tag (player, NULL) == 0)
    continue;
  ck_assert_uint_eq (player_read_tag (player, NULL), 40);
  player_free (player);
  player_free (first);
  live_free (live);
  server_free (server);
}
GST_END_TEST;

/* Appends what comes to @flv as tags without times, up to @n_video tags of
 * video, or to the end of the connection. */
static void
record (Player *player, guint n_video, GByteArray *flv)
{
  RtmpMessage message;

  while (n_video > 0 && player_read (player, &message)) {
    if (message.type == RTMP_MESSAGE_AUDIO ||
        message.type == RTMP_MESSAGE_VIDEO) {
      g_byte_array_append (flv, &message.type, 1);
      g_byte_array_append (flv, rtmp_message_payload (&message), message.size);
    }
    n_video -= message.type == RTMP_MESSAGE_VIDEO;
    rtmp_message_clear (&message);
  }
}

/* Returns: (transfer full): the same of what the stream's pad got. */
static GByteArray *
without_times (const Stream *stream)
{
  GByteArray *flv = g_byte_array_new ();
  const guint8 *tag = stream->flv->data + FLV_HEADER_BYTES;

  while (tag < stream->flv->data + stream->flv->len) {
    gsize size = GST_READ_UINT24_BE (tag + 1);

    if (tag[0] == RTMP_MESSAGE_AUDIO || tag[0] == RTMP_MESSAGE_VIDEO) {
      g_byte_array_append (flv, tag, 1);
      g_byte_array_append (flv, tag + TAG_HEADER_BYTES, size);
    }
    tag += TAG_HEADER_BYTES + size + TAG_TAIL_BYTES;
  }
  return flv;
}

/* A player that waited begins there, if what precedes it came at once. */
static void
cut_before_key (GByteArray *flv)
{
  static const guint8 key[] = { RTMP_MESSAGE_VIDEO, 0x17, 1 };
  const guint8 *found = memmem (flv->data, flv->len, key, sizeof key);

  ck_assert (found != NULL);
  g_byte_array_remove_range (flv, 0, found - flv->data);
}

GST_START_TEST (a_player_gets_what_encoders_send_untouched)
{
  for (guint i = 0; i < N_CAPTURES; i++) {
    Server *server = new_server ();
    g_autoptr (GByteArray) got = g_byte_array_new ();
    g_autoptr (GByteArray) sent = NULL;
    Client client;
    Player *player;

    g_object_set (server->src, "linger", (guint64) GST_SECOND, NULL);
    server_start (server);
    player = player_new (server, "cam");
    client = client_new (server, i);
    /* A header and a key frame, from which it follows. */
    client_send (&client, client_end_of_video (&client, 2));
    record (player, 2, got);
    client_send (&client, client.size);
    client_leave (&client);
    WAIT_UNTIL (server, has_removed, 1);
    record (player, G_MAXUINT, got);
    sent = without_times (stream_at (server, 0));
    cut_before_key (got);
    cut_before_key (sent);
    ck_assert_uint_eq (got->len, sent->len);
    ck_assert_int_eq (memcmp (got->data, sent->data, sent->len), 0);
    player_free (player);
    client_clear (&client);
    server_free (server);
  }
}
GST_END_TEST;

/* The first player waits: with the default, for 15 s. */
GST_START_TEST (a_player_that_does_not_wait_is_answered_at_once)
{
  Server *server = new_started ();
  Player *patient = player_new (server, "cam");
  Player *player;
  Client *live;

  WAIT_UNTIL (server, has_players, 1);
  player = player_new (server, "cam?wait=0");
  player_assert_hears (player, "NetStream.Play.StreamNotFound");
  player_assert_is_closed (player);
  WAIT_UNTIL (server, has_players, 1);
  live = live_new (server, "cam");
  live_open (live);
  player_assert_reads (patient, 5, "m1 v2 a3 K4 A5 ");
  player_free (player);
  player = player_new (server, "cam?wait=0");
  player_assert_reads (player, 5, "m1 v2 a3 K4 A5 ");
  player_free (player);
  player_free (patient);
  live_free (live);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_player_waits_for_its_publisher_no_longer_than_linger)
{
  Server *server = new_server ();
  Player *player;

  g_object_set (server->src, "linger", (guint64) 0, NULL);
  server_start (server);
  player = player_new (server, "cam");
  player_assert_hears (player, "NetStream.Play.StreamNotFound");
  player_assert_is_closed (player);
  WAIT_UNTIL (server, has_players, 0);
  player_free (player);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_player_outlasts_its_publisher_and_its_times_go_on)
{
  Server *server = new_started ();
  Client *live = live_new (server, "cam");
  Player *player = player_new (server, "cam");
  guint32 last_ms = 0, time_ms;

  live_open (live);
  live_send (live, play_tag_video (5000, 6, 100));
  for (guint i = 0; i < 6; i++)
    last_ms = player_read_tag (player, NULL);
  live_free (live);
  WAIT_UNTIL (server, has_removed, 1);
  live = live_new (server, "cam");
  live_open (live);
  for (guint i = 0; i < 5; i++) {
    time_ms = player_read_tag (player, NULL);
    ck_assert_uint_ge (time_ms, last_ms);
    last_ms = time_ms;
  }
  ck_assert_uint_gt (last_ms, 5000);
  player_free (player);
  live_free (live);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_player_hears_of_the_end_of_a_stream)
{
  Server *server = new_server ();
  Client *live;
  Player *player;

  g_object_set (server->src, "linger", (guint64) 0, NULL);
  server_start (server);
  live = live_new (server, "cam");
  live_open (live);
  WAIT_UNTIL (server, has_streams, 1);
  player = player_new (server, "cam");
  player_assert_reads (player, 5, "m1 v2 a3 K4 A5 ");
  live_free (live);
  player_assert_hears (player, "NetStream.Play.UnpublishNotify");
  player_assert_hears (player, "NetStream.Play.Stop");
  player_assert_is_closed (player);
  player_free (player);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_stopped_reader_costs_nobody_a_frame_and_is_live_again)
{
  Server *server = new_server ();
  Client *live;
  Player *reader, *stopped;
  guint n_sent = 0, n_read = 0;
  guint32 time_ms = 0;
  gint64 until_us;

  g_object_set (server->src, "max-lag", (guint64) LAG_MS * GST_MSECOND, NULL);
  server_start (server);
  live = live_new (server, "cam");
  live_open (live);
  WAIT_UNTIL (server, has_streams, 1);
  stopped = player_new_with (server->port, "cam", FALSE, SOCKET_BYTES);
  reader = player_new (server, "cam");
  player_assert_reads (reader, 5, "m1 v2 a3 K4 A5 ");
  /* For longer than it may be behind. */
  until_us = g_get_monotonic_time () + 3 * LAG_MS * 1000;
  while (n_sent < N_FLOOD || g_get_monotonic_time () < until_us) {
    guint8 n = n_sent % 256;
    gboolean is_key = n_sent % 10 == 0;
    g_autofree gchar *expected =
        g_strdup_printf ("%c%u ", is_key ? 'K' : 'V', n);

    n_sent++;
    live_send (live,
        is_key ? play_tag_key (40 * n_sent, n, FRAME_BYTES)
               : play_tag_video (40 * n_sent, n, FRAME_BYTES));
    player_assert_reads (reader, 1, expected);
  }
  live_send (live, play_tag_key (40 * n_sent + 40, 200, FRAME_BYTES));
  live_send (live, play_tag_video (40 * n_sent + 80, 201, 100));
  while (time_ms < 40 * n_sent + 80) {
    time_ms = player_read_tag (stopped, NULL);
    n_read++;
  }
  ck_assert_uint_lt (n_read, n_sent);
  player_free (stopped);
  player_free (reader);
  live_free (live);
  server_free (server);
}
GST_END_TEST;

static gsize
resident_bytes (void)
{
  g_autofree gchar *text = NULL;
  g_auto (GStrv) pages = NULL;

  ck_assert (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  pages = g_strsplit (text, " ", 3);
  return g_ascii_strtoull (pages[1], NULL, 10) * sysconf (_SC_PAGESIZE);
}

/* Were each player's tags its own, they would be as many times as much. */
GST_START_TEST (tags_are_shared_by_all_players)
{
  Server *server = new_server ();
  Player *players[N_STUCK];
  Client *live;
  gsize before, growth;

  g_object_set (server->src, "max-players-per-address", 0, NULL);
  server_start (server);
  live = live_new (server, "cam");
  live_open (live);
  WAIT_UNTIL (server, has_streams, 1);
  for (guint i = 0; i < N_STUCK; i++)
    players[i] = player_new_with (server->port, "cam", FALSE, SOCKET_BYTES);
  WAIT_UNTIL (server, has_players, N_STUCK);
  before = resident_bytes ();
  for (guint i = 0; i < N_FLOOD / 2; i++)
    live_send (live, play_tag_video (40 + 40 * i, i % 256, FRAME_BYTES));
  /* The last of them has all arrived at the pad, too. */
  for (guint i = 0; i < N_STUCK; i++)
    player_assert_reads (players[i], 5, "m1 v2 a3 K4 A5 ");
  growth = resident_bytes () - before;
  /* In the log, in what the pad's Stream keeps, and in the allocators: far
   * from once for each player. AddressSanitizer keeps up to 256 MiB of what
   * was freed (quarantine_size_mb), a quarter of that. */
  ck_assert_uint_lt (growth, N_STUCK * (N_FLOOD / 2) * FRAME_BYTES / 3);
  for (guint i = 0; i < N_STUCK; i++)
    player_free (players[i]);
  WAIT_UNTIL (server, has_players, 0);
  live_free (live);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_paused_player_goes_on_live)
{
  Server *server = new_started ();
  Client *live = live_new (server, "cam");
  Player *player = player_new (server, "cam");
  Player *other = player_new (server, "cam");

  live_open (live);
  player_assert_reads (player, 5, "m1 v2 a3 K4 A5 ");
  player_assert_reads (other, 5, "m1 v2 a3 K4 A5 ");
  player_pause (player, TRUE);
  player_assert_hears (player, "NetStream.Pause.Notify");
  live_send (live, play_tag_video (40, 6, 100));
  live_send (live, play_tag_key (80, 7, 100));
  player_assert_reads (other, 2, "V6 K7 ");
  player_pause (player, FALSE);
  player_assert_hears (player, "NetStream.Unpause.Notify");
  player_assert_reads (player, 1, "K7 ");
  player_free (player);
  player_free (other);
  live_free (live);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_player_that_seeks_begins_again)
{
  Server *server = new_started ();
  Client *live = live_new (server, "cam");
  Player *player = player_new (server, "cam");

  live_open (live);
  player_assert_reads (player, 5, "m1 v2 a3 K4 A5 ");
  player_say (player, "seek", 7000);
  player_assert_hears (player, "NetStream.Seek.Notify");
  player_assert_reads (player, 5, "m1 v2 a3 K4 A5 ");
  player_free (player);
  live_free (live);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (the_element_stops_whatever_players_do)
{
  Server *server = new_started ();
  Client *live = live_new (server, "cam");
  Player *reader = player_new (server, "cam");
  Player *stopped = player_new_with (server->port, "cam", FALSE, SOCKET_BYTES);
  Player *waiting = player_new (server, "car");

  WAIT_UNTIL (server, has_players, 3);
  live_open (live);
  for (guint i = 0; i < 100; i++)
    live_send (live, play_tag_video (40 + 40 * i, i, FRAME_BYTES));
  player_assert_reads (reader, 5, "m1 v2 a3 K4 A5 ");
  server_stop (server);
  player_assert_is_closed (reader);
  player_assert_is_closed (waiting);
  player_free (reader);
  player_free (stopped);
  player_free (waiting);
  live_free (live);
  server_free (server);
}
GST_END_TEST;

static Suite *
rtmpplay_suite (void)
{
  Suite *suite = suite_create ("rtmpplay");
  TCase *tcase = tcase_create ("rtmpplay");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_player_begins_with_headers_and_the_newest_key_frame);
  tcase_add_test (tcase, times_begin_at_zero);
  tcase_add_test (tcase, a_player_gets_what_encoders_send_untouched);
  tcase_add_test (tcase,
      a_player_waits_for_its_publisher_no_longer_than_linger);
  tcase_add_test (tcase, a_player_that_does_not_wait_is_answered_at_once);
  tcase_add_test (tcase, a_player_outlasts_its_publisher_and_its_times_go_on);
  tcase_add_test (tcase, a_player_hears_of_the_end_of_a_stream);
  tcase_add_test (tcase,
      a_stopped_reader_costs_nobody_a_frame_and_is_live_again);
  tcase_add_test (tcase, tags_are_shared_by_all_players);
  tcase_add_test (tcase, a_paused_player_goes_on_live);
  tcase_add_test (tcase, a_player_that_seeks_begins_again);
  tcase_add_test (tcase, the_element_stops_whatever_players_do);
  return suite;
}

GST_CHECK_MAIN (rtmpplay);
