/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text of strangers does nothing to a terminal. */

#include "pipelines/printable.h"

#include <gst/check/gstcheck.h>

GST_START_TEST (what_a_terminal_would_obey_is_escaped)
{
  static const struct
  {
    const gchar *text, *printable;
  } texts[] = {
    { "live/cam", "live/cam" },
    { "", "" },
    { "Grüße, 東京 \360\237\216\245", "Grüße, 東京 \360\237\216\245" },
    { "\033[2J", "\\u{1b}[2J" },
    { "a\nb\tc\r", "a\\nb\\tc\\u{d}" },
    { "\177", "\\u{7f}" },
    { "\302\2332J", "\\u{9b}2J" },
    { "\342\200\256evil", "\\u{202e}evil" }, /* turns the line around */
    { "\342\201\246x", "\\u{2066}x" },       /* isolates what follows */
    { "\342\200\250x", "\\u{2028}x" },       /* begins a line */
    { "\357\273\277x", "\\u{feff}x" },       /* is not to be seen */
    { "\363\240\200\201x", "\\u{e0001}x" },  /* nor is that */
    { "\356\200\200x", "\\u{e000}x" },       /* whatever the font has */
    { "a\xff\xc3", "a\\xff\\xc3" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree gchar *printable = printable_from (texts[i].text, 100);

    ck_assert_str_eq (printable, texts[i].printable);
  }
}
GST_END_TEST;

GST_START_TEST (what_is_too_long_is_cut_off_between_two_characters)
{
  g_autofree gchar *all = printable_from ("äöü", 3);
  g_autofree gchar *some = printable_from ("äöü", 2);
  g_autofree gchar *none = printable_from ("äöü", 0);

  ck_assert_str_eq (all, "äöü");
  ck_assert_str_eq (some, "äö...");
  ck_assert_str_eq (none, "...");
}
GST_END_TEST;

GST_START_TEST (json_means_the_same)
{
  g_autofree gchar *json = printable_json (
      "{\"a\":\"\302\233 \342\200\256 \363\240\200\201 ü \177\"}\n");

  ck_assert_str_eq (json,
      "{\"a\":\"\\u009b \\u202e \\udb40\\udc01 ü \\u007f\"}\n");
}
GST_END_TEST;

static Suite *
printable_suite (void)
{
  Suite *suite = suite_create ("printable");
  TCase *tcase = tcase_create ("printable");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, what_a_terminal_would_obey_is_escaped);
  tcase_add_test (tcase, what_is_too_long_is_cut_off_between_two_characters);
  tcase_add_test (tcase, json_means_the_same);
  return suite;
}

GST_CHECK_MAIN (printable);
