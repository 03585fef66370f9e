/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A key verifies one algorithm, which its type decides. */

#include "gst/access/jwk.h"
#include "tests/support/jwtsigner.h"

#include <gst/check/gstcheck.h>

/* Returns: (nullable): NULL if the key was rejected. */
static const gchar *
algorithm_of_json (const gchar *json)
{
  const gchar *why = NULL;
  AccessJwk jwk = { 0 };

  if (!access_jwk_from_json (&jwk, json, &why)) {
    ck_assert (why != NULL);
    return NULL;
  }
  access_jwk_clear (&jwk);
  return jwk.algorithm;
}

static const gchar *
algorithm_of_key (EVP_PKEY *key)
{
  g_autofree gchar *json =
      EVP_PKEY_is_a (key, "ED25519") ? NULL : jwt_jwk (key, "");
  const gchar *why = NULL;
  AccessJwk jwk = { 0 };

  if (!access_jwk_from_public_key (&jwk, key, &why)) {
    ck_assert (why != NULL);
    ck_assert (json == NULL || algorithm_of_json (json) == NULL);
    return NULL;
  }
  ck_assert_str_eq (algorithm_of_json (json), jwk.algorithm);
  access_jwk_clear (&jwk);
  return jwk.algorithm;
}

GST_START_TEST (the_type_of_a_key_decides_on_the_algorithm)
{
  EVP_PKEY *rsa = EVP_RSA_gen (2048);
  EVP_PKEY *ec = EVP_EC_gen ("P-256");
  g_autofree gchar *secret = jwt_jwk_of_secret (JWT_SECRET, "");

  ck_assert_str_eq (algorithm_of_key (rsa), "RS256");
  ck_assert_str_eq (algorithm_of_key (ec), "ES256");
  ck_assert_str_eq (algorithm_of_json (secret), "HS256");
  EVP_PKEY_free (rsa);
  EVP_PKEY_free (ec);
}
GST_END_TEST;

GST_START_TEST (a_weak_key_is_rejected)
{
  EVP_PKEY *rsa = EVP_RSA_gen (1024);
  g_autofree gchar *secret =
      jwt_jwk_of_secret ("a-secret-of-31-bytes-is-too-few", "");

  ck_assert (algorithm_of_key (rsa) == NULL);
  ck_assert (algorithm_of_json (secret) == NULL);
  EVP_PKEY_free (rsa);
}
GST_END_TEST;

GST_START_TEST (a_key_of_another_kind_is_rejected)
{
  EVP_PKEY *p384 = EVP_EC_gen ("P-384");
  EVP_PKEY *k256 = EVP_EC_gen ("secp256k1");
  EVP_PKEY *ed25519 = EVP_PKEY_Q_keygen (NULL, NULL, "ED25519");
  AccessJwk jwk = { 0 };
  const gchar *why = NULL;

  ck_assert (!access_jwk_from_public_key (&jwk, p384, &why));
  ck_assert (!access_jwk_from_public_key (&jwk, k256, &why));
  ck_assert (algorithm_of_key (ed25519) == NULL);
  ck_assert (
      algorithm_of_json ("{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                         "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPc"
                         "HURo\"}") == NULL);
  ck_assert (algorithm_of_json ("{\"kty\":\"RSA\"}") == NULL);
  ck_assert (algorithm_of_json ("{}") == NULL);
  EVP_PKEY_free (p384);
  EVP_PKEY_free (k256);
  EVP_PKEY_free (ed25519);
}
GST_END_TEST;

/* One out of 256 keys has a coordinate that begins with a zero. */
GST_START_TEST (a_short_coordinate_keeps_its_place)
{
  for (guint n_short = 0; n_short == 0;) {
    EVP_PKEY *key = EVP_EC_gen ("P-256");
    BIGNUM *x = NULL;

    ck_assert_int_eq (EVP_PKEY_get_bn_param (key, "qx", &x), 1);
    n_short = BN_num_bytes (x) < 32;
    if (n_short > 0)
      ck_assert_str_eq (algorithm_of_key (key), "ES256");
    BN_free (x);
    EVP_PKEY_free (key);
  }
}
GST_END_TEST;

static Suite *
jwk_suite (void)
{
  Suite *suite = suite_create ("jwk");
  TCase *tests = tcase_create ("jwk");

  tcase_add_test (tests, the_type_of_a_key_decides_on_the_algorithm);
  tcase_add_test (tests, a_weak_key_is_rejected);
  tcase_add_test (tests, a_key_of_another_kind_is_rejected);
  tcase_add_test (tests, a_short_coordinate_keeps_its_place);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (jwk);
