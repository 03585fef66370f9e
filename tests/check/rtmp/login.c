/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A login works as OBS, ffmpeg and rtmp2sink implement it. */

#include "gst/rtmp/login.h"
#include "tests/support/encoderlogin.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define NOW_US (1000 * G_USEC_PER_SEC)

static const guint8 secret[RTMP_LOGIN_SECRET_BYTES] = "of the server";
static const guint8 other_secret[RTMP_LOGIN_SECRET_BYTES] = "of another";

/* Returns: (transfer full): the query of an encoder that knows @password. */
static gchar *
log_in (const gchar *user, const gchar *password)
{
  g_autofree gchar *query = g_strconcat ("authmod=adobe&user=", user, NULL);
  g_autofree gchar *description = NULL;
  g_auto (RtmpLogin) login = { 0 };

  ck_assert_int_eq (rtmp_login_read (&login, query), RTMP_LOGIN_BEGUN);
  description = rtmp_login_challenge (&login, secret, 1, NOW_US);
  ck_assert (strstr (description, "authmod=adobe") != NULL);
  return encoder_login (description, password);
}

GST_START_TEST (only_the_right_password_is_proved)
{
  static const gchar *const users[] = { "anna", "a b", "ä+/" };

  for (guint i = 0; i < G_N_ELEMENTS (users); i++) {
    g_autofree gchar *answer = log_in (users[i], "geheim");
    g_auto (RtmpLogin) login = { 0 };

    ck_assert_int_eq (rtmp_login_read (&login, answer), RTMP_LOGIN_ANSWERED);
    ck_assert_str_eq (login.user, users[i]);
    ck_assert (rtmp_login_is_fresh (&login, secret, NOW_US));
    ck_assert (rtmp_login_proves (&login, secret, "geheim"));
    ck_assert (!rtmp_login_proves (&login, secret, "Geheim"));
    ck_assert (!rtmp_login_proves (&login, secret, ""));
    ck_assert (!rtmp_login_proves (&login, other_secret, "geheim"));
  }
}
GST_END_TEST;

GST_START_TEST (an_answer_expires_and_is_valid_at_one_server_only)
{
  static const struct
  {
    gint64 after_s;
    gboolean is_fresh;
  } times[] = {
    { -1, FALSE },
    { 0, TRUE },
    { RTMP_LOGIN_FRESH_S, TRUE },
    { RTMP_LOGIN_FRESH_S + 1, FALSE },
  };
  g_autofree gchar *answer = log_in ("anna", "geheim");
  g_auto (RtmpLogin) login = { 0 };

  rtmp_login_read (&login, answer);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    ck_assert_int_eq (rtmp_login_is_fresh (&login, secret,
                          NOW_US + times[i].after_s * G_USEC_PER_SEC),
        times[i].is_fresh);
  ck_assert (!rtmp_login_is_fresh (&login, other_secret, NOW_US));
  for (gsize i = 0; login.opaque[i] != '\0'; i++) {
    login.opaque[i] ^= 1;
    ck_assert (!rtmp_login_is_fresh (&login, secret, NOW_US));
    login.opaque[i] ^= 1;
  }
  login.opaque[5] = '\0';
  ck_assert (!rtmp_login_is_fresh (&login, secret, NOW_US));
}
GST_END_TEST;

GST_START_TEST (challenges_are_unique)
{
  g_auto (RtmpLogin) login = { 0 };
  g_autofree gchar *one = NULL;
  g_autofree gchar *other = NULL;

  rtmp_login_read (&login, "authmod=adobe&user=anna");
  one = rtmp_login_challenge (&login, secret, 1, NOW_US);
  other = rtmp_login_challenge (&login, secret, 2, NOW_US);
  ck_assert_str_ne (one, other);
}
GST_END_TEST;

GST_START_TEST (an_answer_is_valid_for_one_user_only)
{
  g_autofree gchar *answer = log_in ("anna", "geheim");
  g_auto (RtmpLogin) login = { 0 };

  rtmp_login_read (&login, answer);
  g_free (login.user);
  login.user = g_strdup ("bert");
  ck_assert (!rtmp_login_is_fresh (&login, secret, NOW_US));
  ck_assert (!rtmp_login_proves (&login, secret, "geheim"));
}
GST_END_TEST;

GST_START_TEST (the_steps_of_a_login_are_recognised)
{
  static const struct
  {
    const gchar *query;
    RtmpLoginStep step;
  } steps[] = {
    { "", RTMP_LOGIN_NONE },
    { "user=anna&pass=geheim", RTMP_LOGIN_NONE },
    { "authmod=llnw&user=anna", RTMP_LOGIN_NONE },
    { "authmod=adobe", RTMP_LOGIN_NONE },
    { "authmod=adobe&user=anna", RTMP_LOGIN_BEGUN },
    { "authmod=adobe&user=an%26na", RTMP_LOGIN_NONE },
    { "authmod=adobe&user=anna&response=r", RTMP_LOGIN_NONE },
    { "authmod=adobe&user=anna&response=r&challenge=c", RTMP_LOGIN_NONE },
    { "authmod=adobe&user=anna&response=r&challenge=c&opaque=",
        RTMP_LOGIN_ANSWERED },
  };
  g_autofree gchar *name = g_strnfill (RTMP_LOGIN_MAX_BYTES + 1, 'a');
  g_autofree gchar *query = g_strconcat ("authmod=adobe&user=", name, NULL);
  g_auto (RtmpLogin) login = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    ck_assert_msg (rtmp_login_read (&login, steps[i].query) == steps[i].step,
        "%s", steps[i].query);
    rtmp_login_clear (&login);
  }
  ck_assert_int_eq (rtmp_login_read (&login, query), RTMP_LOGIN_NONE);
}
GST_END_TEST;

static Suite *
login_suite (void)
{
  Suite *suite = suite_create ("login");
  TCase *tcase = tcase_create ("login");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, only_the_right_password_is_proved);
  tcase_add_test (tcase, an_answer_expires_and_is_valid_at_one_server_only);
  tcase_add_test (tcase, challenges_are_unique);
  tcase_add_test (tcase, an_answer_is_valid_for_one_user_only);
  tcase_add_test (tcase, the_steps_of_a_login_are_recognised);
  return suite;
}

GST_CHECK_MAIN (login);
