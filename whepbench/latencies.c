/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Measured durations: see latencies.h. */

#include "whepbench/latencies.h"

struct _Latencies
{
  GArray *all; /* of gint64, in µs */
  gboolean is_sorted;
};

Latencies *
latencies_new (void)
{
  Latencies *self = g_new0 (Latencies, 1);

  self->all = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

void
latencies_free (Latencies *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->all);
  g_free (self);
}

void
latencies_add (Latencies *self, gint64 us)
{
  g_array_append_val (self->all, us);
  self->is_sorted = FALSE;
}

void
latencies_forget (Latencies *self)
{
  g_array_set_size (self->all, 0);
}

guint
latencies_count (const Latencies *self)
{
  return self->all->len;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

gdouble
latencies_ms (Latencies *self, gdouble share)
{
  guint last;

  if (self->all->len == 0)
    return 0;
  if (!self->is_sorted)
    g_array_sort (self->all, compare);
  self->is_sorted = TRUE;
  last = (self->all->len - 1) * share;
  return g_array_index (self->all, gint64, last) / 1e3;
}
