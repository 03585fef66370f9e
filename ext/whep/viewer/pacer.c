/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paces one viewer's video: see pacer.h. */

#include "ext/whep/viewer/pacer.h"

#define US_PER_FRAME (G_USEC_PER_SEC / WHEP_PACER_FRAMES_PER_S)
#define BURST_FRAMES_US (WHEP_PACER_BURST_FRAMES * US_PER_FRAME)
/* After this long both buckets are full, whatever they owed: at most one
 * datagram and one frame. */
#define FULL_AFTER_US (100 * 1000)

void
whep_pacer_init (WhepPacer *self, gint64 now_us)
{
  self->bytes = WHEP_PACER_BURST_BYTES;
  self->frames_us = BURST_FRAMES_US;
  self->updated_us = now_us;
  self->bytes_per_ms = WHEP_PACER_BYTES_PER_MS;
}

gboolean
whep_pacer_may_send (WhepPacer *self, gboolean is_live, gint64 now_us)
{
  gint64 passed_us = CLAMP (now_us - self->updated_us, 0, FULL_AFTER_US);

  self->bytes_per_ms =
      is_live ? WHEP_PACER_LIVE_BYTES_PER_MS : WHEP_PACER_BYTES_PER_MS;
  self->bytes = MIN (self->bytes + passed_us * self->bytes_per_ms / 1000,
      WHEP_PACER_BURST_BYTES);
  self->frames_us = MIN (self->frames_us + passed_us, BURST_FRAMES_US);
  self->updated_us = now_us;
  return self->bytes > 0 && self->frames_us > 0;
}

void
whep_pacer_sent (WhepPacer *self, gsize size, gboolean starts_frame)
{
  self->bytes -= size;
  if (starts_frame)
    self->frames_us -= US_PER_FRAME;
}

gint64
whep_pacer_deadline_us (const WhepPacer *self)
{
  gint64 wait_us = WHEP_PACER_TICK_US;

  if (self->bytes <= 0)
    wait_us = MAX (wait_us, (1 - self->bytes) * 1000 / self->bytes_per_ms + 1);
  if (self->frames_us <= 0)
    wait_us = MAX (wait_us, 1 - self->frames_us);
  return self->updated_us + wait_us;
}
