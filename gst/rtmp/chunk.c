/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads and writes the RTMP chunk stream: see chunk.h. */

#include "gst/rtmp/chunk.h"

#include <gst/gstutils.h>
#include <string.h>

/* Three bytes of basic header, eleven of message header, four of extended
 * timestamp. */
#define MAX_HEADER 18
#define EXTENDED_TIME 0xffffff
#define EXTENDED_BYTES 4
#define MAX_CHUNK_SIZE 0x7fffffff
#define MAX_CSID 65599

/* The last header of one chunk stream, and the message being received on it. */
typedef struct
{
  guint csid;
  guint32 time_field; /* as received: absolute in type 0, else a delta */
  gboolean is_extended;
  guint32 time_ms;
  guint32 message_size;
  guint8 message_type;
  guint32 stream_id;

  RtmpMessage message; /* block is NULL between messages */
  gsize n_read;        /* of its payload */
} ChunkStream;

struct _RtmpChunkReader
{
  ChunkStream streams[RTMP_CHUNK_MAX_STREAMS];
  guint n_streams;

  guint8 header[MAX_HEADER]; /* of the chunk being read */
  gsize n_header;
  ChunkStream *current; /* NULL until its header is complete */
  gsize n_left;         /* of the current chunk */

  /* Bytes that were read as an extended timestamp, but are payload. */
  guint8 returned[EXTENDED_BYTES];
  gsize n_returned;
  gboolean omits_extended; /* the sender doesn't repeat it on type 3 */

  guint32 chunk_size;
  gsize limit_bytes;
  gsize n_buffered;
  const gchar *why;
};

/* The caller's input. */
typedef struct
{
  const guint8 *data;
  gsize size;
} Input;

/* Not GST_READ_UINT32_BE, which loads a word, whatever its alignment. */
static guint32
read_extended_time (const guint8 *field)
{
  return (guint32) field[0] << 24 | GST_READ_UINT24_BE (field + 1);
}

gboolean
rtmp_message_init (RtmpMessage *self, guint8 type, gsize size)
{
  *self = (RtmpMessage){ .type = type, .size = size };
  self->block =
      g_try_malloc (RTMP_MESSAGE_HEADROOM + size + RTMP_MESSAGE_TAILROOM);
  return self->block != NULL;
}

void
rtmp_message_clear (RtmpMessage *self)
{
  g_clear_pointer (&self->block, g_free);
  self->size = 0;
}

RtmpChunkReader *
rtmp_chunk_reader_new (void)
{
  RtmpChunkReader *self = g_new0 (RtmpChunkReader, 1);

  self->chunk_size = RTMP_CHUNK_DEFAULT_BYTES;
  self->limit_bytes = RTMP_MESSAGE_MAX_BYTES;
  return self;
}

void
rtmp_chunk_reader_free (RtmpChunkReader *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_streams; i++)
    rtmp_message_clear (&self->streams[i].message);
  g_free (self);
}

const gchar *
rtmp_chunk_reader_why (const RtmpChunkReader *self)
{
  return self->why;
}

void
rtmp_chunk_reader_set_limit (RtmpChunkReader *self, gsize limit_bytes)
{
  g_assert (limit_bytes <= RTMP_MESSAGE_MAX_BYTES);
  self->limit_bytes = limit_bytes;
}

gboolean
rtmp_chunk_reader_set_chunk_size (RtmpChunkReader *self, guint32 size)
{
  if (size == 0 || size > MAX_CHUNK_SIZE)
    return FALSE;
  /* A chunk is never longer than its message. */
  self->chunk_size = MIN (size, RTMP_MESSAGE_MAX_BYTES);
  return TRUE;
}

static ChunkStream *
find_stream (RtmpChunkReader *self, guint csid)
{
  for (guint i = 0; i < self->n_streams; i++) {
    if (self->streams[i].csid == csid)
      return &self->streams[i];
  }
  return NULL;
}

static void
drop_message (RtmpChunkReader *self, ChunkStream *stream)
{
  if (stream->message.block == NULL)
    return;
  self->n_buffered -= stream->message.size;
  rtmp_message_clear (&stream->message);
}

void
rtmp_chunk_reader_abort (RtmpChunkReader *self, guint32 csid)
{
  ChunkStream *stream = find_stream (self, csid);

  g_assert (self->current == NULL);
  if (stream != NULL)
    drop_message (self, stream);
}

gboolean
rtmp_chunk_reader_is_idle (const RtmpChunkReader *self)
{
  if (self->n_header > 0)
    return FALSE;
  for (guint i = 0; i < self->n_streams; i++) {
    if (self->streams[i].message.block != NULL)
      return FALSE;
  }
  return TRUE;
}

static RtmpChunkResult
broken (RtmpChunkReader *self, const gchar *why)
{
  self->why = why;
  return RTMP_CHUNK_BROKEN;
}

