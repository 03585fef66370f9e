/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The desk: answers each HTTP request, lets viewers in, knows who is live and
 * who watches. Everything runs on the HTTP thread. */

#pragma once

#include "ext/whep/net/directory.h"
#include "ext/whep/net/http-io.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _WhepDesk WhepDesk;

WhepDesk *whep_desk_new (const WhepHttpParams *params, WhepMedia *media,
    const WhepCertificate *certificate, GError **error);
void whep_desk_free (WhepDesk *self);

/* To be told when tracks begin and end. Owned by the desk. */
WhepDirectory *whep_desk_directory (WhepDesk *self);

/* The headers of a request are here: refuses at once what may not come. */
void whep_desk_greet (WhepDesk *self, SoupServerMessage *message);
/* The whole request is here, and was not refused. */
void whep_desk_serve (WhepDesk *self, SoupServerMessage *message);

/* A viewer has ended; unknown ones are ignored. */
void whep_desk_viewer_left (WhepDesk *self, const gchar *ufrag,
    const gchar *why);

G_END_DECLS
