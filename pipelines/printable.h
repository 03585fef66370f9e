/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text of strangers for a terminal: names, addresses, what an encoder calls
 * itself. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): @text as one line without a character that a
 * terminal would obey or that would turn the line around: those become \n, \t
 * or \u{HEX}; bytes that are not UTF-8 become \xHEX. Of what is longer than
 * @limit characters the rest is "...". */
gchar *printable_from (const gchar *text, guint limit);

/* Returns: (transfer full): JSON that means the same, with such characters as
 * \uHHHH. */
gchar *printable_json (const gchar *json);

G_END_DECLS
