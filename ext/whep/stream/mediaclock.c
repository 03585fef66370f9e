/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Maps media time to the monotonic clock: see mediaclock.h. */

#include "ext/whep/stream/mediaclock.h"

gint64
whep_media_clock_map (WhepMediaClock *self, gint64 due_us, gint64 now_us)
{
  gint64 former_us = due_us + self->former_shift_us;
  gint64 media_us = due_us + self->shift_us;

  if (ABS (now_us - former_us) <= WHEP_MEDIA_CLOCK_RETURN_US) {
    self->shift_us = self->former_shift_us;
    return former_us;
  }
  if (ABS (now_us - media_us) <= WHEP_MEDIA_CLOCK_MAX_US)
    return media_us;
  self->former_shift_us = self->shift_us;
  self->shift_us = now_us - due_us;
  return now_us;
}
