/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a running gateway spends on its viewers: a crowd of peers watches a
 * stream over loopback while the gateway's CPU time and memory are read from
 * /proc. Prints a line of JSON. */

#include "tests/bench/crowd-io.h"
#include "tests/bench/usage-io.h"

#include <stdio.h>

/* From the last POST until each peer has media. */
#define JOIN_LIMIT_US (20 * G_USEC_PER_SEC)
/* Backlogs have been sent and buffers given back by then. */
#define SETTLE_US (3 * G_USEC_PER_SEC)
/* Between two POSTs: a crowd doesn't come within one millisecond. */
#define POST_INTERVAL_US (10 * 1000)

typedef struct
{
  gchar *url;
  gint pid;
  gint n_viewers;
  gint seconds;
} Options;

static void
join_all (Crowd *crowd, const Options *options)
{
  for (gint i = 0; i < options->n_viewers; i++) {
    g_autoptr (GError) error = NULL;

    if (!crowd_post (crowd, options->url, &error))
      g_error ("viewer %d: %s", i, error->message);
    crowd_run_for (crowd, POST_INTERVAL_US);
  }
  if (!crowd_run_until_playing (crowd, JOIN_LIMIT_US))
    g_error ("only %u of %d viewers got media", crowd_count (crowd).n_playing,
        options->n_viewers);
}

static void
measure (Crowd *crowd, const Options *options)
{
  Usage before, after;
  CrowdCounts first, last;
  gint64 start_us, passed_us;
  gdouble cpu_us, n_packets;

  join_all (crowd, options);
  crowd_run_for (crowd, SETTLE_US);

  before = usage_read (options->pid);
  first = crowd_count (crowd);
  start_us = g_get_monotonic_time ();
  crowd_run_for (crowd, options->seconds * G_USEC_PER_SEC);
  passed_us = g_get_monotonic_time () - start_us;
  after = usage_read (options->pid);
  last = crowd_count (crowd);

  cpu_us = after.cpu_us - before.cpu_us;
  n_packets = last.n_packets - first.n_packets;
  printf ("{\"bench\": \"fanout\", \"viewers\": %d, \"seconds\": %.1f, "
          "\"cpu_percent\": %.2f, \"packets_per_s\": %.0f, "
          "\"mbit_per_s\": %.2f, \"lost\": %" G_GUINT64_FORMAT ", "
          "\"connected\": %u, \"join_ms\": %.1f, "
          "\"threads\": %u, \"rss_kb\": %" G_GUINT64_FORMAT ", "
          "\"pss_kb\": %" G_GUINT64_FORMAT ", "
          "\"private_kb\": %" G_GUINT64_FORMAT "}\n",
      options->n_viewers, passed_us / 1e6, 100 * cpu_us / passed_us,
      n_packets * 1e6 / passed_us,
      (last.n_bytes - first.n_bytes) * 8.0 / passed_us,
      last.n_lost - first.n_lost, last.n_connected,
      crowd_median_join_us (crowd) / 1e3, after.n_threads, after.rss_kb,
      after.pss_kb, after.private_kb);
}

int
main (int argc, char **argv)
{
  Options options = { .n_viewers = 1, .seconds = 10 };
  const GOptionEntry entries[] = {
    { "url", 'u', 0, G_OPTION_ARG_STRING, &options.url,
        "WHEP endpoint of the stream", "URL" },
    { "pid", 'p', 0, G_OPTION_ARG_INT, &options.pid, "The gateway's process",
        "PID" },
    { "viewers", 'n', 0, G_OPTION_ARG_INT, &options.n_viewers, "How many watch",
        "N" },
    { "seconds", 's', 0, G_OPTION_ARG_INT, &options.seconds,
        "How long to measure", "S" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Crowd *crowd;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) ||
      options.url == NULL || options.pid == 0 || options.n_viewers < 0 ||
      options.n_viewers > CROWD_MAX_PEERS) {
    g_printerr ("%s",
        error != NULL ? error->message
                      : g_option_context_get_help (context, TRUE, NULL));
    return 1;
  }
  crowd = crowd_new ();
  measure (crowd, &options);
  crowd_free (crowd);
  g_free (options.url);
  return 0;
}
