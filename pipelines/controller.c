/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rtmp-webrtc-controller: runs a .launch file and takes commands on stdin. */

#include "pipelines/commandline-io.h"
#include "pipelines/console.h"
#include "pipelines/duration.h"
#include "pipelines/gstendpoints.h"
#include "pipelines/gstlaunchplayer.h"
#include "pipelines/gstplayercommand.h"
#include "pipelines/printable.h"
#include "pipelines/servicemanager-io.h"
#include "pipelines/terminal-io.h"
#include "pipelines/testpicture-io.h"

#include <glib-unix.h>
#include <stdio.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#define STATUS_DONE 0
#define STATUS_FAILED 1
#define STATUS_USAGE 2

/* The delay before a failed pipeline is restarted, which doubles each time.
 * Once the pipeline has played for longer than the maximum, the delay is the
 * minimum again. */
#define FIRST_BACK_OFF_S 1
#define LAST_BACK_OFF_S 30
/* For files longer than this, the prompt shows the position. */
#define LONG_FILE (GST_SECOND * 20)
/* Blocks of this size are mapped separately and returned to the system when
 * they are freed, as is the free end of a heap. */
#define MAPPED_BLOCK_BYTES (128 * 1024)
/* The share of the service manager's watchdog interval after which the process
 * reports, as sd_watchdog_enabled(3) advises. */
#define WATCHDOG_SHARE 2
/* The maximum length of an error about the command line, in characters. */
#define MAX_MESSAGE 1024

typedef struct
{
  GMainLoop *loop;
  Terminal *terminal;
  CommandLine line;

  LaunchPlayer *player; /* NULL while waiting to restart */
  gboolean wants_to_play;
  gboolean is_ending;
  TestPicture *picture; /* nullable */
  GstClockTime last_position;
  gint64 started_us;
  guint back_off_s;
  guint back_off;
  guint n_streams, n_viewers; /* as reported to the service manager */
  gint status;
} Controller;

static void start (Controller *self);

static void
quit (Controller *self, gint status)
{
  self->status = status;
  g_main_loop_quit (self->loop);
}

/* Prints an unsolicited notice to stdout. */
static void
notice (Controller *self, const gchar *event, const gchar *text,
    JsonObject *fields)
{
  g_autofree gchar *line = NULL;

  if (self->line.flags.is_quiet)
    return;
  line = console_notice (event, text, fields, self->line.flags.is_json);
  terminal_print (self->terminal, line);
}

static void
tell_error (Controller *self, LoglineLevel level, const gchar *event,
    const gchar *text, JsonObject *fields)
{
  g_autofree gchar *line = logline_new (self->line.log, level, event, text,
      fields, g_get_real_time ());

  terminal_print_error (self->terminal, line);
}

/* Prints errors and warnings to stderr and, for a program, to stdout as
 * well. */
static void
complain (Controller *self, const gchar *event, const gchar *text,
    JsonObject *fields)
{
  gboolean is_error = g_str_equal (event, "error");

  if (self->line.flags.is_json) {
    g_autofree gchar *json = console_notice (event, text, fields, TRUE);

    terminal_print (self->terminal, json);
  }
  tell_error (self, is_error ? LOGLINE_ERROR : LOGLINE_WARNING, event, text,
      fields);
}

/* Prints what happens to stderr; for a program that reads stdout, it is there,
 * and on stderr only if asked for. */
static void
report (Controller *self, const gchar *event, const gchar *text,
    JsonObject *fields)
{
  if (self->line.flags.is_json)
    notice (self, event, text, fields);
  if (!self->line.flags.is_quiet &&
      (!self->line.flags.is_json || self->line.log != LOGLINE_NONE))
    tell_error (self, LOGLINE_INFO, event, text, fields);
}

static gboolean
on_back_off (gpointer user_data)
{
  Controller *self = user_data;

  self->back_off = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

/* The player may be handling a message of its own, so it is freed later. */
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
  complain (self, "reconnect", text, NULL);
  drop_player (self);
  self->back_off = g_timeout_add_seconds (self->back_off_s, on_back_off, self);
  self->back_off_s = MIN (2 * self->back_off_s, LAST_BACK_OFF_S);
}

static void
on_activity (const Activity *activity, gpointer user_data)
{
  Controller *self = user_data;
  ActivityLevel level = activity_level (activity);
  g_autofree gchar *line =
      activity_line (activity, self->line.flags.is_verbose);
  g_autoptr (JsonObject) fields = activity_fields (activity);

  if (level == ACTIVITY_WARNING)
    complain (self, activity->event, line, fields);
  else if (level == ACTIVITY_NOTICE || self->line.flags.is_verbose)
    report (self, activity->event, line, fields);
}

