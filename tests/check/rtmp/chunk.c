/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages are reassembled from chunks, however they are split, within limits.
 */

#include "gst/rtmp/chunk.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define MAX_MESSAGES 8

/* The result of reading some bytes. */
typedef struct
{
  RtmpMessage messages[MAX_MESSAGES];
  guint n_messages;
  RtmpChunkResult result; /* the last */
} Reading;

static void
read_piece (RtmpChunkReader *reader, const guint8 *data, gsize size,
    Reading *reading)
{
  for (;;) {
    ck_assert_uint_lt (reading->n_messages, MAX_MESSAGES);
    reading->result = rtmp_chunk_reader_read (reader, &data, &size,
        &reading->messages[reading->n_messages]);
    if (reading->result != RTMP_CHUNK_MESSAGE)
      break;
    reading->n_messages++;
  }
  if (reading->result == RTMP_CHUNK_MORE)
    ck_assert_uint_eq (size, 0);
}

/* Reads @piece bytes at a time. */
static Reading
read_bytes (RtmpChunkReader *reader, const guint8 *data, gsize size,
    gsize piece)
{
  Reading reading = { .result = RTMP_CHUNK_MORE };

  for (gsize i = 0; i < size && reading.result != RTMP_CHUNK_BROKEN; i += piece)
    read_piece (reader, data + i, MIN (piece, size - i), &reading);
  return reading;
}

static void
clear (Reading *reading)
{
  for (guint i = 0; i < reading->n_messages; i++)
    rtmp_message_clear (&reading->messages[i]);
}

static void
assert_text (const RtmpMessage *message, const gchar *text)
{
  ck_assert_uint_eq (message->size, strlen (text));
  ck_assert_int_eq (memcmp (rtmp_message_payload (message), text,
                        message->size),
      0);
}

/* A reader with a chunk size of four bytes. */
static RtmpChunkReader *
reader_of_fours (void)
{
  RtmpChunkReader *reader = rtmp_chunk_reader_new ();

  ck_assert (rtmp_chunk_reader_set_chunk_size (reader, 4));
  return reader;
}

#define MAX_EXPECTED 3

static const struct
{
  const gchar *why;
  const gchar *data;
  gsize size;
  struct
  {
    const gchar *text;
    guint32 time_ms;
  } expected[MAX_EXPECTED];
} streams[] = {
#define STREAM(text) text, sizeof text - 1
  { "type 0", STREAM ("\x04\0\0\x0a\0\0\2\x09\1\0\0\0ab"), { { "ab", 10 } } },
  { "type 1 adds a delta",
      STREAM ("\x04\0\0\x0a\0\0\2\x09\1\0\0\0ab\x44\0\0\5\0\0\1\x08_"),
      { { "ab", 10 }, { "_", 15 } } },
  { "type 2 keeps the size",
      STREAM ("\x04\0\0\x0a\0\0\2\x09\1\0\0\0ab\x84\0\0\5cd"),
      { { "ab", 10 }, { "cd", 15 } } },
  { "type 3 repeats the delta",
      STREAM ("\x04\0\0\x0a\0\0\2\x09\1\0\0\0ab\x84\0\0\5cd\xc4gh"),
      { { "ab", 10 }, { "cd", 15 }, { "gh", 20 } } },
  { "type 3 after type 0 adds its time",
      STREAM ("\x04\0\0\x0a\0\0\2\x09\1\0\0\0ab\xc4gh"),
      { { "ab", 10 }, { "gh", 20 } } },
  { "type 1 first, without a type 0", STREAM ("\x42\0\0\5\0\0\1\x08_"),
      { { "_", 5 } } },
  { "type 3 continues", STREAM ("\x04\0\0\x0a\0\0\6\x09\1\0\0\0abcd\xc4gh"),
      { { "abcdgh", 10 } } },
  { "two chunk streams interleave",
      STREAM ("\x04\0\0\1\0\0\6\x09\1\0\0\0abcd"
              "\x05\0\0\2\0\0\6\x08\1\0\0\0ABCD\xc4gh\xc5GH"),
      { { "abcdgh", 1 }, { "ABCDGH", 2 } } },
  { "a chunk stream of two bytes",
      STREAM ("\0\x10\0\0\1\0\0\6\x09\1\0\0\0abcd\xc0\x10gh"),
      { { "abcdgh", 1 } } },
  { "a chunk stream of three bytes",
      STREAM ("\1\x10\x20\0\0\1\0\0\6\x09\1\0\0\0abcd\xc1\x10\x20gh"),
      { { "abcdgh", 1 } } },
  { "an empty message", STREAM ("\x04\0\0\1\0\0\0\x09\1\0\0\0"),
      { { "", 1 } } },
  { "an extended time, repeated on type 3",
      STREAM ("\x04\xff\xff\xff\0\0\6\x09\1\0\0\0\1\2\3\4abcd"
              "\xc4\1\2\3\4gh"),
      { { "abcdgh", 0x01020304 } } },
  { "an extended time, omitted on type 3",
      STREAM ("\x04\xff\xff\xff\0\0\x0b\x09\1\0\0\0\1\2\3\4abcd"
              "\xc4_fgh\xc4_ik\x05\0\0\2\0\0\1\x08\1\0\0\0!"),
      { { "abcd_fgh_ik", 0x01020304 }, { "!", 2 } } },
  { "omitted where fewer than four bytes are left",
      STREAM ("\x04\xff\xff\xff\0\0\5\x09\1\0\0\0\1\2\3\4abcd"
              "\xc4g\x84\0\0\5ABCD\xc4_"),
      { { "abcdg", 0x01020304 }, { "ABCD_", 0x01020309 } } },
  { "an extended delta, whose type 3 repeats the time",
      STREAM ("\x04\0\0\1\0\0\1\x09\1\0\0\0_"
              "\x44\xff\xff\xff\0\0\6\x09\1\0\0\0abcd\xc4\1\0\0\1gh"),
      { { "_", 1 }, { "abcdgh", 0x01000001 } } },
  { "times wrap",
      STREAM ("\x04\xff\xff\xff\0\0\1\x09\1\0\0\0\xff\xff\xff\xf0_"
              "\x84\0\0\x20!"),
      { { "_", 0xfffffff0 }, { "!", 0x10 } } },
  { "a delta can be negative",
      STREAM ("\x04\0\0\x0a\0\0\1\x09\1\0\0\0_"
              "\x84\xff\xff\xff\xff\xff\xff\xfe!"),
      { { "_", 10 }, { "!", 8 } } },
};