/* Copies up to @size bytes, returned ones first. */
static gsize
take (RtmpChunkReader *self, Input *input, guint8 *target, gsize size)
{
  gsize n_old = MIN (size, self->n_returned);
  gsize n_new = MIN (size - n_old, input->size);

  if (n_old > 0) {
    memcpy (target, self->returned, n_old);
    self->n_returned -= n_old;
    memmove (self->returned, self->returned + n_old, self->n_returned);
  }
  if (n_new > 0) {
    memcpy (target + n_old, input->data, n_new);
    input->data += n_new;
    input->size -= n_new;
  }
  return n_old + n_new;
}

static guint
format_of (const RtmpChunkReader *self)
{
  return self->header[0] >> 6;
}

/* One to three bytes: section 5.3.1.1. */
static gsize
basic_size (const RtmpChunkReader *self)
{
  guint id = self->header[0] & 0x3f;

  return id == 0 ? 2 : id == 1 ? 3 : 1;
}

static guint
csid_of (const RtmpChunkReader *self)
{
  guint id = self->header[0] & 0x3f;

  if (id == 0)
    return self->header[1] + 64;
  if (id == 1)
    return self->header[2] * 256 + self->header[1] + 64;
  return id;
}

static gboolean
has_extended_time (RtmpChunkReader *self)
{
  const ChunkStream *stream;

  if (format_of (self) < 3)
    return GST_READ_UINT24_BE (self->header + basic_size (self)) ==
        EXTENDED_TIME;
  stream = find_stream (self, csid_of (self));
  return stream != NULL && stream->is_extended && !self->omits_extended;
}

/* Returns the size of the header, as far as the bytes read so far determine it.
 */
static gsize
header_size (RtmpChunkReader *self)
{
  static const gsize message_header_sizes[] = { 11, 7, 3, 0 };
  gsize size;

  if (self->n_header < 1)
    return 1;
  size = basic_size (self);
  if (self->n_header < size)
    return size;
  size += message_header_sizes[format_of (self)];
  if (self->n_header < size)
    return size;
  return has_extended_time (self) ? size + EXTENDED_BYTES : size;
}

/* Some senders repeat the delta here, some the absolute timestamp, and some
 * omit the field: a value that matches neither is payload. */
static void
check_repeated_time (RtmpChunkReader *self, const ChunkStream *stream)
{
  const guint8 *field = self->header + basic_size (self);
  guint32 time = read_extended_time (field);

  if (time == stream->time_field || time == stream->time_ms)
    return;
  /* A header of more than four bytes has been read since, so none are left. */
  g_assert (self->n_returned == 0);
  memcpy (self->returned, field, EXTENDED_BYTES);
  self->n_returned = EXTENDED_BYTES;
  self->omits_extended = TRUE;
}

static void
parse_header (RtmpChunkReader *self, ChunkStream *stream)
{
  const guint8 *field = self->header + basic_size (self);
  guint format = format_of (self);

  stream->time_field = GST_READ_UINT24_BE (field);
  if (format < 2) {
    stream->message_size = GST_READ_UINT24_BE (field + 3);
    stream->message_type = field[6];
  }
  if (format == 0)
    stream->stream_id =
        GST_READ_UINT24_LE (field + 7) | (guint32) field[10] << 24;
  stream->is_extended = stream->time_field == EXTENDED_TIME;
  if (stream->is_extended)
    stream->time_field =
        read_extended_time (self->header + self->n_header - EXTENDED_BYTES);
}

static RtmpChunkResult
begin_message (RtmpChunkReader *self, ChunkStream *stream)
{
  gsize size = stream->message_size;

  if (size > self->limit_bytes)
    return broken (self, "a message is too long");
  if (self->n_buffered + size > RTMP_CHUNK_MAX_BUFFERED_BYTES)
    return broken (self, "too many bytes in unfinished messages");
  if (!rtmp_message_init (&stream->message, stream->message_type, size))
    return broken (self, "out of memory");

  /* Section 5.3.1.2.4: a type 3 chunk that begins a message takes the preceding
   * timestamp field as its delta, even if that was the absolute timestamp of a
   * type 0 chunk. */
  if (format_of (self) == 0)
    stream->time_ms = stream->time_field;
  else
    stream->time_ms += stream->time_field;
  stream->message.stream_id = stream->stream_id;
  stream->message.time_ms = stream->time_ms;
  stream->n_read = 0;
  self->n_buffered += size;
  return RTMP_CHUNK_MORE;
}

/* A new chunk stream may begin with type 1, whose header lacks only the message
 * stream ID. */
static ChunkStream *
add_stream (RtmpChunkReader *self, guint csid)
{
  ChunkStream *stream;

  if (format_of (self) > 1) {
    broken (self, "a chunk stream begins without a header");
    return NULL;
  }
  if (self->n_streams == RTMP_CHUNK_MAX_STREAMS) {
    broken (self, "too many chunk streams");
    return NULL;
  }
  stream = &self->streams[self->n_streams++];
  stream->csid = csid;
  return stream;
}

