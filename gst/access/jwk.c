/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One key for tokens: see jwk.h. */

#include "gst/access/jwk.h"
#include "gst/access/jwtkeys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <string.h>

/* Of the group, in OpenSSL's words. */
#define P256 "prime256v1"
#define P256_BYTES 32
#define MAX_RSA_BITS 8192
#define MAX_RSA_BYTES (MAX_RSA_BITS / 8)

static gboolean
is_p256 (const cjose_jwk_t *key)
{
  return cjose_jwk_EC_get_curve (key, NULL) == CJOSE_JWK_EC_P_256;
}

/* Returns: (nullable): the algorithm, or NULL if there is none; @why. */
static const gchar *
algorithm_of (const cjose_jwk_t *key, const gchar **why)
{
  gsize bits = cjose_jwk_get_keysize (key, NULL);

  switch (cjose_jwk_get_kty (key, NULL)) {
    case CJOSE_JWK_KTY_OCT:
      *why = "a secret for HS256 has at least 32 bytes";
      return bits >= 8 * ACCESS_JWTKEYS_MIN_SECRET_BYTES ? CJOSE_HDR_ALG_HS256
                                                         : NULL;
    case CJOSE_JWK_KTY_RSA:
      *why = "an RSA key for RS256 has 2048 to 8192 bits";
      return bits >= ACCESS_JWTKEYS_MIN_RSA_BITS && bits <= MAX_RSA_BITS
          ? CJOSE_HDR_ALG_RS256
          : NULL;
    case CJOSE_JWK_KTY_EC:
      *why = "an EC key for ES256 is on the curve P-256";
      return is_p256 (key) ? CJOSE_HDR_ALG_ES256 : NULL;
  }
  *why = "it is of another type than RSA, EC and oct";
  return NULL;
}

/* Takes @key: (nullable). */
static gboolean
take_key (AccessJwk *self, cjose_jwk_t *key, const gchar **why)
{
  /* What OpenSSL has left would be taken for errors of TLS. */
  ERR_clear_error ();
  if (key == NULL) {
    *why = "it is not a valid key";
    return FALSE;
  }
  self->key = key;
  self->algorithm = algorithm_of (key, why);
  if (self->algorithm == NULL)
    access_jwk_clear (self);
  return self->algorithm != NULL;
}

gboolean
access_jwk_from_json (AccessJwk *self, const gchar *jwk, const gchar **why)
{
  return take_key (self, cjose_jwk_import (jwk, strlen (jwk), NULL), why);
}

gboolean
access_jwk_from_secret (AccessJwk *self, const gchar *secret, gsize size,
    const gchar **why)
{
  return take_key (self,
      cjose_jwk_create_oct_spec ((const guint8 *) secret, size, NULL), why);
}

/* Returns the size of the number, or 0 if the key has none or it is longer. */
static gsize
read_number (EVP_PKEY *key, const gchar *name, guint8 *bytes, gsize max_bytes)
{
  BIGNUM *number = NULL;
  gsize size = 0;

  if (EVP_PKEY_get_bn_param (key, name, &number) == 1 &&
      BN_num_bytes (number) <= max_bytes) {
    size = BN_num_bytes (number);
    BN_bn2bin (number, bytes);
  }
  BN_free (number);
  return size;
}

static cjose_jwk_t *
import_rsa (EVP_PKEY *key)
{
  guint8 n[MAX_RSA_BYTES], e[MAX_RSA_BYTES];
  cjose_jwk_rsa_keyspec spec = { .n = n, .e = e };

  spec.nlen = read_number (key, OSSL_PKEY_PARAM_RSA_N, n, sizeof (n));
  spec.elen = read_number (key, OSSL_PKEY_PARAM_RSA_E, e, sizeof (e));
  if (spec.nlen == 0 || spec.elen == 0)
    return NULL;
  return cjose_jwk_create_RSA_spec (&spec, NULL);
}

/* A coordinate has all of its bytes (RFC 7518 section 6.2.1.2). */
static gboolean
read_coordinate (EVP_PKEY *key, const gchar *name, guint8 *bytes)
{
  guint8 number[P256_BYTES];
  gsize size = read_number (key, name, number, sizeof (number));

  memset (bytes, 0, P256_BYTES);
  memcpy (bytes + P256_BYTES - size, number, size);
  return size > 0;
}

static cjose_jwk_t *
import_ec (EVP_PKEY *key)
{
  guint8 x[P256_BYTES], y[P256_BYTES];
  const cjose_jwk_ec_keyspec spec = {
    .crv = CJOSE_JWK_EC_P_256,
    .x = x,
    .xlen = sizeof (x),
    .y = y,
    .ylen = sizeof (y),
  };
  gchar group[sizeof (P256)] = "";

  if (EVP_PKEY_get_utf8_string_param (key, OSSL_PKEY_PARAM_GROUP_NAME, group,
          sizeof (group), NULL) != 1 ||
      strcmp (group, P256) != 0)
    return NULL;
  if (!read_coordinate (key, OSSL_PKEY_PARAM_EC_PUB_X, x) ||
      !read_coordinate (key, OSSL_PKEY_PARAM_EC_PUB_Y, y))
    return NULL;
  return cjose_jwk_create_EC_spec (&spec, NULL);
}

gboolean
access_jwk_from_public_key (AccessJwk *self, EVP_PKEY *key, const gchar **why)
{
  cjose_jwk_t *jwk = NULL;

  if (EVP_PKEY_is_a (key, "RSA"))
    jwk = import_rsa (key);
  else if (EVP_PKEY_is_a (key, "EC"))
    jwk = import_ec (key);
  if (take_key (self, jwk, why))
    return TRUE;
  if (jwk == NULL)
    *why = "a public key is RSA with 2048 to 8192 bits, or EC on P-256";
  return FALSE;
}

void
access_jwk_clear (AccessJwk *self)
{
  if (self->key != NULL)
    cjose_jwk_release (self->key);
  self->key = NULL;
}
