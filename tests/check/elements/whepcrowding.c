/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* More viewers arrive than are allowed. */

#include "whepbench/crowd-io.h"
#include "tests/support/browseroffer.h"
#include "whepbench/peersdp.h"
#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BROWSER "chromium-156-linux"
#define ENDPOINT "/whep/live/cam"
#define KEY_BYTES 100
#define MAX_VIEWERS 20
#define PER_ADDRESS 4
/* The requests that one client can make at once. */
#define FLOOD 1000

typedef struct
{
  WhepServer server;
  Crowd *crowd;
  gchar *offer;
} Crowding;

static void
crowding_init_as (Crowding *self, WhepHttpParams params)
{
  params.address = "127.0.0.1";
  whep_server_init_as (&self->server, &params);
  self->crowd = crowd_new ();
  self->offer = browser_offer_load (BROWSER);
  whep_server_publish (&self->server, 1, "live/cam");
  whep_server_push_frame (&self->server, 1, KEY_BYTES, TRUE);
}

static void
crowding_init (Crowding *self, guint max_viewers, guint max_per_address)
{
  crowding_init_as (self,
      (WhepHttpParams){ .max_viewers = max_viewers,
          .max_viewers_per_address = max_per_address });
}

static void
crowding_clear (Crowding *self)
{
  crowd_free (self->crowd);
  g_free (self->offer);
  whep_server_clear (&self->server);
}

static gint64
crowding_deadline_us (void)
{
  return g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;
}

/* An offer that is not followed by connectivity checks. @client is the address
 * that a proxy adds; NULL: there is no proxy. */
static Reply
crowding_offer (Crowding *self, const gchar *client)
{
  g_autoptr (GBytes) body = g_bytes_new (self->offer, strlen (self->offer));
  SoupMessage *message = whep_server_message (&self->server, "POST", ENDPOINT);

  soup_message_set_request_body_from_bytes (message, "application/sdp", body);
  if (client != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message),
        "X-Forwarded-For", client);
  return whep_server_send (&self->server, message);
}

static gchar *
crowding_take_seat (Crowding *self, const gchar *client)
{
  g_auto (Reply) reply = crowding_offer (self, client);

  ck_assert_msg (reply.status == 201, "%s", reply.body);
  return reply_session_path (&reply);
}

static void
crowding_rejects (Crowding *self, const gchar *client, const gchar *words)
{
  g_auto (Reply) reply = crowding_offer (self, client);

  reply_assert_problem (&reply, 503, words);
  ck_assert_str_eq (reply_header (&reply, "Retry-After"), "10");
}

static gboolean
crowding_has (Crowding *self, const gchar *path)
{
  g_auto (Reply) reply = whep_server_ask (&self->server, "GET", path);

  return reply.status == 200;
}

/* A session that gives way ends once its media thread has agreed. */
static void
crowding_loses (Crowding *self, const gchar *path)
{
  gint64 deadline_us = crowding_deadline_us ();

  while (crowding_has (self, path))
    ck_assert (g_get_monotonic_time () < deadline_us);
}

/* A viewer that connects. Returns: (transfer full): the session's path. */
static gchar *
crowding_watch (Crowding *self)
{
  Peer *peer = crowd_new_peer (self->crowd);
  g_autofree gchar *offer = peer_offer_new_plain (peer);
  g_auto (Reply) reply = whep_server_ask_with (&self->server, "POST", ENDPOINT,
      "application/sdp", offer);
  PeerRemote remote;

  ck_assert_msg (reply.status == 201 && peer_remote_parse (&remote, reply.body),
      "%s", reply.body);
  crowd_add (self->crowd, peer, &remote, g_get_monotonic_time ());
  ck_assert (crowd_run_until_playing (self->crowd, WHEP_SERVER_PATIENCE_US));
  return reply_session_path (&reply);
}

static void
crowding_settles (Crowding *self, guint n_viewers)
{
  gint64 deadline_us = crowding_deadline_us ();

  while (whep_media_n_viewers (self->server.media) != n_viewers)
    ck_assert (g_get_monotonic_time () < deadline_us);
}

