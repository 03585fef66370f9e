/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's send buffer is full for a while, simulated by a replacement of
 * sendmmsg(): viewers wait in the log, and continue with the newest key
 * frame. */

#include "whepbench/crowd-io.h"
#include "tests/support/whepserver.h"

#include <dlfcn.h>
#include <errno.h>
#include <gst/check/gstcheck.h>
#include <sys/socket.h>

#define SLICE_US (10 * 1000)
#define DELTA_BYTES 100
#define KEY_BYTES 500
/* Enough frames for a jump (WHEP_CURSOR_JUMP_FRAMES). */
#define N_STALE 20

static gint is_full;      /* atomic */
static gint n_rejections; /* atomic */

int
sendmmsg (int fd, struct mmsghdr *messages, unsigned int n, int flags)
{
  static int (*real) (int, struct mmsghdr *, unsigned int, int);

  if (g_atomic_int_get (&is_full)) {
    g_atomic_int_inc (&n_rejections);
    errno = EAGAIN;
    return -1;
  }
  if (real == NULL)
    real = dlsym (RTLD_NEXT, "sendmmsg");
  return real (fd, messages, n, flags);
}

static void
push_delta (WhepServer *server)
{
  whep_server_push_frame (server, 1, DELTA_BYTES, FALSE);
}

static void
push_key (WhepServer *server)
{
  whep_server_push_frame (server, 1, KEY_BYTES, TRUE);
}

/* A media thread whose sends fail tries before and after it reads its mailbox:
 * at the third failure from now it has read everything that has been pushed. */
static void
wait_until_mail_is_read (void)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;
  gint n_enough = g_atomic_int_get (&n_rejections) + 3;

  while (g_atomic_int_get (&n_rejections) < n_enough)
    ck_assert (g_get_monotonic_time () < deadline_us);
}

static CrowdCounts
run_until (Crowd *crowd, guint64 n_bytes)
{
  gint64 deadline_us = g_get_monotonic_time () + WHEP_SERVER_PATIENCE_US;

  while (crowd_count (crowd).n_bytes < n_bytes) {
    ck_assert (g_get_monotonic_time () < deadline_us);
    crowd_run_for (crowd, SLICE_US);
  }
  return crowd_count (crowd);
}

GST_START_TEST (a_viewer_waits_and_continues_with_the_newest_key_frame)
{
  WhepServer server;
  Crowd *crowd = crowd_new ();
  g_autofree gchar *url = NULL;
  CrowdCounts before, after;

  whep_server_init (&server, 1);
  url = whep_server_url (&server, "/whep/live/cam");
  whep_server_publish (&server, 1, "live/cam");
  push_key (&server);
  ck_assert (crowd_post (crowd, url, NULL));
  ck_assert (crowd_run_until_playing (crowd, WHEP_SERVER_PATIENCE_US));
  before = crowd_count (crowd);

  g_atomic_int_set (&is_full, TRUE);
  push_delta (&server);
  wait_until_mail_is_read ();
  for (guint i = 0; i < N_STALE; i++)
    push_delta (&server);
  push_key (&server);
  push_delta (&server);
  wait_until_mail_is_read ();
  crowd_run_for (crowd, SLICE_US);
  ck_assert_uint_eq (crowd_count (crowd).n_packets, before.n_packets);

  /* The key frame and the frames after it; before them the first frame, unless
   * a reply to the viewer had already met the full buffer. */
  g_atomic_int_set (&is_full, FALSE);
  after = run_until (crowd, before.n_bytes + KEY_BYTES + DELTA_BYTES);
  ck_assert_uint_ge (after.n_packets, before.n_packets + 2);
  ck_assert_uint_le (after.n_packets, before.n_packets + 3);
  ck_assert_uint_eq (after.n_lost, 0);

  crowd_free (crowd);
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whepchoke_suite (void)
{
  Suite *suite = suite_create ("whepchoke");
  TCase *tests = tcase_create ("whepchoke");

  tcase_add_test (tests,
      a_viewer_waits_and_continues_with_the_newest_key_frame);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (whepchoke);
