/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is measured of a track that arrives. */

#include "ext/whep/stream/arrival.h"

#include <gst/check/gstcheck.h>

#define NOW_US (1000 * G_USEC_PER_SEC)
#define RATE 90000
#define FPS 25
#define FRAME_US (G_USEC_PER_SEC / FPS)
#define FRAME_TICKS (RATE / FPS)

static WhepArrival arrival;
static guint32 rtp_time;

static void
setup (void)
{
  /* Wraps after a second. */
  rtp_time = -RATE;
  whep_arrival_init (&arrival, RATE, NOW_US);
}

/* A frame of two packets. */
static void
frame_arrives (gint64 now_us, gboolean is_key)
{
  whep_arrival_begin_frame (&arrival, rtp_time, is_key, now_us);
  whep_arrival_add (&arrival, 1000);
  whep_arrival_add (&arrival, 500);
  rtp_time += FRAME_TICKS;
}

/* Returns: the number of times that there were figures; the last are left. */
static guint
play (gint64 from_us, guint n_frames, WhepArrivalFigures *figures)
{
  guint n_taken = 0;

  for (guint i = 0; i < n_frames; i++) {
    frame_arrives (from_us + i * FRAME_US, i % FPS == 0);
    n_taken += whep_arrival_take (&arrival, from_us + i * FRAME_US, figures);
  }
  return n_taken;
}

GST_START_TEST (a_steady_track_is_measured_once_a_second)
{
  WhepArrivalFigures figures;

  ck_assert_uint_eq (play (NOW_US, 10 * FPS + 1, &figures), 10);
  ck_assert_uint_eq (figures.n_frames, 10 * FPS + 1);
  ck_assert_uint_eq (figures.n_packets, 2 * (10 * FPS + 1));
  ck_assert_uint_eq (figures.n_bytes, 1500 * (10 * FPS + 1));
  ck_assert_uint_eq (figures.n_key_frames, 11);
  ck_assert_uint_eq (figures.bits_per_second, 8 * 1500 * FPS);
  ck_assert (figures.frames_per_second == FPS);
  ck_assert_int_eq (figures.jitter_us, 0);
  ck_assert_uint_eq (figures.n_dropped, 0);
}
GST_END_TEST;

GST_START_TEST (a_rate_is_that_of_the_last_seconds)
{
  WhepArrivalFigures figures;
  gint64 silence_us = 100 * G_USEC_PER_SEC;

  play (NOW_US, 10 * FPS + 1, &figures);
  ck_assert (whep_arrival_take (&arrival, NOW_US + silence_us, &figures));
  ck_assert (figures.frames_per_second < 1.5);
  play (NOW_US + silence_us, (WHEP_ARRIVAL_SECONDS + 2) * FPS + 1, &figures);
  ck_assert (figures.frames_per_second == FPS);
}
GST_END_TEST;

/* Each frame is early or late by @late_us in turn: twice that from one to the
 * next, to which the figure converges. */
GST_START_TEST (jitter_is_how_irregularly_frames_arrive)
{
  const gint64 late_us = 5000;
  WhepArrivalFigures figures;

  for (guint i = 0; i < 10 * FPS; i++) {
    gint64 now_us = NOW_US + i * FRAME_US + (i % 2 == 0 ? late_us : -late_us);

    frame_arrives (now_us, FALSE);
    whep_arrival_take (&arrival, now_us, &figures);
  }
  ck_assert_int_le (ABS (figures.jitter_us - 2 * late_us), 10);
}
GST_END_TEST;

GST_START_TEST (a_packet_that_is_dropped_is_counted)
{
  WhepArrivalFigures figures;

  whep_arrival_drop (&arrival);
  whep_arrival_drop (&arrival);
  ck_assert (!whep_arrival_take (&arrival, NOW_US, &figures));
  ck_assert (whep_arrival_take (&arrival, NOW_US + WHEP_ARRIVAL_INTERVAL_US,
      &figures));
  ck_assert_uint_eq (figures.n_dropped, 2);
  ck_assert_uint_eq (figures.n_frames, 0);
  ck_assert_uint_eq (figures.bits_per_second, 0);
}
GST_END_TEST;

static Suite *
arrival_suite (void)
{
  Suite *suite = suite_create ("arrival");
  TCase *tcase = tcase_create ("arrival");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, NULL);
  tcase_add_test (tcase, a_steady_track_is_measured_once_a_second);
  tcase_add_test (tcase, a_rate_is_that_of_the_last_seconds);
  tcase_add_test (tcase, jitter_is_how_irregularly_frames_arrive);
  tcase_add_test (tcase, a_packet_that_is_dropped_is_counted);
  return suite;
}

GST_CHECK_MAIN (arrival);
