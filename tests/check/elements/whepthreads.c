/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several media threads share a port: the kernel hands most datagrams to a
 * thread that does not own their viewer, and all viewers see the picture. */

#include "tests/bench/crowd-io.h"
#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>

/* That none of them meets a wrong thread has odds of 1 to 4^12. */
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

  /* They say goodbye by DTLS, from where they are. */
  crowd_free (crowd);
  wait_for_viewers (&server, 0);
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whepthreads_suite (void)
{
  Suite *suite = suite_create ("whepthreads");
  TCase *tests = tcase_create ("whepthreads");

  tcase_set_timeout (tests, 60);
  tcase_add_test (tests, a_viewer_is_served_whichever_socket_it_reaches);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (whepthreads);
