/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmpwebrtcsink as an edge: it pulls what viewers ask for from a real
 * rtmpserversrc, which is the origin. */

#include "tests/support/browseroffer.h"
#include "tests/support/rtmpplayer.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#define OFFER "chromium-156-linux"
#define CAPTURE 3
#define N_VIEWERS 20
/* Of a capture, after which its publisher stays. */
#define N_FRAMES 100

typedef struct
{
  GstElement *pipeline;
  GstElement *sink;
  SoupSession *client;
  gint n_failed; /* atomic */
} Edge;

static void
on_pull_failed (GstElement *whep, const gchar *stream, Edge *self)
{
  g_atomic_int_inc (&self->n_failed);
}

static void
edge_init (Edge *self, const gchar *origin)
{
  g_autoptr (GstElement) whep = NULL;

  *self = (Edge){ .pipeline = gst_pipeline_new (NULL) };
  self->sink = gst_element_factory_make ("rtmpwebrtcsink", NULL);
  gst_bin_add (GST_BIN (self->pipeline), self->sink);
  g_object_set (self->sink, "port", 0, "address", "127.0.0.1", "origin", origin,
      "origin-linger", (guint64) 0, NULL);
  whep = gst_bin_get_by_name (GST_BIN (self->sink), "whepsink");
  g_signal_connect (whep, "pull-failed", G_CALLBACK (on_pull_failed), self);
  self->client = soup_session_new_with_options ("max-conns", 2 * N_VIEWERS,
      "max-conns-per-host", 2 * N_VIEWERS, NULL);
}

static void
edge_start (Edge *self, const Server *origin)
{
  g_autofree gchar *url = g_strdup_printf ("rtmp://127.0.0.1:%u", origin->port);

  edge_init (self, url);
  ck_assert_int_ne (gst_element_set_state (self->pipeline, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
}

static void
edge_clear (Edge *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->pipeline);
  g_object_unref (self->client);
}

static SoupMessage *
message_new (Edge *self, const gchar *method, const gchar *path)
{
  g_autofree gchar *offer = browser_offer_load (OFFER);
  g_autoptr (GBytes) bytes = g_bytes_new (offer, strlen (offer));
  g_autofree gchar *url = NULL;
  SoupMessage *message;
  guint port;

  g_object_get (self->sink, "port", &port, NULL);
  url = g_strdup_printf ("http://127.0.0.1:%u%s", port, path);
  message = soup_message_new (method, url);
  if (strcmp (method, "POST") == 0)
    soup_message_set_request_body_from_bytes (message, "application/sdp",
        bytes);
  return message;
}

/* Returns the status. */
static guint
edge_ask (Edge *self, const gchar *method, const gchar *path)
{
  g_autoptr (SoupMessage) message = message_new (self, method, path);
  g_autoptr (GBytes) body =
      soup_session_send_and_read (self->client, message, NULL, NULL);

  return soup_message_get_status (message);
}

/* Reads @n_bytes of the stream, which begins if it is NULL. */
static void
edge_read (Edge *self, GInputStream **stream, gsize n_bytes)
{
  g_autoptr (GError) error = NULL;
  gchar buffer[4096];

  if (*stream == NULL) {
    g_autoptr (SoupMessage) message =
        message_new (self, "GET", "/live/live/cam.mp4");

    *stream = soup_session_send (self->client, message, NULL, &error);
    g_assert_no_error (error);
    ck_assert_uint_eq (soup_message_get_status (message), 200);
  }
  while (n_bytes > 0) {
    gssize n = g_input_stream_read (*stream, buffer,
        MIN (n_bytes, sizeof (buffer)), NULL, &error);

    g_assert_no_error (error);
    ck_assert_int_gt (n, 0);
    n_bytes -= n;
  }
}

static Server *
origin_new (void)
{
  Server *origin = server_new ();

  g_object_set (origin->src, "play", TRUE, NULL);
  return origin;
}

/* Returns: the publisher of live/cam, which the origin has accepted. */
static Client
publisher_of (Server *origin)
{
  Client publisher = client_new (origin, CAPTURE);

  client_send (&publisher, client_end_of_video (&publisher, N_FRAMES));
  WAIT_UNTIL (origin, has_publishers, 1);
  return publisher;
}

static void
on_answered (GObject *client, GAsyncResult *result, gpointer n_answered)
{
  g_autoptr (GBytes) body =
      soup_session_send_and_read_finish (SOUP_SESSION (client), result, NULL);

  (*(guint *) n_answered)++;
}

GST_START_TEST (viewers_who_ask_at_once_are_one_player_of_the_origin)
{
  Server *origin = origin_new ();
  SoupMessage *messages[N_VIEWERS];
  guint n_answered = 0;
  Client publisher;
  Edge edge;

  server_start (origin);
  edge_start (&edge, origin);
  publisher = publisher_of (origin);
  for (guint i = 0; i < N_VIEWERS; i++) {
    messages[i] = message_new (&edge, "POST", "/whep/live/cam");
    soup_session_send_and_read_async (edge.client, messages[i], 0, NULL,
        on_answered, &n_answered);
  }
  while (n_answered < N_VIEWERS)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < N_VIEWERS; i++) {
    ck_assert_uint_eq (soup_message_get_status (messages[i]), 201);
    g_object_unref (messages[i]);
  }
  ck_assert (server_holds (origin, has_players, 1));
  edge_clear (&edge);
  WAIT_UNTIL (origin, has_players, 0);
  client_clear (&publisher);
  server_free (origin);
}
GST_END_TEST;

