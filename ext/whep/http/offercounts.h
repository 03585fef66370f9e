/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counts offers by their result. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The result of an offer that got an answer. */
#define WHEP_OFFER_ANSWERED "answered"
/* Of one for which there may be room elsewhere. */
#define WHEP_OFFER_REDIRECTED "redirected"

typedef struct _WhepOfferCounts WhepOfferCounts;

WhepOfferCounts *whep_offer_counts_new (void);
void whep_offer_counts_free (WhepOfferCounts *self);

/* @result: one of the above, or the type of a WhepProblem; static, of which
 * there are few. */
void whep_offer_counts_add (WhepOfferCounts *self, const gchar *result);
guint64 whep_offer_counts_get (const WhepOfferCounts *self,
    const gchar *result);

/* Returns: (transfer container): all results that have been counted, sorted. */
GList *whep_offer_counts_results (const WhepOfferCounts *self);

G_END_DECLS
