/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watches a running gateway for long: several streams whose publishers leave
 * and come back every minute, each in its turn, and viewers that stay. Prints
 * a line of JSON every ten seconds. */

#include "tests/bench/crowd-io.h"
#include "tests/bench/publisher-io.h"
#include "tests/bench/usage-io.h"

#include <stdio.h>

#define MAX_STREAMS 64
#define JOIN_LIMIT_US (20 * G_USEC_PER_SEC)
#define POST_INTERVAL_US (20 * 1000)
/* The streams are there, and their first key frames, by then. */
#define PUBLISH_SETTLE_US (4 * G_USEC_PER_SEC)
/* What joins sent of the past has been sent by then. */
#define SETTLE_US (5 * G_USEC_PER_SEC)

typedef struct
{
  gchar *url; /* of the gateway */
  gint rtmp_port;
  gint pid;
  gchar *clip;
  gint n_streams;
  gint n_viewers;
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
} Soak;

/* What was when the last sample was taken. */
typedef struct
{
  gint64 now_us;
  Usage usage;
  CrowdCounts counts;
  PublisherCounts published;
} Moment;

static void
publish_all (Soak *self)
{
  const Options *options = self->options;
  gint64 now_us = g_get_monotonic_time ();

  for (gint i = 0; i < options->n_streams; i++) {
    PublisherParams params = { .port = options->rtmp_port,
      .app = "live",
      .clip = self->clip,
      .reconnect_us = options->reconnect_s * G_USEC_PER_SEC };

    self->keys[i] = g_strdup_printf ("soak%d", i);
    params.key = self->keys[i];
    /* None leaves together with another. */
    params.start_us = now_us + PUBLISH_SETTLE_US / 2 * i / options->n_streams +
        i % 2 * G_USEC_PER_SEC / 100;
    self->publishers[i] = publisher_new (&params);
  }
  crowd_run_for (self->crowd, PUBLISH_SETTLE_US);
}

static void
watch_all (Soak *self)
{
  for (gint i = 0; i < self->options->n_viewers; i++) {
    gint stream = i % self->options->n_streams;
    g_autofree gchar *url = g_strdup_printf ("%s/whep/live/%s",
        self->options->url, self->keys[stream]);
    g_autoptr (GError) error = NULL;

    if (!crowd_post (self->crowd, url, &error))
      g_error ("viewer %d: %s", i, error->message);
    crowd_follow (self->crowd,
        publisher_frame_times (self->publishers[stream]));
    crowd_run_for (self->crowd, POST_INTERVAL_US);
  }
  if (!crowd_run_until_playing (self->crowd, JOIN_LIMIT_US))
    g_error ("only %u of %d viewers got media",
        crowd_count (self->crowd).n_playing, self->options->n_viewers);
  crowd_run_for (self->crowd, SETTLE_US);
}

static PublisherCounts
count_published (const Soak *self)
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
look (Soak *self)
{
  latencies_forget (crowd_latencies (self->crowd));
  usage_machine_percent ();
  return (Moment){ .now_us = g_get_monotonic_time (),
    .usage = usage_read (self->options->pid),
    .counts = crowd_count (self->crowd),
    .published = count_published (self) };
}

