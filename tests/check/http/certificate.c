/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each run has a new identity that browsers accept. */

#include "ext/whep/http/certificate-io.h"

#include <gst/check/gstcheck.h>
#include <openssl/x509.h>

static WhepCertificate *
new_certificate (void)
{
  GError *error = NULL;
  WhepCertificate *certificate = whep_certificate_new (&error);

  ck_assert (error == NULL);
  ck_assert (certificate != NULL);
  return certificate;
}

GST_START_TEST (the_certificate_is_p256_self_signed_and_valid_now)
{
  WhepCertificate *certificate = new_certificate ();
  X509 *x509 = certificate->x509;
  gchar group[32];

  ck_assert_int_eq (X509_verify (x509, certificate->key), 1);
  ck_assert_int_eq (X509_check_private_key (x509, certificate->key), 1);
  ck_assert_int_eq (X509_NAME_cmp (X509_get_subject_name (x509),
                        X509_get_issuer_name (x509)),
      0);
  ck_assert_int_eq (EVP_PKEY_get_group_name (certificate->key, group,
                        sizeof (group), NULL),
      1);
  ck_assert_str_eq (group, "prime256v1");
  ck_assert_int_lt (X509_cmp_current_time (X509_get0_notBefore (x509)), 0);
  ck_assert_int_gt (X509_cmp_current_time (X509_get0_notAfter (x509)), 0);
  whep_certificate_free (certificate);
}
GST_END_TEST;

GST_START_TEST (the_fingerprint_is_written_as_in_sdp)
{
  WhepCertificate *certificate = new_certificate ();
  gchar **pairs = g_strsplit (certificate->fingerprint, ":", -1);
  guint8 digest[EVP_MAX_MD_SIZE];
  guint size;

  X509_digest (certificate->x509, EVP_sha256 (), digest, &size);
  ck_assert_uint_eq (g_strv_length (pairs), 32);
  for (guint i = 0; i < size; i++) {
    g_autofree gchar *pair = g_strdup_printf ("%02X", digest[i]);

    ck_assert_str_eq (pairs[i], pair);
  }
  g_strfreev (pairs);
  whep_certificate_free (certificate);
}
GST_END_TEST;

GST_START_TEST (no_two_certificates_are_alike)
{
  WhepCertificate *one = new_certificate ();
  WhepCertificate *other = new_certificate ();

  ck_assert_str_ne (one->fingerprint, other->fingerprint);
  ck_assert_int_eq (EVP_PKEY_eq (one->key, other->key), 0);
  ck_assert_int_ne (ASN1_INTEGER_cmp (X509_get0_serialNumber (one->x509),
                        X509_get0_serialNumber (other->x509)),
      0);
  whep_certificate_free (one);
  whep_certificate_free (other);
  whep_certificate_free (NULL);
}
GST_END_TEST;

static Suite *
certificate_suite (void)
{
  Suite *suite = suite_create ("certificate");
  TCase *tcase = tcase_create ("identity");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_certificate_is_p256_self_signed_and_valid_now);
  tcase_add_test (tcase, the_fingerprint_is_written_as_in_sdp);
  tcase_add_test (tcase, no_two_certificates_are_alike);
  return suite;
}

GST_CHECK_MAIN (certificate);
