/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A frame is the chunks that a reader makes the same tag of, wherever the
 * sending of it is interrupted. */

#include "gst/rtmp/playframe.h"
#include "tests/support/playtags.h"

#include "gst/rtmp/chunk.h"
#include "gst/rtmp/playtag.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define MAX_PIECES 16

/* Appends what the frame lays out from @offset on, up to @n_max bytes. */
static gsize
send_some (const RtmpPlayFrame *frame, gsize offset, gsize n_max,
    GByteArray *out)
{
  struct iovec pieces[MAX_PIECES];
  guint n = rtmp_playframe_fill (frame, offset, pieces, MAX_PIECES);
  gsize n_sent = 0;

  for (guint i = 0; i < n && n_sent < n_max; i++) {
    gsize n_now = MIN (pieces[i].iov_len, n_max - n_sent);

    ck_assert_uint_gt (pieces[i].iov_len, 0);
    g_byte_array_append (out, pieces[i].iov_base, n_now);
    n_sent += n_now;
  }
  return n_sent;
}

static void
assert_is_tag (const GByteArray *out, GBytes *tag, guint32 time_ms)
{
  RtmpChunkReader *reader = rtmp_chunk_reader_new ();
  const guint8 *data = out->data;
  gsize size = out->len, tag_size, payload_size;
  const guint8 *bytes = g_bytes_get_data (tag, &tag_size);
  const guint8 *payload = rtmp_playtag_payload (bytes, tag_size, &payload_size);
  RtmpMessage message;

  rtmp_chunk_reader_set_chunk_size (reader, RTMP_PLAYFRAME_CHUNK_BYTES);
  ck_assert_int_eq (rtmp_chunk_reader_read (reader, &data, &size, &message),
      RTMP_CHUNK_MESSAGE);
  ck_assert_uint_eq (size, 0);
  ck_assert_uint_eq (message.type, bytes[0]);
  ck_assert_uint_eq (message.time_ms, time_ms);
  ck_assert_uint_eq (message.stream_id, 0x01020304);
  ck_assert_uint_eq (message.size, payload_size);
  ck_assert_int_eq (memcmp (rtmp_message_payload (&message), payload,
                        payload_size),
      0);
  rtmp_message_clear (&message);
  rtmp_chunk_reader_free (reader);
}

GST_START_TEST (a_reader_makes_the_same_tag_of_its_chunks)
{
  static const gsize sizes[] = { 6, 1000, RTMP_PLAYFRAME_CHUNK_BYTES - 1,
    RTMP_PLAYFRAME_CHUNK_BYTES, RTMP_PLAYFRAME_CHUNK_BYTES + 1,
    3 * RTMP_PLAYFRAME_CHUNK_BYTES, 1000000 };
  static const guint32 times[] = { 0, 0xfffffe, 0xffffff, 0x1000000,
    0xffffffff };

  for (guint i = 0; i < G_N_ELEMENTS (sizes) * G_N_ELEMENTS (times); i++) {
    g_autoptr (GByteArray) out = g_byte_array_new ();
    guint32 time_ms = times[i % G_N_ELEMENTS (times)];
    g_autoptr (GBytes) tag =
        play_tag_key (7, 1, sizes[i / G_N_ELEMENTS (times)]);
    RtmpPlayFrame frame;
    gsize offset = 0;

    rtmp_playframe_init (&frame, tag, time_ms, 0x01020304);
    while (offset < frame.size)
      offset += send_some (&frame, offset, frame.size, out);
    ck_assert_uint_eq (out->len, frame.size);
    assert_is_tag (out, tag, time_ms);
  }
}
GST_END_TEST;

GST_START_TEST (sending_may_stop_after_any_byte)
{
  g_autoptr (GBytes) tag =
      play_tag_key (0, 1, 2 * RTMP_PLAYFRAME_CHUNK_BYTES + 100);
  RtmpPlayFrame frame;

  rtmp_playframe_init (&frame, tag, 0x2000000, 0x01020304);
  for (gsize step = 1; step < 20; step++) {
    g_autoptr (GByteArray) out = g_byte_array_new ();
    gsize offset = 0;

    while (offset < frame.size)
      offset += send_some (&frame, offset,
          offset % RTMP_PLAYFRAME_CHUNK_BYTES < 40 ? step : 65500, out);
    assert_is_tag (out, tag, 0x2000000);
  }
}
GST_END_TEST;

GST_START_TEST (the_payload_is_not_copied)
{
  g_autoptr (GBytes) tag = play_tag_video (0, 1, 100000);
  const guint8 *data = g_bytes_get_data (tag, NULL);
  struct iovec pieces[MAX_PIECES];
  RtmpPlayFrame frame;
  guint n;

  rtmp_playframe_init (&frame, tag, 0, 1);
  n = rtmp_playframe_fill (&frame, 0, pieces, MAX_PIECES);
  ck_assert_uint_eq (n, 4);
  ck_assert_ptr_eq (pieces[1].iov_base, data + RTMP_MESSAGE_HEADROOM);
  ck_assert_ptr_eq (pieces[3].iov_base,
      data + RTMP_MESSAGE_HEADROOM + RTMP_PLAYFRAME_CHUNK_BYTES);
}
GST_END_TEST;

static Suite *
playframe_suite (void)
{
  Suite *suite = suite_create ("playframe");
  TCase *tcase = tcase_create ("playframe");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_reader_makes_the_same_tag_of_its_chunks);
  tcase_add_test (tcase, sending_may_stop_after_any_byte);
  tcase_add_test (tcase, the_payload_is_not_copied);
  return suite;
}

GST_CHECK_MAIN (playframe);
