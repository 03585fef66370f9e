/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watches a stream as the given number of viewers, each of which keeps
 * requesting a retransmission of everything that it has received, and a key
 * frame:
 *
 *     flood URL VIEWERS
 *
 * SIGINT ends it, with a line of JSON: the number of requests of each viewer,
 * and the number of packets that all of them received. */

#include "whepbench/crowd-io.h"

#include <signal.h>
#include <stdlib.h>

/* Each viewer sends its requests 200 times a second. */
#define ASK_US (5 * 1000)

static volatile sig_atomic_t is_over;

static void
on_signal (int number)
{
  is_over = TRUE;
}

int
main (int argc, char **argv)
{
  guint n_viewers = argc == 3 ? strtoul (argv[2], NULL, 10) : 0;
  guint n_asked = 0;
  Crowd *crowd;

  if (n_viewers == 0 || n_viewers > CROWD_MAX_PEERS)
    g_error ("usage: %s URL VIEWERS", argv[0]);
  signal (SIGINT, on_signal);
  crowd = crowd_new ();
  crowd_join (crowd, argv[1], n_viewers);
  for (; !is_over; n_asked++) {
    crowd_ask_for_all (crowd);
    crowd_run_for (crowd, ASK_US);
  }
  g_print ("{\"asked\": %u, \"packets\": %" G_GUINT64_FORMAT "}\n", n_asked,
      crowd_count (crowd).n_packets);
  crowd_free (crowd);
  return 0;
}
