/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a viewer sees, by the packets alone. */

#include "whepbench/playback.h"

#include <gst/check/gstcheck.h>

#define MS 1000
/* The first number that a reception gives. */
#define FIRST 65536

static const guint8 sps[] = { 0x67, 0x42 };
static const guint8 idr[] = { 0x65, 0x88 };
static const guint8 slice[] = { 0x41, 0x9a };

static void
receives (Playback *self, guint64 number, guint frame, gboolean is_marked,
    const guint8 *payload, gint64 now_us)
{
  const RtpPacket packet = { .rtp_time = frame * 3000,
    .is_marked = is_marked,
    .payload = payload,
    .payload_size = 2 };

  playback_add (self, number, &packet, now_us);
}

GST_START_TEST (a_key_frame_counts_once_all_of_it_has_arrived)
{
  Playback playback;

  playback_init (&playback, "H264");
  receives (&playback, FIRST, 1, TRUE, slice, 1 * MS);
  receives (&playback, FIRST + 1, 2, FALSE, sps, 2 * MS);
  receives (&playback, FIRST + 3, 2, TRUE, idr, 3 * MS);
  ck_assert (playback.first_key_us == 0 && playback_reads_payloads (&playback));
  receives (&playback, FIRST + 4, 3, TRUE, slice, 4 * MS);
  receives (&playback, FIRST + 2, 2, FALSE, idr, 5 * MS);
  ck_assert_int_eq (playback.first_key_us, 5 * MS);
  ck_assert (!playback_reads_payloads (&playback));
  ck_assert_uint_eq (playback.n_frames, 3);
  playback_clear (&playback);
}
GST_END_TEST;

GST_START_TEST (a_key_frame_that_lacks_its_start_does_not_count)
{
  Playback playback;

  playback_init (&playback, "h264");
  receives (&playback, FIRST, 1, TRUE, slice, 1 * MS);
  receives (&playback, FIRST + 2, 2, TRUE, idr, 2 * MS);
  ck_assert_int_eq (playback.first_key_us, 0);
  receives (&playback, FIRST + 1, 2, FALSE, sps, 3 * MS);
  ck_assert_int_eq (playback.first_key_us, 3 * MS);
  playback_clear (&playback);
}
GST_END_TEST;

GST_START_TEST (the_first_packet_of_all_may_start_a_key_frame)
{
  Playback playback;

  playback_init (&playback, "H264");
  receives (&playback, FIRST, 1, TRUE, sps, 1 * MS);
  ck_assert_int_eq (playback.first_key_us, 1 * MS);
  playback_clear (&playback);
}
GST_END_TEST;

GST_START_TEST (other_frames_are_no_key_frames)
{
  Playback playback;

  playback_init (&playback, "H264");
  for (guint i = 0; i < 2 * PLAYBACK_MAX_PACKETS; i++)
    receives (&playback, FIRST + i, i, TRUE, slice, i);
  ck_assert_int_eq (playback.first_key_us, 0);
  playback_clear (&playback);
}
GST_END_TEST;

GST_START_TEST (a_frame_larger_than_the_limit_is_harmless)
{
  Playback playback;

  playback_init (&playback, "H264");
  for (guint i = 0; i < 2 * PLAYBACK_MAX_PACKETS; i++)
    receives (&playback, FIRST + i, 1, i + 1 == 2 * PLAYBACK_MAX_PACKETS, idr,
        i);
  ck_assert_int_eq (playback.first_key_us, 0);
  playback_clear (&playback);
}
GST_END_TEST;

GST_START_TEST (rate_and_longest_gap_are_those_of_the_frames)
{
  Playback playback;

  playback_init (&playback, "");
  ck_assert (!playback_reads_payloads (&playback));
  ck_assert (playback_frame_rate (&playback) == 0);
  for (guint i = 0; i < 10; i++)
    receives (&playback, FIRST + i, i, TRUE, slice, (i + 1) * 20 * MS);
  receives (&playback, FIRST + 10, 10, TRUE, slice, 300 * MS);
  ck_assert_int_eq (playback.longest_gap_us, 100 * MS);
  ck_assert (ABS (playback_frame_rate (&playback) - 10 / 0.28) < 1e-6);
  playback_clear (&playback);
}
GST_END_TEST;

static const struct
{
  const gchar *codec;
  guint8 key[4], other[4];
} payloads[] = {
  { "AV1", { 0x18, 0x0a }, { 0x10, 0x32 } },
  { "VP8", { 0x10, 0x10 }, { 0x10, 0x11 } },
  { "VP9", { 0x08, 0x80 }, { 0x48, 0x80 } },
};

GST_START_TEST (each_codec_has_its_key_frames)
{
  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++) {
    Playback playback;

    playback_init (&playback, payloads[i].codec);
    receives (&playback, FIRST, 1, TRUE, payloads[i].other, 1 * MS);
    ck_assert_msg (playback.first_key_us == 0, "%s", payloads[i].codec);
    receives (&playback, FIRST + 1, 2, TRUE, payloads[i].key, 2 * MS);
    ck_assert_msg (playback.first_key_us == 2 * MS, "%s", payloads[i].codec);
    playback_clear (&playback);
  }
}
GST_END_TEST;

static Suite *
playback_suite (void)
{
  Suite *suite = suite_create ("playback");
  TCase *tcase = tcase_create ("playback");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_key_frame_counts_once_all_of_it_has_arrived);
  tcase_add_test (tcase, a_key_frame_that_lacks_its_start_does_not_count);
  tcase_add_test (tcase, the_first_packet_of_all_may_start_a_key_frame);
  tcase_add_test (tcase, other_frames_are_no_key_frames);
  tcase_add_test (tcase, a_frame_larger_than_the_limit_is_harmless);
  tcase_add_test (tcase, rate_and_longest_gap_are_those_of_the_frames);
  tcase_add_test (tcase, each_codec_has_its_key_frames);
  return suite;
}

GST_CHECK_MAIN (playback);
