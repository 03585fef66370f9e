/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Codecs in software leave the machine to the other streams. */

#include "gst/live/encodereffort.h"

#include <gst/check/gstcheck.h>

static const struct
{
  guint n_cores, encoder_threads, decoder_threads;
  EncoderEffortLevel level;
} machines[] = {
  { 0, 1, 1, ENCODER_EFFORT_LEAST },
  { 1, 1, 1, ENCODER_EFFORT_LEAST },
  { 2, 1, 2, ENCODER_EFFORT_LESS },
  { 3, 1, 3, ENCODER_EFFORT_LESS },
  { 4, 2, 4, ENCODER_EFFORT_LESS },
  { 7, 3, 4, ENCODER_EFFORT_LESS },
  { 8, 4, 4, ENCODER_EFFORT_MORE },
  { 128, 4, 4, ENCODER_EFFORT_MORE },
};

GST_START_TEST (the_effort_follows_from_the_number_of_cores)
{
  for (guint i = 0; i < G_N_ELEMENTS (machines); i++) {
    EncoderEffort effort = encoder_effort (machines[i].n_cores);

    ck_assert_uint_eq (effort.encoder_threads, machines[i].encoder_threads);
    ck_assert_uint_eq (effort.decoder_threads, machines[i].decoder_threads);
    ck_assert_int_eq (effort.level, machines[i].level);
  }
}
GST_END_TEST;

GST_START_TEST (more_cores_never_mean_less)
{
  EncoderEffort before = encoder_effort (0);

  for (guint i = 1; i <= 1024; i++) {
    EncoderEffort effort = encoder_effort (i);

    ck_assert_uint_ge (effort.encoder_threads, before.encoder_threads);
    ck_assert_uint_ge (effort.decoder_threads, before.decoder_threads);
    ck_assert_int_ge (effort.level, before.level);
    before = effort;
  }
}
GST_END_TEST;

static Suite *
encodereffort_suite (void)
{
  Suite *suite = suite_create ("encodereffort");
  TCase *tcase = tcase_create ("encodereffort");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_effort_follows_from_the_number_of_cores);
  tcase_add_test (tcase, more_cores_never_mean_less);
  return suite;
}

GST_CHECK_MAIN (encodereffort);
