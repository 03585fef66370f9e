/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of keys is a JWK set, PEM or a secret, and never one for another. */

#include "gst/access/jwtkeys.h"
#include "tests/support/jwtsigner.h"

#include <gst/check/gstcheck.h>
#include <openssl/pem.h>
#include <string.h>

/* 0 if the text is rejected. */
static guint
count_keys (const gchar *text)
{
  const gchar *why = NULL;
  AccessJwtKeys *keys = access_jwtkeys_parse (text, strlen (text), &why);
  guint n_keys;

  if (keys == NULL) {
    ck_assert_msg (why != NULL, "%s", text);
    return 0;
  }
  n_keys = access_jwtkeys_count (keys);
  access_jwtkeys_free (keys);
  ck_assert_uint_gt (n_keys, 0);
  return n_keys;
}

static EVP_PKEY *rsa, *ec;

static void
set_up (void)
{
  rsa = EVP_RSA_gen (2048);
  ec = EVP_EC_gen ("P-256");
}

static void
tear_down (void)
{
  EVP_PKEY_free (rsa);
  EVP_PKEY_free (ec);
}

GST_START_TEST (pem_may_hold_several_public_keys)
{
  g_autofree gchar *first = jwt_pem (rsa);
  g_autofree gchar *second = jwt_pem (ec);
  g_autofree gchar *both = g_strconcat ("# old\n", first, second, NULL);
  g_autofree gchar *cut = g_strndup (first, strlen (first) - 40);
  g_autofree gchar *half = g_strconcat (first, cut, NULL);

  ck_assert_uint_eq (count_keys (first), 1);
  ck_assert_uint_eq (count_keys (both), 2);
  ck_assert_uint_eq (count_keys (cut), 0);
  ck_assert_uint_eq (count_keys (half), 0);
}
GST_END_TEST;

GST_START_TEST (a_private_key_is_rejected)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  g_autofree gchar *public_key = jwt_pem (rsa);
  g_autofree gchar *text = NULL;
  g_autofree gchar *both = NULL;
  gchar *data;
  glong size;

  ck_assert_int_eq (PEM_write_bio_PrivateKey (bio, rsa, NULL, NULL, 0, NULL,
                        NULL),
      1);
  size = BIO_get_mem_data (bio, &data);
  text = g_strndup (data, size);
  both = g_strconcat (public_key, text, NULL);
  ck_assert_uint_eq (count_keys (text), 0);
  ck_assert_uint_eq (count_keys (both), 0);
  BIO_free (bio);
}
GST_END_TEST;

GST_START_TEST (a_set_has_the_keys_that_can_verify)
{
  g_autofree gchar *one = jwt_jwk (rsa, "\"use\":\"sig\",\"kid\":\"a\"");
  g_autofree gchar *two = jwt_jwk (ec, "\"alg\":\"ES256\"");
  g_autofree gchar *encrypts = jwt_jwk (rsa, "\"use\":\"enc\"");
  g_autofree gchar *other = jwt_jwk (rsa, "\"alg\":\"RS512\"");
  g_autofree gchar *secret = jwt_jwk_of_secret (JWT_SECRET, "");
  g_autofree gchar *all =
      g_strdup_printf ("{\"keys\":[%s,%s,%s,%s,%s,1,{},{\"kty\":\"OKP\"}]}",
          one, encrypts, other, two, secret);
  g_autofree gchar *none =
      g_strdup_printf ("{\"keys\":[%s,%s]}", encrypts, other);

  ck_assert_uint_eq (count_keys (all), 3);
  ck_assert_uint_eq (count_keys (one), 1);
  ck_assert_uint_eq (count_keys (secret), 1);
  ck_assert_uint_eq (count_keys (none), 0);
}
GST_END_TEST;

static const struct
{
  const gchar *text;
  guint n_keys;
} texts[] = {
  { JWT_SECRET, 1 },
  { "\n " JWT_SECRET "\r\n", 1 },
  { "", 0 },
  { "short", 0 },
  { "thirty-two-bytes-in-two-words and more", 0 },
  { "thirty-two-bytes-of-a-secret-and\nanother-line", 0 },
  { "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 me@host", 0 },
  { "thirty-two-bytes-with-a-dash-too-----BEGIN", 0 },
  { "{}", 0 },
  { "{\"keys\":[]}", 0 },
  { "{\"keys\":{}}", 0 },
  { "{\"kty\":\"oct\",\"k\":\"A\"}", 0 },
  { "{\"kty\":\"oct\",\"k\":1}", 0 },
  { "{\"kty\":\"oct\",\"k\":\"AAAAA=AA\"}", 0 },
  { "{\"kty\":\"RSA\",\"n\":\"AAAAA\",\"e\":\"AQAB\"}", 0 },
  { "{\"keys\":[", 0 },
  { "  {\"thirty-two-bytes-that-look-like-json", 0 },
};

GST_START_TEST (what_looks_like_a_key_is_never_a_secret)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    ck_assert_msg (count_keys (texts[i].text) == texts[i].n_keys, "%s",
        texts[i].text);
}
GST_END_TEST;

GST_START_TEST (a_binary_text_is_rejected)
{
  static const gchar text[] = JWT_SECRET "\0more";
  const gchar *why = NULL;

  ck_assert (access_jwtkeys_parse (text, sizeof (text), &why) == NULL);
  ck_assert (why != NULL);
}
GST_END_TEST;

GST_START_TEST (the_number_of_keys_is_limited)
{
  g_autofree gchar *jwk = jwt_jwk_of_secret (JWT_SECRET, "");
  g_autofree gchar *pem = jwt_pem (ec);
  GString *set = g_string_new ("{\"keys\":[");
  GString *pems = g_string_new (NULL);

  for (guint i = 1; i <= ACCESS_JWTKEYS_MAX + 1; i++) {
    gboolean has_room = i <= ACCESS_JWTKEYS_MAX;
    g_autofree gchar *whole = NULL;

    g_string_append_printf (set, "%s%s", i == 1 ? "" : ",", jwk);
    g_string_append (pems, pem);
    whole = g_strconcat (set->str, "]}", NULL);
    ck_assert_uint_eq (count_keys (whole), has_room ? i : 0);
    ck_assert_uint_eq (count_keys (pems->str), has_room ? i : 0);
  }
  g_string_free (set, TRUE);
  g_string_free (pems, TRUE);
}
GST_END_TEST;

static Suite *
jwtkeys_suite (void)
{
  Suite *suite = suite_create ("jwtkeys");
  TCase *tests = tcase_create ("jwtkeys");

  tcase_add_unchecked_fixture (tests, set_up, tear_down);
  tcase_add_test (tests, pem_may_hold_several_public_keys);
  tcase_add_test (tests, a_private_key_is_rejected);
  tcase_add_test (tests, a_set_has_the_keys_that_can_verify);
  tcase_add_test (tests, what_looks_like_a_key_is_never_a_secret);
  tcase_add_test (tests, a_binary_text_is_rejected);
  tcase_add_test (tests, the_number_of_keys_is_limited);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (jwtkeys);
