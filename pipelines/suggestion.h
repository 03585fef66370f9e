/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Suggests a name for a mistyped one. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (nullable) (transfer none): the one of @names (NULL-terminated) that
 * is closest to @name, unless it differs too much for a typing error. */
const gchar *suggestion_for (const gchar *name, const gchar *const *names);

G_END_DECLS
