/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Headers of audio tags, classic and enhanced, complete and truncated. */

#include "gst/flv/audio.h"

#include <gst/check/gstcheck.h>

#define BYTES(text) text, sizeof text - 1
#define NONE FLV_PACKET_NONE
#define CONFIG FLV_PACKET_CONFIG
#define FRAME FLV_PACKET_FRAME
#define AAC FLV_CODEC_AAC
#define OPUS FLV_FOURCC ('O', 'p', 'u', 's')

static const struct
{
  const gchar *why;
  const gchar *data;
  gsize size;
  gboolean is_valid;
  FlvPacketKind kind;
  guint32 codec;
  guint n_channels;
  gsize offset, payload_size;
} tags[] = {
  { "empty", BYTES (""), TRUE, NONE },
  { "AAC, truncated", BYTES ("\xaf"), FALSE },
  { "AAC header", BYTES ("\xaf\0\x12\x10"), TRUE, CONFIG, AAC, 0, 2, 2 },
  { "AAC frame", BYTES ("\xaf\1abc"), TRUE, FRAME, AAC, 0, 2, 3 },
  { "AAC unknown type", BYTES ("\xaf\2abc"), TRUE, NONE },
  { "MP3", BYTES ("\x2f\xff"), TRUE, FRAME, FLV_CODEC_MP3, 2, 1, 1 },
  { "MP3 at 8 kHz", BYTES ("\xe2\xff"), TRUE, FRAME, FLV_CODEC_MP3, 1, 1, 1 },
  { "A-law, mono", BYTES ("\x72xy"), TRUE, FRAME, FLV_CODEC_ALAW, 1, 1, 2 },
  { "mu-law, stereo", BYTES ("\x83xy"), TRUE, FRAME, FLV_CODEC_MULAW, 2, 1, 2 },
  { "Speex", BYTES ("\xb2x"), TRUE, FRAME, FLV_CODEC_CLASSIC_AUDIO + 11, 1, 1,
      1 },
  { "enhanced header", BYTES ("\x90mp4a\x12\x10"), TRUE, CONFIG, AAC, 0, 5, 2 },
  { "enhanced frame", BYTES ("\x91Opusabc"), TRUE, FRAME, OPUS, 0, 5, 3 },
  { "FourCC, truncated", BYTES ("\x91Opu"), FALSE },
  { "multichannel layout", BYTES ("\x94Opus\1\2"), TRUE, NONE },
  { "modified", BYTES ("\x97\0\0\1mp4ax"), TRUE, FRAME, AAC, 0, 8, 1 },
  { "one track of many", BYTES ("\x95\1mp4a\0x"), TRUE, FRAME, AAC, 0, 7, 1 },
  { "another track", BYTES ("\x95\1mp4a\1x"), TRUE, NONE },
};

GST_START_TEST (tag_headers_are_parsed)
{
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++) {
    FlvPacket packet;
    gboolean is_valid =
        flv_audio_parse (&packet, (const guint8 *) tags[i].data, tags[i].size);

    ck_assert_msg (is_valid == tags[i].is_valid, "%s", tags[i].why);
    if (!is_valid)
      continue;
    ck_assert_msg (packet.is_key, "%s", tags[i].why);
    ck_assert_msg (packet.kind == tags[i].kind, "%s", tags[i].why);
    if (packet.kind == NONE)
      continue;
    ck_assert_msg (packet.codec == tags[i].codec, "%s", tags[i].why);
    ck_assert_msg (packet.n_channels == tags[i].n_channels, "%s", tags[i].why);
    ck_assert_msg (packet.offset == tags[i].offset, "%s", tags[i].why);
    ck_assert_msg (packet.size == tags[i].payload_size, "%s", tags[i].why);
  }
}
GST_END_TEST;

static Suite *
audio_suite (void)
{
  Suite *suite = suite_create ("audio");
  TCase *tcase = tcase_create ("audio");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, tag_headers_are_parsed);
  return suite;
}

GST_CHECK_MAIN (audio);
