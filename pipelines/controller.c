/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmp-webrtc-controller: runs a .launch file and takes commands on stdin. */

#include "pipelines/console.h"
#include "pipelines/gstlaunchplayer.h"
#include "pipelines/launchfile.h"
#include "pipelines/terminal-io.h"

#include <glib-unix.h>
#include <string.h>

#define STATUS_DONE 0
#define STATUS_FAILED 1
#define STATUS_USAGE 2

/* The wait before a pipeline that failed is started again, doubled each time;
 * one that has played for the longer one starts with the shorter one again. */
#define FIRST_BACK_OFF_S 1
#define LAST_BACK_OFF_S 30
/* A file that is longer than this shows how far it is. */
#define LONG_FILE (GST_SECOND * 20)

typedef struct
{
  GMainLoop *loop;
  Terminal *terminal;
  GHashTable *values; /* of the command line */
  gchar *description;
  gboolean is_json;
  gboolean loops;
  gboolean reconnects;
  gboolean starts_paused;

  LaunchPlayer *player; /* NULL while it waits to start again */
  gboolean wants_to_play;
  gboolean is_ending;
  GstClockTime last_position;
  gint64 started_us;
  guint back_off_s;
  guint back_off;
  gint status;
} Controller;

static void start (Controller *self);

static void
quit (Controller *self, gint status)
{
  self->status = status;
  g_main_loop_quit (self->loop);
}

static void
notice (Controller *self, const gchar *event, const gchar *text)
{
  g_autofree gchar *line = console_notice (event, text, self->is_json);

  terminal_print (self->terminal, line);
}

