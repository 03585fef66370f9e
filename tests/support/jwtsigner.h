/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes JSON Web Tokens, right and wrong ones, and the keys to verify them
 * with: by OpenSSL alone, so that no library judges its own work. */

#pragma once

#include <glib.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

G_BEGIN_DECLS

/* Long enough for HS256. */
#define JWT_SECRET "correct-horse-battery-staple-2026"

#define JWT_HS256 "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define JWT_RS256 "{\"alg\":\"RS256\",\"typ\":\"JWT\"}"
#define JWT_ES256 "{\"alg\":\"ES256\",\"typ\":\"JWT\"}"

/* @header and @claims: the JSON of both, whatever it says; @secret is used as
 * it is. */
gchar *jwt_sign_with_secret (const gchar *header, const gchar *claims,
    const gchar *secret);
gchar *jwt_sign_with_key (const gchar *header, const gchar *claims,
    EVP_PKEY *key);
/* @signature: the third part, already encoded. */
gchar *jwt_compose (const gchar *header, const gchar *claims,
    const gchar *signature);

/* A public key in PEM. */
gchar *jwt_pem (EVP_PKEY *key);
/* The JWK of a public key; @more: further members, as `"kid":"one"`, or "". */
gchar *jwt_jwk (EVP_PKEY *key, const gchar *more);
gchar *jwt_jwk_of_secret (const gchar *secret, const gchar *more);

G_END_DECLS
