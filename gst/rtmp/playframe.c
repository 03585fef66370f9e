/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A tag as chunks: see playframe.h. */

#include "gst/rtmp/playframe.h"

#include "gst/rtmp/chunk.h"
#include "gst/rtmp/playtag.h"

#include <gst/gstutils.h>

/* Chunk streams of their own, which replies do not use. */
#define CSID_AUDIO 6
#define CSID_VIDEO 7
#define CSID_DATA 8
#define TYPE_3 0xc0
#define EXTENDED_TIME 0xffffff

static guint8
csid_of (guint8 type)
{
  if (type == RTMP_MESSAGE_AUDIO)
    return CSID_AUDIO;
  return type == RTMP_MESSAGE_VIDEO ? CSID_VIDEO : CSID_DATA;
}

/* Not GST_WRITE_UINT32_BE, which stores a word, whatever its alignment. */
static void
write_time (guint8 *field, guint32 time_ms)
{
  field[0] = time_ms >> 24;
  GST_WRITE_UINT24_BE (field + 1, time_ms);
}

/* The only number in RTMP that is little-endian. */
static void
write_stream_id (guint8 *field, guint32 id)
{
  GST_WRITE_UINT24_LE (field, id);
  field[3] = id >> 24;
}

void
rtmp_playframe_init (RtmpPlayFrame *self, GBytes *tag, guint32 time_ms,
    guint32 stream_id)
{
  gboolean is_extended = time_ms >= EXTENDED_TIME;
  gsize tag_size, n_chunks;
  const guint8 *data = g_bytes_get_data (tag, &tag_size);

  *self = (RtmpPlayFrame){ .tag = tag };
  self->payload = rtmp_playtag_payload (data, tag_size, &self->payload_size);

  self->header[0] = csid_of (data[0]);
  GST_WRITE_UINT24_BE (self->header + 1, MIN (time_ms, EXTENDED_TIME));
  GST_WRITE_UINT24_BE (self->header + 4, self->payload_size);
  self->header[7] = data[0];
  write_stream_id (self->header + 8, stream_id);
  self->header_size = 12;
  self->more[0] = TYPE_3 | self->header[0];
  self->more_size = 1;
  if (is_extended) {
    write_time (self->header + 12, time_ms);
    write_time (self->more + 1, time_ms);
    self->header_size += 4;
    self->more_size += 4;
  }
  n_chunks = (self->payload_size - 1) / RTMP_PLAYFRAME_CHUNK_BYTES + 1;
  self->size =
      self->header_size + self->payload_size + (n_chunks - 1) * self->more_size;
}

/* Adds what is left of the @size bytes at @data after *@offset, which is
 * reduced by what was skipped. Returns: the number of pieces, 0 or 1. */
static guint
add_piece (struct iovec *piece, const guint8 *data, gsize size, gsize *offset)
{
  gsize n_skipped = MIN (*offset, size);

  *offset -= n_skipped;
  if (n_skipped == size)
    return 0;
  piece->iov_base = (guint8 *) data + n_skipped;
  piece->iov_len = size - n_skipped;
  return 1;
}

guint
rtmp_playframe_fill (const RtmpPlayFrame *self, gsize offset,
    struct iovec *pieces, guint n_max)
{
  guint n = 0;

  if (n < n_max)
    n += add_piece (pieces, self->header, self->header_size, &offset);
  for (gsize i = 0; i < self->payload_size && n < n_max;
       i += RTMP_PLAYFRAME_CHUNK_BYTES) {
    if (i > 0)
      n += add_piece (pieces + n, self->more, self->more_size, &offset);
    if (n < n_max)
      n += add_piece (pieces + n, self->payload + i,
          MIN (RTMP_PLAYFRAME_CHUNK_BYTES, self->payload_size - i), &offset);
  }
  return n;
}
