/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A self-signed certificate is kept for as long as it serves. */

#include "gst/net/identity-io.h"
#include "gst/net/credentials-io.h"
#include "gst/net/selfsigned.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>
#include <string.h>

#define NOW_S 1800000000
#define LATER_S (NOW_S + NET_SELFSIGNED_DAYS * 24 * 60 * 60)

static const gchar *const names[] = { "attic", "192.0.2.7", NULL };

typedef struct
{
  gchar *parent;
  gchar *folder;
  gchar *certificate;
  gchar *key;
} Kept;

static Kept
kept_new (void)
{
  Kept self = { .parent = g_dir_make_tmp ("identity-XXXXXX", NULL) };

  self.folder = g_build_filename (self.parent, "tls", NULL);
  self.certificate =
      g_build_filename (self.folder, NET_IDENTITY_CERTIFICATE, NULL);
  self.key = g_build_filename (self.folder, NET_IDENTITY_KEY, NULL);
  return self;
}

static void
kept_clear (Kept *self)
{
  g_remove (self->certificate);
  g_remove (self->key);
  g_rmdir (self->folder);
  g_rmdir (self->parent);
  g_free (self->certificate);
  g_free (self->key);
  g_free (self->folder);
  g_free (self->parent);
}

/* Returns: (transfer full): the fingerprint of what is used then. */
static gchar *
ensure (const Kept *self, const gchar *const *of, gint64 now_s)
{
  g_autoptr (GError) error = NULL;
  NetCredentials *credentials;
  gchar *fingerprint;

  ck_assert (net_identity_ensure (self->folder, of, now_s, &error));
  g_assert_no_error (error);
  credentials =
      net_credentials_new_for_http (self->certificate, self->key, &error);
  g_assert_no_error (error);
  fingerprint = net_credentials_dup_fingerprint (credentials);
  net_credentials_free (credentials);
  return fingerprint;
}

static gint
mode_of (const gchar *path)
{
  GStatBuf status;

  ck_assert_int_eq (g_stat (path, &status), 0);
  return status.st_mode & 0777;
}

GST_START_TEST (it_is_made_once_and_only_its_owner_reads_it)
{
  Kept kept = kept_new ();
  g_autofree gchar *first = ensure (&kept, names, NOW_S);
  g_autofree gchar *second = ensure (&kept, names, NOW_S);

  ck_assert_str_eq (first, second);
  ck_assert_uint_eq (strlen (first), 32 * 3 - 1);
  ck_assert_int_eq (mode_of (kept.folder), 0700);
  ck_assert_int_eq (mode_of (kept.certificate), 0600);
  ck_assert_int_eq (mode_of (kept.key), 0600);
  kept_clear (&kept);
}
GST_END_TEST;

GST_START_TEST (it_is_replaced_when_it_expires_or_lacks_an_address)
{
  static const gchar *const fewer[] = { "attic", NULL };
  static const gchar *const others[] = { "attic", "192.0.2.8", NULL };
  Kept kept = kept_new ();
  g_autofree gchar *first = ensure (&kept, names, NOW_S);
  g_autofree gchar *same = ensure (&kept, fewer, NOW_S);
  g_autofree gchar *moved = ensure (&kept, others, NOW_S);
  g_autofree gchar *later = ensure (&kept, others, LATER_S);
  g_autofree gchar *still = ensure (&kept, others, LATER_S);

  ck_assert_str_eq (first, same);
  ck_assert_str_ne (same, moved);
  ck_assert_str_ne (moved, later);
  ck_assert_str_eq (later, still);
  kept_clear (&kept);
}
GST_END_TEST;

GST_START_TEST (files_that_do_not_fit_are_replaced)
{
  Kept kept = kept_new ();
  Kept other = kept_new ();
  g_autofree gchar *first = ensure (&kept, names, NOW_S);
  g_autofree gchar *others = ensure (&other, names, NOW_S);
  g_autofree gchar *second = NULL, *third = NULL, *fourth = NULL;

  /* As if it had been interrupted between the two files. */
  ck_assert_int_eq (g_rename (other.key, kept.key), 0);
  second = ensure (&kept, names, NOW_S);
  ck_assert_str_ne (first, second);
  ck_assert_int_eq (g_remove (kept.key), 0);
  third = ensure (&kept, names, NOW_S);
  ck_assert_str_ne (second, third);
  ck_assert (g_file_set_contents (kept.certificate, "nonsense", -1, NULL));
  fourth = ensure (&kept, names, NOW_S);
  ck_assert_str_ne (third, fourth);
  kept_clear (&kept);
  kept_clear (&other);
}
GST_END_TEST;

GST_START_TEST (a_folder_that_cannot_be_is_an_error_that_names_it)
{
  g_autoptr (GError) error = NULL;

  ck_assert (!net_identity_ensure ("/proc/nowhere", names, NOW_S, &error));
  ck_assert_msg (strstr (error->message, "/proc/nowhere") != NULL, "%s",
      error->message);
}
GST_END_TEST;

static Suite *
identity_suite (void)
{
  Suite *suite = suite_create ("identity");
  TCase *tcase = tcase_create ("identity");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, it_is_made_once_and_only_its_owner_reads_it);
  tcase_add_test (tcase, it_is_replaced_when_it_expires_or_lacks_an_address);
  tcase_add_test (tcase, files_that_do_not_fit_are_replaced);
  tcase_add_test (tcase, a_folder_that_cannot_be_is_an_error_that_names_it);
  return suite;
}

GST_CHECK_MAIN (identity);
