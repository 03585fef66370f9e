/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gateways that find each other's streams in a directory: real RTMP, real HTTP,
 * and a small Redis. */

#include "tests/support/browseroffer.h"
#include "tests/support/redisserver.h"
#include "tests/support/rtmpserver.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#define OFFER "chromium-156-linux"
#define CAPTURE 3
/* Of a capture, after which its publisher stays. */
#define N_FRAMES 100
#define CAM "rtmp-webrtc:stream:live/cam"
#define ALIEN "gateway=0123456789abcdef address="

typedef struct
{
  GstElement *pipeline;
  GstElement *rtmp;
  GstElement *webrtc;
  SoupSession *client;
} Gateway;

static void
gateway_init (Gateway *self, RedisServer *redis)
{
  g_autofree gchar *url = g_strdup_printf ("redis://:secret@127.0.0.1:%u/1",
      redis_server_port (redis));
  g_autoptr (GError) error = NULL;

  *self = (Gateway){ .client = soup_session_new () };
  self->pipeline = gst_parse_launch (
      "rtmpserversrc name=rtmp address=127.0.0.1 port=0 play=true : "
      "rtmpwebrtcsink name=webrtc address=127.0.0.1 port=0 origin-linger=0",
      &error);
  g_assert_no_error (error);
  self->rtmp = gst_bin_get_by_name (GST_BIN (self->pipeline), "rtmp");
  self->webrtc = gst_bin_get_by_name (GST_BIN (self->pipeline), "webrtc");
  g_object_set (self->webrtc, "directory", url, NULL);
}

static void
gateway_play (Gateway *self)
{
  ck_assert_int_ne (gst_element_set_state (self->pipeline, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
}

static void
gateway_start (Gateway *self, RedisServer *redis)
{
  gateway_init (self, redis);
  gateway_play (self);
}

static void
gateway_clear (Gateway *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_object_unref (self->rtmp);
  gst_object_unref (self->webrtc);
  gst_object_unref (self->pipeline);
  g_object_unref (self->client);
}

static guint
number_of (GstElement *element, const gchar *property)
{
  guint number;

  g_object_get (element, property, &number, NULL);
  return number;
}

static void
gateway_waits_for_players (Gateway *self, guint n)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;

  while (number_of (self->rtmp, "n-players") != n) {
    ck_assert_msg (g_get_monotonic_time () < until_us, "never %u players", n);
    g_thread_yield ();
  }
}

static SoupMessage *
message_new (Gateway *self, const gchar *method, const gchar *path)
{
  g_autofree gchar *offer = browser_offer_load (OFFER);
  g_autoptr (GBytes) bytes = g_bytes_new (offer, strlen (offer));
  g_autofree gchar *url = g_strdup_printf ("http://127.0.0.1:%u%s",
      number_of (self->webrtc, "port"), path);
  SoupMessage *message = soup_message_new (method, url);

  if (strcmp (method, "POST") == 0)
    soup_message_set_request_body_from_bytes (message, "application/sdp",
        bytes);
  return message;
}

/* Returns the status. */
static guint
gateway_ask (Gateway *self, const gchar *path)
{
  g_autoptr (SoupMessage) message = message_new (self, "POST", path);
  g_autoptr (GBytes) body =
      soup_session_send_and_read (self->client, message, NULL, NULL);

  return soup_message_get_status (message);
}

/* As a viewer does, who tries again if the machine is too busy for the stream
 * to come within the time that a request waits for it. */
static void
gateway_gets_cam (Gateway *self)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;

  while (gateway_ask (self, "/whep/live/cam") != 201)
    ck_assert_msg (g_get_monotonic_time () < until_us, "live/cam never comes");
}

/* Returns: (transfer full): the reply to one that tries again likewise. */
static GInputStream *
gateway_open_cam (Gateway *self)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;

  while (TRUE) {
    g_autoptr (GError) error = NULL;
    g_autoptr (SoupMessage) message =
        message_new (self, "GET", "/live/live/cam.mp4");
    g_autoptr (GInputStream) stream =
        soup_session_send (self->client, message, NULL, &error);

    g_assert_no_error (error);
    if (soup_message_get_status (message) == 200)
      return g_steal_pointer (&stream);
    ck_assert_msg (g_get_monotonic_time () < until_us, "live/cam never comes");
  }
}