GST_START_TEST (an_unknown_stream_is_answered_and_remembered)
{
  Server *origin = origin_new ();
  Edge edge;

  server_start (origin);
  edge_start (&edge, origin);
  ck_assert_uint_eq (edge_ask (&edge, "POST", "/whep/live/none"), 409);
  ck_assert_uint_eq (edge_ask (&edge, "POST", "/whep/live/none"), 409);
  ck_assert_uint_eq (edge_ask (&edge, "GET", "/live/live/none.mp4"), 404);
  ck_assert_uint_eq (edge_ask (&edge, "GET", "/snapshot/live/none.jpg"), 404);
  ck_assert_int_eq (g_atomic_int_get (&edge.n_failed), 1);
  /* Its query is none. */
  ck_assert_uint_eq (edge_ask (&edge, "POST", "/whep/live/no%3Fwait=9"), 409);
  ck_assert_int_eq (g_atomic_int_get (&edge.n_failed), 2);
  edge_clear (&edge);
  server_free (origin);
}
GST_END_TEST;

GST_START_TEST (an_origin_that_is_away_is_not_waited_for)
{
  Server *origin = origin_new ();
  Edge edge;

  server_start (origin);
  server_stop (origin);
  edge_start (&edge, origin);
  ck_assert_uint_eq (edge_ask (&edge, "POST", "/whep/live/cam"), 409);
  edge_clear (&edge);
  server_free (origin);
}
GST_END_TEST;

GST_START_TEST (a_pull_ends_after_its_last_reader)
{
  Server *origin = origin_new ();
  GInputStream *stream = NULL;
  Client publisher;
  Edge edge;

  server_start (origin);
  edge_start (&edge, origin);
  publisher = publisher_of (origin);
  edge_read (&edge, &stream, 10000);
  ck_assert (server_holds (origin, has_players, 1));
  g_object_unref (stream);
  WAIT_UNTIL (origin, has_players, 0);
  /* The stream may be there just before its first frame. */
  while (edge_ask (&edge, "GET", "/snapshot/live/cam.jpg") != 200)
    g_thread_yield ();
  WAIT_UNTIL (origin, has_players, 0);
  edge_clear (&edge);
  client_clear (&publisher);
  server_free (origin);
}
GST_END_TEST;

/* The same connection of the reader, at the same port of the origin. */
GST_START_TEST (an_origin_that_comes_back_costs_no_reader_its_session)
{
  Server *origin = origin_new ();
  GInputStream *stream = NULL;
  Client publisher;
  Edge edge;

  server_start (origin);
  edge_start (&edge, origin);
  for (guint i = 0; i < 3; i++) {
    publisher = publisher_of (origin);
    edge_read (&edge, &stream, 30000);
    WAIT_UNTIL (origin, has_players, 1);
    server_stop (origin);
    client_clear (&publisher);
    g_object_set (origin->src, "port", origin->port, NULL);
    server_start (origin);
  }
  g_object_unref (stream);
  edge_clear (&edge);
  server_free (origin);
}
GST_END_TEST;

