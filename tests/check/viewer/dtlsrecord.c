/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Alerts sealed and opened by two ends that have each other's keys. dtls.c
 * shows that OpenSSL reads ours and that we read OpenSSL's. */

#include "ext/whep/viewer/dtlsrecord.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define CLOSE_NOTIFY_SIZE_GCM (13 + 8 + 2 + 16)

static const int ciphers[] = { NID_aes_128_gcm, NID_aes_256_gcm,
  NID_chacha20_poly1305 };

/* Two ends of one connection. */
static void
make_ends (int cipher, WhepDtlsKeys *a, WhepDtlsKeys *b)
{
  memset (a, 0, sizeof (*a));
  a->cipher_nid = cipher;
  memset (&a->ours, 0x11, sizeof (a->ours));
  memset (&a->theirs, 0x22, sizeof (a->theirs));
  *b = *a;
  b->ours = a->theirs;
  b->theirs = a->ours;
}

static gboolean
opens (const WhepDtlsKeys *keys, const guint8 *data, gsize size)
{
  WhepDtlsRecord record;
  guint8 level, description;

  return whep_dtls_record_next (&data, &size, &record) &&
      whep_dtls_open_alert (keys, &record, &level, &description);
}

GST_START_TEST (an_alert_that_one_end_seals_is_opened_by_the_other)
{
  for (guint i = 0; i < G_N_ELEMENTS (ciphers); i++) {
    guint8 alert[WHEP_DTLS_ALERT_MAX], level, description;
    const guint8 *data = alert;
    WhepDtlsRecord record;
    WhepDtlsKeys a, b;
    gsize size;

    make_ends (ciphers[i], &a, &b);
    size = whep_dtls_seal_alert (&a, 2, 40, alert);
    ck_assert_uint_le (size, WHEP_DTLS_ALERT_MAX);
    ck_assert (whep_dtls_record_next (&data, &size, &record));
    ck_assert_uint_eq (size, 0);
    ck_assert (whep_dtls_open_alert (&b, &record, &level, &description));
    ck_assert_uint_eq (level, 2);
    ck_assert_uint_eq (description, 40);
    ck_assert (!whep_dtls_open_alert (&a, &record, &level, &description));
  }
}
GST_END_TEST;

GST_START_TEST (no_two_records_have_the_same_number)
{
  guint8 first[WHEP_DTLS_ALERT_MAX], second[WHEP_DTLS_ALERT_MAX];
  WhepDtlsKeys a, b;

  make_ends (NID_aes_128_gcm, &a, &b);
  whep_dtls_seal_alert (&a, 1, 0, first);
  whep_dtls_seal_alert (&a, 1, 0, second);
  ck_assert (memcmp (first + 3, second + 3, 8) != 0);
}
GST_END_TEST;

GST_START_TEST (an_alert_with_one_bit_flipped_does_not_open)
{
  for (guint i = 0; i < G_N_ELEMENTS (ciphers); i++) {
    guint8 alert[WHEP_DTLS_ALERT_MAX];
    WhepDtlsKeys a, b;
    gsize size;

    make_ends (ciphers[i], &a, &b);
    size = whep_dtls_seal_alert (&a, 1, 0, alert);
    ck_assert (opens (&b, alert, size));
    for (gsize bit = 0; bit < size * 8; bit++) {
      alert[bit / 8] ^= 1 << bit % 8;
      ck_assert_msg (!opens (&b, alert, size), "bit %" G_GSIZE_FORMAT, bit);
      alert[bit / 8] ^= 1 << bit % 8;
    }
  }
}
GST_END_TEST;

GST_START_TEST (a_datagram_is_read_record_by_record)
{
  guint8 datagram[2 * WHEP_DTLS_ALERT_MAX];
  const guint8 *data = datagram;
  WhepDtlsRecord record;
  WhepDtlsKeys a, b;
  gsize size;

  make_ends (NID_aes_128_gcm, &a, &b);
  size = whep_dtls_seal_alert (&a, 1, 0, datagram);
  size += whep_dtls_seal_alert (&a, 1, 0, datagram + size);
  size--;
  ck_assert (whep_dtls_record_next (&data, &size, &record));
  ck_assert_uint_eq (record.type, WHEP_DTLS_TYPE_ALERT);
  ck_assert_uint_eq (record.epoch, 1);
  ck_assert_uint_eq (record.size, CLOSE_NOTIFY_SIZE_GCM);
  /* The second record lacks its last byte. */
  ck_assert (!whep_dtls_record_next (&data, &size, &record));
}
GST_END_TEST;

static Suite *
dtlsrecord_suite (void)
{
  Suite *suite = suite_create ("dtlsrecord");
  TCase *tcase = tcase_create ("alerts");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_alert_that_one_end_seals_is_opened_by_the_other);
  tcase_add_test (tcase, no_two_records_have_the_same_number);
  tcase_add_test (tcase, an_alert_with_one_bit_flipped_does_not_open);
  tcase_add_test (tcase, a_datagram_is_read_record_by_record);
  return suite;
}

GST_CHECK_MAIN (dtlsrecord);
