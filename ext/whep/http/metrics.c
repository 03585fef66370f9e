/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The metrics in Prometheus' text format: see metrics.h. */

#include "ext/whep/http/metrics.h"

#define LATENCY "whep_latency_seconds"
#define OFFERS "whep_offers_total"

static void
append_head (GString *text, const gchar *name, const gchar *help,
    const gchar *type)
{
  g_string_append_printf (text, "# HELP %s %s\n# TYPE %s %s\n", name, help,
      name, type);
}

static gint64
n_streams (const WhepDirectory *directory, const WhepSessionTable *sessions)
{
  g_autoptr (GList) names = whep_directory_names (directory);

  return g_list_length (names);
}

static gint64
n_sessions (const WhepDirectory *directory, const WhepSessionTable *sessions)
{
  return whep_session_table_count (sessions);
}

static gint64
n_stream_viewers (const WhepListing *listing, const WhepSessionTable *sessions)
{
  return whep_session_table_count_stream (sessions, listing->name);
}

static gint64
start_time (const WhepListing *listing, const WhepSessionTable *sessions)
{
  return listing->since_us / G_USEC_PER_SEC;
}

/* A sample of all streams together, or one of each with the label "stream". */
static const struct
{
  const gchar *name;
  const gchar *help;
  gint64 (*of_all) (const WhepDirectory *directory,
      const WhepSessionTable *sessions);
  gint64 (*of_stream) (const WhepListing *listing,
      const WhepSessionTable *sessions);
} stream_gauges[] = {
  { "whep_streams", "Streams that are live.", n_streams, NULL },
  { "whep_sessions", "Sessions of viewers, also those whose publisher is away.",
      n_sessions, NULL },
  { "whep_stream_viewers", "Sessions of a live stream.", NULL,
      n_stream_viewers },
  { "whep_stream_start_time_seconds", "When a live stream began, since 1970.",
      NULL, start_time },
};

/* A label's value has three characters that are escaped, and is UTF-8. */
static void
append_label (GString *text, const gchar *value)
{
  g_autofree gchar *valid = g_utf8_make_valid (value, -1);

  for (const gchar *c = valid; *c != '\0'; c++) {
    if (*c == '\n') {
      g_string_append (text, "\\n");
      continue;
    }
    if (*c == '\\' || *c == '"')
      g_string_append_c (text, '\\');
    g_string_append_c (text, *c);
  }
}

static void
append_sample (GString *text, const gchar *name, const gchar *stream,
    gint64 value)
{
  g_string_append (text, name);
  if (stream != NULL) {
    g_string_append (text, "{stream=\"");
    append_label (text, stream);
    g_string_append (text, "\"}");
  }
  g_string_append_printf (text, " %" G_GINT64_FORMAT "\n", value);
}

gchar *
whep_metrics_of_streams (const WhepDirectory *directory,
    const WhepSessionTable *sessions)
{
  g_autoptr (GList) names = whep_directory_names (directory);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (stream_gauges); i++) {
    const gchar *gauge = stream_gauges[i].name;

    append_head (text, gauge, stream_gauges[i].help, "gauge");
    if (stream_gauges[i].of_all != NULL)
      append_sample (text, gauge, NULL,
          stream_gauges[i].of_all (directory, sessions));
    else
      for (GList *name = names; name != NULL; name = name->next)
        append_sample (text, gauge, name->data,
            stream_gauges[i].of_stream (whep_directory_find (directory,
                                            name->data),
                sessions));
  }
  return g_string_free (text, FALSE);
}

static void
append_counters (GString *text, const WhepMediaStats *media_stats)
{
  WhepViewerStats total = whep_media_stats_total (media_stats);

  for (const WhepFigure *figure = whep_media_stats_figures ();
       figure->name != NULL; figure++) {
    if (figure->kind != WHEP_FIGURE_COUNTER)
      continue;
    append_head (text, figure->metric, figure->help, "counter");
    g_string_append_printf (text, "%s %" G_GUINT64_FORMAT "\n", figure->metric,
        G_STRUCT_MEMBER (guint64, &total, figure->offset));
  }
}

