/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sequence numbers have no gaps and map back to the packet; times increase. */

#include "ext/whep/viewer/rewrite.h"

#include <gst/check/gstcheck.h>

#define EPOCH 7

static const WhepTimeRule PLAIN = { .offset = 1000 };

/* Sends @n packets from @place on. */
static void
send_from (WhepRewrite *rewrite, guint64 place, guint n)
{
  for (guint i = 0; i < n; i++)
    whep_rewrite_take_seq (rewrite, EPOCH, place + i);
}

static void
assert_found (const WhepRewrite *rewrite, guint64 seq, guint64 place)
{
  WhepSpan sent;

  ck_assert (whep_rewrite_find (rewrite, (guint16) seq, &sent));
  ck_assert_uint_eq (sent.seq, seq);
  ck_assert_uint_eq (sent.place, place);
  ck_assert_uint_eq (sent.epoch, EPOCH);
}

static void
assert_unknown (const WhepRewrite *rewrite, guint16 seq)
{
  WhepSpan sent;

  ck_assert (!whep_rewrite_find (rewrite, seq, &sent));
}

GST_START_TEST (numbers_have_no_gap_across_jumps)
{
  WhepRewrite rewrite;

  whep_rewrite_init (&rewrite, 500);
  send_from (&rewrite, 10, 5);
  ck_assert_uint_eq (whep_rewrite_take_seq (&rewrite, EPOCH, 1000), 505);
  ck_assert_uint_eq (whep_rewrite_take_seq (&rewrite, EPOCH, 3), 506);
}
GST_END_TEST;

GST_START_TEST (a_number_maps_to_its_place_across_jumps)
{
  WhepRewrite rewrite;

  whep_rewrite_init (&rewrite, 500);
  send_from (&rewrite, 10, 5);
  send_from (&rewrite, 1000, 5);
  send_from (&rewrite, 3, 5);
  assert_found (&rewrite, 500, 10);
  assert_found (&rewrite, 504, 14);
  assert_found (&rewrite, 505, 1000);
  assert_found (&rewrite, 509, 1004);
  assert_found (&rewrite, 510, 3);
  assert_found (&rewrite, 514, 7);
}
GST_END_TEST;

GST_START_TEST (rules_with_no_packet_in_between_count_as_one)
{
  WhepRewrite rewrite;
  WhepSpan sent;

  whep_rewrite_init (&rewrite, 500);
  send_from (&rewrite, 10, 5);
  for (guint i = 0; i < 3 * WHEP_REWRITE_SPANS; i++)
    whep_rewrite_set_rule (&rewrite, &PLAIN);
  send_from (&rewrite, 15, 5);
  ck_assert_uint_eq (rewrite.n_spans, 2);
  ck_assert (whep_rewrite_find (&rewrite, 504, &sent));
  ck_assert_uint_eq (sent.rule.offset, 0);
  ck_assert (whep_rewrite_find (&rewrite, 505, &sent));
  ck_assert_uint_eq (sent.rule.offset, PLAIN.offset);
}
GST_END_TEST;

/* Places of another epoch may belong to another log, even if they are
 * consecutive. */
GST_START_TEST (a_number_keeps_the_playout_delay_that_it_was_sent_with)
{
  static const guint16 delays[] = { 0, 100, 0 };
  WhepRewrite rewrite;
  WhepSpan sent;

  whep_rewrite_init (&rewrite, 500);
  for (guint i = 0; i < G_N_ELEMENTS (delays); i++) {
    whep_rewrite_set_max_delay (&rewrite, delays[i]);
    send_from (&rewrite, 10 + 5 * i, 5);
  }
  for (guint i = 0; i < 5 * G_N_ELEMENTS (delays); i++) {
    assert_found (&rewrite, 500 + i, 10 + i);
    ck_assert (whep_rewrite_find (&rewrite, 500 + i, &sent));
    ck_assert_uint_eq (sent.max_delay, delays[i / 5]);
  }
}
GST_END_TEST;

GST_START_TEST (a_playout_delay_that_stays_begins_no_span)
{
  WhepRewrite rewrite;

  whep_rewrite_init (&rewrite, 500);
  for (guint i = 0; i < 5; i++) {
    whep_rewrite_set_max_delay (&rewrite, 100);
    send_from (&rewrite, 10 + i, 1);
  }
  ck_assert_uint_eq (rewrite.n_spans, 1);
}
GST_END_TEST;

