/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* There are never more slots than the limit, in any thread. */

#include "gst/live/transcodeslots.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (a_slot_that_was_given_back_can_be_taken_again)
{
  g_autoptr (TranscodeSlots) slots = transcode_slots_new (2);

  for (guint i = 0; i < 3; i++) {
    ck_assert (transcode_slots_take (slots));
    ck_assert (transcode_slots_take (slots));
    ck_assert (!transcode_slots_take (slots));
    ck_assert (!transcode_slots_take (slots));
    transcode_slots_give_back (slots);
    transcode_slots_give_back (slots);
  }
}
GST_END_TEST;

GST_START_TEST (a_new_limit_revokes_no_slots)
{
  g_autoptr (TranscodeSlots) slots = transcode_slots_new (2);

  ck_assert (transcode_slots_take (slots));
  ck_assert (transcode_slots_take (slots));
  transcode_slots_set_limit (slots, 1);
  transcode_slots_give_back (slots);
  ck_assert (!transcode_slots_take (slots));
  transcode_slots_set_limit (slots, 3);
  ck_assert_uint_eq (transcode_slots_get_limit (slots), 3);
  ck_assert (transcode_slots_take (slots));
}
GST_END_TEST;

GST_START_TEST (without_a_limit_there_is_always_a_slot)
{
  for (guint i = 0; i < 100; i++)
    ck_assert (transcode_slots_take (NULL));
  transcode_slots_give_back (NULL);
}
GST_END_TEST;

#define N_THREADS 4
#define N_TURNS 20000

static gpointer
take_turns (gpointer slots)
{
  guint n_taken = 0;

  for (guint i = 0; i < N_TURNS; i++) {
    if (!transcode_slots_take (slots))
      continue;
    n_taken++;
    transcode_slots_give_back (slots);
  }
  return GUINT_TO_POINTER (n_taken);
}

GST_START_TEST (threads_lose_no_slots)
{
  g_autoptr (TranscodeSlots) slots = transcode_slots_new (1);
  GThread *threads[N_THREADS];
  guint n_taken = 0;

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new (NULL, take_turns, slots);
  for (guint i = 0; i < N_THREADS; i++)
    n_taken += GPOINTER_TO_UINT (g_thread_join (threads[i]));
  ck_assert_uint_gt (n_taken, 0);
  ck_assert (transcode_slots_take (slots));
  ck_assert (!transcode_slots_take (slots));
}
GST_END_TEST;

static Suite *
transcodeslots_suite (void)
{
  Suite *suite = suite_create ("transcodeslots");
  TCase *tcase = tcase_create ("transcodeslots");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_slot_that_was_given_back_can_be_taken_again);
  tcase_add_test (tcase, a_new_limit_revokes_no_slots);
  tcase_add_test (tcase, without_a_limit_there_is_always_a_slot);
  tcase_add_test (tcase, threads_lose_no_slots);
  return suite;
}

GST_CHECK_MAIN (transcodeslots);
