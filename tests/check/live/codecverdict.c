/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A codec that needs a device is tried once for all who ask, and again later.
 */

#include "gst/live/codecverdict.h"

#include <gst/check/gstcheck.h>

#define NOW ((gint64) 1000 * G_USEC_PER_SEC)

static void
assert_answer (CodecVerdict *verdict, gint64 now_us, CodecAnswer expected,
    gboolean expected_begins)
{
  gboolean begins;

  ck_assert_int_eq (codec_verdict_ask (verdict, now_us, &begins), expected);
  ck_assert_int_eq (begins, expected_begins);
}

/* Returns: one whose trial has ended at @now_us. */
static CodecVerdict
tried (gboolean works, gint64 now_us)
{
  CodecVerdict verdict = { 0 };

  assert_answer (&verdict, now_us, CODEC_UNKNOWN, TRUE);
  codec_verdict_note (&verdict, works, now_us);
  return verdict;
}

GST_START_TEST (all_who_ask_share_one_trial)
{
  CodecVerdict verdict = { 0 };

  assert_answer (&verdict, NOW, CODEC_UNKNOWN, TRUE);
  for (guint i = 1; i < 5; i++)
    assert_answer (&verdict, NOW + i, CODEC_UNKNOWN, FALSE);
  codec_verdict_note (&verdict, TRUE, NOW + 5);
  assert_answer (&verdict, NOW + 5, CODEC_WORKS, FALSE);
}
GST_END_TEST;

static const CodecAnswer results[] = { CODEC_WORKS, CODEC_FAILS };

GST_START_TEST (a_result_counts_for_a_while)
{
  CodecVerdict verdict = tried (results[__i__] == CODEC_WORKS, NOW);

  assert_answer (&verdict, NOW, results[__i__], FALSE);
  assert_answer (&verdict, NOW + CODEC_VERDICT_EXPIRY_US - 1, results[__i__],
      FALSE);
}
GST_END_TEST;

GST_START_TEST (a_device_that_comes_back_is_found_again)
{
  CodecVerdict verdict = tried (FALSE, NOW);
  gint64 later_us = NOW + CODEC_VERDICT_EXPIRY_US;

  assert_answer (&verdict, later_us, CODEC_UNKNOWN, TRUE);
  assert_answer (&verdict, later_us + 1, CODEC_UNKNOWN, FALSE);
  codec_verdict_note (&verdict, TRUE, later_us + 2);
  assert_answer (&verdict, later_us + 3, CODEC_WORKS, FALSE);
}
GST_END_TEST;

GST_START_TEST (a_device_that_has_worked_is_used_while_it_is_tried_again)
{
  CodecVerdict verdict = tried (TRUE, NOW);
  gint64 later_us = NOW + CODEC_VERDICT_EXPIRY_US;

  assert_answer (&verdict, later_us, CODEC_WORKS, TRUE);
  assert_answer (&verdict, later_us + 1, CODEC_WORKS, FALSE);
  codec_verdict_note (&verdict, FALSE, later_us + 2);
  assert_answer (&verdict, later_us + 3, CODEC_FAILS, FALSE);
}
GST_END_TEST;

/* Whatever it has been before; there is no second trial beside it. */
GST_START_TEST (a_trial_that_hangs_has_failed_until_it_ends)
{
  CodecVerdict before[] = { { 0 }, tried (TRUE, NOW), tried (FALSE, NOW) };
  CodecVerdict *verdict = &before[__i__];
  gint64 late_us = NOW + CODEC_VERDICT_EXPIRY_US;
  gboolean begins;

  codec_verdict_ask (verdict, late_us, &begins);
  ck_assert (begins);
  late_us += CODEC_VERDICT_PATIENCE_US;
  assert_answer (verdict, late_us, CODEC_FAILS, FALSE);
  late_us += CODEC_VERDICT_EXPIRY_US;
  assert_answer (verdict, late_us, CODEC_FAILS, FALSE);
  codec_verdict_note (verdict, TRUE, late_us);
  assert_answer (verdict, late_us, CODEC_WORKS, FALSE);
}
GST_END_TEST;

static Suite *
codecverdict_suite (void)
{
  Suite *suite = suite_create ("codecverdict");
  TCase *tcase = tcase_create ("codecverdict");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, all_who_ask_share_one_trial);
  tcase_add_loop_test (tcase, a_result_counts_for_a_while, 0,
      G_N_ELEMENTS (results));
  tcase_add_test (tcase, a_device_that_comes_back_is_found_again);
  tcase_add_test (tcase,
      a_device_that_has_worked_is_used_while_it_is_tried_again);
  tcase_add_loop_test (tcase, a_trial_that_hangs_has_failed_until_it_ends, 0,
      3);
  return suite;
}

GST_CHECK_MAIN (codecverdict);
