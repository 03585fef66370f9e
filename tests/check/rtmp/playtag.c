/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tags are told apart by what a player that joins needs them for. */

#include "gst/rtmp/playtag.h"
#include "tests/support/playtags.h"

#include "gst/rtmp/chunk.h"

#include <gst/check/gstcheck.h>

#define BYTES(text) text, sizeof text - 1
#define SLOT(type, packet, track) ((type) << 16 | (packet) << 8 | (track))

typedef struct
{
  guint8 type;
  const gchar *payload;
  gsize size;
  RtmpPlayTagKind kind;
  guint slot;
  const gchar *what;
} Row;

static const Row rows[] = {
  { 18, BYTES ("\2\0\12onMetaData\10"), RTMP_PLAYTAG_METADATA, 0, "metadata" },
  { 18, BYTES ("\2\0\12onTextData\10"), RTMP_PLAYTAG_DATA, 0, "text" },
  { 18, BYTES ("\2\0\12onMeta"), RTMP_PLAYTAG_DATA, 0, "truncated metadata" },
  { 9, BYTES ("\x17\0\0\0\0x"), RTMP_PLAYTAG_HEADER, SLOT (9, 0, 0),
      "an AVC header" },
  { 9, BYTES ("\x17\1\0\0\0x"), RTMP_PLAYTAG_KEY, 0, "a key frame" },
  { 9, BYTES ("\x27\1\0\0\0x"), RTMP_PLAYTAG_VIDEO, 0, "another frame" },
  { 9, BYTES ("\x17\2\0\0\0"), RTMP_PLAYTAG_VIDEO, 0, "the sequence's end" },
  { 9, BYTES ("\x17"), RTMP_PLAYTAG_VIDEO, 0, "one byte" },
  { 9, BYTES ("\x1c\0\0\0\0x"), RTMP_PLAYTAG_HEADER, SLOT (9, 0, 0),
      "a header of the older HEVC" },
  { 9, BYTES ("\x57\0"), RTMP_PLAYTAG_DATA, 0, "a command frame" },
  { 9, BYTES ("\x12x"), RTMP_PLAYTAG_KEY, 0, "a key frame of H.263" },
  { 9, BYTES ("\x22x"), RTMP_PLAYTAG_VIDEO, 0, "another frame of H.263" },
  { 9, BYTES ("\x90hvc1x"), RTMP_PLAYTAG_HEADER, SLOT (9, 0, 0),
      "an HEVC header" },
  { 9, BYTES ("\x94hvc1x"), RTMP_PLAYTAG_HEADER, SLOT (9, 4, 0), "colours" },
  { 9, BYTES ("\x91hvc1\0\0\0x"), RTMP_PLAYTAG_KEY, 0, "an HEVC key frame" },
  { 9, BYTES ("\x93hvc1x"), RTMP_PLAYTAG_KEY, 0, "the same without a CTS" },
  { 9, BYTES ("\xa3hvc1x"), RTMP_PLAYTAG_VIDEO, 0, "another HEVC frame" },
  { 9, BYTES ("\x92hvc1"), RTMP_PLAYTAG_VIDEO, 0, "the HEVC sequence's end" },
  { 9, BYTES ("\x90hv"), RTMP_PLAYTAG_VIDEO, 0, "a truncated header" },
  { 9, BYTES ("\x96\0hvc1\2x"), RTMP_PLAYTAG_HEADER, SLOT (9, 0, 2),
      "a header of track 2" },
  { 9, BYTES ("\x96\1hvc1\2x"), RTMP_PLAYTAG_VIDEO, 0,
      "a key frame of track 2" },
  { 9, BYTES ("\x96\x11hvc1\2\0\0\1x\0\0\0\1x"), RTMP_PLAYTAG_KEY, 0,
      "a key frame of tracks 2 and 0" },
  { 8, BYTES ("\xaf\0\x12\x10"), RTMP_PLAYTAG_HEADER, SLOT (8, 0, 0),
      "an AAC header" },
  { 8, BYTES ("\xaf\1x"), RTMP_PLAYTAG_AUDIO, 0, "AAC" },
  { 8, BYTES ("\x2fx"), RTMP_PLAYTAG_AUDIO, 0, "MP3" },
  { 8, BYTES ("\x90Opusx"), RTMP_PLAYTAG_HEADER, SLOT (8, 0, 0),
      "an Opus header" },
  { 8, BYTES ("\x94Opusx"), RTMP_PLAYTAG_HEADER, SLOT (8, 4, 0), "channels" },
  { 8, BYTES ("\x91Opusx"), RTMP_PLAYTAG_AUDIO, 0, "Opus" },
  { 8, BYTES ("\x95\0mp4a\3x"), RTMP_PLAYTAG_HEADER, SLOT (8, 0, 3),
      "a header of another track" },
};

GST_START_TEST (tags_are_told_apart)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const Row *row = &rows[i];
    g_autoptr (GBytes) tag =
        play_tag_new (row->type, 0, row->payload, row->size);
    gsize size;
    const guint8 *data = g_bytes_get_data (tag, &size);
    RtmpPlayTag what;

    rtmp_playtag_read (&what, data, size);
    ck_assert_msg (what.kind == row->kind, "%s: %d", row->what, what.kind);
    ck_assert_msg (what.slot == row->slot, "%s: %x", row->what, what.slot);
  }
}
GST_END_TEST;

GST_START_TEST (a_tag_has_all_32_bits_of_its_time)
{
  g_autoptr (GBytes) tag = play_tag_audio (0x89abcdef, 0);

  ck_assert_uint_eq (rtmp_playtag_time_ms (g_bytes_get_data (tag, NULL)),
      0x89abcdef);
}
GST_END_TEST;

static Suite *
playtag_suite (void)
{
  Suite *suite = suite_create ("playtag");
  TCase *tcase = tcase_create ("playtag");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, tags_are_told_apart);
  tcase_add_test (tcase, a_tag_has_all_32_bits_of_its_time);
  return suite;
}

GST_CHECK_MAIN (playtag);
