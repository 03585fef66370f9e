/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Publishers that leave and return, in virtual time: viewers stay, and the
 * picture resumes with the new key frame, whatever else has changed. */

#include "tests/support/watchingclaims.h"

#include <gst/check/gstcheck.h>

#define WATCHED_US (3 * SECOND)
#define AWAY_US (4 * SECOND)
/* The delay of the network, and the pacer's first burst. */
#define RESUME_US (5 * MS)

typedef struct
{
  const gchar *what;
  gboolean has_no_playout_delay;
  gboolean is_taken_over; /* before it has left */
  guint32 first_rtp_time;
  CameraParams camera; /* zeroes: unchanged */
} Change;

static const Change changes[] = {
  { .what = "another clock, 13 hours off", .first_rtp_time = 12345 },
  { .what = "the same clock, to a viewer that waits for key frames",
      .has_no_playout_delay = TRUE,
      .first_rtp_time = CAMERA_RTP_TIME },
  { .what = "a clock that wraps at once", .first_rtp_time = G_MAXUINT32 },
  { .what = "a takeover", .is_taken_over = TRUE, .first_rtp_time = 7 },
  { .what = "1080p60 of the high profile, and sound of another frame size",
      .first_rtp_time = 0x80000000,
      .camera = { .frame_rate = 60,
          .gop_frames = 120,
          .key_packets = 150,
          .delta_packets = 12,
          .profile_idc = 0x64,
          .video_codec = "H264",
          .audio_codec = "OPUS",
          .audio_hz = 48000,
          .audio_us = 10 * 1000 } },
  { .what = "a thumbnail at 5 frames a second, without sound",
      .camera = { .frame_rate = 5,
          .gop_frames = 5,
          .key_packets = 1,
          .delta_packets = 1,
          .profile_idc = 0x42,
          .video_codec = "H264" } },
};

static void
leave_and_return (Watching *watching, const Change *change)
{
  Camera *camera = &watching->camera;

  if (!change->is_taken_over) {
    camera_stop (camera, network_now_us (watching->network));
    watching_run_for (watching, AWAY_US);
  }
  if (change->camera.frame_rate != 0)
    camera->params = change->camera;
  camera_start (camera, change->first_rtp_time,
      network_now_us (watching->network));
}

/* How much RTP time passed for the peer while there was no publisher. */
static gint64
pause_us (const Reception *video, guint64 last_seq)
{
  guint32 units = reception_get (video, last_seq + 1)->rtp_time -
      reception_get (video, last_seq)->rtp_time;

  return (gint64) units * SECOND / CAMERA_VIDEO_HZ;
}

static void
assert_resumed (const Watching *watching, guint64 last_seq, gint64 returned_us)
{
  const Reception *video = peer_reception (watching->peer, WHEP_VIDEO);
  const MadePacket *first = camera_made (&watching->camera, WHEP_VIDEO,
      watching_made_index (watching, WHEP_VIDEO, last_seq + 1));
  gint64 away_us = returned_us - reception_get (video, last_seq)->received_us;

  ck_assert (first->starts_key_frame);
  ck_assert_int_eq (first->media_us, returned_us);
  ck_assert_int_le (reception_get (video, last_seq + 1)->received_us,
      returned_us + RESUME_US);
  assert_unbroken (watching, WHEP_VIDEO, video->first_seq, last_seq);
  assert_unbroken (watching, WHEP_VIDEO, last_seq + 1, video->highest_seq);
  ck_assert_int_ge (pause_us (video, last_seq), away_us - 100 * MS);
  ck_assert_int_le (pause_us (video, last_seq), away_us + 100 * MS);
}

