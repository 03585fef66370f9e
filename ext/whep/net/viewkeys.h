/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may watch: a text with a line `APP/KEY SECRET` for each secret. Several
 * lines may name one stream; `*` is each stream. SECRET is `sha256:HEX`, or
 * the secret itself. A line that begins with `#` is a comment. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of a text; more than any list that is written by hand. */
#define WHEP_VIEWKEYS_MAX_BYTES (1024 * 1024)

typedef struct _WhepViewKeys WhepViewKeys;

/* Returns: (nullable): NULL if a line can't be read; @bad_line is then its
 * number, from 1, or 0 if the text is too long. */
WhepViewKeys *whep_viewkeys_parse (const gchar *text, gsize size,
    guint *bad_line);
void whep_viewkeys_free (WhepViewKeys *self);

/* Whether some line lets those who know @secret watch @stream. */
gboolean whep_viewkeys_allow (const WhepViewKeys *self, const gchar *stream,
    const gchar *secret);

G_END_DECLS
