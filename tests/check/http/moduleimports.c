/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The imports of modules, in each form that ours have. */

#include "ext/whep/http/moduleimports.h"

#include <gst/check/gstcheck.h>

static const struct
{
  const gchar *script, *imports;
} scripts[] = {
  { "", "" },
  { "import { a } from './a.js';\n", "a.js" },
  { "// A comment.\n\nimport { a } from './a.js';\nimport './b.js';\n",
      "a.js b.js" },
  { "import { a,\n  b } from './a-b.js';\n", "a-b.js" },
  { "export { a } from './a.js';\n", "a.js" },
  { "export * from './a.js';\n", "a.js" },
  { "const load = () => import('./later.js');\n", "" },
  { "  await import('./later.js');\n", "" },
  { "const x = new Worker(new URL('./w.js', import.meta.url));\n", "" },
  { "import { a } from 'package';\nimport './folder/b.js';\n", "" },
};

GST_START_TEST (static_imports_are_found_and_others_are_not)
{
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
    g_autoptr (GPtrArray) names = whep_module_imports (scripts[i].script);
    g_autofree gchar *joined = NULL;

    g_ptr_array_add (names, NULL);
    joined = g_strjoinv (" ", (gchar **) names->pdata);
    ck_assert_str_eq (joined, scripts[i].imports);
  }
}
GST_END_TEST;

static Suite *
moduleimports_suite (void)
{
  Suite *suite = suite_create ("moduleimports");
  TCase *tcase = tcase_create ("moduleimports");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, static_imports_are_found_and_others_are_not);
  return suite;
}

GST_CHECK_MAIN (moduleimports);
