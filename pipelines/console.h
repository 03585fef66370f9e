/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands of a user or a program on stdin, and the answers to them: a line
 * each. Pure. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Longer lines are rejected. */
#define CONSOLE_MAX_LINE (64 * 1024)

#define CONSOLE_ERROR (console_error_quark ())
GQuark console_error_quark (void);

typedef enum
{
  CONSOLE_ERROR_UNKNOWN, /* no such command */
  CONSOLE_ERROR_USAGE,   /* too few or too many words */
} ConsoleError;

typedef enum
{
  CONSOLE_NOTHING, /* a blank line */
  CONSOLE_PLAY,
  CONSOLE_PAUSE,
  CONSOLE_EXIT,
  CONSOLE_HELP,
  CONSOLE_STATUS,
  CONSOLE_GET,
  CONSOLE_SET,
  CONSOLE_RECORD,
  CONSOLE_STOP_RECORDING,
  CONSOLE_KICK,
  CONSOLE_KICK_VIEWER,
  CONSOLE_STREAMS,
  CONSOLE_VIEWERS,
  CONSOLE_DRAIN,
} ConsoleVerb;

/* GET and SET name an element and its property, SET the rest of the line. KICK
 * has a stream, a time and a reason instead; KICK_VIEWER a viewer and a reason,
 * VIEWERS a stream, DRAIN a time. All but the first of KICK and KICK_VIEWER may
 * be NULL. RECORD and STOP_RECORDING have the rest of the line, a stream. */
typedef struct
{
  ConsoleVerb verb;
  gchar *element;
  gchar *property;
  gchar *value;
} ConsoleCommand;

/* Returns FALSE with a %CONSOLE_ERROR for the user. */
gboolean console_parse (const gchar *line, ConsoleCommand *command,
    GError **error);
void console_command_clear (ConsoleCommand *self);

/* Returns: (transfer none) (nullable): the @index-th command that begins with
 * @prefix. */
const gchar *console_complete (const gchar *prefix, guint index);

/* The text that "help" prints. */
const gchar *console_help (void);

/* Returns: (transfer full): the answer, with its line end. @fields (nullable):
 * the results; @error (nullable): the reason why the command failed. For a
 * user, "NAME: VALUE" lines and "OK.", or the error; for a program, one line of
 * JSON with "ok". Values cannot contain anything that a terminal interprets. */
gchar *console_answer (JsonObject *fields, const GError *error,
    gboolean is_json);
/* Returns: (transfer full): an unsolicited notice: @text for a user; for a
 * program an object that also has the @event's name and its @fields
 * (nullable). */
gchar *console_notice (const gchar *event, const gchar *text,
    JsonObject *fields, gboolean is_json);

G_END_DECLS
