/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpserversrc over real loopback connections, with the captured bytes of real
 * publishers. */

#include "tests/support/rtmpserver.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

static void
assert_all_frames (const Stream *stream, guint capture)
{
  Tags tags = count_tags (stream);

  ck_assert_str_eq (stream->name, "live/cam");
  ck_assert (stream->is_eos);
  ck_assert_msg (tags.n_video == captures[capture].n_video, "%s: %u",
      captures[capture].file, tags.n_video);
  ck_assert_msg (tags.n_audio == captures[capture].n_audio, "%s: %u",
      captures[capture].file, tags.n_audio);
  ck_assert_uint_ge (tags.n_script, 1);
  ck_assert_uint_eq (stream->n_buffers,
      1 + tags.n_video + tags.n_audio + tags.n_script);
}

GST_START_TEST (captures_arrive_whole)
{
  Server *server = server_new_started ();

  for (guint i = 0; i < G_N_ELEMENTS (captures); i++) {
    Client client = client_new (server, i);

    client_send (&client, client.size);
    client_leave (&client);
    WAIT_UNTIL (server, has_removed, i + 1);
    assert_all_frames (stream_at (server, i), i);
    client_clear (&client);
  }
  WAIT_UNTIL (server, has_publishers, 0);
  server_free (server);
}
GST_END_TEST;

static gchar *
probe (const gchar *path)
{
  const gchar *argv[] = { "ffprobe", "-v", "error", "-count_packets",
    "-show_entries", "stream=codec_type,nb_read_packets", "-of", "csv=p=0",
    path, NULL };
  g_autofree gchar *errors = NULL;
  gchar *output = NULL;
  gint status;

  ck_assert (g_spawn_sync (NULL, (gchar **) argv, NULL, G_SPAWN_SEARCH_PATH,
      NULL, NULL, &output, &errors, &status, NULL));
  ck_assert_int_eq (status, 0);
  ck_assert_str_eq (errors, "");
  return output;
}

GST_START_TEST (ffprobe_finds_all_packets)
{
  for (guint i = 0; i < G_N_ELEMENTS (captures); i++) {
    g_autofree gchar *dir = g_dir_make_tmp ("rtmpserversrc-XXXXXX", NULL);
    g_autofree gchar *path = g_build_filename (dir, "out.flv", NULL);
    g_autofree gchar *video =
        g_strdup_printf ("video,%u", captures[i].n_video_packets);
    g_autofree gchar *audio =
        g_strdup_printf ("audio,%u", captures[i].n_audio_packets);
    g_autofree gchar *found = NULL;
    Server *server = server_new_started ();
    Client client = client_new (server, i);
    GByteArray *flv;

    client_send (&client, client.size);
    client_leave (&client);
    WAIT_UNTIL (server, has_removed, 1);
    flv = stream_at (server, 0)->flv;
    ck_assert (g_file_set_contents (path, (gchar *) flv->data, flv->len, NULL));
    found = probe (path);
    ck_assert_msg (strstr (found, video) && strstr (found, audio), "%s: %s",
        captures[i].file, found);

    g_remove (path);
    g_rmdir (dir);
    client_clear (&client);
    server_free (server);
  }
}
GST_END_TEST;

static void
assert_message (Server *server, const gchar *name, const gchar *reason)
{
  GstMessage *message = server_hears (server, name);
  const GstStructure *s;

  s = gst_message_get_structure (message);
  ck_assert_str_eq (gst_structure_get_string (s, "stream-name"), "live/cam");
  ck_assert_str_eq (gst_structure_get_string (s, "pad-name"), "src_0");
  ck_assert (g_strcmp0 (gst_structure_get_string (s, "reason"), reason) == 0);
  gst_message_unref (message);
}

static gboolean
has_more_than_a_header (Server *self, guint index)
{
  return stream_at (self, index)->n_buffers > 1;
}

