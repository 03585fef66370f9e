/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Access units end where they end, and no sooner. */

#include "gst/flv/accessunit.h"

#include <gst/check/gstcheck.h>

#define FRAME_MS 33

/* A publisher of so many slices a picture, in tags of their own. */
typedef struct
{
  FlvAccessUnit unit;
  guint32 now_ms;
} Publisher;

static FlvVerdict
send_slice (Publisher *publisher, gboolean is_key, guint index)
{
  const FlvPart part = { .time_ms = publisher->now_ms,
    .n_slices = 1,
    .starts_picture = index == 0,
    .is_key = is_key,
    .position = 100 * index };

  return flv_access_unit_add (&publisher->unit, &part);
}

static FlvVerdict
send_sets (Publisher *publisher)
{
  const FlvPart part = { .time_ms = publisher->now_ms, .has_sets = TRUE };

  return flv_access_unit_add (&publisher->unit, &part);
}

/* Returns: whether it was complete by the last slice. */
static gboolean
send_picture (Publisher *publisher, gboolean is_key, guint n_slices)
{
  FlvVerdict verdict = { 0 };

  for (guint i = 0; i < n_slices; i++) {
    verdict = send_slice (publisher, is_key, i);
    ck_assert_int_eq (verdict.begins, i == 0);
  }
  publisher->now_ms += FRAME_MS;
  return verdict.ends;
}

GST_START_TEST (a_picture_in_one_part_is_complete_at_once)
{
  Publisher publisher = { 0 };

  for (guint i = 0; i < 100; i++) {
    FlvVerdict verdict = send_slice (&publisher, i % 30 == 0, 0);

    ck_assert (verdict.begins && verdict.ends);
    ck_assert (!verdict.ends_last && !verdict.resumes);
    publisher.now_ms += FRAME_MS;
  }
}
GST_END_TEST;

/* Encoders exist that have no time. */
GST_START_TEST (pictures_that_share_a_time_are_several)
{
  Publisher publisher = { 0 };

  for (guint i = 0; i < 10; i++) {
    FlvVerdict verdict = send_slice (&publisher, i == 0, 0);

    ck_assert (verdict.begins && verdict.ends && !verdict.resumes);
  }
}
GST_END_TEST;

GST_START_TEST (the_first_surprise_resumes_what_was_sent)
{
  Publisher publisher = { 0 };
  FlvVerdict verdict = send_slice (&publisher, TRUE, 0);

  ck_assert (verdict.ends);
  verdict = send_slice (&publisher, TRUE, 1);
  ck_assert (verdict.resumes && !verdict.begins && !verdict.ends);
  verdict = send_slice (&publisher, TRUE, 2);
  ck_assert (!verdict.resumes && !verdict.begins && !verdict.ends);
  publisher.now_ms += FRAME_MS;
  verdict = send_slice (&publisher, FALSE, 0);
  ck_assert (verdict.ends_last && verdict.begins && !verdict.ends);
}
GST_END_TEST;

GST_START_TEST (a_picture_in_parts_waits_until_its_end_is_known)
{
  Publisher publisher = { 0 };
  guint n_complete[2] = { 0, 0 };

  for (guint i = 0; i < 100; i++) {
    gboolean is_key = i % 10 == 0;

    n_complete[is_key] += send_picture (&publisher, is_key, 4);
  }
  /* The first picture has been taken for a whole one. */
  ck_assert_uint_eq (n_complete[0], 90 - FLV_ACCESS_UNIT_ALIKE);
  ck_assert_uint_eq (n_complete[1], 10 - FLV_ACCESS_UNIT_ALIKE_KEYS);
}
GST_END_TEST;

