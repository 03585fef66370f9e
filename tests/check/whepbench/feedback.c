/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* RTCP as a receiver writes and reads it. */

#include "whepbench/feedback.h"

#include <gst/check/gstcheck.h>
#include <string.h>

GST_START_TEST (a_nack_names_a_run_of_packets_in_one_pair)
{
  const guint16 seqs[] = { 65535, 0, 15, 16 };
  const guint8 pairs[] = { 0xff, 0xff, 0x80, 0x01, 0, 16, 0, 0 };
  guint8 out[FEEDBACK_MAX_BYTES];
  gsize size = feedback_write_nack (1, 2, seqs, G_N_ELEMENTS (seqs), out);

  ck_assert_uint_eq (size, 12 + sizeof (pairs));
  ck_assert (memcmp (out + 12, pairs, sizeof (pairs)) == 0);
}
GST_END_TEST;

GST_START_TEST (a_nack_has_room_for_all_that_it_may_name)
{
  guint16 seqs[FEEDBACK_MAX_SEQS];
  guint8 out[FEEDBACK_MAX_BYTES];

  for (guint i = 0; i < FEEDBACK_MAX_SEQS; i++)
    seqs[i] = i * 100;
  ck_assert_uint_le (feedback_write_nack (1, 2, seqs, FEEDBACK_MAX_SEQS, out),
      sizeof (out));
}
GST_END_TEST;

static const guint8 sender_report[] = { 0x80, 200, 0, 6, 0, 0, 0, 9, 1, 2, 3, 4,
  5, 6, 7, 8, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0x81, 203, 0, 1, 0, 0, 0, 9 };

GST_START_TEST (a_report_and_a_bye_are_read_from_one_packet)
{
  SenderReport report;

  ck_assert (
      feedback_read_sender (&report, sender_report, sizeof (sender_report)));
  ck_assert (report.has_report && report.has_bye);
  ck_assert_uint_eq (report.ssrc, 9);
  ck_assert_uint_eq (report.ntp_time, 0x0102030405060708);
  ck_assert_uint_eq (report.n_packets, 2);
}
GST_END_TEST;

GST_START_TEST (a_packet_that_is_cut_off_is_rejected)
{
  for (gsize size = 1; size < sizeof (sender_report); size++) {
    g_autofree guint8 *cut = g_memdup2 (sender_report, size);
    SenderReport report;

    ck_assert (feedback_read_sender (&report, cut, size) == (size == 28));
  }
}
GST_END_TEST;

static Suite *
feedback_suite (void)
{
  Suite *suite = suite_create ("feedback");
  TCase *tcase = tcase_create ("feedback");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_nack_names_a_run_of_packets_in_one_pair);
  tcase_add_test (tcase, a_nack_has_room_for_all_that_it_may_name);
  tcase_add_test (tcase, a_report_and_a_bye_are_read_from_one_packet);
  tcase_add_test (tcase, a_packet_that_is_cut_off_is_rejected);
  return suite;
}

GST_CHECK_MAIN (feedback);
