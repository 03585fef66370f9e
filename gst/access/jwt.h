/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verifies JSON Web Tokens (RFC 7519), signed with HS256, RS256 or ES256. Pure.
 */

#pragma once

#include "gst/access/claims.h"
#include "gst/access/jwtkeys.h"

G_BEGIN_DECLS

/* Returns: (nullable): the claims, whatever they say of the time; NULL if no
 * key has signed the token. */
AccessClaims *access_jwt_verify (const AccessJwtKeys *keys, const gchar *token);

G_END_DECLS
