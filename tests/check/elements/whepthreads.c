/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several media threads share a port: the kernel hands most datagrams to a
 * thread that does not own their viewer, and all viewers see the picture. */

#include "whepbench/crowd-io.h"
#include "whepbench/peersdp.h"
#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>

/* The odds that no viewer reaches a wrong thread are 1 to 4^12. */
#define N_PEERS 12
#define KEY_BYTES 100

static void
wait_for_viewers (WhepServer *server, guint n_viewers)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;

  while (whep_media_n_viewers (server->media) != n_viewers)
    ck_assert (g_get_monotonic_time () < deadline_us);
}

GST_START_TEST (a_viewer_is_served_whichever_socket_it_reaches)
{
  WhepServer server;
  Crowd *crowd = crowd_new ();
  g_autofree gchar *url = NULL;

  whep_server_init (&server, N_PEERS);
  ck_assert_uint_eq (whep_media_n_threads (server.media), WHEP_SERVER_THREADS);
  url = whep_server_url (&server, "/whep/live/cam");
  whep_server_publish (&server, 1, "live/cam");
  whep_server_push_frame (&server, 1, KEY_BYTES, TRUE);
  for (guint i = 0; i < N_PEERS; i++) {
    g_autoptr (GError) error = NULL;
    gboolean is_posted = crowd_post (crowd, url, &error);

    ck_assert_msg (is_posted, "viewer %u", i);
  }

  ck_assert (crowd_run_until_playing (crowd, WHEP_SERVER_PATIENCE_US));
  ck_assert_uint_eq (crowd_count (crowd).n_connected, N_PEERS);
  wait_for_viewers (&server, N_PEERS);

  /* They close their DTLS connections from their current addresses. */
  crowd_free (crowd);
  wait_for_viewers (&server, 0);
  whep_server_clear (&server);
}
GST_END_TEST;

#define SDP "application/sdp"
#define FRAGMENT "application/trickle-ice-sdpfrag"
#define N_RESTARTS 4
#define FRAME_US (5 * 1000)

/* Returns: (transfer full): the path of the session of a new member. */
static gchar *
join (WhepServer *server, Crowd *crowd, Peer *peer)
{
  g_autofree gchar *offer = peer_offer_new_plain (peer);
  g_auto (Reply) reply =
      whep_server_ask_with (server, "POST", "/whep/live/cam", SDP, offer);
  PeerRemote remote;

  ck_assert_msg (reply.status == 201 && peer_remote_parse (&remote, reply.body),
      "%s", reply.body);
  crowd_add (crowd, peer, &remote, g_get_monotonic_time ());
  return reply_session_path (&reply);
}

static Reply
ask_for_restart (WhepServer *server, const gchar *path, const Peer *peer)
{
  g_autofree gchar *fragment =
      g_strdup_printf ("a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n",
          peer_ice (peer)->ufrag, peer_ice (peer)->pwd);
  g_autoptr (GBytes) body = g_bytes_new (fragment, strlen (fragment));
  SoupMessage *message = whep_server_message (server, "PATCH", path);

  soup_message_set_request_body_from_bytes (message, FRAGMENT, body);
  soup_message_headers_replace (soup_message_get_request_headers (message),
      "If-Match", "*");
  return whep_server_send (server, message);
}

/* Frames continue; what matters is which thread answers the checks. */
static void
play_until_nominated (WhepServer *server, Crowd *crowd, const Peer *peer)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;

  do {
    whep_server_push_frame (server, 1, KEY_BYTES, TRUE);
    crowd_run_for (crowd, FRAME_US);
    ck_assert (g_get_monotonic_time () < deadline_us);
  } while (!peer_ice (peer)->is_nominated);
}

GST_START_TEST (an_ice_restart_stays_with_its_thread_and_loses_no_frame)
{
  WhepServer server;
  Crowd *crowd = crowd_new ();
  Peer *peer = crowd_new_peer (crowd);
  g_autofree gchar *path = NULL;

  whep_server_init (&server, 1);
  whep_server_publish (&server, 1, "live/cam");
  path = join (&server, crowd, peer);
  play_until_nominated (&server, crowd, peer);
  ck_assert (crowd_run_until_playing (crowd, WHEP_SERVER_PATIENCE_US));
  for (guint i = 0; i < N_RESTARTS; i++) {
    guint64 n_packets = crowd_count (crowd).n_packets;
    g_auto (Reply) reply = { 0 };
    PeerRemote remote;

    peer_restarts_ice (peer);
    reply = ask_for_restart (&server, path, peer);
    /* A fragment has credentials, and no tracks. */
    peer_remote_parse (&remote, reply.body);
    ck_assert_msg (reply.status == 200 && remote.ufrag[0] != '\0', "%s",
        reply.body);
    peer_takes_restart (peer, remote.ufrag, remote.pwd,
        g_get_monotonic_time ());
    play_until_nominated (&server, crowd, peer);
    ck_assert_uint_eq (crowd_count (crowd).n_lost, 0);
    ck_assert_uint_gt (crowd_count (crowd).n_packets, n_packets);
  }
  ck_assert_uint_eq (peer_ice (peer)->n_errors, 0);
  {
    g_auto (Reply) reply = whep_server_ask (&server, "DELETE", path);

    ck_assert_uint_eq (reply.status, 200);
    wait_for_viewers (&server, 0);
  }
  crowd_free (crowd);
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whepthreads_suite (void)
{
  Suite *suite = suite_create ("whepthreads");
  TCase *tests = tcase_create ("whepthreads");

  tcase_add_test (tests, a_viewer_is_served_whichever_socket_it_reaches);
  tcase_add_test (tests,
      an_ice_restart_stays_with_its_thread_and_loses_no_frame);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (whepthreads);
