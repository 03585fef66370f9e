/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths of recordings are safe, whatever a publisher calls its stream. */

#include "gst/record/location.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define TEMPLATE "recordings/%a/%k/%Y-%m-%dT%H-%M-%S.mp4"

static GDateTime *now;

static void
set_up (void)
{
  now = g_date_time_new_utc (2026, 11, 30, 5, 6, 7);
}

static void
tear_down (void)
{
  g_clear_pointer (&now, g_date_time_unref);
}

GST_START_TEST (a_template_becomes_a_path)
{
  static const struct
  {
    const gchar *location, *stream, *path;
  } all[] = {
    { TEMPLATE, "live/cam", "recordings/live/cam/2026-11-30T05-06-07.mp4" },
    { "/srv/%k.mp4", "live/cam", "/srv/cam.mp4" },
    { "%%%k%%", "live/cam", "%cam%" },
    { "%a-%k", "live/cam/1", "live-cam%2F1" },
    { "%a-%k", "door", "_-door" },
    { "x.mp4", "live/cam", "x.mp4" },
    { "%k", "live/Tür_1.b-c", "Tür_1.b-c" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    g_autofree gchar *path =
        record_location_expand (all[i].location, all[i].stream, now);

    ck_assert_str_eq (path, all[i].path);
  }
}
GST_END_TEST;

GST_START_TEST (a_hostile_name_is_part_of_a_file_name)
{
  static const struct
  {
    const gchar *stream, *path;
  } all[] = {
    { "../..", "x/%2E./%2E./y" },
    { "live/../../etc/passwd", "x/live/%2E.%2F..%2Fetc%2Fpasswd/y" },
    { "/", "x/_/_/y" },
    { ".ssh/-rf", "x/%2Essh/%2Drf/y" },
    { "a b/$(reboot)", "x/a%20b/%24%28reboot%29/y" },
    { "a\n/%k", "x/a%0A/%25k/y" },
    { "\xff\xfe/\x1b[2J", "x/%FF%FE/%1B%5B2J/y" },
    /* The override of the direction of writing. */
    { "a/\xe2\x80\xae"
      "4pm",
        "x/a/%E2%80%AE4pm/y" },
    { "a\\b/c:d", "x/a%5Cb/c%3Ad/y" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    g_autofree gchar *path =
        record_location_expand ("x/%a/%k/y", all[i].stream, now);

    ck_assert_str_eq (path, all[i].path);
  }
}
GST_END_TEST;

static gchar *
expand_long (gchar character, gsize n, const gchar *end)
{
  g_autofree gchar *key = g_strnfill (n, character);
  g_autofree gchar *stream = g_strconcat ("live/", key, end, NULL);

  return record_location_expand ("%k", stream, now);
}

GST_START_TEST (long_names_are_cut_off_and_differ)
{
  g_autofree gchar *longest =
      expand_long ('x', RECORD_LOCATION_MAX_NAME_BYTES, "");
  g_autofree gchar *one = expand_long ('x', 250, "1");
  g_autofree gchar *two = expand_long ('x', 250, "2");
  g_autofree gchar *escaped = expand_long (' ', 250, "");

  ck_assert_uint_eq (strlen (longest), RECORD_LOCATION_MAX_NAME_BYTES);
  ck_assert_ptr_eq (strchr (longest, '~'), NULL);
  ck_assert_uint_le (strlen (one), RECORD_LOCATION_MAX_NAME_BYTES);
  ck_assert_ptr_ne (strchr (one, '~'), NULL);
  ck_assert_str_ne (one, two);
  ck_assert_uint_le (strlen (escaped), RECORD_LOCATION_MAX_NAME_BYTES);
  ck_assert (g_str_has_prefix (strchr (escaped, '~') - 3, "%20~"));
}
GST_END_TEST;

GST_START_TEST (a_template_that_means_nothing_is_rejected)
{
  g_autofree gchar *longest = g_strnfill (RECORD_LOCATION_MAX_BYTES + 1, 'x');
  const gchar *wrong[] = { "", "recordings/", "%", "%q", "a%", "%k\n",
    longest };

  ck_assert_ptr_eq (record_location_check (TEMPLATE), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    ck_assert_msg (record_location_check (wrong[i]) != NULL, "%s", wrong[i]);
}
GST_END_TEST;

GST_START_TEST (a_number_precedes_the_extension)
{
  static const struct
  {
    const gchar *path, *numbered;
  } all[] = {
    { "a/b.mp4", "a/b-2.mp4" },
    { "b", "b-2" },
    { "a.d/b", "a.d/b-2" },
    { "a/.mp4", "a/.mp4-2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    g_autofree gchar *numbered = record_location_number (all[i].path, 2);

    ck_assert_str_eq (numbered, all[i].numbered);
  }
}
GST_END_TEST;

static Suite *
location_suite (void)
{
  Suite *suite = suite_create ("location");
  TCase *tcase = tcase_create ("location");

  suite_add_tcase (suite, tcase);
  tcase_add_checked_fixture (tcase, set_up, tear_down);
  tcase_add_test (tcase, a_template_becomes_a_path);
  tcase_add_test (tcase, a_hostile_name_is_part_of_a_file_name);
  tcase_add_test (tcase, long_names_are_cut_off_and_differ);
  tcase_add_test (tcase, a_template_that_means_nothing_is_rejected);
  tcase_add_test (tcase, a_number_precedes_the_extension);
  return suite;
}

GST_CHECK_MAIN (location);
