/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fingerprints as SDP writes them. */

#include "ext/whep/viewer/fingerprint.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (a_fingerprint_is_a_hash_and_bytes)
{
  WhepFingerprint fingerprint;

  ck_assert (whep_fingerprint_init (&fingerprint, "sha-256 00:aB:fF"));
  ck_assert_str_eq (fingerprint.hash, "sha-256");
  ck_assert_uint_eq (fingerprint.size, 3);
  ck_assert_uint_eq (fingerprint.value[0], 0x00);
  ck_assert_uint_eq (fingerprint.value[1], 0xab);
  ck_assert_uint_eq (fingerprint.value[2], 0xff);
}
GST_END_TEST;

static const gchar *const malformed[] = {
  "",
  "sha-256",
  "sha-256 ",
  " 00",
  "sha-256 0",
  "sha-256 00:",
  "sha-256 00:1",
  "sha-256 0011",
  "sha-256 00 11",
  "sha-256 0g",
  "sha-256-and-more 00",
};

GST_START_TEST (a_malformed_fingerprint_is_rejected)
{
  WhepFingerprint fingerprint;

  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
    ck_assert_msg (!whep_fingerprint_init (&fingerprint, malformed[i]), "%s",
        malformed[i]);
}
GST_END_TEST;

GST_START_TEST (a_fingerprint_is_no_longer_than_a_hash)
{
  GString *text = g_string_new ("sha-512 00");
  WhepFingerprint fingerprint;

  for (guint i = 1; i < WHEP_FINGERPRINT_MAX; i++)
    g_string_append (text, ":11");
  ck_assert (whep_fingerprint_init (&fingerprint, text->str));
  ck_assert_uint_eq (fingerprint.size, WHEP_FINGERPRINT_MAX);
  g_string_append (text, ":11");
  ck_assert (!whep_fingerprint_init (&fingerprint, text->str));
  g_string_free (text, TRUE);
}
GST_END_TEST;

static Suite *
fingerprint_suite (void)
{
  Suite *suite = suite_create ("fingerprint");
  TCase *tcase = tcase_create ("fingerprint");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_fingerprint_is_a_hash_and_bytes);
  tcase_add_test (tcase, a_malformed_fingerprint_is_rejected);
  tcase_add_test (tcase, a_fingerprint_is_no_longer_than_a_hash);
  return suite;
}

GST_CHECK_MAIN (fingerprint);
