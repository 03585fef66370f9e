/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* stdin and stdout, line by line in the main loop: with a prompt, history and
 * completion where a person sits, plain on a pipe. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _Terminal Terminal;

/* @line has no line end; NULL once, when no more will come: a pipe's end, or
 * Ctrl-D. Where there was never anybody to type, as in a container, it doesn't
 * come. */
typedef void (*TerminalLineFunc) (const gchar *line, gpointer user_data);

/* Returns: (transfer none) (nullable): the @index-th word that @prefix can
 * become. */
typedef const gchar *(*TerminalCompleteFunc) (const gchar *prefix, guint index);

/* One at a time. */
Terminal *terminal_new (gboolean is_plain, TerminalCompleteFunc complete,
    TerminalLineFunc func, gpointer user_data);
void terminal_free (Terminal *self);

gboolean terminal_has_prompt (const Terminal *self);
void terminal_set_prompt (Terminal *self, const gchar *prompt);
/* @text ends its line. */
void terminal_print (Terminal *self, const gchar *text);
/* The same on stderr. */
void terminal_print_error (Terminal *self, const gchar *text);

G_END_DECLS
