/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The resource of an open session: PATCH, DELETE, GET (draft-ietf-wish-whep).
 * For the HTTP thread. */

#pragma once

#include "ext/whep/http/registry-io.h"
#include "ext/whep/http/sessioncontrols.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The media type of a PATCH about ICE, and of the reply to a restart. */
#define WHEP_SESSION_FRAGMENT "application/trickle-ice-sdpfrag"
/* What a PATCH may contain. */
#define WHEP_SESSION_PATCHES                                                   \
  WHEP_SESSION_FRAGMENT ", " WHEP_SESSION_CONTROLS_TYPE

/* Serves all methods except OPTIONS. */
void whep_session_serve (WhepRegistry *registry, const WhepSession *session,
    SoupServerMessage *message);
/* OPTIONS */
void whep_session_describe (SoupServerMessage *message);

/* Adds the entity tag of the newest ICE session to a reply. */
void whep_session_tag (const WhepSession *session, SoupServerMessage *message);

G_END_DECLS
