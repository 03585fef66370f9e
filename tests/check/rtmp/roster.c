/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A name has one publisher at a time. */

#include "gst/rtmp/roster-io.h"

#include <gst/check/gstcheck.h>

static void
yield (gpointer n_yields)
{
  g_atomic_int_inc ((gint *) n_yields);
}

GST_START_TEST (a_name_is_claimed_once_until_it_is_released)
{
  RtmpRoster *roster = rtmp_roster_new ();
  gint n_yields = 0;
  guint first, second;
  RtmpRejection rejection;

  rtmp_roster_set_limit (roster, 2);
  ck_assert (rtmp_roster_claim (roster, "live/a", yield, &n_yields, 0, &first,
      &rejection));
  ck_assert (!rtmp_roster_claim (roster, "live/a", yield, &n_yields, 0, &second,
      &rejection));
  ck_assert_int_eq (rejection, RTMP_REJECTION_BAD_NAME);
  ck_assert_uint_eq (rtmp_roster_count (roster), 1);

  rtmp_roster_release (roster, "live/a");
  ck_assert_uint_eq (rtmp_roster_count (roster), 0);
  ck_assert (rtmp_roster_claim (roster, "live/a", yield, &n_yields, 0, &second,
      &rejection));
  ck_assert_uint_ne (first, second);
  rtmp_roster_free (roster);
}
GST_END_TEST;

GST_START_TEST (claims_beyond_the_limit_are_rejected)
{
  RtmpRoster *roster = rtmp_roster_new ();
  gint n_yields = 0;
  RtmpRejection rejection;
  guint number;

  rtmp_roster_set_limit (roster, 1);
  ck_assert (rtmp_roster_claim (roster, "live/a", yield, &n_yields, 0, &number,
      &rejection));
  ck_assert (!rtmp_roster_claim (roster, "live/b", yield, &n_yields, 0, &number,
      &rejection));
  ck_assert_int_eq (rejection, RTMP_REJECTION_FULL);
  rtmp_roster_set_limit (roster, 2);
  ck_assert (rtmp_roster_claim (roster, "live/b", yield, &n_yields, 0, &number,
      &rejection));
  rtmp_roster_free (roster);
}
GST_END_TEST;

typedef struct
{
  RtmpRoster *roster;
  gint must_go; /* atomic */
} First;

static void
let_go (gpointer user_data)
{
  g_atomic_int_set (&((First *) user_data)->must_go, TRUE);
}

/* Publishes until another publisher wants the name. */
static gpointer
hold (gpointer user_data)
{
  First *first = user_data;

  while (!g_atomic_int_get (&first->must_go))
    g_thread_yield ();
  rtmp_roster_release (first->roster, "live/a");
  return NULL;
}

GST_START_TEST (a_name_is_taken_over_once_its_holder_has_released_it)
{
  First first = { .roster = rtmp_roster_new () };
  RtmpRejection rejection;
  gint n_yields = 0;
  GThread *holder;
  guint number;

  rtmp_roster_set_limit (first.roster, 1);
  rtmp_roster_set_takeover (first.roster, TRUE);
  ck_assert (rtmp_roster_claim (first.roster, "live/a", let_go, &first, 0,
      &number, &rejection));
  holder = g_thread_new ("holder", hold, &first);
  ck_assert (rtmp_roster_claim (first.roster, "live/a", yield, &n_yields, 0,
      &number, &rejection));
  ck_assert_uint_eq (rtmp_roster_count (first.roster), 1);
  ck_assert_int_eq (n_yields, 0);
  g_thread_join (holder);
  rtmp_roster_free (first.roster);
}
GST_END_TEST;

