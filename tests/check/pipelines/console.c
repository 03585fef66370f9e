/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines become commands, and answers are for who asks. */

#include "pipelines/console.h"

#include <gst/check/gstcheck.h>
#include <string.h>

GST_START_TEST (commands_are_read_with_their_words)
{
  static const struct
  {
    const gchar *line;
    ConsoleVerb verb;
    const gchar *element, *property, *value;
  } lines[] = {
    { "", CONSOLE_NOTHING },
    { "  \t ", CONSOLE_NOTHING },
    { "play", CONSOLE_PLAY },
    { "  pause\r", CONSOLE_PAUSE },
    { "exit ", CONSOLE_EXIT },
    { "help", CONSOLE_HELP },
    { "status", CONSOLE_STATUS },
    { "get sink port", CONSOLE_GET, "sink", "port" },
    { "kick live/cam", CONSOLE_KICK, "live/cam" },
    { "kick live/cam 60s", CONSOLE_KICK, "live/cam", "60s" },
    { "kick live/cam 60 off air ", CONSOLE_KICK, "live/cam", "60", "off air" },
    { "kick-viewer abc", CONSOLE_KICK_VIEWER, "abc" },
    { "kick-viewer abc go  home", CONSOLE_KICK_VIEWER, "abc", "go  home" },
    { "streams", CONSOLE_STREAMS },
    { "viewers", CONSOLE_VIEWERS },
    { "viewers live/cam", CONSOLE_VIEWERS, "live/cam" },
    { "drain", CONSOLE_DRAIN },
    { "drain 30s", CONSOLE_DRAIN, "30s" },
    { "set a b c", CONSOLE_SET, "a", "b", "c" },
    { "record live/cam", CONSOLE_RECORD, "live/cam" },
    { "record live/my  cam ", CONSOLE_RECORD, "live/my  cam" },
    { "stop-recording live/cam", CONSOLE_STOP_RECORDING, "live/cam" },
    { "set  a\tb  c d \"e\"  ", CONSOLE_SET, "a", "b", "c d \"e\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GError) error = NULL;
    ConsoleCommand command;

    ck_assert (console_parse (lines[i].line, &command, &error));
    ck_assert_int_eq (command.verb, lines[i].verb);
    ck_assert (g_strcmp0 (command.element, lines[i].element) == 0);
    ck_assert (g_strcmp0 (command.property, lines[i].property) == 0);
    ck_assert (g_strcmp0 (command.value, lines[i].value) == 0);
    console_command_clear (&command);
  }
}
GST_END_TEST;

GST_START_TEST (what_is_no_command_is_told_so)
{
  static const struct
  {
    const gchar *line;
    gint code;
    const gchar *says;
  } lines[] = {
    { "stop", CONSOLE_ERROR_UNKNOWN, "no command \"stop\"" },
    { "PLAY", CONSOLE_ERROR_UNKNOWN, "no command" },
    { "play it", CONSOLE_ERROR_USAGE, "Usage: play" },
    { "get", CONSOLE_ERROR_USAGE, "Usage: get ELEMENT PROPERTY" },
    { "get a", CONSOLE_ERROR_USAGE, "Usage: get" },
    { "get a b c", CONSOLE_ERROR_USAGE, "Usage: get" },
    { "set a b", CONSOLE_ERROR_USAGE, "Usage: set ELEMENT PROPERTY VALUE" },
    { "record", CONSOLE_ERROR_USAGE, "Usage: record STREAM" },
    { "kick", CONSOLE_ERROR_USAGE, "Usage: kick STREAM [TIME [REASON]]" },
    { "kick-viewer ", CONSOLE_ERROR_USAGE, "Usage: kick-viewer ID [REASON]" },
    { "streams live/cam", CONSOLE_ERROR_USAGE, "Usage: streams" },
    { "viewers a b", CONSOLE_ERROR_USAGE, "Usage: viewers [STREAM]" },
    { "drain 1 s", CONSOLE_ERROR_USAGE, "Usage: drain [TIME]" },
    { "\xff", CONSOLE_ERROR_USAGE, "UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GError) error = NULL;
    ConsoleCommand command;

    ck_assert (!console_parse (lines[i].line, &command, &error));
    ck_assert (g_error_matches (error, CONSOLE_ERROR, lines[i].code));
    ck_assert_msg (strstr (error->message, lines[i].says) != NULL, "%s",
        error->message);
    ck_assert (command.element == NULL && command.value == NULL);
  }
}
GST_END_TEST;

GST_START_TEST (a_line_has_a_longest_length)
{
  g_autofree gchar *line = g_strnfill (CONSOLE_MAX_LINE + 1, ' ');
  ConsoleCommand command;

  ck_assert (!console_parse (line, &command, NULL));
  ck_assert (console_parse (line + 1, &command, NULL));
}
GST_END_TEST;

GST_START_TEST (names_are_completed)
{
  ck_assert_str_eq (console_complete ("p", 0), "play");
  ck_assert_str_eq (console_complete ("p", 1), "pause");
  ck_assert (console_complete ("p", 2) == NULL);
  ck_assert_str_eq (console_complete ("stat", 0), "status");
  ck_assert (console_complete ("x", 0) == NULL);
}
GST_END_TEST;

GST_START_TEST (help_names_every_command)
{
  for (guint i = 0; console_complete ("", i) != NULL; i++)
    ck_assert_msg (strstr (console_help (), console_complete ("", i)) != NULL,
        "%s", console_complete ("", i));
}
GST_END_TEST;

static void
assert_answer (JsonObject *fields, const GError *error, const gchar *person,
    const gchar *program)
{
  g_autofree gchar *plain = console_answer (fields, error, FALSE);
  g_autofree gchar *json = console_answer (fields, error, TRUE);

  ck_assert_str_eq (plain, person);
  ck_assert_str_eq (json, program);
}

GST_START_TEST (an_answer_is_ok_or_says_why_not)
{
  g_autoptr (JsonObject) fields = json_object_new ();
  g_autoptr (GError) error =
      g_error_new (CONSOLE_ERROR, CONSOLE_ERROR_USAGE, "No \"such\" thing.");

  assert_answer (NULL, NULL, "OK.\n", "{\"ok\":true}\n");
  assert_answer (NULL, error, "No \"such\" thing.\n",
      "{\"ok\":false,\"error\":\"No \\\"such\\\" thing.\"}\n");
  json_object_set_string_member (fields, "state", "playing");
  json_object_set_int_member (fields, "viewers", 3);
  assert_answer (fields, NULL, "state: playing\nviewers: 3\nOK.\n",
      "{\"ok\":true,\"state\":\"playing\",\"viewers\":3}\n");
}
GST_END_TEST;

GST_START_TEST (what_nobody_asked_for_is_an_event)
{
  g_autoptr (JsonObject) fields = json_object_new ();
  g_autofree gchar *plain =
      console_notice ("error", "It broke.", fields, FALSE);
  g_autofree gchar *json = console_notice ("error", "It broke.", NULL, TRUE);
  g_autofree gchar *more = NULL;

  json_object_set_int_member (fields, "width", 640);
  more = console_notice ("error", "It broke.", fields, TRUE);
  ck_assert_str_eq (plain, "It broke.\n");
  ck_assert_str_eq (json, "{\"event\":\"error\",\"text\":\"It broke.\"}\n");
  ck_assert_str_eq (more,
      "{\"event\":\"error\",\"text\":\"It broke.\",\"width\":640}\n");
}
GST_END_TEST;

/* ESC ] sets a window's title, U+009B is ESC [ in one character. */
GST_START_TEST (a_terminal_obeys_nothing_of_it)
{
  static const gchar hostile[] = "a\033]0;x\007\302\233mb\nOK.";
  g_autoptr (JsonObject) fields = json_object_new ();
  g_autoptr (GError) error =
      g_error_new_literal (CONSOLE_ERROR, CONSOLE_ERROR_USAGE, hostile);
  g_autofree gchar *notice = console_notice ("warning", hostile, NULL, FALSE);
  g_autofree gchar *json = console_notice ("warning", hostile, NULL, TRUE);

  json_object_set_string_member (fields, "name", hostile);
  ck_assert_str_eq (notice, "a\\u{1b}]0;x\\u{7}\\u{9b}mb\\nOK.\n");
  ck_assert_str_eq (json,
      "{\"event\":\"warning\",\"text\":\"a\\u001b]0;x\\u0007\\u009bmb\\nOK."
      "\"}\n");
  assert_answer (fields, NULL, "name: a\\u{1b}]0;x\\u{7}\\u{9b}mb\\nOK.\nOK.\n",
      "{\"ok\":true,\"name\":\"a\\u001b]0;x\\u0007\\u009bmb\\nOK.\"}\n");
  assert_answer (NULL, error, "a\\u{1b}]0;x\\u{7}\\u{9b}mb\\nOK.\n",
      "{\"ok\":false,\"error\":\"a\\u001b]0;x\\u0007\\u009bmb\\nOK.\"}\n");
}
GST_END_TEST;

static Suite *
console_suite (void)
{
  Suite *suite = suite_create ("console");
  TCase *tcase = tcase_create ("console");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, commands_are_read_with_their_words);
  tcase_add_test (tcase, what_is_no_command_is_told_so);
  tcase_add_test (tcase, a_line_has_a_longest_length);
  tcase_add_test (tcase, names_are_completed);
  tcase_add_test (tcase, help_names_every_command);
  tcase_add_test (tcase, an_answer_is_ok_or_says_why_not);
  tcase_add_test (tcase, what_nobody_asked_for_is_an_event);
  tcase_add_test (tcase, a_terminal_obeys_nothing_of_it);
  return suite;
}

GST_CHECK_MAIN (console);
