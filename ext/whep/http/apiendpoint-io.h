/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The routes below /api/v1: what goes on, and what an administrator can do
 * about it. docs/api.md and openapi.json describe them. For the HTTP thread. */

#pragma once

#include "ext/whep/http/authorizer-io.h"
#include "ext/whep/http/controls.h"
#include "ext/whep/http/registry-io.h"

G_BEGIN_DECLS

/* What a viewer or publisher is shown unless somebody gives another reason. */
#define WHEP_API_REASON "disconnected by the operator"

typedef struct _WhepApiEndpoint WhepApiEndpoint;

/* All must outlive it; @authorizer must be closed before it is freed. */
WhepApiEndpoint *whep_api_endpoint_new (WhepRegistry *registry,
    WhepAuthorizer *authorizer, const WhepControls *controls);
void whep_api_endpoint_free (WhepApiEndpoint *self);

/* Whether there is such a route: those of administrators need a file of their
 * tokens. */
gboolean whep_api_endpoint_has (const WhepApiEndpoint *self,
    WhepRouteKind kind);
/* Returns whether the request's body is to be JSON. */
gboolean whep_api_endpoint_wants_json (SoupServerMessage *message,
    WhepRouteKind kind);
/* Serves all methods of a route that there is. */
void whep_api_endpoint_serve (WhepApiEndpoint *self,
    SoupServerMessage *message);

/* The same without a request. */

/* HTTP readers are not told the reason. */
gboolean whep_api_endpoint_disconnect_viewer (WhepApiEndpoint *self,
    const gchar *id, const gchar *reason);
/* @after_us: from now; negative: admits viewers again. */
void whep_api_endpoint_drain (WhepApiEndpoint *self, gint64 after_us);
/* Returns: (transfer full): what an administrator gets. */
gchar *whep_api_endpoint_dup_streams (WhepApiEndpoint *self);
/* @stream: (nullable): NULL for the viewers of all. */
gchar *whep_api_endpoint_dup_viewers (WhepApiEndpoint *self,
    const gchar *stream);

G_END_DECLS