/* One line each. */
static void
tell_places (Controller *self, const gchar *event, const gchar *what,
    GPtrArray *places)
{
  for (guint i = 0; i < places->len; i++) {
    g_autofree gchar *text = g_strdup_printf ("%s %s", what,
        (const gchar *) g_ptr_array_index (places, i));
    g_autoptr (JsonObject) fields = json_object_new ();

    json_object_set_string_member (fields, "url",
        g_ptr_array_index (places, i));
    notice (self, event, text, fields);
  }
}

static void
on_picture_end (gpointer user_data)
{
  Controller *self = user_data;

  g_clear_pointer (&self->picture, test_picture_free);
  if (self->is_ending && self->player != NULL)
    launch_player_end (self->player);
  else if (self->is_ending)
    quit (self, STATUS_DONE);
  else
    complain (self, "warning", "The test picture has ended.", NULL);
}

static void
start_picture (Controller *self, guint port)
{
  g_autoptr (GError) error = NULL;

  self->picture =
      test_picture_new (self->line.folder, port, on_picture_end, self, &error);
  if (self->picture == NULL)
    complain (self, "warning", error->message, NULL);
}

/* Viewers compare it with what their browser shows before they accept the
 * certificate. */
static void
tell_fingerprint (Controller *self, const gchar *fingerprint)
{
  g_autofree gchar *text =
      g_strdup_printf ("The self-signed certificate's SHA-256 is %s",
          fingerprint);
  g_autoptr (JsonObject) fields = json_object_new ();

  json_object_set_string_member (fields, "sha256", fingerprint);
  if (!self->line.flags.is_quiet)
    complain (self, "certificate", text, fields);
}

/* The endpoints are announced only now, because they were not reachable before.
 */
static void
on_plays (Controller *self)
{
  GstEndpoints endpoints;

  if (self->is_ending)
    return;
  gst_endpoints_init (&endpoints, launch_player_bin (self->player));
  tell_places (self, "publish", "Publish to", endpoints.publish);
  tell_places (self, "watch", "Watch at  ", endpoints.watch);
  if (endpoints.fingerprint != NULL)
    tell_fingerprint (self, endpoints.fingerprint);
  if (self->line.flags.has_test_picture && self->picture == NULL)
    start_picture (self, endpoints.rtmp_port);
  gst_endpoints_clear (&endpoints);
  service_manager_tell_ready ();
}

static void
on_player (LaunchPlayerEvent event, const gchar *text, gpointer user_data)
{
  Controller *self = user_data;

  switch (event) {
    case LAUNCH_PLAYER_PLAYS:
      on_plays (self);
      return;
    case LAUNCH_PLAYER_WARNING:
      complain (self, "warning", text, NULL);
      return;
    case LAUNCH_PLAYER_ENDED:
      quit (self, STATUS_DONE);
      return;
    case LAUNCH_PLAYER_FAILED:
    case LAUNCH_PLAYER_LOST:
      if (self->is_ending) {
        quit (self, STATUS_DONE);
      } else if (event == LAUNCH_PLAYER_LOST && self->line.flags.reconnects) {
        try_again (self, text);
      } else {
        complain (self, "error", text, NULL);
        quit (self, STATUS_FAILED);
      }
      return;
  }
}

static void
start (Controller *self)
{
  const LaunchPlayerParams params = {
    .description = self->line.description,
    .loops = self->line.flags.loops,
    .start = self->last_position,
    .end_limit_ms = self->line.end_limit_ms,
    .func = on_player,
    .activity_func = on_activity,
    .user_data = self,
  };
  g_autoptr (GError) error = NULL;

  self->player = launch_player_new (&params, &error);
  if (self->player == NULL) {
    complain (self, "error", error->message, NULL);
    quit (self, STATUS_USAGE);
    return;
  }
  self->started_us = g_get_monotonic_time ();
  if (self->wants_to_play)
    launch_player_play (self->player);
  else
    launch_player_pause (self->player);
}

