/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which pages of other origins may read replies (CORS, the Fetch standard).
 * Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The maximum number of origins in the setting. */
#define WHEP_CORS_MAX_ORIGINS 64

typedef struct _WhepCors WhepCors;

/* @origins: (nullable): separated by commas, each "https://host" or
 * "https://host:port", or "*" for any origin. NULL or "": any origin for what
 * players on other sites need, none for the rest. */
WhepCors *whep_cors_new (const gchar *origins, GError **error);
void whep_cors_free (WhepCors *self);

/* The value of Access-Control-Allow-Origin for a request from a page of @origin
 * (nullable: the request names none). @is_for_players: whether players on other
 * sites need the resource.
 *
 * Returns: (nullable): valid as long as the two; NULL: no such header. */
const gchar *whep_cors_allow (const WhepCors *self, const gchar *origin,
    gboolean is_for_players);
/* Whether the reply depends on the origin, and must say so in Vary. */
gboolean whep_cors_varies (const WhepCors *self);

G_END_DECLS
