/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of keys and a server decide; what can't be decided is rejected. */

#include "gst/access/authorizer-io.h"
#include "tests/support/jwtsigner.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>
#include <string.h>

static gchar *path;

/* All of them: (nullable). */
static AccessAuthorizer *
authorizer_new (const gchar *keys, const gchar *jwt_keys, const gchar *hook,
    GError **error)
{
  const AccessAuthorizerParams params = {
    .action = ACCESS_ACTION_WATCH,
    .keys = keys,
    .jwt_keys = jwt_keys,
    .hook = hook,
  };

  return access_authorizer_new (&params, error);
}

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
  AccessAuthorizer *self = authorizer_new (path, NULL, NULL, NULL);

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
  AccessAuthorizer *self = authorizer_new ("", "", "", NULL);

  ck_assert (!access_authorizer_has_keys (self));
  ck_assert_int_eq (access_authorizer_check_secret (self, "live/cam", NULL),
      ACCESS_ALLOWED);
  access_authorizer_free (self);
}
GST_END_TEST;

GST_START_TEST (a_file_that_is_gone_lets_nobody_in)
{
  AccessAuthorizer *self = authorizer_new (path, NULL, NULL, NULL);

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

  ck_assert (authorizer_new ("/nonexistent/keys", NULL, NULL, &error) == NULL);
  ck_assert (error != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++) {
    g_clear_error (&error);
    ck_assert_msg (authorizer_new (NULL, NULL, urls[i], &error) == NULL, "%s",
        urls[i]);
    ck_assert_msg (error != NULL, "%s", urls[i]);
  }
}
GST_END_TEST;

static AccessVerdict
check (AccessAuthorizer *self, const gchar *claims, const gchar *secret)
{
  g_autofree gchar *token = jwt_sign_with_secret (JWT_HS256, claims, secret);

  return access_authorizer_check_secret (self, "live/cam", token);
}

static const struct
{
  const gchar *claims, *secret;
  AccessVerdict verdict;
} tokens[] = {
  { "{\"watch\":\"live/*\"}", JWT_SECRET, ACCESS_ALLOWED },
  { "{\"watch\":\"live/*\",\"exp\":4102444800}", JWT_SECRET, ACCESS_ALLOWED },
  { "{\"watch\":\"live/*\",\"exp\":1}", JWT_SECRET, ACCESS_TOKEN_EXPIRED },
  { "{\"watch\":\"live/*\",\"nbf\":4102444800}", JWT_SECRET,
      ACCESS_TOKEN_EXPIRED },
  { "{\"watch\":\"live/other\"}", JWT_SECRET, ACCESS_SECRET_WRONG },
  { "{\"publish\":\"live/*\"}", JWT_SECRET, ACCESS_SECRET_WRONG },
  { "{\"watch\":\"live/*\"}", JWT_SECRET "x", ACCESS_SECRET_WRONG },
};

GST_START_TEST (a_token_decides_beside_the_keys)
{
  g_autofree gchar *keys = g_steal_pointer (&path);
  AccessAuthorizer *self;

  set_up ();
  ck_assert (g_file_set_contents (path, JWT_SECRET "\n", -1, NULL));
  self = authorizer_new (keys, path, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    ck_assert_msg (check (self, tokens[i].claims, tokens[i].secret) ==
            tokens[i].verdict,
        "%s", tokens[i].claims);
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    ck_assert_msg (access_authorizer_check_secret (self, requests[i].stream,
                       requests[i].secret) == requests[i].verdict,
        "request %u", i);
  access_authorizer_free (self);
  g_remove (keys);
}
GST_END_TEST;

GST_START_TEST (the_keys_of_tokens_are_read_again)
{
  static const gchar claims[] = "{\"watch\":\"*\"}";
  AccessAuthorizer *self;

  ck_assert (g_file_set_contents (path, JWT_SECRET, -1, NULL));
  self = authorizer_new (NULL, path, NULL, NULL);
  ck_assert (access_authorizer_needs_secret (self));
  ck_assert (!access_authorizer_has_keys (self));
  ck_assert_int_eq (check (self, claims, JWT_SECRET), ACCESS_ALLOWED);
  ck_assert (g_file_set_contents (path, "another-" JWT_SECRET, -1, NULL));
  ck_assert_int_eq (check (self, claims, JWT_SECRET), ACCESS_SECRET_WRONG);
  ck_assert_int_eq (check (self, claims, "another-" JWT_SECRET),
      ACCESS_ALLOWED);
  ck_assert (g_file_set_contents (path, "short", -1, NULL));
  ck_assert_int_eq (check (self, claims, JWT_SECRET), ACCESS_KEYS_UNREADABLE);
  ck_assert (g_file_set_contents (path, JWT_SECRET, -1, NULL));
  ck_assert_int_eq (check (self, claims, JWT_SECRET), ACCESS_ALLOWED);
  access_authorizer_free (self);
}
GST_END_TEST;

GST_START_TEST (keys_of_tokens_that_can_not_work_are_errors)
{
  g_autoptr (GError) error = NULL;

  ck_assert (g_file_set_contents (path, "short", -1, NULL));
  ck_assert (authorizer_new (NULL, path, NULL, &error) == NULL);
  ck_assert (strstr (error->message, path) != NULL);
  ck_assert (strstr (error->message, "at least 32 bytes") != NULL);
  ck_assert (strstr (error->message, "short") == NULL);
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
  tcase_add_test (tests, a_token_decides_beside_the_keys);
  tcase_add_test (tests, the_keys_of_tokens_are_read_again);
  tcase_add_test (tests, keys_of_tokens_that_can_not_work_are_errors);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (authorizer);
