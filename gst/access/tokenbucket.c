/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Limits how often something may be done: see tokenbucket.h. */

#include "gst/access/tokenbucket.h"

/* Returns: when the bucket is full again if a token is taken now. */
static gint64
full_after (const AccessTokenBucket *self, gint64 now_us)
{
  return MAX (self->full_us, now_us) + self->token_us;
}

gboolean
access_token_bucket_has_token (const AccessTokenBucket *self, gint64 now_us)
{
  return full_after (self, now_us) - now_us <= self->burst * self->token_us;
}

gboolean
access_token_bucket_take (AccessTokenBucket *self, gint64 now_us)
{
  if (!access_token_bucket_has_token (self, now_us))
    return FALSE;
  self->full_us = full_after (self, now_us);
  return TRUE;
}