GST_START_TEST (messages_are_reassembled_however_chunks_are_split)
{
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++) {
    for (gsize piece = 1; piece <= streams[i].size; piece++) {
      RtmpChunkReader *reader = reader_of_fours ();
      Reading reading = read_bytes (reader, (const guint8 *) streams[i].data,
          streams[i].size, piece);
      guint n = 0;

      ck_assert_msg (reading.result == RTMP_CHUNK_MORE, "%s", streams[i].why);
      for (; n < MAX_EXPECTED && streams[i].expected[n].text != NULL; n++) {
        ck_assert_msg (n < reading.n_messages, "%s", streams[i].why);
        assert_text (&reading.messages[n], streams[i].expected[n].text);
        ck_assert_msg (reading.messages[n].time_ms ==
                streams[i].expected[n].time_ms,
            "%s: %u", streams[i].why, reading.messages[n].time_ms);
      }
      ck_assert_msg (reading.n_messages == n, "%s", streams[i].why);
      ck_assert_msg (rtmp_chunk_reader_is_idle (reader), "%s", streams[i].why);
      clear (&reading);
      rtmp_chunk_reader_free (reader);
    }
  }
}
GST_END_TEST;

static const struct
{
  const gchar *why;
  const gchar *data;
  gsize size;
} broken[] = {
  { "a chunk stream begins without a header", STREAM ("\xc4_") },
  { "a chunk stream begins without a header", STREAM ("\x84\0\0\1_") },
  { "a message begins inside of another",
      STREAM ("\x04\0\0\1\0\0\6\x09\1\0\0\0abcd"
              "\x04\0\0\2\0\0\6\x08\1\0\0\0ABCD") },
  { "a message is too long", STREAM ("\x04\0\0\1\0\0\x11\x09\1\0\0\0") },
};

GST_START_TEST (malformed_chunks_are_rejected_with_a_reason)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    RtmpChunkReader *reader = reader_of_fours ();
    Reading reading;

    rtmp_chunk_reader_set_limit (reader, 16);
    reading =
        read_bytes (reader, (const guint8 *) broken[i].data, broken[i].size, 1);
    ck_assert_int_eq (reading.result, RTMP_CHUNK_BROKEN);
    ck_assert_str_eq (rtmp_chunk_reader_why (reader), broken[i].why);
    /* The error is permanent. */
    reading = read_bytes (reader, (const guint8 *) "\2", 1, 1);
    ck_assert_int_eq (reading.result, RTMP_CHUNK_BROKEN);
    rtmp_chunk_reader_free (reader);
  }
}
GST_END_TEST;

/* Appends the first chunk of a message that has @size bytes. */
static void
begin_message (GByteArray *out, guint csid, gsize size)
{
  static const guint8 payload[4] = { 'a', 'b', 'c', 'd' };
  guint start = out->len;

  rtmp_chunk_write (out, csid, 4, RTMP_MESSAGE_VIDEO, 1, 0, payload, 4);
  out->data[start + (csid < 64 ? 4 : 5)] = size >> 16;
  out->data[start + (csid < 64 ? 5 : 6)] = size >> 8;
  out->data[start + (csid < 64 ? 6 : 7)] = size;
}

