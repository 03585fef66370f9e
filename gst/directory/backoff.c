/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exponential back-off: see backoff.h. */

#include "gst/directory/backoff.h"

gint64
directory_back_off_next (DirectoryBackOff *self, guint32 random)
{
  gint64 half_us;

  self->wait_us = self->wait_us == 0 ? self->first_us
                                     : MIN (2 * self->wait_us, self->last_us);
  half_us = self->wait_us / 2;
  return half_us + random % (half_us + 1);
}

void
directory_back_off_reset (DirectoryBackOff *self)
{
  self->wait_us = 0;
}
