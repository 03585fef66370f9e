/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table has a row, with a name of its own, for each member. */

#include "gst/publisher/figures.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (the_table_names_each_member_once)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  PublisherFigures figures = { 0 };
  const gint64 *members = (const gint64 *) &figures;
  guint n_rows = 0;

  for (const PublisherFigure *row = publisher_figures_table ();
       row->name != NULL; row++, n_rows++) {
    ck_assert_msg (g_hash_table_add (names, (gpointer) row->name), "%s",
        row->name);
    G_STRUCT_MEMBER (gint64, &figures, row->offset)++;
  }
  ck_assert_uint_eq (n_rows * sizeof (gint64), sizeof figures);
  for (guint i = 0; i < n_rows; i++)
    ck_assert_int_eq (members[i], 1);
}
GST_END_TEST;

static Suite *
figures_suite (void)
{
  Suite *suite = suite_create ("figures");
  TCase *tests = tcase_create ("figures");

  tcase_add_test (tests, the_table_names_each_member_once);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (figures);
