/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stream is there as long as somebody publishes it or waits for it. */

#include "gst/rtmp/playstream.h"
#include "tests/support/playtags.h"

#include <gst/check/gstcheck.h>

static const RtmpPlayLimits limits = { 1 << 20, G_USEC_PER_SEC,
  G_USEC_PER_SEC };

GST_START_TEST (a_stream_goes_with_its_publisher)
{
  RtmpPlayStreams *streams = rtmp_playstreams_new (&limits);
  RtmpPlayStream *stream = rtmp_playstreams_begin (streams, "live/cam", 7);

  ck_assert_ptr_eq (rtmp_playstreams_find (streams, 7), stream);
  ck_assert_uint_eq (rtmp_playstreams_count (streams), 1);
  rtmp_playstreams_end (streams, 7, 1);
  ck_assert_ptr_eq (rtmp_playstreams_find (streams, 7), NULL);
  ck_assert_uint_eq (rtmp_playstreams_count (streams), 0);
  rtmp_playstreams_end (streams, 7, 2);
  rtmp_playstreams_free (streams);
}
GST_END_TEST;

GST_START_TEST (players_wait_for_a_publisher_to_come_and_to_return)
{
  RtmpPlayStreams *streams = rtmp_playstreams_new (&limits);
  GList first = { 0 }, second = { 0 };
  RtmpPlayStream *stream = rtmp_playstreams_join (streams, "live/cam", &first);

  ck_assert (!stream->is_live && !stream->was_live);
  ck_assert_ptr_eq (rtmp_playstreams_begin (streams, "live/cam", 1), stream);
  ck_assert_ptr_eq (rtmp_playstreams_join (streams, "live/cam", &second),
      stream);
  rtmp_playstreams_end (streams, 1, 5);
  ck_assert (!stream->is_live && stream->was_live);
  ck_assert_int_eq (stream->left_us, 5);
  ck_assert_ptr_eq (rtmp_playstreams_begin (streams, "live/cam", 2), stream);
  ck_assert_ptr_eq (rtmp_playstreams_find (streams, 1), NULL);
  rtmp_playstreams_leave (streams, stream, &first);
  rtmp_playstreams_end (streams, 2, 6);
  ck_assert_uint_eq (rtmp_playstreams_count (streams), 1);
  rtmp_playstreams_leave (streams, stream, &second);
  ck_assert_uint_eq (rtmp_playstreams_count (streams), 0);
  rtmp_playstreams_free (streams);
}
GST_END_TEST;

static void
count (RtmpPlayStream *stream, gpointer n)
{
  *(guint *) n += 1;
}

GST_START_TEST (streams_have_logs_of_their_own)
{
  RtmpPlayStreams *streams = rtmp_playstreams_new (&limits);
  g_autoptr (GBytes) tag = play_tag_audio (0, 1);
  guint n = 0;

  rtmp_playstreams_begin (streams, "live/one", 1);
  rtmp_playstreams_begin (streams, "live/two", 2);
  rtmp_playlog_add (rtmp_playstreams_find (streams, 1)->log, tag, 0);
  ck_assert_uint_eq (rtmp_playlog_head (
                         rtmp_playstreams_find (streams, 2)->log),
      0);
  rtmp_playstreams_foreach (streams, count, &n);
  ck_assert_uint_eq (n, 2);
  rtmp_playstreams_free (streams);
}
GST_END_TEST;

static Suite *
playstream_suite (void)
{
  Suite *suite = suite_create ("playstream");
  TCase *tcase = tcase_create ("playstream");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_stream_goes_with_its_publisher);
  tcase_add_test (tcase, players_wait_for_a_publisher_to_come_and_to_return);
  tcase_add_test (tcase, streams_have_logs_of_their_own);
  return suite;
}

GST_CHECK_MAIN (playstream);
