/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times of sound that is forwarded as it is: see evensteps.h. */

#include "gst/live/evensteps.h"

/* Of the mean: of each new distance, one part. */
#define MEAN_PARTS 32

gint64
even_steps_map (EvenSteps *self, gint64 time_ns, gint64 duration_ns)
{
  gint64 off_ns = time_ns - self->next_ns;
  gint64 mapped_ns;

  if (!self->has_begun || ABS (off_ns) > EVEN_STEPS_GAP_NS) {
    self->next_ns = time_ns;
    self->mean_ns = 0;
    self->has_begun = TRUE;
  } else {
    self->mean_ns += (off_ns - self->mean_ns) / MEAN_PARTS;
  }
  if (ABS (self->mean_ns) > EVEN_STEPS_DRIFT_NS) {
    self->next_ns += self->mean_ns;
    self->mean_ns = 0;
  }
  mapped_ns = self->next_ns;
  self->next_ns += duration_ns;
  return mapped_ns;
}
