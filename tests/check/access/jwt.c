/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A token counts if a key has signed it, with the algorithm of that key. */

#include "gst/access/jwt.h"
#include "tests/support/jwtsigner.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define CLAIMS "{\"watch\":\"live/cam\"}"

static EVP_PKEY *rsa, *ec;
static gchar *rsa_pem, *ec_pem;

static void
set_up (void)
{
  rsa = EVP_RSA_gen (2048);
  ec = EVP_EC_gen ("P-256");
  rsa_pem = jwt_pem (rsa);
  ec_pem = jwt_pem (ec);
}

static void
tear_down (void)
{
  EVP_PKEY_free (rsa);
  EVP_PKEY_free (ec);
  g_clear_pointer (&rsa_pem, g_free);
  g_clear_pointer (&ec_pem, g_free);
}

/* Takes @token. */
static gboolean
accepts (const gchar *text, gchar *token)
{
  const gchar *why = NULL;
  AccessJwtKeys *keys = access_jwtkeys_parse (text, strlen (text), &why);
  AccessClaims *claims;
  gboolean result;

  ck_assert_msg (keys != NULL, "%s: %s", text, why);
  claims = access_jwt_verify (keys, token);
  result = claims != NULL;
  access_claims_free (claims);
  access_jwtkeys_free (keys);
  g_free (token);
  return result;
}

GST_START_TEST (a_token_that_a_key_has_signed_counts)
{
  g_autofree gchar *set = jwt_jwk (ec, "\"kid\":\"one\"");

  ck_assert (accepts (JWT_SECRET,
      jwt_sign_with_secret (JWT_HS256, CLAIMS, JWT_SECRET)));
  ck_assert (accepts (rsa_pem, jwt_sign_with_key (JWT_RS256, CLAIMS, rsa)));
  ck_assert (accepts (ec_pem, jwt_sign_with_key (JWT_ES256, CLAIMS, ec)));
  ck_assert (accepts (set, jwt_sign_with_key (JWT_ES256, CLAIMS, ec)));
}
GST_END_TEST;

/* RFC 7515, appendices A.1 and A.3: made by others. */
static const struct
{
  const gchar *key, *token;
} vectors[] = {
  { "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0"
    "gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}",
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAi"
      "OjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBj"
      "ftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" },
  { "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8T"
    "us9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
      "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogI"
      "mh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOy"
      "KAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q" },
};

GST_START_TEST (the_examples_of_the_rfc_count)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++) {
    gchar *changed = g_strdup (vectors[i].token);

    ck_assert (accepts (vectors[i].key, g_strdup (vectors[i].token)));
    changed[strlen (changed) - 5] ^= 1;
    ck_assert (!accepts (vectors[i].key, changed));
  }
}
GST_END_TEST;

GST_START_TEST (a_token_without_a_signature_is_rejected)
{
  static const gchar *const headers[] = {
    "{\"alg\":\"none\"}",
    "{\"alg\":\"None\"}",
    "{\"alg\":\"\"}",
    "{}",
    "{\"alg\":null}",
    "{\"alg\":1}",
    "{\"alg\":[\"HS256\"]}",
    JWT_HS256,
    JWT_RS256,
    JWT_ES256,
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    const gchar *const keys[] = { JWT_SECRET, rsa_pem, ec_pem };

    for (guint k = 0; k < G_N_ELEMENTS (keys); k++) {
      ck_assert_msg (!accepts (keys[k], jwt_compose (headers[i], CLAIMS, "")),
          "%s", headers[i]);
      ck_assert_msg (!accepts (keys[k],
                         jwt_compose (headers[i], CLAIMS, "AAAA")),
          "%s", headers[i]);
    }
  }
}
GST_END_TEST;

