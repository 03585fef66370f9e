/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chunks give the same messages wherever they are split, and a message that is
 * written can be read back. The first byte selects how to split. */

#include "gst/rtmp/chunk.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define LIMIT_BYTES (64 * 1024)

static void
obey (RtmpChunkReader *reader, const RtmpMessage *message)
{
  const guint8 *payload = rtmp_message_payload (message);
  guint32 number;

  if (message->size < sizeof number)
    return;
  memcpy (&number, payload, sizeof number);
  number = GUINT32_FROM_BE (number);
  if (message->type == RTMP_MESSAGE_SET_CHUNK_SIZE)
    rtmp_chunk_reader_set_chunk_size (reader, number);
  if (message->type == RTMP_MESSAGE_ABORT)
    rtmp_chunk_reader_abort (reader, number);
}

static void
append (GByteArray *log, const RtmpMessage *message)
{
  g_byte_array_append (log, &message->type, sizeof message->type);
  g_byte_array_append (log, (const guint8 *) &message->stream_id, 4);
  g_byte_array_append (log, (const guint8 *) &message->time_ms, 4);
  g_byte_array_append (log, (const guint8 *) &message->size,
      sizeof message->size);
  if (message->size > 0)
    g_byte_array_append (log, rtmp_message_payload (message), message->size);
}

static void
write_and_read (const RtmpMessage *message)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  RtmpChunkReader *reader = rtmp_chunk_reader_new ();
  const guint8 *data;
  gsize size;
  RtmpMessage again;

  rtmp_chunk_write (bytes, 2 + message->time_ms % 65598,
      RTMP_CHUNK_DEFAULT_BYTES, message->type, message->stream_id,
      message->time_ms, rtmp_message_payload (message), message->size);
  data = bytes->data;
  size = bytes->len;
  g_assert (rtmp_chunk_reader_read (reader, &data, &size, &again) ==
      RTMP_CHUNK_MESSAGE);
  g_assert (size == 0 && again.size == message->size);
  g_assert (again.type == message->type && again.time_ms == message->time_ms);
  g_assert (again.stream_id == message->stream_id);
  g_assert (memcmp (rtmp_message_payload (&again),
                rtmp_message_payload (message), again.size) == 0);
  rtmp_message_clear (&again);
  rtmp_chunk_reader_free (reader);
}

/* Reads in pieces and logs all messages. Returns the error, or NULL. */
static const gchar *
read_all (const guint8 *data, gsize size, gsize piece, GByteArray *log)
{
  RtmpChunkReader *reader = rtmp_chunk_reader_new ();
  RtmpChunkResult result = RTMP_CHUNK_MORE;
  const gchar *why;
  RtmpMessage message;

  rtmp_chunk_reader_set_limit (reader, LIMIT_BYTES);
  for (gsize i = 0; i < size && result != RTMP_CHUNK_BROKEN; i += piece) {
    const guint8 *next = data + i;
    gsize n_left = MIN (piece, size - i);

    while ((result = rtmp_chunk_reader_read (reader, &next, &n_left,
                &message)) == RTMP_CHUNK_MESSAGE) {
      g_assert (message.size <= LIMIT_BYTES);
      append (log, &message);
      write_and_read (&message);
      obey (reader, &message);
      rtmp_message_clear (&message);
    }
    g_assert (n_left == 0 || result == RTMP_CHUNK_BROKEN);
  }
  why = rtmp_chunk_reader_why (reader);
  g_assert ((why != NULL) == (result == RTMP_CHUNK_BROKEN));
  rtmp_chunk_reader_free (reader);
  return why;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  g_autoptr (GByteArray) cut = g_byte_array_new ();
  gsize piece;

  if (size < 2)
    return 0;
  piece = 1 + data[0];
  data++;
  size--;
  /* Error messages are constants: equal ones are the same pointer. */
  g_assert (
      read_all (data, size, size, whole) == read_all (data, size, piece, cut));
  g_assert (whole->len == cut->len);
  g_assert (
      whole->len == 0 || memcmp (whole->data, cut->data, whole->len) == 0);
  return 0;
}
