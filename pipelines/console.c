/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One-line commands and their answers: see console.h. */

#include "pipelines/console.h"

#include "pipelines/printable.h"

#include <string.h>

/* The limit of a value or a notice, because longer lines are unreadable. */
#define MAX_SHOWN_CHARACTERS 4096

G_DEFINE_QUARK (console - error - quark, console_error);

/* In the order in which help lists them. */
static const struct
{
  const gchar *name;
  ConsoleVerb verb;
  guint n_needed;    /* words after the name */
  guint n_words;     /* the same at most */
  gboolean has_rest; /* the last of them takes the rest of the line */
  const gchar *usage;
} commands[] = {
  { "play", CONSOLE_PLAY, 0, 0, FALSE, "play" },
  { "pause", CONSOLE_PAUSE, 0, 0, FALSE, "pause" },
  { "exit", CONSOLE_EXIT, 0, 0, FALSE, "exit" },
  { "status", CONSOLE_STATUS, 0, 0, FALSE, "status" },
  { "get", CONSOLE_GET, 2, 2, FALSE, "get ELEMENT PROPERTY" },
  { "set", CONSOLE_SET, 3, 3, TRUE, "set ELEMENT PROPERTY VALUE" },
  { "record", CONSOLE_RECORD, 1, 1, TRUE, "record STREAM" },
  { "stop-recording", CONSOLE_STOP_RECORDING, 1, 1, TRUE,
      "stop-recording STREAM" },
  { "streams", CONSOLE_STREAMS, 0, 0, FALSE, "streams" },
  { "viewers", CONSOLE_VIEWERS, 0, 1, FALSE, "viewers [STREAM]" },
  { "kick", CONSOLE_KICK, 1, 3, TRUE, "kick STREAM [TIME [REASON]]" },
  { "kick-viewer", CONSOLE_KICK_VIEWER, 1, 2, TRUE, "kick-viewer ID [REASON]" },
  { "drain", CONSOLE_DRAIN, 0, 1, FALSE, "drain [TIME]" },
  { "help", CONSOLE_HELP, 0, 0, FALSE, "help" },
};

const gchar *
console_help (void)
{
  return "play                         continues\n"
         "pause                        stops the flow, keeps connections\n"
         "exit                         ends everything properly\n"
         "status                       state, position, streams, viewers\n"
         "get ELEMENT PROPERTY         shows a property\n"
         "set ELEMENT PROPERTY VALUE   changes it; the value may contain "
         "blanks\n"
         "record STREAM                records APP/KEY from now on\n"
         "stop-recording STREAM        ends that recording\n"
         "streams                      each stream, with its publisher\n"
         "viewers [STREAM]             each viewer\n"
         "kick STREAM [TIME [REASON]]  disconnects a publisher and refuses "
         "the stream\n"
         "                             for that time\n"
         "kick-viewer ID [REASON]      disconnects a viewer\n"
         "drain [TIME]                 rejects new viewers, and disconnects "
         "all after\n"
         "                             that time; \"drain off\" ends it\n"
         "help                         this list\n";
}

const gchar *
console_complete (const gchar *prefix, guint index)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_has_prefix (commands[i].name, prefix) && index-- == 0)
      return commands[i].name;
  return NULL;
}

/* Returns: (transfer full) (nullable): the next word, NULL at the end. */
static gchar *
take_word (const gchar **at)
{
  const gchar *start = *at + strspn (*at, " \t\r\n");
  gsize size = strcspn (start, " \t\r\n");

  *at = start + size;
  return size == 0 ? NULL : g_strndup (start, size);
}

/* Surrounding blanks are not part of the value. */
static gchar *
take_rest (const gchar **at)
{
  gchar *rest = g_strstrip (g_strdup (*at));

  *at += strlen (*at);
  if (*rest == '\0')
    g_clear_pointer (&rest, g_free);
  return rest;
}

static gint
find_command (const gchar *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return i;
  return -1;
}

static gboolean
read_words (ConsoleCommand *command, const gchar *at, gint index)
{
  gchar **const words[] = { &command->element, &command->property,
    &command->value };
  guint n_words = commands[index].n_words;
  g_autofree gchar *more = NULL;

  for (guint i = 0; i < n_words; i++) {
    *words[i] = commands[index].has_rest && i == n_words - 1 ? take_rest (&at)
                                                             : take_word (&at);
    if (*words[i] == NULL && i < commands[index].n_needed)
      return FALSE;
  }
  more = take_word (&at);
  return more == NULL;
}

