/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a receiver knows about one RTP source. */

#include "whepbench/reception.h"

#include <gst/check/gstcheck.h>

static RtpPacket
packet (guint16 seq)
{
  static const guint8 payload[] = { 0x41, 1, 2, 3 };

  return (RtpPacket){ .seq = seq,
    .rtp_time = seq * 3000,
    .payload = payload,
    .payload_size = sizeof (payload) };
}

static gboolean
receives (Reception *self, guint16 seq)
{
  const RtpPacket arrived = packet (seq);
  guint64 number;
  gboolean is_new = reception_add (self, &arrived, 1000, &number);

  ck_assert_uint_eq ((guint16) number, seq);
  return is_new;
}

GST_START_TEST (a_lost_packet_is_asked_for_and_counted_once_it_arrives)
{
  Reception reception;
  guint16 seqs[4];

  reception_init (&reception, TRUE, 90000, FALSE, TRUE);
  ck_assert (receives (&reception, 65534));
  ck_assert (receives (&reception, 1));
  ck_assert_uint_eq (reception_n_missing (&reception), 2);
  ck_assert_uint_eq (reception_ask (&reception, 1000, seqs, 4), 2);
  ck_assert_uint_eq (seqs[0], 65535);
  ck_assert_uint_eq (seqs[1], 0);
  ck_assert (receives (&reception, 65535));
  ck_assert (!receives (&reception, 65535));
  ck_assert_uint_eq (reception.n_repaired, 1);
  ck_assert_uint_eq (reception.n_asked, 2);
  ck_assert_uint_eq (reception.n_duplicates, 1);
  ck_assert_uint_eq (reception_n_missing (&reception), 1);
  reception_clear (&reception);
}
GST_END_TEST;

GST_START_TEST (a_packet_is_given_up_after_some_requests)
{
  Reception reception;
  guint16 seqs[4];

  reception_init (&reception, TRUE, 90000, FALSE, TRUE);
  receives (&reception, 1);
  receives (&reception, 3);
  for (guint i = 0; i < RECEPTION_MAX_ASKS; i++)
    ck_assert_uint_eq (reception_ask (&reception, i * G_USEC_PER_SEC + 1000,
                           seqs, 4),
        1);
  ck_assert_uint_eq (reception_ask (&reception, 100 * G_USEC_PER_SEC, seqs, 4),
      0);
  ck_assert (reception_deadline_us (&reception) == G_MAXINT64);
  ck_assert (!receives (&reception, 2));
  ck_assert_uint_eq (reception_n_missing (&reception), 1);
  reception_clear (&reception);
}
GST_END_TEST;

GST_START_TEST (a_leap_leaves_a_limited_number_of_requests)
{
  Reception reception;

  reception_init (&reception, TRUE, 90000, FALSE, TRUE);
  receives (&reception, 0);
  receives (&reception, 30000);
  ck_assert_uint_eq (reception.missing->len, RECEPTION_MAX_MISSING);
  ck_assert_uint_eq (reception_n_missing (&reception), 29999);
  reception_clear (&reception);
}
GST_END_TEST;

GST_START_TEST (a_packet_that_is_cut_off_is_rejected)
{
  /* Two contributing sources, and an extension of one word. */
  static const guint8 whole[] = { 0x92, 0xe0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0,
    0, 0, 4, 0, 0, 0, 5, 0xbe, 0xde, 0, 1, 0x10, 7, 0, 0, 0x41 };
  RtpPacket parsed;

  ck_assert (rtp_parse (&parsed, whole, sizeof (whole)));
  ck_assert (parsed.is_marked && parsed.pt == 0x60 && parsed.ssrc == 3);
  ck_assert_uint_eq (parsed.payload_size, 1);
  for (gsize size = 0; size < sizeof (whole) - 1; size++) {
    g_autofree guint8 *cut = g_memdup2 (whole, size);

    ck_assert (!rtp_parse (&parsed, cut, size));
  }
}
GST_END_TEST;

GST_START_TEST (padding_is_no_payload)
{
  static const guint8 padded[] = { 0xa0, 96, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0x41,
    0, 2 };
  RtpPacket parsed;

  ck_assert (rtp_parse (&parsed, padded, sizeof (padded)));
  ck_assert (rtp_remove_padding (&parsed));
  ck_assert_uint_eq (parsed.payload_size, 1);
  ck_assert (rtp_parse (&parsed, padded, sizeof (padded) - 1));
  ck_assert (!rtp_remove_padding (&parsed));
  ck_assert (rtp_parse (&parsed, padded, 12));
  ck_assert (!rtp_remove_padding (&parsed));
}
GST_END_TEST;

GST_START_TEST (a_retransmission_holds_the_packet_that_was_lost)
{
  static const guint8 resent[] = { 0x80, 97, 0, 9, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2,
    0x41 };
  RtpPacket parsed;

  ck_assert (rtp_parse (&parsed, resent, sizeof (resent)));
  ck_assert (rtp_read_original (&parsed));
  ck_assert_uint_eq (parsed.seq, 0x0102);
  ck_assert_uint_eq (parsed.payload_size, 1);
  ck_assert (rtp_parse (&parsed, resent, sizeof (resent) - 1));
  ck_assert (!rtp_read_original (&parsed));
}
GST_END_TEST;

static Suite *
reception_suite (void)
{
  Suite *suite = suite_create ("reception");
  TCase *tcase = tcase_create ("reception");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      a_lost_packet_is_asked_for_and_counted_once_it_arrives);
  tcase_add_test (tcase, a_packet_is_given_up_after_some_requests);
  tcase_add_test (tcase, a_leap_leaves_a_limited_number_of_requests);
  tcase_add_test (tcase, a_packet_that_is_cut_off_is_rejected);
  tcase_add_test (tcase, padding_is_no_payload);
  tcase_add_test (tcase, a_retransmission_holds_the_packet_that_was_lost);
  return suite;
}

GST_CHECK_MAIN (reception);
