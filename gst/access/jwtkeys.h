/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys that JSON Web Tokens are verified with: a JWK or a JWK set (RFC
 * 7517), one or more public keys in PEM, or a shared secret, which is one
 * word. Each key is for one algorithm, which follows from its type: HS256 for
 * secrets, RS256 for RSA, ES256 for P-256. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The maximum size of a text. */
#define ACCESS_JWTKEYS_MAX_BYTES (64 * 1024)
/* An issuer has the key that it signs with, and the former one; each key may
 * have to be tried for a token. */
#define ACCESS_JWTKEYS_MAX 16

/* Keys that are too weak for their algorithm are rejected (RFC 7518 sections
 * 3.2 and 3.3). */
#define ACCESS_JWTKEYS_MIN_SECRET_BYTES 32
#define ACCESS_JWTKEYS_MIN_RSA_BITS 2048

typedef struct _AccessJwk AccessJwk;
typedef struct _AccessJwtKeys AccessJwtKeys;

/* Returns: (nullable): NULL if there is no usable key; @why is then the reason,
 * static. */
AccessJwtKeys *access_jwtkeys_parse (const gchar *text, gsize size,
    const gchar **why);
void access_jwtkeys_free (AccessJwtKeys *self);

guint access_jwtkeys_count (const AccessJwtKeys *self);
/* See jwk.h. */
const AccessJwk *access_jwtkeys_get (const AccessJwtKeys *self, guint index);

G_END_DECLS
