/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stdin and stdout in the main loop: see terminal-io.h. */

#include "pipelines/terminal-io.h"

#include <editline/readline.h>
#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES 4096
/* A line that goes on beyond this is passed on as it is then: no command is so
 * long. */
#define MAX_LINE_BYTES (64 * 1024 + 2)
#define HISTORY_LINES 200
#define CONTROL_D 4

struct _Terminal
{
  gboolean has_prompt;
  gboolean is_entered; /* a line: libedit has it in its buffer still */
  gchar *prompt;
  guint end;
  TerminalLineFunc func;
  gpointer user_data;
  guint watch;
  GString *line; /* of a pipe, so far */
};

/* libedit's callbacks know nobody. */
static Terminal *the_terminal;
static TerminalCompleteFunc the_complete;

/* Somebody is at the other end: a person, a program or a file. */
static gboolean
has_input (void)
{
  struct stat status;

  return fstat (STDIN_FILENO, &status) == 0 &&
      (isatty (STDIN_FILENO) || !S_ISCHR (status.st_mode));
}

static void
on_edited_line (char *line)
{
  Terminal *self = the_terminal;

  if (line != NULL && *line != '\0')
    add_history (line);
  self->is_entered = TRUE;
  self->func (line, self->user_data);
  free (line);
}

static gboolean
on_end (gpointer user_data)
{
  Terminal *self = user_data;

  self->end = 0;
  self->func (NULL, self->user_data);
  return G_SOURCE_REMOVE;
}

/* Ctrl-D on an empty line; within libedit, so what follows comes later. */
static int
on_control_d (int count, int key)
{
  if (rl_end == 0 && the_terminal->end == 0)
    the_terminal->end = g_idle_add (on_end, the_terminal);
  return 0;
}

static gboolean
on_key (gint fd, GIOCondition condition, gpointer user_data)
{
  Terminal *self = user_data;

  rl_callback_read_char ();
  if (self->is_entered && the_terminal != NULL) {
    self->is_entered = FALSE;
    rl_callback_handler_remove ();
    rl_callback_handler_install (self->prompt, on_edited_line);
  }
  return G_SOURCE_CONTINUE;
}

static char *
complete_word (const char *prefix, int state)
{
  const gchar *word = the_complete (prefix, state);

  /* libedit frees it. */
  return word == NULL ? NULL : strdup (word);
}

static char **
complete (const char *prefix, int start, int end)
{
  rl_attempted_completion_over = 1;
  return start == 0 ? rl_completion_matches (prefix, complete_word) : NULL;
}

static void
take_lines (Terminal *self)
{
  gchar *end;

  while ((end = strchr (self->line->str, '\n')) != NULL) {
    g_autofree gchar *line = g_strndup (self->line->str, end - self->line->str);

    g_string_erase (self->line, 0, end + 1 - self->line->str);
    self->func (g_strchomp (line), self->user_data);
  }
  if (self->line->len > MAX_LINE_BYTES) {
    self->func (self->line->str, self->user_data);
    g_string_truncate (self->line, 0);
  }
}

static gboolean
on_bytes (gint fd, GIOCondition condition, gpointer user_data)
{
  Terminal *self = user_data;
  gchar bytes[READ_BYTES];
  gssize size = read (fd, bytes, sizeof (bytes));

  if (size > 0) {
    g_string_append_len (self->line, bytes, size);
    take_lines (self);
    return G_SOURCE_CONTINUE;
  }
  self->watch = 0;
  if (self->line->len > 0)
    self->func (self->line->str, self->user_data);
  self->func (NULL, self->user_data);
  return G_SOURCE_REMOVE;
}

Terminal *
terminal_new (gboolean is_plain, TerminalCompleteFunc complete_func,
    TerminalLineFunc func, gpointer user_data)
{
  Terminal *self = g_new0 (Terminal, 1);

  g_assert (the_terminal == NULL);
  the_terminal = self;
  the_complete = complete_func;
  self->func = func;
  self->user_data = user_data;
  self->line = g_string_new (NULL);
  self->has_prompt =
      !is_plain && isatty (STDIN_FILENO) && isatty (STDOUT_FILENO);
  if (self->has_prompt) {
    stifle_history (HISTORY_LINES);
    rl_attempted_completion_function = complete;
    self->prompt = g_strdup ("> ");
    rl_callback_handler_install (self->prompt, on_edited_line);
    rl_add_defun ("end-of-input", on_control_d, CONTROL_D);
    self->watch = g_unix_fd_add (STDIN_FILENO, G_IO_IN, on_key, self);
  } else if (has_input ()) {
    self->watch =
        g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, on_bytes, self);
  }
  return self;
}

void
terminal_free (Terminal *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->watch, g_source_remove);
  g_clear_handle_id (&self->end, g_source_remove);
  if (self->has_prompt) {
    rl_callback_handler_remove ();
    putchar ('\n');
  }
  fflush (stdout);
  g_string_free (self->line, TRUE);
  the_terminal = NULL;
  g_free (self->prompt);
  g_free (self);
}

gboolean
terminal_has_prompt (const Terminal *self)
{
  return self->has_prompt;
}

void
terminal_set_prompt (Terminal *self, const gchar *prompt)
{
  if (!self->has_prompt)
    return;
  g_free (self->prompt);
  self->prompt = g_strdup (prompt);
  rl_set_prompt (prompt);
  rl_forced_update_display ();
}

/* In place of the prompt, which comes again below. */
void
terminal_print (Terminal *self, const gchar *text)
{
  if (self->has_prompt)
    fputs ("\r\033[K", stdout);
  fputs (text, stdout);
  fflush (stdout);
  if (self->has_prompt && !self->is_entered)
    rl_forced_update_display ();
}
