/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One invocation of a program: see invocation.h. */

#include "pipelines/invocation.h"

#include "pipelines/helptext.h"
#include "pipelines/suggestion.h"

#include <string.h>

#define ALL (PROGRAM_CONTROLLER | PROGRAM_GATEWAY | PROGRAM_STREAMER)
#define AT(member) G_STRUCT_OFFSET (InvocationFlags, member)

/* Options without a value. */
static const InvocationFlag flags[] = {
  { "copy", PROGRAM_STREAMER, AT (copies),
      "sends the file's H.264 and AAC as they are" },
  { "loop", PROGRAM_CONTROLLER | PROGRAM_STREAMER, AT (loops),
      "restarts the file at its end" },
  { "reconnect", PROGRAM_CONTROLLER, AT (reconnects),
      "restarts when a server or a device goes away, after 1, 2, 4 ... 30 "
      "seconds" },
  { "no-reconnect", PROGRAM_STREAMER, AT (does_not_reconnect),
      "exits with status 1 when the server goes away; otherwise it "
      "reconnects, after 1, 2, 4 ... 30 seconds" },
  { "pause", PROGRAM_CONTROLLER | PROGRAM_STREAMER, AT (starts_paused),
      "waits for \"play\"" },
  { "test-picture", PROGRAM_GATEWAY, AT (has_test_picture),
      "publishes a test picture to itself, as live/test" },
  { "json", ALL, AT (is_json), "answers and reports in lines of JSON" },
  { "quiet", ALL, AT (is_quiet), "reports errors and warnings only" },
  { "verbose", ALL, AT (is_verbose),
      "also reports the names of encoders and browsers" },
  { "version", ALL, AT (wants_version), "prints the version" },
  { "help", ALL, AT (wants_help), "prints this text" },
  { NULL },
};

static const struct
{
  Program program;
  const gchar *name;
  const gchar *usage;
  const gchar *summary; /* NULL: that of the .launch file */
  const gchar *commands;
} programs[] = {
  { PROGRAM_CONTROLLER, "rtmp-webrtc-controller",
      "rtmp-webrtc-controller FILE.launch [OPTION ...] [NAME=value ...]", NULL,
      "Takes commands on stdin: play, pause, exit, status, get ELEMENT "
      "PROPERTY, set ELEMENT PROPERTY VALUE, record STREAM, stop-recording "
      "STREAM, help. Exits with 0 on success, 1 "
      "on failure, 2 on wrong usage." },
  { PROGRAM_GATEWAY, "gateway", "gateway [OPTION ...]",
      "RTMP in, every browser out over WebRTC. Publish to rtmp://HOST/APP/KEY "
      "and open http://HOST:8080/.",
      "Takes commands on stdin: pause freezes all viewers without "
      "disconnecting them, play resumes live, exit disconnects publishers "
      "and viewers, status reports, help lists all commands. Ctrl-C means "
      "exit." },
  { PROGRAM_STREAMER, "streamer",
      "streamer [OPTION ...] FILE rtmp://HOST/APP/KEY\n"
      "       streamer [OPTION ...] rtmp://HOST/APP/KEY",
      "Publishes a file, or a test picture and sound, over RTMP. Any file "
      "that GStreamer can decode will do, with sound, picture or both. The "
      "time of day and the frame's own time are written into the picture.",
      "Takes commands on stdin: pause stops the flow and keeps the connection, "
      "play continues, exit ends publishing properly, status reports, help "
      "lists all commands. Ctrl-C means exit." },
};

static guint
program_index (Program program)
{
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    if (programs[i].program == program)
      return i;
  g_assert_not_reached ();
}

const gchar *
invocation_program_name (Program program)
{
  return programs[program_index (program)].name;
}

gboolean
invocation_program_named (const gchar *name, Program *program)
{
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++) {
    if (strcmp (programs[i].name, name) == 0) {
      *program = programs[i].program;
      return TRUE;
    }
  }
  return FALSE;
}

const InvocationFlag *
invocation_all_flags (void)
{
  return flags;
}

static void
value_free (gpointer data)
{
  InvocationValue *self = data;

  g_free (self->value);
  g_free (self->said_as);
  g_free (self);
}

void
invocation_init (Invocation *self, Program program)
{
  *self = (Invocation){
    .program = program,
    .values =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, value_free),
  };
}

void
invocation_clear (Invocation *self)
{
  for (guint i = 0; i < self->n_files; i++) {
    g_free (self->texts[i]);
    g_ptr_array_unref (self->settings[i]);
  }
  g_hash_table_unref (self->values);
  g_free (self->log);
  g_free (self->end_limit);
  g_free (self->seconds);
  g_free (self->file);
  g_free (self->url);
}

gboolean
invocation_add_file (Invocation *self, gchar *text, GError **error)
{
  GPtrArray *settings = launchfile_settings (text, error);

  g_assert (self->n_files < INVOCATION_MAX_FILES);
  if (settings == NULL) {
    g_free (text);
    return FALSE;
  }
  self->texts[self->n_files] = text;
  self->settings[self->n_files] = settings;
  self->n_files++;
  return TRUE;
}

