/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* VP9 frames are parsed, or found to be malformed. */

#include "gst/live/vp9frame.h"
#include "tests/support/exflv.h"

#include <gst/check/gstcheck.h>

#define PICTURE                                                                \
  "videotestsrc num-buffers=20 pattern=ball ! "                                \
  "video/x-raw,width=162,height=122,framerate=30/1"

static const gchar *const encoders[] = {
  PICTURE ",format=I420 ! vp9enc deadline=1 lag-in-frames=0 "
          "keyframe-max-dist=6",
  /* With hidden frames, in superframes. */
  PICTURE ",format=I420 ! vp9enc deadline=1 lag-in-frames=12 "
          "auto-alt-ref=true target-bitrate=200000",
  PICTURE ",format=Y444 ! vp9enc deadline=1 lag-in-frames=0 "
          "keyframe-max-dist=6",
  PICTURE ",format=I420_10LE ! vp9enc deadline=1 lag-in-frames=0 "
          "keyframe-max-dist=6",
};

GST_START_TEST (encoder_output_is_well_formed)
{
  g_autoptr (GPtrArray) frames = ex_flv_encode (encoders[__i__]);

  for (guint i = 0; i < frames->len; i++) {
    GstBuffer *buffer = gst_sample_get_buffer (frames->pdata[i]);
    gboolean is_key =
        !GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    Vp9Frame frame;
    GstMapInfo map;

    ck_assert (gst_buffer_map (buffer, &map, GST_MAP_READ));
    ck_assert_msg (vp9_frame_read (&frame, map.data, map.size), "frame %u", i);
    gst_buffer_unmap (buffer, &map);
    ck_assert_int_eq (frame.is_key, is_key);
    ck_assert_uint_eq (frame.width, is_key ? 162 : 0);
    ck_assert_uint_eq (frame.height, is_key ? 122 : 0);
  }
}
GST_END_TEST;

#define BYTES(text) (const guint8 *) text, sizeof text - 1
#define REST "\x80\x80\x80\x80\x80\x80"
/* Profile 0, key frame, 320 × 180: marker, sync code, color, sizes minus one.
 */
#define KEY "\x82\x49\x83\x42\x40\x13\xf0\x0b\x30" REST "\x80"
/* Hidden and intra-only: 4096 × 4096. */
#define INTRA_ONLY "\x84\x89\x30\x68\x40\x21\xff\xe1\xff\xe0" REST
/* Has its own size, because no reference has it: 4096 × 4096. */
#define INTER "\x86\0\x40\0\x07\xff\x87\xff\x80" REST
/* Has the size of its first reference. */
#define INTER_ALIKE "\x86\0\x40\x02" REST

static const struct
{
  const gchar *why;
  const guint8 *bytes;
  gsize size;
  gboolean is_valid;
  Vp9Frame frame; /* is_key, shows_existing, width, height */
} frames_made[] = {
  { "nothing", BYTES (""), FALSE, { 0 } },
  { "another marker", BYTES ("\x42\x49\x83\x42" REST REST), FALSE, { 0 } },
  { "another sync code", BYTES ("\x82\x49\x83\x43" REST REST), FALSE, { 0 } },
  { "a key frame", BYTES (KEY), TRUE, { TRUE, FALSE, 320, 180 } },
  { "a truncated key frame", BYTES ("\x82\x49\x83\x42\x40\x13\xf0\x0b"), FALSE,
      { 0 } },
  { "an inter frame with its own size", BYTES (INTER), TRUE,
      { FALSE, FALSE, 4096, 4096 } },
  { "one with the size of a reference", BYTES (INTER_ALIKE), TRUE, { 0 } },
  { "an intra-only frame", BYTES (INTRA_ONLY), TRUE,
      { FALSE, FALSE, 4096, 4096 } },
  { "an existing frame that is shown", BYTES ("\x88"), TRUE,
      { FALSE, TRUE, 0, 0 } },
  { "a superframe with a large one inside",
      BYTES (KEY INTRA_ONLY "\xc1\x10\x10\xc1"), TRUE,
      { TRUE, FALSE, 4096, 4096 } },
  { "a superframe whose second frame is malformed",
      BYTES (KEY "\0\0\0\0\xc1\x10\x04\xc1"), FALSE, { 0 } },
  { "an index alone", BYTES ("\xc0\x01\xc0"), FALSE, { 0 } },
  { "a truncated index", BYTES ("\xc1\xc7"), FALSE, { 0 } },
};

GST_START_TEST (headers_are_parsed)
{
  for (guint i = 0; i < G_N_ELEMENTS (frames_made); i++) {
    Vp9Frame frame, wanted = frames_made[i].frame;

    ck_assert_msg (vp9_frame_read (&frame, frames_made[i].bytes,
                       frames_made[i].size) == frames_made[i].is_valid,
        "%s", frames_made[i].why);
    if (!frames_made[i].is_valid)
      continue;
    ck_assert_msg (frame.is_key == wanted.is_key &&
            frame.shows_existing == wanted.shows_existing,
        "%s", frames_made[i].why);
    ck_assert_msg (frame.width == wanted.width && frame.height == wanted.height,
        "%s: %u x %u", frames_made[i].why, frame.width, frame.height);
  }
}
GST_END_TEST;

static Suite *
vp9frame_suite (void)
{
  Suite *suite = suite_create ("vp9frame");
  TCase *tcase = tcase_create ("vp9frame");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, encoder_output_is_well_formed, 0,
      G_N_ELEMENTS (encoders));
  tcase_add_test (tcase, headers_are_parsed);
  return suite;
}

GST_CHECK_MAIN (vp9frame);
