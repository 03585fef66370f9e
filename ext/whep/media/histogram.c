/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long something took, many times over: see histogram.h. */

#include "ext/whep/media/histogram.h"

static const gint64 BOUNDS_US[WHEP_HISTOGRAM_BOUNDS] = { 50, 100, 200, 500,
  1000, 2000, 5000, 10 * 1000, 20 * 1000, 50 * 1000, 100 * 1000, 200 * 1000,
  500 * 1000, 1000 * 1000, 2000 * 1000, 5000 * 1000, 10 * 1000 * 1000 };

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

gint64
whep_histogram_bound_us (guint step)
{
  g_assert (step < WHEP_HISTOGRAM_BOUNDS);
  return BOUNDS_US[step];
}