GST_START_TEST (who_cuts_by_size_is_never_believed_to_be_done)
{
  Publisher publisher = { 0 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  guint n_complete = 0;

  for (guint i = 0; i < 1000; i++)
    n_complete +=
        send_picture (&publisher, i % 30 == 0, g_rand_int_range (rand, 1, 6)) &&
        i > 0;
  ck_assert_uint_le (n_complete, 1);
}
GST_END_TEST;

GST_START_TEST (an_end_that_was_wrong_is_not_believed_again)
{
  Publisher publisher = { 0 };
  FlvVerdict verdict = { 0 };

  for (guint i = 0; i < 2 * FLV_ACCESS_UNIT_ALIKE; i++)
    send_picture (&publisher, i == 0, 4);
  for (guint i = 0; i < 5; i++) {
    verdict = send_slice (&publisher, FALSE, i);
    ck_assert_int_eq (verdict.ends, i == 3);
  }
  ck_assert (verdict.resumes);
  publisher.now_ms += FRAME_MS;
  for (guint i = 0; i < 2 * FLV_ACCESS_UNIT_ALIKE; i++)
    ck_assert (!send_picture (&publisher, FALSE, 4));
}
GST_END_TEST;

GST_START_TEST (sets_of_their_own_make_the_first_picture_wait)
{
  Publisher publisher = { 0 };
  FlvVerdict verdict = send_sets (&publisher);

  ck_assert (!verdict.ends_last && !verdict.begins && !verdict.ends);
  verdict = send_slice (&publisher, TRUE, 0);
  ck_assert (verdict.begins && !verdict.ends);
  verdict = send_slice (&publisher, TRUE, 1);
  ck_assert (!verdict.resumes && !verdict.ends);
  publisher.now_ms += FRAME_MS;
  verdict = send_slice (&publisher, FALSE, 0);
  ck_assert (verdict.ends_last);
}
GST_END_TEST;

GST_START_TEST (one_that_waited_in_vain_is_the_only_one)
{
  Publisher publisher = { 0 };

  for (guint i = 0; i < 100; i++) {
    FlvVerdict verdict = { 0 };

    if (i % 10 == 0)
      verdict = send_sets (&publisher);
    ck_assert (!verdict.ends_last);
    verdict = send_slice (&publisher, i % 10 == 0, 0);
    ck_assert_int_eq (verdict.ends, i > 0);
    ck_assert_int_eq (verdict.ends_last, i == 1);
    publisher.now_ms += FRAME_MS;
  }
}
GST_END_TEST;

GST_START_TEST (sets_end_the_picture_before_them)
{
  Publisher publisher = { 0 };
  FlvVerdict verdict;

  send_picture (&publisher, TRUE, 4);
  verdict = send_sets (&publisher);
  ck_assert (verdict.ends_last);
  ck_assert (!send_slice (&publisher, TRUE, 0).ends_last);
}
GST_END_TEST;

GST_START_TEST (parts_may_be_a_little_apart)
{
  Publisher publisher = { 0 };

  send_slice (&publisher, TRUE, 0);
  publisher.now_ms += FLV_ACCESS_UNIT_SPREAD_MS;
  ck_assert (send_slice (&publisher, TRUE, 1).resumes);
  publisher.now_ms++;
  ck_assert (send_slice (&publisher, TRUE, 2).begins);
}
GST_END_TEST;

GST_START_TEST (times_wrap)
{
  Publisher publisher = { .now_ms = G_MAXUINT32 };

  send_slice (&publisher, TRUE, 0);
  publisher.now_ms++;
  ck_assert (send_slice (&publisher, TRUE, 1).resumes);
}
GST_END_TEST;

GST_START_TEST (parts_have_a_limit)
{
  Publisher publisher = { 0 };

  for (guint i = 0; i < FLV_ACCESS_UNIT_MAX_PARTS; i++)
    ck_assert (!send_slice (&publisher, TRUE, i).is_lost);
  ck_assert (send_slice (&publisher, TRUE, 1).is_lost);
  publisher.now_ms += FRAME_MS;
  ck_assert (send_slice (&publisher, TRUE, 0).begins);
}
GST_END_TEST;

GST_START_TEST (the_end_of_the_stream_ends_what_is_open)
{
  Publisher publisher = { 0 };

  send_picture (&publisher, TRUE, 2);
  flv_access_unit_end (&publisher.unit);
  ck_assert (!send_slice (&publisher, TRUE, 0).ends_last);
}
GST_END_TEST;

static Suite *
accessunit_suite (void)
{
  Suite *suite = suite_create ("accessunit");
  TCase *tcase = tcase_create ("accessunit");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_picture_in_one_part_is_complete_at_once);
  tcase_add_test (tcase, pictures_that_share_a_time_are_several);
  tcase_add_test (tcase, the_first_surprise_resumes_what_was_sent);
  tcase_add_test (tcase, a_picture_in_parts_waits_until_its_end_is_known);
  tcase_add_test (tcase, who_cuts_by_size_is_never_believed_to_be_done);
  tcase_add_test (tcase, an_end_that_was_wrong_is_not_believed_again);
  tcase_add_test (tcase, sets_of_their_own_make_the_first_picture_wait);
  tcase_add_test (tcase, one_that_waited_in_vain_is_the_only_one);
  tcase_add_test (tcase, sets_end_the_picture_before_them);
  tcase_add_test (tcase, parts_may_be_a_little_apart);
  tcase_add_test (tcase, times_wrap);
  tcase_add_test (tcase, parts_have_a_limit);
  tcase_add_test (tcase, the_end_of_the_stream_ends_what_is_open);
  return suite;
}

GST_CHECK_MAIN (accessunit);
