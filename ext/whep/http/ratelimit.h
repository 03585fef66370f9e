/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Limits how often a client may do something costly: a token bucket per client.
 * Remembers a limited number of addresses; the least recently used one is
 * replaced. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A large audience behind one NAT or proxy may arrive at the same time. */
#define WHEP_RATE_LIMIT_BURST 1000
/* The rate per second after that: a session costs about a millisecond. */
#define WHEP_RATE_LIMIT_RATE 100
#define WHEP_RATE_LIMIT_TOKEN_US (G_USEC_PER_SEC / WHEP_RATE_LIMIT_RATE)
/* The number of addresses that are remembered. One that has been forgotten
 * starts with a full bucket. */
#define WHEP_RATE_LIMIT_MAX_ADDRESSES 1024

typedef struct _WhepRateLimit WhepRateLimit;

/* Allows @burst requests at once, and after that one per @token_us. */
WhepRateLimit *whep_rate_limit_new (guint burst, gint64 token_us);
void whep_rate_limit_free (WhepRateLimit *self);
guint whep_rate_limit_count (const WhepRateLimit *self);

/* Takes a token of @address. Returns FALSE if it is over its limit. */
gboolean whep_rate_limit_take (WhepRateLimit *self, const gchar *address,
    gint64 now_us);
/* Whether @address is below its limit; takes no token. */
gboolean whep_rate_limit_has_token (const WhepRateLimit *self,
    const gchar *address, gint64 now_us);

G_END_DECLS