GST_START_TEST (incomplete_messages_are_limited_in_bytes)
{
  RtmpChunkReader *reader = reader_of_fours ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Reading reading;

  begin_message (bytes, 4, RTMP_MESSAGE_MAX_BYTES);
  begin_message (bytes, 5, RTMP_MESSAGE_MAX_BYTES);
  reading = read_bytes (reader, bytes->data, bytes->len, bytes->len);
  ck_assert_int_eq (reading.result, RTMP_CHUNK_MORE);
  ck_assert (!rtmp_chunk_reader_is_idle (reader));

  /* Aborting a message makes room for one more, but not for two. */
  rtmp_chunk_reader_abort (reader, 5);
  g_byte_array_set_size (bytes, 0);
  begin_message (bytes, 6, RTMP_MESSAGE_MAX_BYTES);
  reading = read_bytes (reader, bytes->data, bytes->len, bytes->len);
  ck_assert_int_eq (reading.result, RTMP_CHUNK_MORE);
  g_byte_array_set_size (bytes, 0);
  begin_message (bytes, 7, 5);
  reading = read_bytes (reader, bytes->data, bytes->len, bytes->len);
  ck_assert_int_eq (reading.result, RTMP_CHUNK_BROKEN);
  rtmp_chunk_reader_free (reader);
}
GST_END_TEST;

GST_START_TEST (chunk_streams_are_limited_in_number)
{
  RtmpChunkReader *reader = reader_of_fours ();
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Reading reading;

  for (guint i = 0; i < RTMP_CHUNK_MAX_STREAMS; i++)
    begin_message (bytes, 2 + i, 5);
  reading = read_bytes (reader, bytes->data, bytes->len, 7);
  ck_assert_int_eq (reading.result, RTMP_CHUNK_MORE);

  g_byte_array_set_size (bytes, 0);
  begin_message (bytes, 2 + RTMP_CHUNK_MAX_STREAMS, 5);
  reading = read_bytes (reader, bytes->data, bytes->len, 7);
  ck_assert_int_eq (reading.result, RTMP_CHUNK_BROKEN);
  ck_assert_str_eq (rtmp_chunk_reader_why (reader), "too many chunk streams");
  rtmp_chunk_reader_free (reader);
}
GST_END_TEST;

GST_START_TEST (chunk_sizes_that_the_protocol_allows_are_accepted)
{
  RtmpChunkReader *reader = rtmp_chunk_reader_new ();

  ck_assert (!rtmp_chunk_reader_set_chunk_size (reader, 0));
  ck_assert (!rtmp_chunk_reader_set_chunk_size (reader, 0x80000000));
  ck_assert (rtmp_chunk_reader_set_chunk_size (reader, 0x7fffffff));
  ck_assert (rtmp_chunk_reader_set_chunk_size (reader, 1));
  rtmp_chunk_reader_free (reader);
}
GST_END_TEST;

static const guint csids[] = { 2, 3, 63, 64, 65, 319, 320, 321, 65599 };
static const guint32 times[] = { 0, 1, 0xfffffe, 0xffffff, 0x1000000,
  G_MAXUINT32 };

GST_START_TEST (written_chunks_are_read_back)
{
  guint8 payload[300];

  for (guint i = 0; i < sizeof payload; i++)
    payload[i] = i;
  for (guint c = 0; c < G_N_ELEMENTS (csids); c++) {
    for (guint t = 0; t < G_N_ELEMENTS (times); t++) {
      RtmpChunkReader *reader = rtmp_chunk_reader_new ();
      g_autoptr (GByteArray) out = g_byte_array_new ();
      Reading reading;

      rtmp_chunk_write (out, csids[c], RTMP_CHUNK_DEFAULT_BYTES,
          RTMP_MESSAGE_DATA, 0x04030201, times[t], payload, sizeof payload);
      reading = read_bytes (reader, out->data, out->len, 50);
      ck_assert_uint_eq (reading.n_messages, 1);
      ck_assert_uint_eq (reading.messages[0].type, RTMP_MESSAGE_DATA);
      ck_assert_uint_eq (reading.messages[0].stream_id, 0x04030201);
      ck_assert_uint_eq (reading.messages[0].time_ms, times[t]);
      ck_assert_uint_eq (reading.messages[0].size, sizeof payload);
      ck_assert_int_eq (memcmp (rtmp_message_payload (&reading.messages[0]),
                            payload, sizeof payload),
          0);
      clear (&reading);
      rtmp_chunk_reader_free (reader);
    }
  }
}
GST_END_TEST;

static Suite *
chunk_suite (void)
{
  Suite *suite = suite_create ("chunk");
  TCase *tcase = tcase_create ("chunk");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, messages_are_reassembled_however_chunks_are_split);
  tcase_add_test (tcase, malformed_chunks_are_rejected_with_a_reason);
  tcase_add_test (tcase, incomplete_messages_are_limited_in_bytes);
  tcase_add_test (tcase, chunk_streams_are_limited_in_number);
  tcase_add_test (tcase, chunk_sizes_that_the_protocol_allows_are_accepted);
  tcase_add_test (tcase, written_chunks_are_read_back);
  return suite;
}

GST_CHECK_MAIN (chunk);