/* Reads @n_bytes of live/cam, which begins if it is NULL. */
static void
gateway_read (Gateway *self, GInputStream **stream, gsize n_bytes)
{
  g_autoptr (GError) error = NULL;
  gchar buffer[4096];

  if (*stream == NULL)
    *stream = gateway_open_cam (self);
  while (n_bytes > 0) {
    gssize n = g_input_stream_read (*stream, buffer,
        MIN (n_bytes, sizeof (buffer)), NULL, &error);

    g_assert_no_error (error);
    ck_assert_int_gt (n, 0);
    n_bytes -= n;
  }
}

static void
redis_waits_for (RedisServer *self, const gchar *key, const gchar *end)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;

  while (TRUE) {
    g_autofree gchar *value = redis_server_dup (self, key);

    if (end == NULL ? value == NULL
                    : value != NULL && g_str_has_suffix (value, end))
      return;
    ck_assert_msg (g_get_monotonic_time () < until_us, "%s is %s, not %s", key,
        value, end);
    g_thread_yield ();
  }
}

/* live/cam is announced by @gateway. */
static void
redis_waits_for_cam (RedisServer *self, Gateway *gateway)
{
  g_autofree gchar *end = g_strdup_printf (" address=rtmp://127.0.0.1:%u",
      number_of (gateway->rtmp, "port"));

  redis_waits_for (self, CAM, end);
}

/* Returns: the publisher of live/cam, whose stream has been announced. */
static Client
publisher_of (Gateway *gateway, RedisServer *redis)
{
  Client publisher = client_new_at (number_of (gateway->rtmp, "port"), CAPTURE);

  client_send (&publisher, client_end_of_video (&publisher, N_FRAMES));
  redis_waits_for_cam (redis, gateway);
  return publisher;
}

GST_START_TEST (a_stream_is_pulled_from_the_gateway_that_announces_it)
{
  RedisServer *redis = redis_server_new ("secret");
  Gateway gateways[3];
  Client publisher;

  for (guint i = 0; i < G_N_ELEMENTS (gateways); i++)
    gateway_start (&gateways[i], redis);
  publisher = publisher_of (&gateways[1], redis);
  gateway_gets_cam (&gateways[0]);
  gateway_gets_cam (&gateways[2]);
  gateway_waits_for_players (&gateways[1], 2);
  ck_assert_uint_eq (gateway_ask (&gateways[0], "/whep/live/none"), 409);
  /* Those that pull it have not announced it. */
  redis_waits_for_cam (redis, &gateways[1]);
  client_clear (&publisher);
  redis_waits_for (redis, CAM, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (gateways); i++)
    gateway_clear (&gateways[i]);
  redis_server_free (redis);
}
GST_END_TEST;

GST_START_TEST (a_gateway_announces_its_load_and_withdraws_all_at_its_end)
{
  RedisServer *redis = redis_server_new ("secret");
  g_autofree gchar *load = NULL;
  g_autofree gchar *rest = NULL;
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;
  Client publisher;
  Gateway gateway;

  gateway_init (&gateway, redis);
  g_object_set (gateway.webrtc, "max-viewers", 7, NULL);
  gateway_play (&gateway);
  publisher = publisher_of (&gateway, redis);
  while (load == NULL && g_get_monotonic_time () < until_us)
    load = redis_server_dup_any (redis, "rtmp-webrtc:gateway:");
  ck_assert (load != NULL);
  ck_assert_msg (g_str_has_suffix (load, " viewers=0 room=7 draining=0"), "%s",
      load);
  gateway_clear (&gateway);
  rest = redis_server_dup_any (redis, "rtmp-webrtc:");
  ck_assert_msg (rest == NULL, "%s", rest);
  client_clear (&publisher);
  redis_server_free (redis);
}
GST_END_TEST;

