/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A decoder that dies again and again is not started for ever. */

#include "gst/isolation/restart.h"

#include <gst/check/gstcheck.h>

#define SECOND G_USEC_PER_SEC

static Restart
new_restart (void)
{
  return (Restart){ .first_us = RESTART_FIRST_US };
}

GST_START_TEST (each_restart_waits_twice_as_long_until_the_decoder_is_given_up)
{
  Restart restart = new_restart ();
  gint64 now_us = 1000 * SECOND;

  ck_assert (restart_is_due (&restart, now_us));
  for (guint i = 0; i < RESTART_MAX; i++) {
    gint64 delay_us = SECOND << i;

    ck_assert (restart_note_death (&restart, now_us, now_us + 1));
    now_us++;
    ck_assert (!restart_is_due (&restart, now_us + delay_us - 1));
    ck_assert (restart_is_due (&restart, now_us + delay_us));
    now_us += delay_us;
  }
  ck_assert (!restart_note_death (&restart, now_us, now_us + 1));
}
GST_END_TEST;

GST_START_TEST (a_decoder_that_has_lived_long_is_forgiven_its_former_deaths)
{
  Restart restart = new_restart ();
  gint64 now_us = 0;

  for (guint i = 0; i < 3 * RESTART_MAX; i++) {
    gint64 since_us = now_us;

    now_us += RESTART_FORGIVEN_US;
    ck_assert (restart_note_death (&restart, since_us, now_us));
    ck_assert (restart_is_due (&restart, now_us + RESTART_FIRST_US));
  }
}
GST_END_TEST;

static Suite *
restart_suite (void)
{
  Suite *suite = suite_create ("restart");
  TCase *tcase = tcase_create ("restart");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      each_restart_waits_twice_as_long_until_the_decoder_is_given_up);
  tcase_add_test (tcase,
      a_decoder_that_has_lived_long_is_forgiven_its_former_deaths);
  return suite;
}

GST_CHECK_MAIN (restart);
