/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stream outlives its publisher while somebody watches. */

#include "ext/whep/stream/stream.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (a_stream_is_idle_without_publisher_and_viewer)
{
  WhepStream *stream = whep_stream_new ("live/cam", 0, 0);
  gint viewer;

  ck_assert (whep_stream_is_idle (stream));
  whep_stream_begin_track (stream, WHEP_AUDIO, 1, "OPUS", 48000);
  ck_assert (!whep_stream_is_idle (stream));
  g_ptr_array_add (stream->viewers, &viewer);
  whep_stream_end_track (stream, WHEP_AUDIO, 1);
  ck_assert (!whep_stream_is_idle (stream));
  g_ptr_array_remove_fast (stream->viewers, &viewer);
  ck_assert (whep_stream_is_idle (stream));
  whep_stream_free (stream);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_returns_starts_a_new_epoch_and_an_empty_log)
{
  WhepStream *stream = whep_stream_new ("live/cam", 0, 0);
  WhepTrack *video = &stream->tracks[WHEP_VIDEO];
  guint epoch;

  whep_stream_begin_track (stream, WHEP_VIDEO, 1, "H264", 90000);
  epoch = video->epoch;
  whep_log_add (video->log, whep_packet_new (10));
  whep_stream_end_track (stream, WHEP_VIDEO, 1);
  ck_assert (whep_log_get (video->log, 0) != NULL);

  whep_stream_begin_track (stream, WHEP_VIDEO, 1, "H264", 90000);
  ck_assert_uint_eq (video->epoch, epoch + 1);
  ck_assert (whep_log_get (video->log, 0) == NULL);
  ck_assert_str_eq (video->encoding_name, "H264");
  ck_assert_uint_eq (video->clock_rate, 90000);
  whep_stream_free (stream);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_was_taken_over_ends_nothing)
{
  WhepStream *stream = whep_stream_new ("live/cam", 0, 0);

  whep_stream_begin_track (stream, WHEP_VIDEO, 1, "H264", 90000);
  whep_stream_begin_track (stream, WHEP_VIDEO, 2, "H264", 90000);
  whep_stream_end_track (stream, WHEP_VIDEO, 1);
  ck_assert (stream->tracks[WHEP_VIDEO].is_live);
  whep_stream_end_track (stream, WHEP_VIDEO, 2);
  ck_assert (!stream->tracks[WHEP_VIDEO].is_live);
  whep_stream_free (stream);
}
GST_END_TEST;

static WhepPacket *
key_packet (gsize size)
{
  WhepPacket *packet = whep_packet_new (size);

  packet->starts_key_frame = TRUE;
  return packet;
}

GST_START_TEST (its_logs_have_the_limits_asked_for)
{
  WhepStream *stream = whep_stream_new ("live/cam", 1000, 0);
  WhepLog *log = stream->tracks[WHEP_VIDEO].log;

  for (guint i = 0; i < 20; i++)
    whep_log_add (log, i == 0 ? key_packet (100) : whep_packet_new (100));
  ck_assert_uint_eq (whep_log_head (log) - whep_log_tail (log), 10);
  whep_stream_free (stream);
}
GST_END_TEST;

static Suite *
stream_suite (void)
{
  Suite *suite = suite_create ("stream");
  TCase *tcase = tcase_create ("stream");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_stream_is_idle_without_publisher_and_viewer);
  tcase_add_test (tcase,
      a_publisher_that_returns_starts_a_new_epoch_and_an_empty_log);
  tcase_add_test (tcase, a_publisher_that_was_taken_over_ends_nothing);
  tcase_add_test (tcase, its_logs_have_the_limits_asked_for);
  return suite;
}

GST_CHECK_MAIN (stream);
