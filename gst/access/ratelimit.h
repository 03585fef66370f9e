/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How often something may be done: some times at once, then so many a second (a
 * token bucket). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* To be embedded. */
typedef struct
{
  guint burst;
  guint per_second;
  gint64 debt_until_us; /* when all of the burst is there again */
} RtmpRateLimit;

/* Returns FALSE if it was done too often of late. */
gboolean rtmp_ratelimit_take (RtmpRateLimit *self, gint64 now_us);

G_END_DECLS
