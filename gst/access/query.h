/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What follows the question mark of a URL, of which nobody says that it is well
 * formed. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): the first value of @name in @query,
 * without percent-encoding; a plus sign stays one. */
gchar *access_query_get (const gchar *query, const gchar *name);

/* Returns: (transfer full) (nullable): the secret that @query has: `token=…`,
 * or USER:PASSWORD of `user=…&pass=…`. */
gchar *access_query_secret (const gchar *query);

G_END_DECLS
