/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What whepbench has found: see report.h. */

#include "whepbench/report.h"

#include <json-glib/json-glib.h>

/* The quantiles that are reported. */
static const struct
{
  gdouble share;
  const gchar *name;
} shares[] = {
  { 0, "min" },
  { 0.5, "p50" },
  { 0.9, "p90" },
  { 0.99, "p99" },
  { 1, "max" },
};

/* The durations, or rates, that are reported. */
static const struct
{
  gsize offset; /* of the Latencies */
  const gchar *json;
  const gchar *text;
} figures[] = {
  { G_STRUCT_OFFSET (BenchReport, answers), "answer_ms", "answer, ms" },
  { G_STRUCT_OFFSET (BenchReport, packets), "first_packet_ms",
      "first packet, ms" },
  { G_STRUCT_OFFSET (BenchReport, key_frames), "first_key_frame_ms",
      "first key frame, ms" },
  { G_STRUCT_OFFSET (BenchReport, rates), "frames_per_s", "frames a second" },
  { G_STRUCT_OFFSET (BenchReport, gaps), "longest_gap_ms", "longest gap, ms" },
};

static Latencies *
figure (const BenchReport *self, guint index)
{
  return G_STRUCT_MEMBER (Latencies *, self, figures[index].offset);
}

void
bench_report_init (BenchReport *self)
{
  *self = (BenchReport){ .answers = latencies_new (),
    .packets = latencies_new (),
    .key_frames = latencies_new (),
    .gaps = latencies_new (),
    .rates = latencies_new (),
    .faults = tally_new (),
    .breaches = tally_new () };
}

void
bench_report_clear (BenchReport *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    latencies_free (figure (self, i));
  tally_free (self->faults);
  tally_free (self->breaches);
}

gboolean
bench_report_is_good (const BenchReport *self, gboolean is_strict)
{
  if (is_strict && tally_n_entries (self->breaches) > 0)
    return FALSE;
  return self->n_key_frames == self->n_viewers && self->n_failed == 0 &&
      self->counts.n_ended == 0;
}

/* All of it is written by hand, because json-glib writes 17 digits of each
 * fraction. */
static void
add_number (GString *json, const gchar *name, gint64 value)
{
  g_string_append_printf (json, "\"%s\":%" G_GINT64_FORMAT ",", name, value);
}

static void
add_fraction (GString *json, const gchar *name, gdouble value)
{
  gchar digits[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (json, "\"%s\":%s,", name,
      g_ascii_formatd (digits, sizeof (digits), "%.3f", value));
}

static void
add_string (GString *json, const gchar *value)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), value);
  g_autofree gchar *quoted = json_to_string (node, FALSE);

  g_string_append (json, quoted);
}

/* After the last member, in place of its comma. */
static void
end_with (GString *json, const gchar *end)
{
  if (json->str[json->len - 1] == ',')
    g_string_truncate (json, json->len - 1);
  g_string_append (json, end);
}

static void
add_figures (GString *json, const BenchReport *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++) {
    if (latencies_count (figure (self, i)) == 0)
      continue;
    g_string_append_printf (json, "\"%s\":{", figures[i].json);
    for (guint k = 0; k < G_N_ELEMENTS (shares); k++)
      add_fraction (json, shares[k].name,
          latencies_ms (figure (self, i), shares[k].share));
    end_with (json, "},");
  }
}

static void
add_tally (GString *json, const gchar *name, const gchar *text,
    const Tally *tally)
{
  g_string_append_printf (json, "\"%s\":[", name);
  for (guint i = 0; i < tally_n_entries (tally); i++) {
    g_string_append_printf (json, "{\"%s\":", text);
    add_string (json, tally_entry (tally, i)->text);
    g_string_append_c (json, ',');
    add_number (json, "viewers", tally_entry (tally, i)->n);
    end_with (json, "},");
  }
  end_with (json, "],");
}

