/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a join costs a running gateway: the offer, ICE, DTLS and the first
 * media. Viewers either come one after another, and each leaves after its first
 * packet, or all post at once and stay. Counts the CPU time of the gateway's
 * HTTP and media threads. Prints a line of JSON. */

#include "whepbench/crowd-io.h"
#include "tests/bench/publisher-io.h"
#include "tests/bench/usage-io.h"

#include <stdio.h>

#define PUBLISH_SETTLE_US (4 * G_USEC_PER_SEC)
#define IDLE_US (2 * G_USEC_PER_SEC)
#define JOIN_LIMIT_US (10 * G_USEC_PER_SEC)
#define STORM_LIMIT_US (60 * G_USEC_PER_SEC)

typedef struct
{
  gchar *url;
  gint rtmp_port;
  gint pid;
  gchar *clip;
  gint n_viewers;
  gboolean is_storm;
} Options;

static gint64
cpu_ns (const Options *options)
{
  static const gchar *const threads[] = { "whep-media", "whep-http", NULL };

  return usage_threads_cpu_ns (options->pid, threads);
}

static void
come_and_go (Crowd *crowd, const gchar *url, gint n_viewers)
{
  for (gint i = 0; i < n_viewers; i++) {
    g_autoptr (GError) error = NULL;

    if (!crowd_post (crowd, url, &error))
      g_error ("viewer %d: %s", i, error->message);
    if (!crowd_run_until_playing (crowd, JOIN_LIMIT_US))
      g_error ("viewer %d receives no media", i);
    crowd_dismiss (crowd);
  }
}

static void
come_at_once (Crowd *crowd, const gchar *url, gint n_viewers)
{
  crowd_storm (crowd, url, n_viewers);
  if (!crowd_run_until_playing (crowd, STORM_LIMIT_US))
    g_error ("only %u of %d viewers received media",
        crowd_count (crowd).n_playing, n_viewers);
}

static void
measure (Crowd *crowd, const Options *options)
{
  g_autofree gchar *url = g_strdup_printf ("%s/whep/live/joins", options->url);
  Latencies *joins = crowd_joins (crowd);
  gint64 idle_ns, start_ns, start_us, passed_us;
  gdouble join_us;

  idle_ns = cpu_ns (options);
  crowd_run_for (crowd, IDLE_US);
  start_ns = cpu_ns (options);
  idle_ns = start_ns - idle_ns;
  start_us = g_get_monotonic_time ();
  if (options->is_storm)
    come_at_once (crowd, url, options->n_viewers);
  else
    come_and_go (crowd, url, options->n_viewers);
  passed_us = g_get_monotonic_time () - start_us;
  join_us =
      (cpu_ns (options) - start_ns - (gdouble) idle_ns * passed_us / IDLE_US) /
      1e3 / options->n_viewers;

  printf ("{\"bench\": \"%s\", \"viewers\": %d, \"seconds\": %.2f, "
          "\"join_cpu_us\": %.0f, \"joins_a_core\": %.0f, "
          "\"join_p50_ms\": %.1f, \"join_p99_ms\": %.1f, "
          "\"join_max_ms\": %.1f, \"choked\": %" G_GUINT64_FORMAT "}\n",
      options->is_storm ? "storm" : "joins", options->n_viewers,
      passed_us / 1e6, join_us, 1e6 / join_us, latencies_ms (joins, 0.5),
      latencies_ms (joins, 0.99), latencies_ms (joins, 1),
      crowd_count (crowd).n_choked);
}

static void
run (const Options *options)
{
  Clip *clip = clip_load (options->clip);
  const PublisherParams params = { .port = options->rtmp_port,
    .app = "live",
    .key = "joins",
    .clip = clip };
  Publisher *publisher = publisher_new (&params);
  Crowd *crowd = crowd_new ();

  crowd_run_for (crowd, PUBLISH_SETTLE_US);
  measure (crowd, options);
  crowd_free (crowd);
  publisher_free (publisher);
  clip_free (clip);
}

int
main (int argc, char **argv)
{
  Options options = { .n_viewers = 300 };
  const GOptionEntry entries[] = {
    { "url", 'u', 0, G_OPTION_ARG_STRING, &options.url, "The gateway", "URL" },
    { "rtmp-port", 'r', 0, G_OPTION_ARG_INT, &options.rtmp_port,
        "Its RTMP port", "PORT" },
    { "pid", 'p', 0, G_OPTION_ARG_INT, &options.pid, "Its process", "PID" },
    { "clip", 'c', 0, G_OPTION_ARG_FILENAME, &options.clip,
        "The film to publish", "FLV" },
    { "viewers", 'n', 0, G_OPTION_ARG_INT, &options.n_viewers,
        "Number of viewers", "N" },
    { "storm", 0, 0, G_OPTION_ARG_NONE, &options.is_storm,
        "All post at once, and stay", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) ||
      options.url == NULL || options.clip == NULL || options.pid <= 0 ||
      options.n_viewers <= 0 || options.n_viewers > CROWD_MAX_PEERS) {
    g_autofree gchar *help = g_option_context_get_help (context, TRUE, NULL);

    g_printerr ("%s\n", error != NULL ? error->message : help);
    return 1;
  }
  run (&options);
  g_free (options.url);
  g_free (options.clip);
  return 0;
}
