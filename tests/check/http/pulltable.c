/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Streams that are pulled, in virtual time. */

#include "ext/whep/http/pulltable.h"

#include <gst/check/gstcheck.h>

#define NOW_US (1000 * (gint64) G_USEC_PER_SEC)
#define LINGER_US (10 * (gint64) G_USEC_PER_SEC)
#define MAX_PULLS 3
#define CLIENT "192.0.2.1"

static WhepPullUse
use_as_said (const gchar *stream, gpointer use)
{
  return *(const WhepPullUse *) use;
}

/* Sweeps and returns how many pulls are over. */
static guint
sweep (WhepPullTable *self, gboolean is_live, gboolean is_used, gint64 now_us)
{
  WhepPullUse use = { .is_live = is_live, .is_used = is_used };
  g_auto (GStrv) over = whep_pull_table_sweep (self, use_as_said, &use, now_us);

  return g_strv_length (over);
}

GST_START_TEST (a_hundred_requests_are_one_pull)
{
  WhepPullTable *self = whep_pull_table_new (MAX_PULLS, LINGER_US);

  ck_assert_int_eq (whep_pull_table_ask (self, "live/cam", CLIENT, NOW_US),
      WHEP_PULL_BEGINS);
  for (guint i = 0; i < 99; i++)
    ck_assert_int_eq (whep_pull_table_ask (self, "live/cam", CLIENT,
                          NOW_US + i),
        WHEP_PULL_GOES_ON);
  ck_assert_uint_eq (whep_pull_table_count (self), 1);
  ck_assert (whep_pull_table_has (self, "live/cam"));
  whep_pull_table_free (self);
}
GST_END_TEST;

GST_START_TEST (a_pull_ends_once_nobody_has_watched_it_for_the_linger)
{
  WhepPullTable *self = whep_pull_table_new (MAX_PULLS, LINGER_US);
  gint64 left_us = NOW_US + 60 * G_USEC_PER_SEC;

  whep_pull_table_ask (self, "live/cam", CLIENT, NOW_US);
  ck_assert_uint_eq (sweep (self, TRUE, TRUE, NOW_US + 1), 0);
  ck_assert_uint_eq (sweep (self, TRUE, TRUE, left_us), 0);
  ck_assert_uint_eq (sweep (self, TRUE, FALSE, left_us + LINGER_US - 1), 0);
  ck_assert_uint_eq (sweep (self, TRUE, FALSE, left_us + LINGER_US), 1);
  ck_assert_uint_eq (whep_pull_table_count (self), 0);
  ck_assert_uint_eq (sweep (self, FALSE, FALSE, left_us + LINGER_US + 1), 0);
  ck_assert (whep_pull_table_is_empty (self));
  whep_pull_table_free (self);
}
GST_END_TEST;

/* Otherwise a viewer would have joined a stream that nobody pulls. */
GST_START_TEST (a_viewer_that_comes_while_a_pull_ends_begins_it_again)
{
  WhepPullTable *self = whep_pull_table_new (MAX_PULLS, LINGER_US);

  whep_pull_table_ask (self, "live/cam", CLIENT, NOW_US);
  ck_assert (!whep_pull_table_touch (self, "live/cam", NOW_US));
  ck_assert_uint_eq (sweep (self, TRUE, FALSE, NOW_US + LINGER_US), 1);
  ck_assert (whep_pull_table_touch (self, "live/cam", NOW_US + LINGER_US + 1));
  ck_assert (!whep_pull_table_touch (self, "live/cam", NOW_US + LINGER_US + 2));
  ck_assert_uint_eq (whep_pull_table_count (self), 1);
  ck_assert_uint_eq (sweep (self, TRUE, FALSE, NOW_US + 3 * LINGER_US), 1);
  ck_assert_int_eq (whep_pull_table_ask (self, "live/cam", CLIENT,
                        NOW_US + 3 * LINGER_US),
      WHEP_PULL_BEGINS);
  whep_pull_table_free (self);
}
GST_END_TEST;