static void
add_counts (GString *json, const BenchReport *self)
{
  const CrowdCounts *counts = &self->counts;

  add_number (json, "viewers", self->n_viewers);
  add_fraction (json, "joins_per_s", self->rate);
  add_fraction (json, "seconds", self->seconds);
  add_number (json, "answered", self->n_answered);
  add_number (json, "connected", counts->n_connected);
  add_number (json, "playing", counts->n_playing);
  add_number (json, "key_frame", self->n_key_frames);
  add_number (json, "failed", self->n_failed);
  add_number (json, "ended", counts->n_ended);
  add_number (json, "packets", counts->n_packets);
  add_number (json, "bytes", counts->n_bytes);
  add_fraction (json, "mbit_per_s", self->mbit_per_s);
  add_number (json, "frames", self->n_frames);
  add_number (json, "lost", counts->n_lost);
  add_number (json, "choked", counts->n_choked);
  add_number (json, "resends_requested", counts->n_asked);
  add_number (json, "resends_received", counts->n_repaired);
  add_number (json, "rtx_packets", self->n_resent);
}

gchar *
bench_report_to_json (const BenchReport *self)
{
  GString *json = g_string_new ("{\"urls\":[");

  for (guint i = 0; self->urls[i] != NULL; i++) {
    add_string (json, self->urls[i]);
    g_string_append_c (json, ',');
  }
  end_with (json, "],");
  add_counts (json, self);
  add_figures (json, self);
  add_tally (json, "faults", "fault", self->faults);
  add_tally (json, "breaches", "rule", self->breaches);
  end_with (json, "}\n");
  return g_string_free (json, FALSE);
}

static void
write_row (GString *text, const gchar *name, guint64 number, const gchar *note)
{
  g_string_append_printf (text, "%-20s %10" G_GUINT64_FORMAT "%s%s\n", name,
      number, *note != '\0' ? "  " : "", note);
}

static void
write_figures (GString *text, const BenchReport *self)
{
  g_string_append_printf (text, "\n%-20s %10s %10s %10s %10s %10s\n", "", "min",
      "median", "90 %", "99 %", "max");
  for (guint i = 0; i < G_N_ELEMENTS (figures); i++) {
    if (latencies_count (figure (self, i)) == 0)
      continue;
    g_string_append_printf (text, "%-20s", figures[i].text);
    for (guint k = 0; k < G_N_ELEMENTS (shares); k++)
      g_string_append_printf (text, " %10.1f",
          latencies_ms (figure (self, i), shares[k].share));
    g_string_append_c (text, '\n');
  }
}

static void
write_packets (GString *text, const BenchReport *self)
{
  const CrowdCounts *counts = &self->counts;
  g_autofree gchar *rate =
      g_strdup_printf ("%.2f Mbit/s once all had joined", self->mbit_per_s);
  g_autofree gchar *share = g_strdup_printf ("%.3f %%",
      100.0 * counts->n_lost / MAX (counts->n_packets + counts->n_lost, 1));
  g_autofree gchar *resends =
      g_strdup_printf ("%" G_GUINT64_FORMAT " requested, %" G_GUINT64_FORMAT
                       " packets of RTX",
          counts->n_asked, self->n_resent);

  g_string_append_c (text, '\n');
  write_row (text, "packets", counts->n_packets, rate);
  write_row (text, "frames", self->n_frames, "");
  write_row (text, "lost for good", counts->n_lost, share);
  write_row (text, "resent", counts->n_repaired, resends);
  write_row (text, "dropped here", counts->n_choked,
      counts->n_choked > 0 ? "this machine is too slow for so many viewers"
                           : "");
}

static void
write_tally (GString *text, const gchar *title, const Tally *tally)
{
  if (tally_n_entries (tally) == 0)
    return;
  g_string_append_printf (text, "\n%s\n", title);
  for (guint i = 0; i < tally_n_entries (tally); i++)
    g_string_append_printf (text, "%10u  %s\n", tally_entry (tally, i)->n,
        tally_entry (tally, i)->text);
}

gchar *
bench_report_to_text (const BenchReport *self)
{
  GString *text = g_string_new (NULL);
  g_autofree gchar *urls = g_strjoinv (", ", (gchar **) self->urls);

  g_string_append_printf (text, "%u viewers of %s in %.1f s\n\n",
      self->n_viewers, urls, self->seconds);
  write_row (text, "answered", self->n_answered, "");
  write_row (text, "connected", self->counts.n_connected, "at the end");
  write_row (text, "playing", self->counts.n_playing, "");
  write_row (text, "with a key frame", self->n_key_frames, "");
  write_row (text, "failed", self->n_failed, "");
  write_row (text, "ended by the server", self->counts.n_ended, "");
  write_figures (text, self);
  write_packets (text, self);
  write_tally (text, "Viewers that failed, because:", self->faults);
  write_tally (text, "Answers that break a rule:", self->breaches);
  return g_string_free (text, FALSE);
}
