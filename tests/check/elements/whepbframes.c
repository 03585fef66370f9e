/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Offers of viewers that reorder B-frames: the answer tells whether they get
 * them. */

#include "tests/support/whepserver.h"

#include <gst/check/gstcheck.h>

#define STREAM "live/cam"
#define OFFER "chromium-156-linux"

static void
assert_gets (WhepServer *self, const gchar *query, const gchar *b_frames)
{
  g_autofree gchar *path = g_strconcat ("/whep/" STREAM, query, NULL);
  g_auto (Reply) reply = whep_server_offer (self, path, OFFER);

  ck_assert_uint_eq (reply.status, 201);
  ck_assert_str_eq (reply_header (&reply, "B-Frames"), b_frames);
}

GST_START_TEST (an_answer_tells_whether_b_frames_come)
{
  WhepServer server;

  whep_server_init (&server, 100);
  whep_server_publish (&server, 1, STREAM);
  assert_gets (&server, "", "");
  assert_gets (&server, "?b-frames=pass", "");
  whep_http_offer_untouched (server.http, STREAM);
  assert_gets (&server, "?b-frames=pass", "pass");
  assert_gets (&server, "?token=a&b-frames=pass", "pass");
  assert_gets (&server, "?b-frames=drop", "available");
  assert_gets (&server, "", "available");
  whep_server_clear (&server);
}
GST_END_TEST;

GST_START_TEST (a_stream_whose_b_frames_are_passed_has_them)
{
  WhepServer server;

  whep_server_init (&server, 100);
  whep_server_publish (&server, 1, STREAM);
  whep_http_note_b_frames (server.http, 1, STREAM, "transcode", NULL);
  assert_gets (&server, "?b-frames=pass", "");
  whep_http_note_b_frames (server.http, 1, STREAM, "pass", NULL);
  assert_gets (&server, "?b-frames=pass", "pass");
  whep_server_clear (&server);
}
GST_END_TEST;

static Suite *
whepbframes_suite (void)
{
  Suite *suite = suite_create ("whepbframes");
  TCase *tcase = tcase_create ("whepbframes");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_answer_tells_whether_b_frames_come);
  tcase_add_test (tcase, a_stream_whose_b_frames_are_passed_has_them);
  return suite;
}

GST_CHECK_MAIN (whepbframes);
