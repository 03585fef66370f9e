/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in an RTP payload of H.264. */

#include "whepbench/h264look.h"

#include <gst/check/gstcheck.h>

static const struct
{
  const gchar *why;
  guint8 payload[8];
  gsize size;
  gboolean is_valid;
  guint32 nals;
} payloads[] = {
  { "one unit", { 0x65, 1 }, 2, TRUE, H264_HAS (H264_IDR) },
  { "an aggregate", { 24, 0, 1, 0x67, 0, 1, 0x68 }, 7, TRUE,
      H264_HAS (H264_SPS) | H264_HAS (H264_PPS) },
  { "the start of a fragment", { 28, 0x85, 1 }, 3, TRUE, H264_HAS (H264_IDR) },
  { "the rest of one", { 28, 0x05, 1 }, 3, TRUE, 0 },
  { "nothing", { 0 }, 0, FALSE, 0 },
  { "an aggregate of nothing", { 24 }, 1, FALSE, 0 },
  { "an aggregate that is cut off", { 24, 0, 9, 0x67 }, 4, FALSE, 0 },
  { "an empty unit in an aggregate", { 24, 0, 0, 0x67 }, 4, FALSE, 0 },
  { "a fragment of nothing", { 28, 0x85 }, 2, FALSE, 0 },
};

GST_START_TEST (a_payload_is_what_it_holds)
{
  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++) {
    H264Look look = h264_look (payloads[i].payload, payloads[i].size);

    ck_assert_msg (look.is_valid == payloads[i].is_valid, "%s",
        payloads[i].why);
    ck_assert_msg (!look.is_valid || look.nals == payloads[i].nals, "%s",
        payloads[i].why);
  }
}
GST_END_TEST;

static Suite *
h264look_suite (void)
{
  Suite *suite = suite_create ("h264look");
  TCase *tcase = tcase_create ("h264look");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_payload_is_what_it_holds);
  return suite;
}

GST_CHECK_MAIN (h264look);
