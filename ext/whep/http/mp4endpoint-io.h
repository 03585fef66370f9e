/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Serves streams as fragmented MP4: GET /live/APP/KEY.mp4. Once the head of a
 * response has been written, its connection leaves the HTTP server for the
 * readers' thread. For the HTTP thread. */

#pragma once

#include "ext/whep/http/connections-io.h"
#include "ext/whep/http/endpoint-io.h"

G_BEGIN_DECLS

typedef struct _WhepMp4Endpoint WhepMp4Endpoint;

/* All of them outlive it. */
WhepMp4Endpoint *whep_mp4_endpoint_new (WhepRegistry *registry,
    WhepAuthorizer *authorizer, WhepEndpoint *viewers);
void whep_mp4_endpoint_free (WhepMp4Endpoint *self);
/* @connections: (nullable): those of the requests; NULL: they are closed. */
void whep_mp4_endpoint_set_connections (WhepMp4Endpoint *self,
    WhepConnections *connections);

/* Serves GET and HEAD. */
void whep_mp4_endpoint_serve (WhepMp4Endpoint *self, SoupServerMessage *message,
    const WhepRoute *route);

G_END_DECLS