GST_START_TEST (the_picture_resumes_with_the_new_key_frame)
{
  const Change *change = &changes[__i__];
  WatchingParams params = { .seed = 1, .path = WATCHING_CLEAN };
  Watching watching;
  guint64 last_seq;
  gint64 returned_us;

  params.has_no_playout_delay = change->has_no_playout_delay;
  watching_start (&watching, &params, 0);
  watching_run_for (&watching, WATCHED_US);
  last_seq = peer_reception (watching.peer, WHEP_VIDEO)->highest_seq;
  leave_and_return (&watching, change);
  returned_us = network_now_us (watching.network);
  watching_run_for (&watching, WATCHED_US);

  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_PLAYING);
  assert_resumed (&watching, last_seq, returned_us);
  assert_times_never_go_back (&watching, WHEP_AUDIO);
  assert_on_media_clock (&watching, WHEP_VIDEO);
  if (watching.camera.params.audio_codec != NULL)
    assert_on_media_clock (&watching, WHEP_AUDIO);
  watching_clear (&watching);
}
GST_END_TEST;

static void
assert_closed (const Watching *watching, const gchar *why)
{
  ck_assert_int_eq (whep_viewer_state (watching->viewer), WHEP_VIEWER_CLOSED);
  ck_assert_str_eq (whep_viewer_why (watching->viewer), why);
  ck_assert_uint_eq (peer_counts (watching->peer)->n_byes, WHEP_N_TRACKS);
  ck_assert (peer_is_closed (watching->peer));
}

GST_START_TEST (a_viewer_that_waits_longer_than_linger_is_closed)
{
  const WatchingParams params = { .seed = 1, .path = WATCHING_CLEAN };
  Watching watching;

  watching_start (&watching, &params, 0);
  watching_run_for (&watching, SECOND);
  camera_stop (&watching.camera, network_now_us (watching.network));
  watching_run_for (&watching, WHEP_STREAM_LINGER_US - MS);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_PLAYING);
  watching_run_for (&watching, 10 * MS);
  assert_closed (&watching, "the publisher did not come back");
  watching_clear (&watching);
}
GST_END_TEST;

GST_START_TEST (a_viewer_that_joined_before_the_publisher_waits_no_longer)
{
  const WatchingParams params = { .seed = 1, .path = WATCHING_CLEAN };
  Watching watching;

  watching_init (&watching, &params);
  watching_connect (&watching);
  watching_run_for (&watching, WHEP_STREAM_LINGER_US);
  ck_assert_int_eq (whep_viewer_state (watching.viewer), WHEP_VIEWER_CLOSED);
  ck_assert (peer_is_closed (watching.peer));
  watching_clear (&watching);
}
GST_END_TEST;

static const struct
{
  const gchar *video, *audio, *rendition;
} other_codecs[] = {
  { "VP9", "OPUS" },
  /* The viewer may be able to play it. */
  { "VP9", "OPUS", "H264" },
  { "H264", "PCMU" },
  { "VP9", NULL },
};

GST_START_TEST (a_viewer_without_the_new_codec_is_closed_to_send_a_new_offer)
{
  const WatchingParams params = { .seed = 1, .path = WATCHING_CLEAN };
  Watching watching;
  CameraParams *camera = &watching.camera.params;

  watching_start (&watching, &params, 0);
  watching_run_for (&watching, SECOND);
  camera_stop (&watching.camera, network_now_us (watching.network));
  watching_run_for (&watching, SECOND);
  camera->video_codec = other_codecs[__i__].video;
  camera->audio_codec = other_codecs[__i__].audio;
  camera_start (&watching.camera, 0, network_now_us (watching.network));
  whep_stream_offer_rendition (watching.stream, watching.camera.publisher,
      other_codecs[__i__].rendition);
  watching_run_for (&watching, 100 * MS);
  assert_closed (&watching, "the publisher sends another codec");
  watching_clear (&watching);
}
GST_END_TEST;

static Suite *
returning_suite (void)
{
  Suite *suite = suite_create ("returning");
  TCase *tcase = tcase_create ("returning");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, the_picture_resumes_with_the_new_key_frame, 0,
      G_N_ELEMENTS (changes));
  tcase_add_test (tcase, a_viewer_that_waits_longer_than_linger_is_closed);
  tcase_add_test (tcase,
      a_viewer_that_joined_before_the_publisher_waits_no_longer);
  tcase_add_loop_test (tcase,
      a_viewer_without_the_new_codec_is_closed_to_send_a_new_offer, 0,
      G_N_ELEMENTS (other_codecs));
  return suite;
}

GST_CHECK_MAIN (returning);
