/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signatures of a web hook, against the example of Standard Webhooks. */

#include "gst/journal/signature.h"

#include <gst/check/gstcheck.h>

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define TIME_S 1614265330
#define BODY "{\"test\": 2432232314}"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

/* Of the bytes "abcdefghijklmnopqrstuvwx". */
#define PLAIN "abcdefghijklmnopqrstuvwx"
#define PLAIN_ENCODED "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4"

static gchar *
sign (const gchar *text)
{
  g_autoptr (JournalSecrets) secrets = journal_secrets_new (text, NULL);

  ck_assert_msg (secrets != NULL, "%s", text);
  return journal_secrets_sign (secrets, ID, TIME_S, BODY);
}

GST_START_TEST (the_example_of_standard_webhooks_is_reproduced)
{
  g_autofree gchar *signature = sign (SECRET);

  ck_assert_str_eq (signature, SIGNATURE);
}
GST_END_TEST;

GST_START_TEST (a_secret_may_be_plain)
{
  g_autofree gchar *plain = sign (PLAIN);
  g_autofree gchar *encoded = sign (PLAIN_ENCODED);

  ck_assert_str_eq (plain, encoded);
}
GST_END_TEST;

GST_START_TEST (each_secret_signs)
{
  g_autofree gchar *other = sign (PLAIN);
  g_autofree gchar *both = g_strconcat (SIGNATURE, " ", other, NULL);
  g_autofree gchar *signature =
      sign ("# new\n" SECRET "\r\n\n  # old\n\t" PLAIN " \n");

  ck_assert_str_eq (signature, both);
}
GST_END_TEST;

GST_START_TEST (whatever_is_signed_changes_the_signature)
{
  g_autoptr (JournalSecrets) secrets = journal_secrets_new (SECRET, NULL);
  g_autofree gchar *id = journal_secrets_sign (secrets, ID "a", TIME_S, BODY);
  g_autofree gchar *time = journal_secrets_sign (secrets, ID, TIME_S + 1, BODY);
  g_autofree gchar *body = journal_secrets_sign (secrets, ID, TIME_S, BODY " ");

  ck_assert_str_ne (id, SIGNATURE);
  ck_assert_str_ne (time, SIGNATURE);
  ck_assert_str_ne (body, SIGNATURE);
}
GST_END_TEST;

static const struct
{
  const gchar *text, *why;
} wrong[] = {
  { "", "there is no secret in it" },
  { "# a comment\n\n", "there is no secret in it" },
  { "abcdefghijklmnopqrstuvw", "line 1: a secret has 24 to 64 bytes, not 23" },
  { "\n123456789012345678901234567890123456789012345678901234567890123456",
      "line 2: a secret has 24 to 64 bytes, not 66" },
  { "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
      "line 1: what follows whsec_ is not base64" },
  { "whsec_MfKQ9r8GKYqr TwjUPD8ILPZIo2LaLaSw",
      "line 1: what follows whsec_ is not base64" },
  { "whsec_", "line 1: a secret has 24 to 64 bytes, not 0" },
  { PLAIN "\n" PLAIN "\n" PLAIN "\n" PLAIN "\n" PLAIN,
      "there are more than 4 secrets" },
};

GST_START_TEST (a_weak_or_garbled_secret_is_rejected)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    ck_assert (journal_secrets_new (wrong[i].text, &error) == NULL);
    ck_assert_str_eq (error->message, wrong[i].why);
  }
}
GST_END_TEST;

static Suite *
signature_suite (void)
{
  Suite *suite = suite_create ("signature");
  TCase *tcase = tcase_create ("signature");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_example_of_standard_webhooks_is_reproduced);
  tcase_add_test (tcase, a_secret_may_be_plain);
  tcase_add_test (tcase, each_secret_signs);
  tcase_add_test (tcase, whatever_is_signed_changes_the_signature);
  tcase_add_test (tcase, a_weak_or_garbled_secret_is_rejected);
  return suite;
}

GST_CHECK_MAIN (signature);
