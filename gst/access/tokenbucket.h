/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Limits how often something may be done: a number of times in a burst, then
 * once per interval (a token bucket). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* To be embedded, with the first two fields set. */
typedef struct
{
  guint burst;
  gint64 token_us;
  gint64 full_us; /* when the whole burst is available again */
} AccessTokenBucket;

/* Takes a token. Returns FALSE if none is left. */
gboolean access_token_bucket_take (AccessTokenBucket *self, gint64 now_us);
/* Returns whether access_token_bucket_take() would return TRUE now. */
gboolean access_token_bucket_has_token (const AccessTokenBucket *self,
    gint64 now_us);

G_END_DECLS
