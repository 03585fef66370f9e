/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sequence headers become records that decoders can use. */

#include "gst/flv/decoderconfig.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BYTES(text) text, sizeof text - 1
#define NONE NULL, 0
#define SPS "\x67\x42\xc0\x1e"
#define PPS "\x68\xce"
#define AVC(length, sps, pps) "\1\x42\xc0\x1e" length sps pps
#define GOOD AVC ("\xff", "\xe1\0\4" SPS, "\1\0\2" PPS)

static const struct
{
  const gchar *why;
  const gchar *header;
  gsize size;
  guint n_length_bytes;
  const gchar *record; /* NULL: none */
  gsize record_size;
} avc[] = {
  { "empty", BYTES (""), 4, NONE },
  { "valid", BYTES (GOOD), 4, BYTES (GOOD) },
  { "with extensions", BYTES (GOOD "\xfd\xf8\xf8\0"), 4,
      BYTES (GOOD "\xfd\xf8\xf8\0") },
  { "two of each",
      BYTES (AVC ("\xff", "\xe2\0\4" SPS "\0\4" SPS, "\2\0\2" PPS "\0\2" PPS)),
      4,
      BYTES (
          AVC ("\xff", "\xe2\0\4" SPS "\0\4" SPS, "\2\0\2" PPS "\0\2" PPS)) },
  { "lengths of one byte", BYTES (AVC ("\xfc", "\xe1\0\4" SPS, "\1\0\2" PPS)),
      1, BYTES (GOOD) },
  { "lengths of two", BYTES (AVC ("\xfd", "\xe1\0\4" SPS, "\1\0\2" PPS)), 2,
      BYTES (GOOD) },
  { "lengths of three", BYTES (AVC ("\xfe", "\xe1\0\4" SPS, "\1\0\2" PPS)), 3,
      BYTES (GOOD) },
  { "truncated before the sets", BYTES ("\1\x42\0\x1e\xfd"), 2, NONE },
  { "no sets", BYTES (AVC ("\xff", "\xe0", "\0")), 4, NONE },
  { "no SPS", BYTES (AVC ("\xff", "\xe0", "\1\0\2" PPS)), 4, NONE },
  { "no PPS", BYTES (AVC ("\xff", "\xe1\0\4" SPS, "\0")), 4, NONE },
  { "no number of PPS", BYTES (AVC ("\xff", "\xe1\0\4" SPS, "")), 4, NONE },
  { "SPS truncated", BYTES (AVC ("\xff", "\xe1\0\5" SPS, "")), 4, NONE },
  { "PPS truncated", BYTES (AVC ("\xff", "\xe1\0\4" SPS, "\1\0\3" PPS)), 4,
      NONE },
  { "an empty SPS", BYTES (AVC ("\xff", "\xe1\0\0", "\1\0\2" PPS)), 4, NONE },
  { "other units in place of sets",
      BYTES (AVC ("\xff", "\xe1\0\4\x65\x42\xc0\x1e", "\1\0\2\x41\xce")), 4,
      NONE },
  { "another version", BYTES ("\2\x42\xc0\x1e\xff\xe1\0\4" SPS "\1\0\2" PPS), 4,
      NONE },
  { "sets with start codes",
      BYTES (AVC ("\xff", "\xe1\0\x08\0\0\0\1" SPS, "\1\0\6\0\0\0\1" PPS)), 4,
      BYTES (GOOD) },
  { "sets with short start codes and zeroes",
      BYTES (AVC ("\xfd", "\xe1\0\x08\0\0\1" SPS "\0", "\1\0\5\0\0\1" PPS)), 2,
      BYTES (GOOD) },
  { "both sets in one entry",
      BYTES (AVC ("\xff", "\xe1\0\x0e\0\0\0\1" SPS "\0\0\0\1" PPS, "\0")), 4,
      BYTES (GOOD) },
  { "a byte stream", BYTES ("\0\0\0\1" SPS "\0\0\0\1" PPS), 4, BYTES (GOOD) },
  { "a byte stream with more in it",
      BYTES ("\0\0\0\1\x09\xf0\0\0\1" SPS "\0\0\0\1" PPS "\0\0\1\x06\5"), 4,
      BYTES (GOOD) },
  { "a byte stream without a PPS", BYTES ("\0\0\0\1" SPS), 4, NONE },
  { "an SPS that is too short", BYTES ("\0\0\0\1\x67\x42\0\0\0\1" PPS), 4,
      NONE },
};

