/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options of the programs stand in the .launch files; the manual pages and
 * docs/operations.md say the same of them. */

#include "pipelines/invocation.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* Placeholders that are no options: the streamer's arguments, and what it makes
 * of --seconds. */
static const gchar *const filled_otherwise[] = { "FILE", "URL", "N_FRAMES",
  "N_BUFFERS", NULL };

/* Options of the gateway that docs/operations.md leaves to `gateway --help`.
 * None may be added: a new option is named there. */
static const gchar *const not_in_operations[] = { "b-frames", "end-limit",
  "opus-frame-size", "publish-url", "test-picture", "transcode", "version",
  NULL };

typedef struct
{
  Program program;
  const gchar *files[INVOCATION_MAX_FILES + 1];
} Owner;

static const Owner owners[] = {
  { PROGRAM_GATEWAY, { "gateway.launch" } },
  { PROGRAM_STREAMER,
      { "streamer-test.launch", "streamer-file.launch",
          "streamer-copy.launch" } },
  { PROGRAM_CONTROLLER, { NULL } },
};

static gchar *
read_source (const gchar *folder, const gchar *name)
{
  g_autofree gchar *path =
      g_build_filename (g_getenv ("SRC_ROOT"), folder, name, NULL);
  g_autoptr (GError) error = NULL;
  gchar *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
begin (Invocation *self, const Owner *owner)
{
  g_autoptr (GError) error = NULL;

  invocation_init (self, owner->program);
  for (guint i = 0; owner->files[i] != NULL; i++)
    invocation_add_file (self, read_source ("pipelines", owner->files[i]),
        &error);
  g_assert_no_error (error);
}

/* Returns: (transfer full): the program's manual page, with hyphens in place of
 * roff's minus signs. */
static gchar *
manual_page (const Invocation *self)
{
  g_autofree gchar *name =
      g_strconcat (invocation_program_name (self->program), ".1", NULL);
  g_autofree gchar *page = read_source ("docs/man", name);
  g_auto (GStrv) parts = g_strsplit (page, "\\-", -1);

  return g_strjoinv ("-", parts);
}

/* Returns: (transfer full): the first groups of what matches, as a set. */
static GHashTable *
matches_of (const gchar *pattern, const gchar *text)
{
  GHashTable *found =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  g_assert (regex != NULL);
  g_regex_match (regex, text, 0, &match);
  while (g_match_info_matches (match)) {
    g_hash_table_add (found, g_match_info_fetch (match, 1));
    g_match_info_next (match, NULL);
  }
  return found;
}

typedef void (*SettingFunc) (const Invocation *self,
    const LaunchfileSetting *setting, const gchar *page);

static void
for_each_setting (const Owner *owner, SettingFunc func)
{
  Invocation invocation;
  g_autofree gchar *page = NULL;

  begin (&invocation, owner);
  page = manual_page (&invocation);
  for (guint file = 0; file < invocation.n_files; file++)
    for (guint i = 0; i < invocation.settings[file]->len; i++)
      func (&invocation, g_ptr_array_index (invocation.settings[file], i),
          page);
  invocation_clear (&invocation);
}

static void
check_help (const Invocation *self, const LaunchfileSetting *setting,
    const gchar *page)
{
  if (g_strv_contains (filled_otherwise, setting->name))
    return;
  ck_assert_msg (setting->option != NULL && *setting->help != '\0',
      "%s: no comment \"--NAME: …\" right above ${%s}",
      invocation_program_name (self->program), setting->name);
}

GST_START_TEST (each_placeholder_is_an_option_with_help)
{
  for_each_setting (&owners[__i__], check_help);
}
GST_END_TEST;

GST_START_TEST (a_manual_page_names_each_option_and_no_other)
{
  const Owner *owner = &owners[__i__];
  Invocation invocation;
  g_autofree gchar *page = NULL;
  g_autoptr (GHashTable) entries = NULL;
  g_autoptr (GHashTable) named = NULL;
  g_autoptr (GPtrArray) options = NULL;
  GHashTableIter iter;
  gpointer name;

  begin (&invocation, owner);
  options = invocation_option_names (&invocation);
  page = manual_page (&invocation);
  entries = matches_of ("^\\.TP\\n\\.B[IR]? .*--([a-z][a-z-]*)", page);
  named = matches_of ("--([a-z][a-z-]*)", page);
  for (guint i = 0; options->pdata[i] != NULL; i++)
    ck_assert_msg (g_hash_table_contains (entries, options->pdata[i]),
        "%s.1 has no entry --%s", invocation_program_name (owner->program),
        (gchar *) options->pdata[i]);
  g_hash_table_iter_init (&iter, named);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    ck_assert_msg (g_strv_contains ((const gchar *const *) options->pdata,
                       name),
        "%s.1: there is no --%s", invocation_program_name (owner->program),
        (gchar *) name);
  invocation_clear (&invocation);
}
GST_END_TEST;

static void
check_default (const Invocation *self, const LaunchfileSetting *setting,
    const gchar *page)
{
  g_autofree gchar *escaped = NULL;
  g_autofree gchar *pattern = NULL;

  if (setting->option == NULL || setting->fallback == NULL ||
      *setting->fallback == '\0')
    return;
  escaped = g_regex_escape_string (setting->fallback, -1);
  pattern =
      g_strdup_printf ("^\\.B[IR] --%s= ?%s( \\||$)", setting->option, escaped);
  ck_assert_msg (g_regex_match_simple (pattern, page, G_REGEX_MULTILINE, 0),
      "%s.1: the default of --%s is %s",
      invocation_program_name (self->program), setting->option,
      setting->fallback);
}

GST_START_TEST (a_manual_page_names_the_defaults)
{
  for_each_setting (&owners[__i__], check_default);
}
GST_END_TEST;

GST_START_TEST (the_gateways_page_names_each_variable_and_no_other)
{
  Invocation invocation;
  g_autofree gchar *page = NULL;
  g_autoptr (GHashTable) named = NULL;
  GHashTableIter iter;
  gpointer name;

  begin (&invocation, &owners[0]);
  page = manual_page (&invocation);
  named = matches_of ("\\b([A-Z]+(?:_[A-Z]+)*)\\b",
      strstr (page, "\n.SH ENVIRONMENT\n"));
  for (guint i = 0; i < invocation.settings[0]->len; i++) {
    const LaunchfileSetting *setting =
        g_ptr_array_index (invocation.settings[0], i);

    ck_assert_msg (g_hash_table_contains (named, setting->name),
        "no variable %s", setting->name);
  }
  g_hash_table_iter_init (&iter, named);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (strchr (name, '_') != NULL && strcmp (name, "GST_DEBUG") != 0 &&
        strcmp (name, INVOCATION_LOG_VARIABLE) != 0)
      ck_assert_msg (invocation_find (&invocation, 0, name) != NULL,
          "there is no variable %s", (gchar *) name);
  invocation_clear (&invocation);
}
GST_END_TEST;

GST_START_TEST (operations_names_each_option_of_the_gateway)
{
  Invocation invocation;
  g_autofree gchar *page = read_source ("docs", "operations.md");
  g_autoptr (GHashTable) named = matches_of ("--([a-z][a-z-]*)", page);
  g_autoptr (GPtrArray) options = NULL;

  begin (&invocation, &owners[0]);
  options = invocation_option_names (&invocation);
  for (guint i = 0; options->pdata[i] != NULL; i++) {
    const gchar *option = options->pdata[i];
    gboolean is_named = g_hash_table_contains (named, option);

    ck_assert_msg (is_named != g_strv_contains (not_in_operations, option),
        is_named ? "--%s is named by now: take it off the list here"
                 : "docs/operations.md doesn't name --%s",
        option);
  }
  invocation_clear (&invocation);
}
GST_END_TEST;

static Suite *
options_suite (void)
{
  Suite *suite = suite_create ("options");
  TCase *tcase = tcase_create ("options");
  gint n_owners = G_N_ELEMENTS (owners);

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase, each_placeholder_is_an_option_with_help, 0,
      n_owners);
  tcase_add_loop_test (tcase, a_manual_page_names_each_option_and_no_other, 0,
      n_owners);
  tcase_add_loop_test (tcase, a_manual_page_names_the_defaults, 0, n_owners);
  tcase_add_test (tcase, the_gateways_page_names_each_variable_and_no_other);
  tcase_add_test (tcase, operations_names_each_option_of_the_gateway);
  return suite;
}

GST_CHECK_MAIN (options);
