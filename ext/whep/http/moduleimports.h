/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which modules a JavaScript module imports. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): the names of the files in @script's static imports,
 * which are all beside it. An import() in a function is not among them: it
 * loads what most visits do without. */
GPtrArray *whep_module_imports (const gchar *script);

G_END_DECLS
