/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames tell whether they are B, key or reference. */

#include "gst/live/h264frame.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BYTES(text) (const guint8 *) text, sizeof text - 1
#define SPS "\0\0\0\1\x67\x42\0\x1e"

/* Slices begin with two Exp-Golomb numbers: the first macroblock, the type. */
static const struct
{
  const gchar *why;
  const guint8 *bytes;
  gsize size;
  H264Frame frame; /* is_key, has_b_slice, is_reference, has_extras */
} frames[] = {
  { "nothing", BYTES (""), { FALSE, FALSE, FALSE } },
  { "no slice", BYTES (SPS), { FALSE, FALSE, FALSE } },
  { "IDR of type 7", BYTES (SPS "\0\0\1\x65\x88\x80"), { TRUE, FALSE, TRUE } },
  { "P of type 0", BYTES ("\0\0\0\1\x41\xc0\x80"), { FALSE, FALSE, TRUE } },
  { "P of type 5", BYTES ("\0\0\1\x41\x9a\x80"), { FALSE, FALSE, TRUE } },
  { "B of type 1", BYTES ("\0\0\1\x01\xa0\x80"), { FALSE, TRUE, FALSE } },
  { "B of type 6", BYTES ("\0\0\1\x01\x9e\x80"), { FALSE, TRUE, FALSE } },
  { "B that others refer to", BYTES ("\0\0\1\x21\x9e\x80"),
      { FALSE, TRUE, TRUE } },
  { "B in the second slice", BYTES ("\0\0\1\x41\xc0\x80\0\0\1\x41\x29\xc0"),
      { FALSE, TRUE, TRUE } },
  { "slice that is cut", BYTES ("\0\0\1\x41"), { FALSE, FALSE, TRUE } },
  { "slice of zeroes", BYTES ("\0\0\1\x41\0\0\0\0\0\0\0\0\0"),
      { FALSE, FALSE, TRUE } },
};

GST_START_TEST (frames_say_what_they_are)
{
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++) {
    H264Frame frame;

    h264_frame_read (&frame, frames[i].bytes, frames[i].size);
    ck_assert_msg (frame.is_key == frames[i].frame.is_key, "%s", frames[i].why);
    ck_assert_msg (frame.has_b_slice == frames[i].frame.has_b_slice, "%s",
        frames[i].why);
    ck_assert_msg (frame.is_reference == frames[i].frame.is_reference, "%s",
        frames[i].why);
  }
}
GST_END_TEST;

#define IDR "\0\0\1\x65\x88\x80"
#define PPS "\0\0\1\x68\xce"
/* User data that is not registered: where editors and cameras sign. */
#define SEI "\0\0\1\x06\x05\x02\xaa\xbb\x80"
#define DELIMITER "\0\0\0\1\x09\xf0"
#define FILLER "\0\0\1\x0c\xff\xff\x80"
#define SPS_3 "\0\0\1\x67\x42\0\x1e"

static const struct
{
  const gchar *why;
  const guint8 *bytes;
  gsize size;
  const guint8 *stripped;
  gsize stripped_size;
  gboolean has_extras;
} strips[] = {
  { "nothing", BYTES (""), BYTES (""), FALSE },
  { "what is needed stays", BYTES (SPS_3 PPS IDR), BYTES (SPS_3 PPS IDR),
      FALSE },
  { "SEI between", BYTES (SPS_3 PPS SEI IDR), BYTES (SPS_3 PPS IDR), TRUE },
  { "SEI at the end", BYTES (IDR SEI), BYTES (IDR), TRUE },
  { "SEI alone", BYTES (SEI), BYTES (""), TRUE },
  { "a delimiter", BYTES (DELIMITER SPS_3 PPS IDR), BYTES (SPS_3 PPS IDR),
      TRUE },
  { "filler data", BYTES (IDR FILLER FILLER), BYTES (IDR), TRUE },
  { "the end of a sequence", BYTES (IDR "\0\0\1\x0a"), BYTES (IDR), TRUE },
  { "another view's slice", BYTES (IDR "\0\0\1\x74\x80\0\0\x80"), BYTES (IDR),
      TRUE },
  { "padding is no part of a unit", BYTES (DELIMITER "\0\0" IDR "\0\0\0"),
      BYTES (IDR), TRUE },
  { "what looks like a start code inside",
      BYTES (SEI "\0\0\1\x65\x88\0\0\3\1\x80"),
      BYTES ("\0\0\1\x65\x88\0\0\3\1\x80"), TRUE },
};

GST_START_TEST (what_no_decoder_needs_is_stripped)
{
  for (guint i = 0; i < G_N_ELEMENTS (strips); i++) {
    guint8 out[64];
    H264Frame frame;
    gsize size;

    h264_frame_read (&frame, strips[i].bytes, strips[i].size);
    ck_assert_msg (frame.has_extras == strips[i].has_extras, "%s",
        strips[i].why);
    size = h264_frame_strip (strips[i].bytes, strips[i].size, out);
    ck_assert_msg (size == strips[i].stripped_size, "%s: %u", strips[i].why,
        (guint) size);
    ck_assert_msg (memcmp (out, strips[i].stripped, size) == 0, "%s",
        strips[i].why);
  }
}
GST_END_TEST;

static Suite *
h264frame_suite (void)
{
  Suite *suite = suite_create ("h264frame");
  TCase *tcase = tcase_create ("h264frame");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, frames_say_what_they_are);
  tcase_add_test (tcase, what_no_decoder_needs_is_stripped);
  return suite;
}

GST_CHECK_MAIN (h264frame);
