/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A tag as the chunks that one player receives: headers of its own, between
 * pieces of the payload, which all players share. Pure. */

#pragma once

#include <glib.h>
#include <sys/uio.h>

G_BEGIN_DECLS

/* Most tags fit into one chunk. Players allocate this much for each chunk
 * stream, so a larger size would cost them memory. */
#define RTMP_PLAYFRAME_CHUNK_BYTES (64 * 1024)
/* A basic header of one byte, a message header, an extended timestamp. */
#define RTMP_PLAYFRAME_HEADER_BYTES 16
/* The header of each further chunk. */
#define RTMP_PLAYFRAME_MORE_BYTES 5

/* To be embedded and copied. */
typedef struct
{
  GBytes *tag;
  const guint8 *payload;
  gsize payload_size;
  gsize size; /* of all chunks */
  guint8 header[RTMP_PLAYFRAME_HEADER_BYTES];
  guint8 more[RTMP_PLAYFRAME_MORE_BYTES];
  guint8 header_size, more_size;
} RtmpPlayFrame;

/* @tag was made by rtmp_flv_take_tag() and remains the caller's. */
void rtmp_playframe_init (RtmpPlayFrame *self, GBytes *tag, guint32 time_ms,
    guint32 stream_id);

/* Lays out what follows the first @offset bytes in up to @n_max pieces, which
 * point into @self and its tag.
 *
 * Returns: the number of pieces, which need not reach the end. */
guint rtmp_playframe_fill (const RtmpPlayFrame *self, gsize offset,
    struct iovec *pieces, guint n_max);

G_END_DECLS
