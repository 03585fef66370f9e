/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes are acknowledged once a window is full. */

#include "gst/rtmp/ackwindow.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define MESSAGE_BYTES 16
#define COUNT_OFFSET 12

GST_START_TEST (a_full_window_is_acknowledged_once)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  RtmpAckWindow window = { .window_bytes = 1000 };

  rtmp_ackwindow_receive (&window, 999, out);
  ck_assert_uint_eq (out->len, 0);
  rtmp_ackwindow_receive (&window, 25, out);
  ck_assert_uint_eq (out->len, MESSAGE_BYTES);
  ck_assert_int_eq (memcmp (out->data + COUNT_OFFSET, "\0\0\4\0", 4), 0);
  rtmp_ackwindow_receive (&window, 999, out);
  ck_assert_uint_eq (out->len, MESSAGE_BYTES);
}
GST_END_TEST;

GST_START_TEST (the_count_wraps)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  RtmpAckWindow window = { .n_received = G_MAXUINT32,
    .n_acknowledged = G_MAXUINT32,
    .window_bytes = 1 };

  rtmp_ackwindow_receive (&window, 3, out);
  ck_assert_int_eq (memcmp (out->data + COUNT_OFFSET, "\0\0\0\2", 4), 0);
}
GST_END_TEST;

static Suite *
ackwindow_suite (void)
{
  Suite *suite = suite_create ("ackwindow");
  TCase *tcase = tcase_create ("ackwindow");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_full_window_is_acknowledged_once);
  tcase_add_test (tcase, the_count_wraps);
  return suite;
}

GST_CHECK_MAIN (ackwindow);
