/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How often something may be done: see tokenbucket.h. */

#include "gst/access/tokenbucket.h"

gboolean
access_token_bucket_take (AccessTokenBucket *self, gint64 now_us)
{
  gint64 full_us = MAX (self->full_us, now_us) + self->token_us;

  if (full_us - now_us > self->burst * self->token_us)
    return FALSE;
  self->full_us = full_us;
  return TRUE;
}
