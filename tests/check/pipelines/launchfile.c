/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a .launch file becomes, and that gst-launch's parser reads each value
 * back as it was. */

#include "pipelines/launchfile.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* The value of X; everything else has what is in the file. */
static gchar *
only_x (const LaunchfileSetting *setting, gpointer value, GError **error)
{
  return g_strdup (strcmp (setting->name, "X") == 0 && value != NULL
          ? value
          : setting->fallback);
}

static gchar *
expand (const gchar *text, const gchar *x, GError **error)
{
  return launchfile_expand (text, only_x, (gpointer) x, error);
}

GST_START_TEST (comments_go_and_placeholders_are_filled)
{
  static const struct
  {
    const gchar *text, *x, *expanded;
  } files[] = {
    { "a ! b", NULL, "a ! b" },
    { "# all\na # rest\n! b", NULL, "\na \n! b" },
    { "a b=#c d=\"# no\" e='#'", NULL, "a b=#c d=\"# no\" e='#'" },
    { "a b=${X}", "1935", "a b=1935" },
    { "a b=${X:-7}", NULL, "a b=7" },
    { "a b=${X:-7}", "8", "a b=8" },
    { "a b=${X@ns:-7}", "8", "a b=8" },
    { "a b=${X@ip:-::}", NULL, "a b=\\\"\\\\072\\\\072\\\"" },
    { "a b=${Y:-}", NULL, "a b=\\\"\\\"" },
    { "a b=rtmp://${X}:1/live c=1", "host.lan",
        "a b=rtmp://host.lan:1/live c=1" },
    { "video/x-raw,width=${X},height=${X}", "320",
        "video/x-raw,width=320,height=320" },
    { "a \"b/c,d=${X}\"", "4", "a \"b/c,d=4\"" },
    { "a b=${X}\n! c", "x y", "a b=\\\"x\\\\040y\\\"\n! c" },
    { "a b=$X c=$ d={}", "1", "a b=$X c=$ d={}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *expanded = expand (files[i].text, files[i].x, &error);

    g_assert_no_error (error);
    ck_assert_str_eq (expanded, files[i].expanded);
  }
}
GST_END_TEST;

GST_START_TEST (what_is_wrong_is_named_with_its_line)
{
  static const struct
  {
    const gchar *text, *x;
    gint code;
    const gchar *says;
  } files[] = {
    { "a\nb=${NAME}", NULL, LAUNCHFILE_ERROR_MISSING, "Line 2: NAME has no" },
    { "${X}", "1", LAUNCHFILE_ERROR_SYNTAX,
        "Line 1: a placeholder must follow" },
    { "a=1 ${X}", "1", LAUNCHFILE_ERROR_SYNTAX, "must follow a \"=\"" },
    { "a=${X", "1", LAUNCHFILE_ERROR_SYNTAX, "without its" },
    { "a=${X\n}", "1", LAUNCHFILE_ERROR_SYNTAX, "without its" },
    { "a=${}", "1", LAUNCHFILE_ERROR_SYNTAX, "${NAME}" },
    { "a=${1X}", "1", LAUNCHFILE_ERROR_SYNTAX, "${NAME}" },
    { "a=${X-1}", "1", LAUNCHFILE_ERROR_SYNTAX, "${NAME}" },
    { "a=${X@}", "1", LAUNCHFILE_ERROR_SYNTAX, "${NAME}" },
    { "a=${@ns}", "1", LAUNCHFILE_ERROR_SYNTAX, "${NAME}" },
    { "a=\"x", NULL, LAUNCHFILE_ERROR_SYNTAX, "quote" },
    { "a=b${X}", "c d", LAUNCHFILE_ERROR_VALUE, "the value of X" },
    { "a=${X}b", "c!d", LAUNCHFILE_ERROR_VALUE, "the value of X" },
    { "a=\"${X}\"", "c\"d", LAUNCHFILE_ERROR_VALUE, "the value of X" },
    { "a=${X}", "\xff", LAUNCHFILE_ERROR_VALUE, "UTF-8" },
    { "a=\xff", NULL, LAUNCHFILE_ERROR_SYNTAX, "UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree gchar *expanded = expand (files[i].text, files[i].x, &error);

    ck_assert_msg (expanded == NULL, "%s", files[i].text);
    ck_assert_msg (g_error_matches (error, LAUNCHFILE_ERROR, files[i].code),
        "%s: %s", files[i].text, error->message);
    ck_assert_msg (strstr (error->message, files[i].says) != NULL, "%s: %s",
        files[i].text, error->message);
  }
}
GST_END_TEST;

GST_START_TEST (settings_are_found_with_all_that_is_known_of_them)
{
  static const gchar text[] =
      "# A file.\n"
      "# --none: is no option's help.\n"
      "\n"
      "src name=a\n"
      "  # --port: where it listens,\n"
      "  # and where not\n"
      "  port=${PORT:-1935}\n"
      "  # for us alone\n"
      "  time=${TIME@ns:-15s}\n"
      "# --width: of it\n"
      "! video/x-raw,width=${WIDTH@1..9}\n"
      "! mux. other::p=${CHILD:-} q=\"${QUOTED:-}\" r=x${PART:-}\n"
      "# --device: one\n"
      "sink device=${DEVICE:-} port=${PORT:-7}";
  static const LaunchfileSetting known[] = {
    { "PORT", NULL, "1935", "port", "where it listens, and where not", "src",
        "port" },
    { "TIME", "ns", "15s", NULL, NULL, "src", "time" },
    { "WIDTH", "1..9", NULL, "width", "of it", "src", NULL },
    { "CHILD", NULL, "", NULL, NULL, NULL, NULL },
    { "QUOTED", NULL, "", NULL, NULL, NULL, NULL },
    { "PART", NULL, "", NULL, NULL, NULL, NULL },
    { "DEVICE", NULL, "", "device", "one", "sink", "device" },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) settings = launchfile_settings (text, &error);

  g_assert_no_error (error);
  ck_assert_uint_eq (settings->len, G_N_ELEMENTS (known));
  for (guint i = 0; i < settings->len; i++) {
    const LaunchfileSetting *setting = g_ptr_array_index (settings, i);

    ck_assert_str_eq (setting->name, known[i].name);
    ck_assert (g_strcmp0 (setting->kind, known[i].kind) == 0);
    ck_assert (g_strcmp0 (setting->fallback, known[i].fallback) == 0);
    ck_assert (g_strcmp0 (setting->option, known[i].option) == 0);
    ck_assert (g_strcmp0 (setting->help, known[i].help) == 0);
    ck_assert (g_strcmp0 (setting->element, known[i].element) == 0);
    ck_assert (g_strcmp0 (setting->property, known[i].property) == 0);
  }
}
GST_END_TEST;

GST_START_TEST (the_head_of_a_file_is_its_summary)
{
  static const struct
  {
    const gchar *text, *summary;
  } files[] = {
    { "# A file.\n# Of two lines.\n#\n# More.\n\nsrc",
        "A file.\nOf two "
        "lines.\n" },
    { "# A file.\n\n# Not of it.\nsrc", "A file.\n" },
    { "src # no head", "" },
    { "#", "" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree gchar *summary = launchfile_summary (files[i].text);

    ck_assert_str_eq (summary, files[i].summary);
  }
}
GST_END_TEST;

/* As gst-launch would: the name of the last element of three. */
static void
assert_stays_a_value (const gchar *value)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *text =
      launchfile_expand ("fakesrc name=a ! capsfilter name=b ! filesink name=c "
                         "location=${X}\n"
                         "fakesrc name=\"d\" ! fakesink name=e",
          only_x, (gpointer) value, &error);
  g_autoptr (GstElement) pipeline = NULL, sink = NULL;
  g_autofree gchar *location = NULL;

  g_assert_no_error (error);
  pipeline =
      gst_parse_launch_full (text, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  g_assert_no_error (error);
  ck_assert_int_eq (GST_BIN_NUMCHILDREN (GST_BIN (pipeline)), 5);
  sink = gst_bin_get_by_name (GST_BIN (pipeline), "c");
  g_object_get (sink, "location", &location, NULL);
  ck_assert_str_eq (location, value);
}

GST_START_TEST (hostile_values_stay_values)
{
  static const gchar *values[] = { "a b", " ", "a ! fakesink", "\"", "'", "\\",
    "\\\\", "a\\", "\\\" ! fakesink \"", "' ! fakesink name='", "\n", "a\nb\t",
    "x\" name=\"y", "name=f", "a=b", "!", ":", "::", "(", "{}", "a,b;c", "#",
    "a # b", "${X}", "$(reboot)", "`", "\303\244\342\202\254",
    "\001\002\037\177", "=", ".", "a.", "a. ! b.", "/tmp/a b/c.flv",
    "rtmp://h/live/k?user=a&pass=b c", "\\040", "\\\"\\\"" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    assert_stays_a_value (values[i]);
}
GST_END_TEST;

GST_START_TEST (a_long_hostile_value_stays_a_value)
{
  g_autoptr (GString) value = g_string_new (NULL);

  while (value->len < 10 * 1024)
    g_string_append (value, "\\\" ! ' \n");
  assert_stays_a_value (value->str);
}
GST_END_TEST;

GST_START_TEST (any_string_stays_a_value)
{
  static const gchar alphabet[] = "ab \\\"'!\n=;,:.(){}#$/09";

  for (guint seed = 0; seed < 500; seed++) {
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    g_autoptr (GString) value = g_string_new ("x");
    guint size = g_rand_int_range (rand, 0, 20);

    for (guint i = 0; i < size; i++)
      g_string_append_c (value,
          alphabet[g_rand_int_range (rand, 0, sizeof (alphabet) - 1)]);
    assert_stays_a_value (value->str);
  }
}
GST_END_TEST;

GST_START_TEST (limits_are_kept)
{
  g_autofree gchar *long_value = g_strnfill (LAUNCHFILE_MAX_VALUE + 1, 'a');
  g_autofree gchar *long_file = g_strnfill (LAUNCHFILE_MAX_BYTES + 1, 'a');
  g_autoptr (GString) many = g_string_new (NULL);
  g_autofree gchar *expanded = NULL;

  for (guint i = 0; i <= LAUNCHFILE_MAX_PLACEHOLDERS; i++)
    g_string_append (many, "a=${X} ");
  ck_assert (expand ("a=${X}", long_value, NULL) == NULL);
  ck_assert (expand (long_file, NULL, NULL) == NULL);
  ck_assert (expand (many->str, "1", NULL) == NULL);
  g_string_truncate (many, strlen ("a=${X} ") * LAUNCHFILE_MAX_PLACEHOLDERS);
  expanded = expand (many->str, "1", NULL);
  ck_assert (expanded != NULL);
}
GST_END_TEST;

static Suite *
launchfile_suite (void)
{
  Suite *suite = suite_create ("launchfile");
  TCase *tcase = tcase_create ("launchfile");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, comments_go_and_placeholders_are_filled);
  tcase_add_test (tcase, what_is_wrong_is_named_with_its_line);
  tcase_add_test (tcase, settings_are_found_with_all_that_is_known_of_them);
  tcase_add_test (tcase, the_head_of_a_file_is_its_summary);
  tcase_add_test (tcase, hostile_values_stay_values);
  tcase_add_test (tcase, a_long_hostile_value_stays_a_value);
  tcase_add_test (tcase, any_string_stays_a_value);
  tcase_add_test (tcase, limits_are_kept);
  return suite;
}

GST_CHECK_MAIN (launchfile);