GST_START_TEST (a_pad_describes_its_stream)
{
  Server *server = server_new_started ();
  Client client = client_new (server, 0);
  GstQuery *query = gst_query_new_latency ();
  GstEvent *event;
  const GstSegment *segment;
  GstClockTime min_latency;
  gboolean is_live;
  GstCaps *caps;
  GstPad *pad;

  client_send (&client, OPENING_BYTES);
  WAIT_UNTIL (server, has_streams, 1);
  assert_message (server, "publisher-added", NULL);
  WAIT_UNTIL (server, has_publishers, 1);
  WAIT_UNTIL (server, has_more_than_a_header, 0);

  pad = stream_at (server, 0)->sink;
  caps = gst_pad_get_current_caps (pad);
  ck_assert (
      gst_structure_has_name (gst_caps_get_structure (caps, 0), "video/x-flv"));
  gst_caps_unref (caps);
  event = gst_pad_get_sticky_event (pad, GST_EVENT_SEGMENT, 0);
  gst_event_parse_segment (event, &segment);
  ck_assert_int_eq (segment->format, GST_FORMAT_TIME);
  gst_event_unref (event);
  ck_assert (gst_pad_peer_query (pad, query));
  gst_query_parse_latency (query, &is_live, &min_latency, NULL);
  ck_assert (is_live);
  ck_assert_uint_eq (min_latency, 0);
  gst_query_unref (query);

  client_leave (&client);
  WAIT_UNTIL (server, has_removed, 1);
  assert_message (server, "publisher-removed",
      "the peer closed the connection in the middle of a message");
  WAIT_UNTIL (server, has_publishers, 0);
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (two_clients_can_publish_at_once)
{
  Server *server = server_new_started ();
  Client one = client_new (server, 0);
  Client two = client_new (server, 3);

  client_rename (&two, "two");
  client_send (&one, OPENING_BYTES);
  WAIT_UNTIL (server, has_streams, 1);
  client_send (&two, OPENING_BYTES);
  WAIT_UNTIL (server, has_streams, 2);
  WAIT_UNTIL (server, has_publishers, 2);
  client_send (&one, one.size);
  client_send (&two, two.size);
  client_leave (&one);
  client_leave (&two);
  WAIT_UNTIL (server, has_removed, 2);
  assert_all_frames (stream_at (server, 0), 0);
  ck_assert_str_eq (stream_at (server, 1)->name, "live/two");
  ck_assert_uint_eq (count_tags (stream_at (server, 1)).n_video,
      captures[3].n_video);
  client_clear (&one);
  client_clear (&two);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_second_publisher_takes_the_place_of_the_first)
{
  Server *server = server_new_started ();
  Client first = client_new (server, 1);
  Client second = client_new (server, 0);
  g_autofree gchar *said = NULL;

  client_send (&first, OPENING_BYTES);
  WAIT_UNTIL (server, has_streams, 1);
  client_send (&second, second.size);
  said = client_listen (&first);
  client_leave (&second);
  WAIT_UNTIL (server, has_removed, 2);
  assert_message (server, "publisher-removed",
      "another publisher took its place");
  ck_assert (stream_at (server, 0)->is_eos);
  assert_all_frames (stream_at (server, 1), 0);
  client_clear (&first);
  client_clear (&second);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_name_in_use_is_rejected_and_its_publisher_continues)
{
  Server *server = server_new_started ();
  Client owner = client_new (server, 1);
  Client other = client_new (server, 0);
  g_autofree gchar *said = NULL;

  g_object_set (server->src, "takeover", 1, NULL);
  client_send (&owner, OPENING_BYTES);
  WAIT_UNTIL (server, has_streams, 1);
  client_send (&other, OPENING_BYTES);
  said = client_listen (&other);
  ck_assert (strstr (said, "NetStream.Publish.BadName") != NULL);
  client_send (&owner, owner.size);
  client_leave (&owner);
  WAIT_UNTIL (server, has_removed, 1);
  ck_assert_uint_eq (server->streams->len, 1);
  assert_all_frames (stream_at (server, 0), 1);
  client_clear (&owner);
  client_clear (&other);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (publishers_beyond_the_limit_are_rejected)
{
  Server *server = server_new ();
  g_autofree gchar *said = NULL;
  Client one, two;

  g_object_set (server->src, "max-publishers", 1, NULL);
  server_start (server);
  one = client_new (server, 0);
  client_send (&one, OPENING_BYTES);
  WAIT_UNTIL (server, has_streams, 1);
  two = client_new (server, 0);
  client_rename (&two, "two");
  client_send (&two, OPENING_BYTES);
  said = client_listen (&two);
  ck_assert (strstr (said, "NetStream.Publish.Rejected") != NULL);
  client_clear (&one);
  client_clear (&two);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (fifty_publishers_come_and_go)
{
  Server *server = server_new_started ();
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  Client clients[50];

  for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
    g_autofree gchar *name = g_strdup_printf ("c%02u", i);

    clients[i] = client_new (server, i % G_N_ELEMENTS (captures));
    client_rename (&clients[i], name);
    client_send (&clients[i], OPENING_BYTES);
  }
  WAIT_UNTIL (server, has_streams, G_N_ELEMENTS (clients));
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    client_clear (&clients[i]);
  WAIT_UNTIL (server, has_removed, G_N_ELEMENTS (clients));
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    g_hash_table_add (names, stream_at (server, i)->pad_name);
  ck_assert_uint_eq (g_hash_table_size (names), G_N_ELEMENTS (clients));
  server_stop (server);
  WAIT_UNTIL (server, has_publishers, 0);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (only_the_client_that_sends_garbage_is_disconnected)
{
  Server *server = server_new_started ();
  Client publisher = client_new (server, 2);

  client_send (&publisher, OPENING_BYTES);
  WAIT_UNTIL (server, has_streams, 1);
  for (guint seed = 0; seed < 40; seed++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    Client client = client_new (server, 0);
    gsize n_good = g_rand_int_range (rand, 0, OPENING_BYTES);

    /* Some valid bytes, then a kilobyte of garbage, then the end. */
    for (gsize i = n_good; i < n_good + 1024; i++)
      client.data[i] = g_rand_int (rand);
    client_rename (&client, "bad");
    g_output_stream_write_all (g_io_stream_get_output_stream (
                                   G_IO_STREAM (client.connection)),
        client.data, n_good + 1024, NULL, NULL, NULL);
    g_socket_shutdown (g_socket_connection_get_socket (client.connection),
        FALSE, TRUE, NULL);
    g_free (client_listen (&client));
    client_clear (&client);
  }
  client_send (&publisher, publisher.size);
  client_leave (&publisher);
  WAIT_UNTIL (server, has_removed, server->streams->len);
  assert_all_frames (stream_at (server, 0), 2);
  client_clear (&publisher);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (captures_cut_anywhere_leave_a_valid_file)
{
  Server *server = server_new_started ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < 60; i++) {
    Client client = client_new (server, i % G_N_ELEMENTS (captures));
    /* Every other byte of the opening. */
    gsize max = i % 2 == 0 ? OPENING_BYTES : client.size;

    client_send (&client, g_rand_int_range (rand, 0, max));
    client_leave (&client);
    client_clear (&client);
  }
  ck_assert_uint_ge (server->streams->len, 30);
  WAIT_UNTIL (server, has_removed, server->streams->len);
  for (guint i = 0; i < server->streams->len; i++) {
    ck_assert (stream_at (server, i)->is_eos);
    count_tags (stream_at (server, i));
  }
  WAIT_UNTIL (server, has_publishers, 0);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (the_element_can_restart_while_a_client_publishes)
{
  Server *server = server_new_started ();

  for (guint round = 0; round < 5; round++) {
    Client client = client_new (server, 0);
    g_autofree gchar *pad_name = g_strdup_printf ("src_%u", round);

    client_send (&client, OPENING_BYTES + 1000 * round);
    WAIT_UNTIL (server, has_streams, round + 1);
    server_stop (server);
    ck_assert (stream_at (server, round)->is_removed);
    ck_assert_str_eq (stream_at (server, round)->pad_name, pad_name);
    WAIT_UNTIL (server, has_publishers, 0);
    client_clear (&client);
    server_start (server);
  }
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (the_element_stops_although_downstream_blocks)
{
  Server *server = server_new ();
  Client one, two;

  server->blocked_name = "live/cam";
  server_start (server);
  one = client_new (server, 0);
  two = client_new (server, 0);
  client_rename (&two, "two");
  client_send (&one, OPENING_BYTES);
  WAIT_UNTIL (server, has_streams, 1);
  client_send (&two, two.size);
  client_leave (&two);
  /* The second is complete while the first is still blocked. */
  WAIT_UNTIL (server, has_removed, 1);
  ck_assert_uint_eq (count_tags (stream_at (server, 1)).n_video,
      captures[0].n_video);
  server_stop (server);
  ck_assert (stream_at (server, 0)->is_removed);
  client_clear (&one);
  client_clear (&two);
  server_free (server);
}
GST_END_TEST;

static gboolean
has_eos (Server *self, guint index)
{
  return ((Stream *) g_ptr_array_index (self->streams, index))->is_eos;
}

GST_START_TEST (the_element_stops_between_two_streams_of_a_connection)
{
  static const gchar publish[] = "\3\0\0\0\0\0\x1a\x14\1\0\0\0"
                                 "\2\0\7publish\0\0\0\0\0\0\0\0\0\5"
                                 "\2\0\3two";
  Server *server = server_new ();
  Client client;

  server->blocks_eos = TRUE;
  server_start (server);
  client = client_new (server, 0);
  client.data = g_realloc (client.data, client.size + sizeof publish - 1);
  memcpy (client.data + client.size, publish, sizeof publish - 1);
  client.size += sizeof publish - 1;
  /* The end of the first stream and the second stream come in one write. */
  client_send (&client, client.size - 200);
  client_send (&client, client.size);
  WAIT_UNTIL (server, has_streams, 1);
  WAIT_UNTIL (server, has_eos, 0);
  server_stop (server);
  ck_assert_uint_eq (server->streams->len, 1);
  ck_assert (stream_at (server, 0)->is_removed);
  WAIT_UNTIL (server, has_publishers, 0);
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (an_error_downstream_ends_only_that_publisher)
{
  Server *server = server_new ();
  Client bad, good;

  server->broken_name = "live/bad";
  server_start (server);
  good = client_new (server, 0);
  bad = client_new (server, 0);
  client_rename (&bad, "bad");
  client_send (&good, OPENING_BYTES);
  WAIT_UNTIL (server, has_streams, 1);
  client_send (&bad, OPENING_BYTES);
  WAIT_UNTIL (server, has_removed, 1);
  ck_assert (!server_holds (server, has_removed, 2));
  client_send (&good, good.size);
  client_leave (&good);
  WAIT_UNTIL (server, has_removed, 2);
  assert_all_frames (stream_at (server, 0), 0);
  client_clear (&bad);
  client_clear (&good);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (eos_ends_all_streams_and_accepts_no_new_ones)
{
  Server *server = server_new_started ();
  g_autoptr (GSocketClient) sockets = g_socket_client_new ();
  g_autoptr (GSocketConnection) late = NULL;
  Client client = client_new (server, 0);

  client_send (&client, OPENING_BYTES);
  WAIT_UNTIL (server, has_streams, 1);
  ck_assert (gst_element_send_event (server->pipeline, gst_event_new_eos ()));
  WAIT_UNTIL (server, has_removed, 1);
  ck_assert (stream_at (server, 0)->is_eos);
  late = g_socket_client_connect_to_host (sockets, "127.0.0.1", server->port,
      NULL, NULL);
  ck_assert (late == NULL);
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (a_taken_port_is_an_error_that_names_it)
{
  Server *server = server_new_started ();
  GstElement *second = gst_element_factory_make ("rtmpserversrc", NULL);
  GstBus *bus = gst_bus_new ();
  g_autofree gchar *port = g_strdup_printf ("port %u.", server->port);
  GstMessage *message;
  GError *error = NULL;

  g_object_set (second, "address", "127.0.0.1", "port", server->port, NULL);
  gst_element_set_bus (second, bus);
  ck_assert_int_eq (gst_element_set_state (second, GST_STATE_PAUSED),
      GST_STATE_CHANGE_FAILURE);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  ck_assert (message != NULL);
  gst_message_parse_error (message, &error, NULL);
  ck_assert (strstr (error->message, port) != NULL);
  g_error_free (error);
  gst_message_unref (message);
  gst_element_set_state (second, GST_STATE_NULL);
  gst_element_set_bus (second, NULL);
  gst_object_unref (bus);
  gst_object_unref (second);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (the_default_address_accepts_ipv4)
{
  Server *server = server_new ();
  Client client;

  g_object_set (server->src, "address", NULL, NULL);
  server_start (server);
  client = client_new (server, 4);
  client_send (&client, client.size);
  client_leave (&client);
  WAIT_UNTIL (server, has_removed, 1);
  assert_all_frames (stream_at (server, 0), 4);
  client_clear (&client);
  server_free (server);
}
GST_END_TEST;

GST_START_TEST (the_element_is_live_and_has_no_preroll)
{
  Server *server = server_new ();

  ck_assert_int_eq (gst_element_set_state (server->src, GST_STATE_PAUSED),
      GST_STATE_CHANGE_NO_PREROLL);
  ck_assert_int_eq (gst_element_set_state (server->src, GST_STATE_PLAYING),
      GST_STATE_CHANGE_SUCCESS);
  ck_assert_int_eq (gst_element_set_state (server->src, GST_STATE_PAUSED),
      GST_STATE_CHANGE_NO_PREROLL);
  server_free (server);
}
GST_END_TEST;

static Suite *
rtmpserversrc_suite (void)
{
  Suite *suite = suite_create ("rtmpserversrc");
  TCase *tcase = tcase_create ("rtmpserversrc");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, captures_arrive_whole);
  tcase_add_test (tcase, ffprobe_finds_all_packets);
  tcase_add_test (tcase, a_pad_describes_its_stream);
  tcase_add_test (tcase, two_clients_can_publish_at_once);
  tcase_add_test (tcase, a_second_publisher_takes_the_place_of_the_first);
  tcase_add_test (tcase, a_name_in_use_is_rejected_and_its_publisher_continues);
  tcase_add_test (tcase, publishers_beyond_the_limit_are_rejected);
  tcase_add_test (tcase, fifty_publishers_come_and_go);
  tcase_add_test (tcase, only_the_client_that_sends_garbage_is_disconnected);
  tcase_add_test (tcase, captures_cut_anywhere_leave_a_valid_file);
  tcase_add_test (tcase, the_element_can_restart_while_a_client_publishes);
  tcase_add_test (tcase, the_element_stops_although_downstream_blocks);
  tcase_add_test (tcase, the_element_stops_between_two_streams_of_a_connection);
  tcase_add_test (tcase, an_error_downstream_ends_only_that_publisher);
  tcase_add_test (tcase, eos_ends_all_streams_and_accepts_no_new_ones);
  tcase_add_test (tcase, a_taken_port_is_an_error_that_names_it);
  tcase_add_test (tcase, the_default_address_accepts_ipv4);
  tcase_add_test (tcase, the_element_is_live_and_has_no_preroll);
  return suite;
}

GST_CHECK_MAIN (rtmpserversrc);