/* To the gateway with the newest publisher, though the other one is there. */
GST_START_TEST (a_publisher_that_moves_keeps_its_readers)
{
  RedisServer *redis = redis_server_new ("secret");
  GInputStream *stream = NULL;
  Client before, after;
  Gateway edge, a, b;

  gateway_start (&edge, redis);
  gateway_start (&a, redis);
  gateway_start (&b, redis);
  before = publisher_of (&a, redis);
  gateway_read (&edge, &stream, 20000);
  gateway_waits_for_players (&a, 1);
  after = publisher_of (&b, redis);
  gateway_waits_for_players (&b, 1);
  gateway_waits_for_players (&a, 0);
  gateway_read (&edge, &stream, 20000);
  client_clear (&before);
  ck_assert_uint_eq (number_of (b.rtmp, "n-players"), 1);
  redis_waits_for_cam (redis, &b);
  g_object_unref (stream);
  client_clear (&after);
  gateway_clear (&edge);
  gateway_clear (&a);
  gateway_clear (&b);
  redis_server_free (redis);
}
GST_END_TEST;

GST_START_TEST (what_is_known_stays_in_use_while_redis_is_away)
{
  RedisServer *redis = redis_server_new ("secret");
  GInputStream *stream = NULL;
  Gateway edge, origin;
  Client publisher;

  gateway_start (&edge, redis);
  gateway_start (&origin, redis);
  publisher = publisher_of (&origin, redis);
  gateway_read (&edge, &stream, 5000);
  redis_server_stop (redis);
  gateway_read (&edge, &stream, 5000);
  g_clear_object (&stream);
  gateway_waits_for_players (&origin, 0);
  gateway_gets_cam (&edge);
  ck_assert_uint_eq (gateway_ask (&edge, "/whep/live/none"), 409);
  redis_server_start (redis);
  redis_waits_for_cam (redis, &origin);
  client_clear (&publisher);
  gateway_clear (&edge);
  gateway_clear (&origin);
  redis_server_free (redis);
}
GST_END_TEST;

GST_START_TEST (a_redis_that_hangs_delays_no_publisher)
{
  RedisServer *redis = redis_server_new ("secret");
  Gateway gateway;
  Client publisher;

  redis_server_set_mute (redis, TRUE);
  gateway_start (&gateway, redis);
  publisher = client_new_at (number_of (gateway.rtmp, "port"), CAPTURE);
  client_send (&publisher, client_end_of_video (&publisher, N_FRAMES));
  gateway_gets_cam (&gateway);
  redis_server_set_mute (redis, FALSE);
  redis_waits_for_cam (redis, &gateway);
  client_clear (&publisher);
  gateway_clear (&gateway);
  redis_server_free (redis);
}
GST_END_TEST;

GST_START_TEST (a_wrong_entry_is_no_origin)
{
  static const gchar *const wrong[] = { "", "x", "(list)", ALIEN "x",
    ALIEN "rtmp://", ALIEN "http://127.0.0.1", ALIEN "rtmp://127.0.0.1/live",
    ALIEN "rtmp://127.0.0.1:1", ALIEN "rtmp://a@127.0.0.1" };
  RedisServer *redis = redis_server_new ("secret");
  g_autofree gchar *own = NULL;
  Gateway edge;

  gateway_start (&edge, redis);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree gchar *key = g_strdup_printf ("rtmp-webrtc:stream:live/%u", i);
    g_autofree gchar *path = g_strdup_printf ("/whep/live/%u", i);

    redis_server_set (redis, key, wrong[i]);
    ck_assert_msg (gateway_ask (&edge, path) == 409, "%s", wrong[i]);
  }
  /* Left behind by an earlier gateway at its address. */
  own = g_strdup_printf (ALIEN "rtmp://127.0.0.1:%u",
      number_of (edge.rtmp, "port"));
  redis_server_set (redis, CAM, own);
  ck_assert_uint_eq (gateway_ask (&edge, "/whep/live/cam"), 409);
  ck_assert_uint_eq (number_of (edge.rtmp, "n-players"), 0);
  gateway_clear (&edge);
  redis_server_free (redis);
}
GST_END_TEST;

