/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The counters of the media threads: see gstwhepstats.h. */

#include "ext/whep/gstwhepstats.h"

static GstClockTime
percentile (const WhepHistogram *histogram, guint percent)
{
  gint64 bound_us = whep_histogram_percentile_us (histogram, percent);

  return bound_us == G_MAXINT64 ? GST_CLOCK_TIME_NONE : bound_us * GST_USECOND;
}

static void
add_histogram (GstStructure *stats, const gchar *name,
    const WhepHistogram *histogram)
{
  GstStructure *field = gst_structure_new (name, "count", G_TYPE_UINT64,
      whep_histogram_count (histogram), "sum", G_TYPE_UINT64,
      histogram->sum_us * GST_USECOND, "p50", G_TYPE_UINT64,
      percentile (histogram, 50), "p99", G_TYPE_UINT64,
      percentile (histogram, 99), NULL);

  gst_structure_set (stats, name, GST_TYPE_STRUCTURE, field, NULL);
  gst_structure_free (field);
}

static void
add_figure (GstStructure *structure, const WhepFigure *figure,
    const WhepViewerStats *stats)
{
  switch (figure->kind) {
    case WHEP_FIGURE_COUNTER:
      gst_structure_set (structure, figure->name, G_TYPE_UINT64,
          G_STRUCT_MEMBER (guint64, stats, figure->offset), NULL);
      return;
    case WHEP_FIGURE_THINNING:
      gst_structure_set (structure, figure->name, G_TYPE_STRING,
          whep_thinning_level_name (
              G_STRUCT_MEMBER (WhepThinningLevel, stats, figure->offset)),
          NULL);
      return;
    case WHEP_FIGURE_FRAMES:
      gst_structure_set (structure, figure->name, G_TYPE_STRING,
          whep_frames_name (
              G_STRUCT_MEMBER (WhepFrames, stats, figure->offset)),
          NULL);
      return;
    case WHEP_FIGURE_SOUND:
      gst_structure_set (structure, figure->name, G_TYPE_BOOLEAN,
          G_STRUCT_MEMBER (gboolean, stats, figure->offset), NULL);
      return;
  }
}

static GstStructure *
viewer_stats_new (const WhepMediaStatsViewer *viewer)
{
  const WhepViewerStats *stats = &viewer->stats;
  GstStructure *structure =
      gst_structure_new ("viewer", "ufrag", G_TYPE_STRING, viewer->ufrag, NULL);

  for (const WhepFigure *figure = whep_media_stats_figures ();
       figure->name != NULL; figure++)
    add_figure (structure, figure, stats);
  gst_structure_set (structure, "fraction-lost", G_TYPE_DOUBLE,
      stats->fraction_lost / 256.0, "round-trip", G_TYPE_UINT64,
      (guint64) (stats->round_trip_us * GST_USECOND), NULL);
  return structure;
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
  WhepViewerStats total = whep_media_stats_total (media_stats);
  GstStructure *stats = gst_structure_new_empty ("stats");

  for (const WhepFigure *figure = whep_media_stats_figures ();
       figure->name != NULL; figure++)
    if (figure->kind == WHEP_FIGURE_COUNTER)
      add_figure (stats, figure, &total);
  for (guint i = 0; i < WHEP_N_STAGES; i++)
    add_histogram (stats, whep_media_stats_stage_name (i),
        &media_stats->stages[i]);
  add_histogram (stats, "join", &media_stats->joins);
  add_viewers (stats, media_stats);
  return stats;
}

/* They are a copy, so converting them does not delay the threads that take the
 * element's lock for each packet. */
GstStructure *
gst_whep_stats_of (GstElement *sink, WhepMedia *const *media)
{
  WhepMediaStats media_stats;
  GstStructure *stats;
  gboolean is_running;

  GST_OBJECT_LOCK (sink);
  is_running = *media != NULL;
  if (is_running)
    whep_media_stats (*media, &media_stats);
  GST_OBJECT_UNLOCK (sink);

  if (!is_running)
    return NULL;
  stats = gst_whep_stats_new (&media_stats);
  whep_media_stats_clear (&media_stats);
  return stats;
}