GST_START_TEST (a_name_cannot_be_taken_over_again_at_once)
{
  First first = { .roster = rtmp_roster_new () };
  RtmpRejection rejection;
  gint n_yields = 0;
  GThread *holder;
  guint number;

  rtmp_roster_set_limit (first.roster, 2);
  rtmp_roster_set_takeover (first.roster, TRUE);
  ck_assert (rtmp_roster_claim (first.roster, "live/a", let_go, &first, 0,
      &number, &rejection));
  holder = g_thread_new ("holder", hold, &first);
  ck_assert (rtmp_roster_claim (first.roster, "live/a", let_go, &first, 0,
      &number, &rejection));
  g_thread_join (holder);
  first.must_go = FALSE;
  ck_assert (!rtmp_roster_claim (first.roster, "live/a", yield, &n_yields,
      RTMP_ROSTER_SETTLE_US / 2, &number, &rejection));
  ck_assert_int_eq (rejection, RTMP_REJECTION_TAKEN_OVER);
  ck_assert (!first.must_go);

  /* Later, it can be taken over again. */
  holder = g_thread_new ("holder", hold, &first);
  ck_assert (rtmp_roster_claim (first.roster, "live/a", yield, &n_yields,
      RTMP_ROSTER_SETTLE_US + RTMP_ROSTER_PATIENCE_US, &number, &rejection));
  g_thread_join (holder);
  /* Claiming a free name is not a takeover. */
  rtmp_roster_release (first.roster, "live/a");
  ck_assert (rtmp_roster_claim (first.roster, "live/a", let_go, &first, 0,
      &number, &rejection));
  first.must_go = FALSE;
  holder = g_thread_new ("holder", hold, &first);
  ck_assert (rtmp_roster_claim (first.roster, "live/a", yield, &n_yields, 1,
      &number, &rejection));
  g_thread_join (holder);
  rtmp_roster_free (first.roster);
}
GST_END_TEST;

GST_START_TEST (no_claim_waits_once_the_roster_is_closed)
{
  RtmpRoster *roster = rtmp_roster_new ();
  RtmpRejection rejection;
  gint n_yields = 0;
  guint number;

  rtmp_roster_set_limit (roster, 2);
  rtmp_roster_set_takeover (roster, TRUE);
  ck_assert (rtmp_roster_claim (roster, "live/a", yield, &n_yields, 0, &number,
      &rejection));
  rtmp_roster_set_open (roster, FALSE);
  ck_assert (!rtmp_roster_claim (roster, "live/a", yield, &n_yields, 0, &number,
      &rejection));
  ck_assert_int_eq (rejection, RTMP_REJECTION_BAD_NAME);
  ck_assert_int_eq (n_yields, 0);
  rtmp_roster_free (roster);
}
GST_END_TEST;

GST_START_TEST (claim_free_claims_only_a_free_name)
{
  RtmpRoster *roster = rtmp_roster_new ();
  gint n_yields = 0;
  guint number;

  rtmp_roster_set_limit (roster, 2);
  rtmp_roster_set_takeover (roster, TRUE);
  ck_assert (
      rtmp_roster_claim_free (roster, "live/a", yield, &n_yields, &number));
  ck_assert (
      !rtmp_roster_claim_free (roster, "live/a", yield, &n_yields, &number));
  ck_assert_int_eq (n_yields, 0);
  ck_assert (
      rtmp_roster_claim_free (roster, "live/b", yield, &n_yields, &number));
  ck_assert (
      !rtmp_roster_claim_free (roster, "live/c", yield, &n_yields, &number));
  rtmp_roster_free (roster);
}
GST_END_TEST;

static Suite *
roster_suite (void)
{
  Suite *suite = suite_create ("roster");
  TCase *tcase = tcase_create ("roster");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_name_is_claimed_once_until_it_is_released);
  tcase_add_test (tcase, claims_beyond_the_limit_are_rejected);
  tcase_add_test (tcase, a_name_is_taken_over_once_its_holder_has_released_it);
  tcase_add_test (tcase, a_name_cannot_be_taken_over_again_at_once);
  tcase_add_test (tcase, no_claim_waits_once_the_roster_is_closed);
  tcase_add_test (tcase, claim_free_claims_only_a_free_name);
  return suite;
}

GST_CHECK_MAIN (roster);
