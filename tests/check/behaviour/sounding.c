/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A viewer that hears the sound, or no longer does: which playout delay it is
 * sent, packet by packet in virtual time. */

#include "tests/support/sending.h"
#include "tests/support/watching.h"

#include <gst/check/gstcheck.h>

/* Fails the test unless the packets from @first to the last have @max_delay. */
static void
assert_delays (guint first, guint16 max_delay)
{
  for (guint i = first; i < sending.sent->len; i++)
    ck_assert_msg (sending_at (i)->max_delay == max_delay, "packet %u: %u", i,
        sending_at (i)->max_delay);
}

GST_START_TEST (sound_changes_the_playout_delay_of_what_is_not_sent_yet)
{
  sending_publish_live (3, 100);
  assert_delays (0, WHEP_PLAYOUT_DELAY_AT_ONCE);
  sending.sender.has_sound = TRUE;
  sending_publish_live (3, 100);
  assert_delays (6, WHEP_PLAYOUT_DELAY_IN_STEP);
  sending.sender.has_sound = FALSE;
  sending_publish_live (3, 100);
  assert_delays (12, WHEP_PLAYOUT_DELAY_AT_ONCE);
  sending_assert_order ();
}
GST_END_TEST;

GST_START_TEST (a_repair_keeps_its_playout_delay)
{
  guint16 lost[] = { SENDING_FIRST_SEQ + 3, SENDING_FIRST_SEQ + 8 };
  Sent first, second;

  sending_publish_live (3, 100);
  sending.sender.has_sound = TRUE;
  sending_publish_live (3, 100);
  first = *sending_at (3);
  second = *sending_at (8);
  sending.sender.has_sound = FALSE;
  sending_publish_live (1, 100);
  g_array_set_size (sending.sent, 0);

  whep_sender_repair (&sending.sender, sending.track, lost, G_N_ELEMENTS (lost),
      sending.now_us);
  sending_pump_all ();
  ck_assert_uint_eq (sending.sent->len, 2);
  sending_assert_same (sending_at (0), &first);
  sending_assert_same (sending_at (1), &second);
  ck_assert_uint_eq (second.max_delay, WHEP_PLAYOUT_DELAY_IN_STEP);
}
GST_END_TEST;

/* A browser would keep the backlog's delay. */
GST_START_TEST (a_viewer_with_sound_is_sent_a_backlog_to_be_shown_at_once)
{
  guint n_backlog;

  for (guint i = 0; i < 30; i++)
    sending_publish (i == 0);
  sending_begin_viewer (SENDING_PLAYOUT_DELAY_ID);
  sending.sender.has_sound = TRUE;
  sending_pump_all ();
  n_backlog = sending.sent->len;
  ck_assert_uint_ge (n_backlog, 60);
  assert_delays (0, WHEP_PLAYOUT_DELAY_AT_ONCE);
  sending_publish_live (1, 100);
  assert_delays (n_backlog, WHEP_PLAYOUT_DELAY_IN_STEP);
}
GST_END_TEST;

#define WATCH_US (500 * 1000)

/* Of the last packet of video that arrived. */
static guint16
received_max_delay (const Watching *watching)
{
  const Reception *video = peer_reception (watching->peer, WHEP_VIDEO);
  gsize size = 0;
  const guint8 *value = received_extension (reception_get (video,
                                                video->highest_seq),
      watching->viewer_params.tracks[WHEP_VIDEO].media.playout_delay_id, &size);

  ck_assert_uint_eq (size, 3);
  ck_assert_uint_eq (value[0], 0);
  return value[1] << 8 | value[2];
}

GST_START_TEST (a_browser_receives_what_the_viewer_chooses)
{
  static const gboolean choices[] = { FALSE, TRUE, FALSE, TRUE };
  const WatchingParams params = { .seed = 1, .path = { .delay_us = 5000 } };
  Watching watching;

  watching_init (&watching, &params);
  camera_start (&watching.camera, 7, network_now_us (watching.network));
  watching_connect (&watching);
  for (guint i = 0; i < G_N_ELEMENTS (choices); i++) {
    const WhepViewerControls controls = { .has_sound = choices[i] };
    WhepViewerStats stats;

    whep_viewer_control (watching.viewer, &controls);
    watching_run_for (&watching, WATCH_US);
    ck_assert_uint_eq (received_max_delay (&watching),
        choices[i] ? WHEP_PLAYOUT_DELAY_IN_STEP : WHEP_PLAYOUT_DELAY_AT_ONCE);
    whep_viewer_stats (watching.viewer, &stats);
    ck_assert_int_eq (stats.has_sound, choices[i]);
  }
  watching_clear (&watching);
}
GST_END_TEST;

static Suite *
sounding_suite (void)
{
  Suite *suite = suite_create ("sounding");
  TCase *tcase = tcase_create ("sounding");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, sending_setup, sending_teardown);
  tcase_add_test (tcase,
      sound_changes_the_playout_delay_of_what_is_not_sent_yet);
  tcase_add_test (tcase, a_repair_keeps_its_playout_delay);
  tcase_add_test (tcase,
      a_viewer_with_sound_is_sent_a_backlog_to_be_shown_at_once);
  tcase_add_test (tcase, a_browser_receives_what_the_viewer_chooses);
  return suite;
}

GST_CHECK_MAIN (sounding);
