/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Serves each HTTP request, or passes it to the part that does. Everything runs
 * on the HTTP thread. */

#pragma once

#include "ext/whep/http/apiendpoint-io.h"
#include "ext/whep/http/connections-io.h"
#include "ext/whep/http/registry-io.h"
#include "ext/whep/http/server-io.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

WhepRouter *whep_router_new (const WhepHttpParams *params, WhepMedia *media,
    WhepReaders *readers, const WhepCertificate *certificate, GError **error);
void whep_router_free (WhepRouter *self);
/* Answers pending requests. To be called on the HTTP thread, before it ends. */
void whep_router_close (WhepRouter *self);

/* @connections: (nullable): those of the requests, until it is called with
 * NULL. */
void whep_router_set_connections (WhepRouter *self,
    WhepConnections *connections);

/* Must be notified of tracks that begin and end, and of viewers that have
 * ended. */
WhepRegistry *whep_router_registry (WhepRouter *self);

WhepApiEndpoint *whep_router_api (WhepRouter *self);
void whep_router_set_limits (WhepRouter *self, const WhepViewerLimits *limits);

/* Takes @ingest, which may be NULL: where and how to publish. */
void whep_router_take_ingest (WhepRouter *self, WhepIngest *ingest);

/* An event has been appended to the journal. */
void whep_router_update_journal (WhepRouter *self);

/* The headers of a request have arrived: rejects early what is not
 * acceptable. */
void whep_router_check_headers (WhepRouter *self, SoupServerMessage *message);
/* The whole request has arrived, and has not been rejected. */
void whep_router_serve (WhepRouter *self, SoupServerMessage *message);

G_END_DECLS
