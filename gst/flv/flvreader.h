/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Splits an FLV stream into its pieces (video_file_format_spec_v10_1, annex E.2
 * to E.4), however the bytes arrive. Stores no bytes: the caller passes the
 * next few, and consumes the piece once all of it has arrived. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The number of bytes that identify any piece. */
#define FLV_LOOK_BYTES 11

typedef enum
{
  FLV_PIECE_HEADER,       /* of the file; may be missing or be repeated */
  FLV_PIECE_BACK_POINTER, /* PreviousTagSize, which is ignored */
  FLV_PIECE_AUDIO,
  FLV_PIECE_VIDEO,
  FLV_PIECE_OTHER, /* script data and encrypted tags */
} FlvPieceKind;

typedef struct
{
  FlvPieceKind kind;
  /* The size of the whole piece: at most 16 MiB, because sizes have 24 bits. */
  gsize size;
  guint32 time_ms; /* of a tag */
  gsize offset;    /* of a tag's body, which extends to the end of the piece */
} FlvPiece;

typedef enum
{
  FLV_LOOK_MORE, /* needs more bytes */
  FLV_LOOK_PIECE,
  /* No tag starts like this. Parsing cannot continue, because any byte may look
   * like the start of a tag. */
  FLV_LOOK_BROKEN,
} FlvLook;

/* To be embedded; starts zeroed. */
typedef struct
{
  gboolean is_started;
  gboolean is_after_piece; /* a back pointer comes next */
} FlvReader;

/* Identifies the piece at the start of @data. @size may be less than the whole
 * piece, and need never be more than FLV_LOOK_BYTES. */
FlvLook flv_reader_look (const FlvReader *self, const guint8 *data, gsize size,
    FlvPiece *piece);

/* Call this once @piece is consumed. */
void flv_reader_advance (FlvReader *self, const FlvPiece *piece);

G_END_DECLS
