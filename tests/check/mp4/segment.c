/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What players find in the segments: each field where ISO/IEC 14496-12 has it.
 * That ffprobe, qtdemux and browsers agree is shown elsewhere. */

#include "gst/mp4/segment.h"
#include "tests/support/boxes.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (an_initialization_segment_names_each_track)
{
  static const guint8 config[] = { 1, 2, 3 };
  Mp4Track tracks[] = {
    { .id = 3, .codec = MP4_AVC, .config = config, .config_size = 3 },
    { .id = 7, .codec = MP4_MP3, .rate = 44100, .n_channels = 2 },
  };
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const guint8 *body;
  gsize size;

  mp4_write_init (tracks, 2, out);
  ck_assert (boxes_are_whole (out->data, out->len));
  ck_assert (boxes_find (out->data, out->len, "ftyp", &size) != NULL);
  body = boxes_find (out->data, out->len, "moov/trak/tkhd", &size);
  ck_assert_uint_eq (boxes_number (body + 12, 4), 3);
  body = boxes_find (out->data, out->len, "moov/mvex", &size);
  ck_assert_uint_eq (boxes_number (body + 12, 4), 3);
  ck_assert_uint_eq (boxes_number (body + size - 20, 4), 7);
  body = boxes_find (out->data, out->len, "moov/mvhd", &size);
  ck_assert_uint_eq (boxes_number (body + size - 4, 4), 8);
}
GST_END_TEST;

GST_START_TEST (a_fragment_says_when_its_frame_is_shown)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  Mp4Frame frame = { .track_id = 2,
    .sequence = 9,
    .decode_time = G_GUINT64_CONSTANT (0x123456789a),
    .duration = 3000,
    .composition_offset = -6000,
    .size = 100,
    .is_sync = TRUE };
  const guint8 *body;
  gsize size;

  mp4_write_fragment_head (&frame, out);
  body = boxes_find (out->data, out->len, "moof/mfhd", &size);
  ck_assert_uint_eq (boxes_number (body + 4, 4), 9);
  body = boxes_find (out->data, out->len, "moof/traf/tfdt", &size);
  ck_assert_uint_eq (boxes_number (body + 4, 8), frame.decode_time);
  body = boxes_find (out->data, out->len, "moof/traf/trun", &size);
  ck_assert_uint_eq (size, 4 + 4 + 4 + 4 * 4);
  /* Where the data begins, from the moof on: at the end of what was written. */
  ck_assert_uint_eq (boxes_number (body + 8, 4), out->len);
  ck_assert_uint_eq (boxes_number (body + 12, 4), 3000);
  ck_assert_uint_eq (boxes_number (body + 16, 4), 100);
  ck_assert_uint_eq (boxes_number (body + 20, 4) & 0x10000, 0);
  ck_assert_int_eq ((gint32) boxes_number (body + 24, 4), -6000);
  /* The frame's bytes complete the mdat. */
  ck_assert_uint_eq (boxes_number (out->data + out->len - 8, 4), 108);
  g_byte_array_set_size (out, out->len + 100);
  ck_assert (boxes_are_whole (out->data, out->len));
}
GST_END_TEST;

static Suite *
segment_suite (void)
{
  Suite *suite = suite_create ("segment");
  TCase *tcase = tcase_create ("segment");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_initialization_segment_names_each_track);
  tcase_add_test (tcase, a_fragment_says_when_its_frame_is_shown);
  return suite;
}

GST_CHECK_MAIN (segment);
