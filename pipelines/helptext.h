/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Formats the output of "--help". Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Adds the lines of an option, each at most 80 columns wide. @value (nullable):
 * its default, "" if there is none; NULL for an option without a value. */
void help_text_add_option (GString *out, const gchar *name, const gchar *value,
    const gchar *help);

/* Adds @text, wrapped at 80 columns. */
void help_text_add_paragraph (GString *out, const gchar *text);

G_END_DECLS
