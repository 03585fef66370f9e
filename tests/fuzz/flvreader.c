/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses arbitrary bytes as an FLV stream: every piece advances the reader, and
 * FLV_LOOK_BYTES suffice to find what the whole input would show. */

#include "gst/flv/flvreader.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  FlvReader reader = { 0 };
  gsize n_read = 0;

  while (TRUE) {
    gsize n_left = size - n_read;
    FlvPiece piece, same;
    FlvLook look = flv_reader_look (&reader, data + n_read,
        MIN (n_left, FLV_LOOK_BYTES), &piece);

    g_assert (look == flv_reader_look (&reader, data + n_read, n_left, &same));
    if (look == FLV_LOOK_MORE)
      g_assert (n_left < FLV_LOOK_BYTES);
    if (look != FLV_LOOK_PIECE)
      return 0;
    g_assert (piece.kind == same.kind && piece.size == same.size);
    g_assert (piece.size > 0 && piece.size <= 0xffffff + 11);
    g_assert (piece.offset <= piece.size);
    if (piece.size > n_left)
      return 0;
    flv_reader_advance (&reader, &piece);
    n_read += piece.size;
  }
}
