/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Restarts of a decoder: see restart.h. */

#include "gst/isolation/restart.h"

gboolean
restart_note_death (Restart *self, gint64 since_us, gint64 now_us)
{
  if (now_us - since_us >= RESTART_FORGIVEN_US)
    self->n_deaths = 0;
  if (self->n_deaths == RESTART_MAX)
    return FALSE;
  self->retry_us = now_us + (self->first_us << self->n_deaths);
  self->n_deaths++;
  return TRUE;
}

gboolean
restart_is_due (const Restart *self, gint64 now_us)
{
  return self->n_deaths == 0 || now_us >= self->retry_us;
}