static guint
crowding_count (Crowding *self, const gchar *metric)
{
  g_auto (Reply) reply = whep_server_ask (&self->server, "GET", "/metrics");
  g_autofree gchar *line = g_strdup_printf ("\n%s ", metric);
  const gchar *at = strstr (reply.body, line);

  ck_assert_msg (at != NULL, "%s", reply.body);
  return g_ascii_strtoull (at + strlen (line), NULL, 10);
}

/* Waits until both sides have the same state. */
static void
crowding_is_cleared_up (Crowding *self, guint n_viewers)
{
  gint64 deadline_us = crowding_deadline_us ();

  crowding_settles (self, n_viewers);
  while (crowding_count (self, "whep_sessions") != n_viewers)
    ck_assert (g_get_monotonic_time () < deadline_us);
}

GST_START_TEST (a_thousand_offers_block_no_viewer)
{
  g_autofree gchar *watched = NULL;
  Crowding registry;

  crowding_init (&registry, MAX_VIEWERS, 0);
  for (guint i = 0; i < FLOOD - 1; i++) {
    g_auto (Reply) reply = crowding_offer (&registry, NULL);

    /* Or a media thread without a core has not released the last ones yet. */
    ck_assert_msg (reply.status == 201 || reply.status == 503, "offer %u: %s",
        i, reply.body);
  }
  crowding_is_cleared_up (&registry, MAX_VIEWERS);
  watched = crowding_watch (&registry);
  ck_assert_uint_eq (crowd_count (registry.crowd).n_playing, 1);
  crowding_is_cleared_up (&registry, MAX_VIEWERS);
  crowding_clear (&registry);
}
GST_END_TEST;

GST_START_TEST (the_oldest_session_of_the_client_with_the_most_gives_way)
{
  g_autofree gchar *other = NULL, *first = NULL, *second = NULL;
  g_autofree gchar *third = NULL, *last = NULL;
  Crowding registry;

  crowding_init (&registry, 4, 0);
  other = crowding_take_seat (&registry, "192.0.2.1");
  /* Addresses of one network, which count as one client. */
  first = crowding_take_seat (&registry, "2001:db8:1:2::1");
  second = crowding_take_seat (&registry, "2001:db8:1:2::2");
  third = crowding_take_seat (&registry, "2001:db8:1:2:3::");
  last = crowding_take_seat (&registry, "198.51.100.1");

  crowding_loses (&registry, first);
  ck_assert (
      crowding_has (&registry, other) && crowding_has (&registry, second));
  ck_assert (crowding_has (&registry, third) && crowding_has (&registry, last));
  crowding_is_cleared_up (&registry, 4);
  crowding_clear (&registry);
}
GST_END_TEST;

GST_START_TEST (a_connected_viewer_never_gives_way)
{
  gchar *paths[3];
  Crowding registry;

  crowding_init (&registry, G_N_ELEMENTS (paths), 0);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    paths[i] = crowding_watch (&registry);
  for (guint i = 0; i < MAX_VIEWERS; i++)
    crowding_rejects (&registry, NULL, "reached its limit of viewers");
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    ck_assert (crowding_has (&registry, paths[i]));
  ck_assert_uint_eq (crowd_count (registry.crowd).n_ended, 0);

  /* A viewer that leaves makes room. */
  {
    g_auto (Reply) gone =
        whep_server_ask (&registry.server, "DELETE", paths[0]);
    g_autofree gchar *next = crowding_take_seat (&registry, NULL);
    g_autofree gchar *after = crowding_take_seat (&registry, NULL);

    ck_assert_uint_eq (gone.status, 200);
    crowding_loses (&registry, next);
    ck_assert (crowding_has (&registry, after));
  }
  crowding_is_cleared_up (&registry, G_N_ELEMENTS (paths));
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    g_free (paths[i]);
  crowding_clear (&registry);
}
GST_END_TEST;

