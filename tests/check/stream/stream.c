/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stream outlives its publisher while it has viewers. */

#include "ext/whep/stream/stream.h"

#include <gst/check/gstcheck.h>

#define NOW_US (1000 * G_USEC_PER_SEC)

static WhepStream *
stream_new (void)
{
  return whep_stream_new ("live/cam", &whep_stream_default_limits, NOW_US);
}

GST_START_TEST (a_stream_is_idle_without_publisher_and_viewer)
{
  WhepStream *stream = stream_new ();
  gint viewer;

  ck_assert (whep_stream_is_idle (stream));
  whep_stream_begin_track (stream, WHEP_AUDIO, 1, "OPUS", 48000);
  ck_assert (!whep_stream_is_idle (stream));
  g_ptr_array_add (stream->viewers, &viewer);
  whep_stream_end_track (stream, WHEP_AUDIO, 1, NOW_US);
  ck_assert (!whep_stream_is_idle (stream));
  g_ptr_array_remove_fast (stream->viewers, &viewer);
  ck_assert (whep_stream_is_idle (stream));
  whep_stream_free (stream);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_returns_starts_a_new_epoch_and_an_empty_log)
{
  WhepStream *stream = stream_new ();
  WhepTrack *video = &stream->tracks[WHEP_VIDEO];
  guint epoch;

  whep_stream_begin_track (stream, WHEP_VIDEO, 1, "H264", 90000);
  epoch = video->epoch;
  whep_log_add (video->log, whep_packet_new (10));
  whep_stream_end_track (stream, WHEP_VIDEO, 1, NOW_US);
  ck_assert (whep_log_get (video->log, 0) != NULL);

  whep_stream_begin_track (stream, WHEP_VIDEO, 1, "H264", 90000);
  ck_assert_uint_ne (video->epoch, epoch);
  ck_assert (whep_log_get (video->log, 0) == NULL);
  ck_assert_str_eq (video->encoding_name, "H264");
  ck_assert_uint_eq (video->clock_rate, 90000);
  whep_stream_free (stream);
}
GST_END_TEST;

GST_START_TEST (a_publisher_that_was_taken_over_ends_no_track)
{
  WhepStream *stream = stream_new ();

  whep_stream_begin_track (stream, WHEP_VIDEO, 1, "H264", 90000);
  whep_stream_begin_track (stream, WHEP_VIDEO, 2, "H264", 90000);
  whep_stream_end_track (stream, WHEP_VIDEO, 1, NOW_US);
  ck_assert (stream->tracks[WHEP_VIDEO].is_live);
  whep_stream_end_track (stream, WHEP_VIDEO, 2, NOW_US);
  ck_assert (!stream->tracks[WHEP_VIDEO].is_live);
  whep_stream_free (stream);
}
GST_END_TEST;

GST_START_TEST (viewers_wait_for_a_publisher_from_the_end_of_its_last_track)
{
  WhepStream *stream = stream_new ();
  gint64 later_us = NOW_US + G_USEC_PER_SEC;

  ck_assert_int_eq (stream->away_until_us, NOW_US + WHEP_STREAM_LINGER_US);
  whep_stream_begin_track (stream, WHEP_VIDEO, 1, "H264", 90000);
  whep_stream_begin_track (stream, WHEP_AUDIO, 2, "OPUS", 48000);
  ck_assert_int_eq (stream->away_until_us, G_MAXINT64);
  whep_stream_end_track (stream, WHEP_VIDEO, 1, NOW_US);
  ck_assert_int_eq (stream->away_until_us, G_MAXINT64);
  whep_stream_end_track (stream, WHEP_AUDIO, 2, later_us);
  ck_assert_int_eq (stream->away_until_us, later_us + WHEP_STREAM_LINGER_US);
  whep_stream_begin_track (stream, WHEP_AUDIO, 3, "OPUS", 48000);
  ck_assert_int_eq (stream->away_until_us, G_MAXINT64);
  whep_stream_free (stream);
}
GST_END_TEST;