static void
write_file (const gchar *path, const gchar *text)
{
  ck_assert (g_file_set_contents (path, text, -1, NULL));
}

GST_START_TEST (the_origins_secret_is_read_from_a_file)
{
  g_autofree gchar *folder = g_dir_make_tmp ("origin-XXXXXX", NULL);
  g_autofree gchar *keys = g_build_filename (folder, "keys", NULL);
  g_autofree gchar *key = g_build_filename (folder, "key", NULL);
  Server *origin = origin_new ();
  Client publisher;
  Edge edge;

  write_file (keys, "live/cam se&same\n");
  g_object_set (origin->src, "play-keys", keys, NULL);
  server_start (origin);
  edge_start (&edge, origin);
  publisher = publisher_of (origin);
  ck_assert_uint_eq (edge_ask (&edge, "POST", "/whep/live/cam"), 409);
  edge_clear (&edge);

  edge_start (&edge, origin);
  gst_element_set_state (edge.pipeline, GST_STATE_READY);
  g_object_set (edge.sink, "origin-key-file", key, NULL);
  gst_element_set_state (edge.pipeline, GST_STATE_PLAYING);
  write_file (key, "se&same\n");
  ck_assert_uint_eq (edge_ask (&edge, "POST", "/whep/live/cam"), 201);
  edge_clear (&edge);
  client_clear (&publisher);
  server_free (origin);
  ck_assert_int_eq (g_remove (keys), 0);
  ck_assert_int_eq (g_remove (key), 0);
  ck_assert_int_eq (g_rmdir (folder), 0);
}
GST_END_TEST;

GST_START_TEST (a_wrong_origin_is_an_error)
{
  g_autoptr (GstBus) bus = NULL;
  g_autoptr (GstMessage) message = NULL;
  Edge edge;

  edge_init (&edge, "http://127.0.0.1");
  bus = gst_element_get_bus (edge.pipeline);
  ck_assert_int_eq (gst_element_set_state (edge.pipeline, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
  message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
  ck_assert (message != NULL);
  edge_clear (&edge);
}
GST_END_TEST;

/* With pulls that go on, are tried again and fail. */
GST_START_TEST (an_edge_stops_whatever_its_pulls_do)
{
  Server *origin = origin_new ();
  GInputStream *stream = NULL;
  Client publisher;
  Edge edge;

  server_start (origin);
  for (guint i = 0; i < 5; i++) {
    edge_start (&edge, origin);
    publisher = publisher_of (origin);
    edge_read (&edge, &stream, 5000);
    edge_ask (&edge, "POST", "/whep/live/none");
    if (i % 2 == 1) {
      server_stop (origin);
      g_object_set (origin->src, "port", origin->port, NULL);
    }
    edge_clear (&edge);
    g_clear_object (&stream);
    client_clear (&publisher);
    if (i % 2 == 1)
      server_start (origin);
  }
  server_free (origin);
}
GST_END_TEST;

static Suite *
origin_suite (void)
{
  Suite *suite = suite_create ("origin");
  TCase *tcase = tcase_create ("origin");

  tcase_add_test (tcase, viewers_who_ask_at_once_are_one_player_of_the_origin);
  tcase_add_test (tcase, an_unknown_stream_is_answered_and_remembered);
  tcase_add_test (tcase, an_origin_that_is_away_is_not_waited_for);
  tcase_add_test (tcase, a_pull_ends_after_its_last_reader);
  tcase_add_test (tcase, an_origin_that_comes_back_costs_no_reader_its_session);
  tcase_add_test (tcase, the_origins_secret_is_read_from_a_file);
  tcase_add_test (tcase, a_wrong_origin_is_an_error);
  tcase_add_test (tcase, an_edge_stops_whatever_its_pulls_do);
  suite_add_tcase (suite, tcase);
  return suite;
}

GST_CHECK_MAIN (origin);
