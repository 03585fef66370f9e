/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Access units end where they should, and not before. */

#include "gst/flv/accessunit.h"

#include <gst/check/gstcheck.h>

#define FRAME_MS 33

/* A publisher with this many slices per picture, each in a tag of its own. */
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

/* Returns: whether it was complete with the last slice. */
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

/* Some encoders send no times. */
GST_START_TEST (pictures_with_the_same_time_are_separate)
{
  Publisher publisher = { 0 };

  for (guint i = 0; i < 10; i++) {
    FlvVerdict verdict = send_slice (&publisher, i == 0, 0);

    ck_assert (verdict.begins && verdict.ends && !verdict.resumes);
  }
}
GST_END_TEST;

GST_START_TEST (the_first_split_picture_is_resumed)
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
  /* The first picture was taken for a complete one. */
  ck_assert_uint_eq (n_complete[0], 90 - FLV_ACCESS_UNIT_ALIKE);
  ck_assert_uint_eq (n_complete[1], 10 - FLV_ACCESS_UNIT_ALIKE_KEYS);
}
GST_END_TEST;

GST_START_TEST (pictures_cut_by_size_always_wait_for_the_next_one)
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

GST_START_TEST (an_end_that_was_wrong_is_not_relied_on_again)
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

GST_START_TEST (separate_parameter_sets_make_the_first_picture_wait)
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

GST_START_TEST (only_one_picture_waits_in_vain)
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

GST_START_TEST (parameter_sets_end_the_previous_picture)
{
  Publisher publisher = { 0 };
  FlvVerdict verdict;

  send_picture (&publisher, TRUE, 4);
  verdict = send_sets (&publisher);
  ck_assert (verdict.ends_last);
  ck_assert (!send_slice (&publisher, TRUE, 0).ends_last);
}
GST_END_TEST;

GST_START_TEST (times_of_parts_may_differ_slightly)
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

GST_START_TEST (parts_are_limited_in_number)
{
  Publisher publisher = { 0 };

  for (guint i = 0; i < FLV_ACCESS_UNIT_MAX_PARTS; i++)
    ck_assert (!send_slice (&publisher, TRUE, i).is_lost);
  ck_assert (send_slice (&publisher, TRUE, 1).is_lost);
  publisher.now_ms += FRAME_MS;
  ck_assert (send_slice (&publisher, TRUE, 0).begins);
}
GST_END_TEST;

GST_START_TEST (the_end_of_the_stream_ends_the_open_picture)
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
  tcase_add_test (tcase, pictures_with_the_same_time_are_separate);
  tcase_add_test (tcase, the_first_split_picture_is_resumed);
  tcase_add_test (tcase, a_picture_in_parts_waits_until_its_end_is_known);
  tcase_add_test (tcase, pictures_cut_by_size_always_wait_for_the_next_one);
  tcase_add_test (tcase, an_end_that_was_wrong_is_not_relied_on_again);
  tcase_add_test (tcase, separate_parameter_sets_make_the_first_picture_wait);
  tcase_add_test (tcase, only_one_picture_waits_in_vain);
  tcase_add_test (tcase, parameter_sets_end_the_previous_picture);
  tcase_add_test (tcase, times_of_parts_may_differ_slightly);
  tcase_add_test (tcase, times_wrap);
  tcase_add_test (tcase, parts_are_limited_in_number);
  tcase_add_test (tcase, the_end_of_the_stream_ends_the_open_picture);
  return suite;
}

GST_CHECK_MAIN (accessunit);
