/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a viewer that was disconnected can learn, and for how long. */

#include "ext/whep/http/farewells.h"

#include <gst/check/gstcheck.h>

#define NOW_US (1000 * G_USEC_PER_SEC)
#define ID "abcdefghijklmnopqrstuvwxyzABCDE"

static WhepFarewells *farewells;

static void
setup (void)
{
  farewells = whep_farewells_new ();
  whep_farewells_add (farewells, ID "1", "live/cam", "too late", NOW_US);
}

static void
teardown (void)
{
  whep_farewells_free (farewells);
}

GST_START_TEST (a_session_and_its_stream_find_the_reason)
{
  ck_assert_str_eq (whep_farewells_find (farewells, ID "1", "live/cam", NOW_US),
      "too late");
  ck_assert (
      whep_farewells_find (farewells, ID "2", "live/cam", NOW_US) == NULL);
  ck_assert (
      whep_farewells_find (farewells, ID "1", "live/other", NOW_US) == NULL);
}
GST_END_TEST;

GST_START_TEST (a_reason_is_forgotten_after_a_while)
{
  gint64 end_us = NOW_US + WHEP_FAREWELLS_LIFE_US;

  ck_assert (
      whep_farewells_find (farewells, ID "1", "live/cam", end_us - 1) != NULL);
  ck_assert (
      whep_farewells_find (farewells, ID "1", "live/cam", end_us) == NULL);
}
GST_END_TEST;

GST_START_TEST (there_is_a_limit_and_the_oldest_goes_first)
{
  for (guint i = 1; i < WHEP_FAREWELLS_MAX; i++)
    whep_farewells_add (farewells, ID "2", "live/cam", "more", NOW_US);
  ck_assert (
      whep_farewells_find (farewells, ID "1", "live/cam", NOW_US) != NULL);
  whep_farewells_add (farewells, ID "3", "live/cam", "most", NOW_US);
  ck_assert (
      whep_farewells_find (farewells, ID "1", "live/cam", NOW_US) == NULL);
  ck_assert (
      whep_farewells_find (farewells, ID "3", "live/cam", NOW_US) != NULL);
}
GST_END_TEST;

static Suite *
farewells_suite (void)
{
  Suite *suite = suite_create ("farewells");
  TCase *tcase = tcase_create ("farewells");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, setup, teardown);
  tcase_add_test (tcase, a_session_and_its_stream_find_the_reason);
  tcase_add_test (tcase, a_reason_is_forgotten_after_a_while);
  tcase_add_test (tcase, there_is_a_limit_and_the_oldest_goes_first);
  return suite;
}

GST_CHECK_MAIN (farewells);
