/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* STUN and TURN servers for players, as values of Link headers
 * (draft-ietf-wish-whep, rel="ice-server"). Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A browser tries each of them, so there should be few. */
#define WHEP_ICESERVERS_MAX 8

/* @list: (nullable): URIs, separated by commas or blanks: `stun://HOST:PORT`,
 * `turn://USER:PASSWORD@HOST:PORT`, `turns://…`, as in webrtcbin. Characters
 * that a URI cannot contain are percent-encoded.
 *
 * Returns: (nullable) (transfer full): a value for Link per server, or NULL if
 * one is not valid, which @error identifies without its password. */
GStrv whep_iceservers_links (const gchar *list, GError **error);

G_END_DECLS
