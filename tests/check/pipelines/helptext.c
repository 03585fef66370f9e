/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Help fits a terminal. */

#include "pipelines/helptext.h"

#include <gst/check/gstcheck.h>
#include <string.h>

GST_START_TEST (what_an_option_does_stands_in_a_column_of_its_own)
{
  g_autoptr (GString) out = g_string_new (NULL);

  help_text_add_option (out, "port", "8080", "where it listens");
  help_text_add_option (out, "json", NULL, "in JSON");
  help_text_add_option (out, "keys", "", "a file");
  help_text_add_option (out, "a-name-that-is-long", "16777216",
      "and a help of "
      "so many words that a line alone has no room for all of them, not at "
      "all");
  ck_assert_str_eq (out->str,
      "  --port=8080            where it listens\n"
      "  --json                 in JSON\n"
      "  --keys=                a file\n"
      "  --a-name-that-is-long=16777216  and a help of so many words that a "
      "line alone\n"
      "                         has no room for all of them, not at all\n");
}
GST_END_TEST;

GST_START_TEST (no_line_is_longer_than_a_terminal)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_auto (GStrv) lines = NULL;

  for (guint i = 0; i < 200; i++)
    g_string_append_printf (text, "%u ", i * i);
  help_text_add_paragraph (out, text->str);
  help_text_add_option (out, "n", "", text->str);
  lines = g_strsplit (out->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    ck_assert_uint_le (strlen (lines[i]), 80);
}
GST_END_TEST;

static Suite *
helptext_suite (void)
{
  Suite *suite = suite_create ("helptext");
  TCase *tcase = tcase_create ("helptext");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, what_an_option_does_stands_in_a_column_of_its_own);
  tcase_add_test (tcase, no_line_is_longer_than_a_terminal);
  return suite;
}

GST_CHECK_MAIN (helptext);
