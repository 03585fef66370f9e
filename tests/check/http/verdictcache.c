/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the hook has said is remembered, for a while and within a limit. */

#include "ext/whep/http/verdictcache.h"

#include <gst/check/gstcheck.h>

#define START_US ((gint64) 1000 * G_USEC_PER_SEC)

GST_START_TEST (a_verdict_is_remembered_for_its_asker_and_stream_alone)
{
  WhepVerdictCache *self = whep_verdict_cache_new ();
  gboolean may_see = FALSE;

  whep_verdict_cache_add (self, "token=a", "live/cam", START_US, TRUE);
  whep_verdict_cache_add (self, "token=b", "live/cam", START_US, FALSE);
  ck_assert (whep_verdict_cache_find (self, "token=a", "live/cam", START_US,
      &may_see));
  ck_assert (may_see);
  ck_assert (whep_verdict_cache_find (self, "token=b", "live/cam", START_US,
      &may_see));
  ck_assert (!may_see);
  ck_assert (!whep_verdict_cache_find (self, "token=a", "live/other", START_US,
      &may_see));
  ck_assert (!whep_verdict_cache_find (self, "token=", "live/cam", START_US,
      &may_see));
  whep_verdict_cache_free (self);
}
GST_END_TEST;

GST_START_TEST (a_verdict_expires)
{
  WhepVerdictCache *self = whep_verdict_cache_new ();
  gint64 end_us = START_US + WHEP_VERDICT_CACHE_US;
  gboolean may_see;

  whep_verdict_cache_add (self, "", "live/cam", START_US, TRUE);
  ck_assert (
      whep_verdict_cache_find (self, "", "live/cam", end_us - 1, &may_see));
  ck_assert (!whep_verdict_cache_find (self, "", "live/cam", end_us, &may_see));
  ck_assert_uint_eq (whep_verdict_cache_count (self), 0);
  whep_verdict_cache_free (self);
}
GST_END_TEST;

GST_START_TEST (a_new_verdict_replaces_the_former)
{
  WhepVerdictCache *self = whep_verdict_cache_new ();
  gboolean may_see = TRUE;

  whep_verdict_cache_add (self, "", "live/cam", START_US, TRUE);
  whep_verdict_cache_add (self, "", "live/cam", START_US + 1, FALSE);
  ck_assert_uint_eq (whep_verdict_cache_count (self), 1);
  ck_assert (whep_verdict_cache_find (self, "", "live/cam",
      START_US + WHEP_VERDICT_CACHE_US, &may_see));
  ck_assert (!may_see);
  whep_verdict_cache_free (self);
}
GST_END_TEST;

GST_START_TEST (the_oldest_verdict_gives_way)
{
  WhepVerdictCache *self = whep_verdict_cache_new ();
  gboolean may_see;

  for (guint i = 0; i <= WHEP_VERDICT_CACHE_MAX; i++) {
    g_autofree gchar *stream = g_strdup_printf ("live/%u", i);

    whep_verdict_cache_add (self, "", stream, START_US, TRUE);
  }
  ck_assert_uint_eq (whep_verdict_cache_count (self), WHEP_VERDICT_CACHE_MAX);
  ck_assert (!whep_verdict_cache_find (self, "", "live/0", START_US, &may_see));
  ck_assert (whep_verdict_cache_find (self, "", "live/1", START_US, &may_see));
  whep_verdict_cache_free (self);
}
GST_END_TEST;

static Suite *
verdictcache_suite (void)
{
  Suite *suite = suite_create ("verdictcache");
  TCase *tcase = tcase_create ("verdictcache");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase,
      a_verdict_is_remembered_for_its_asker_and_stream_alone);
  tcase_add_test (tcase, a_verdict_expires);
  tcase_add_test (tcase, a_new_verdict_replaces_the_former);
  tcase_add_test (tcase, the_oldest_verdict_gives_way);
  return suite;
}

GST_CHECK_MAIN (verdictcache);
