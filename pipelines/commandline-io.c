/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a program's command line: see commandline-io.h. */

#include "pipelines/commandline-io.h"

#include "pipelines/duration.h"
#include "pipelines/gstsetting.h"
#include "pipelines/streamersource-io.h"

#include <gst/gst.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM_OPTION "--program="
#define MAX_END_LIMIT (3600 * GST_SECOND)

static const gchar *const streamer_files[] = { "streamer-test.launch",
  "streamer-file.launch", "streamer-copy.launch" };
G_STATIC_ASSERT (G_N_ELEMENTS (streamer_files) == INVOCATION_MAX_FILES);

static gboolean
read_file (Invocation *self, const gchar *path, GError **error)
{
  gchar *text;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  if (invocation_add_file (self, text, error))
    return TRUE;
  g_prefix_error (error, "%s: ", path);
  return FALSE;
}

static gboolean
read_files (Invocation *self, const gchar *path, GError **error)
{
  if (self->program != PROGRAM_STREAMER)
    return read_file (self, path, error);
  for (guint i = 0; i < G_N_ELEMENTS (streamer_files); i++) {
    g_autofree gchar *file = g_build_filename (path, streamer_files[i], NULL);

    if (!read_file (self, file, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
on_option (const gchar *option, const gchar *value, gpointer user_data,
    GError **error)
{
  invocation_set_option (user_data, option + strlen ("--"), value);
  return TRUE;
}

static GOptionEntry
entry_of (Invocation *self, const gchar *name)
{
  for (const InvocationFlag *flag = invocation_all_flags (); flag->name != NULL;
       flag++) {
    if (strcmp (flag->name, name) == 0)
      return (GOptionEntry){ name, strcmp (name, "help") == 0 ? 'h' : 0, 0,
        G_OPTION_ARG_NONE, G_STRUCT_MEMBER_P (&self->flags, flag->offset), "",
        NULL };
  }
  return (GOptionEntry){ name, 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK,
    on_option, "", NULL };
}

/* Also parses GStreamer's own options and initialises GStreamer. Other
 * arguments are left in @arguments. */
static gboolean
parse_options (Invocation *self, gchar ***arguments, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GArray) entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  g_autoptr (GPtrArray) names = invocation_option_names (self);
  GOptionGroup *group = g_option_group_new ("", "", "", self, NULL);

  for (guint i = 0; i + 1 < names->len; i++) {
    GOptionEntry entry = entry_of (self, g_ptr_array_index (names, i));

    g_array_append_val (entries, entry);
  }
  g_option_group_add_entries (group, (GOptionEntry *) entries->data);
  g_option_context_set_main_group (context, group);
  g_option_context_add_group (context, gst_init_get_option_group ());
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_ignore_unknown_options (context, TRUE);
  return g_option_context_parse_strv (context, arguments, error);
}

/* The value from the command line, or else from the environment, or else from
 * the file. An empty variable counts as unset, as in a shell's
 * ${NAME:-default}. */
static gchar *
look_up (const LaunchfileSetting *setting, gpointer user_data, GError **error)
{
  Invocation *self = user_data;
  const InvocationValue *given =
      g_hash_table_lookup (self->values, setting->name);
  const gchar *value = given != NULL ? given->value : g_getenv (setting->name);
  gchar *checked;

  if (value == NULL || (given == NULL && *value == '\0'))
    value = setting->fallback;
  if (value == NULL)
    return NULL;
  checked = gst_setting_check (setting, value, error);
  if (checked == NULL)
    g_prefix_error (error,
        "%s: ", given != NULL ? given->said_as : setting->name);
  return checked;
}

/* Returns: the index of the streamer's file to use, or -1 with an error. */
static gint
set_up_streamer (Invocation *self, GError **error)
{
  const LaunchfileSetting *setting =
      invocation_find (self, INVOCATION_TEST, "FPS");
  g_autofree gchar *fps = NULL;

  g_assert (setting != NULL);
  fps = look_up (setting, self, error);
  return fps == NULL ? -1 : streamer_source_set_up (self, atoi (fps), error);
}

static gboolean
describe (Invocation *self, CommandLine *line, GError **error)
{
  gint file = 0;

  if (self->n_files == 0) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
        "No .launch file was given.");
    return FALSE;
  }
  if (self->program == PROGRAM_STREAMER)
    file = set_up_streamer (self, error);
  if (file < 0)
    return FALSE;
  line->description =
      launchfile_expand (self->texts[file], look_up, self, error);
  return line->description != NULL;
}

static gboolean
read_end_limit (const Invocation *self, CommandLine *line, GError **error)
{
  const gchar *text =
      self->end_limit != NULL ? self->end_limit : INVOCATION_END_LIMIT;
  guint64 time_ns;

  if (!duration_from_text (text, &time_ns) || time_ns > MAX_END_LIMIT) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
        "--end-limit: \"%.64s\" is out of range; 0s to 1h is allowed", text);
    return FALSE;
  }
  line->end_limit_ms = time_ns / GST_MSECOND;
  return TRUE;
}

