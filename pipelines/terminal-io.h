/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stdin and stdout, line by line in the main loop: with a prompt, history and
 * completion on a terminal, plain on a pipe. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Terminal Terminal;

/* @line has no line end; it is NULL once, at the end of the input: a pipe's
 * end, or Ctrl-D. Without any input, as in a container, this does not
 * happen. */
typedef void (*TerminalLineFunc) (const gchar *line, gpointer user_data);

/* Returns: (transfer none) (nullable): the @index-th completion of @prefix. */
typedef const gchar *(*TerminalCompleteFunc) (const gchar *prefix, guint index);

/* There can be only one at a time. */
Terminal *terminal_new (gboolean is_plain, TerminalCompleteFunc complete,
    TerminalLineFunc func, gpointer user_data);
void terminal_free (Terminal *self);

gboolean terminal_has_prompt (const Terminal *self);
void terminal_set_prompt (Terminal *self, const gchar *prompt);
/* @text includes its line end. */
void terminal_print (Terminal *self, const gchar *text);
/* Likewise, on stderr. */
void terminal_print_error (Terminal *self, const gchar *text);

G_END_DECLS
