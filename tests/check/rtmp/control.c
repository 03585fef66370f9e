/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Control messages match the specification. */

#include "gst/rtmp/control.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* Of a chunk of type 0 on chunk stream 2. */
#define CHUNK_HEADER_BYTES 12

static void
assert_said (GByteArray *out, guint8 type, const gchar *payload, guint size)
{
  ck_assert_uint_eq (out->len, CHUNK_HEADER_BYTES + size);
  ck_assert_uint_eq (out->data[0], RTMP_CSID_CONTROL);
  ck_assert_uint_eq (out->data[7], type);
  ck_assert_int_eq (memcmp (out->data + CHUNK_HEADER_BYTES, payload, size), 0);
  g_byte_array_set_size (out, 0);
}

GST_START_TEST (messages_match_the_specification)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  rtmp_control_write_number (out, RTMP_MESSAGE_SET_CHUNK_SIZE, 4096);
  assert_said (out, 1, "\0\0\x10\0", 4);
  rtmp_control_write_peer_bandwidth (out, 0x01020304);
  assert_said (out, 6, "\1\2\3\4\2", 5);
  rtmp_control_write_stream_begin (out, 1);
  assert_said (out, 4, "\0\0\0\0\0\1", 6);
  rtmp_control_write_stream_eof (out, 2);
  assert_said (out, 4, "\0\1\0\0\0\2", 6);
}
GST_END_TEST;

GST_START_TEST (only_pings_are_answered)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  rtmp_control_answer_ping (out, (const guint8 *) "\0\6abcd", 6);
  assert_said (out, 4, "\0\7abcd", 6);
  rtmp_control_answer_ping (out, (const guint8 *) "\0\6abc", 5);
  rtmp_control_answer_ping (out, (const guint8 *) "\0\3abcd", 6);
  rtmp_control_answer_ping (out, (const guint8 *) "\1\6abcd", 6);
  ck_assert_uint_eq (out->len, 0);
}
GST_END_TEST;

GST_START_TEST (a_number_has_four_bytes)
{
  RtmpMessage message;
  guint32 number;

  ck_assert (rtmp_message_init (&message, RTMP_MESSAGE_ABORT, 4));
  memcpy (rtmp_message_payload (&message), "\xff\0\0\1", 4);
  ck_assert (rtmp_control_read_number (&message, &number));
  ck_assert_uint_eq (number, 0xff000001);
  message.size = 3;
  ck_assert (!rtmp_control_read_number (&message, &number));
  rtmp_message_clear (&message);
}
GST_END_TEST;

static Suite *
control_suite (void)
{
  Suite *suite = suite_create ("control");
  TCase *tcase = tcase_create ("control");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, messages_match_the_specification);
  tcase_add_test (tcase, only_pings_are_answered);
  tcase_add_test (tcase, a_number_has_four_bytes);
  return suite;
}

GST_CHECK_MAIN (control);
