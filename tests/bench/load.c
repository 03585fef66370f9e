/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads a running gateway with publishers, which may leave and come back, and a
 * crowd of viewers that stay. Reports what that costs the gateway, according to
 * /proc, and the latency of the frames. Prints a line of JSON for each
 * sample. */

#include "whepbench/crowd-io.h"
#include "tests/bench/publisher-io.h"
#include "tests/bench/usage-io.h"

#include <stdio.h>

#define MAX_STREAMS 64
#define KEY "load"
#define JOIN_LIMIT_US (20 * G_USEC_PER_SEC)
#define POST_INTERVAL_US (20 * 1000)
/* By then the streams exist, and their first key frames. */
#define PUBLISH_SETTLE_US (4 * G_USEC_PER_SEC)
/* The quantiles of the frames' latencies that are reported. */
static const gdouble shares[] = { 0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9,
  0.95, 0.99, 0.999, 1 };

typedef struct
{
  const gchar *name;
  gchar *url; /* of the gateway */
  gint rtmp_port;
  gint pid;
  gchar *clip;
  gint n_streams;
  gint n_viewers;
  gint n_followers; /* those that decrypt packets, which costs CPU time */
  gint settle_s;
  gint seconds;
  gint sample_s;
  gint reconnect_s;
} Options;

typedef struct
{
  const Options *options;
  Clip *clip;
  gchar *keys[MAX_STREAMS];
  Publisher *publishers[MAX_STREAMS];
  Crowd *crowd;
} Load;

/* The counters at the last sample. */
typedef struct
{
  gint64 now_us;
  Usage usage;
  CrowdCounts counts;
  PublisherCounts published;
} Moment;

static void
publish_all (Load *self)
{
  const Options *options = self->options;
  gint64 now_us = g_get_monotonic_time ();

  for (gint i = 0; i < options->n_streams; i++) {
    PublisherParams params = { .port = options->rtmp_port,
      .app = "live",
      .clip = self->clip,
      .reconnect_us = options->reconnect_s * G_USEC_PER_SEC };

    self->keys[i] = g_strdup_printf (KEY "%d", i);
    params.key = self->keys[i];
    /* No two publishers leave at the same time. */
    params.start_us = now_us + PUBLISH_SETTLE_US / 2 * i / options->n_streams +
        i % 2 * G_USEC_PER_SEC / 100;
    self->publishers[i] = publisher_new (&params);
  }
  crowd_run_for (self->crowd, PUBLISH_SETTLE_US);
}

static gint64
sent_time (gpointer times, const guint8 *payload, gsize size)
{
  return frame_times_get (times, frame_key (payload, size));
}

static void
watch_all (Load *self)
{
  for (gint i = 0; i < self->options->n_viewers; i++) {
    gint stream = i % MAX (self->options->n_streams, 1);
    g_autofree gchar *url =
        g_strdup_printf ("%s/whep/live/" KEY "%d", self->options->url, stream);
    g_autoptr (GError) error = NULL;

    if (!crowd_post (self->crowd, url, &error))
      g_error ("viewer %d: %s", i, error->message);
    if (i < self->options->n_followers)
      crowd_follow (self->crowd, sent_time,
          publisher_frame_times (self->publishers[stream]));
    crowd_run_for (self->crowd, POST_INTERVAL_US);
  }
  if (!crowd_run_until_playing (self->crowd, JOIN_LIMIT_US))
    g_error ("only %u of %d viewers received media",
        crowd_count (self->crowd).n_playing, self->options->n_viewers);
  crowd_run_for (self->crowd, self->options->settle_s * G_USEC_PER_SEC);
}

static PublisherCounts
count_published (const Load *self)
{
  PublisherCounts all = { 0 };

  for (gint i = 0; i < self->options->n_streams; i++) {
    PublisherCounts one = publisher_counts (self->publishers[i]);

    all.n_connections += one.n_connections;
    all.n_failures += one.n_failures;
    all.n_frames += one.n_frames;
  }
  return all;
}

static Moment
look (Load *self)
{
  return (Moment){ .now_us = g_get_monotonic_time (),
    .usage = usage_read (self->options->pid),
    .counts = crowd_count (self->crowd),
    .published = count_published (self) };
}

static void
print_usage (const Usage *usage)
{
  printf ("\"rss_kb\": %" G_GUINT64_FORMAT ", \"pss_kb\": %" G_GUINT64_FORMAT
          ", \"private_kb\": %" G_GUINT64_FORMAT
          ", \"fds\": %u, \"threads\": %u, ",
      usage->rss_kb, usage->pss_kb, usage->private_kb, usage->n_fds,
      usage->n_threads);
}

static void
print_latencies (Latencies *latencies)
{
  printf ("\"latency_p50_ms\": %.3f, \"latency_p99_ms\": %.3f, "
          "\"latency_ms\": {",
      latencies_ms (latencies, 0.5), latencies_ms (latencies, 0.99));
  for (guint i = 0; i < G_N_ELEMENTS (shares); i++)
    printf ("%s\"%.4g\": %.3f", i == 0 ? "" : ", ", 100 * shares[i],
        latencies_ms (latencies, shares[i]));
  printf ("}, ");
}

