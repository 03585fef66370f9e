/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Headers of video tags, classic and enhanced, complete and truncated. */

#include "gst/flv/video.h"

#include <gst/check/gstcheck.h>

#define BYTES(text) text, sizeof text - 1
#define NONE FLV_PACKET_NONE
#define CONFIG FLV_PACKET_CONFIG
#define FRAME FLV_PACKET_FRAME
#define AVC FLV_CODEC_AVC
#define HEVC FLV_CODEC_HEVC
#define AV1 FLV_FOURCC ('a', 'v', '0', '1')

static const struct
{
  const gchar *why;
  const gchar *data;
  gsize size;
  gboolean is_valid;
  FlvPacketKind kind;
  guint32 codec;
  gboolean is_key;
  gint32 cts_ms;
  gsize offset, payload_size;
} tags[] = {
  { "empty", BYTES (""), FALSE },
  { "AVC, truncated", BYTES ("\x17\0\0\0"), FALSE },
  { "AVC header", BYTES ("\x17\0\0\0\0ab"), TRUE, CONFIG, AVC, FALSE, 0, 5, 2 },
  { "AVC key frame",
      BYTES ("\x17\1\0\0\x42"
             "abc"),
      TRUE, FRAME, AVC, TRUE, 66, 5, 3 },
  { "AVC inter frame shown early", BYTES ("\x27\1\xff\xff\xff"), TRUE, FRAME,
      AVC, FALSE, -1, 5, 0 },
  { "the earliest", BYTES ("\x27\1\x80\0\0x"), TRUE, FRAME, AVC, FALSE,
      -0x800000, 5, 1 },
  { "the latest", BYTES ("\x27\1\x7f\xff\xffx"), TRUE, FRAME, AVC, FALSE,
      0x7fffff, 5, 1 },
  { "generated key frame", BYTES ("\x47\1\0\0\0x"), TRUE, FRAME, AVC, TRUE, 0,
      5, 1 },
  { "AVC end", BYTES ("\x17\2\0\0\0"), TRUE, NONE },
  { "AVC unknown type", BYTES ("\x17\7\0\0\0"), TRUE, NONE },
  { "HEVC of cameras", BYTES ("\x1c\1\0\0\0x"), TRUE, FRAME, HEVC, TRUE, 0, 5,
      1 },
  { "H.263", BYTES ("\x12xy"), TRUE, FRAME, FLV_CODEC_CLASSIC_VIDEO + 2, TRUE,
      0, 1, 2 },
  { "command", BYTES ("\x57\0"), TRUE, NONE },
  { "enhanced header",
      BYTES ("\x90"
             "avc1ab"),
      TRUE, CONFIG, AVC, FALSE, 0, 5, 2 },
  { "enhanced frame",
      BYTES ("\x91"
             "avc1\0\0\x21x"),
      TRUE, FRAME, AVC, TRUE, 33, 8, 1 },
  { "enhanced frame with a truncated CTS",
      BYTES ("\x91"
             "avc1\0\0"),
      FALSE },
  { "enhanced frame without CTS",
      BYTES ("\xa3"
             "hvc1xy"),
      TRUE, FRAME, HEVC, FALSE, 0, 5, 2 },
  { "AV1 never has a CTS",
      BYTES ("\x91"
             "av01xyz"),
      TRUE, FRAME, AV1, TRUE, 0, 5, 3 },
  { "FourCC, truncated",
      BYTES ("\x91"
             "avc"),
      FALSE },
  { "enhanced end",
      BYTES ("\x92"
             "avc1"),
      TRUE, NONE },
  { "metadata",
      BYTES ("\x94"
             "avc1\2"),
      TRUE, NONE },
  { "enhanced command", BYTES ("\xd0\0"), TRUE, NONE },
  { "modified", BYTES ("\x97\2\0\1\2\3avc1x"), TRUE, FRAME, AVC, TRUE, 0, 10,
      1 },
  { "one track of many", BYTES ("\x96\1avc1\0\0\0\0x"), TRUE, FRAME, AVC, TRUE,
      0, 10, 1 },
  { "another track", BYTES ("\x96\1avc1\1\0\0\0x"), TRUE, NONE },
};

GST_START_TEST (tag_headers_are_parsed)
{
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++) {
    FlvPacket packet;
    gboolean is_valid =
        flv_video_parse (&packet, (const guint8 *) tags[i].data, tags[i].size);

    ck_assert_msg (is_valid == tags[i].is_valid, "%s", tags[i].why);
    if (!is_valid)
      continue;
    ck_assert_msg (packet.kind == tags[i].kind, "%s", tags[i].why);
    if (packet.kind == NONE)
      continue;
    ck_assert_msg (packet.codec == tags[i].codec, "%s", tags[i].why);
    ck_assert_msg (packet.is_key == tags[i].is_key, "%s", tags[i].why);
    ck_assert_msg (packet.cts_ms == tags[i].cts_ms, "%s", tags[i].why);
    ck_assert_msg (packet.offset == tags[i].offset, "%s", tags[i].why);
    ck_assert_msg (packet.size == tags[i].payload_size, "%s", tags[i].why);
  }
}
GST_END_TEST;

static Suite *
video_suite (void)
{
  Suite *suite = suite_create ("video");
  TCase *tcase = tcase_create ("video");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, tag_headers_are_parsed);
  return suite;
}

GST_CHECK_MAIN (video);
