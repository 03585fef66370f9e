/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Coded sizes are read, regardless of cropping and display sizes. */

#include "gst/live/picturesize.h"
#include "tests/support/exflv.h"

#include <gst/check/gstcheck.h>

/* Small, odd, and larger than what is decoded; in whole blocks, because codecs
 * may round up. */
static const PictureSize sizes[] = { { 160, 128 }, { 352, 288 }, { 2560, 64 } };

#define BYTE_STREAM "video/x-h264,stream-format=byte-stream,"

static const struct
{
  const gchar *name;
  PictureCodec codec;
  const gchar *encoder;
  guint block;
} encoders[] = {
  { "H.264", PICTURE_H264,
      "x264enc speed-preset=ultrafast tune=zerolatency ! " BYTE_STREAM
      "profile=constrained-baseline",
      16 },
  { "H.264, High", PICTURE_H264, "x264enc ! " BYTE_STREAM "profile=high", 16 },
  { "H.264, 4:4:4", PICTURE_H264,
      "videoconvert ! video/x-raw,format=Y444 ! x264enc ! " BYTE_STREAM
      "profile=high-4:4:4",
      16 },
  { "H.264, interlaced", PICTURE_H264,
      "capssetter caps=video/x-raw,interlace-mode=interleaved,"
      "field-order=top-field-first ! x264enc interlaced=true ! " BYTE_STREAM
      "profile=high",
      32 },
  { "H.265", PICTURE_H265,
      "x265enc speed-preset=ultrafast tune=zerolatency ! h265parse ! "
      "video/x-h265,stream-format=byte-stream",
      16 },
  { "AV1", PICTURE_AV1,
      "av1enc usage-profile=realtime cpu-used=8 lag-in-frames=0 ! av1parse ! "
      "video/x-av1,stream-format=obu-stream,alignment=tu",
      16 },
  { "VP8", PICTURE_VP8, "vp8enc deadline=1", 1 },
  { "VP9", PICTURE_VP9, "vp9enc deadline=1", 1 },
  { "MPEG-4", PICTURE_MPEG4, "avenc_mpeg4", 1 },
  { "Sorenson", PICTURE_SORENSON, "avenc_flv", 1 },
};

static gboolean
read_sample (PictureSize *size, PictureCodec codec, GstSample *sample)
{
  GstBuffer *buffer = gst_sample_get_buffer (sample);
  gboolean has_size;
  GstMapInfo map;

  ck_assert (gst_buffer_map (buffer, &map, GST_MAP_READ));
  has_size = picture_size_read (size, codec, map.data, map.size);
  gst_buffer_unmap (buffer, &map);
  return has_size;
}

static guint
round_up (guint number, guint block)
{
  return (number + block - 1) / block * block;
}

GST_START_TEST (sizes_of_encoded_video_are_read)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree gchar *chain =
        g_strdup_printf ("videotestsrc num-buffers=2 ! "
                         "video/x-raw,format=I420,width=%u,"
                         "height=%u,framerate=30/1 ! %s",
            sizes[i].width, sizes[i].height, encoders[__i__].encoder);
    g_autoptr (GPtrArray) samples = ex_flv_encode (chain);
    guint block = encoders[__i__].block;
    PictureSize size;

    ck_assert_uint_gt (samples->len, 0);
    ck_assert_msg (read_sample (&size, encoders[__i__].codec,
                       samples->pdata[0]),
        "%s", encoders[__i__].name);
    ck_assert_msg (size.width >= sizes[i].width &&
            size.width <= round_up (sizes[i].width, block) &&
            size.height >= sizes[i].height &&
            size.height <= round_up (sizes[i].height, block),
        "%s: %u x %u", encoders[__i__].name, size.width, size.height);
  }
}
GST_END_TEST;

#define BYTES(text) (const guint8 *) text, sizeof text - 1
/* Baseline, 256 × 256 macroblocks, cropped to 16 × 16 pixels. */
#define H264_LARGE                                                             \
  "\0\0\1\x67\x42\x00\x33\xda\x00\x40\x00\x20\x1e\x00\x7f\x98\x01\xfe\x50"
#define H264_SMALL "\0\0\1\x67\x42\x00\x1e\xda\x05\x07\xe4"

