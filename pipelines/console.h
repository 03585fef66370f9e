/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person or a program says on stdin, and what is answered: a line each.
 * Pure. */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Longer ones are no commands. */
#define CONSOLE_MAX_LINE (64 * 1024)

#define CONSOLE_ERROR (console_error_quark ())
GQuark console_error_quark (void);

typedef enum
{
  CONSOLE_ERROR_UNKNOWN, /* no such command */
  CONSOLE_ERROR_USAGE,   /* a word too few or too many */
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
} ConsoleVerb;

/* GET and SET name an element and its property, SET the rest of the line. */
typedef struct
{
  ConsoleVerb verb;
  gchar *element;
  gchar *property;
  gchar *value;
} ConsoleCommand;

/* Returns FALSE with a %CONSOLE_ERROR in words for who typed it. */
gboolean console_parse (const gchar *line, ConsoleCommand *command,
    GError **error);
void console_command_clear (ConsoleCommand *self);

/* Returns: (transfer none) (nullable): the @index-th name of a command that
 * begins with @prefix. */
const gchar *console_complete (const gchar *prefix, guint index);

/* What "help" prints. */
const gchar *console_help (void);

/* Returns: (transfer full): what is answered, with its line end. @fields
 * (nullable): what there is to tell; @error (nullable): why it was not done.
 * For a person "NAME: VALUE" lines and "OK.", or the error; for a program one
 * line of JSON with "ok". Whatever the values hold, a terminal obeys none of
 * it. */
gchar *console_answer (JsonObject *fields, const GError *error,
    gboolean is_json);
/* Returns: (transfer full): what nobody asked for: @text to a person, to a
 * program an object with the @event's name and its @fields (nullable), too. */
gchar *console_notice (const gchar *event, const gchar *text,
    JsonObject *fields, gboolean is_json);

G_END_DECLS
