/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* STUN and TURN servers that players are told of, as Link headers have them
 * (draft-ietf-wish-whep, rel="ice-server"). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A browser tries each of them: a few are many. */
#define WHEP_ICESERVERS_MAX 8

/* @list: (nullable): URIs, separated by commas or blanks: `stun://HOST:PORT`,
 * `turn://USER:PASSWORD@HOST:PORT`, `turns://…`, as webrtcbin has them. What a
 * URI can't hold is percent-encoded.
 *
 * Returns: (nullable) (transfer full): a value of Link for each, or NULL if one
 * of them is none, which @error names without its password. */
GStrv whep_iceservers_links (const gchar *list, GError **error);

G_END_DECLS