/* The second request does not wait. */
static void
end (Controller *self)
{
  if (self->is_ending || self->player == NULL) {
    quit (self, STATUS_DONE);
    return;
  }
  self->is_ending = TRUE;
  service_manager_tell_stopping ();
  if (self->picture != NULL)
    test_picture_end (self->picture);
  else
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

/* Returns: (transfer full) (nullable): the results; a list for a user is
 * printed directly. */
static JsonObject *
ask_player (Controller *self, const ConsoleCommand *command, GError **error)
{
  g_autofree gchar *lines = NULL;
  JsonObject *fields;

  if (self->player == NULL && command->verb == CONSOLE_STATUS)
    return reconnecting_status ();
  if (self->player == NULL) {
    g_set_error (error, CONSOLE_ERROR, CONSOLE_ERROR_USAGE,
        "Not possible now: waiting to restart.");
    return NULL;
  }
  fields = gst_player_command (self->player, command,
      self->line.flags.is_json ? NULL : &lines, error);
  if (lines != NULL)
    terminal_print (self->terminal, lines);
  return fields;
}

/* Returns: (transfer full) (nullable): the help for a program; for a user it is
 * printed directly. */
static JsonObject *
help (Controller *self)
{
  JsonObject *fields;

  if (!self->line.flags.is_json) {
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
  g_autofree gchar *text =
      console_answer (fields, error, self->line.flags.is_json);

  terminal_print (self->terminal, text);
}

static void
handle_command (Controller *self, const ConsoleCommand *command)
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
    case CONSOLE_RECORD:
    case CONSOLE_STOP_RECORDING:
    case CONSOLE_KICK:
    case CONSOLE_KICK_VIEWER:
    case CONSOLE_STREAMS:
    case CONSOLE_VIEWERS:
    case CONSOLE_DRAIN:
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
  handle_command (self, &command);
  console_command_clear (&command);
}

static gboolean
on_signal (gpointer user_data)
{
  end (user_data);
  return G_SOURCE_CONTINUE;
}

/* Takes the locks of the pipeline and of its elements: if one of them is never
 * released, the watchdog notices. */
static void
tell_crowd (Controller *self)
{
  g_autoptr (JsonObject) fields = launch_player_status (self->player);
  guint n_streams =
      json_object_get_int_member_with_default (fields, "streams", 0);
  guint n_viewers =
      json_object_get_int_member_with_default (fields, "viewers", 0);
  g_autofree gchar *status = NULL;

  if (n_streams == self->n_streams && n_viewers == self->n_viewers)
    return;
  self->n_streams = n_streams;
  self->n_viewers = n_viewers;
  status = g_strdup_printf ("Streams: %u, viewers: %u", n_streams, n_viewers);
  service_manager_tell_status (status);
}

static gboolean
on_status (gpointer user_data)
{
  Controller *self = user_data;

  if (self->player != NULL)
    tell_crowd (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_watchdog (gpointer user_data)
{
  on_status (user_data);
  service_manager_tell_alive ();
  return G_SOURCE_CONTINUE;
}

static void
follow_service_manager (Controller *self)
{
  guint64 watchdog_us = service_manager_watchdog_us ();

  if (service_manager_listens ())
    g_timeout_add_seconds (1, on_status, self);
  if (watchdog_us > 0)
    g_timeout_add (MAX (1, watchdog_us / WATCHDOG_SHARE / 1000), on_watchdog,
        self);
}

/* Remembers the position, to restart there after a failure. On a terminal, it
 * is also shown during long files. */
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
  now = duration_to_clock (self->last_position);
  whole = duration_to_clock (duration);
  prompt = g_strdup_printf ("%s of %s> ", now, whole);
  terminal_set_prompt (self->terminal, prompt);
  return G_SOURCE_CONTINUE;
}

static void
run (Controller *self)
{
  self->loop = g_main_loop_new (NULL, FALSE);
  self->terminal =
      terminal_new (self->line.flags.is_json, console_complete, on_line, self);
  g_unix_signal_add (SIGINT, on_signal, self);
  g_unix_signal_add (SIGTERM, on_signal, self);
  g_timeout_add_seconds (1, on_second, self);
  follow_service_manager (self);
  self->back_off_s = FIRST_BACK_OFF_S;
  self->wants_to_play = !self->line.flags.starts_paused;
  start (self);
  /* If the file could not be parsed, the error has already been reported. */
  if (self->player != NULL)
    g_main_loop_run (self->loop);
  test_picture_free (self->picture);
  launch_player_free (self->player);
  terminal_free (self->terminal);
  g_main_loop_unref (self->loop);
}

/* By default, glibc adapts its thresholds to the first raw picture, or to a
 * large frame that an attacker has begun, and keeps blocks of that size: up to
 * 64 MiB in each of its arenas (mallopt(3)). GStreamer's pools keep what a
 * stream needs repeatedly. */
static void
bound_heap (void)
{
#ifdef __GLIBC__
  mallopt (M_MMAP_THRESHOLD, MAPPED_BLOCK_BYTES);
  mallopt (M_TRIM_THRESHOLD, MAPPED_BLOCK_BYTES);
#endif
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Controller self = { 0 };

  bound_heap ();
  if (!command_line_read (&self.line, argv, &error)) {
    g_autofree gchar *why = printable_from (error->message, MAX_MESSAGE);

    g_printerr ("%s: %s\nTry: %s --help\n", g_get_prgname (), why,
        g_get_prgname ());
    self.status = STATUS_USAGE;
  } else if (self.line.answer != NULL) {
    fputs (self.line.answer, stdout);
  } else {
    run (&self);
  }
  command_line_clear (&self.line);
  return self.status;
}
