/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A grant allows what its keys or its token allow, and nothing once it has been
 * cleared. */

#include "gst/access/grant.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define CLAIMS "{\"publish\":\"live/mine\",\"watch\":\"live/cam\"}"

static AccessClaims *
claims_new (const gchar *text)
{
  return access_claims_parse (text, strlen (text));
}

static void
assert_verdict (const AccessGrant *grant, const gchar *action,
    const gchar *stream, AccessVerdict verdict)
{
  ck_assert_msg (access_grant_check (grant, action, stream) == verdict, "%s %s",
      action, stream);
}

GST_START_TEST (a_token_is_for_what_its_action_names)
{
  AccessGrant grant = {
    .has_secret = TRUE,
    .claims = claims_new (CLAIMS),
    .is_current = TRUE,
  };

  assert_verdict (&grant, ACCESS_ACTION_WATCH, "live/cam", ACCESS_ALLOWED);
  assert_verdict (&grant, ACCESS_ACTION_PLAY, "live/cam", ACCESS_ALLOWED);
  assert_verdict (&grant, ACCESS_ACTION_LIST, "live/cam", ACCESS_ALLOWED);
  assert_verdict (&grant, ACCESS_ACTION_PUBLISH, "live/cam",
      ACCESS_SECRET_WRONG);
  assert_verdict (&grant, ACCESS_ACTION_PUBLISH, "live/mine", ACCESS_ALLOWED);
  assert_verdict (&grant, ACCESS_ACTION_WATCH, "live/mine",
      ACCESS_SECRET_WRONG);
  ck_assert (!access_grant_is_guess (&grant));
  access_grant_clear (&grant);
  assert_verdict (&grant, ACCESS_ACTION_WATCH, "live/cam",
      ACCESS_SECRET_MISSING);
}
GST_END_TEST;

GST_START_TEST (an_expired_token_allows_nothing_and_is_no_guess)
{
  AccessGrant grant = {
    .has_secret = TRUE,
    .claims = claims_new ("{\"watch\":\"*\",\"admin\":true}"),
  };

  assert_verdict (&grant, ACCESS_ACTION_WATCH, "live/cam",
      ACCESS_TOKEN_EXPIRED);
  ck_assert (!access_grant_is_admin (&grant));
  ck_assert (!access_grant_is_guess (&grant));
  grant.is_current = TRUE;
  ck_assert (access_grant_is_admin (&grant));
  access_grant_clear (&grant);
}
GST_END_TEST;

GST_START_TEST (a_secret_that_no_key_has_is_a_guess)
{
  static const gchar text[] = "live/cam right\nlive/other other\n";
  guint bad_line;
  AccessKeys *keys =
      access_keys_parse (text, strlen (text), ACCESS_KEYS_BY_STREAM, &bad_line);
  AccessGrant grant = { .has_secret = TRUE, .keys = keys };

  access_keys_digest ("right", grant.digest);
  assert_verdict (&grant, ACCESS_ACTION_WATCH, "live/cam", ACCESS_ALLOWED);
  access_keys_digest ("other", grant.digest);
  assert_verdict (&grant, ACCESS_ACTION_WATCH, "live/cam", ACCESS_SECRET_WRONG);
  ck_assert (!access_grant_is_guess (&grant));
  access_keys_digest ("wrong", grant.digest);
  ck_assert (access_grant_is_guess (&grant));
  grant.is_unreadable = TRUE;
  assert_verdict (&grant, ACCESS_ACTION_WATCH, "live/cam",
      ACCESS_KEYS_UNREADABLE);
  ck_assert (!access_grant_is_guess (&grant));
  access_grant_clear (&grant);
  access_keys_free (keys);
}
GST_END_TEST;

static Suite *
grant_suite (void)
{
  Suite *suite = suite_create ("grant");
  TCase *tests = tcase_create ("grant");

  tcase_add_test (tests, a_token_is_for_what_its_action_names);
  tcase_add_test (tests, an_expired_token_allows_nothing_and_is_no_guess);
  tcase_add_test (tests, a_secret_that_no_key_has_is_a_guess);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (grant);
