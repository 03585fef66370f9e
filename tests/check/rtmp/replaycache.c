/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A challenge is accepted once. */

#include "gst/rtmp/replaycache.h"

#include <gst/check/gstcheck.h>

#define KEEP_US (30 * G_USEC_PER_SEC)

GST_START_TEST (a_challenge_is_accepted_once)
{
  RtmpReplayCache *cache = rtmp_replaycache_new (KEEP_US);

  ck_assert (rtmp_replaycache_add (cache, "one", 0));
  ck_assert (!rtmp_replaycache_add (cache, "one", 0));
  ck_assert (rtmp_replaycache_add (cache, "two", 1));
  ck_assert (!rtmp_replaycache_add (cache, "one", KEEP_US));
  ck_assert (!rtmp_replaycache_add (cache, "two", KEEP_US + 1));
  rtmp_replaycache_free (cache);
}
GST_END_TEST;

GST_START_TEST (expired_challenges_make_room)
{
  RtmpReplayCache *cache = rtmp_replaycache_new (KEEP_US);

  for (guint i = 0; i <= RTMP_REPLAYCACHE_MAX_CHALLENGES; i++) {
    g_autofree gchar *challenge = g_strdup_printf ("%u", i);

    ck_assert_int_eq (rtmp_replaycache_add (cache, challenge, i),
        i < RTMP_REPLAYCACHE_MAX_CHALLENGES);
  }
  ck_assert (!rtmp_replaycache_add (cache, "new", KEEP_US));
  ck_assert (rtmp_replaycache_add (cache, "new", KEEP_US + 1));
  ck_assert (!rtmp_replaycache_add (cache, "newer", KEEP_US + 1));
  rtmp_replaycache_free (cache);
}
GST_END_TEST;

static Suite *
replaycache_suite (void)
{
  Suite *suite = suite_create ("replaycache");
  TCase *tcase = tcase_create ("replaycache");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_challenge_is_accepted_once);
  tcase_add_test (tcase, expired_challenges_make_room);
  return suite;
}

GST_CHECK_MAIN (replaycache);