static gboolean
parse_known (const gchar *at, gint index, ConsoleCommand *command,
    GError **error)
{
  command->verb = commands[index].verb;
  if (read_words (command, at, index))
    return TRUE;
  console_command_clear (command);
  g_set_error (error, CONSOLE_ERROR, CONSOLE_ERROR_USAGE, "Usage: %s",
      commands[index].usage);
  return FALSE;
}

gboolean
console_parse (const gchar *line, ConsoleCommand *command, GError **error)
{
  const gchar *at = line;
  g_autofree gchar *name = NULL;
  gint index;

  *command = (ConsoleCommand){ CONSOLE_NOTHING };
  if (strlen (line) > CONSOLE_MAX_LINE || !g_utf8_validate (line, -1, NULL)) {
    g_set_error (error, CONSOLE_ERROR, CONSOLE_ERROR_USAGE,
        "That line is too long, or is not UTF-8.");
    return FALSE;
  }
  name = take_word (&at);
  if (name == NULL)
    return TRUE;
  index = find_command (name);
  if (index < 0) {
    g_set_error (error, CONSOLE_ERROR, CONSOLE_ERROR_UNKNOWN,
        "There is no command \"%.32s\"; \"help\" lists them.", name);
    return FALSE;
  }
  return parse_known (at, index, command, error);
}

void
console_command_clear (ConsoleCommand *self)
{
  g_clear_pointer (&self->element, g_free);
  g_clear_pointer (&self->property, g_free);
  g_clear_pointer (&self->value, g_free);
  self->verb = CONSOLE_NOTHING;
}

/* Returns: (transfer full): @object on one line. */
static gchar *
to_json (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree gchar *json = NULL, *printable = NULL;

  json_node_set_object (node, object);
  json = json_to_string (node, FALSE);
  printable = printable_json (json);
  return g_strconcat (printable, "\n", NULL);
}

static void
copy_member (JsonObject *from, const gchar *name, JsonNode *node,
    gpointer user_data)
{
  json_object_set_member (user_data, name, json_node_copy (node));
}

/* Prints a value on one line with its name. */
static void
print_member (JsonObject *object, const gchar *name, JsonNode *node,
    gpointer user_data)
{
  GString *out = user_data;

  if (json_node_get_value_type (node) == G_TYPE_STRING) {
    g_autofree gchar *text =
        printable_from (json_node_get_string (node), MAX_SHOWN_CHARACTERS);

    g_string_append_printf (out, "%s: %s\n", name, text);
  } else {
    g_autofree gchar *json = json_to_string (node, FALSE);
    g_autofree gchar *text = printable_json (json);

    g_string_append_printf (out, "%s: %s\n", name, text);
  }
}

static gchar *
line_of (const gchar *text)
{
  g_autofree gchar *printable = printable_from (text, MAX_SHOWN_CHARACTERS);

  return g_strconcat (printable, "\n", NULL);
}

gchar *
console_answer (JsonObject *fields, const GError *error, gboolean is_json)
{
  g_autoptr (JsonObject) object = json_object_new ();
  GString *text;

  json_object_set_boolean_member (object, "ok", error == NULL);
  if (error != NULL)
    json_object_set_string_member (object, "error", error->message);
  if (fields != NULL)
    json_object_foreach_member (fields, copy_member, object);
  if (is_json)
    return to_json (object);
  if (error != NULL)
    return line_of (error->message);

  text = g_string_new (NULL);
  if (fields != NULL)
    json_object_foreach_member (fields, print_member, text);
  g_string_append (text, "OK.\n");
  return g_string_free (text, FALSE);
}

gchar *
console_notice (const gchar *event, const gchar *text, JsonObject *fields,
    gboolean is_json)
{
  g_autoptr (JsonObject) object = json_object_new ();

  if (!is_json)
    return line_of (text);
  json_object_set_string_member (object, "event", event);
  json_object_set_string_member (object, "text", text);
  if (fields != NULL)
    json_object_foreach_member (fields, copy_member, object);
  return to_json (object);
}
