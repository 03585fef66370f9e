/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames are classified as B, key or reference. */

#include "gst/live/h264frame.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define BYTES(text) (const guint8 *) text, sizeof text - 1
#define SPS "\0\0\0\1\x67\x42\0\x1e"

/* Slices begin with two Exp-Golomb numbers: first_mb_in_slice and slice_type.
 */
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
  { "B that is a reference", BYTES ("\0\0\1\x21\x9e\x80"),
      { FALSE, TRUE, TRUE } },
  { "B in the second slice", BYTES ("\0\0\1\x41\xc0\x80\0\0\1\x41\x29\xc0"),
      { FALSE, TRUE, TRUE } },
  { "truncated slice", BYTES ("\0\0\1\x41"), { FALSE, FALSE, TRUE } },
  { "slice of zeroes", BYTES ("\0\0\1\x41\0\0\0\0\0\0\0\0\0"),
      { FALSE, FALSE, TRUE } },
};

GST_START_TEST (frames_are_classified)
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
/* Unregistered user data, in which editors and cameras write their names. */
#define SEI "\0\0\1\x06\x05\x02\xaa\xbb\x80"
#define DELIMITER "\0\0\0\1\x09\xf0"
#define FILLER "\0\0\1\x0c\xff\xff\x80"
#define P "\0\0\1\x41\x9a\x80"
#define I "\0\0\1\x41\x88\x80"
/* x264's, with recovery_frame_cnt 19, and one that follows another message. */
#define RECOVERY "\0\0\1\x06\x06\x02\x09\xc4\x80"
#define SEI_OF_TWO "\0\0\1\x06\x05\x02\xaa\xbb\x06\x02\x09\xc4\x80"
#define SPS_3 "\0\0\1\x67\x42\0\x1e"

static const struct
{
  const gchar *why;
  const guint8 *bytes;
  gsize size;
  gboolean is_intra, is_recovery_point, has_sps;
} refreshes[] = {
  { "nothing", BYTES (""), FALSE, FALSE, FALSE },
  { "an IDR frame", BYTES (SPS_3 PPS IDR), TRUE, FALSE, TRUE },
  { "a P frame with a recovery point", BYTES (RECOVERY P), FALSE, TRUE, FALSE },
  { "one after another message", BYTES (SEI_OF_TWO P), FALSE, TRUE, FALSE },
  { "one in the second SEI", BYTES (SEI RECOVERY P), FALSE, TRUE, FALSE },
  { "other SEI", BYTES (SEI P), FALSE, FALSE, FALSE },
  { "truncated SEI", BYTES ("\0\0\1\x06\x05\xff" P), FALSE, FALSE, FALSE },
  { "an open GOP's intra frame", BYTES (RECOVERY I), TRUE, TRUE, FALSE },
  { "an intra frame of two slices", BYTES (I I), TRUE, FALSE, FALSE },
  { "an I slice, then a P slice", BYTES (I P), FALSE, FALSE, FALSE },
  { "a P slice, then an I slice", BYTES (P I), FALSE, FALSE, FALSE },
};

GST_START_TEST (frames_where_a_decoder_may_start_are_detected)
{
  for (guint i = 0; i < G_N_ELEMENTS (refreshes); i++) {
    H264Frame frame;

    h264_frame_read (&frame, refreshes[i].bytes, refreshes[i].size);
    ck_assert_msg (frame.is_intra == refreshes[i].is_intra, "%s",
        refreshes[i].why);
    ck_assert_msg (frame.is_recovery_point == refreshes[i].is_recovery_point,
        "%s", refreshes[i].why);
    ck_assert_msg (frame.has_sps == refreshes[i].has_sps, "%s",
        refreshes[i].why);
  }
}
GST_END_TEST;

GST_START_TEST (an_sps_after_too_many_units_is_not_missed)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  H264Frame frame;

  for (guint i = 0; i <= H264_FRAME_MAX_UNITS; i++)
    g_string_append_len (bytes, "\0\0\1\x09\xf0", 5);
  g_string_append_len (bytes, SPS_3, sizeof SPS_3 - 1);
  h264_frame_read (&frame, (const guint8 *) bytes->str, bytes->len);
  ck_assert (frame.has_sps);
}
GST_END_TEST;

GST_START_TEST (only_parameter_sets_are_copied)
{
  static const gchar all[] = SEI SPS_3 "\0" PPS IDR SPS_3;
  static const gchar sets[] = SPS_3 PPS SPS_3;
  guint8 out[sizeof all];
  gsize size = h264_frame_copy_sets ((const guint8 *) all, sizeof all - 1, out);

  ck_assert_uint_eq (size, sizeof sets - 1);
  ck_assert (memcmp (out, sets, size) == 0);
}
GST_END_TEST;

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
  { "needed units are kept", BYTES (SPS_3 PPS IDR), BYTES (SPS_3 PPS IDR),
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
  { "padding is not part of a unit", BYTES (DELIMITER "\0\0" IDR "\0\0\0"),
      BYTES (IDR), TRUE },
  { "a unit with something like a start code in it",
      BYTES (SEI "\0\0\1\x65\x88\0\0\3\1\x80"),
      BYTES ("\0\0\1\x65\x88\0\0\3\1\x80"), TRUE },
};

GST_START_TEST (units_that_no_decoder_needs_are_stripped)
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
  tcase_add_test (tcase, frames_are_classified);
  tcase_add_test (tcase, frames_where_a_decoder_may_start_are_detected);
  tcase_add_test (tcase, an_sps_after_too_many_units_is_not_missed);
  tcase_add_test (tcase, only_parameter_sets_are_copied);
  tcase_add_test (tcase, units_that_no_decoder_needs_are_stripped);
  return suite;
}

GST_CHECK_MAIN (h264frame);
