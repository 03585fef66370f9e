/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The WHEP endpoint of all streams: creates an answer, a viewer and a session
 * from an offer. For the HTTP thread. */

#pragma once

#include "ext/whep/http/registry-io.h"
#include "ext/whep/http/server-io.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The media type of offers and answers. */
#define WHEP_ENDPOINT_SDP "application/sdp"

typedef struct _WhepEndpoint WhepEndpoint;

/* @registry and @authorizer must outlive it; the latter must be closed before
 * it is freed. */
WhepEndpoint *whep_endpoint_new (const WhepHttpParams *params,
    WhepRegistry *registry, WhepAuthorizer *authorizer,
    const WhepCertificate *certificate, GError **error);
void whep_endpoint_free (WhepEndpoint *self);

/* For viewers that come from now on. */
void whep_endpoint_set_limits (WhepEndpoint *self,
    const WhepViewerLimits *limits);

/* Whether max_viewers are watching. */
gboolean whep_endpoint_is_full (const WhepEndpoint *self);

/* Serves all methods except OPTIONS. */
void whep_endpoint_serve (WhepEndpoint *self, SoupServerMessage *message,
    const WhepRoute *route);
/* Replies and returns FALSE unless there is room for an HTTP reader of @stream:
 * readers count as viewers, but no viewer gives way to one. */
gboolean whep_endpoint_check_reader (WhepEndpoint *self,
    SoupServerMessage *message, const gchar *stream);
/* OPTIONS */
void whep_endpoint_describe (SoupServerMessage *message);

G_END_DECLS
