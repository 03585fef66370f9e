/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long something took, many times over: see histogram.h. */

#include "ext/whep/media/histogram.h"

static const gint64 BOUNDS_US[WHEP_HISTOGRAM_BOUNDS] = { 50, 100, 200, 500,
  1000, 2000, 5000, 10 * 1000, 20 * 1000, 50 * 1000, 100 * 1000, 200 * 1000,
  500 * 1000, 1000 * 1000 };

void
whep_histogram_add (WhepHistogram *self, gint64 duration_us)
{
  guint step = 0;

  while (step < WHEP_HISTOGRAM_BOUNDS && duration_us > BOUNDS_US[step])
    step++;
  self->counts[step]++;
  self->sum_us += MAX (duration_us, 0);
}

void
whep_histogram_merge (WhepHistogram *self, const WhepHistogram *other)
{
  for (guint i = 0; i <= WHEP_HISTOGRAM_BOUNDS; i++)
    self->counts[i] += other->counts[i];
  self->sum_us += other->sum_us;
}

guint64
whep_histogram_count (const WhepHistogram *self)
{
  guint64 count = 0;

  for (guint i = 0; i <= WHEP_HISTOGRAM_BOUNDS; i++)
    count += self->counts[i];
  return count;
}

gint64
whep_histogram_percentile_us (const WhepHistogram *self, guint percent)
{
  guint64 count = whep_histogram_count (self);
  guint64 within = 0;

  if (count == 0)
    return 0;
  for (guint i = 0; i < WHEP_HISTOGRAM_BOUNDS; i++) {
    within += self->counts[i];
    if (100 * within >= percent * count)
      return BOUNDS_US[i];
  }
  return G_MAXINT64;
}

/* Each bucket counts all that is within its bound, the last one everything. */
void
whep_histogram_append (const WhepHistogram *self, const gchar *name,
    const gchar *labels, GString *text)
{
  guint64 within = 0;

  for (guint i = 0; i < WHEP_HISTOGRAM_BOUNDS; i++) {
    gchar bound[G_ASCII_DTOSTR_BUF_SIZE];

    within += self->counts[i];
    g_ascii_formatd (bound, sizeof (bound), "%g", BOUNDS_US[i] / 1e6);
    g_string_append_printf (text,
        "%s_bucket{%s,le=\"%s\"} %" G_GUINT64_FORMAT "\n", name, labels, bound,
        within);
  }
  within += self->counts[WHEP_HISTOGRAM_BOUNDS];
  g_string_append_printf (text,
      "%s_bucket{%s,le=\"+Inf\"} %" G_GUINT64_FORMAT "\n", name, labels,
      within);
  g_string_append_printf (text,
      "%s_sum{%s} %" G_GUINT64_FORMAT ".%06" G_GUINT64_FORMAT "\n", name,
      labels, self->sum_us / G_USEC_PER_SEC, self->sum_us % G_USEC_PER_SEC);
  g_string_append_printf (text, "%s_count{%s} %" G_GUINT64_FORMAT "\n", name,
      labels, within);
}