GST_START_TEST (the_valid_parts_of_an_avc_header_become_a_record)
{
  for (guint i = 0; i < G_N_ELEMENTS (avc); i++) {
    FlvDecoderConfig config;
    gboolean has_record = flv_decoder_config_parse (&config, FLV_NALU_H264,
        (const guint8 *) avc[i].header, avc[i].size);

    ck_assert_msg (has_record == (avc[i].record != NULL), "%s", avc[i].why);
    ck_assert_msg (config.n_length_bytes == avc[i].n_length_bytes, "%s: %u",
        avc[i].why, config.n_length_bytes);
    if (!has_record)
      continue;
    ck_assert_msg (config.record->len == avc[i].record_size &&
            memcmp (config.record->data, avc[i].record, avc[i].record_size) ==
                0,
        "%s", avc[i].why);
    flv_decoder_config_clear (&config);
  }
}
GST_END_TEST;

/* As written by x265. */
#define VPS                                                                    \
  "\x40\x01\x0c\x01\xff\xff\x01\x60\x00\x00\x03\x00\x90\x00\x00\x03\x00\x00"   \
  "\x03\x00\x3f\xba\x02\x40"
#define HEVC_SPS                                                               \
  "\x42\x01\x01\x01\x60\x00\x00\x03\x00\x90\x00\x00\x03\x00\x00\x03\x00\x3f"   \
  "\xa0\x0a\x08\x04\x05\x96\xe9\x29\x30\xbf"
#define HEVC_PPS "\x44\x01\xc0\x71\x83\x12"
#define HEVC_START "\1\1\x60\0\0\0\x90\0\0\0\0\0\x3f\xf0\0\xfc\xfd\xf8\xf8\0\0"
#define HEVC_GOOD                                                              \
  HEVC_START "\x0f\3\xa0\0\1\0\x18" VPS "\xa1\0\1\0\x1c" HEVC_SPS              \
             "\xa2\0\1\0\6" HEVC_PPS

static const struct
{
  const gchar *why;
  const gchar *header;
  gsize size;
  guint n_length_bytes;
  gboolean has_record;
} hevc[] = {
  { "empty", BYTES (""), 4, FALSE },
  { "valid", BYTES (HEVC_GOOD), 4, TRUE },
  { "no sets", BYTES (HEVC_START "\x0d\0"), 2, FALSE },
  { "no PPS", BYTES (HEVC_START "\x0f\1\xa1\0\1\0\x1c" HEVC_SPS), 4, FALSE },
  { "more arrays than there are kinds", BYTES (HEVC_START "\x0f\xff"), 4,
      FALSE },
  { "a byte stream",
      BYTES ("\0\0\0\1" VPS "\0\0\0\1" HEVC_SPS "\0\0\1" HEVC_PPS), 4, TRUE },
  { "sets with start codes",
      BYTES (HEVC_START "\x0f\3\xa0\0\1\0\x1c\0\0\0\1" VPS
                        "\xa1\0\1\0\x20\0\0\0\1" HEVC_SPS
                        "\xa2\0\1\0\x0a\0\0\0\1" HEVC_PPS),
      4, TRUE },
};

GST_START_TEST (the_valid_parts_of_an_hevc_header_become_a_record)
{
  for (guint i = 0; i < G_N_ELEMENTS (hevc); i++) {
    FlvDecoderConfig config;
    gboolean has_record = flv_decoder_config_parse (&config, FLV_NALU_HEVC,
        (const guint8 *) hevc[i].header, hevc[i].size);

    ck_assert_msg (has_record == hevc[i].has_record, "%s", hevc[i].why);
    ck_assert_msg (config.n_length_bytes == hevc[i].n_length_bytes, "%s: %u",
        hevc[i].why, config.n_length_bytes);
    if (!has_record)
      continue;
    ck_assert_msg (config.record->len == sizeof HEVC_GOOD - 1 &&
            memcmp (config.record->data, HEVC_GOOD, sizeof HEVC_GOOD - 1) == 0,
        "%s", hevc[i].why);
    flv_decoder_config_clear (&config);
  }
}
GST_END_TEST;

static Suite *
decoderconfig_suite (void)
{
  Suite *suite = suite_create ("decoderconfig");
  TCase *tcase = tcase_create ("decoderconfig");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_valid_parts_of_an_avc_header_become_a_record);
  tcase_add_test (tcase, the_valid_parts_of_an_hevc_header_become_a_record);
  return suite;
}

GST_CHECK_MAIN (decoderconfig);
