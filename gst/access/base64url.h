/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Base64 for URLs without padding (RFC 7515 section 2), checked before cjose
 * decodes it: at a padding character in a wrong place, an assertion of cjose
 * ends the process. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean access_base64url_is_valid (const gchar *text, gsize size);

G_END_DECLS
