/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What media threads have counted: see gstwhepstats.h. */

#include "ext/whep/gstwhepstats.h"

static GstClockTime
percentile (const WhepHistogram *histogram, guint percent)
{
  gint64 bound_us = whep_histogram_percentile_us (histogram, percent);

  return bound_us == G_MAXINT64 ? GST_CLOCK_TIME_NONE : bound_us * GST_USECOND;
}

static void
add_stage (GstStructure *stats, const gchar *name,
    const WhepHistogram *histogram)
{
  GstStructure *stage = gst_structure_new (name, "count", G_TYPE_UINT64,
      whep_histogram_count (histogram), "sum", G_TYPE_UINT64,
      histogram->sum_us * GST_USECOND, "p50", G_TYPE_UINT64,
      percentile (histogram, 50), "p99", G_TYPE_UINT64,
      percentile (histogram, 99), NULL);

  gst_structure_set (stats, name, GST_TYPE_STRUCTURE, stage, NULL);
  gst_structure_free (stage);
}

static GstStructure *
viewer_stats_new (const WhepMediaStatsViewer *viewer)
{
  const WhepViewerStats *stats = &viewer->stats;

  return gst_structure_new ("viewer", "ufrag", G_TYPE_STRING, viewer->ufrag,
      "packets", G_TYPE_UINT64, stats->n_packets, "bytes", G_TYPE_UINT64,
      stats->n_bytes, "retransmitted", G_TYPE_UINT64, stats->n_retransmitted,
      "nacked", G_TYPE_UINT64, stats->n_nacks, "key-frame-requests",
      G_TYPE_UINT64, stats->n_plis, "jumps", G_TYPE_UINT64, stats->n_jumps,
      "thinning", G_TYPE_STRING, whep_thinning_level_name (stats->thinning),
      "thinned", G_TYPE_UINT64, stats->n_thinned, "fraction-lost",
      G_TYPE_DOUBLE, stats->fraction_lost / 256.0, "round-trip", G_TYPE_UINT64,
      (guint64) (stats->round_trip_us * GST_USECOND), NULL);
}

static void
add_viewers (GstStructure *stats, const WhepMediaStats *media_stats)
{
  GValue list = G_VALUE_INIT;

  gst_value_list_init (&list, media_stats->viewers->len);
  for (guint i = 0; i < media_stats->viewers->len; i++) {
    GValue item = G_VALUE_INIT;

    g_value_init (&item, GST_TYPE_STRUCTURE);
    g_value_take_boxed (&item,
        viewer_stats_new (
            &g_array_index (media_stats->viewers, WhepMediaStatsViewer, i)));
    gst_value_list_append_and_take_value (&list, &item);
  }
  gst_structure_take_value (stats, "viewers", &list);
}

GstStructure *
gst_whep_stats_new (const WhepMediaStats *media_stats)
{
  WhepMediaStatsSums total = whep_media_stats_total (media_stats);
  GstStructure *stats = gst_structure_new ("stats", "packets", G_TYPE_UINT64,
      total.n_packets, "bytes", G_TYPE_UINT64, total.n_bytes, "retransmitted",
      G_TYPE_UINT64, total.n_retransmitted, "nacked", G_TYPE_UINT64,
      total.n_nacks, "key-frame-requests", G_TYPE_UINT64, total.n_plis, "jumps",
      G_TYPE_UINT64, total.n_jumps, "thinned", G_TYPE_UINT64, total.n_thinned,
      NULL);

  add_stage (stats, "log", &media_stats->stages[WHEP_STAGE_LOG]);
  add_stage (stats, "socket", &media_stats->stages[WHEP_STAGE_SOCKET]);
  add_viewers (stats, media_stats);
  return stats;
}
