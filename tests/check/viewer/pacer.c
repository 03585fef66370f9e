/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A live frame passes immediately, a backlog is spread out. */

#include "ext/whep/viewer/pacer.h"

#include <gst/check/gstcheck.h>

#define DATAGRAM 1200

/* Sends as much as is allowed from @start_us to @end_us, with @n_per_frame
 * datagrams per frame, waking up at the pacer's deadlines. Returns the number
 * of datagrams. */
static guint
drain (WhepPacer *pacer, gint64 start_us, gint64 end_us, guint n_per_frame)
{
  guint n_sent = 0;

  for (gint64 now_us = start_us; now_us < end_us;) {
    while (whep_pacer_may_send (pacer, FALSE, now_us)) {
      whep_pacer_sent (pacer, DATAGRAM, n_sent % n_per_frame == 0);
      n_sent++;
    }
    ck_assert_int_ge (whep_pacer_deadline_us (pacer),
        now_us + WHEP_PACER_TICK_US);
    now_us = whep_pacer_deadline_us (pacer);
    ck_assert (whep_pacer_may_send (pacer, FALSE, now_us));
  }
  return n_sent;
}

GST_START_TEST (a_live_frame_passes_immediately)
{
  WhepPacer pacer;

  whep_pacer_init (&pacer, 0);
  for (gint64 now_us = 0; now_us < G_USEC_PER_SEC; now_us += 33333)
    for (guint i = 0; i < 40; i++) {
      ck_assert (whep_pacer_may_send (&pacer, TRUE, now_us));
      whep_pacer_sent (&pacer, DATAGRAM, i == 0);
    }
}
GST_END_TEST;

/* Everything beyond the burst is sent at the faster rate: within half of a
 * frame's time. */
GST_START_TEST (a_large_live_frame_leaves_before_the_next_one)
{
  WhepPacer pacer;
  gint64 now_us = 0;

  whep_pacer_init (&pacer, 0);
  for (gsize n_bytes = 0; n_bytes < 250 * 1000; n_bytes += DATAGRAM) {
    if (!whep_pacer_may_send (&pacer, TRUE, now_us))
      now_us = whep_pacer_deadline_us (&pacer);
    ck_assert (whep_pacer_may_send (&pacer, TRUE, now_us));
    whep_pacer_sent (&pacer, DATAGRAM, n_bytes == 0);
  }
  ck_assert_int_ge (now_us,
      (250 * 1000 - WHEP_PACER_BURST_BYTES) * 1000 /
              WHEP_PACER_LIVE_BYTES_PER_MS -
          WHEP_PACER_TICK_US);
  ck_assert_int_le (now_us, 33333 / 2);
}
GST_END_TEST;

GST_START_TEST (a_backlog_of_bytes_leaves_at_the_rate)
{
  WhepPacer pacer;
  gsize n_bytes;

  whep_pacer_init (&pacer, 0);
  n_bytes = (gsize) DATAGRAM * drain (&pacer, 0, G_USEC_PER_SEC, 1000);
  ck_assert_uint_ge (n_bytes, 1000 * WHEP_PACER_BYTES_PER_MS * 95 / 100);
  ck_assert_uint_le (n_bytes,
      1000 * WHEP_PACER_BYTES_PER_MS + WHEP_PACER_BURST_BYTES + 2 * DATAGRAM);
}
GST_END_TEST;

GST_START_TEST (a_backlog_of_small_frames_leaves_at_the_frame_rate)
{
  WhepPacer pacer;
  guint n_frames;

  whep_pacer_init (&pacer, 0);
  n_frames = drain (&pacer, 0, G_USEC_PER_SEC, 1);
  ck_assert_uint_ge (n_frames, WHEP_PACER_FRAMES_PER_S * 95 / 100);
  ck_assert_uint_le (n_frames,
      WHEP_PACER_FRAMES_PER_S + WHEP_PACER_BURST_FRAMES + 2);
}
GST_END_TEST;

GST_START_TEST (a_long_pause_saves_no_more_than_a_burst)
{
  WhepPacer pacer;
  guint n_sent = 0;

  whep_pacer_init (&pacer, 0);
  whep_pacer_may_send (&pacer, FALSE, G_MAXINT64 / 2);
  while (whep_pacer_may_send (&pacer, FALSE, G_MAXINT64 / 2)) {
    whep_pacer_sent (&pacer, DATAGRAM, FALSE);
    n_sent++;
  }
  ck_assert_uint_eq (n_sent, WHEP_PACER_BURST_BYTES / DATAGRAM);
}
GST_END_TEST;

GST_START_TEST (a_clock_that_stops_or_goes_back_adds_no_tokens)
{
  WhepPacer pacer;

  whep_pacer_init (&pacer, 1000000);
  whep_pacer_sent (&pacer, WHEP_PACER_BURST_BYTES, FALSE);
  ck_assert (!whep_pacer_may_send (&pacer, FALSE, 1000000));
  ck_assert (!whep_pacer_may_send (&pacer, FALSE, 500000));
}
GST_END_TEST;

static Suite *
pacer_suite (void)
{
  Suite *suite = suite_create ("pacer");
  TCase *tcase = tcase_create ("pacer");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_live_frame_passes_immediately);
  tcase_add_test (tcase, a_large_live_frame_leaves_before_the_next_one);
  tcase_add_test (tcase, a_backlog_of_bytes_leaves_at_the_rate);
  tcase_add_test (tcase, a_backlog_of_small_frames_leaves_at_the_frame_rate);
  tcase_add_test (tcase, a_long_pause_saves_no_more_than_a_burst);
  tcase_add_test (tcase, a_clock_that_stops_or_goes_back_adds_no_tokens);
  return suite;
}

GST_CHECK_MAIN (pacer);
