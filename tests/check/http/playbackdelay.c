/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The delay that an offer asks for, and what it gets. */

#include "ext/whep/http/playbackdelay.h"

#include <gst/check/gstcheck.h>

#define S G_USEC_PER_SEC

static const struct
{
  const gchar *query;
  gint64 delay_s; /* -1: malformed */
} queries[] = {
  { NULL, 0 },
  { "", 0 },
  { "token=a", 0 },
  { "delay=10", 10 },
  { "token=a&delay=0", 0 },
  { "delay=86400&sync", 86400 },
  { "delay=86401", -1 },
  { "delay=", -1 },
  { "delay=-1", -1 },
  { "delay=1.5", -1 },
  { "delay=10s", -1 },
  { "delay=99999999999999999999", -1 },
  { "delay=%31%30", 10 },
};

GST_START_TEST (a_delay_is_a_number_of_seconds)
{
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
    gint64 delay_us;
    gboolean is_valid = whep_playback_delay_read (queries[i].query, &delay_us);

    ck_assert_msg (is_valid == (queries[i].delay_s >= 0), "%s",
        queries[i].query);
    ck_assert_int_eq (delay_us, MAX (queries[i].delay_s, 0) * S);
  }
}
GST_END_TEST;

GST_START_TEST (a_viewer_gets_no_more_than_is_kept)
{
  ck_assert_int_eq (whep_playback_delay_clamp (10 * S, 30 * S, 31 * S), 10 * S);
  ck_assert_int_eq (whep_playback_delay_clamp (40 * S, 30 * S, 31 * S), 30 * S);
  ck_assert_int_eq (whep_playback_delay_clamp (40 * S, 30 * S, G_MAXINT64),
      30 * S);
  ck_assert_int_eq (whep_playback_delay_clamp (10 * S, 30 * S, 4567890),
      4500000);
  ck_assert_int_eq (whep_playback_delay_clamp (10 * S, 0, 31 * S), 0);
  ck_assert_int_eq (whep_playback_delay_clamp (10 * S, 30 * S, -1), 0);
}
GST_END_TEST;

GST_START_TEST (the_header_has_both_in_seconds)
{
  g_autofree gchar *some = whep_playback_delay_write (4500000, 30 * S);
  g_autofree gchar *none = whep_playback_delay_write (0, 90 * S);

  ck_assert_str_eq (some, "4.5;max=30");
  ck_assert_str_eq (none, "0.0;max=90");
}
GST_END_TEST;

static Suite *
playbackdelay_suite (void)
{
  Suite *suite = suite_create ("playbackdelay");
  TCase *tcase = tcase_create ("playbackdelay");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_delay_is_a_number_of_seconds);
  tcase_add_test (tcase, a_viewer_gets_no_more_than_is_kept);
  tcase_add_test (tcase, the_header_has_both_in_seconds);
  return suite;
}

GST_CHECK_MAIN (playbackdelay);
