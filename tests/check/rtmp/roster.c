/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A name has one publisher at a time. */

#include "gst/rtmp/roster-io.h"

#include <gst/check/gstcheck.h>

static void
yield (gpointer n_yields, const gchar *why)
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
let_go (gpointer user_data, const gchar *why)
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
  ck_assert (rtmp_roster_claim_free (roster, "live/a", "live/o", yield,
      &n_yields, &number));
  ck_assert (!rtmp_roster_claim_free (roster, "live/a", "live/o", yield,
      &n_yields, &number));
  ck_assert_int_eq (n_yields, 0);
  ck_assert (rtmp_roster_claim_free (roster, "live/b", "live/o", yield,
      &n_yields, &number));
  ck_assert (!rtmp_roster_claim_free (roster, "live/c", "live/o", yield,
      &n_yields, &number));
  rtmp_roster_free (roster);
}
GST_END_TEST;

typedef struct
{
  guint n_asked;
  gchar *why;
} Dismissed;

static void
note_dismissal (gpointer user_data, const gchar *why)
{
  Dismissed *dismissed = user_data;

  dismissed->n_asked++;
  g_free (dismissed->why);
  dismissed->why = g_strdup (why);
}

static void
assert_refused (RtmpRoster *roster, const gchar *name, gint64 now_us,
    const gchar *expected)
{
  g_autofree gchar *why = rtmp_roster_dup_refusal (roster, name, now_us);
  RtmpRejection rejection;
  guint number;

  ck_assert_msg (g_strcmp0 (why, expected) == 0, "%s", why);
  ck_assert_int_eq (rtmp_roster_claim (roster, name, note_dismissal, NULL,
                        now_us, &number, &rejection),
      expected == NULL);
  if (expected == NULL)
    rtmp_roster_release (roster, name);
  else
    ck_assert_int_eq (rejection, RTMP_REJECTION_REFUSED);
}

GST_START_TEST (a_dismissed_publisher_is_refused_for_its_time)
{
  RtmpRoster *roster = rtmp_roster_new ();
  Dismissed dismissed = { 0 };
  RtmpRejection rejection;
  guint number;

  rtmp_roster_set_limit (roster, 2);
  ck_assert (!rtmp_roster_dismiss (roster, "live/a", "off air", 9, 0));
  ck_assert (rtmp_roster_claim (roster, "live/a", note_dismissal, &dismissed, 0,
      &number, &rejection));
  ck_assert (!rtmp_roster_dismiss (roster, "live/b", "off air", 9, 0));
  ck_assert_uint_eq (dismissed.n_asked, 0);
  ck_assert (
      rtmp_roster_dismiss (roster, "live/a", "off air", 9 * G_USEC_PER_SEC, 0));
  ck_assert_uint_eq (dismissed.n_asked, 1);
  ck_assert_str_eq (dismissed.why, "off air");
  rtmp_roster_release (roster, "live/a");
  assert_refused (roster, "live/a", 1, "refused for 9 s: off air");
  assert_refused (roster, "live/b", 1, NULL);
  assert_refused (roster, "live/a", 9 * G_USEC_PER_SEC, NULL);
  g_free (dismissed.why);
  rtmp_roster_free (roster);
}
GST_END_TEST;

GST_START_TEST (a_dismissal_without_a_time_lifts_a_refusal)
{
  RtmpRoster *roster = rtmp_roster_new ();
  Dismissed dismissed = { 0 };
  RtmpRejection rejection;
  guint number;

  rtmp_roster_set_limit (roster, 1);
  ck_assert (rtmp_roster_claim (roster, "live/a", note_dismissal, &dismissed, 0,
      &number, &rejection));
  ck_assert (rtmp_roster_dismiss (roster, "live/a", "off air", 9, 0));
  rtmp_roster_release (roster, "live/a");
  assert_refused (roster, "live/a", 1, "refused for 1 s: off air");
  ck_assert (rtmp_roster_dismiss (roster, "live/a", "", 0, 2));
  ck_assert (!rtmp_roster_dismiss (roster, "live/a", "", 0, 2));
  assert_refused (roster, "live/a", 2, NULL);
  ck_assert_uint_eq (dismissed.n_asked, 1);
  g_free (dismissed.why);
  rtmp_roster_free (roster);
}
GST_END_TEST;

GST_START_TEST (a_dismissed_track_is_its_publishers)
{
  RtmpRoster *roster = rtmp_roster_new ();
  Dismissed owner = { 0 }, track = { 0 };
  RtmpRejection rejection;
  guint number;

  rtmp_roster_set_limit (roster, 2);
  ck_assert (rtmp_roster_claim (roster, "live/a", note_dismissal, &owner, 0,
      &number, &rejection));
  ck_assert (rtmp_roster_claim_free (roster, "live/a/1", "live/a",
      note_dismissal, &track, &number));
  ck_assert (rtmp_roster_dismiss (roster, "live/a/1", "off air", 9, 0));
  ck_assert_uint_eq (owner.n_asked, 1);
  ck_assert_uint_eq (track.n_asked, 0);
  rtmp_roster_release (roster, "live/a/1");
  rtmp_roster_release (roster, "live/a");
  assert_refused (roster, "live/a", 1, "refused for 1 s: off air");
  g_free (owner.why);
  rtmp_roster_free (roster);
}
GST_END_TEST;

GST_START_TEST (a_dismissal_by_number_spares_a_later_publisher)
{
  RtmpRoster *roster = rtmp_roster_new ();
  Dismissed first = { 0 }, second = { 0 }, track = { 0 };
  RtmpRejection rejection;
  guint number, later, third;

  rtmp_roster_set_limit (roster, 2);
  ck_assert (rtmp_roster_claim (roster, "live/a", note_dismissal, &first, 0,
      &number, &rejection));
  ck_assert (
      rtmp_roster_dismiss_number (roster, "live/a", number, "off air", 0, 0));
  ck_assert_uint_eq (first.n_asked, 1);
  rtmp_roster_release (roster, "live/a");
  ck_assert (
      !rtmp_roster_dismiss_number (roster, "live/a", number, "off air", 9, 0));
  ck_assert (rtmp_roster_claim (roster, "live/a", note_dismissal, &second, 0,
      &later, &rejection));
  ck_assert (
      !rtmp_roster_dismiss_number (roster, "live/a", number, "off air", 9, 0));
  ck_assert_uint_eq (second.n_asked, 0);
  ck_assert (rtmp_roster_claim_free (roster, "live/a/1", "live/a",
      note_dismissal, &track, &third));
  ck_assert (
      rtmp_roster_dismiss_number (roster, "live/a/1", third, "off air", 0, 0));
  ck_assert_uint_eq (second.n_asked, 1);
  ck_assert_uint_eq (track.n_asked, 0);
  g_free (first.why);
  g_free (second.why);
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
  tcase_add_test (tcase, a_dismissed_publisher_is_refused_for_its_time);
  tcase_add_test (tcase, a_dismissal_without_a_time_lifts_a_refusal);
  tcase_add_test (tcase, a_dismissed_track_is_its_publishers);
  tcase_add_test (tcase, a_dismissal_by_number_spares_a_later_publisher);
  return suite;
}

GST_CHECK_MAIN (roster);
