/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A tag as the chunks of one player: its own headers, between pieces of the
 * payload that all players share. Pure. */

#pragma once

#include <glib.h>
#include <sys/uio.h>

G_BEGIN_DECLS

/* Most tags are one chunk. Players reserve as much for each chunk stream, so
 * that more would be unkind. */
#define RTMP_PLAYFRAME_CHUNK_BYTES (64 * 1024)
/* A basic header of one byte, a message header, an extended timestamp. */
#define RTMP_PLAYFRAME_HEADER_BYTES 16
/* Of each further chunk. */
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

/* @tag is one of rtmp_flv_take_tag(), and stays the caller's. */
void rtmp_playframe_init (RtmpPlayFrame *self, GBytes *tag, guint32 time_ms,
    guint32 stream_id);

/* Lays out what follows the first @offset bytes in up to @n_max pieces, which
 * point into @self and its tag.
 *
 * Returns: how many pieces there are; they need not reach the end. */
guint rtmp_playframe_fill (const RtmpPlayFrame *self, gsize offset,
    struct iovec *pieces, guint n_max);

G_END_DECLS
