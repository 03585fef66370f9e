/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When viewers are asked to leave: see departures.h. */

#include "ext/whep/http/departures.h"

/* By then, a load balancer that asks for /healthz every second knows. */
#define HEAD_START(window_us) ((window_us) / 20)
/* What the last viewer needs to find another server, even if it has to try
 * twice. */
#define TAIL(window_us) ((window_us) / 12)

void
whep_departures_plan (WhepDepartures *self, guint n_viewers, gint64 now_us,
    gint64 deadline_us)
{
  gint64 window_us = CLAMP (deadline_us - now_us, 0, WHEP_DEPARTURES_WINDOW_US);

  self->n_viewers = n_viewers;
  self->first_us = deadline_us - window_us + HEAD_START (window_us);
  self->last_us = deadline_us - TAIL (window_us);
}

guint
whep_departures_due (const WhepDepartures *self, gint64 now_us)
{
  if (self->n_viewers == 0 || now_us < self->first_us)
    return 0;
  if (now_us >= self->last_us)
    return self->n_viewers;
  return 1 +
      (now_us - self->first_us) * (self->n_viewers - 1) /
      (self->last_us - self->first_us);
}
