/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a receiver reports about a sender. */

#include "whepbench/peerreports.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (losses_are_those_since_the_last_report)
{
  PeerReports reports = { .n_reports = 1,
    .last = { .ntp_time = 0x0000123456789abc },
    .last_received_us = 1000 };
  Reception reception = { .has_started = TRUE,
    .first_seq = 65536,
    .highest_seq = 65536 + 99,
    .n_received = 75 };
  FeedbackBlock block =
      peer_reports_answer (&reports, &reception, 7, 1000 + G_USEC_PER_SEC);

  ck_assert_uint_eq (block.ssrc, 7);
  ck_assert_int_eq (block.n_lost, 25);
  ck_assert_uint_eq (block.fraction_lost, 64);
  ck_assert_uint_eq (block.highest_seq, 99);
  ck_assert_uint_eq (block.last_sr, 0x12345678);
  ck_assert_uint_eq (block.delay_since_sr, 65536);

  block = peer_reports_answer (&reports, &reception, 7, 2000);
  ck_assert_uint_eq (block.fraction_lost, 0);
  ck_assert_int_eq (block.n_lost, 25);
}
GST_END_TEST;

GST_START_TEST (a_silent_sender_has_no_round_trip)
{
  PeerReports reports = { 0 };
  Reception reception = { 0 };
  FeedbackBlock block = peer_reports_answer (&reports, &reception, 7, 2000);

  ck_assert_uint_eq (block.last_sr, 0);
  ck_assert_uint_eq (block.delay_since_sr, 0);
}
GST_END_TEST;

static Suite *
peerreports_suite (void)
{
  Suite *suite = suite_create ("peerreports");
  TCase *tcase = tcase_create ("peerreports");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, losses_are_those_since_the_last_report);
  tcase_add_test (tcase, a_silent_sender_has_no_round_trip);
  return suite;
}

GST_CHECK_MAIN (peerreports);
