/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stream of fragments becomes files that begin with a key frame, at 0. */

#include "gst/record/cutter.h"
#include "tests/support/fmp4bytes.h"

#include <gst/check/gstcheck.h>

#define NO_LIMITS (&(const RecordLimits){ 0 })
#define FRAME_BYTES 100
#define MS_NS G_GUINT64_CONSTANT (1000000)

static void
take_init (RecordCutter *cutter)
{
  g_autoptr (GByteArray) init = fmp4_init ();

  ck_assert (record_cutter_take_init (cutter, init->data, init->len));
}

/* Offers a fragment. Its time in the file is stored in @ticks. */
static RecordCut
take (RecordCutter *cutter, guint32 track, guint64 at, gboolean is_key,
    const RecordLimits *limits, guint64 *ticks)
{
  g_autoptr (GByteArray) fragment = fmp4_fragment (track, at, FRAME_BYTES);
  RecordCut cut = record_cutter_take (cutter, fragment->data, fragment->len,
      fragment->len, is_key, limits);

  if (ticks != NULL)
    *ticks = fmp4_ticks (fragment->data);
  return cut;
}

static void
assert_takes (RecordCutter *cutter, guint32 track, guint64 at, gboolean is_key,
    RecordCut cut, guint64 expected)
{
  guint64 ticks;

  ck_assert_int_eq (take (cutter, track, at, is_key, NO_LIMITS, &ticks), cut);
  ck_assert_uint_eq (ticks, expected);
}

GST_START_TEST (a_file_begins_with_a_key_frame_at_0)
{
  RecordCutter cutter = { 0 };

  take_init (&cutter);
  assert_takes (&cutter, FMP4_VIDEO, 5000, FALSE, RECORD_CUT_SKIP, 5000);
  assert_takes (&cutter, FMP4_AUDIO, 48000 * 5, FALSE, RECORD_CUT_SKIP,
      48000 * 5);
  assert_takes (&cutter, FMP4_VIDEO, 6000, TRUE, RECORD_CUT_BEGIN, 0);
  /* Audio of before the picture. */
  assert_takes (&cutter, FMP4_AUDIO, 48000 * 6 - 1, FALSE, RECORD_CUT_SKIP,
      48000 * 6 - 1);
  assert_takes (&cutter, FMP4_AUDIO, 48000 * 6 + 480, FALSE,
      RECORD_CUT_CONTINUE, 480);
  assert_takes (&cutter, FMP4_VIDEO, 6033, FALSE, RECORD_CUT_CONTINUE, 33);
  assert_takes (&cutter, FMP4_VIDEO, 8000, TRUE, RECORD_CUT_CONTINUE, 2000);
  ck_assert_uint_eq (cutter.duration_ns, 2000 * MS_NS);
  ck_assert_uint_eq (cutter.n_bytes, 4 * (FMP4_HEAD_BYTES + FRAME_BYTES));
}
GST_END_TEST;

GST_START_TEST (a_file_ends_at_the_first_key_frame_beyond_a_limit)
{
  static const struct
  {
    RecordLimits limits;
    const gchar *why;
  } all[] = {
    { { .duration_ns = 2500 * MS_NS }, "its duration is reached" },
    { { .bytes = 4 * (FMP4_HEAD_BYTES + FRAME_BYTES) }, "its size is reached" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    RecordCutter cutter = { 0 };
    guint64 ticks;

    take_init (&cutter);
    for (guint n = 0; n < 6; n++)
      ck_assert_int_eq (take (&cutter, FMP4_VIDEO, 1000 + 500 * n, n % 2 == 0,
                            &all[i].limits, &ticks),
          n == 0                 ? RECORD_CUT_BEGIN
              : n == 4 && i == 1 ? RECORD_CUT_BEGIN
                                 : RECORD_CUT_CONTINUE);
    if (i == 0)
      ck_assert_int_eq (take (&cutter, FMP4_VIDEO, 4000, TRUE, &all[i].limits,
                            &ticks),
          RECORD_CUT_BEGIN);
    ck_assert_str_eq (cutter.why, all[i].why);
  }
}
GST_END_TEST;

GST_START_TEST (another_init_segment_begins_another_file)
{
  RecordCutter cutter = { 0 };

  take_init (&cutter);
  assert_takes (&cutter, FMP4_VIDEO, 0, TRUE, RECORD_CUT_BEGIN, 0);
  take_init (&cutter);
  assert_takes (&cutter, FMP4_VIDEO, 40, FALSE, RECORD_CUT_SKIP, 40);
  assert_takes (&cutter, FMP4_VIDEO, 80, TRUE, RECORD_CUT_BEGIN, 0);
  ck_assert_str_eq (cutter.why, "the stream has other parameters");
}
GST_END_TEST;

GST_START_TEST (a_file_that_was_closed_continues_with_a_key_frame)
{
  RecordCutter cutter = { 0 };

  take_init (&cutter);
  assert_takes (&cutter, FMP4_VIDEO, 0, TRUE, RECORD_CUT_BEGIN, 0);
  record_cutter_end_file (&cutter);
  assert_takes (&cutter, FMP4_VIDEO, 40, FALSE, RECORD_CUT_SKIP, 40);
  assert_takes (&cutter, FMP4_VIDEO, 80, TRUE, RECORD_CUT_BEGIN, 0);
}
GST_END_TEST;

GST_START_TEST (times_of_years_do_not_overflow)
{
  const guint64 years = G_GUINT64_CONSTANT (1000000000) * 48000;
  RecordCutter cutter = { 0 };

  take_init (&cutter);
  assert_takes (&cutter, FMP4_AUDIO, years, TRUE, RECORD_CUT_BEGIN, 0);
  assert_takes (&cutter, FMP4_AUDIO, years + 1024, FALSE, RECORD_CUT_CONTINUE,
      1024);
}
GST_END_TEST;

/* Whatever is cut off, or changed. */
GST_START_TEST (what_is_no_fragment_is_not_recorded)
{
  RecordCutter cutter = { 0 };
  g_autoptr (GByteArray) init = fmp4_init ();
  g_autoptr (GByteArray) fragment = fmp4_fragment (FMP4_VIDEO, 0, FRAME_BYTES);

  for (guint size = 0; size < init->len; size++)
    record_cutter_take_init (&cutter, init->data, size);
  ck_assert (!record_cutter_take_init (&cutter, init->data, 20));
  ck_assert_int_eq (record_cutter_take (&cutter, fragment->data, fragment->len,
                        fragment->len, TRUE, NO_LIMITS),
      RECORD_CUT_SKIP);
  take_init (&cutter);
  for (guint size = 0; size < FMP4_HEAD_BYTES - 8; size++)
    ck_assert_int_eq (record_cutter_take (&cutter, fragment->data, size,
                          fragment->len, TRUE, NO_LIMITS),
        RECORD_CUT_SKIP);
  assert_takes (&cutter, 7, 0, TRUE, RECORD_CUT_SKIP, 0);
}
GST_END_TEST;

static Suite *
cutter_suite (void)
{
  Suite *suite = suite_create ("cutter");
  TCase *tcase = tcase_create ("cutter");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_file_begins_with_a_key_frame_at_0);
  tcase_add_test (tcase, a_file_ends_at_the_first_key_frame_beyond_a_limit);
  tcase_add_test (tcase, another_init_segment_begins_another_file);
  tcase_add_test (tcase, a_file_that_was_closed_continues_with_a_key_frame);
  tcase_add_test (tcase, times_of_years_do_not_overflow);
  tcase_add_test (tcase, what_is_no_fragment_is_not_recorded);
  return suite;
}

GST_CHECK_MAIN (cutter);
