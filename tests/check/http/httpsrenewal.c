/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The renewal of a certificate that is in use. */

#include "ext/whep/http/httpsrenewal-io.h"
#include "gst/net/identity-io.h"
#include "gst/net/selfsigned.h"

#include <glib/gstdio.h>
#include <gst/check/gstcheck.h>

#define NOW_S 1800000000
#define DAY_S (24 * 60 * 60)
#define RENEWAL_S                                                              \
  (NOW_S + (NET_SELFSIGNED_DAYS - NET_SELFSIGNED_RENEWAL_DAYS) * DAY_S)

static const gchar *const names[] = { "attic", "192.0.2.7", NULL };
static const gchar *const moved[] = { "attic", "192.0.2.8", NULL };

typedef struct
{
  gchar *folder;
  gchar *certificate;
  gchar *key;
  NetCredentials *credentials;
  WhepHttpsRenewal *renewal;
} Kept;

static Kept
kept_new (void)
{
  Kept self = { .folder = g_dir_make_tmp ("renewal-XXXXXX", NULL) };

  self.certificate =
      g_build_filename (self.folder, NET_IDENTITY_CERTIFICATE, NULL);
  self.key = g_build_filename (self.folder, NET_IDENTITY_KEY, NULL);
  ck_assert (net_identity_ensure (self.folder, names, NOW_S, NULL));
  self.credentials =
      net_credentials_new_for_http (self.certificate, self.key, NULL);
  ck_assert (self.credentials != NULL);
  self.renewal = whep_https_renewal_new (self.folder, self.credentials);
  return self;
}

static void
kept_clear (Kept *self)
{
  whep_https_renewal_free (self->renewal);
  net_credentials_free (self->credentials);
  g_remove (self->certificate);
  g_remove (self->key);
  g_rmdir (self->folder);
  g_free (self->certificate);
  g_free (self->key);
  g_free (self->folder);
}

/* Returns: (transfer full): what the next connection is shown. */
static gchar *
shown (Kept *self)
{
  net_credentials_context (self->credentials);
  return net_credentials_dup_fingerprint (self->credentials);
}

static const struct
{
  const gchar *const *names;
  gint64 now_s;
  gboolean is_renewed;
} checks[] = {
  { names, NOW_S, FALSE },
  { names, RENEWAL_S - 2 * DAY_S, FALSE },
  { names, RENEWAL_S + DAY_S, TRUE },
  { moved, NOW_S, TRUE },
};

GST_START_TEST (a_certificate_is_renewed_when_it_no_longer_serves)
{
  for (guint i = 0; i < G_N_ELEMENTS (checks); i++) {
    Kept kept = kept_new ();
    g_autofree gchar *before = shown (&kept);
    g_autofree gchar *after = NULL, *later = NULL;

    whep_https_renewal_check (kept.renewal, checks[i].names, checks[i].now_s);
    after = shown (&kept);
    ck_assert_msg (g_str_equal (before, after) != checks[i].is_renewed, "%u",
        i);
    whep_https_renewal_check (kept.renewal, checks[i].names, checks[i].now_s);
    later = shown (&kept);
    ck_assert_str_eq (after, later);
    kept_clear (&kept);
  }
}
GST_END_TEST;

GST_START_TEST (the_previous_certificate_stays_where_none_can_be_written)
{
  Kept kept = kept_new ();
  g_autofree gchar *before = shown (&kept);
  g_autofree gchar *after = NULL;

  /* A file in the folder's place. */
  g_remove (kept.certificate);
  g_remove (kept.key);
  g_rmdir (kept.folder);
  ck_assert (g_file_set_contents (kept.folder, "", 0, NULL));
  whep_https_renewal_check (kept.renewal, moved, NOW_S);
  after = shown (&kept);
  ck_assert_str_eq (before, after);
  g_remove (kept.folder);
  kept_clear (&kept);
}
GST_END_TEST;

static Suite *
https_renewal_suite (void)
{
  Suite *suite = suite_create ("httpsrenewal");
  TCase *tcase = tcase_create ("httpsrenewal");

  suite_add_tcase (suite, tcase);
  tcase_add_test (tcase, a_certificate_is_renewed_when_it_no_longer_serves);
  tcase_add_test (tcase,
      the_previous_certificate_stays_where_none_can_be_written);
  return suite;
}

GST_CHECK_MAIN (https_renewal);