const LaunchfileSetting *
invocation_find (const Invocation *self, guint file, const gchar *name)
{
  for (guint i = 0; file < self->n_files && i < self->settings[file]->len;
       i++) {
    const LaunchfileSetting *setting =
        g_ptr_array_index (self->settings[file], i);

    if (strcmp (setting->name, name) == 0)
      return setting;
  }
  return NULL;
}

static gboolean
has_name (GPtrArray *names, const gchar *name)
{
  return g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL);
}

GPtrArray *
invocation_option_names (const Invocation *self)
{
  GPtrArray *names = g_ptr_array_new ();

  for (const InvocationFlag *flag = flags; flag->name != NULL; flag++)
    if ((flag->programs & self->program) != 0)
      g_ptr_array_add (names, (gpointer) flag->name);
  g_ptr_array_add (names, (gpointer) "log");
  g_ptr_array_add (names, (gpointer) "end-limit");
  if (self->program == PROGRAM_STREAMER)
    g_ptr_array_add (names, (gpointer) "seconds");
  for (guint file = 0; file < self->n_files; file++) {
    for (guint i = 0; i < self->settings[file]->len; i++) {
      const LaunchfileSetting *setting =
          g_ptr_array_index (self->settings[file], i);

      if (setting->option != NULL && !has_name (names, setting->option))
        g_ptr_array_add (names, setting->option);
    }
  }
  g_ptr_array_add (names, NULL);
  return names;
}

void
invocation_set (Invocation *self, const gchar *name, const gchar *value,
    const gchar *said_as)
{
  InvocationValue *given = g_new (InvocationValue, 1);

  given->value = g_strdup (value);
  given->said_as = g_strdup (said_as);
  g_hash_table_replace (self->values, g_strdup (name), given);
}

static void
set_string (gchar **string, const gchar *value)
{
  g_free (*string);
  *string = g_strdup (value);
}

void
invocation_set_option (Invocation *self, const gchar *option,
    const gchar *value)
{
  g_autofree gchar *said_as = g_strconcat ("--", option, NULL);

  if (self->program == PROGRAM_STREAMER && strcmp (option, "seconds") == 0)
    set_string (&self->seconds, value);
  if (strcmp (option, "log") == 0)
    set_string (&self->log, value);
  if (strcmp (option, "end-limit") == 0)
    set_string (&self->end_limit, value);
  for (guint file = 0; file < self->n_files; file++) {
    for (guint i = 0; i < self->settings[file]->len; i++) {
      const LaunchfileSetting *setting =
          g_ptr_array_index (self->settings[file], i);

      if (g_strcmp0 (setting->option, option) == 0)
        invocation_set (self, setting->name, value, said_as);
    }
  }
}

G_GNUC_PRINTF (2, 3)
static gboolean
fail (GError **error, const gchar *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (G_OPTION_ERROR, G_OPTION_ERROR_FAILED, format,
        args);
  va_end (args);
  return FALSE;
}

static gboolean
takes_no_value (const gchar *argument)
{
  for (const InvocationFlag *flag = flags; flag->name != NULL; flag++) {
    gsize size = strlen (flag->name);

    if (strncmp (argument + strlen ("--"), flag->name, size) == 0 &&
        argument[strlen ("--") + size] == '=')
      return TRUE;
  }
  return FALSE;
}

gboolean
invocation_check_flags (gchar **arguments, GError **error)
{
  for (; *arguments != NULL && strcmp (*arguments, "--") != 0; arguments++)
    if (g_str_has_prefix (*arguments, "--") && takes_no_value (*arguments))
      return fail (error, "%.64s: that option takes no value.", *arguments);
  return TRUE;
}

static gboolean
reject_option (const Invocation *self, const gchar *argument, GError **error)
{
  const gchar *name = argument + strspn (argument, "-");
  g_autofree gchar *bare = g_strndup (name, strcspn (name, "="));
  g_autoptr (GPtrArray) names = invocation_option_names (self);
  const gchar *nearest;

  nearest = suggestion_for (bare, (const gchar *const *) names->pdata);
  if (nearest != NULL)
    return fail (error, "There is no option %.64s; did you mean --%s?",
        argument, nearest);
  return fail (error, "There is no option %.64s.", argument);
}

/* NAME=value for a placeholder. */
static gboolean
take_assignment (Invocation *self, const gchar *argument, GError **error)
{
  const gchar *equals = strchr (argument, '=');
  g_autofree gchar *name = NULL;

  if (equals == NULL)
    return fail (error, "\"%.64s\" is neither an option nor NAME=value.",
        argument);
  name = g_strndup (argument, equals - argument);
  if (invocation_find (self, 0, name) == NULL)
    return fail (error, "There is no setting %.64s.", name);
  invocation_set (self, name, equals + 1, name);
  return TRUE;
}

