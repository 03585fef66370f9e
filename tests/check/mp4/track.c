/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A track's sample entry, where players look for it. */

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

GST_START_TEST (each_codec_has_its_sample_entry)
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
    ck_assert_uint_eq (boxes_number (body + 4, 4), 7);
    body = boxes_find (out->data, out->len, "moov/trak/mdia/mdhd", &size);
    ck_assert_uint_eq (boxes_number (body + 12, 4),
        codec < MP4_AAC ? 90000 : 48000);
  }
}
GST_END_TEST;

static Suite *
track_suite (void)
{
  Suite *suite = suite_create ("track");
  TCase *tcase = tcase_create ("track");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, each_codec_has_its_sample_entry);
  return suite;
}

GST_CHECK_MAIN (track);
