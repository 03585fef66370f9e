/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Nodes that find one with room in the directory, for the viewers that they
 * have no room for: real HTTP, and a small Redis. */

#include "gst/directory/directory-io.h"
#include "tests/support/redisserver.h"

#include <gst/check/gstcheck.h>
#include <libsoup/soup.h>
#include <string.h>

#define PATIENCE_US (60 * G_USEC_PER_SEC)

typedef struct
{
  GstElement *sink; /* an rtmpwebrtcsink */
  SoupSession *client;
} Node;

static void
node_start (Node *self, RedisServer *redis, const gchar *name,
    guint max_viewers)
{
  g_autofree gchar *url =
      g_strdup_printf ("redis://127.0.0.1:%u", redis_server_port (redis));

  self->client = soup_session_new ();
  self->sink = gst_element_factory_make ("rtmpwebrtcsink", NULL);
  g_object_set (self->sink, "address", "127.0.0.1", "port", 0, "directory", url,
      "node", name, "max-viewers", max_viewers, NULL);
  ck_assert_int_ne (gst_element_set_state (self->sink, GST_STATE_PLAYING),
      GST_STATE_CHANGE_FAILURE);
}

static void
node_clear (Node *self)
{
  gst_element_set_state (self->sink, GST_STATE_NULL);
  gst_object_unref (self->sink);
  g_object_unref (self->client);
}

static void
node_drain (Node *self)
{
  g_signal_emit_by_name (self->sink, "drain", (guint64) GST_SECOND);
}

/* Returns the status of a request. @location: (nullable): where it is
 * redirected. */
static guint
node_ask (Node *self, const gchar *method, const gchar *path, gchar **location)
{
  g_autofree gchar *url = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) offer = g_bytes_new_static ("v=0", 3);
  g_autoptr (GBytes) body = NULL;
  guint port;

  g_object_get (self->sink, "port", &port, NULL);
  url = g_strdup_printf ("http://127.0.0.1:%u%s", port, path);
  message = soup_message_new (method, url);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (strcmp (method, "POST") == 0)
    soup_message_set_request_body_from_bytes (message, "application/sdp",
        offer);
  body = soup_session_send_and_read (self->client, message, NULL, NULL);
  *location = g_strdup (
      soup_message_headers_get_one (soup_message_get_response_headers (message),
          "Location"));
  return soup_message_get_status (message);
}

/* Once the nodes have heard of each other. @location: (nullable): NULL:
 * nowhere. */
static void
node_sends (Node *self, const gchar *method, const gchar *path,
    const gchar *location)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;
  guint wanted = location != NULL ? 307 : 503;

  while (TRUE) {
    g_autofree gchar *found = NULL;
    guint status = node_ask (self, method, path, &found);

    if (status == wanted && g_strcmp0 (found, location) == 0)
      return;
    ck_assert_msg (g_get_monotonic_time () < until_us, "%u to %s, not %s",
        status, found, location);
    g_thread_yield ();
  }
}

static void
node_sends_viewers_to (Node *self, const gchar *location)
{
  node_sends (self, "POST", "/whep/live/cam", location);
}

GST_START_TEST (a_drained_node_sends_viewers_to_the_one_with_the_most_room)
{
  static const struct
  {
    const gchar *node;
    guint max_viewers;
  } nodes[] = { { "edge1", 1000 }, { "edge2", 500 }, { "edge3", 900 },
    { NULL, 1000 } };
  RedisServer *redis = redis_server_new (NULL);
  Node edges[G_N_ELEMENTS (nodes)];

  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++)
    node_start (&edges[i], redis, nodes[i].node, nodes[i].max_viewers);
  node_drain (&edges[0]);
  node_sends_viewers_to (&edges[0], "cam?node=edge3");
  node_sends (&edges[0], "GET", "/live/live/cam.mp4", "cam.mp4?node=edge3");
  node_drain (&edges[2]);
  node_sends_viewers_to (&edges[0], "cam?node=edge2");
  node_sends_viewers_to (&edges[2], "cam?node=edge2");
  node_drain (&edges[1]);
  node_sends_viewers_to (&edges[1], NULL);
  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++)
    node_clear (&edges[i]);
  redis_server_free (redis);
}
GST_END_TEST;

static Suite *
directoryrooms_suite (void)
{
  Suite *suite = suite_create ("directoryrooms");
  TCase *tcase = tcase_create ("directoryrooms");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      a_drained_node_sends_viewers_to_the_one_with_the_most_room);
  return suite;
}

GST_CHECK_MAIN (directoryrooms);
