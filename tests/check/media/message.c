/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A message frees whatever has not been taken from it. */

#include "ext/whep/media/message.h"

#include <gst/check/gstcheck.h>

static const WhepAddress address = { .remote_port = 1 };

GST_START_TEST (packets_that_were_not_taken_are_released)
{
  WhepPacket *packets[] = { whep_packet_new (1), whep_packet_new (1) };
  WhepMessage *message =
      whep_message_new_packets (7, packets, G_N_ELEMENTS (packets));
  WhepPacket *taken;

  ck_assert_int_eq (message->packets.track_id, 7);
  ck_assert_int_eq (message->packets.n_packets, G_N_ELEMENTS (packets));
  taken = g_steal_pointer (&message->packets.packets[1]);
  ck_assert_int_eq (packets[0]->ref_count, 2);
  whep_message_free (message);

  ck_assert_int_eq (packets[0]->ref_count, 1);
  ck_assert_int_eq (taken->ref_count, 2);
  whep_packet_unref (taken);
  for (guint i = 0; i < G_N_ELEMENTS (packets); i++)
    whep_packet_unref (packets[i]);
}
GST_END_TEST;

/* The leak check of the sanitized build shows that each kind frees what it owns
 * and nothing else. */
GST_START_TEST (every_kind_can_be_freed_unread)
{
  static const WhepIceCredentials credentials = { .ufrag = "u" };
  static const WhepViewerControls controls = { .frames = WHEP_FRAMES_KEY };
  WhepMessage *messages[] = {
    whep_message_new_begin_track (1, "live/cam", WHEP_VIDEO, "H264", 90000),
    whep_message_new_offer_rendition (1, "H264"),
    whep_message_new_packets (1, NULL, 0),
    whep_message_new_end_track (1),
    whep_message_new_open_viewer (NULL),
    whep_message_new_close_viewer ("ufrag"),
    whep_message_new_give_way ("ufrag"),
    whep_message_new_restart_ice ("ufrag", &credentials),
    whep_message_new_control_viewer ("ufrag", &controls),
    whep_message_new_set_paused (TRUE),
    whep_message_new_forward (1, &address, (const guint8 *) "x", 1),
    whep_message_new_learn_route (1, &address),
    whep_message_new_stop (),
  };

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++) {
    ck_assert_int_eq (messages[i]->kind, i);
    if (i > 0)
      messages[i]->head.next = &messages[i - 1]->head;
  }
  whep_message_free_all (&messages[G_N_ELEMENTS (messages) - 1]->head);
}
GST_END_TEST;

static Suite *
message_suite (void)
{
  Suite *suite = suite_create ("message");
  TCase *tests = tcase_create ("message");

  tcase_add_test (tests, packets_that_were_not_taken_are_released);
  tcase_add_test (tests, every_kind_can_be_freed_unread);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (message);
