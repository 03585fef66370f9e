/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The metrics in Prometheus' text format: see metrics.h. */

#include "ext/whep/http/metrics.h"
#include "gst/publisher/doctor.h"

#define DROPS "whep_datagrams_dropped_total"
#define JOIN "whep_join_seconds"
#define LATENCY "whep_latency_seconds"
#define LATENCY_HELP "How long live packets took within the gateway."
#define MAILBOX "whep_mailbox_messages"
#define OFFERS "whep_offers_total"
#define UNSENT "whep_sends_rejected_total"

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

/* From 0, A, to 5, F; negative: it has none. */
static gint64
encoder_grade (const WhepListing *listing, const WhepSessionTable *sessions)
{
  const WhepUplink *uplink = whep_listing_uplink (listing);
  PublisherDiagnosis diagnosis;

  if (uplink == NULL ||
      !publisher_doctor_examine (&diagnosis, &uplink->figures))
    return -1;
  return diagnosis.grade[0] - 'A';
}

/* A sample of all streams together, or one of each with the label "stream",
 * unless it is negative. */
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
  { "whep_stream_encoder_grade",
      "How well the encoder is set: 0 is A, the best, and 5 is F; none: it has "
      "not been measured.",
      NULL, encoder_grade },
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

static void
append_stream_samples (GString *text, guint row, const WhepDirectory *directory,
    const WhepSessionTable *sessions, const GList *names)
{
  for (const GList *name = names; name != NULL; name = name->next) {
    gint64 value = stream_gauges[row].of_stream (whep_directory_find (directory,
                                                     name->data),
        sessions);

    if (value >= 0)
      append_sample (text, stream_gauges[row].name, name->data, value);
  }
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
      append_stream_samples (text, i, directory, sessions, names);
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
    if (figure->kind == WHEP_FIGURE_COUNTER)
      continue;
    append_head (text, figure->metric, figure->help, "gauge");
    g_string_append_printf (text, "%s %u\n", figure->metric,
        whep_media_stats_count_viewers (media_stats, figure));
  }
}

/* Each bucket counts all that is within its bound, the last one everything.
 * @label: another one, as 'name="value"', or "". */
static void
append_histogram (GString *text, const gchar *name, const gchar *label,
    const WhepHistogram *histogram)
{
  const gchar *comma = *label == '\0' ? "" : ",";
  g_autofree gchar *labels =
      *label == '\0' ? g_strdup ("") : g_strdup_printf ("{%s}", label);
  guint64 count = whep_histogram_count (histogram);
  guint64 within = 0;

  for (guint i = 0; i < WHEP_HISTOGRAM_BOUNDS; i++) {
    gchar bound[G_ASCII_DTOSTR_BUF_SIZE];

    within += histogram->counts[i];
    g_ascii_formatd (bound, sizeof (bound), "%g",
        whep_histogram_bound_us (i) / 1e6);
    g_string_append_printf (text,
        "%s_bucket{%s%sle=\"%s\"} %" G_GUINT64_FORMAT "\n", name, label, comma,
        bound, within);
  }
  g_string_append_printf (text,
      "%s_bucket{%s%sle=\"+Inf\"} %" G_GUINT64_FORMAT "\n", name, label, comma,
      count);
  g_string_append_printf (text,
      "%s_sum%s %" G_GUINT64_FORMAT ".%06" G_GUINT64_FORMAT "\n", name, labels,
      histogram->sum_us / G_USEC_PER_SEC, histogram->sum_us % G_USEC_PER_SEC);
  g_string_append_printf (text, "%s_count%s %" G_GUINT64_FORMAT "\n", name,
      labels, count);
}

static void
append_latencies (GString *text, const WhepMediaStats *media_stats)
{
  append_head (text, LATENCY, LATENCY_HELP, "histogram");
  for (guint i = 0; i < WHEP_N_STAGES; i++) {
    g_autofree gchar *label =
        g_strdup_printf ("stage=\"%s\"", whep_media_stats_stage_name (i));

    append_histogram (text, LATENCY, label, &media_stats->stages[i]);
  }
}

static void
append_joins (GString *text, const WhepMediaStats *media_stats)
{
  append_head (text, JOIN,
      "From a viewer's offer until the first packet that it was sent.",
      "histogram");
  append_histogram (text, JOIN, "", &media_stats->joins);
}

static void
append_threads (GString *text, const WhepMediaStats *media_stats)
{
  append_head (text, DROPS,
      "Datagrams that were dropped before a viewer was found for them.",
      "counter");
  for (guint i = 0; i < WHEP_N_DATAGRAM_DROPS; i++)
    g_string_append_printf (text,
        DROPS "{reason=\"%s\"} %" G_GUINT64_FORMAT "\n",
        whep_media_stats_drop_name (i), media_stats->n_dropped[i]);
  append_head (text, UNSENT,
      "Sends that the kernel rejected, of one datagram or a run of them.",
      "counter");
  g_string_append_printf (text, UNSENT " %" G_GUINT64_FORMAT "\n",
      media_stats->n_unsent);
  append_head (text, MAILBOX,
      "The most messages that a media thread found at once, in the last "
      "second.",
      "gauge");
  g_string_append_printf (text, MAILBOX " %u\n", media_stats->mailbox_peak);
}

gchar *
whep_metrics_of_viewers (const WhepMediaStats *media_stats)
{
  GString *text = g_string_new (NULL);

  append_counters (text, media_stats);
  append_gauges (text, media_stats);
  append_joins (text, media_stats);
  append_latencies (text, media_stats);
  append_threads (text, media_stats);
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
append_count (GString *text, const gchar *name, const gchar *help,
    const gchar *type, guint64 count)
{
  append_head (text, name, help, type);
  g_string_append_printf (text, "%s %" G_GUINT64_FORMAT "\n", name, count);
}

gchar *
whep_metrics_of_readers (const WhepReadersStats *readers)
{
  GString *text = g_string_new (NULL);

  append_count (text, "whep_http_readers",
      "HTTP readers of fragmented MP4, now.", "gauge", readers->readers->len);
  append_count (text, "whep_http_readers_joined_total",
      "HTTP readers that have joined.", "counter", readers->n_joined);
  append_count (text, "whep_http_reader_bytes_sent_total",
      "Bytes sent to HTTP readers, with the framing of HTTP.", "counter",
      readers->n_bytes);
  append_count (text, "whep_http_reader_jumps_total",
      "Jumps of HTTP readers to a newer key frame.", "counter",
      readers->n_jumps);
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