GST_START_TEST (the_number_of_viewers_per_address_is_limited)
{
  g_autofree gchar *first = NULL, *stranger = NULL;
  Crowding registry;

  crowding_init (&registry, MAX_VIEWERS, PER_ADDRESS);
  stranger = crowding_take_seat (&registry, "198.51.100.1");
  first = crowding_take_seat (&registry, "192.0.2.1");
  for (guint i = 1; i < PER_ADDRESS; i++)
    g_free (crowding_take_seat (&registry, "192.0.2.1"));
  ck_assert (crowding_has (&registry, first));
  /* Of the sessions that never connected, its own oldest gives way. */
  g_free (crowding_take_seat (&registry, "192.0.2.1"));
  crowding_loses (&registry, first);
  ck_assert (crowding_has (&registry, stranger));
  crowding_is_cleared_up (&registry, PER_ADDRESS + 1);
  crowding_clear (&registry);
}
GST_END_TEST;

GST_START_TEST (the_number_of_viewers_per_stream_is_limited)
{
  g_autofree gchar *first = NULL;
  Crowding registry;

  crowding_init_as (&registry,
      (WhepHttpParams){ .max_viewers = MAX_VIEWERS,
          .max_viewers_per_stream = 2 });
  whep_server_publish (&registry.server, 2, "live/other");
  first = crowding_take_seat (&registry, NULL);
  g_free (crowding_watch (&registry));
  g_free (crowding_take_seat (&registry, NULL));
  crowding_loses (&registry, first);
  g_free (crowding_watch (&registry));
  crowding_rejects (&registry, NULL, "of viewers of this stream");
  {
    g_auto (Reply) other =
        whep_server_offer (&registry.server, "/whep/live/other", BROWSER);

    ck_assert_uint_eq (other.status, 201);
  }
  crowding_is_cleared_up (&registry, 3);
  crowding_clear (&registry);
}
GST_END_TEST;

GST_START_TEST (connected_viewers_count_for_where_their_media_goes)
{
  Crowding registry;

  crowding_init (&registry, MAX_VIEWERS, PER_ADDRESS);
  for (guint i = 0; i < PER_ADDRESS; i++)
    g_free (crowding_watch (&registry));
  crowding_rejects (&registry, NULL, "from your address");
  /* Behind a proxy on this machine there are other clients. */
  g_free (crowding_take_seat (&registry, "192.0.2.1"));
  crowding_is_cleared_up (&registry, PER_ADDRESS + 1);
  crowding_clear (&registry);
}
GST_END_TEST;

GST_START_TEST (an_offer_that_cannot_be_answered_displaces_no_viewer)
{
  g_autofree gchar *path = NULL;
  Crowding registry;

  crowding_init (&registry, 1, 0);
  path = crowding_take_seat (&registry, NULL);
  for (guint i = 0; i < MAX_VIEWERS; i++) {
    g_auto (Reply) reply = whep_server_ask_with (&registry.server, "POST",
        ENDPOINT, "application/sdp", "v=0\r\n");

    ck_assert_uint_eq (reply.status, 400);
  }
  ck_assert (crowding_has (&registry, path));
  crowding_is_cleared_up (&registry, 1);
  crowding_clear (&registry);
}
GST_END_TEST;

static Suite *
whepcrowding_suite (void)
{
  Suite *suite = suite_create ("whepcrowding");
  TCase *tcase = tcase_create ("whepcrowding");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_thousand_offers_block_no_viewer);
  tcase_add_test (tcase,
      the_oldest_session_of_the_client_with_the_most_gives_way);
  tcase_add_test (tcase, a_connected_viewer_never_gives_way);
  tcase_add_test (tcase, the_number_of_viewers_per_address_is_limited);
  tcase_add_test (tcase, the_number_of_viewers_per_stream_is_limited);
  tcase_add_test (tcase, connected_viewers_count_for_where_their_media_goes);
  tcase_add_test (tcase, an_offer_that_cannot_be_answered_displaces_no_viewer);
  return suite;
}

GST_CHECK_MAIN (whepcrowding);
