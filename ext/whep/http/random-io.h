/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random text and bytes, from the system's cryptographic source. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Fills @text with @length random characters of [A-Za-z0-9] and a NUL: ICE
 * ufrag and pwd, session ids. */
void whep_random_text (gchar *text, gsize length);
void whep_random_bytes (void *bytes, gsize size);

G_END_DECLS
