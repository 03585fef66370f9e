/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bytes of the RTP header, according to RFC 3550 and RFC 8285. */

#include "ext/whep/viewer/rtpheader.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const struct
{
  const gchar *why;
  guint8 pt, playout_delay_id, abs_capture_time_id;
  gboolean is_marked;
  gsize size;
  guint8 bytes[WHEP_RTP_HEADER_MAX];
} headers[] = {
  { "plain", 111, 0, 0, FALSE, 12,
      { 0x80, 111, 0x12, 0x34, 1, 2, 3, 4, 0xaa, 0xbb, 0xcc, 0xdd } },
  { "marker", 108, 0, 0, TRUE, 12,
      { 0x80, 0x80 | 108, 0x12, 0x34, 1, 2, 3, 4, 0xaa, 0xbb, 0xcc, 0xdd } },
  { "one-byte extension: id 5, 3 bytes of zero", 108, 5, 0, TRUE, 20,
      { 0x90, 0x80 | 108, 0x12, 0x34, 1, 2, 3, 4, 0xaa, 0xbb, 0xcc, 0xdd, 0xbe,
          0xde, 0, 1, 0x52, 0, 0, 0 } },
  { "the last id of the one-byte form", 108, 14, 0, FALSE, 20,
      { 0x90, 108, 0x12, 0x34, 1, 2, 3, 4, 0xaa, 0xbb, 0xcc, 0xdd, 0xbe, 0xde,
          0, 1, 0xe2, 0, 0, 0 } },
  { "two-byte extension: id 15 and padding", 108, 15, 0, FALSE, 24,
      { 0x90, 108, 0x12, 0x34, 1, 2, 3, 4, 0xaa, 0xbb, 0xcc, 0xdd, 0x10, 0x00,
          0, 2, 15, 3, 0, 0, 0, 0, 0, 0 } },
  { "a capture time alone", 108, 0, 7, FALSE, 28,
      { 0x90, 108, 0x12, 0x34, 1, 2, 3, 4, 0xaa, 0xbb, 0xcc, 0xdd, 0xbe, 0xde,
          0, 3, 0x77, 0xe1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0 } },
  { "both elements", 108, 5, 7, FALSE, 32,
      { 0x90, 108, 0x12, 0x34, 1, 2, 3, 4, 0xaa, 0xbb, 0xcc, 0xdd, 0xbe, 0xde,
          0, 4, 0x52, 0, 0, 0, 0x77, 0xe1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0 } },
  { "one id that is large makes both elements two-byte", 108, 5, 200, FALSE, 32,
      { 0x90, 108, 0x12, 0x34, 1, 2, 3, 4, 0xaa, 0xbb, 0xcc, 0xdd, 0x10, 0x00,
          0, 4, 5, 3, 0, 0, 0, 200, 8, 0xe1, 2, 3, 4, 5, 6, 7, 8, 0 } },
};

GST_START_TEST (a_header_has_the_bytes_of_the_rfc)
{
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    WhepRtpHeaderExtensions ids = { headers[i].playout_delay_id,
      headers[i].abs_capture_time_id };
    WhepRtpHeader header;

    whep_rtp_header_init (&header, headers[i].pt, 0xaabbccdd, &ids);
    whep_rtp_header_set (&header, headers[i].is_marked, 0x1234, 0x01020304);
    whep_rtp_header_set_capture_time (&header, 0xe102030405060708);
    ck_assert_msg (header.size == headers[i].size, "%s", headers[i].why);
    ck_assert_msg (memcmp (header.bytes, headers[i].bytes, header.size) == 0,
        "%s", headers[i].why);
  }
}
GST_END_TEST;

GST_START_TEST (a_marker_does_not_stick)
{
  WhepRtpHeaderExtensions ids = { .playout_delay_id = 5 };
  WhepRtpHeader header;

  whep_rtp_header_init (&header, 96, 1, &ids);
  whep_rtp_header_set (&header, TRUE, 1, 1);
  whep_rtp_header_set (&header, FALSE, 2, 2);
  ck_assert_uint_eq (header.bytes[1], 96);
  ck_assert_uint_eq (header.bytes[3], 2);
}
GST_END_TEST;

GST_START_TEST (padding_does_not_stick)
{
  WhepRtpHeaderExtensions ids = { .playout_delay_id = 5 };
  WhepRtpHeader header;

  whep_rtp_header_init (&header, 96, 1, &ids);
  whep_rtp_header_set_padded (&header, TRUE);
  ck_assert_uint_eq (header.bytes[0], 0xb0);
  whep_rtp_header_set_padded (&header, FALSE);
  ck_assert_uint_eq (header.bytes[0], 0x90);
}
GST_END_TEST;

GST_START_TEST (a_playout_delay_is_the_maximum_of_12_bits)
{
  static const struct
  {
    guint8 id;
    gsize at;
    guint8 value[3];
  } cases[] = { { 5, 17, { 0, 0, 100 } }, { 15, 18, { 0, 0, 100 } } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    WhepRtpHeaderExtensions ids = { cases[i].id, 7 };
    WhepRtpHeader header;

    whep_rtp_header_init (&header, 96, 1, &ids);
    whep_rtp_header_set_playout_delay (&header, WHEP_PLAYOUT_DELAY_IN_STEP);
    ck_assert (memcmp (header.bytes + cases[i].at, cases[i].value, 3) == 0);
    whep_rtp_header_set_playout_delay (&header, WHEP_PLAYOUT_DELAY_AT_ONCE);
    ck_assert_uint_eq (header.bytes[cases[i].at + 2], 0);
  }
}
GST_END_TEST;

GST_START_TEST (a_header_without_playout_delay_is_not_changed_by_one)
{
  WhepRtpHeaderExtensions ids = { 0 };
  WhepRtpHeader header, before;

  whep_rtp_header_init (&header, 96, 1, &ids);
  before = header;
  whep_rtp_header_set_playout_delay (&header, WHEP_PLAYOUT_DELAY_IN_STEP);
  ck_assert (memcmp (header.bytes, before.bytes, sizeof (header.bytes)) == 0);
}
GST_END_TEST;

static Suite *
rtpheader_suite (void)
{
  Suite *suite = suite_create ("rtpheader");
  TCase *tcase = tcase_create ("header");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_header_has_the_bytes_of_the_rfc);
  tcase_add_test (tcase, a_marker_does_not_stick);
  tcase_add_test (tcase, padding_does_not_stick);
  tcase_add_test (tcase, a_playout_delay_is_the_maximum_of_12_bits);
  tcase_add_test (tcase, a_header_without_playout_delay_is_not_changed_by_one);
  return suite;
}

GST_CHECK_MAIN (rtpheader);