GST_START_TEST (a_number_maps_to_its_epoch)
{
  WhepRewrite rewrite;
  WhepSpan sent;

  whep_rewrite_init (&rewrite, 500);
  whep_rewrite_take_seq (&rewrite, 1, 10);
  whep_rewrite_take_seq (&rewrite, 2, 11);
  ck_assert (whep_rewrite_find (&rewrite, 500, &sent));
  ck_assert_uint_eq (sent.epoch, 1);
  ck_assert (whep_rewrite_find (&rewrite, 501, &sent));
  ck_assert_uint_eq (sent.epoch, 2);
  ck_assert_uint_eq (sent.place, 11);
}
GST_END_TEST;

GST_START_TEST (consecutive_packets_share_a_span)
{
  WhepRewrite rewrite;

  whep_rewrite_init (&rewrite, 500);
  whep_rewrite_set_rule (&rewrite, &PLAIN);
  send_from (&rewrite, 10, 1000);
  ck_assert_uint_eq (rewrite.n_spans, 1);
}
GST_END_TEST;

GST_START_TEST (a_number_that_was_never_sent_is_unknown)
{
  WhepRewrite rewrite;

  whep_rewrite_init (&rewrite, 500);
  assert_unknown (&rewrite, 500);
  assert_unknown (&rewrite, 0);
  send_from (&rewrite, 10, 5);
  assert_unknown (&rewrite, 505);
  assert_unknown (&rewrite, 499);
  assert_unknown (&rewrite, 65535);

  whep_rewrite_init (&rewrite, 0);
  assert_unknown (&rewrite, 0);
  assert_unknown (&rewrite, 65535);
}
GST_END_TEST;

GST_START_TEST (numbers_roll_over)
{
  WhepRewrite rewrite;

  whep_rewrite_init (&rewrite, 65530);
  send_from (&rewrite, 0, 70000);
  assert_found (&rewrite, 65530 + 69999, 69999);
  assert_found (&rewrite, 65530 + 69999 - 65535, 69999 - 65535);
}
GST_END_TEST;

GST_START_TEST (only_the_last_jumps_are_remembered)
{
  WhepRewrite rewrite;

  whep_rewrite_init (&rewrite, 0);
  for (guint i = 0; i < WHEP_REWRITE_SPANS + 2; i++)
    send_from (&rewrite, 100 * i, 10);
  assert_unknown (&rewrite, 19);
  assert_found (&rewrite, 20, 200);
  assert_found (&rewrite, 10 * (WHEP_REWRITE_SPANS + 2) - 1,
      100 * (WHEP_REWRITE_SPANS + 1) + 9);
}
GST_END_TEST;

GST_START_TEST (squeezed_frames_share_the_time_and_never_stall)
{
  WhepPacket *packet = whep_packet_new (0);
  WhepTimeRule rule = {
    .offset = 500,
    .squeeze_end = 150,
    .squeeze_start = 90000,
    .squeeze_width = 1350,
    .first_frame = G_MAXUINT32 - 9,
    .n_frames = 150,
  };
  guint32 last = rule.squeeze_start - 1;

  for (guint i = 0; i < 150; i++) {
    guint32 rtp_time;

    packet->frame = rule.first_frame + i;
    rtp_time = whep_time_rule_apply (&rule, i, packet);
    ck_assert_uint_gt (rtp_time, last);
    last = rtp_time;
  }
  ck_assert_uint_lt (last, rule.squeeze_start + rule.squeeze_width);

  packet->rtp_time = 92000;
  ck_assert_uint_eq (whep_time_rule_apply (&rule, 150, packet), 92500);
  whep_packet_unref (packet);
}
GST_END_TEST;

static Suite *
rewrite_suite (void)
{
  Suite *suite = suite_create ("rewrite");
  TCase *tcase = tcase_create ("rewrite");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, numbers_have_no_gap_across_jumps);
  tcase_add_test (tcase, a_number_maps_to_its_place_across_jumps);
  tcase_add_test (tcase, rules_with_no_packet_in_between_count_as_one);
  tcase_add_test (tcase,
      a_number_keeps_the_playout_delay_that_it_was_sent_with);
  tcase_add_test (tcase, a_playout_delay_that_stays_begins_no_span);
  tcase_add_test (tcase, a_number_maps_to_its_epoch);
  tcase_add_test (tcase, consecutive_packets_share_a_span);
  tcase_add_test (tcase, a_number_that_was_never_sent_is_unknown);
  tcase_add_test (tcase, numbers_roll_over);
  tcase_add_test (tcase, only_the_last_jumps_are_remembered);
  tcase_add_test (tcase, squeezed_frames_share_the_time_and_never_stall);
  return suite;
}

GST_CHECK_MAIN (rewrite);
