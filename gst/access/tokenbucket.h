/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How often something may be done: some times at once, then once in so long (a
 * token bucket). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* To be embedded, with the first two set. */
typedef struct
{
  guint burst;
  gint64 token_us;
  gint64 full_us; /* when all of the burst is there again */
} AccessTokenBucket;

/* Returns FALSE if it was done too often of late. */
gboolean access_token_bucket_take (AccessTokenBucket *self, gint64 now_us);

G_END_DECLS
