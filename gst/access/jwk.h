/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One key for JSON Web Tokens, and the only algorithm that it verifies. Not
 * every library asks whether a key fits the algorithm that a token names, and
 * a public key that is taken for a shared secret lets everybody sign (RFC 8725
 * section 3.1): so the algorithm follows from the key, and never from the
 * token. Pure. */

#pragma once

#include <cjose/cjose.h>
#include <glib.h>
#include <openssl/evp.h>

G_BEGIN_DECLS

typedef struct _AccessJwk
{
  cjose_jwk_t *key;
  const gchar *algorithm; /* static */
} AccessJwk;

/* All return FALSE, with a static reason, if the key cannot be used.
 * @jwk: JSON of RFC 7517. */
gboolean access_jwk_from_json (AccessJwk *self, const gchar *jwk,
    const gchar **why);
gboolean access_jwk_from_public_key (AccessJwk *self, EVP_PKEY *key,
    const gchar **why);
gboolean access_jwk_from_secret (AccessJwk *self, const gchar *secret,
    gsize size, const gchar **why);
void access_jwk_clear (AccessJwk *self);

G_END_DECLS
