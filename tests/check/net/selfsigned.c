/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What browsers demand of a certificate in a local network. */

#include "gst/net/selfsigned.h"

#include <gst/check/gstcheck.h>
#include <openssl/x509v3.h>

#define NOW_S 1800000000
#define DAY_S (24 * 60 * 60)

static const gchar *const names[] = { "attic", "attic.local", "localhost",
  "192.0.2.7", "2001:db8::7", NULL };

GST_START_TEST (it_is_for_each_name_and_address)
{
  static const gchar *const more[] = { "attic", "192.0.2.8", NULL };
  NetSelfsigned *made = net_selfsigned_new (names, NOW_S);

  ck_assert (net_selfsigned_lacks (made->x509, names) == NULL);
  ck_assert_str_eq (net_selfsigned_lacks (made->x509, more), "192.0.2.8");
  for (guint i = 0; names[i] != NULL; i++) {
    const gchar *const others[] = { names[i], NULL };
    NetSelfsigned *other = net_selfsigned_new (others, NOW_S);

    ck_assert (net_selfsigned_lacks (other->x509, names) != NULL);
    net_selfsigned_free (other);
  }
  net_selfsigned_free (made);
}
GST_END_TEST;

GST_START_TEST (it_expires_within_what_apple_allows)
{
  NetSelfsigned *made = net_selfsigned_new (names, NOW_S);
  int days, seconds;

  ck_assert (ASN1_TIME_diff (&days, &seconds, X509_get0_notBefore (made->x509),
      X509_get0_notAfter (made->x509)));
  ck_assert_int_eq (days, NET_SELFSIGNED_DAYS);
  ck_assert_int_le (days, 825);
  net_selfsigned_free (made);
}
GST_END_TEST;

static const struct
{
  gint64 days_later;
  gboolean is_fresh;
} ages[] = {
  { -2, FALSE }, /* the clock was wrong, then or now */
  { 0, TRUE },
  { NET_SELFSIGNED_DAYS - NET_SELFSIGNED_RENEWAL_DAYS - 2, TRUE },
  { NET_SELFSIGNED_DAYS - NET_SELFSIGNED_RENEWAL_DAYS, FALSE },
  { NET_SELFSIGNED_DAYS, FALSE },
};

GST_START_TEST (it_is_fresh_until_a_month_before_its_end)
{
  NetSelfsigned *made = net_selfsigned_new (names, NOW_S);

  for (guint i = 0; i < G_N_ELEMENTS (ages); i++)
    ck_assert_int_eq (net_selfsigned_is_fresh (made->x509,
                          NOW_S + ages[i].days_later * DAY_S),
        ages[i].is_fresh);
  net_selfsigned_free (made);
}
GST_END_TEST;

GST_START_TEST (it_is_of_a_server_and_of_no_authority)
{
  NetSelfsigned *made = net_selfsigned_new (names, NOW_S);
  NetSelfsigned *other = net_selfsigned_new (names, NOW_S);
  gint nid;

  ck_assert_int_eq (EVP_PKEY_get_base_id (made->key), EVP_PKEY_EC);
  ck_assert_int_eq (EVP_PKEY_get_bits (made->key), 256);
  ck_assert (X509_get_signature_info (made->x509, &nid, NULL, NULL, NULL));
  ck_assert_int_eq (nid, NID_sha256);
  ck_assert_int_eq (X509_check_ca (made->x509), 0);
  ck_assert_uint_eq (X509_get_key_usage (made->x509), KU_DIGITAL_SIGNATURE);
  ck_assert_uint_eq (X509_get_extended_key_usage (made->x509), XKU_SSL_SERVER);
  ck_assert_int_eq (X509_self_signed (made->x509, 1), 1);
  ck_assert_int_ne (ASN1_INTEGER_cmp (X509_get0_serialNumber (made->x509),
                        X509_get0_serialNumber (other->x509)),
      0);
  net_selfsigned_free (made);
  net_selfsigned_free (other);
}
GST_END_TEST;

static Suite *
selfsigned_suite (void)
{
  Suite *suite = suite_create ("selfsigned");
  TCase *tcase = tcase_create ("selfsigned");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, it_is_for_each_name_and_address);
  tcase_add_test (tcase, it_expires_within_what_apple_allows);
  tcase_add_test (tcase, it_is_fresh_until_a_month_before_its_end);
  tcase_add_test (tcase, it_is_of_a_server_and_of_no_authority);
  return suite;
}

GST_CHECK_MAIN (selfsigned);