static gboolean
on_back_off (gpointer user_data)
{
  Controller *self = user_data;

  self->back_off = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

/* Within a message of the player's own: it is freed later. */
static gboolean
free_player (gpointer player)
{
  launch_player_free (player);
  return G_SOURCE_REMOVE;
}

static void
drop_player (Controller *self)
{
  if (self->player != NULL)
    g_idle_add (free_player, g_steal_pointer (&self->player));
}

static void
try_again (Controller *self, const gchar *why)
{
  gint64 played_us = g_get_monotonic_time () - self->started_us;
  g_autofree gchar *text = NULL;

  if (played_us > LAST_BACK_OFF_S * G_USEC_PER_SEC)
    self->back_off_s = FIRST_BACK_OFF_S;
  text = g_strdup_printf ("%s Again in %u s.", why, self->back_off_s);
  notice (self, "reconnect", text);
  drop_player (self);
  self->back_off = g_timeout_add_seconds (self->back_off_s, on_back_off, self);
  self->back_off_s = MIN (2 * self->back_off_s, LAST_BACK_OFF_S);
}

static void
on_player (LaunchPlayerEvent event, const gchar *text, gpointer user_data)
{
  Controller *self = user_data;

  switch (event) {
    case LAUNCH_PLAYER_WARNING:
      notice (self, "warning", text);
      return;
    case LAUNCH_PLAYER_ENDED:
      quit (self, STATUS_DONE);
      return;
    case LAUNCH_PLAYER_FAILED:
    case LAUNCH_PLAYER_LOST:
      if (self->is_ending) {
        quit (self, STATUS_DONE);
      } else if (event == LAUNCH_PLAYER_LOST && self->reconnects) {
        try_again (self, text);
      } else {
        notice (self, "error", text);
        quit (self, STATUS_FAILED);
      }
      return;
  }
}

static void
start (Controller *self)
{
  const LaunchPlayerParams params = {
    .description = self->description,
    .loops = self->loops,
    .start = self->last_position,
    .func = on_player,
    .user_data = self,
  };
  g_autoptr (GError) error = NULL;

  self->player = launch_player_new (&params, &error);
  if (self->player == NULL) {
    notice (self, "error", error->message);
    quit (self, STATUS_USAGE);
    return;
  }
  self->started_us = g_get_monotonic_time ();
  if (self->wants_to_play)
    launch_player_play (self->player);
  else
    launch_player_pause (self->player);
}

/* Asked twice, it doesn't wait. */
static void
end (Controller *self)
{
  if (self->is_ending || self->player == NULL) {
    quit (self, STATUS_DONE);
    return;
  }
  self->is_ending = TRUE;
  launch_player_end (self->player);
}

static void
set_playing (Controller *self, gboolean wants_to_play)
{
  self->wants_to_play = wants_to_play;
  if (self->player == NULL)
    return;
  if (wants_to_play)
    launch_player_play (self->player);
  else
    launch_player_pause (self->player);
}

static JsonObject *
reconnecting_status (void)
{
  JsonObject *fields = json_object_new ();

  json_object_set_string_member (fields, "state", "reconnecting");
  return fields;
}

/* Returns: (transfer full) (nullable): what there is to tell. */
static JsonObject *
ask_player (Controller *self, const ConsoleCommand *command, GError **error)
{
  if (self->player == NULL && command->verb == CONSOLE_STATUS)
    return reconnecting_status ();
  if (self->player == NULL) {
    g_set_error (error, CONSOLE_ERROR, CONSOLE_ERROR_USAGE,
        "Not now: it waits to start again.");
    return NULL;
  }
  if (command->verb == CONSOLE_STATUS)
    return launch_player_status (self->player);
  if (command->verb == CONSOLE_GET)
    return launch_player_get (self->player, command->element, command->property,
        error);
  launch_player_set (self->player, command->element, command->property,
      command->value, error);
  return NULL;
}

/* Returns: (transfer full) (nullable): for a program; a person gets it as it
 * is. */
static JsonObject *
help (Controller *self)
{
  JsonObject *fields;

  if (!self->is_json) {
    terminal_print (self->terminal, console_help ());
    return NULL;
  }
  fields = json_object_new ();
  json_object_set_string_member (fields, "help", console_help ());
  return fields;
}

static void
answer (Controller *self, JsonObject *fields, const GError *error)
{
  g_autofree gchar *text = console_answer (fields, error, self->is_json);

  terminal_print (self->terminal, text);
}

static void
obey (Controller *self, const ConsoleCommand *command)
{
  g_autoptr (JsonObject) fields = NULL;
  g_autoptr (GError) error = NULL;

  switch (command->verb) {
    case CONSOLE_NOTHING:
      return;
    case CONSOLE_PLAY:
    case CONSOLE_PAUSE:
      set_playing (self, command->verb == CONSOLE_PLAY);
      break;
    case CONSOLE_EXIT:
      break;
    case CONSOLE_HELP:
      fields = help (self);
      break;
    case CONSOLE_STATUS:
    case CONSOLE_GET:
    case CONSOLE_SET:
      fields = ask_player (self, command, &error);
      break;
  }
  answer (self, fields, error);
  if (command->verb == CONSOLE_EXIT)
    end (self);
}

static void
on_line (const gchar *line, gpointer user_data)
{
  Controller *self = user_data;
  g_autoptr (GError) error = NULL;
  ConsoleCommand command;

  if (line == NULL) {
    if (!self->is_ending)
      end (self);
    return;
  }
  if (!console_parse (line, &command, &error)) {
    answer (self, NULL, error);
    return;
  }
  obey (self, &command);
  console_command_clear (&command);
}

static gboolean
on_signal (gpointer user_data)
{
  end (user_data);
  return G_SOURCE_CONTINUE;
}

static gchar *
clock_text (GstClockTime time)
{
  guint seconds = GST_TIME_AS_SECONDS (time);

  return g_strdup_printf ("%u:%02u:%02u", seconds / 3600, seconds / 60 % 60,
      seconds % 60);
}

/* Where it is, to start there again after a failure; on a terminal, for whoever
 * waits for the end of a long file, too. */
static gboolean
on_second (gpointer user_data)
{
  Controller *self = user_data;
  GstClockTime position, duration;
  g_autofree gchar *now = NULL, *whole = NULL, *prompt = NULL;

  if (self->player == NULL)
    return G_SOURCE_CONTINUE;
  duration = launch_player_duration (self->player);
  position = launch_player_position (self->player);
  if (!GST_CLOCK_TIME_IS_VALID (duration) ||
      !GST_CLOCK_TIME_IS_VALID (position))
    return G_SOURCE_CONTINUE;
  self->last_position = position % duration;
  if (duration < LONG_FILE || !terminal_has_prompt (self->terminal))
    return G_SOURCE_CONTINUE;
  now = clock_text (self->last_position);
  whole = clock_text (duration);
  prompt = g_strdup_printf ("%s of %s> ", now, whole);
  terminal_set_prompt (self->terminal, prompt);
  return G_SOURCE_CONTINUE;
}

static const gchar *
look_up (const gchar *name, gpointer user_data)
{
  Controller *self = user_data;
  const gchar *value = g_hash_table_lookup (self->values, name);

  return value != NULL ? value : g_getenv (name);
}

static gboolean
read_file (Controller *self, const gchar *path, GError **error)
{
  g_autofree gchar *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  self->description = launchfile_expand (text, look_up, self, error);
  return self->description != NULL;
}

/* The file, and NAME=value for its placeholders. */
static gboolean
read_arguments (Controller *self, gchar **arguments, GError **error)
{
  if (arguments == NULL || arguments[0] == NULL) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
        "Which .launch file?");
    return FALSE;
  }
  for (guint i = 1; arguments[i] != NULL; i++) {
    gchar *equals = strchr (arguments[i], '=');

    if (equals == NULL) {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
          "\"%s\" is not NAME=value.", arguments[i]);
      return FALSE;
    }
    g_hash_table_replace (self->values,
        g_strndup (arguments[i], equals - arguments[i]), g_strdup (equals + 1));
  }
  return read_file (self, arguments[0], error);
}

