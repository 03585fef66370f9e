/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What somebody may have meant who mistyped a name. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (nullable) (transfer none): that of @names (NULL-terminated) which
 * is nearest to @name, unless it is too far for a slip of the fingers. */
const gchar *suggestion_for (const gchar *name, const gchar *const *names);

G_END_DECLS
