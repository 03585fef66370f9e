/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a pull is tried again: see pullretry.h. */

#include "gst/live/pullretry.h"

gint64
pull_retry_next (PullRetry *self, gint64 data_us, guint32 random)
{
  self->has_had_data |= data_us > 0;
  if (data_us >= PULL_RETRY_STEADY_US)
    directory_back_off_reset (&self->wait);
  self->wait.first_us =
      self->has_had_data ? PULL_RETRY_FIRST_US : PULL_RETRY_LAST_US;
  self->wait.last_us = PULL_RETRY_LAST_US;
  return directory_back_off_next (&self->wait, random);
}
