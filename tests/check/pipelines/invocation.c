/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program's arguments, right and wrong ones. */

#include "pipelines/invocation.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static const gchar file[] = "# A file.\n\n"
                            "# --port: where it listens\n"
                            "src port=${PORT:-1935}\n"
                            "# --linger: how long\n"
                            "linger=${LINGER@ns:-15s}\n"
                            "sink ours=${OURS:-1}\n";
static const gchar other[] = "# Another.\n\n"
                             "# --port: where it listens\n"
                             "src port=${PORT:-1935}\n";

static void
begin (Invocation *self, Program program)
{
  g_autoptr (GError) error = NULL;

  invocation_init (self, program);
  ck_assert (invocation_add_file (self, g_strdup (file), &error));
  g_assert_no_error (error);
}

static void
assert_value (const Invocation *self, const gchar *name, const gchar *value,
    const gchar *said_as)
{
  const InvocationValue *given = g_hash_table_lookup (self->values, name);

  ck_assert (given != NULL);
  ck_assert_str_eq (given->value, value);
  ck_assert_str_eq (given->said_as, said_as);
}

GST_START_TEST (options_and_assignments_fill_placeholders)
{
  gchar *rest[] = { "LINGER=5s", "--", "OURS=--port", NULL };
  Invocation invocation;

  begin (&invocation, PROGRAM_GATEWAY);
  invocation_set_option (&invocation, "port", "1");
  invocation_set_option (&invocation, "port", "2");
  ck_assert (invocation_take_rest (&invocation, rest, NULL));
  assert_value (&invocation, "PORT", "2", "--port");
  assert_value (&invocation, "LINGER", "5s", "LINGER");
  assert_value (&invocation, "OURS", "--port", "OURS");
  invocation_clear (&invocation);
}
GST_END_TEST;