static void
append_gauges (GString *text, const WhepMediaStats *media_stats)
{
  for (const WhepFigure *figure = whep_media_stats_figures ();
       figure->name != NULL; figure++) {
    if (figure->kind != WHEP_FIGURE_THINNING)
      continue;
    append_head (text, figure->metric, figure->help, "gauge");
    g_string_append_printf (text, "%s %u\n", figure->metric,
        whep_media_stats_n_thinned_viewers (media_stats));
  }
}

/* Each bucket counts all that is within its bound, the last one everything. */
static void
append_stage (GString *text, const gchar *stage, const WhepHistogram *histogram)
{
  guint64 count = whep_histogram_count (histogram);
  guint64 within = 0;

  for (guint i = 0; i < WHEP_HISTOGRAM_BOUNDS; i++) {
    gchar bound[G_ASCII_DTOSTR_BUF_SIZE];

    within += histogram->counts[i];
    g_ascii_formatd (bound, sizeof (bound), "%g",
        whep_histogram_bound_us (i) / 1e6);
    g_string_append_printf (text,
        LATENCY "_bucket{stage=\"%s\",le=\"%s\"} %" G_GUINT64_FORMAT "\n",
        stage, bound, within);
  }
  g_string_append_printf (text,
      LATENCY "_bucket{stage=\"%s\",le=\"+Inf\"} %" G_GUINT64_FORMAT "\n",
      stage, count);
  g_string_append_printf (text,
      LATENCY "_sum{stage=\"%s\"} %" G_GUINT64_FORMAT ".%06" G_GUINT64_FORMAT
              "\n",
      stage, histogram->sum_us / G_USEC_PER_SEC,
      histogram->sum_us % G_USEC_PER_SEC);
  g_string_append_printf (text,
      LATENCY "_count{stage=\"%s\"} %" G_GUINT64_FORMAT "\n", stage, count);
}

gchar *
whep_metrics_of_viewers (const WhepMediaStats *media_stats)
{
  GString *text = g_string_new (NULL);

  append_counters (text, media_stats);
  append_gauges (text, media_stats);
  append_head (text, LATENCY,
      "How long live packets took, with latency-tracing.", "histogram");
  for (guint i = 0; i < WHEP_N_STAGES; i++)
    append_stage (text, whep_media_stats_stage_name (i),
        &media_stats->stages[i]);
  return g_string_free (text, FALSE);
}

gchar *
whep_metrics_of_offers (const WhepOfferCounts *offers)
{
  g_autoptr (GList) results = whep_offer_counts_results (offers);
  GString *text = g_string_new (NULL);

  append_head (text, OFFERS,
      "Offers by their result: answered, or the type of the error.", "counter");
  for (GList *result = results; result != NULL; result = result->next)
    g_string_append_printf (text,
        OFFERS "{result=\"%s\"} %" G_GUINT64_FORMAT "\n",
        (const gchar *) result->data,
        whep_offer_counts_get (offers, result->data));
  return g_string_free (text, FALSE);
}

static void
append_value (GString *text, const gchar *name, const gchar *help,
    const gchar *type, gdouble value)
{
  gchar number[G_ASCII_DTOSTR_BUF_SIZE];

  append_head (text, name, help, type);
  g_string_append_printf (text, "%s %s\n", name,
      g_ascii_dtostr (number, sizeof (number), value));
}

/* The names and meanings are those of Prometheus' client libraries. */
gchar *
whep_metrics_of_process (const WhepProcess *process)
{
  GString *text = g_string_new (NULL);

  append_value (text, "process_cpu_seconds_total",
      "CPU time of all threads, user and system, in seconds.", "counter",
      process->cpu_s);
  append_value (text, "process_resident_memory_bytes",
      "Resident memory in bytes.", "gauge", process->resident_bytes);
  append_value (text, "process_virtual_memory_bytes",
      "Virtual memory in bytes.", "gauge", process->virtual_bytes);
  append_value (text, "process_open_fds", "Open file descriptors.", "gauge",
      process->n_fds);
  append_value (text, "process_max_fds", "The limit on open file descriptors.",
      "gauge", process->max_fds);
  append_value (text, "process_start_time_seconds",
      "When the process started, since 1970.", "gauge", process->start_s);
  return g_string_free (text, FALSE);
}