static void
print_counts (const CrowdCounts *then, const CrowdCounts *now,
    gdouble passed_us)
{
  guint64 n_packets = now->n_packets - then->n_packets;

  printf ("\"packets\": %" G_GUINT64_FORMAT ", \"packets_per_s\": %.0f, "
          "\"mbit_per_s\": %.2f, \"lost\": %" G_GINT64_FORMAT
          ", \"choked\": %" G_GINT64_FORMAT ", \"connected\": %u, "
          "\"starved\": %u, \"reposts\": %u, ",
      n_packets, n_packets * 1e6 / passed_us,
      (now->n_bytes - then->n_bytes) * 8.0 / passed_us,
      (gint64) (now->n_lost - then->n_lost),
      (gint64) (now->n_choked - then->n_choked), now->n_connected,
      now->n_starved, now->n_ended);
}

static void
print_sample (Load *self, const Moment *then, gint64 start_us)
{
  const Options *options = self->options;
  gdouble machine_percent = usage_machine_percent ();
  Moment now = look (self);
  gdouble passed_us = now.now_us - then->now_us;

  printf ("{\"bench\": \"%s\", \"seconds\": %.1f, \"viewers\": %d, "
          "\"streams\": %d, \"cpu_percent\": %.2f, "
          "\"machine_percent\": %.1f, ",
      options->name, (now.now_us - start_us) / 1e6, options->n_viewers,
      options->n_streams,
      100 * (now.usage.cpu_us - then->usage.cpu_us) / passed_us,
      machine_percent);
  print_usage (&now.usage);
  print_counts (&then->counts, &now.counts, passed_us);
  print_latencies (crowd_latencies (self->crowd));
  latencies_forget (crowd_latencies (self->crowd));
  printf ("\"frames\": %" G_GUINT64_FORMAT
          ", \"frames_expected\": %.0f, \"connections\": %u, "
          "\"refused\": %u, \"join_ms\": %.1f}\n",
      now.counts.n_frames - then->counts.n_frames,
      (gdouble) (now.published.n_frames - then->published.n_frames) *
          MIN (options->n_followers, options->n_viewers) /
          MAX (options->n_streams, 1),
      now.published.n_connections, now.published.n_failures,
      latencies_ms (crowd_joins (self->crowd), 0.5));
  fflush (stdout);
}

static void
take_samples (Load *self)
{
  gint64 start_us = g_get_monotonic_time ();
  gint n_samples = self->options->seconds / self->options->sample_s;

  latencies_forget (crowd_latencies (self->crowd));
  usage_machine_percent ();
  for (gint i = 0; i < n_samples; i++) {
    Moment then = look (self);

    crowd_run_for (self->crowd, self->options->sample_s * G_USEC_PER_SEC);
    print_sample (self, &then, start_us);
  }
}

static void
run (const Options *options)
{
  Load self = { .options = options,
    .clip = clip_load (options->clip),
    .crowd = crowd_new () };

  publish_all (&self);
  watch_all (&self);
  take_samples (&self);
  crowd_free (self.crowd);
  for (gint i = 0; i < options->n_streams; i++) {
    publisher_free (self.publishers[i]);
    g_free (self.keys[i]);
  }
  clip_free (self.clip);
}

static gboolean
is_complete (const Options *options)
{
  return options->url != NULL && options->clip != NULL && options->pid > 0 &&
      options->rtmp_port > 0 && options->n_streams >= 0 &&
      (options->n_streams > 0 || options->n_followers == 0) &&
      options->n_streams <= MAX_STREAMS && options->n_viewers >= 0 &&
      options->n_viewers <= CROWD_MAX_PEERS && options->sample_s > 0;
}

int
main (int argc, char **argv)
{
  Options options = { .n_streams = 1,
    .n_viewers = 1,
    .n_followers = CROWD_MAX_PEERS,
    .settle_s = 3,
    .seconds = 10,
    .sample_s = 10 };
  gchar *name = NULL;
  const GOptionEntry entries[] = {
    { "name", 'b', 0, G_OPTION_ARG_STRING, &name,
        "The bench's name, in each line", "BENCH" },
    { "url", 'u', 0, G_OPTION_ARG_STRING, &options.url, "The gateway", "URL" },
    { "rtmp-port", 'r', 0, G_OPTION_ARG_INT, &options.rtmp_port,
        "Its RTMP port", "PORT" },
    { "pid", 'p', 0, G_OPTION_ARG_INT, &options.pid, "Its process", "PID" },
    { "clip", 'c', 0, G_OPTION_ARG_FILENAME, &options.clip,
        "The film to publish", "FLV" },
    { "streams", 'm', 0, G_OPTION_ARG_INT, &options.n_streams,
        "Number of publishers; 0: none, and no followers", "M" },
    { "viewers", 'n', 0, G_OPTION_ARG_INT, &options.n_viewers,
        "Number of viewers, of all streams", "N" },
    { "followers", 'f', 0, G_OPTION_ARG_INT, &options.n_followers,
        "How many of them decrypt packets; default: all", "N" },
    { "settle", 0, 0, G_OPTION_ARG_INT, &options.settle_s,
        "Seconds from the last join to the first sample", "S" },
    { "seconds", 's', 0, G_OPTION_ARG_INT, &options.seconds, "Seconds to run",
        "S" },
    { "sample", 0, 0, G_OPTION_ARG_INT, &options.sample_s,
        "Seconds between samples", "S" },
    { "reconnect", 0, 0, G_OPTION_ARG_INT, &options.reconnect_s,
        "Seconds until a publisher reconnects; 0: never", "S" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) ||
      !is_complete (&options)) {
    g_autofree gchar *help = g_option_context_get_help (context, TRUE, NULL);

    g_printerr ("%s\n", error != NULL ? error->message : help);
    return 1;
  }
  options.name = name == NULL ? "load" : name;
  run (&options);
  g_free (options.url);
  g_free (options.clip);
  g_free (name);
  return 0;
}
