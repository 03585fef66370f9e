/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of keys and a server decide; what can't be decided is rejected. */

#include "gst/access/authorizer-io.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>

static gchar *path;

static void
set_up (void)
{
  gint fd = g_file_open_tmp ("keys-XXXXXX", &path, NULL);

  ck_assert_int_ge (fd, 0);
  g_close (fd, NULL);
  ck_assert (g_file_set_contents (path, "live/cam open-sesame\n", -1, NULL));
}

static void
tear_down (void)
{
  g_remove (path);
  g_clear_pointer (&path, g_free);
}

static const struct
{
  const gchar *stream;
  const gchar *secret;
  AccessVerdict verdict;
} requests[] = {
  { "live/cam", "open-sesame", ACCESS_ALLOWED },
  { "live/cam", "sesame", ACCESS_SECRET_WRONG },
  { "live/cam", NULL, ACCESS_SECRET_MISSING },
  { "live/other", "open-sesame", ACCESS_SECRET_WRONG },
};

GST_START_TEST (a_file_of_keys_decides)
{
  AccessAuthorizer *self = access_authorizer_new ("watch", path, NULL, NULL);

  ck_assert (access_authorizer_has_keys (self));
  ck_assert (!access_authorizer_has_hook (self));
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    ck_assert_msg (access_authorizer_check_secret (self, requests[i].stream,
                       requests[i].secret) == requests[i].verdict,
        "request %u", i);
  access_authorizer_free (self);
}
GST_END_TEST;

GST_START_TEST (without_a_file_everybody_may)
{
  AccessAuthorizer *self = access_authorizer_new ("watch", "", "", NULL);

  ck_assert (!access_authorizer_has_keys (self));
  ck_assert_int_eq (access_authorizer_check_secret (self, "live/cam", NULL),
      ACCESS_ALLOWED);
  access_authorizer_free (self);
}
GST_END_TEST;

GST_START_TEST (a_file_that_is_gone_lets_nobody_in)
{
  AccessAuthorizer *self = access_authorizer_new ("watch", path, NULL, NULL);

  g_remove (path);
  ck_assert_int_eq (access_authorizer_check_secret (self, "live/cam",
                        "open-sesame"),
      ACCESS_KEYS_UNREADABLE);
  ck_assert (access_authorizer_read_keys (self) == NULL);
  access_authorizer_free (self);
}
GST_END_TEST;

GST_START_TEST (settings_that_can_not_work_are_errors)
{
  static const gchar *const urls[] = { "ftp://host/", "nonsense", "http://" };
  g_autoptr (GError) error = NULL;

  ck_assert (access_authorizer_new ("watch", "/nonexistent/keys", NULL,
                 &error) == NULL);
  ck_assert (error != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++) {
    g_clear_error (&error);
    ck_assert_msg (access_authorizer_new ("watch", NULL, urls[i], &error) ==
            NULL,
        "%s", urls[i]);
    ck_assert_msg (error != NULL, "%s", urls[i]);
  }
}
GST_END_TEST;

static Suite *
authorizer_suite (void)
{
  Suite *suite = suite_create ("authorizer");
  TCase *tests = tcase_create ("authorizer");

  tcase_add_checked_fixture (tests, set_up, tear_down);
  tcase_add_test (tests, a_file_of_keys_decides);
  tcase_add_test (tests, without_a_file_everybody_may);
  tcase_add_test (tests, a_file_that_is_gone_lets_nobody_in);
  tcase_add_test (tests, settings_that_can_not_work_are_errors);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (authorizer);
