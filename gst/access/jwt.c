/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verifies tokens: see jwt.h.
 *
 * cjose verifies a signature. What RFC 8725 asks for besides is here: which
 * algorithm a key is used with, and which tokens are not looked at. (cjose
 * brings jansson into the process, which has a function of the same name as
 * json-glib, json_object_iter_next(): neither library calls it by way of the
 * dynamic linker, and we never do.) */

#include "gst/access/jwt.h"
#include "gst/access/base64url.h"
#include "gst/access/jwk.h"

#include <openssl/err.h>
#include <string.h>

/* Extensions that a recipient has to understand (RFC 7515 section 4.1.11). */
#define CRITICAL "crit"

/* Header, claims and signature. */
#define N_PARTS 3

static gboolean
is_well_formed (const gchar *token)
{
  const gchar *part = token;

  if (strlen (token) > ACCESS_CLAIMS_MAX_BYTES)
    return FALSE;
  for (guint i = 1; i <= N_PARTS; i++) {
    gsize size = strcspn (part, ".");

    if (!access_base64url_is_valid (part, size) ||
        part[size] != (i == N_PARTS ? '\0' : '.'))
      return FALSE;
    part += size + 1;
  }
  return TRUE;
}

static cjose_jws_t *
import (const gchar *token)
{
  return cjose_jws_import (token, strlen (token), NULL);
}

/* The token's header does not choose the algorithm, it has to agree. */
static gboolean
is_for_key (cjose_header_t *header, const AccessJwk *jwk)
{
  const gchar *algorithm = cjose_header_get (header, CJOSE_HDR_ALG, NULL);
  const gchar *of_token = cjose_header_get (header, CJOSE_HDR_KID, NULL);
  const gchar *of_key = cjose_jwk_get_kid (jwk->key, NULL);

  return g_strcmp0 (algorithm, jwk->algorithm) == 0 &&
      (of_token == NULL || of_key == NULL || strcmp (of_token, of_key) == 0);
}

static gboolean
is_ordinary (cjose_header_t *header)
{
  g_autofree gchar *critical = cjose_header_get_raw (header, CRITICAL, NULL);

  return critical == NULL;
}

static AccessClaims *
claims_of (const cjose_jws_t *jws)
{
  guint8 *text;
  gsize size;

  if (!cjose_jws_get_plaintext (jws, &text, &size, NULL))
    return NULL;
  return access_claims_parse ((const gchar *) text, size);
}

/* Of a token that was imported for this key alone: cjose does not say what a
 * failure leaves behind. */
static AccessClaims *
verify (const AccessJwk *jwk, const gchar *token)
{
  cjose_jws_t *jws = import (token);
  AccessClaims *claims = NULL;

  if (jws != NULL && cjose_jws_verify (jws, jwk->key, NULL))
    claims = claims_of (jws);
  cjose_jws_release (jws);
  return claims;
}

static AccessClaims *
verify_with_any (const AccessJwtKeys *keys, cjose_header_t *header,
    const gchar *token)
{
  AccessClaims *claims = NULL;

  for (guint i = 0; i < access_jwtkeys_count (keys) && claims == NULL; i++) {
    const AccessJwk *jwk = access_jwtkeys_get (keys, i);

    if (is_for_key (header, jwk))
      claims = verify (jwk, token);
  }
  return claims;
}

AccessClaims *
access_jwt_verify (const AccessJwtKeys *keys, const gchar *token)
{
  cjose_jws_t *jws = is_well_formed (token) ? import (token) : NULL;
  AccessClaims *claims = NULL;

  if (jws != NULL) {
    cjose_header_t *header = cjose_jws_get_protected (jws);

    if (is_ordinary (header))
      claims = verify_with_any (keys, header, token);
  }
  cjose_jws_release (jws);
  /* What OpenSSL has left would be taken for errors of TLS. */
  ERR_clear_error ();
  return claims;
}