static void
print_sample (Soak *self, const Moment *then, gint64 start_us)
{
  Latencies *latencies = crowd_latencies (self->crowd);
  gdouble machine_percent = usage_machine_percent ();
  gdouble p50_ms = latencies_ms (latencies, 0.5);
  gdouble p99_ms = latencies_ms (latencies, 0.99);
  gdouble max_ms = latencies_ms (latencies, 1);
  Moment now = look (self);
  gdouble passed_us = now.now_us - then->now_us;
  gdouble viewers_a_stream =
      (gdouble) self->options->n_viewers / self->options->n_streams;

  printf ("{\"bench\": \"soak\", \"seconds\": %.1f, \"viewers\": %d, "
          "\"streams\": %d, \"rss_kb\": %" G_GUINT64_FORMAT
          ", \"pss_kb\": %" G_GUINT64_FORMAT
          ", \"private_kb\": %" G_GUINT64_FORMAT
          ", \"fds\": %u, \"threads\": %u, "
          "\"cpu_percent\": %.2f, \"machine_percent\": %.1f, ",
      (now.now_us - start_us) / 1e6, self->options->n_viewers,
      self->options->n_streams, now.usage.rss_kb, now.usage.pss_kb,
      now.usage.private_kb, now.usage.n_fds, now.usage.n_threads,
      100 * (now.usage.cpu_us - then->usage.cpu_us) / passed_us,
      machine_percent);
  printf ("\"latency_p50_ms\": %.3f, \"latency_p99_ms\": %.3f, "
          "\"latency_max_ms\": %.3f, \"frames\": %" G_GUINT64_FORMAT
          ", \"frames_expected\": %.0f, \"packets\": %" G_GUINT64_FORMAT
          ", \"lost\": %" G_GINT64_FORMAT ", \"choked\": %" G_GINT64_FORMAT
          ", \"connections\": %u, \"refused\": %u, "
          "\"connected\": %u, \"starved\": %u, \"reposts\": %u}\n",
      p50_ms, p99_ms, max_ms, now.counts.n_frames - then->counts.n_frames,
      (now.published.n_frames - then->published.n_frames) * viewers_a_stream,
      now.counts.n_packets - then->counts.n_packets,
      (gint64) (now.counts.n_lost - then->counts.n_lost),
      (gint64) (now.counts.n_choked - then->counts.n_choked),
      now.published.n_connections, now.published.n_failures,
      now.counts.n_connected, now.counts.n_starved, now.counts.n_ended);
  fflush (stdout);
}

static void
soak (Soak *self)
{
  gint64 start_us = g_get_monotonic_time ();
  gint n_samples = self->options->seconds / self->options->sample_s;

  for (gint i = 0; i < n_samples; i++) {
    Moment then = look (self);

    crowd_run_for (self->crowd, self->options->sample_s * G_USEC_PER_SEC);
    print_sample (self, &then, start_us);
  }
}

static void
run (const Options *options)
{
  Soak self = { .options = options,
    .clip = clip_load (options->clip),
    .crowd = crowd_new () };

  publish_all (&self);
  watch_all (&self);
  soak (&self);
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
      options->rtmp_port > 0 && options->n_streams > 0 &&
      options->n_streams <= MAX_STREAMS && options->n_viewers > 0 &&
      options->n_viewers <= CROWD_MAX_PEERS && options->sample_s > 0;
}

int
main (int argc, char **argv)
{
  Options options = { .n_streams = 4,
    .n_viewers = 100,
    .seconds = 3600,
    .sample_s = 10,
    .reconnect_s = 60 };
  const GOptionEntry entries[] = {
    { "url", 'u', 0, G_OPTION_ARG_STRING, &options.url, "The gateway", "URL" },
    { "rtmp-port", 'r', 0, G_OPTION_ARG_INT, &options.rtmp_port,
        "Its port for publishers", "PORT" },
    { "pid", 'p', 0, G_OPTION_ARG_INT, &options.pid, "Its process", "PID" },
    { "clip", 'c', 0, G_OPTION_ARG_FILENAME, &options.clip, "What is published",
        "FLV" },
    { "streams", 'm', 0, G_OPTION_ARG_INT, &options.n_streams,
        "How many publish", "M" },
    { "viewers", 'n', 0, G_OPTION_ARG_INT, &options.n_viewers,
        "How many watch, of all streams", "N" },
    { "seconds", 's', 0, G_OPTION_ARG_INT, &options.seconds, "How long", "S" },
    { "sample", 0, 0, G_OPTION_ARG_INT, &options.sample_s,
        "From one line to the next", "S" },
    { "reconnect", 0, 0, G_OPTION_ARG_INT, &options.reconnect_s,
        "From one connection of a publisher to the next; 0: one for all", "S" },
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
  run (&options);
  g_free (options.url);
  g_free (options.clip);
  return 0;
}
