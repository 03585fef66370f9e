/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a track's packets were due: see anchor.h. */

#include "ext/whep/stream/anchor.h"

gint64
whep_anchor_map (WhepAnchor *self, gint64 due_us, gint64 now_us)
{
  gint64 media_us = due_us + self->shift_us;

  if (ABS (now_us - media_us) <= WHEP_ANCHOR_MAX_US)
    return media_us;
  self->shift_us = now_us - due_us;
  return now_us;
}
