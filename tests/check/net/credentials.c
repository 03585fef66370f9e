/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A certificate is taken when it has changed, and only if it is good. */

#include "gst/net/credentials-io.h"

#include "tests/support/selfsigned.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <openssl/ssl.h>
#include <string.h>

typedef struct
{
  gchar *folder;
  gchar *certificate;
  gchar *key;
  WhepCertificate *first;
  WhepCertificate *second;
} Files;

static Files
files_new (void)
{
  Files self = {
    .folder = g_dir_make_tmp ("credentials-XXXXXX", NULL),
    .first = whep_certificate_new (NULL),
    .second = whep_certificate_new (NULL),
  };

  self.certificate = g_build_filename (self.folder, "certificate.pem", NULL);
  self.key = g_build_filename (self.folder, "key.pem", NULL);
  selfsigned_write (self.first, self.certificate, self.key);
  return self;
}

static void
files_clear (Files *self)
{
  g_remove (self->certificate);
  g_remove (self->key);
  g_rmdir (self->folder);
  g_free (self->certificate);
  g_free (self->key);
  g_free (self->folder);
  whep_certificate_free (self->first);
  whep_certificate_free (self->second);
}

static void
assert_uses (NetCredentials *credentials, const WhepCertificate *identity)
{
  X509 *used = SSL_CTX_get0_certificate (net_credentials_context (credentials));

  ck_assert_int_eq (X509_cmp (used, identity->x509), 0);
}

GST_START_TEST (the_key_may_be_in_the_same_file)
{
  Files files = files_new ();
  NetCredentials *credentials;

  selfsigned_write (files.second, files.certificate, NULL);
  credentials = net_credentials_new (files.certificate, "", NULL);
  ck_assert (credentials != NULL);
  assert_uses (credentials, files.second);
  net_credentials_free (credentials);
  files_clear (&files);
}
GST_END_TEST;

GST_START_TEST (files_that_changed_are_read_and_bad_ones_change_nothing)
{
  Files files = files_new ();
  NetCredentials *credentials =
      net_credentials_new (files.certificate, files.key, NULL);
  SSL_CTX *context;

  assert_uses (credentials, files.first);
  context = net_credentials_context (credentials);
  ck_assert (net_credentials_context (credentials) == context);

  ck_assert (g_file_set_contents (files.certificate, "nonsense", -1, NULL));
  assert_uses (credentials, files.first);
  assert_uses (credentials, files.first);
  ck_assert_int_eq (g_remove (files.certificate), 0);
  assert_uses (credentials, files.first);

  /* As if somebody came between the two files: they don't fit yet. */
  selfsigned_write (files.second, files.certificate, NULL);
  assert_uses (credentials, files.first);
  selfsigned_write (files.second, files.certificate, files.key);
  assert_uses (credentials, files.second);
  net_credentials_free (credentials);
  files_clear (&files);
}
GST_END_TEST;

static void
assert_rejected (const gchar *certificate, const gchar *key, const gchar *words)
{
  g_autoptr (GError) error = NULL;

  ck_assert (net_credentials_new (certificate, key, &error) == NULL);
  ck_assert_msg (strstr (error->message, words) != NULL, "%s", error->message);
}

GST_START_TEST (what_is_wrong_is_said_of_the_right_file)
{
  Files files = files_new ();

  assert_rejected ("/nowhere.pem", files.key, "/nowhere.pem");
  assert_rejected (files.certificate, "/nowhere.pem", "/nowhere.pem");
  assert_rejected (files.certificate, NULL, "not the certificate's key");
  assert_rejected (files.key, files.key, "not a certificate");
  assert_rejected (files.key, files.key, files.key);
  /* The key of another. */
  selfsigned_write (files.second, files.key, files.key);
  assert_rejected (files.certificate, files.key, "not the certificate's key");
  files_clear (&files);
}
GST_END_TEST;

static Suite *
credentials_suite (void)
{
  Suite *suite = suite_create ("credentials");
  TCase *tcase = tcase_create ("credentials");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, the_key_may_be_in_the_same_file);
  tcase_add_test (tcase,
      files_that_changed_are_read_and_bad_ones_change_nothing);
  tcase_add_test (tcase, what_is_wrong_is_said_of_the_right_file);
  return suite;
}

GST_CHECK_MAIN (credentials);
