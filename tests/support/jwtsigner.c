/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes JSON Web Tokens: see jwtsigner.h. */

#include "tests/support/jwtsigner.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <string.h>

#define P256_BYTES 32
#define MAX_SIGNATURE_BYTES 1024

/* Base64 for URLs, without padding (RFC 7515 section 2). */
static gchar *
encode (const guint8 *data, gsize size)
{
  gchar *text = g_base64_encode (data, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

static gchar *
encode_text (const gchar *text)
{
  return encode ((const guint8 *) text, strlen (text));
}

/* What is signed. */
static gchar *
begin (const gchar *header, const gchar *claims)
{
  g_autofree gchar *first = encode_text (header);
  g_autofree gchar *second = encode_text (claims);

  return g_strconcat (first, ".", second, NULL);
}

gchar *
jwt_compose (const gchar *header, const gchar *claims, const gchar *signature)
{
  g_autofree gchar *begun = begin (header, claims);

  return g_strconcat (begun, ".", signature, NULL);
}

gchar *
jwt_sign_with_secret (const gchar *header, const gchar *claims,
    const gchar *secret)
{
  g_autofree gchar *begun = begin (header, claims);
  g_autofree gchar *encoded = NULL;
  guint8 mac[EVP_MAX_MD_SIZE];
  guint size;

  HMAC (EVP_sha256 (), secret, strlen (secret), (const guint8 *) begun,
      strlen (begun), mac, &size);
  encoded = encode (mac, size);
  return g_strconcat (begun, ".", encoded, NULL);
}

/* RFC 7518 section 3.4: R and S one after the other, instead of ASN.1. */
static gsize
flatten (guint8 *signature, gsize size)
{
  const guint8 *in = signature;
  ECDSA_SIG *pair = d2i_ECDSA_SIG (NULL, &in, size);

  BN_bn2binpad (ECDSA_SIG_get0_r (pair), signature, P256_BYTES);
  BN_bn2binpad (ECDSA_SIG_get0_s (pair), signature + P256_BYTES, P256_BYTES);
  ECDSA_SIG_free (pair);
  return 2 * P256_BYTES;
}

gchar *
jwt_sign_with_key (const gchar *header, const gchar *claims, EVP_PKEY *key)
{
  g_autofree gchar *begun = begin (header, claims);
  g_autofree gchar *encoded = NULL;
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guint8 signature[MAX_SIGNATURE_BYTES];
  gsize size = sizeof (signature);

  g_assert (EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, key) == 1);
  g_assert (EVP_DigestSign (context, signature, &size, (const guint8 *) begun,
                strlen (begun)) == 1);
  EVP_MD_CTX_free (context);
  if (EVP_PKEY_is_a (key, "EC"))
    size = flatten (signature, size);
  encoded = encode (signature, size);
  return g_strconcat (begun, ".", encoded, NULL);
}

gchar *
jwt_pem (EVP_PKEY *key)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  gchar *data, *text;
  glong size;

  g_assert (PEM_write_bio_PUBKEY (bio, key) == 1);
  size = BIO_get_mem_data (bio, &data);
  text = g_strndup (data, size);
  BIO_free (bio);
  return text;
}

static gchar *
encode_number (EVP_PKEY *key, const gchar *name, gsize min_bytes)
{
  BIGNUM *number = NULL;
  g_autofree guint8 *bytes = NULL;
  gsize size;

  g_assert (EVP_PKEY_get_bn_param (key, name, &number) == 1);
  size = MAX ((gsize) BN_num_bytes (number), min_bytes);
  bytes = g_malloc (size);
  BN_bn2binpad (number, bytes, size);
  BN_free (number);
  return encode (bytes, size);
}

gchar *
jwt_jwk (EVP_PKEY *key, const gchar *more)
{
  const gchar *comma = *more == '\0' ? "" : ",";
  g_autofree gchar *first = NULL;
  g_autofree gchar *second = NULL;

  if (EVP_PKEY_is_a (key, "EC")) {
    first = encode_number (key, OSSL_PKEY_PARAM_EC_PUB_X, P256_BYTES);
    second = encode_number (key, OSSL_PKEY_PARAM_EC_PUB_Y, P256_BYTES);
    return g_strdup_printf ("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\","
                            "\"y\":\"%s\"%s%s}",
        first, second, comma, more);
  }
  first = encode_number (key, OSSL_PKEY_PARAM_RSA_N, 0);
  second = encode_number (key, OSSL_PKEY_PARAM_RSA_E, 0);
  return g_strdup_printf ("{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"%s%s}",
      first, second, comma, more);
}

gchar *
jwt_jwk_of_secret (const gchar *secret, const gchar *more)
{
  g_autofree gchar *encoded = encode_text (secret);

  return g_strdup_printf ("{\"kty\":\"oct\",\"k\":\"%s\"%s%s}", encoded,
      *more == '\0' ? "" : ",", more);
}
