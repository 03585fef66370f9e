/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long something took, many times over: counts by upper bounds, as
 * Prometheus' histograms have them. Pure; zeroes are an empty one. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From 50 µs to 10 s in steps of 1, 2 and 5, and what took longer: from a hop
 * within the process to a join over a bad network. */
#define WHEP_HISTOGRAM_BOUNDS 17

typedef struct
{
  guint64 counts[WHEP_HISTOGRAM_BOUNDS + 1]; /* of each step by itself */
  guint64 sum_us;
} WhepHistogram;

void whep_histogram_add (WhepHistogram *self, gint64 duration_us);
/* Adds what @other has counted. */
void whep_histogram_merge (WhepHistogram *self, const WhepHistogram *other);

guint64 whep_histogram_count (const WhepHistogram *self);
/* Returns: the bound, in µs, that @percent of all values do not exceed;
 * G_MAXINT64 if it is beyond the last bound, 0 for an empty histogram. */
gint64 whep_histogram_percentile_us (const WhepHistogram *self, guint percent);

/* Returns: the upper bound in µs of a step below WHEP_HISTOGRAM_BOUNDS. */
gint64 whep_histogram_bound_us (guint step);

G_END_DECLS