static RtmpChunkResult
begin_chunk (RtmpChunkReader *self)
{
  guint csid = csid_of (self);
  ChunkStream *stream = find_stream (self, csid);

  if (stream == NULL)
    stream = add_stream (self, csid);
  if (stream == NULL)
    return RTMP_CHUNK_BROKEN;

  if (format_of (self) < 3) {
    if (stream->message.block != NULL)
      return broken (self, "a message begins inside of another");
    parse_header (self, stream);
  } else if (has_extended_time (self)) {
    check_repeated_time (self, stream);
  }
  if (stream->message.block == NULL &&
      begin_message (self, stream) == RTMP_CHUNK_BROKEN)
    return RTMP_CHUNK_BROKEN;

  self->current = stream;
  self->n_left = MIN (self->chunk_size, stream->message.size - stream->n_read);
  return RTMP_CHUNK_MORE;
}

/* Returns FALSE if the input ended before the header did. */
static gboolean
read_header (RtmpChunkReader *self, Input *input)
{
  gsize size;

  /* At most four iterations: each part of the header determines the size of the
   * next. */
  while ((size = header_size (self)) > self->n_header) {
    guint8 *target = self->header + self->n_header;
    gsize n_taken = take (self, input, target, size - self->n_header);

    if (n_taken == 0)
      return FALSE;
    self->n_header += n_taken;
  }
  return TRUE;
}

/* Returns FALSE if the input ended before the chunk did. */
static gboolean
read_payload (RtmpChunkReader *self, Input *input)
{
  ChunkStream *stream = self->current;
  guint8 *target = rtmp_message_payload (&stream->message) + stream->n_read;
  gsize n_taken = take (self, input, target, self->n_left);

  stream->n_read += n_taken;
  self->n_left -= n_taken;
  if (self->n_left > 0)
    return FALSE;
  self->current = NULL;
  self->n_header = 0;
  return TRUE;
}

static gboolean
take_message (RtmpChunkReader *self, ChunkStream *stream, RtmpMessage *message)
{
  if (stream->n_read < stream->message.size)
    return FALSE;
  *message = stream->message;
  stream->message.block = NULL;
  self->n_buffered -= message->size;
  return TRUE;
}

static RtmpChunkResult
read_chunks (RtmpChunkReader *self, Input *input, RtmpMessage *message)
{
  /* Terminates: each iteration consumes a chunk, which has at least one byte.
   */
  for (;;) {
    ChunkStream *stream;

    if (self->current == NULL) {
      if (!read_header (self, input))
        return RTMP_CHUNK_MORE;
      if (begin_chunk (self) == RTMP_CHUNK_BROKEN)
        return RTMP_CHUNK_BROKEN;
    }
    stream = self->current;
    if (!read_payload (self, input))
      return RTMP_CHUNK_MORE;
    if (take_message (self, stream, message))
      return RTMP_CHUNK_MESSAGE;
  }
}

RtmpChunkResult
rtmp_chunk_reader_read (RtmpChunkReader *self, const guint8 **data, gsize *size,
    RtmpMessage *message)
{
  Input input = { *data, *size };
  RtmpChunkResult result = RTMP_CHUNK_BROKEN;

  if (self->why == NULL)
    result = read_chunks (self, &input, message);
  *data = input.data;
  *size = input.size;
  return result;
}

static void
write_uint (GByteArray *out, gsize size, guint32 number)
{
  for (gsize i = size; i > 0; i--) {
    guint8 byte = number >> 8 * (i - 1);

    g_byte_array_append (out, &byte, 1);
  }
}

static void
write_basic_header (GByteArray *out, guint format, guint csid)
{
  g_assert (csid >= RTMP_CSID_CONTROL && csid <= MAX_CSID);
  if (csid < 64) {
    write_uint (out, 1, format << 6 | csid);
    return;
  }
  write_uint (out, 1, format << 6 | (csid < 64 + 256 ? 0 : 1));
  write_uint (out, 1, (csid - 64) % 256);
  if (csid >= 64 + 256)
    write_uint (out, 1, (csid - 64) / 256);
}

void
rtmp_chunk_write (GByteArray *out, guint csid, guint32 chunk_size, guint8 type,
    guint32 stream_id, guint32 time_ms, const guint8 *payload, gsize size)
{
  gboolean is_extended = time_ms >= EXTENDED_TIME;
  gsize n_written = 0;

  g_assert (size <= RTMP_MESSAGE_MAX_BYTES);
  g_assert (chunk_size > 0);

  write_basic_header (out, 0, csid);
  write_uint (out, 3, MIN (time_ms, EXTENDED_TIME));
  write_uint (out, 3, size);
  write_uint (out, 1, type);
  write_uint (out, 4, GUINT32_SWAP_LE_BE (stream_id));
  for (;;) {
    gsize n_now = MIN (chunk_size, size - n_written);

    if (is_extended)
      write_uint (out, 4, time_ms);
    if (n_now > 0)
      g_byte_array_append (out, payload + n_written, n_now);
    n_written += n_now;
    if (n_written == size)
      return;
    write_basic_header (out, 3, csid);
  }
}