GST_START_TEST (a_client_that_comes_for_a_moment_prolongs_it)
{
  WhepPullTable *self = whep_pull_table_new (MAX_PULLS, LINGER_US);

  whep_pull_table_ask (self, "live/cam", CLIENT, NOW_US);
  ck_assert (!whep_pull_table_touch (self, "live/cam", NOW_US + 1));
  ck_assert (!whep_pull_table_touch (self, "live/cam", NOW_US + LINGER_US));
  ck_assert (!whep_pull_table_touch (self, "live/other", NOW_US));
  ck_assert_uint_eq (whep_pull_table_count (self), 1);
  ck_assert_uint_eq (sweep (self, TRUE, FALSE, NOW_US + 2 * LINGER_US - 1), 0);
  ck_assert_uint_eq (sweep (self, TRUE, FALSE, NOW_US + 2 * LINGER_US), 1);
  whep_pull_table_free (self);
}
GST_END_TEST;

GST_START_TEST (an_unknown_stream_is_remembered_for_a_moment)
{
  WhepPullTable *self = whep_pull_table_new (MAX_PULLS, LINGER_US);
  gint64 later_us = NOW_US + WHEP_PULL_TABLE_MEMORY_US;

  whep_pull_table_ask (self, "live/none", CLIENT, NOW_US);
  ck_assert (whep_pull_table_fail (self, "live/none", NOW_US));
  ck_assert (!whep_pull_table_fail (self, "live/none", NOW_US));
  ck_assert_uint_eq (whep_pull_table_count (self), 0);
  ck_assert_int_eq (whep_pull_table_ask (self, "live/none", CLIENT,
                        later_us - 1),
      WHEP_PULL_REFUSED);
  ck_assert_int_eq (whep_pull_table_ask (self, "live/none", CLIENT, later_us),
      WHEP_PULL_BEGINS);
  whep_pull_table_fail (self, "live/none", later_us);
  ck_assert_uint_eq (sweep (self, FALSE, FALSE,
                         later_us + WHEP_PULL_TABLE_MEMORY_US),
      0);
  ck_assert (whep_pull_table_is_empty (self));
  whep_pull_table_free (self);
}
GST_END_TEST;

/* The viewers stay, and their pull is tried again. */
GST_START_TEST (an_origin_that_goes_away_ends_no_pull_that_is_watched)
{
  WhepPullTable *self = whep_pull_table_new (MAX_PULLS, LINGER_US);

  whep_pull_table_ask (self, "live/cam", CLIENT, NOW_US);
  whep_pull_table_touch (self, "live/cam", NOW_US + 1);
  ck_assert (!whep_pull_table_fail (self, "live/cam", NOW_US + 2));
  ck_assert_uint_eq (sweep (self, FALSE, TRUE, NOW_US + 5 * LINGER_US), 0);
  ck_assert_int_eq (whep_pull_table_ask (self, "live/cam", CLIENT,
                        NOW_US + 5 * LINGER_US),
      WHEP_PULL_GOES_ON);
  ck_assert_uint_eq (sweep (self, FALSE, FALSE, NOW_US + 6 * LINGER_US), 1);
  whep_pull_table_free (self);
}
GST_END_TEST;

GST_START_TEST (a_pull_that_brings_nothing_ends)
{
  WhepPullTable *self = whep_pull_table_new (MAX_PULLS, LINGER_US);
  gint64 late_us = NOW_US + WHEP_PULL_TABLE_PATIENCE_US;

  whep_pull_table_ask (self, "live/cam", CLIENT, NOW_US);
  ck_assert_uint_eq (sweep (self, FALSE, FALSE, late_us - 1), 0);
  ck_assert_uint_eq (sweep (self, FALSE, FALSE, late_us), 1);
  ck_assert (whep_pull_table_is_empty (self));
  whep_pull_table_free (self);
}
GST_END_TEST;

