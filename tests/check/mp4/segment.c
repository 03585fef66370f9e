/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What players find in the segments: each field where ISO/IEC 14496-12 has it.
 * That ffprobe, qtdemux and browsers agree is shown elsewhere. */

#include "gst/mp4/segment.h"
#include "tests/support/boxes.h"

#include <gst/check/gstcheck.h>

static const guint8 config[] = { 1, 2, 3, 4, 5 };

static Mp4Track
track_of (Mp4Codec codec)
{
  return (Mp4Track){ .id = 7,
    .codec = codec,
    .width = 1280,
    .height = 720,
    .rate = 48000,
    .n_channels = 2,
    .config = config,
    .config_size = sizeof config };
}

GST_START_TEST (an_initialization_segment_describes_each_track)
{
  static const gchar entries[][5] = { "avc1", "hvc1", "av01", "vp09", "mp4a",
    "mp4a", "Opus", "fLaC", "ac-3" };

  for (guint codec = MP4_AVC; codec <= MP4_AC3; codec++) {
    g_autoptr (GByteArray) out = g_byte_array_new ();
    Mp4Track track = track_of (codec);
    const guint8 *body;
    gsize size;

    mp4_write_init (&track, 1, out);
    ck_assert (boxes_are_whole (out->data, out->len));
    body = boxes_find (out->data, out->len, "moov/trak/mdia/minf/stbl/stsd",
        &size);
    ck_assert (body != NULL);
    ck_assert (boxes_are_whole (body + 8, size - 8));
    ck_assert (memcmp (body + 12, entries[codec], 4) == 0);
    body = boxes_find (out->data, out->len, "moov/mvex/trex", &size);
    ck_assert_uint_eq (GST_READ_UINT32_BE (body + 4), 7);
    body = boxes_find (out->data, out->len, "moov/trak/mdia/mdhd", &size);
    ck_assert_uint_eq (GST_READ_UINT32_BE (body + 12),
        codec < MP4_AAC ? 90000 : 48000);
  }
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
  ck_assert_uint_eq (GST_READ_UINT32_BE (body + 4), 9);
  body = boxes_find (out->data, out->len, "moof/traf/tfdt", &size);
  ck_assert_uint_eq (GST_READ_UINT64_BE (body + 4), frame.decode_time);
  body = boxes_find (out->data, out->len, "moof/traf/trun", &size);
  ck_assert_uint_eq (size, 4 + 4 + 4 + 4 * 4);
  /* Where the data begins, from the moof on: at the end of what was written. */
  ck_assert_uint_eq (GST_READ_UINT32_BE (body + 8), out->len);
  ck_assert_uint_eq (GST_READ_UINT32_BE (body + 12), 3000);
  ck_assert_uint_eq (GST_READ_UINT32_BE (body + 16), 100);
  ck_assert_uint_eq (GST_READ_UINT32_BE (body + 20) & 0x10000, 0);
  ck_assert_int_eq ((gint32) GST_READ_UINT32_BE (body + 24), -6000);
  /* The frame's bytes complete the mdat. */
  ck_assert_uint_eq (GST_READ_UINT32_BE (out->data + out->len - 8), 108);
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
  tcase_add_test (tcase, an_initialization_segment_describes_each_track);
  tcase_add_test (tcase, a_fragment_says_when_its_frame_is_shown);
  return suite;
}

GST_CHECK_MAIN (segment);
