/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The desk: answers each HTTP request, or hands it to whom it is for.
 * Everything runs on the HTTP thread. */

#pragma once

#include "ext/whep/http/hall-io.h"
#include "ext/whep/http/http-io.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _WhepDesk WhepDesk;

WhepDesk *whep_desk_new (const WhepHttpParams *params, WhepMedia *media,
    const WhepCertificate *certificate, GError **error);
void whep_desk_free (WhepDesk *self);
/* Answers who waits; on the HTTP thread, at its end. */
void whep_desk_close (WhepDesk *self);

/* To be told of tracks that begin and end, and of viewers that have ended. */
WhepHall *whep_desk_hall (WhepDesk *self);

/* Takes @ingest, which may be NULL: where the page sends publishers. */
void whep_desk_take_ingest (WhepDesk *self, WhepIngest *ingest);

/* The headers of a request are here: refuses at once what may not come. */
void whep_desk_greet (WhepDesk *self, SoupServerMessage *message);
/* The whole request is here, and was not refused. */
void whep_desk_serve (WhepDesk *self, SoupServerMessage *message);

G_END_DECLS
