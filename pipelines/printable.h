/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes untrusted text safe for a terminal: names, addresses, the names of
 * encoders. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): @text as one line without characters that a
 * terminal interprets or that change the direction of text: these become \n, \t
 * or \u{HEX}; bytes that are not UTF-8 become \xHEX. What exceeds @limit
 * characters is replaced with "...". */
gchar *printable_from (const gchar *text, guint limit);

/* Returns: (transfer full): equivalent JSON, with such characters as \uHHHH. */
gchar *printable_json (const gchar *json);

G_END_DECLS
