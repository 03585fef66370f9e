/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A name is refused for its time and no longer. */

#include "gst/rtmp/refusals.h"

#include <gst/check/gstcheck.h>

#define SECOND ((gint64) G_USEC_PER_SEC)

static void
assert_refused (RtmpRefusals *self, const gchar *name, gint64 now_us,
    const gchar *expected)
{
  g_autofree gchar *why = rtmp_refusals_dup_why (self, name, now_us);

  ck_assert_msg (g_strcmp0 (why, expected) == 0, "%s at %" G_GINT64_FORMAT, why,
      now_us);
}

GST_START_TEST (a_name_is_refused_until_its_time_is_over)
{
  RtmpRefusals *refusals = rtmp_refusals_new ();

  rtmp_refusals_add (refusals, "live/a", "off air", 3 * SECOND, 10 * SECOND);
  assert_refused (refusals, "live/a", 10 * SECOND, "refused for 3 s: off air");
  assert_refused (refusals, "live/b", 10 * SECOND, NULL);
  assert_refused (refusals, "live/a/1", 10 * SECOND, NULL);
  assert_refused (refusals, "live/a", 12 * SECOND + 1,
      "refused for 1 s: off air");
  assert_refused (refusals, "live/a", 13 * SECOND - 1,
      "refused for 1 s: off air");
  assert_refused (refusals, "live/a", 13 * SECOND, NULL);
  rtmp_refusals_free (refusals);
}
GST_END_TEST;

GST_START_TEST (a_later_refusal_replaces_an_earlier_one)
{
  RtmpRefusals *refusals = rtmp_refusals_new ();

  rtmp_refusals_add (refusals, "live/a", "first", 60 * SECOND, 0);
  rtmp_refusals_add (refusals, "live/a", "second", 5 * SECOND, 0);
  assert_refused (refusals, "live/a", 0, "refused for 5 s: second");
  rtmp_refusals_add (refusals, "live/a", "third", 0, 0);
  assert_refused (refusals, "live/a", 0, NULL);
  rtmp_refusals_free (refusals);
}
GST_END_TEST;

GST_START_TEST (a_refusal_can_be_lifted)
{
  RtmpRefusals *refusals = rtmp_refusals_new ();

  rtmp_refusals_add (refusals, "live/a", "off air", 5 * SECOND, 0);
  ck_assert (!rtmp_refusals_remove (refusals, "live/b", 0));
  ck_assert (rtmp_refusals_remove (refusals, "live/a", 0));
  ck_assert (!rtmp_refusals_remove (refusals, "live/a", 0));
  assert_refused (refusals, "live/a", 0, NULL);
  rtmp_refusals_add (refusals, "live/a", "off air", 5 * SECOND, 0);
  ck_assert (!rtmp_refusals_remove (refusals, "live/a", 5 * SECOND));
  rtmp_refusals_free (refusals);
}
GST_END_TEST;

GST_START_TEST (no_time_is_longer_than_the_limit)
{
  RtmpRefusals *refusals = rtmp_refusals_new ();

  rtmp_refusals_add (refusals, "live/a", "", G_MAXINT64, SECOND);
  assert_refused (refusals, "live/a", SECOND, "refused for 86400 s: ");
  assert_refused (refusals, "live/a", SECOND + RTMP_REFUSALS_MAX_US, NULL);
  rtmp_refusals_add (refusals, "live/a", "", G_MININT64, SECOND);
  assert_refused (refusals, "live/a", SECOND, NULL);
  rtmp_refusals_free (refusals);
}
GST_END_TEST;

GST_START_TEST (the_oldest_refusal_gives_way)
{
  RtmpRefusals *refusals = rtmp_refusals_new ();

  for (guint i = 0; i <= RTMP_REFUSALS_MAX; i++) {
    g_autofree gchar *name = g_strdup_printf ("live/%u", i);

    rtmp_refusals_add (refusals, name, "", 60 * SECOND, i);
  }
  assert_refused (refusals, "live/0", SECOND, NULL);
  assert_refused (refusals, "live/1", SECOND, "refused for 60 s: ");
  /* Those that have expired make room first. */
  rtmp_refusals_add (refusals, "live/new", "", SECOND, 60 * SECOND + 1);
  assert_refused (refusals, "live/2", 60 * SECOND + 1, "refused for 1 s: ");
  rtmp_refusals_free (refusals);
}
GST_END_TEST;

static Suite *
refusals_suite (void)
{
  Suite *suite = suite_create ("refusals");
  TCase *tcase = tcase_create ("refusals");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_name_is_refused_until_its_time_is_over);
  tcase_add_test (tcase, a_later_refusal_replaces_an_earlier_one);
  tcase_add_test (tcase, a_refusal_can_be_lifted);
  tcase_add_test (tcase, no_time_is_longer_than_the_limit);
  tcase_add_test (tcase, the_oldest_refusal_gives_way);
  return suite;
}

GST_CHECK_MAIN (refusals);