GST_START_TEST (a_rendition_is_for_viewers_without_the_codec)
{
  WhepStream *stream = stream_new ();
  const WhepTrack *own = &stream->tracks[WHEP_VIDEO];
  const WhepTrack *rendition = &stream->tracks[WHEP_RENDITION];

  whep_stream_begin_track (stream, WHEP_VIDEO, 1, "H265", 90000);
  ck_assert (whep_stream_track_for (stream, WHEP_VIDEO, "H264") == own);
  whep_stream_offer_rendition (stream, 1, "H264");
  ck_assert (whep_stream_track_for (stream, WHEP_VIDEO, "H264") == rendition);
  ck_assert (whep_stream_track_for (stream, WHEP_VIDEO, "H265") == own);
  ck_assert (whep_stream_track_for (stream, WHEP_VIDEO, "VP8") == own);

  /* The next publisher needs no rendition. */
  whep_stream_begin_track (stream, WHEP_VIDEO, 2, "H264", 90000);
  ck_assert (whep_stream_track_for (stream, WHEP_VIDEO, "H264") == own);
  whep_stream_offer_rendition (stream, 1, "VP8");
  ck_assert (whep_stream_track_for (stream, WHEP_VIDEO, "VP8") == own);
  whep_stream_free (stream);
}
GST_END_TEST;

GST_START_TEST (a_rendition_that_ends_leaves_no_picture_and_keeps_the_stream)
{
  WhepStream *stream = stream_new ();
  WhepTrack *rendition = &stream->tracks[WHEP_RENDITION];

  whep_stream_begin_track (stream, WHEP_RENDITION, 2, "H264", 90000);
  ck_assert_int_eq (stream->away_until_us, NOW_US + WHEP_STREAM_LINGER_US);
  ck_assert (!whep_stream_is_idle (stream));
  whep_log_add (rendition->log, whep_packet_new (10));
  whep_stream_end_track (stream, WHEP_RENDITION, 2, NOW_US + 1);
  ck_assert (whep_log_get (rendition->log, 0) == NULL);
  ck_assert_int_eq (stream->away_until_us, NOW_US + WHEP_STREAM_LINGER_US);
  ck_assert (whep_stream_is_idle (stream));
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

GST_START_TEST (the_untouched_track_belongs_to_the_newest_video)
{
  WhepStream *stream = stream_new ();
  const WhepTrack *video = &stream->tracks[WHEP_VIDEO];
  const WhepTrack *untouched = &stream->tracks[WHEP_UNTOUCHED];

  whep_stream_begin_track (stream, WHEP_VIDEO, 1, "H264", 90000);
  ck_assert (whep_stream_reordered_track (stream) == video);
  whep_stream_begin_track (stream, WHEP_UNTOUCHED, 2, "H264", 90000);
  ck_assert (whep_stream_reordered_track (stream) == video);
  whep_log_add (untouched->log, key_packet (10));
  ck_assert (whep_stream_reordered_track (stream) == untouched);
  ck_assert (whep_stream_track_for (stream, WHEP_VIDEO, "H264") == video);

  /* What the other track still has would be shown again. */
  whep_stream_end_track (stream, WHEP_UNTOUCHED, 2, NOW_US);
  ck_assert (whep_stream_reordered_track (stream) == untouched);
  whep_stream_end_track (stream, WHEP_VIDEO, 1, NOW_US);
  ck_assert (whep_stream_reordered_track (stream) == untouched);
  ck_assert_int_eq (stream->away_until_us, NOW_US + WHEP_STREAM_LINGER_US);

  /* The next publisher may have no B-frames. */
  whep_stream_begin_track (stream, WHEP_VIDEO, 3, "H264", 90000);
  ck_assert (whep_stream_reordered_track (stream) == video);
  ck_assert (whep_log_get (untouched->log, 0) == NULL);
  whep_stream_free (stream);
}
GST_END_TEST;

GST_START_TEST (a_stream_s_logs_have_the_given_limits)
{
  const WhepStreamLimits limits = { .backlog_bytes = 1000,
    .backlog_us = WHEP_LOG_DEFAULT_US };
  WhepStream *stream = whep_stream_new ("live/cam", &limits, NOW_US);
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
  tcase_add_test (tcase, a_publisher_that_was_taken_over_ends_no_track);
  tcase_add_test (tcase,
      viewers_wait_for_a_publisher_from_the_end_of_its_last_track);
  tcase_add_test (tcase, a_rendition_is_for_viewers_without_the_codec);
  tcase_add_test (tcase,
      a_rendition_that_ends_leaves_no_picture_and_keeps_the_stream);
  tcase_add_test (tcase, the_untouched_track_belongs_to_the_newest_video);
  tcase_add_test (tcase, a_stream_s_logs_have_the_given_limits);
  return suite;
}

GST_CHECK_MAIN (stream);
