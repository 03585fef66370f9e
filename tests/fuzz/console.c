/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parses an arbitrary line as a command; each reply to it is one line of
 * JSON. */

#include "pipelines/console.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *line = g_strndup ((const gchar *) data, size);
  g_autoptr (GError) error = NULL;
  g_autofree gchar *answer = NULL;
  ConsoleCommand command;
  gboolean is_valid = console_parse (line, &command, &error);

  g_assert (is_valid == (error == NULL));
  /* No word without those before it. */
  g_assert (command.value == NULL || command.property != NULL);
  g_assert (command.property == NULL || command.element != NULL);
  if (is_valid && (command.verb == CONSOLE_GET || command.verb == CONSOLE_SET))
    g_assert (command.property != NULL);
  if (is_valid && command.verb == CONSOLE_SET)
    g_assert (command.value != NULL);
  answer = console_answer (NULL, error, TRUE);
  g_assert (strchr (answer, '\n') == answer + strlen (answer) - 1);
  console_command_clear (&command);
  return 0;
}
