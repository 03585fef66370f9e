/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The query of a URL, which need not be well formed. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): the first value of @name in @query,
 * percent-decoded; a plus sign is kept. */
gchar *access_query_get (const gchar *query, const gchar *name);

/* Returns: (transfer full) (nullable): the secret in @query: that of `token=…`,
 * or USER:PASSWORD of `user=…&pass=…`. */
gchar *access_query_secret (const gchar *query);

G_END_DECLS
