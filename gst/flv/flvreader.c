/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Splits an FLV stream: see flvreader.h. */

#include "gst/flv/flvreader.h"

#include <gst/gstutils.h>
#include <string.h>

#define BACK_POINTER_BYTES 4
#define HEADER_BYTES 9
#define TAG_HEADER_BYTES 11
/* DataOffset is 9 in version 1. The limit allows longer headers, but keeps a
 * sender from making us skip megabytes. */
#define HEADER_LIMIT_BYTES 1024

#define TAG_AUDIO 8
#define TAG_VIDEO 9
#define TAG_SCRIPT 18
#define TAG_IS_ENCRYPTED 0x20

static FlvLook
look_at_header (const guint8 *data, gsize size, FlvPiece *piece)
{
  if (memcmp (data, "FLV", MIN (size, 3)) != 0)
    return FLV_LOOK_BROKEN;
  if (size < HEADER_BYTES)
    return FLV_LOOK_MORE;

  piece->kind = FLV_PIECE_HEADER;
  /* GST_READ_UINT32_BE is not used, because it loads a word, regardless of its
   * alignment. */
  piece->size = (gsize) data[5] << 24 | GST_READ_UINT24_BE (data + 6);
  if (piece->size < HEADER_BYTES || piece->size > HEADER_LIMIT_BYTES)
    return FLV_LOOK_BROKEN;
  return FLV_LOOK_PIECE;
}

static gboolean
read_kind (guint8 type, FlvPieceKind *kind)
{
  if (type == TAG_AUDIO)
    *kind = FLV_PIECE_AUDIO;
  else if (type == TAG_VIDEO)
    *kind = FLV_PIECE_VIDEO;
  else if (type == TAG_SCRIPT || type == (TAG_AUDIO | TAG_IS_ENCRYPTED) ||
      type == (TAG_VIDEO | TAG_IS_ENCRYPTED) ||
      type == (TAG_SCRIPT | TAG_IS_ENCRYPTED))
    *kind = FLV_PIECE_OTHER;
  else
    return FALSE;
  return TRUE;
}

static FlvLook
look_at_tag (const guint8 *data, gsize size, FlvPiece *piece)
{
  if (!read_kind (data[0], &piece->kind))
    return FLV_LOOK_BROKEN;
  if (size < TAG_HEADER_BYTES)
    return FLV_LOOK_MORE;

  piece->size = TAG_HEADER_BYTES + GST_READ_UINT24_BE (data + 1);
  piece->time_ms = GST_READ_UINT24_BE (data + 4) | (guint32) data[7] << 24;
  piece->offset = TAG_HEADER_BYTES;
  return FLV_LOOK_PIECE;
}

FlvLook
flv_reader_look (const FlvReader *self, const guint8 *data, gsize size,
    FlvPiece *piece)
{
  *piece = (FlvPiece){ 0 };
  if (size == 0)
    return FLV_LOOK_MORE;

  /* Muxers write wrong back pointers, so the value isn't checked. A stream
   * without a header may start with one, whose first byte is zero. */
  if (self->is_after_piece || (!self->is_started && data[0] == 0)) {
    piece->kind = FLV_PIECE_BACK_POINTER;
    piece->size = BACK_POINTER_BYTES;
    return FLV_LOOK_PIECE;
  }
  if (data[0] == 'F')
    return look_at_header (data, size, piece);
  return look_at_tag (data, size, piece);
}

void
flv_reader_advance (FlvReader *self, const FlvPiece *piece)
{
  self->is_started = TRUE;
  self->is_after_piece = piece->kind != FLV_PIECE_BACK_POINTER;
}