static const struct
{
  const gchar *why;
  PictureCodec codec;
  const guint8 *bytes;
  gsize size;
  gboolean has_size;
  PictureSize picture;
} made[] = {
  { "sound", PICTURE_NONE, BYTES ("\0\0\1\x67\x42"), FALSE, { 0 } },
  { "nothing", PICTURE_H264, BYTES (""), FALSE, { 0 } },
  { "a slice", PICTURE_H264, BYTES ("\0\0\1\x65\x88\x80"), FALSE, { 0 } },
  { "VP6", PICTURE_VP6, BYTES ("\x10\x36\x0c\x14\x0c\x14"), TRUE,
      { 320, 192 } },
  { "VP6 with an offset", PICTURE_VP6, BYTES ("\x11\x36\0\0\x0c\x14\x0c\x14"),
      TRUE, { 320, 192 } },
  { "VP6, simple profile", PICTURE_VP6, BYTES ("\x10\x30\0\0\xff\xff\0\0"),
      TRUE, { 4080, 4080 } },
  { "VP6, no key frame", PICTURE_VP6, BYTES ("\x90\x36\x0c\x14\x0c\x14"), FALSE,
      { 0 } },
  { "VP6, truncated", PICTURE_VP6, BYTES ("\x11\x36\0\0\x0c"), FALSE, { 0 } },
  { "Sorenson of 16 bits", PICTURE_SORENSON,
      BYTES ("\0\0\x80\0\x88\x00\x08\x00\0"), TRUE, { 4096, 4096 } },
  { "Sorenson's QVGA", PICTURE_SORENSON, BYTES ("\0\0\x80\x02\x80\0"), TRUE,
      { 320, 240 } },
  { "MPEG-4 of a studio profile", PICTURE_MPEG4,
      BYTES ("\0\0\1\x20\x07\0\0\0\0\0"), TRUE, { G_MAXUINT16, G_MAXUINT16 } },
};

GST_START_TEST (sizes_in_headers_are_read)
{
  for (guint i = 0; i < G_N_ELEMENTS (made); i++) {
    PictureSize size = { 0 };

    ck_assert_msg (picture_size_read (&size, made[i].codec, made[i].bytes,
                       made[i].size) == made[i].has_size,
        "%s", made[i].why);
    ck_assert_msg (size.width == made[i].picture.width &&
            size.height == made[i].picture.height,
        "%s: %u x %u", made[i].why, size.width, size.height);
  }
}
GST_END_TEST;

/* A decoder allocates the coded size. */
GST_START_TEST (cropping_is_ignored)
{
  PictureSize size;

  ck_assert (picture_size_read (&size, PICTURE_H264, BYTES (H264_LARGE)));
  ck_assert_uint_eq (size.width, 4096);
  ck_assert_uint_eq (size.height, 4096);
}
GST_END_TEST;

GST_START_TEST (the_largest_size_in_a_frame_counts)
{
  PictureSize size;

  ck_assert (picture_size_read (&size, PICTURE_H264,
      BYTES (H264_LARGE H264_SMALL "\0\0\1\x65\x88")));
  ck_assert_uint_eq (size.width, 4096);
}
GST_END_TEST;

/* The SPS announces 2^32 - 2 frame offsets. */
GST_START_TEST (a_huge_count_does_not_keep_the_parser_busy)
{
  static const guint8 sps[] = { 0, 0, 1, 0x67, 0x42, 0, 0x1e, 0xd3, 0x80, 0, 0,
    0, 0x01, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff };
  PictureSize size;

  picture_size_read (&size, PICTURE_H264, sps, sizeof sps);
}
GST_END_TEST;

GST_START_TEST (too_many_headers_count_as_too_large)
{
  g_autoptr (GString) frame = g_string_new (NULL);
  PictureSize size;

  for (guint i = 0; i < 65; i++)
    g_string_append_len (frame, H264_SMALL, sizeof H264_SMALL - 1);
  ck_assert (picture_size_read (&size, PICTURE_H264,
      (const guint8 *) frame->str, frame->len));
  ck_assert_uint_eq (size.width, G_MAXUINT16);
}
GST_END_TEST;

static Suite *
picturesize_suite (void)
{
  Suite *suite = suite_create ("picturesize");
  TCase *tcase = tcase_create ("picturesize");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, sizes_of_encoded_video_are_read, 0,
      G_N_ELEMENTS (encoders));
  tcase_add_test (tcase, sizes_in_headers_are_read);
  tcase_add_test (tcase, cropping_is_ignored);
  tcase_add_test (tcase, the_largest_size_in_a_frame_counts);
  tcase_add_test (tcase, a_huge_count_does_not_keep_the_parser_busy);
  tcase_add_test (tcase, too_many_headers_count_as_too_large);
  return suite;
}

GST_CHECK_MAIN (picturesize);
