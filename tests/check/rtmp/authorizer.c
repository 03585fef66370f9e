/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A login is good for a while, and for one connection. */

#include "gst/rtmp/authorizer-io.h"
#include "gst/rtmp/login.h"
#include "tests/support/encoderlogin.h"

#include <gst/check/gstcheck.h>
#include <glib/gstdio.h>

#define SECOND(n) ((gint64) (n) *G_USEC_PER_SEC)
#define ASKED SECOND (1000)

typedef struct
{
  RtmpAuthorizer *authorizer;
  gchar *path;
} Fixture;

static Fixture
fixture_new (void)
{
  AccessAuthorizerParams params = { 0 };
  Fixture self = { 0 };
  gint fd = g_file_open_tmp ("keys-XXXXXX", &self.path, NULL);

  ck_assert_int_ge (fd, 0);
  g_close (fd, NULL);
  ck_assert (
      g_file_set_contents (self.path, "live/cam anna:geheim\n", -1, NULL));
  params.keys = self.path;
  self.authorizer = rtmp_authorizer_new (&params, NULL);
  ck_assert (self.authorizer != NULL);
  return self;
}

static void
fixture_clear (Fixture *self)
{
  rtmp_authorizer_free (self->authorizer);
  g_remove (self->path);
  g_free (self->path);
}

/* Returns: (transfer full): what an encoder answers to a challenge of ASKED. */
static gchar *
log_in (Fixture *self)
{
  RtmpLoginState login = { 0 };
  const gchar *why = NULL;
  g_autofree gchar *description =
      rtmp_authorizer_check_connect (self->authorizer, &login, "live",
          "authmod=adobe&user=anna", ASKED, &why);

  ck_assert_str_eq (why, "is asked for its password");
  ck_assert (login.challenge == NULL);
  return encoder_login (description, "geheim");
}

static gboolean
connects (Fixture *self, RtmpLoginState *login, const gchar *answer,
    gint64 now_us)
{
  const gchar *why = NULL;
  g_autofree gchar *description =
      rtmp_authorizer_check_connect (self->authorizer, login, "live", answer,
          now_us, &why);

  return description == NULL;
}

static gboolean
publishes (Fixture *self, RtmpLoginState *login, const gchar *answer,
    gint64 now_us)
{
  const AccessRequest request = { "publish", "live/cam", answer, "::1" };
  g_autofree gchar *why =
      rtmp_authorizer_check_publish (self->authorizer, login, &request, now_us);

  return why == NULL;
}

GST_START_TEST (an_answer_that_is_overheard_is_of_no_use)
{
  Fixture fixture = fixture_new ();
  g_autofree gchar *answer = log_in (&fixture);
  RtmpLoginState owner = { 0 }, thief = { 0 };

  ck_assert (connects (&fixture, &owner, answer, ASKED + SECOND (1)));
  ck_assert (!connects (&fixture, &thief, answer, ASKED + SECOND (1)));
  ck_assert (!publishes (&fixture, &thief, answer, ASKED + SECOND (1)));
  ck_assert (publishes (&fixture, &owner, answer, ASKED + SECOND (2)));
  ck_assert (!connects (&fixture, &thief, answer, ASKED + SECOND (34)));
  ck_assert (!publishes (&fixture, &thief, answer, ASKED + SECOND (34)));
  rtmp_login_state_clear (&owner);
  rtmp_login_state_clear (&thief);
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (an_answer_is_too_old_at_publish_as_well)
{
  Fixture fixture = fixture_new ();
  g_autofree gchar *answer = log_in (&fixture);
  g_autofree gchar *unused = log_in (&fixture);
  RtmpLoginState late = { 0 }, later = { 0 };

  ck_assert (
      connects (&fixture, &late, answer, ASKED + SECOND (RTMP_LOGIN_FRESH_S)));
  ck_assert (!publishes (&fixture, &late, answer,
      ASKED + SECOND (RTMP_LOGIN_FRESH_S + 4)));
  /* In the key alone, it was never looked at before. */
  ck_assert (!publishes (&fixture, &later, unused,
      ASKED + SECOND (RTMP_LOGIN_FRESH_S + 4)));
  rtmp_login_state_clear (&late);
  rtmp_login_state_clear (&later);
  fixture_clear (&fixture);
}
GST_END_TEST;

GST_START_TEST (who_has_published_may_do_so_again_on_its_connection)
{
  Fixture fixture = fixture_new ();
  g_autofree gchar *answer = log_in (&fixture);
  RtmpLoginState owner = { 0 };

  ck_assert (connects (&fixture, &owner, answer, ASKED));
  ck_assert (publishes (&fixture, &owner, answer, ASKED));
  ck_assert (publishes (&fixture, &owner, answer, ASKED + SECOND (3600)));
  rtmp_login_state_clear (&owner);
  fixture_clear (&fixture);
}
GST_END_TEST;

static Suite *
authorizer_suite (void)
{
  Suite *suite = suite_create ("authorizer");
  TCase *tcase = tcase_create ("authorizer");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, an_answer_that_is_overheard_is_of_no_use);
  tcase_add_test (tcase, an_answer_is_too_old_at_publish_as_well);
  tcase_add_test (tcase, who_has_published_may_do_so_again_on_its_connection);
  return suite;
}

GST_CHECK_MAIN (authorizer);
