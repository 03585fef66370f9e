/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An order gives back what nobody took from it. */

#include "ext/whep/media/message.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (packets_that_nobody_took_are_given_back)
{
  WhepMessage *message = whep_message_new (WHEP_MESSAGE_PACKETS, 2);
  WhepPacket *left = whep_packet_new (1), *taken = whep_packet_new (1);

  message->packets[0] = whep_packet_ref (left);
  message->packets[1] = taken;
  taken = g_steal_pointer (&message->packets[1]);
  whep_message_free (message);

  ck_assert_int_eq (left->ref_count, 1);
  ck_assert_int_eq (taken->ref_count, 1);
  whep_packet_unref (left);
  whep_packet_unref (taken);
}
GST_END_TEST;

static Suite *
message_suite (void)
{
  Suite *suite = suite_create ("message");
  TCase *tests = tcase_create ("order");

  tcase_add_test (tests, packets_that_nobody_took_are_given_back);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (message);
