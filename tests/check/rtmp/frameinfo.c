/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A tag says what frame is in it, and of how many slices. */

#include "gst/rtmp/frameinfo.h"
#include "tests/support/playtags.h"

#include "gst/flv/packet.h"

#include <gst/check/gstcheck.h>

#define BYTES(text) text, sizeof text - 1
#define KEY "\x17\1\0\0\0"
#define DELTA "\x27\1\0\0\x50"
#define SLICE "\0\0\0\2\x41\x80"
#define IDR "\0\0\0\2\x65\x80"
#define SEI "\0\0\0\2\6\0"

typedef struct
{
  guint8 type;
  const gchar *payload;
  gsize size;
  RtmpFrameInfo info;
  const gchar *what;
} Row;

#define VIDEO(codec, is_key, cts_ms, n_slices)                                 \
  {                                                                            \
    RTMP_FRAMEINFO_VIDEO, codec, 0, 0, is_key, cts_ms, n_slices                \
  }

static const Row rows[] = {
  { 18, BYTES ("\2\0\12onMetaData\10"), { RTMP_FRAMEINFO_NONE }, "metadata" },
  { 8, BYTES ("\xaf\1x"), { RTMP_FRAMEINFO_AUDIO }, "AAC" },
  { 8, BYTES ("\xaf\0\x12\x10"), { RTMP_FRAMEINFO_NONE }, "an AAC header" },
  { 8, BYTES ("\x91Opusx"), { RTMP_FRAMEINFO_AUDIO }, "Opus" },
  { 9, BYTES ("\x57\0"), { RTMP_FRAMEINFO_NONE }, "a command frame" },
  { 9, BYTES ("\x17"), { RTMP_FRAMEINFO_NONE }, "one byte" },
  { 9, BYTES ("\x17\0\0\0\0\1\x64\0\x1f\xff\xe1\0"),
      { RTMP_FRAMEINFO_CONFIG, FLV_CODEC_AVC, 100, 4 }, "a header of High" },
  { 9, BYTES ("\x17\0\0\0\0\1\x42\xc0\x1f\xfd\xe1\0"),
      { RTMP_FRAMEINFO_CONFIG, FLV_CODEC_AVC, 66, 2 },
      "a header of Baseline with short lengths" },
  { 9, BYTES ("\x17\0\0\0\0\1\x42\xc0\x1f\xff\xe1"),
      { RTMP_FRAMEINFO_CONFIG, FLV_CODEC_AVC, 0, 0 }, "a truncated header" },
  { 9, BYTES (KEY IDR), VIDEO (FLV_CODEC_AVC, TRUE, 0, 1), "a key frame" },
  { 9, BYTES (KEY SEI IDR IDR IDR), VIDEO (FLV_CODEC_AVC, TRUE, 0, 3),
      "a key frame of three slices" },
  { 9, BYTES (DELTA SLICE SLICE), VIDEO (FLV_CODEC_AVC, FALSE, 80, 2),
      "a frame of two slices" },
  { 9, BYTES ("\x27\1\xff\xff\xf6" SLICE), VIDEO (FLV_CODEC_AVC, FALSE, -10, 1),
      "a frame that is shown early" },
  { 9, BYTES (DELTA "\0\0\0\1\x41\x80\0\0\0\1\x41"),
      VIDEO (FLV_CODEC_AVC, FALSE, 80, 0), "start codes, as lengths too long" },
  { 9, BYTES (DELTA "\0\0\0\0" SLICE), VIDEO (FLV_CODEC_AVC, FALSE, 80, 0),
      "an empty unit" },
  { 9, BYTES (DELTA SLICE "\0\0\0\5\x41\x80"),
      VIDEO (FLV_CODEC_AVC, FALSE, 80, 0), "a unit that is cut" },
  { 9, BYTES ("\xa3hvc1\0\0\0\2\2\1\0\0\0\2\2\1"),
      VIDEO (FLV_CODEC_HEVC, FALSE, 0, 2), "two slices of HEVC" },
  { 9, BYTES ("\x91hvc1\0\0\x21\0\0\0\3\x40\1\x0c\0\0\0\2\x26\1"),
      VIDEO (FLV_CODEC_HEVC, TRUE, 33, 1), "VPS and a key frame of HEVC" },
  { 9,
      BYTES ("\x91"
             "av01\x12\0"),
      VIDEO (FLV_CODEC_AV1, TRUE, 0, 0), "AV1" },
  { 9, BYTES ("\x12x"), VIDEO (FLV_CODEC_SORENSON, TRUE, 0, 0),
      "a key frame of H.263" },
};

static void
read_row (const Row *row, guint n_length_bytes, RtmpFrameInfo *info)
{
  g_autoptr (GBytes) tag = play_tag_new (row->type, 0, row->payload, row->size);
  gsize size;
  const guint8 *data = g_bytes_get_data (tag, &size);

  rtmp_frameinfo_read (info, n_length_bytes, data, size);
}

GST_START_TEST (a_tag_says_what_frame_is_in_it)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const RtmpFrameInfo *expected = &rows[i].info;
    RtmpFrameInfo info;

    read_row (&rows[i], 4, &info);
    ck_assert_msg (info.kind == expected->kind, "%s", rows[i].what);
    ck_assert_msg (info.codec == expected->codec, "%s", rows[i].what);
    ck_assert_msg (info.profile == expected->profile, "%s", rows[i].what);
    ck_assert_msg (info.n_length_bytes == expected->n_length_bytes, "%s",
        rows[i].what);
    ck_assert_msg (info.is_key == expected->is_key, "%s", rows[i].what);
    ck_assert_msg (info.cts_ms == expected->cts_ms, "%s", rows[i].what);
    ck_assert_msg (info.n_slices == expected->n_slices, "%s: %u slices",
        rows[i].what, info.n_slices);
  }
}
GST_END_TEST;

GST_START_TEST (lengths_have_the_size_that_the_header_says)
{
  static const Row row = { 9, BYTES (DELTA "\0\2\x41\x80\0\1\x41"),
    { RTMP_FRAMEINFO_VIDEO }, "short lengths" };
  RtmpFrameInfo info;

  read_row (&row, 2, &info);
  ck_assert_uint_eq (info.n_slices, 2);
  read_row (&row, 4, &info);
  ck_assert_uint_eq (info.n_slices, 0);
}
GST_END_TEST;

/* More units than are examined cost nothing. */
GST_START_TEST (the_units_examined_are_limited)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  Row row = { 9 };
  RtmpFrameInfo info;

  g_byte_array_append (payload, (const guint8 *) BYTES (KEY));
  for (guint i = 0; i < 10 * RTMP_FRAMEINFO_MAX_UNITS; i++)
    g_byte_array_append (payload, (const guint8 *) BYTES (IDR));
  row.payload = (const gchar *) payload->data;
  row.size = payload->len;
  read_row (&row, 4, &info);
  ck_assert_uint_eq (info.n_slices, RTMP_FRAMEINFO_MAX_UNITS);
}
GST_END_TEST;

static Suite *
frameinfo_suite (void)
{
  Suite *suite = suite_create ("frameinfo");
  TCase *tests = tcase_create ("frameinfo");

  tcase_add_test (tests, a_tag_says_what_frame_is_in_it);
  tcase_add_test (tests, lengths_have_the_size_that_the_header_says);
  tcase_add_test (tests, the_units_examined_are_limited);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (frameinfo);