GST_START_TEST (what_there_is_not_is_told_so)
{
  static const struct
  {
    gchar *argument;
    const gchar *says;
  } all[] = {
    { "--lingr=5s", "no option --lingr=5s; did you mean --linger?" },
    { "--nonsense", "no option --nonsense." },
    { "-x", "no option -x." },
    { "LINGR=5s", "no setting LINGR" },
    { "live", "neither an option nor NAME=value" },
    { "", "neither an option nor NAME=value" },
    { "-", "neither an option nor NAME=value" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    gchar *rest[] = { all[i].argument, NULL };
    g_autoptr (GError) error = NULL;
    Invocation invocation;

    begin (&invocation, PROGRAM_GATEWAY);
    ck_assert (!invocation_take_rest (&invocation, rest, &error));
    ck_assert_msg (strstr (error->message, all[i].says) != NULL, "%s",
        error->message);
    invocation_clear (&invocation);
  }
}
GST_END_TEST;

GST_START_TEST (a_flag_takes_no_value)
{
  gchar *wrong[] = { "--port=1", "--json=1", NULL };
  gchar *right[] = { "--json", "--port=--json=1", "--", "--json=1", NULL };

  ck_assert (!invocation_check_flags (wrong, NULL));
  ck_assert (invocation_check_flags (right, NULL));
}
GST_END_TEST;

GST_START_TEST (the_streamer_has_one_address_and_one_file)
{
  static const struct
  {
    gchar *rest[4];
    const gchar *file, *url, *says;
  } all[] = {
    { { "a.mp4", "rtmp://h/a/k" }, "a.mp4", "rtmp://h/a/k", NULL },
    { { "http://h/a/k" }, NULL, "http://h/a/k", NULL },
    { { "--", "--a.mp4" }, "--a.mp4", NULL, NULL },
    { { "a.mp4", "b.mp4" }, "a.mp4", NULL, "one file too many" },
    { { "rtmp://a", "rtmp://b" }, NULL, "rtmp://a", "one address too many" },
    { { "--sconds=3" }, NULL, NULL, "did you mean --seconds" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    g_autoptr (GError) error = NULL;
    Invocation invocation;

    begin (&invocation, PROGRAM_STREAMER);
    ck_assert (invocation_take_rest (&invocation, (gchar **) all[i].rest,
                   &error) == (all[i].says == NULL));
    ck_assert (g_strcmp0 (invocation.file, all[i].file) == 0);
    ck_assert (g_strcmp0 (invocation.url, all[i].url) == 0);
    if (error != NULL)
      ck_assert_msg (strstr (error->message, all[i].says) != NULL, "%s",
          error->message);
    invocation_clear (&invocation);
  }
}
GST_END_TEST;

GST_START_TEST (what_has_no_meaning_for_a_file_is_told_so)
{
  g_autoptr (GError) error = NULL;
  Invocation invocation;

  begin (&invocation, PROGRAM_STREAMER);
  ck_assert (invocation_add_file (&invocation, g_strdup (other), NULL));
  invocation_set_option (&invocation, "port", "1");
  ck_assert (invocation_check_meaning (&invocation, INVOCATION_FILE, NULL));
  invocation_set_option (&invocation, "linger", "1s");
  ck_assert (invocation_check_meaning (&invocation, INVOCATION_TEST, NULL));
  ck_assert (!invocation_check_meaning (&invocation, INVOCATION_FILE, &error));
  ck_assert_str_eq (error->message, "--linger has no effect on a file.");
  invocation_clear (&invocation);
}
GST_END_TEST;

GST_START_TEST (help_names_every_option)
{
  static const Program programs[] = { PROGRAM_CONTROLLER, PROGRAM_GATEWAY,
    PROGRAM_STREAMER };

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++) {
    Invocation invocation;
    g_autoptr (GPtrArray) names = NULL;
    g_autofree gchar *help = NULL;

    begin (&invocation, programs[i]);
    names = invocation_option_names (&invocation);
    help = invocation_help (&invocation);
    ck_assert_str_eq (g_ptr_array_index (names, names->len - 2), "linger");
    for (guint n = 0; n + 1 < names->len; n++) {
      g_autofree gchar *option = g_strdup_printf ("  --%s",
          (const gchar *) g_ptr_array_index (names, n));

      ck_assert_msg (strstr (help, option) != NULL, "%s: %s", option, help);
    }
    ck_assert (strstr (help, "  --linger=15s") != NULL);
    ck_assert (strstr (help, "--ours") == NULL);
    invocation_clear (&invocation);
  }
}
GST_END_TEST;

GST_START_TEST (programs_go_by_their_names)
{
  static const gchar *const names[] = { "rtmp-webrtc-controller", "gateway",
    "streamer" };
  Program program;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree gchar *version = NULL;
    Invocation invocation;

    ck_assert (invocation_program_named (names[i], &program));
    ck_assert_str_eq (invocation_program_name (program), names[i]);
    begin (&invocation, program);
    version = invocation_version (&invocation);
    ck_assert (g_str_has_prefix (version, names[i]));
    ck_assert (strstr (version, PACKAGE_VERSION) != NULL);
    invocation_clear (&invocation);
  }
  ck_assert (!invocation_program_named ("player", &program));
}
GST_END_TEST;

static Suite *
invocation_suite (void)
{
  Suite *suite = suite_create ("invocation");
  TCase *tcase = tcase_create ("invocation");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, options_and_assignments_fill_placeholders);
  tcase_add_test (tcase, what_there_is_not_is_told_so);
  tcase_add_test (tcase, a_flag_takes_no_value);
  tcase_add_test (tcase, the_streamer_has_one_address_and_one_file);
  tcase_add_test (tcase, what_has_no_meaning_for_a_file_is_told_so);
  tcase_add_test (tcase, help_names_every_option);
  tcase_add_test (tcase, programs_go_by_their_names);
  return suite;
}

GST_CHECK_MAIN (invocation);
