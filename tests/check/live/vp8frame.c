/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VP8 frames are parsed, or found to be malformed. */

#include "gst/live/vp8frame.h"
#include "tests/support/exflv.h"

#include <gst/check/gstcheck.h>

#define PICTURE                                                                \
  "videotestsrc num-buffers=20 pattern=ball ! "                                \
  "video/x-raw,width=162,height=122,framerate=30/1 ! "

static const gchar *const encoders[] = {
  PICTURE "vp8enc deadline=1 keyframe-max-dist=6",
  PICTURE "vp8enc deadline=1 keyframe-max-dist=6 token-partitions=8",
  PICTURE "vp8enc deadline=1 keyframe-max-dist=6 error-resilient=partitions",
  PICTURE "vp8enc deadline=1 keyframe-max-dist=6 static-threshold=1000 "
          "target-bitrate=20000 min-quantizer=60",
};

GST_START_TEST (encoder_output_is_well_formed)
{
  g_autoptr (GPtrArray) frames = ex_flv_encode (encoders[__i__]);

  for (guint i = 0; i < frames->len; i++) {
    GstBuffer *buffer = gst_sample_get_buffer (frames->pdata[i]);
    gboolean is_key =
        !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    Vp8Frame frame;
    GstMapInfo map;

    ck_assert (gst_buffer_map (buffer, &map, GST_MAP_READ));
    ck_assert_msg (vp8_frame_read (&frame, map.data, map.size), "frame %u", i);
    gst_buffer_unmap (buffer, &map);
    ck_assert_int_eq (frame.is_key, is_key);
    ck_assert_uint_eq (frame.width, is_key ? 162 : 0);
    ck_assert_uint_eq (frame.height, is_key ? 122 : 0);
  }
}
GST_END_TEST;

GST_START_TEST (a_frame_that_ends_with_its_first_partition_is_malformed)
{
  g_autoptr (GPtrArray) frames = ex_flv_encode (encoders[__i__]);

  for (guint i = 0; i < frames->len; i++) {
    GstBuffer *buffer = gst_sample_get_buffer (frames->pdata[i]);
    Vp8Frame frame;
    GstMapInfo map;
    gsize first;

    ck_assert (gst_buffer_map (buffer, &map, GST_MAP_READ));
    first = (map.data[0] >> 5 | map.data[1] << 3 | map.data[2] << 11) +
        ((map.data[0] & 1) != 0 ? 3 : 10);
    for (gsize size = 0; size <= first; size++)
      ck_assert (!vp8_frame_read (&frame, map.data, size));
    gst_buffer_unmap (buffer, &map);
  }
}
GST_END_TEST;

#define BYTES(text) (const guint8 *) text, sizeof text - 1
#define KEY_OF(tag, start) tag start "\x40\x01\xb4\x00"

static const struct
{
  const gchar *why;
  const guint8 *bytes;
  gsize size;
  guint width; /* read in spite of the error */
} malformed[] = {
  { "nothing", BYTES (""), 0 },
  { "a truncated tag", BYTES ("\x10\0"), 0 },
  { "another start code", BYTES (KEY_OF ("\x10\0\0", "\x9d\x01\x2b") "\0\0\0"),
      0 },
  { "version 4", BYTES (KEY_OF ("\x38\0\0", "\x9d\x01\x2a") "\0\0\0\0\0\0"),
      320 },
  { "a first partition of 128 KiB",
      BYTES (KEY_OF ("\x10\0\x40", "\x9d\x01\x2a") "\0\0\0\0\0\0"), 320 },
  { "no second partition",
      BYTES (KEY_OF ("\x50\1\0", "\x9d\x01\x2a") "\0\0\0\0\0\0\0\0\0\0"), 320 },
  { "a truncated header", BYTES (KEY_OF ("\x10\0\0", "\x9d\x01\x2a") "\0"),
      320 },
};

GST_START_TEST (invalid_headers_and_truncated_frames_are_malformed)
{
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++) {
    Vp8Frame frame;

    ck_assert_msg (!vp8_frame_read (&frame, malformed[i].bytes,
                       malformed[i].size),
        "%s", malformed[i].why);
    ck_assert_msg (frame.width == malformed[i].width, "%s: %u",
        malformed[i].why, frame.width);
  }
}
GST_END_TEST;

static Suite *
vp8frame_suite (void)
{
  Suite *suite = suite_create ("vp8frame");
  TCase *tcase = tcase_create ("vp8frame");
  const gint n = G_N_ELEMENTS (encoders);

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, encoder_output_is_well_formed, 0, n);
  tcase_add_loop_test (tcase,
      a_frame_that_ends_with_its_first_partition_is_malformed, 0, n);
  tcase_add_test (tcase, invalid_headers_and_truncated_frames_are_malformed);
  return suite;
}

GST_CHECK_MAIN (vp8frame);