GST_START_TEST (pulls_have_a_limit_and_refusals_take_none_of_it)
{
  WhepPullTable *self = whep_pull_table_new (MAX_PULLS, LINGER_US);

  for (guint i = 0; i < 2 * WHEP_PULL_TABLE_MAX_REMEMBERED; i++) {
    g_autofree gchar *name = g_strdup_printf ("scan/%u", i);

    ck_assert_int_eq (whep_pull_table_ask (self, name, CLIENT, NOW_US),
        WHEP_PULL_BEGINS);
    ck_assert (whep_pull_table_fail (self, name, NOW_US));
  }
  for (guint i = 0; i < MAX_PULLS; i++) {
    g_autofree gchar *name = g_strdup_printf ("live/%u", i);

    ck_assert_int_eq (whep_pull_table_ask (self, name, name, NOW_US),
        WHEP_PULL_BEGINS);
  }
  ck_assert_int_eq (whep_pull_table_ask (self, "live/more", CLIENT, NOW_US),
      WHEP_PULL_NO_ROOM);
  ck_assert_int_eq (whep_pull_table_ask (self, "live/0", CLIENT, NOW_US),
      WHEP_PULL_GOES_ON);
  ck_assert_int_eq (whep_pull_table_ask (self, "scan/0", CLIENT, NOW_US),
      WHEP_PULL_REFUSED);
  whep_pull_table_free (self);
}
GST_END_TEST;

/* Such as one that asks for names which do not exist. */
GST_START_TEST (a_client_has_only_a_share_of_the_pulls_that_begin)
{
  WhepPullTable *self =
      whep_pull_table_new (2 * WHEP_PULL_TABLE_CLIENT_SHARE, LINGER_US);

  ck_assert_int_eq (whep_pull_table_ask (self, "scan/0", CLIENT, NOW_US),
      WHEP_PULL_BEGINS);
  ck_assert_int_eq (whep_pull_table_ask (self, "scan/1", CLIENT, NOW_US),
      WHEP_PULL_BEGINS);
  ck_assert_int_eq (whep_pull_table_ask (self, "scan/2", CLIENT, NOW_US),
      WHEP_PULL_NO_SHARE);
  ck_assert_int_eq (whep_pull_table_ask (self, "scan/1", CLIENT, NOW_US),
      WHEP_PULL_GOES_ON);
  ck_assert_int_eq (whep_pull_table_ask (self, "live/cam", "192.0.2.2", NOW_US),
      WHEP_PULL_BEGINS);
  /* One that has begun, or failed, no longer counts. */
  whep_pull_table_touch (self, "scan/0", NOW_US);
  whep_pull_table_fail (self, "scan/1", NOW_US);
  for (guint i = 2; i < 4; i++) {
    g_autofree gchar *name = g_strdup_printf ("scan/%u", i);

    ck_assert_int_eq (whep_pull_table_ask (self, name, CLIENT, NOW_US),
        WHEP_PULL_BEGINS);
  }
  ck_assert_int_eq (whep_pull_table_ask (self, "scan/4", CLIENT, NOW_US),
      WHEP_PULL_NO_SHARE);
  whep_pull_table_free (self);
}
GST_END_TEST;

static Suite *
pulltable_suite (void)
{
  Suite *suite = suite_create ("pulltable");
  TCase *tcase = tcase_create ("pulltable");

  tcase_add_test (tcase, a_hundred_requests_are_one_pull);
  tcase_add_test (tcase, a_pull_ends_once_nobody_has_watched_it_for_the_linger);
  tcase_add_test (tcase, a_viewer_that_comes_while_a_pull_ends_begins_it_again);
  tcase_add_test (tcase, a_client_that_comes_for_a_moment_prolongs_it);
  tcase_add_test (tcase, an_unknown_stream_is_remembered_for_a_moment);
  tcase_add_test (tcase, an_origin_that_goes_away_ends_no_pull_that_is_watched);
  tcase_add_test (tcase, a_pull_that_brings_nothing_ends);
  tcase_add_test (tcase, pulls_have_a_limit_and_refusals_take_none_of_it);
  tcase_add_test (tcase, a_client_has_only_a_share_of_the_pulls_that_begin);
  suite_add_tcase (suite, tcase);
  return suite;
}

GST_CHECK_MAIN (pulltable);
