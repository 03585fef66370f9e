/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The desk: answers each HTTP request, or hands it to whom it is for.
 * Everything runs on the HTTP thread. */

#pragma once

#include "ext/whep/http/registry-io.h"
#include "ext/whep/http/server-io.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _WhepRouter WhepRouter;

WhepRouter *whep_router_new (const WhepHttpParams *params, WhepMedia *media,
    const WhepCertificate *certificate, GError **error);
void whep_router_free (WhepRouter *self);
/* Answers who waits; on the HTTP thread, at its end. */
void whep_router_close (WhepRouter *self);

/* To be told of tracks that begin and end, and of viewers that have ended. */
WhepRegistry *whep_router_registry (WhepRouter *self);

/* Takes @ingest, which may be NULL: where the page sends publishers. */
void whep_router_take_ingest (WhepRouter *self, WhepIngest *ingest);

/* The headers of a request are here: refuses at once what may not come. */
void whep_router_check_headers (WhepRouter *self, SoupServerMessage *message);
/* The whole request is here, and was not refused. */
void whep_router_serve (WhepRouter *self, SoupServerMessage *message);

G_END_DECLS
