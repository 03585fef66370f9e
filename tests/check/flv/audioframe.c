/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The durations of the frames of each codec. */

#include "gst/flv/audioframe.h"
#include "gst/flv/packet.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BYTES(text) text, sizeof text - 1
#define MAX_BYTES 1024
#define ADTS "\xff\xf1\x4c\x80\x01\x3f\xfc"

static const struct
{
  const gchar *why;
  guint32 codec;
  const gchar *data;
  gsize n_bytes;
  gsize size; /* padded with zeroes; 0: as given */
  guint n_samples, rate;
} payloads[] = {
  { "AAC", FLV_CODEC_AAC, BYTES ("\x21xy"), 0, 1000, 32000 },
  { "MP3", FLV_CODEC_MP3, BYTES ("\xff\xfb\x90\x64"), 417, 1152, 44100 },
  { "MP3 with padding", FLV_CODEC_MP3, BYTES ("\xff\xfb\x92\x64"), 418, 1152,
      44100 },
  { "MPEG-2's MP3", FLV_CODEC_MP3, BYTES ("\xff\xf3\x84\xc0"), 192, 576,
      24000 },
  { "MPEG-2.5's MP3", FLV_CODEC_MP3, BYTES ("\xff\xe3\x18\xc0"), 72, 576,
      8000 },
  { "MP3, truncated", FLV_CODEC_MP3, BYTES ("\xff\xfb\x90\x64"), 416, 0, 0 },
  { "MP3 followed by more", FLV_CODEC_MP3, BYTES ("\xff\xfb\x90\x64"), 419, 0,
      0 },
  { "the rest of an MP3 frame", FLV_CODEC_MP3, BYTES ("\0\1\2\3"), 0, 0, 0 },
  { "one byte of MP3", FLV_CODEC_MP3, BYTES ("\xff"), 0, 0, 0 },
  { "Opus, 20 ms, CELT", FLV_CODEC_OPUS, BYTES ("\xfcxy"), 0, 960, 48000 },
  { "Opus, 2.5 ms", FLV_CODEC_OPUS, BYTES ("\xe4x"), 0, 120, 48000 },
  { "Opus, two of 10 ms, hybrid", FLV_CODEC_OPUS, BYTES ("\x61xy"), 0, 960,
      48000 },
  { "Opus, 60 ms, SILK", FLV_CODEC_OPUS, BYTES ("\x18x"), 0, 2880, 48000 },
  { "Opus, three of 20 ms", FLV_CODEC_OPUS, BYTES ("\xff\3xyz"), 0, 2880,
      48000 },
  { "Opus, six of 20 ms", FLV_CODEC_OPUS, BYTES ("\xff\6xyz"), 0, 5760, 48000 },
  { "Opus, more than 120 ms", FLV_CODEC_OPUS, BYTES ("\xff\7xyz"), 0, 0,
      48000 },
  { "Opus, an unknown number", FLV_CODEC_OPUS, BYTES ("\xff"), 0, 0, 48000 },
  { "A-law", FLV_CODEC_ALAW, BYTES ("abcdef"), 0, 3, 8000 },
  { "FLAC, 4096", FLV_CODEC_FLAC, BYTES ("\xff\xf8\xc9\x18\0\0"), 0, 4096,
      32000 },
  { "FLAC, 192", FLV_CODEC_FLAC, BYTES ("\xff\xf8\x19\x18\0\0"), 0, 192,
      32000 },
  { "FLAC, 1152", FLV_CODEC_FLAC, BYTES ("\xff\xf8\x39\x18\0\0"), 0, 1152,
      32000 },
  { "FLAC, one byte of size after a number of three", FLV_CODEC_FLAC,
      BYTES ("\xff\xf8\x69\x18\xe2\x80\x80\x7f\0"), 0, 128, 32000 },
  { "FLAC, two bytes of size", FLV_CODEC_FLAC,
      BYTES ("\xff\xf8\x79\x18\0\x0f\xff\0"), 0, 4096, 32000 },
  { "FLAC, truncated", FLV_CODEC_FLAC, BYTES ("\xff\xf8\x79\x18\0"), 0, 0, 0 },
  { "AC-3", FLV_CODEC_AC3, BYTES ("\x0b\x77\0\0\x40\x40"), 0, 1536, 44100 },
  { "AC-3 with a reserved rate", FLV_CODEC_AC3, BYTES ("\x0b\x77\0\0\xc0\x40"),
      0, 0, 0 },
  { "E-AC-3, six blocks", FLV_CODEC_EAC3, BYTES ("\x0b\x77\0\3\x30\x80xy"), 0,
      1536, 48000 },
  { "E-AC-3, twice two blocks", FLV_CODEC_EAC3,
      BYTES ("\x0b\x77\0\2\x10\x80\x0b\x77\0\2\x10\x80"), 0, 1024, 48000 },
  { "E-AC-3 with a dependent substream", FLV_CODEC_EAC3,
      BYTES ("\x0b\x77\0\2\x30\x80\x0b\x77\x40\2\x30\x80"), 0, 1536, 48000 },
  { "E-AC-3 at half the rate", FLV_CODEC_EAC3, BYTES ("\x0b\x77\0\2\xd0\x80"),
      0, 1536, 22050 },
  { "E-AC-3, truncated", FLV_CODEC_EAC3, BYTES ("\x0b\x77\0\3\x30\x80"), 0, 0,
      48000 },
  { "a codec without frames", FLV_CODEC_AVC, BYTES ("x"), 0, 0, 0 },
};

GST_START_TEST (the_duration_of_a_frame_is_known_for_each_codec)
{
  const FlvAudioFormat format = { 32000, 2, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++) {
    gsize size = MAX (payloads[i].size, payloads[i].n_bytes);
    /* Allocated to size, so that sanitizers detect reads past the end. */
    g_autofree guint8 *data = g_malloc0 (size);
    FlvAudioFrame frame;

    memcpy (data, payloads[i].data, payloads[i].n_bytes);
    flv_audio_frame_parse (&frame, payloads[i].codec, &format, data, size);
    ck_assert_msg (frame.n_samples == payloads[i].n_samples, "%s: %u samples",
        payloads[i].why, frame.n_samples);
    ck_assert_msg (frame.n_samples == 0 || frame.rate == payloads[i].rate,
        "%s: %u Hz", payloads[i].why, frame.rate);
    ck_assert_msg (frame.offset == 0 && frame.size == size && frame.end == size,
        "%s", payloads[i].why);
  }
}
GST_END_TEST;

GST_START_TEST (adts_is_removed_from_each_frame)
{
  const FlvAudioFormat format = { 48000, 2, 1024 };
  const guint8 data[] = ADTS "ab" ADTS "cd";
  FlvAudioFrame frame;

  flv_audio_frame_parse (&frame, FLV_CODEC_AAC, &format, data, 18);
  ck_assert_uint_eq (frame.offset, 7);
  ck_assert_uint_eq (frame.size, 2);
  ck_assert_uint_eq (frame.end, 9);
  ck_assert_uint_eq (frame.n_samples, 1024);
}
GST_END_TEST;

static Suite *
audioframe_suite (void)
{
  Suite *suite = suite_create ("audioframe");
  TCase *tcase = tcase_create ("audioframe");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_duration_of_a_frame_is_known_for_each_codec);
  tcase_add_test (tcase, adts_is_removed_from_each_frame);
  return suite;
}

GST_CHECK_MAIN (audioframe);
