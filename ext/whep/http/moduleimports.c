/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Static imports of JavaScript: see moduleimports.h. */

#include "ext/whep/http/moduleimports.h"

/* `from './x.js'` may be on a later line than its `import`. */
#define IMPORT "(?:\\bfrom|^import) '\\./([\\w.-]+)'"

GPtrArray *
whep_module_imports (const gchar *script)
{
  g_autoptr (GRegex) import = g_regex_new (IMPORT, G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  g_regex_match (import, script, 0, &match);
  for (; g_match_info_matches (match); g_match_info_next (match, NULL))
    g_ptr_array_add (names, g_match_info_fetch (match, 1));
  return names;
}