/* RFC 8725 section 2.1: everybody has the public key. */
GST_START_TEST (a_public_key_is_no_secret)
{
  const gchar *const publics[] = { rsa_pem, ec_pem };
  g_autofree gchar *jwk = jwt_jwk (rsa, "");

  for (guint i = 0; i < G_N_ELEMENTS (publics); i++) {
    g_autofree gchar *stripped = g_strstrip (g_strdup (publics[i]));

    ck_assert (!accepts (publics[i],
        jwt_sign_with_secret (JWT_HS256, CLAIMS, publics[i])));
    ck_assert (!accepts (publics[i],
        jwt_sign_with_secret (JWT_HS256, CLAIMS, stripped)));
    ck_assert (!accepts (publics[i],
        jwt_sign_with_secret (i == 0 ? JWT_RS256 : JWT_ES256, CLAIMS,
            publics[i])));
  }
  ck_assert (!accepts (jwk, jwt_sign_with_secret (JWT_HS256, CLAIMS, jwk)));
}
GST_END_TEST;

GST_START_TEST (the_algorithm_is_that_of_the_key)
{
  EVP_PKEY *other = EVP_EC_gen ("P-256");

  ck_assert (!accepts (rsa_pem, jwt_sign_with_key (JWT_ES256, CLAIMS, ec)));
  ck_assert (!accepts (rsa_pem, jwt_sign_with_key (JWT_ES256, CLAIMS, rsa)));
  ck_assert (!accepts (ec_pem, jwt_sign_with_key (JWT_RS256, CLAIMS, ec)));
  ck_assert (!accepts (ec_pem, jwt_sign_with_key (JWT_ES256, CLAIMS, other)));
  ck_assert (!accepts (rsa_pem,
      jwt_sign_with_key ("{\"alg\":\"PS256\"}", CLAIMS, rsa)));
  ck_assert (!accepts (rsa_pem,
      jwt_sign_with_key ("{\"alg\":\"RS512\"}", CLAIMS, rsa)));
  ck_assert (!accepts (JWT_SECRET,
      jwt_sign_with_secret ("{\"alg\":\"HS512\"}", CLAIMS, JWT_SECRET)));
  ck_assert (!accepts (JWT_SECRET,
      jwt_sign_with_secret ("{\"alg\":\"hs256\"}", CLAIMS, JWT_SECRET)));
  EVP_PKEY_free (other);
}
GST_END_TEST;

/* Keys that a token brings along are an attacker's. */
GST_START_TEST (a_token_can_not_bring_its_key)
{
  EVP_PKEY *mine = EVP_EC_gen ("P-256");
  g_autofree gchar *jwk = jwt_jwk (mine, "");
  g_autofree gchar *header = g_strdup_printf (
      "{\"alg\":\"ES256\",\"jwk\":%s,\"jku\":\"http://127.0.0.1/\"}", jwk);

  ck_assert (!accepts (ec_pem, jwt_sign_with_key (header, CLAIMS, mine)));
  EVP_PKEY_free (mine);
}
GST_END_TEST;

GST_START_TEST (an_extension_that_is_critical_is_rejected)
{
  ck_assert (!accepts (JWT_SECRET,
      jwt_sign_with_secret ("{\"alg\":\"HS256\",\"crit\":[\"exp\"]}", CLAIMS,
          JWT_SECRET)));
  ck_assert (!accepts (JWT_SECRET,
      jwt_sign_with_secret ("{\"alg\":\"HS256\",\"b64\":false,"
                            "\"crit\":[\"b64\"]}",
          CLAIMS, JWT_SECRET)));
}
GST_END_TEST;

