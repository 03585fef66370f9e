/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times of sound that is forwarded as it is: each is the previous one plus what
 * that lasted, whatever the publisher's clock says of each. A browser conceals
 * gaps of a fraction of a millisecond, drops overlaps, and enlarges its buffer
 * for what seems to be late. The mean follows the publisher's clock. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is farther from its place is a gap, and begins anew. Less than a frame
 * of 20 ms, so that a frame that is missing is one. */
#define EVEN_STEPS_GAP_NS (15 * G_GINT64_CONSTANT (1000000))
/* The mean distance, about that of the last second, at which times move back to
 * the publisher's: once in 50 s, if the clocks differ by 100 ppm. */
#define EVEN_STEPS_DRIFT_NS (5 * G_GINT64_CONSTANT (1000000))

/* To be embedded; starts zeroed. */
typedef struct
{
  gboolean has_begun;
  gint64 next_ns;
  gint64 mean_ns; /* how much later the publisher's times are */
} EvenSteps;

/* Returns: the time of the next sound, of @duration_ns, that the publisher
 * dates @time_ns. */
gint64 even_steps_map (EvenSteps *self, gint64 time_ns, gint64 duration_ns);

G_END_DECLS