/* Anything that looks like a URL is one, whatever its protocol. */
static gboolean
take_streamer_argument (Invocation *self, const gchar *argument, GError **error)
{
  gboolean is_url = strstr (argument, "://") != NULL;
  gchar **place = is_url ? &self->url : &self->file;

  if (*place != NULL)
    return fail (error, "\"%.64s\" is one %s too many.", argument,
        is_url ? "address" : "file");
  *place = g_strdup (argument);
  return TRUE;
}

gboolean
invocation_take_rest (Invocation *self, gchar **arguments, GError **error)
{
  gboolean may_be_option = TRUE;

  for (; *arguments != NULL; arguments++) {
    const gchar *argument = *arguments;
    gboolean is_taken;

    if (may_be_option && strcmp (argument, "--") == 0) {
      may_be_option = FALSE;
      continue;
    }
    if (may_be_option && *argument == '-' && argument[1] != '\0')
      is_taken = reject_option (self, argument, error);
    else if (self->program == PROGRAM_STREAMER)
      is_taken = take_streamer_argument (self, argument, error);
    else
      is_taken = take_assignment (self, argument, error);
    if (!is_taken)
      return FALSE;
  }
  return TRUE;
}

gboolean
invocation_check_meaning (const Invocation *self, guint file, GError **error)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &name, &value)) {
    const InvocationValue *given = value;

    if (invocation_find (self, file, name) == NULL)
      return fail (error, "%s has no effect %s.", given->said_as,
          file == INVOCATION_COPY ? "with --copy" : "on a file");
  }
  return TRUE;
}

static void
add_flag_help (const Invocation *self, GString *out)
{
  for (const InvocationFlag *flag = flags; flag->name != NULL; flag++)
    if ((flag->programs & self->program) != 0)
      help_text_add_option (out, flag->name, NULL, flag->help);
}

/* The settings of the first file: either those that other files have as well,
 * or those that they do not have. */
static void
add_setting_help (const Invocation *self, GString *out, gboolean is_of_all)
{
  for (guint i = 0; i < self->settings[0]->len; i++) {
    const LaunchfileSetting *setting = g_ptr_array_index (self->settings[0], i);
    gboolean is_in_others = self->n_files == 1;

    for (guint file = 1; file < self->n_files; file++)
      is_in_others |= invocation_find (self, file, setting->name) != NULL;
    if (setting->option != NULL && is_in_others == is_of_all)
      help_text_add_option (out, setting->option,
          setting->fallback != NULL ? setting->fallback : "", setting->help);
  }
}

static void
add_variable_help (const Invocation *self, GString *out)
{
  g_autoptr (GString) text =
      g_string_new ("Each option with a value can also be set by an "
                    "environment variable or by NAME=value:");

  for (guint i = 0; i < self->settings[0]->len; i++) {
    const LaunchfileSetting *setting = g_ptr_array_index (self->settings[0], i);

    g_string_append_printf (text, "%s %s", i == 0 ? "" : ",", setting->name);
  }
  g_string_append_c (text, '.');
  help_text_add_paragraph (out, text->str);
  g_string_append_c (out, '\n');
}

static void
add_summary (const Invocation *self, GString *out)
{
  const gchar *summary = programs[program_index (self->program)].summary;
  g_autofree gchar *of_file = NULL;

  if (summary == NULL && self->n_files > 0)
    summary = of_file = launchfile_summary (self->texts[0]);
  if (summary == NULL)
    summary =
        "Runs a pipeline from a file and takes commands on stdin. ${NAME} "
        "in the file is filled from the arguments, then from the "
        "environment. --help after a file lists its options.";
  help_text_add_paragraph (out, summary);
  g_string_append_c (out, '\n');
}

gchar *
invocation_help (const Invocation *self)
{
  GString *out = g_string_new (NULL);
  guint program = program_index (self->program);

  g_string_append_printf (out, "Usage: %s\n\n", programs[program].usage);
  add_summary (self, out);
  if (self->n_files > 0 && self->settings[0]->len > 0) {
    add_setting_help (self, out, TRUE);
    g_string_append_c (out, '\n');
  }
  if (self->program == PROGRAM_STREAMER && self->n_files > 0) {
    g_string_append (out, "For the test picture only:\n");
    add_setting_help (self, out, FALSE);
    help_text_add_option (out, "seconds", "0", "duration; 0 means endless");
    g_string_append_c (out, '\n');
  }
  add_flag_help (self, out);
  help_text_add_option (out, "log", "text",
      "form of what stderr reports: text or json; or by the "
      "variable " INVOCATION_LOG_VARIABLE);
  help_text_add_option (out, "end-limit", INVOCATION_END_LIMIT,
      "time limit for ending, which is then cut short");
  g_string_append_c (out, '\n');
  if (self->n_files == 1 && self->settings[0]->len > 0)
    add_variable_help (self, out);
  help_text_add_paragraph (out, programs[program].commands);
  return g_string_free (out, FALSE);
}

gchar *
invocation_version (const Invocation *self)
{
  return g_strdup_printf ("%s (" PACKAGE ") " PACKAGE_VERSION "\n",
      invocation_program_name (self->program));
}