/* It would otherwise compete with the pull of its name. */
GST_START_TEST (a_publisher_at_the_edge_is_watched_instead_of_the_pull)
{
  RedisServer *redis = redis_server_new ("secret");
  g_autofree gchar *url = NULL;
  GInputStream *stream = NULL;
  Client far, near;
  Gateway edge, origin;

  gateway_start (&origin, redis);
  gateway_init (&edge, redis);
  url =
      g_strdup_printf ("rtmp://127.0.0.1:%u", number_of (origin.rtmp, "port"));
  g_object_set (edge.webrtc, "origin", url, NULL);
  gateway_play (&edge);
  far = publisher_of (&origin, redis);
  gateway_read (&edge, &stream, 5000);
  gateway_waits_for_players (&origin, 1);
  near = publisher_of (&edge, redis);
  gateway_waits_for_players (&origin, 0);
  gateway_read (&edge, &stream, 5000);
  client_clear (&near);
  gateway_waits_for_players (&origin, 1);
  gateway_read (&edge, &stream, 5000);
  g_object_unref (stream);
  client_clear (&far);
  gateway_clear (&edge);
  gateway_clear (&origin);
  redis_server_free (redis);
}
GST_END_TEST;

GST_START_TEST (the_password_is_read_from_a_file)
{
  RedisServer *redis = redis_server_new ("another\xff");
  g_autofree gchar *file = NULL;
  g_autofree gchar *url =
      g_strdup_printf ("redis://localhost:%u", redis_server_port (redis));
  Client publisher;
  Gateway gateway;
  gint fd = g_file_open_tmp ("directory-XXXXXX", &file, NULL);

  ck_assert_int_ne (fd, -1);
  ck_assert (g_close (fd, NULL));
  ck_assert (g_file_set_contents (file, "another\xff\n", -1, NULL));
  gateway_init (&gateway, redis);
  g_object_set (gateway.webrtc, "directory", url, "directory-password-file",
      file, "directory-address", "rtmps://example.net", NULL);
  gateway_play (&gateway);
  publisher = client_new_at (number_of (gateway.rtmp, "port"), CAPTURE);
  client_send (&publisher, client_end_of_video (&publisher, N_FRAMES));
  redis_waits_for (redis, CAM, " address=rtmps://example.net");
  client_clear (&publisher);
  gateway_clear (&gateway);
  redis_server_free (redis);
  ck_assert_int_eq (g_remove (file), 0);
}
GST_END_TEST;

static const struct
{
  const gchar *directory, *address;
} wrong[] = {
  { "http://127.0.0.1", NULL },
  { "redis://127.0.0.1/x", NULL },
  { "redis://127.0.0.1", "127.0.0.1:1935" },
  { "redis://127.0.0.1", "rtmp://127.0.0.1/live" },
};

GST_START_TEST (wrong_settings_are_errors)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    GstElement *sink = gst_element_factory_make ("rtmpwebrtcsink", NULL);
    g_autoptr (GstBus) bus = gst_bus_new ();
    g_autoptr (GstMessage) message = NULL;

    gst_element_set_bus (sink, bus);
    g_object_set (sink, "port", 0, "address", "127.0.0.1", "directory",
        wrong[i].directory, "directory-address", wrong[i].address, NULL);
    ck_assert_int_eq (gst_element_set_state (sink, GST_STATE_PLAYING),
        GST_STATE_CHANGE_FAILURE);
    message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
    ck_assert_msg (message != NULL, "%s", wrong[i].directory);
    gst_element_set_state (sink, GST_STATE_NULL);
    gst_object_unref (sink);
  }
}
GST_END_TEST;

static Suite *
directory_suite (void)
{
  Suite *suite = suite_create ("directory");
  TCase *tcase = tcase_create ("directory");

  tcase_add_test (tcase, a_stream_is_pulled_from_the_gateway_that_announces_it);
  tcase_add_test (tcase,
      a_gateway_announces_its_load_and_withdraws_all_at_its_end);
  tcase_add_test (tcase, a_publisher_that_moves_keeps_its_readers);
  tcase_add_test (tcase, what_is_known_stays_in_use_while_redis_is_away);
  tcase_add_test (tcase, a_redis_that_hangs_delays_no_publisher);
  tcase_add_test (tcase, a_wrong_entry_is_no_origin);
  tcase_add_test (tcase,
      a_publisher_at_the_edge_is_watched_instead_of_the_pull);
  tcase_add_test (tcase, the_password_is_read_from_a_file);
  tcase_add_test (tcase, wrong_settings_are_errors);
  suite_add_tcase (suite, tcase);
  return suite;
}

GST_CHECK_MAIN (directory);