GST_START_TEST (a_kid_selects_the_key)
{
  EVP_PKEY *other = EVP_EC_gen ("P-256");
  g_autofree gchar *one = jwt_jwk (ec, "\"kid\":\"one\"");
  g_autofree gchar *two = jwt_jwk (other, "\"kid\":\"two\"");
  g_autofree gchar *set = g_strdup_printf ("{\"keys\":[%s,%s]}", one, two);

  ck_assert (accepts (set,
      jwt_sign_with_key ("{\"alg\":\"ES256\",\"kid\":\"two\"}", CLAIMS,
          other)));
  ck_assert (!accepts (set,
      jwt_sign_with_key ("{\"alg\":\"ES256\",\"kid\":\"one\"}", CLAIMS,
          other)));
  ck_assert (!accepts (set,
      jwt_sign_with_key ("{\"alg\":\"ES256\",\"kid\":\"three\"}", CLAIMS,
          other)));
  ck_assert (accepts (set, jwt_sign_with_key (JWT_ES256, CLAIMS, other)));
  /* PEM has no kid. */
  ck_assert (accepts (ec_pem,
      jwt_sign_with_key ("{\"alg\":\"ES256\",\"kid\":\"any\"}", CLAIMS, ec)));
  EVP_PKEY_free (other);
}
GST_END_TEST;

GST_START_TEST (what_is_no_token_is_rejected)
{
  static const gchar *const texts[] = { "", ".", "..", "...", "a.b.c", "right",
    "e30.e30.", "e30.e30.e30", "{}.{}.{}", "eyJhbGciOiJIUzI1NiJ9",
    "eyJhbGciOiJIUzI1NiJ9.", "eyJhbGciOiJIUzI1NiJ9..", "A=AA.e30.AA",
    "eyJhbGciOiJIUzI1NiJ9.eyJ9L=AA.AA", "eyJhbGciOiJIUzI1NiJ9.e30.AAAAA=AA",
    "A.e30.AA", "eyJhbGciOiJIUzI1NiJ9.A.AA", "eyJhbGciOiJIUzI1NiJ9.e30.A",
    "eyJhbGciOiJIUzI1NiJ9.e30.AAAAA",
    "eyJhbGciOiJIUzI1NiJ9.e30.AA==", "eyJhbGciOiJIUzI1NiJ9.e30.AA.AA.AA",
    "\xff.\xff.\xff" };
  g_autofree gchar *long_text = g_strnfill (ACCESS_CLAIMS_MAX_BYTES + 1, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    ck_assert_msg (!accepts (JWT_SECRET, g_strdup (texts[i])), "%s", texts[i]);
  ck_assert (!accepts (JWT_SECRET, g_steal_pointer (&long_text)));
  ck_assert (!accepts (JWT_SECRET,
      jwt_sign_with_secret (JWT_HS256, "{\"watch\":1}", JWT_SECRET)));
  ck_assert (!accepts (JWT_SECRET,
      jwt_sign_with_secret (JWT_HS256, "no claims", JWT_SECRET)));
}
GST_END_TEST;

/* Each bit of a token matters but the last ones, which Base64 does not use. */
GST_START_TEST (a_changed_token_is_rejected)
{
  g_autofree gchar *token =
      jwt_sign_with_secret (JWT_HS256, CLAIMS, JWT_SECRET);

  for (gsize i = 0; i + 1 < strlen (token); i++)
    for (guint bit = 0; bit < 7; bit++) {
      gchar *changed = g_strdup (token);

      changed[i] ^= 1 << bit;
      ck_assert_msg (!accepts (JWT_SECRET, changed), "%" G_GSIZE_FORMAT ", %u",
          i, bit);
    }
}
GST_END_TEST;

static Suite *
jwt_suite (void)
{
  Suite *suite = suite_create ("jwt");
  TCase *tests = tcase_create ("jwt");

  tcase_add_unchecked_fixture (tests, set_up, tear_down);
  tcase_add_test (tests, a_token_that_a_key_has_signed_counts);
  tcase_add_test (tests, the_examples_of_the_rfc_count);
  tcase_add_test (tests, a_token_without_a_signature_is_rejected);
  tcase_add_test (tests, a_public_key_is_no_secret);
  tcase_add_test (tests, the_algorithm_is_that_of_the_key);
  tcase_add_test (tests, a_token_can_not_bring_its_key);
  tcase_add_test (tests, an_extension_that_is_critical_is_rejected);
  tcase_add_test (tests, a_kid_selects_the_key);
  tcase_add_test (tests, what_is_no_token_is_rejected);
  tcase_add_test (tests, a_changed_token_is_rejected);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (jwt);
