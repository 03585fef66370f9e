/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The common parts of enhanced audio and video headers: modifiers and tracks.
 */

#include "gst/flv/exheader.h"

#include <gst/check/gstcheck.h>

#define MULTITRACK FLV_EX_VIDEO_MULTITRACK
#define BYTES(text) text, sizeof text - 1
#define MODIFIER "\0\0\x07"

static const struct
{
  const gchar *why;
  const gchar *data;
  gsize size;
  gboolean is_valid, is_ours;
  guint type;
  const gchar *codec;
  gsize offset, body_size;
} headers[] = {
  { "empty", BYTES (""), FALSE },
  { "plain",
      BYTES ("\x91"
             "avc1xy"),
      TRUE, TRUE, 1, "avc1", 5, 2 },
  { "a modifier",
      BYTES ("\x97\2\0\0\0\x01"
             "avc1xy"),
      TRUE, TRUE, 1, "avc1", 10, 2 },
  { "a truncated modifier", BYTES ("\x97\5\0\0"), FALSE },
  { "a modifier with a long size, truncated", BYTES ("\x97\xff\0"), FALSE },
  { "a modifier with a long size",
      BYTES ("\x97\xff\0\1ab\x03"
             "hvc1x"),
      TRUE, TRUE, 3, "hvc1", 11, 1 },
  { "eight modifiers",
      BYTES (
          "\x97" MODIFIER MODIFIER MODIFIER MODIFIER MODIFIER MODIFIER MODIFIER
          "\0\0\x01"
          "avc1"),
      TRUE, TRUE, 1, "avc1", 29, 0 },
  { "nine modifiers",
      BYTES ("\x97" MODIFIER MODIFIER MODIFIER MODIFIER MODIFIER MODIFIER
              MODIFIER MODIFIER "\0\0\x01"
             "avc1"),
      FALSE },
  { "the second of two tracks is ours",
      BYTES ("\x96\x11"
             "avc1\1\0\0\2xx\0\0\0\1y"),
      TRUE, TRUE, 1, "avc1", 16, 1 },
  { "none of two tracks is ours",
      BYTES ("\x96\x11"
             "avc1\1\0\0\1x\2\0\0\1y"),
      TRUE, FALSE },
  { "a codec for each track",
      BYTES ("\x96\x21"
             "avc1\1\0\0\1xhvc1\0\0\0\2yz"),
      TRUE, TRUE, 1, "hvc1", 19, 2 },
  { "a truncated track",
      BYTES ("\x96\x11"
             "avc1\0\0\0\2x"),
      FALSE },
  { "tracks inside of tracks",
      BYTES ("\x96\x16"
             "avc1\0"),
      FALSE },
  { "an unknown multitrack type",
      BYTES ("\x96\x31"
             "avc1\0x"),
      FALSE },
};

static guint32
fourcc (const gchar *text)
{
  return (guint32) text[0] << 24 | text[1] << 16 | text[2] << 8 | text[3];
}

GST_START_TEST (modifiers_and_tracks_are_parsed)
{
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    FlvExHeader header;
    FlvExTrack track = { 0 };
    FlvExNext next = FLV_EX_BROKEN;

    if (flv_ex_header_parse (&header, (const guint8 *) headers[i].data,
            headers[i].size, MULTITRACK))
      next = flv_ex_header_find (&header, FLV_EX_FIRST_TRACK, &track);
    ck_assert_msg ((next != FLV_EX_BROKEN) == headers[i].is_valid, "%s",
        headers[i].why);
    ck_assert_msg ((next == FLV_EX_TRACK) == headers[i].is_ours, "%s",
        headers[i].why);
    if (next != FLV_EX_TRACK)
      continue;
    ck_assert_msg (header.type == headers[i].type, "%s", headers[i].why);
    ck_assert_msg (track.codec == fourcc (headers[i].codec), "%s",
        headers[i].why);
    ck_assert_msg (track.offset == headers[i].offset, "%s", headers[i].why);
    ck_assert_msg (track.size == headers[i].body_size, "%s", headers[i].why);
  }
}
GST_END_TEST;

/* The tracks of each tag, in order. */
static const struct
{
  const gchar *data;
  gsize size;
  const gchar *tracks; /* number, codec and body of each */
} tags[] = {
  { BYTES ("\x91"
           "avc1xy"),
      "0 avc1 xy, " },
  { BYTES ("\x91"
           "avc1"),
      "0 avc1 , " },
  { BYTES ("\x96\1"
           "avc1\7xy"),
      "7 avc1 xy, " },
  { BYTES ("\x96\x11"
           "avc1\1\0\0\1x\2\0\0\0\0\0\0\2yz"),
      "1 avc1 x, 2 avc1 , 0 avc1 yz, " },
  { BYTES ("\x96\x21"
           "avc1\1\0\0\1xhvc1\xff\0\0\2yz"),
      "1 avc1 x, 255 hvc1 yz, " },
  { BYTES ("\x96\x11"
           "avc1\1\0\0\1x\2\0\0"),
      "1 avc1 x, broken" },
};

GST_START_TEST (tracks_are_returned_in_order)
{
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++) {
    g_autoptr (GString) found = g_string_new (NULL);
    FlvExHeader header;
    FlvExTrack track;
    FlvExNext next;

    ck_assert (flv_ex_header_parse (&header, (const guint8 *) tags[i].data,
        tags[i].size, MULTITRACK));
    while ((next = flv_ex_header_next (&header, &track)) == FLV_EX_TRACK) {
      guint32 codec = GUINT32_TO_BE (track.codec);

      g_string_append_printf (found, "%u %.4s %.*s, ", track.id,
          (const gchar *) &codec, (gint) track.size,
          tags[i].data + track.offset);
    }
    g_string_append (found, next == FLV_EX_BROKEN ? "broken" : "");
    ck_assert_str_eq (found->str, tags[i].tracks);
  }
}
GST_END_TEST;

static Suite *
exheader_suite (void)
{
  Suite *suite = suite_create ("exheader");
  TCase *tcase = tcase_create ("exheader");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, modifiers_and_tracks_are_parsed);
  tcase_add_test (tcase, tracks_are_returned_in_order);
  return suite;
}

GST_CHECK_MAIN (exheader);
