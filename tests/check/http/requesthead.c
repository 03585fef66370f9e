/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the heads of requests end, and which are rejected. */

#include "ext/whep/http/requesthead.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const struct
{
  const gchar *bytes;
  gsize n_taken;
  WhepRequestHeadState state;
} heads[] = {
  { "", 0, WHEP_REQUESTHEAD_BEGINS },
  { "GE", 2, WHEP_REQUESTHEAD_BEGINS },
  { "GET ", 4, WHEP_REQUESTHEAD_GOES_ON },
  { "GET / HTTP/1.1\r\n", 16, WHEP_REQUESTHEAD_GOES_ON },
  { "GET / HTTP/1.1\r\n\r", 17, WHEP_REQUESTHEAD_GOES_ON },
  { "GET / HTTP/1.1\r\n\r\nGET", 18, WHEP_REQUESTHEAD_ENDS },
  { "GET / HTTP/1.1\n\nGET", 16, WHEP_REQUESTHEAD_ENDS },
  { "GET / HTTP/1.1\n\r\nGET", 17, WHEP_REQUESTHEAD_ENDS },
  { "GET / HTTP/1.1\r\n\r\r\n", 19, WHEP_REQUESTHEAD_GOES_ON },
  { "GET / HTTP/1.1\r\nContent-Length: 12 \r\n\r\n", 39,
      WHEP_REQUESTHEAD_ENDS },
  { "GET / HTTP/1.1\r\nTRANSFER-ENCODING:chunked\r\n\r\n", 45,
      WHEP_REQUESTHEAD_ENDS },
  { "GET / HTTP/1.1\r\nContent-Length: 1x\r\n", 36,
      WHEP_REQUESTHEAD_MALFORMED },
  { "GET / HTTP/1.1\r\ncontent-length:\r\n", 33, WHEP_REQUESTHEAD_MALFORMED },
  { "GET / HTTP/1.1\r\nContent-Length: +1\n", 35, WHEP_REQUESTHEAD_MALFORMED },
  { "GET / HTTP/1.1\r\nContent-Length: 1, 1\n", 37,
      WHEP_REQUESTHEAD_MALFORMED },
  { "GET / HTTP/1.1\nContent-Length:                                       "
    "                1\n",
      87, WHEP_REQUESTHEAD_MALFORMED },
  { "GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n", 41,
      WHEP_REQUESTHEAD_MALFORMED },
  { "GET / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n", 50,
      WHEP_REQUESTHEAD_MALFORMED },
  { "GET / HTTP/1.1\r\nA: b\r\n c\r\n", 26, WHEP_REQUESTHEAD_MALFORMED },
  { "GET / HTTP/1.1\r\nA: b\r\n\r\nbody", 24, WHEP_REQUESTHEAD_ENDS },
  { "OPTIONS ", 8, WHEP_REQUESTHEAD_GOES_ON },
  { "OPTIONSS", 8, WHEP_REQUESTHEAD_NO_METHOD },
  { "get /", 1, WHEP_REQUESTHEAD_NO_METHOD },
  { "GET\t/", 4, WHEP_REQUESTHEAD_NO_METHOD },
  { "GETS /", 5, WHEP_REQUESTHEAD_NO_METHOD },
  { " /", 1, WHEP_REQUESTHEAD_NO_METHOD },
  { "\x16\x03\x01", 1, WHEP_REQUESTHEAD_NO_METHOD },
};

GST_START_TEST (a_head_is_parsed_up_to_its_end)
{
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++) {
    WhepRequestHead head = { 0 };
    gsize n = whep_requesthead_take (&head, (const guint8 *) heads[i].bytes,
        strlen (heads[i].bytes));

    ck_assert_msg (n == heads[i].n_taken && head.state == heads[i].state,
        "%s: %zu, %d", heads[i].bytes, n, head.state);
  }
}
GST_END_TEST;

GST_START_TEST (a_nul_in_a_line_is_rejected)
{
  static const guint8 bytes[] = "GET / HTTP/1.1\r\nTransfer-\0Encoding: gzip\n";
  WhepRequestHead head = { 0 };

  ck_assert_uint_eq (whep_requesthead_take (&head, bytes, sizeof (bytes) - 1),
      26);
  ck_assert_int_eq (head.state, WHEP_REQUESTHEAD_MALFORMED);
}
GST_END_TEST;

GST_START_TEST (a_head_may_arrive_byte_by_byte)
{
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++) {
    WhepRequestHead head = { 0 };
    const gchar *bytes = heads[i].bytes;
    gsize n = 0;

    while (bytes[n] != '\0' &&
        whep_requesthead_take (&head, (const guint8 *) bytes + n, 1) == 1)
      n++;
    ck_assert_msg (n == heads[i].n_taken && head.state == heads[i].state,
        "%s: %zu, %d", heads[i].bytes, n, head.state);
  }
}
GST_END_TEST;

GST_START_TEST (empty_lines_before_a_request_are_ignored)
{
  WhepRequestHead head = { 0 };
  const guint8 *bytes = (const guint8 *) "\r\n\n\rGET /";

  ck_assert_uint_eq (whep_requesthead_skip (&head, bytes, 9), 4);
  whep_requesthead_take (&head, bytes + 4, 1);
  ck_assert_uint_eq (whep_requesthead_skip (&head, bytes, 9), 0);
}
GST_END_TEST;

static Suite *
requesthead_suite (void)
{
  Suite *suite = suite_create ("requesthead");
  TCase *tcase = tcase_create ("requesthead");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_head_is_parsed_up_to_its_end);
  tcase_add_test (tcase, a_nul_in_a_line_is_rejected);
  tcase_add_test (tcase, a_head_may_arrive_byte_by_byte);
  tcase_add_test (tcase, empty_lines_before_a_request_are_ignored);
  return suite;
}

GST_CHECK_MAIN (requesthead);
