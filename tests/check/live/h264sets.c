/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parameter sets are known by type and identifier. */

#include "gst/live/h264sets.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define UNIT(text)                                                             \
  {                                                                            \
    (const guint8 *) text, sizeof text - 1                                     \
  }

static const NalUnit sps = UNIT ("\x67\x42\x00\x1f\x80");
static const NalUnit sps_again = UNIT ("\x67\x42\x00\x1f\x80\x01");
static const NalUnit other_sps = UNIT ("\x67\x42\x00\x1f\x40");
static const NalUnit pps = UNIT ("\x68\x80");
static const NalUnit other_pps = UNIT ("\x68\x40");
static const NalUnit slice = UNIT ("\x41\x80");

static H264Sets sets;

static void
teardown (void)
{
  h264_sets_clear (&sets);
}

GST_START_TEST (sps_come_before_pps_whatever_came_first)
{
  ck_assert (h264_sets_sps (&sets) == NULL);
  ck_assert_int_eq (h264_sets_take (&sets, &pps), H264_SETS_CHANGED);
  ck_assert (h264_sets_sps (&sets) == NULL);
  ck_assert_int_eq (h264_sets_take (&sets, &sps), H264_SETS_CHANGED);
  ck_assert_int_eq (h264_sets_take (&sets, &other_pps), H264_SETS_CHANGED);
  ck_assert_int_eq (h264_sets_take (&sets, &other_sps), H264_SETS_CHANGED);
  ck_assert_uint_eq (sets.n_units, 4);
  ck_assert_uint_eq (h264_sets_sps (&sets)->data[4], sps.data[4]);
  ck_assert_uint_eq (sets.units[1].data[4], other_sps.data[4]);
  ck_assert_uint_eq (sets.units[2].data[1], pps.data[1]);
}
GST_END_TEST;

GST_START_TEST (a_set_replaces_the_one_with_its_identifier)
{
  h264_sets_take (&sets, &sps);
  h264_sets_take (&sets, &other_sps);
  ck_assert_int_eq (h264_sets_take (&sets, &sps), H264_SETS_KNOWN);
  ck_assert_int_eq (h264_sets_take (&sets, &sps_again), H264_SETS_CHANGED);
  ck_assert_uint_eq (sets.n_units, 2);
  ck_assert_uint_eq (sets.n_bytes, sps_again.size + other_sps.size);
  ck_assert (h264_sets_has (&sets, &sps_again));
  ck_assert (!h264_sets_has (&sets, &sps));
}
GST_END_TEST;

GST_START_TEST (what_is_no_parameter_set_is_rejected)
{
  ck_assert_int_eq (h264_sets_take (&sets, &slice), H264_SETS_REJECTED);
  ck_assert_uint_eq (sets.n_units, 0);
}
GST_END_TEST;

/* Their identifiers are Exp-Golomb codes. */
GST_START_TEST (the_number_of_sets_is_limited)
{
  for (guint id = 0; id <= H264_SETS_MAX; id++) {
    guint code = id + 1, n_bits = 2 * g_bit_storage (code) - 1;
    guint bits = code << (16 - n_bits);
    const guint8 bytes[] = { 0x68, bits >> 8, bits | 1 };
    const NalUnit unit = { bytes, sizeof bytes };

    ck_assert_int_eq (h264_sets_take (&sets, &unit),
        id < H264_SETS_MAX ? H264_SETS_CHANGED : H264_SETS_REJECTED);
  }
  ck_assert_uint_eq (sets.n_units, H264_SETS_MAX);
}
GST_END_TEST;

GST_START_TEST (the_bytes_of_sets_are_limited)
{
  g_autofree guint8 *bytes = g_malloc (H264_SETS_MAX_BYTES + 1);
  NalUnit unit = { bytes, H264_SETS_MAX_BYTES };

  memset (bytes, 0xff, H264_SETS_MAX_BYTES + 1);
  bytes[0] = 0x68;
  ck_assert_int_eq (h264_sets_take (&sets, &unit), H264_SETS_CHANGED);
  ck_assert_int_eq (h264_sets_take (&sets, &sps), H264_SETS_REJECTED);
  unit.size++;
  ck_assert_int_eq (h264_sets_take (&sets, &unit), H264_SETS_REJECTED);
  ck_assert_uint_eq (sets.n_bytes, 0);
}
GST_END_TEST;

static Suite *
h264sets_suite (void)
{
  Suite *suite = suite_create ("h264sets");
  TCase *tcase = tcase_create ("h264sets");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, NULL, teardown);
  tcase_add_test (tcase, sps_come_before_pps_whatever_came_first);
  tcase_add_test (tcase, a_set_replaces_the_one_with_its_identifier);
  tcase_add_test (tcase, what_is_no_parameter_set_is_rejected);
  tcase_add_test (tcase, the_number_of_sets_is_limited);
  tcase_add_test (tcase, the_bytes_of_sets_are_limited);
  return suite;
}

GST_CHECK_MAIN (h264sets);
