/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which other node a viewer is redirected to. */

#include "ext/whep/http/redirect.h"

#include <gst/check/gstcheck.h>
#include <string.h>

static void
assert_location (WhepRedirect *redirect, const gchar *found, const gchar *path,
    const gchar *query, const gchar *expected)
{
  g_autofree gchar *location =
      whep_redirect_location (redirect, found, path, query);

  ck_assert_msg (g_strcmp0 (location, expected) == 0, "%s", location);
}

GST_START_TEST (the_nodes_of_the_setting_take_turns)
{
  WhepRedirect *redirect = whep_redirect_new ("b", "a, b,c", NULL);

  assert_location (redirect, NULL, "/whep/live/cam", NULL, "cam?node=a");
  assert_location (redirect, NULL, "/whep/live/cam", "", "cam?node=c");
  assert_location (redirect, NULL, "/whep/live/cam", "token=x&sound=true",
      "cam?node=a&token=x&sound=true");
  whep_redirect_free (redirect);
}
GST_END_TEST;

GST_START_TEST (a_node_that_is_known_to_have_room_is_preferred)
{
  WhepRedirect *redirect = whep_redirect_new ("a", "b", NULL);

  assert_location (redirect, "c", "/whep/live/a:b", NULL, "a%3Ab?node=c");
  assert_location (redirect, "a", "/whep/live/cam", NULL, "cam?node=b");
  assert_location (redirect, "not a name", "/whep/live/cam", NULL,
      "cam?node=b");
  whep_redirect_free (redirect);
}
GST_END_TEST;

GST_START_TEST (without_another_node_there_is_no_location)
{
  static const gchar *const lists[] = { NULL, "", "a", "a,a" };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    WhepRedirect *redirect = whep_redirect_new ("a", lists[i], NULL);

    ck_assert (redirect != NULL);
    assert_location (redirect, NULL, "/whep/live/cam", NULL, NULL);
    whep_redirect_free (redirect);
  }
}
GST_END_TEST;

GST_START_TEST (a_request_is_redirected_once)
{
  ck_assert (!whep_redirect_is_final (NULL));
  ck_assert (!whep_redirect_is_final ("token=node"));
  ck_assert (whep_redirect_is_final ("token=x&node=b"));
  ck_assert (whep_redirect_is_final ("node="));
}
GST_END_TEST;

GST_START_TEST (names_are_checked)
{
  static const struct
  {
    const gchar *own, *nodes, *words;
  } wrong[] = {
    { "a.b", NULL, "“a.b” is not the name of a node" },
    { "", NULL, "“” is not" },
    { "abcdefghijklmnopqrstuvwxyz0123456", NULL, "at most 32" },
    { NULL, "a,b/c", "“b/c”" },
    { NULL, "a,,b", "“” is not" },
  };
  g_autofree gchar *commas = g_strnfill (WHEP_REDIRECT_MAX_NODES, ',');
  g_autoptr (GError) too_many = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    ck_assert (
        whep_redirect_new (wrong[i].own, wrong[i].nodes, &error) == NULL);
    ck_assert_msg (strstr (error->message, wrong[i].words) != NULL, "%s",
        error->message);
  }
  ck_assert (whep_redirect_new (NULL, commas, &too_many) == NULL);
  ck_assert_msg (strstr (too_many->message, "more than") != NULL, "%s",
      too_many->message);
}
GST_END_TEST;

static Suite *
redirect_suite (void)
{
  Suite *suite = suite_create ("redirect");
  TCase *tcase = tcase_create ("redirect");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_nodes_of_the_setting_take_turns);
  tcase_add_test (tcase, a_node_that_is_known_to_have_room_is_preferred);
  tcase_add_test (tcase, without_another_node_there_is_no_location);
  tcase_add_test (tcase, a_request_is_redirected_once);
  tcase_add_test (tcase, names_are_checked);
  return suite;
}

GST_CHECK_MAIN (redirect);
