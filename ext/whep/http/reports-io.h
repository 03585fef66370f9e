/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the server reports about itself: the list of streams, their viewers, the
 * metrics, where to publish. Names no stream to a request that may not watch
 * it. For the HTTP thread. */

#pragma once

#include "ext/whep/http/authorizer-io.h"
#include "ext/whep/http/ingest.h"
#include "ext/whep/http/offercounts.h"
#include "ext/whep/http/registry-io.h"
#include "gst/journal/journal-io.h"

G_BEGIN_DECLS

typedef struct _WhepReports WhepReports;

/* All must outlive it; @authorizer must be closed before it is freed. @journal:
 * (nullable): that of the pipeline. */
WhepReports *whep_reports_new (WhepRegistry *registry,
    WhepAuthorizer *authorizer, const WhepOfferCounts *offers,
    Journal *journal);
void whep_reports_free (WhepReports *self);

/* Takes @ingest, which may be NULL: where and how to publish. */
void whep_reports_take_ingest (WhepReports *self, WhepIngest *ingest);

/* Those streams that the request may watch, as JSON or, if it accepts that, as
 * server-sent events. */
void whep_reports_serve_streams (WhepReports *self, SoupServerMessage *message);
/* The viewers of the route's stream. */
void whep_reports_serve_viewers (WhepReports *self, SoupServerMessage *message,
    const WhepRoute *route);
/* For administrators or, without a file of their tokens, for requests that may
 * watch every stream. */
void whep_reports_serve_metrics (WhepReports *self, SoupServerMessage *message);
void whep_reports_serve_ingest (const WhepReports *self,
    SoupServerMessage *message);

/* The journal's events, as server-sent events. */
void whep_reports_serve_journal (WhepReports *self, SoupServerMessage *message);
/* An event has been appended to the journal. */
void whep_reports_update_journal (WhepReports *self);

G_END_DECLS
