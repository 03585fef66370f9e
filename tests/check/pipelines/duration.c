/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Times as people write them, and back. */

#include "pipelines/duration.h"

#include <gst/check/gstcheck.h>

#define MS G_GUINT64_CONSTANT (1000000)
#define S (1000 * MS)

GST_START_TEST (times_are_read_with_their_units)
{
  static const struct
  {
    const gchar *text;
    guint64 ns;
  } times[] = {
    { "15s", 15 * S },
    { "15", 15 * S },
    { "0", 0 },
    { "200ms", 200 * MS },
    { "1.5s", 1500 * MS },
    { "0.25", 250 * MS },
    { "2min", 120 * S },
    { "24h", 86400 * S },
    { "1d", 86400 * S },
    { "007s", 7 * S },
    { "0.000000001s", 1 },
    { "1.000001ms", MS + 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    guint64 ns = 0;

    ck_assert_msg (duration_from_text (times[i].text, &ns), "%s",
        times[i].text);
    ck_assert_msg (ns == times[i].ns, "%s", times[i].text);
  }
}
GST_END_TEST;

GST_START_TEST (what_is_no_time_is_rejected)
{
  static const gchar *const texts[] = { "", "s", "ms", "-1s", "+1s", " 1s",
    "1s ", "1 s", "1m", "1S", "1sec", "1.s", ".5s", "1..5s", "1.5.5s", "0x1s",
    "1e3s", "1,5s", "1s5", "15000000000d", "99999999999999999999s",
    "18446744074s", "0.0000000001s", "1ns", "nan", "inf", "\302\2655s" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    guint64 ns;

    ck_assert_msg (!duration_from_text (texts[i], &ns), "%s", texts[i]);
  }
}
GST_END_TEST;

GST_START_TEST (times_are_written_in_the_largest_whole_unit)
{
  static const struct
  {
    guint64 ns;
    const gchar *text, *clock;
  } times[] = {
    { 0, "0s", "0:00:00" },
    { 1, "1ns", "0:00:00" },
    { 1500 * MS, "1500ms", "0:00:01" },
    { 15 * S, "15s", "0:00:15" },
    { 90 * S, "90s", "0:01:30" },
    { 120 * S, "2min", "0:02:00" },
    { 3723 * S, "3723s", "1:02:03" },
    { 86400 * S, "1d", "24:00:00" },
    { G_MAXUINT64, "18446744073709551615ns", "5124095:34:33" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++) {
    g_autofree gchar *text = duration_to_text (times[i].ns);
    g_autofree gchar *clock = duration_to_clock (times[i].ns);

    ck_assert_str_eq (text, times[i].text);
    ck_assert_str_eq (clock, times[i].clock);
  }
}
GST_END_TEST;

static Suite *
duration_suite (void)
{
  Suite *suite = suite_create ("duration");
  TCase *tcase = tcase_create ("duration");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, times_are_read_with_their_units);
  tcase_add_test (tcase, what_is_no_time_is_rejected);
  tcase_add_test (tcase, times_are_written_in_the_largest_whole_unit);
  return suite;
}

GST_CHECK_MAIN (duration);
