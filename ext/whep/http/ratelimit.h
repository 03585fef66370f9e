/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How often one client may do something that costs: a bucket of tokens for
 * each. Holds a few addresses; the one that was quiet for longest makes
 * room. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A hall full of viewers behind one NAT or proxy may come at once. */
#define WHEP_RATE_LIMIT_BURST 1000
/* After that, so many a second: a session costs about a millisecond. */
#define WHEP_RATE_LIMIT_RATE 100
#define WHEP_RATE_LIMIT_TOKEN_US (G_USEC_PER_SEC / WHEP_RATE_LIMIT_RATE)
/* Addresses that are remembered. One that comes again after it was forgotten
 * has a full bucket. */
#define WHEP_RATE_LIMIT_MAX_ADDRESSES 1024

typedef struct _WhepRateLimit WhepRateLimit;

/* @burst times at once, and after that once in @token_us. */
WhepRateLimit *whep_rate_limit_new (guint burst, gint64 token_us);
void whep_rate_limit_free (WhepRateLimit *self);
guint whep_rate_limit_count (const WhepRateLimit *self);

/* Whether @address may ask once more. */
gboolean whep_rate_limit_take (WhepRateLimit *self, const gchar *address,
    gint64 now_us);

G_END_DECLS