static gboolean
parse_options (Controller *self, gint *argc, gchar ***argv, GError **error)
{
  g_auto (GStrv) arguments = NULL;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &self->is_json,
        "Answers and tells in lines of JSON", NULL },
    { "loop", 0, 0, G_OPTION_ARG_NONE, &self->loops,
        "Starts over at the end of the file", NULL },
    { "pause", 0, 0, G_OPTION_ARG_NONE, &self->starts_paused,
        "Waits for \"play\"", NULL },
    { "reconnect", 0, 0, G_OPTION_ARG_NONE, &self->reconnects,
        "Starts again, after a while, when it fails", NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &arguments, NULL,
        "FILE.launch [NAME=value ...]" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context,
      "Runs a pipeline from a file and takes commands on stdin: play, pause, "
      "exit,\nstatus, get ELEMENT PROPERTY, set ELEMENT PROPERTY VALUE, help.");
  g_option_context_set_description (context,
      "${NAME} and ${NAME:-default} in the file are filled from the arguments, "
      "then from\nthe environment. Ends with 0 when done, 1 when something "
      "failed, 2 when it was\ncalled wrongly.\n");
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_group (context, gst_init_get_option_group ());
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  return read_arguments (self, arguments, error);
}

static void
run (Controller *self)
{
  self->loop = g_main_loop_new (NULL, FALSE);
  self->terminal =
      terminal_new (self->is_json, console_complete, on_line, self);
  g_unix_signal_add (SIGINT, on_signal, self);
  g_unix_signal_add (SIGTERM, on_signal, self);
  g_timeout_add_seconds (1, on_second, self);
  self->back_off_s = FIRST_BACK_OFF_S;
  self->wants_to_play = !self->starts_paused;
  start (self);
  /* A file that can't be understood has told so already. */
  if (self->player != NULL)
    g_main_loop_run (self->loop);
  launch_player_free (self->player);
  terminal_free (self->terminal);
  g_main_loop_unref (self->loop);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Controller self = {
    .values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
  };

  g_set_prgname ("rtmp-webrtc-controller");
  if (parse_options (&self, &argc, &argv, &error)) {
    run (&self);
  } else {
    g_printerr ("%s\nTry: %s --help\n", error->message, g_get_prgname ());
    self.status = STATUS_USAGE;
  }
  g_free (self.description);
  g_hash_table_unref (self.values);
  return self.status;
}
