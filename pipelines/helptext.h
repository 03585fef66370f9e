/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What "--help" prints of options. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One line of an option, or more, each of 80 columns at most. @value
 * (nullable): its default, "" if there is none; NULL for an option without a
 * value. */
void help_text_add_option (GString *out, const gchar *name, const gchar *value,
    const gchar *help);

/* @text in lines of 80 columns. */
void help_text_add_paragraph (GString *out, const gchar *text);

G_END_DECLS
