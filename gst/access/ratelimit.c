/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How often something may be done: see ratelimit.h. */

#include "gst/rtmp/ratelimit.h"

gboolean
rtmp_ratelimit_take (RtmpRateLimit *self, gint64 now_us)
{
  gint64 each_us = G_USEC_PER_SEC / self->per_second;
  gint64 next_us = MAX (self->debt_until_us, now_us) + each_us;

  if (next_us - now_us > self->burst * each_us)
    return FALSE;
  self->debt_until_us = next_us;
  return TRUE;
}