/* The option, or else the variable. */
static gboolean
read_log (const Invocation *self, CommandLine *line, GError **error)
{
  const gchar *said_as = self->log != NULL ? "--log" : INVOCATION_LOG_VARIABLE;
  const gchar *text = self->log != NULL ? self->log : g_getenv (said_as);

  if ((text == NULL || *text == '\0') && self->log == NULL)
    return TRUE;
  if (logline_form_named (text, &line->log))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
      "%s: \"%.64s\" is unknown; text, json are allowed", said_as, text);
  return FALSE;
}

static gboolean
read_all (Invocation *self, CommandLine *line, gchar **arguments,
    GError **error)
{
  g_auto (GStrv) rest = g_strdupv (arguments);
  gboolean is_bare = arguments[1] == NULL;

  if (!invocation_check_flags (rest + 1, error) ||
      !parse_options (self, &rest, error))
    return FALSE;
  if (self->flags.wants_version)
    line->answer = invocation_version (self);
  else if (self->flags.wants_help ||
      (is_bare && self->program == PROGRAM_STREAMER))
    line->answer = invocation_help (self);
  if (line->answer != NULL)
    return TRUE;
  if (!invocation_take_rest (self, rest + 1, error) ||
      !read_log (self, line, error) || !read_end_limit (self, line, error) ||
      !describe (self, line, error))
    return FALSE;
  line->flags = self->flags;
  return TRUE;
}

/* The first argument that is neither an option nor a value. */
static gint
find_path (gchar **arguments)
{
  for (gint i = 0; arguments[i] != NULL; i++)
    if (*arguments[i] != '-' && strchr (arguments[i], '=') == NULL)
      return i;
  return -1;
}

/* Removes --program from the arguments. */
static Program
take_program (GPtrArray *arguments)
{
  const gchar *first = g_ptr_array_index (arguments, 1);
  Program program = PROGRAM_CONTROLLER;

  if (first != NULL && g_str_has_prefix (first, PROGRAM_OPTION) &&
      invocation_program_named (first + strlen (PROGRAM_OPTION), &program))
    g_ptr_array_remove_index (arguments, 1);
  return program;
}

gboolean
command_line_read (CommandLine *self, gchar **arguments, GError **error)
{
  g_autoptr (GPtrArray) left = g_ptr_array_new ();
  Invocation invocation;
  gboolean is_read = TRUE;
  gint path;

  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (left, arguments[i]);
  g_ptr_array_add (left, NULL);
  invocation_init (&invocation, take_program (left));
  g_set_prgname (invocation_program_name (invocation.program));
  path = find_path ((gchar **) left->pdata + 1);
  if (path >= 0) {
    const gchar *name = g_ptr_array_index (left, path + 1);

    self->folder = invocation.program == PROGRAM_STREAMER
        ? g_strdup (name)
        : g_path_get_dirname (name);
    is_read = read_files (&invocation, name, error);
    g_ptr_array_remove_index (left, path + 1);
  }
  is_read =
      is_read && read_all (&invocation, self, (gchar **) left->pdata, error);
  invocation_clear (&invocation);
  return is_read;
}

void
command_line_clear (CommandLine *self)
{
  g_free (self->description);
  g_free (self->folder);
  g_free (self->answer);
}
