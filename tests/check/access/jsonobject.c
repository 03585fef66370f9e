/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What json-glib is given, and what it is not. */

#include "gst/access/jsonobject.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static gboolean
is_object (const gchar *text)
{
  g_autoptr (JsonNode) node = access_json_load_object (text, strlen (text));

  g_assert (node == NULL || JSON_NODE_HOLDS_OBJECT (node));
  return node != NULL;
}

GST_START_TEST (an_object_is_one_whatever_it_has)
{
  ck_assert (is_object ("{}"));
  ck_assert (is_object (" {\"a\": [1, -2.5e+3, true, null]}\r\n\t"));
  ck_assert (is_object ("{\"a\": {\"}\": \"\\\"}{\\\\\"}}"));
  ck_assert (is_object ("{\"ä/*\": \"//\"}"));
}
GST_END_TEST;

GST_START_TEST (anything_else_is_none)
{
  static const gchar *const texts[] = { "", " ", "0", "\"{}\"", "[]", "null{}",
    "{", "}", "{}}", "{\"a\"", "{\"}", "{\"a\": \"\\\"}", "{a}", "{\"a\": 1",
    "{\"a\": \"\xff\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    ck_assert_msg (!is_object (texts[i]), "%s", texts[i]);
  ck_assert (access_json_load_object ("{\0}", 3) == NULL);
  ck_assert (access_json_load_object ("{}\0", 3) == NULL);
  ck_assert (access_json_load_object (NULL, 0) == NULL);
}
GST_END_TEST;

/* json-glib would leak the first of them. */
GST_START_TEST (two_values_are_no_object)
{
  ck_assert (!is_object ("{}{}"));
  ck_assert (!is_object ("{} 0"));
  ck_assert (!is_object ("0{\"ds\":20}"));
  ck_assert (!is_object ("{},"));
}
GST_END_TEST;

/* They could hide what is counted. */
GST_START_TEST (comments_are_in_no_object)
{
  ck_assert (!is_object ("{/*}*/}"));
  ck_assert (!is_object ("{//}\n}"));
  ck_assert (!is_object ("{#}\n}"));
  ck_assert (!is_object ("{'}'}"));
}
GST_END_TEST;

static gchar *
nest (const gchar *open, const gchar *close, guint depth)
{
  GString *text = g_string_new ("{\"a\":");

  for (guint i = 1; i < depth; i++)
    g_string_append (text, open);
  g_string_append (text, "0");
  for (guint i = 1; i < depth; i++)
    g_string_append (text, close);
  g_string_append (text, "}");
  return g_string_free (text, FALSE);
}

GST_START_TEST (brackets_are_limited)
{
  static const gchar *const units[][2] = { { "[", "]" }, { "{\"a\":", "}" } };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
    g_autofree gchar *deep =
        nest (units[i][0], units[i][1], ACCESS_JSON_MAX_BRACKETS);
    g_autofree gchar *deeper =
        nest (units[i][0], units[i][1], ACCESS_JSON_MAX_BRACKETS + 1);

    ck_assert (is_object (deep));
    ck_assert (!is_object (deeper));
  }
}
GST_END_TEST;

static Suite *
jsonobject_suite (void)
{
  Suite *suite = suite_create ("jsonobject");
  TCase *tests = tcase_create ("jsonobject");

  tcase_add_test (tests, an_object_is_one_whatever_it_has);
  tcase_add_test (tests, anything_else_is_none);
  tcase_add_test (tests, two_values_are_no_object);
  tcase_add_test (tests, comments_are_in_no_object);
  tcase_add_test (tests, brackets_are_limited);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (jsonobject);
