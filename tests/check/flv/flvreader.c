/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An FLV stream is split into pieces, however its bytes arrive. */

#include "gst/flv/flvreader.h"

#include <gst/check/gstcheck.h>

#define BYTES(text) text, sizeof text - 1
#define HEADER "FLV\1\5\0\0\0\x09"
#define ZERO "\0\0\0\0"
#define AUDIO "\x08\0\0\1\0\0\1\x80\0\0\0a"
#define VIDEO "\x09\0\0\2\0\0\2\0\0\0\0vv"
#define SCRIPT "\x12\0\0\1\0\0\0\0\0\0\0s"
#define POINTER "\0\0\0\x0c"

/* Pieces as letters: Header, back Pointer, Audio, Video, Other; and ! for
 * malformed data. */
static const gchar letters[] = "HPAVO";

static const struct
{
  const gchar *why;
  const gchar *data;
  gsize size;
  const gchar *pieces;
} streams[] = {
  { "nothing", BYTES (""), "" },
  { "a whole stream",
      BYTES (HEADER ZERO SCRIPT POINTER AUDIO POINTER VIDEO POINTER),
      "HPOPAPVP" },
  { "no header", BYTES (AUDIO POINTER VIDEO POINTER), "APVP" },
  { "no header but the first back pointer", BYTES (ZERO AUDIO POINTER), "PAP" },
  { "a second header", BYTES (HEADER ZERO AUDIO POINTER HEADER ZERO VIDEO),
      "HPAPHPV" },
  { "wrong back pointers", BYTES (AUDIO "\xff\xff\xff\xff" VIDEO ZERO),
      "APVP" },
  { "an empty tag", BYTES ("\x08" ZERO ZERO "\0\0" POINTER), "AP" },
  { "an encrypted tag", BYTES ("\x29\0\0\1\0\0\0\0\0\0\0x" POINTER), "OP" },
  { "a longer header", BYTES ("FLV\1\5\0\0\0\x0bxx" ZERO AUDIO), "HPA" },
  { "the start of a tag", BYTES ("\x08\0\0\1\0\0"), "" },
  { "a tag without its last byte", BYTES ("\x08\0\0\2\0\0\0\0\0\0\0a"), "" },
  { "rubbish", BYTES ("rubbish"), "!" },
  { "garbage after a tag", BYTES (AUDIO POINTER "rubbish"), "AP!" },
  { "zeroes after a tag", BYTES (AUDIO POINTER ZERO), "AP!" },
  { "a header in the middle of a tag", BYTES ("FLW"), "!" },
  { "a header of half its size", BYTES ("FLV\1\5\0\0\0\4"), "!" },
  { "a header of megabytes", BYTES ("FLV\1\5\1\0\0\0"), "!" },
  { "a reserved bit", BYTES ("\x48\0\0\1\0\0\0\0\0\0\0x"), "!" },
};

/* The pieces found if @chunk bytes arrive at a time. */
static gchar *
read_pieces (const guint8 *data, gsize size, gsize chunk)
{
  GString *pieces = g_string_new (NULL);
  FlvReader reader = { 0 };
  gsize n_there = 0;
  gsize n_read = 0;

  while (TRUE) {
    gsize n_left = n_there - n_read;
    FlvPiece piece;
    FlvLook look = flv_reader_look (&reader, data + n_read,
        MIN (n_left, FLV_LOOK_BYTES), &piece);

    if (look == FLV_LOOK_BROKEN) {
      g_string_append_c (pieces, '!');
      break;
    }
    if (look == FLV_LOOK_MORE || piece.size > n_left) {
      if (n_there == size)
        break;
      n_there += MIN (chunk, size - n_there);
      continue;
    }
    g_string_append_c (pieces, letters[piece.kind]);
    flv_reader_advance (&reader, &piece);
    n_read += piece.size;
  }
  return g_string_free (pieces, FALSE);
}

GST_START_TEST (pieces_are_the_same_however_bytes_arrive)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++) {
    for (gsize chunk = 1; chunk <= streams[i].size + 1; chunk++) {
      g_autofree gchar *pieces = read_pieces ((const guint8 *) streams[i].data,
          streams[i].size, chunk);

      ck_assert_msg (g_str_equal (pieces, streams[i].pieces),
          "%s, by %" G_GSIZE_FORMAT ": %s", streams[i].why, chunk, pieces);
    }
  }
}
GST_END_TEST;

GST_START_TEST (a_tag_has_a_32_bit_time)
{
  FlvReader reader = { 0 };
  FlvPiece piece;

  ck_assert_int_eq (flv_reader_look (&reader, (const guint8 *) AUDIO,
                        FLV_LOOK_BYTES, &piece),
      FLV_LOOK_PIECE);
  ck_assert_uint_eq (piece.time_ms, 0x80000001);
  ck_assert_uint_eq (piece.offset, 11);
  ck_assert_uint_eq (piece.size, 12);
}
GST_END_TEST;

GST_START_TEST (no_piece_is_larger_than_16_mib)
{
  FlvReader reader = { 0 };
  FlvPiece piece;

  ck_assert_int_eq (flv_reader_look (&reader,
                        (const guint8 *) "\x09\xff\xff\xff" ZERO "\0\0\0",
                        FLV_LOOK_BYTES, &piece),
      FLV_LOOK_PIECE);
  ck_assert_uint_eq (piece.size, 0xffffff + 11);
}
GST_END_TEST;

static Suite *
flvreader_suite (void)
{
  Suite *suite = suite_create ("flvreader");
  TCase *tcase = tcase_create ("flvreader");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, pieces_are_the_same_however_bytes_arrive);
  tcase_add_test (tcase, a_tag_has_a_32_bit_time);
  tcase_add_test (tcase, no_piece_is_larger_than_16_mib);
  return suite;
}

GST_CHECK_MAIN (flvreader);
