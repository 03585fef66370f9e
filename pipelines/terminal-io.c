/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stdin and stdout in the main loop: see terminal-io.h. */

#include "pipelines/terminal-io.h"

#include <editline/readline.h>
#include <glib-unix.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define READ_BYTES 4096
/* A longer line is passed on in parts: no command is this long. */
#define MAX_LINE_BYTES (64 * 1024 + 2)
#define HISTORY_LINES 200
#define CONTROL_D 4
/* The limit for lines typed before there was a prompt. The kernel does not keep
 * more bytes. */
#define MAX_LINES_AHEAD 4096

struct _Terminal
{
  gboolean has_prompt;
  gboolean is_entered; /* libedit still has the line in its buffer */
  gchar *prompt;
  struct termios before; /* to be restored at the end */
  guint end;
  GQueue lines_ahead; /* typed before the prompt; a final "" is Ctrl-D */
  guint next_ahead;
  TerminalLineFunc func;
  gpointer user_data;
  guint watch;
  GString *line; /* of a pipe, incomplete */
};

/* libedit's callbacks have no user data. */
static Terminal *the_terminal;
static TerminalCompleteFunc the_complete;

/* Returns whether there is another end: a user, a program or a file. */
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

/* Ctrl-D on an empty line. Called from within libedit, so it is handled
 * later. */
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

  /* The window has been closed, so there is no more input. */
  if ((condition & (G_IO_HUP | G_IO_ERR)) != 0) {
    self->watch = 0;
    self->func (NULL, self->user_data);
    return G_SOURCE_REMOVE;
  }
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

static void
watch_keys (Terminal *self)
{
  self->watch = g_unix_fd_add (STDIN_FILENO, G_IO_IN, on_key, self);
}

static gboolean
on_line_ahead (gpointer user_data)
{
  Terminal *self = user_data;
  g_autofree gchar *line = g_queue_pop_head (&self->lines_ahead);
  gboolean is_last = g_queue_is_empty (&self->lines_ahead);

  if (is_last) {
    self->next_ahead = 0;
    watch_keys (self);
  }
  /* An empty read is Ctrl-D, because a line has its line end. */
  self->func (*line == '\0' ? NULL : g_strchomp (line), self->user_data);
  return is_last ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

/* To be called in line mode, in which a read returns a line, or nothing for a
 * Ctrl-D on its own: in another mode that can no longer be distinguished. */
static void
take_lines_ahead (Terminal *self)
{
  struct pollfd input = { STDIN_FILENO, POLLIN, 0 };
  gchar bytes[READ_BYTES];

  for (guint i = 0; i < MAX_LINES_AHEAD && poll (&input, 1, 0) > 0; i++) {
    gssize size = read (STDIN_FILENO, bytes, READ_BYTES);

    if (size < 0)
      return;
    g_string_append_len (self->line, bytes, size);
    /* Ctrl-D after a word sends the word and does not end the input. */
    if (size > 0 && bytes[size - 1] != '\n')
      continue;
    g_queue_push_tail (&self->lines_ahead, g_strdup (self->line->str));
    if (self->line->len == 0)
      return;
    g_string_truncate (self->line, 0);
  }
}

/* Between two prompts, libedit puts the terminal into line mode for programs
 * that are run then: a Ctrl-D that arrives then is an end of input and not a
 * key, and pasted text is cut off after 4095 bytes without a line end. No
 * programs are run here, so line mode is also turned off between prompts. */
static void
start_editing (Terminal *self)
{
  tcgetattr (STDIN_FILENO, &self->before);
  if ((self->before.c_lflag & ICANON) != 0)
    take_lines_ahead (self);
  /* rl_initialize() is not called, because a second call discards what was
   * typed. */
  stifle_history (HISTORY_LINES);
  rl_attempted_completion_function = complete;
  rl_parse_and_bind ("setty -x -icanon -echo -iexten");
  self->prompt = g_strdup ("> ");
  rl_callback_handler_install (self->prompt, on_edited_line);
  rl_add_defun ("end-of-input", on_control_d, CONTROL_D);
  if (self->line->len > 0)
    rl_insert_text (self->line->str);
  if (g_queue_is_empty (&self->lines_ahead))
    watch_keys (self);
  else
    self->next_ahead = g_idle_add (on_line_ahead, self);
}

static void
stop_editing (Terminal *self)
{
  rl_callback_handler_remove ();
  tcsetattr (STDIN_FILENO, TCSADRAIN, &self->before);
  putchar ('\n');
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
    start_editing (self);
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
  g_clear_handle_id (&self->next_ahead, g_source_remove);
  g_queue_clear_full (&self->lines_ahead, g_free);
  if (self->has_prompt)
    stop_editing (self);
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

/* Replaces the prompt, which is shown again below. */
static void
print (Terminal *self, FILE *stream, const gchar *text)
{
  if (self->has_prompt) {
    fputs ("\r\033[K", stdout);
    fflush (stdout);
  }
  fputs (text, stream);
  fflush (stream);
  if (self->has_prompt && !self->is_entered)
    rl_forced_update_display ();
}

void
terminal_print (Terminal *self, const gchar *text)
{
  print (self, stdout, text);
}

void
terminal_print_error (Terminal *self, const gchar *text)
{
  print (self, stderr, text);
}
