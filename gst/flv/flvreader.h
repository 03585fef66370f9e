/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An FLV stream cut into its pieces (video_file_format_spec_v10_1, annex E.2
 * to E.4), however the bytes arrive. Holds no bytes: the caller shows it the
 * next few, and takes the piece once all of it is there. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* So many bytes tell what any piece is. */
#define FLV_LOOK_BYTES 11

typedef enum
{
  FLV_PIECE_HEADER,       /* of the file; may come again, or never */
  FLV_PIECE_BACK_POINTER, /* PreviousTagSize: nobody needs it */
  FLV_PIECE_AUDIO,
  FLV_PIECE_VIDEO,
  FLV_PIECE_OTHER, /* script data, and what is encrypted */
} FlvPieceKind;

typedef struct
{
  FlvPieceKind kind;
  /* All of it: at most 16 MiB, because sizes have 24 bits. */
  gsize size;
  guint32 time_ms; /* of a tag */
  gsize offset;    /* of a tag's body, which ends with the piece */
} FlvPiece;

typedef enum
{
  FLV_LOOK_MORE, /* show more bytes */
  FLV_LOOK_PIECE,
  FLV_LOOK_BROKEN, /* no tag can start like this; there is no way to go on,
                    * because any byte may look like a tag */
} FlvLook;

/* To be embedded; starts zeroed. */
typedef struct
{
  gboolean is_started;
  gboolean is_after_piece; /* a back pointer comes next */
} FlvReader;

/* Says what @data starts with; @size may be less than all of the piece, and
 * needs never be more than FLV_LOOK_BYTES. */
FlvLook flv_reader_look (const FlvReader *self, const guint8 *data, gsize size,
    FlvPiece *piece);

/* To be called once @piece is consumed. */
void flv_reader_advance (FlvReader *self, const FlvPiece *piece);

G_END_DECLS
