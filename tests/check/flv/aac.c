/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AAC headers, valid and invalid. */

#include "gst/flv/aac.h"

#include <gst/check/gstcheck.h>

#define BYTES(text) text, sizeof text - 1

static const struct
{
  const gchar *why;
  const gchar *data;
  gsize size;
  FlvAacVerdict verdict;
  guint rate, n_channels, n_samples;
} configs[] = {
  { "LC, stereo", BYTES ("\x12\x10"), FLV_AAC_OK, 44100, 2, 1024 },
  { "LC followed by an extension", BYTES ("\x11\x90\x56\xe5\0"), FLV_AAC_OK,
      48000, 2, 1024 },
  { "LC in frames of 960", BYTES ("\x11\x94"), FLV_AAC_OK, 48000, 2, 960 },
  { "an explicit rate", BYTES ("\x17\x80\x5d\xc0\x10"), FLV_AAC_OK, 48000, 2,
      1024 },
  { "HE-AAC, signalled explicitly: half the rate", BYTES ("\x2b\x11\x88\0"),
      FLV_AAC_OK, 24000, 2, 1024 },
  { "HE-AAC v2", BYTES ("\xeb\x09\x88\0"), FLV_AAC_OK, 24000, 1, 1024 },
  { "low delay", BYTES ("\xb9\x90"), FLV_AAC_OK, 48000, 2, 512 },
  { "enhanced low delay", BYTES ("\xf8\xe6\x40"), FLV_AAC_OK, 48000, 2, 512 },
  { "the number of channels is in the frames", BYTES ("\x11\x80"), FLV_AAC_OK,
      48000, 0, 1024 },
  { "empty", BYTES (""), FLV_AAC_MALFORMED },
  { "one byte", BYTES ("\x12"), FLV_AAC_MALFORMED },
  { "HE-AAC, truncated", BYTES ("\x2b\x11"), FLV_AAC_MALFORMED },
  { "zeroes", BYTES ("\0\0\0\0"), FLV_AAC_MALFORMED },
  { "a reserved rate", BYTES ("\x16\x90"), FLV_AAC_MALFORMED },
  { "a rate of zero", BYTES ("\x17\x80\0\0\x10"), FLV_AAC_MALFORMED },
  { "a reserved layout", BYTES ("\x11\xc8"), FLV_AAC_MALFORMED },
  { "scalable sampling rate", BYTES ("\x19\x90"), FLV_AAC_UNSUPPORTED },
  { "xHE-AAC", BYTES ("\xf9\x46\x40"), FLV_AAC_UNSUPPORTED },
  { "ones", BYTES ("\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
      FLV_AAC_UNSUPPORTED },
};

GST_START_TEST (a_configuration_is_parsed_or_rejected)
{
  for (guint i = 0; i < G_N_ELEMENTS (configs); i++) {
    FlvAacConfig config;
    FlvAacVerdict verdict = flv_aac_config_parse (&config,
        (const guint8 *) configs[i].data, configs[i].size);

    ck_assert_msg (verdict == configs[i].verdict, "%s: %d", configs[i].why,
        verdict);
    if (verdict != FLV_AAC_OK)
      continue;
    ck_assert_msg (config.rate == configs[i].rate, "%s: %u", configs[i].why,
        config.rate);
    ck_assert_msg (config.n_channels == configs[i].n_channels, "%s: %u",
        configs[i].why, config.n_channels);
    ck_assert_msg (config.n_samples == configs[i].n_samples, "%s: %u",
        configs[i].why, config.n_samples);
  }
}
GST_END_TEST;

/* LC, 48 kHz, stereo, with a length of 7 and 2 bytes. */
#define ADTS "\xff\xf1\x4c\x80\x01\x3f\xfc"

static const struct
{
  const gchar *why;
  const gchar *data;
  gsize size;
  gboolean is_adts;
  gsize offset, payload_size, end;
} frames[] = {
  { "a frame", BYTES (ADTS "ab"), TRUE, 7, 2, 9 },
  { "two frames", BYTES (ADTS "ab" ADTS "cd"), TRUE, 7, 2, 9 },
  { "one that is longer than its length", BYTES (ADTS "abc"), TRUE, 7, 3, 10 },
  { "one that is shorter than its length", BYTES (ADTS "a"), TRUE, 7, 1, 8 },
  { "a length less than the header",
      BYTES ("\xff\xf1\x4c\x80\x00\x3f\xfc"
             "ab"),
      TRUE, 7, 2, 9 },
  { "with a checksum",
      BYTES ("\xff\xf0\x4c\x80\x01\x7f\xfc"
             "..ab"),
      TRUE, 9, 2, 11 },
  { "of MPEG-2",
      BYTES ("\xff\xf9\x4c\x80\x01\x3f\xfc"
             "ab"),
      TRUE, 7, 2, 9 },
  { "a frame without ADTS", BYTES ("\x21\x7a\x0f\xff\xff\xfe\0\0"), FALSE },
  { "a truncated header", BYTES ("\xff\xf1\x4c\x80\x01\x3f"), FALSE },
  { "a truncated checksum", BYTES ("\xff\xf0\x4c\x80\x01\x7f\xfc."), FALSE },
  { "a reserved rate",
      BYTES ("\xff\xf1\x78\x80\x01\x3f\xfc"
             "ab"),
      FALSE },
  { "MP3", BYTES ("\xff\xfb\x90\x64\0\0\0\0\0"), FALSE },
  { "empty", BYTES (""), FALSE },
};

GST_START_TEST (adts_frames_are_split)
{
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++) {
    FlvAdtsFrame frame;
    gboolean is_adts = flv_adts_parse (&frame, (const guint8 *) frames[i].data,
        frames[i].size);

    ck_assert_msg (is_adts == frames[i].is_adts, "%s", frames[i].why);
    if (!is_adts)
      continue;
    ck_assert_msg (frame.offset == frames[i].offset, "%s", frames[i].why);
    ck_assert_msg (frame.size == frames[i].payload_size, "%s", frames[i].why);
    ck_assert_msg (frame.end == frames[i].end, "%s", frames[i].why);
    ck_assert_msg (frame.config[0] == 0x11 && frame.config[1] == 0x90, "%s",
        frames[i].why);
    ck_assert (!frame.has_many_blocks);
  }
}
GST_END_TEST;

GST_START_TEST (several_blocks_in_an_adts_frame_are_detected)
{
  FlvAdtsFrame frame;

  ck_assert (flv_adts_parse (&frame,
      (const guint8 *) "\xff\xf1\x4c\x80\x01\x3f\xfd"
                       "ab",
      9));
  ck_assert (frame.has_many_blocks);
}
GST_END_TEST;

GST_START_TEST (loas_is_detected_by_its_length)
{
  ck_assert (flv_aac_is_loas ((const guint8 *) "\x56\xe0\2ab", 5));
  ck_assert (!flv_aac_is_loas ((const guint8 *) "\x56\xe0\3ab", 5));
  ck_assert (!flv_aac_is_loas ((const guint8 *) "\x56\xe0", 2));
  ck_assert (!flv_aac_is_loas ((const guint8 *) "\x21\xe0\2ab", 5));
}
GST_END_TEST;

static Suite *
aac_suite (void)
{
  Suite *suite = suite_create ("aac");
  TCase *tcase = tcase_create ("aac");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_configuration_is_parsed_or_rejected);
  tcase_add_test (tcase, adts_frames_are_split);
  tcase_add_test (tcase, several_blocks_in_an_adts_frame_are_detected);
  tcase_add_test (tcase, loas_is_detected_by_its_length);
  return suite;
}

GST_CHECK_MAIN (aac);
