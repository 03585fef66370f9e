/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Renews the gateway's own certificate: see httpsrenewal-io.h. */

#include "ext/whep/http/httpsrenewal-io.h"
#include "ext/whep/category.h"
#include "gst/net/identity-io.h"
#include "gst/net/machinenames-io.h"

WHEP_CATEGORY ("whephttpsrenewal", "The renewal of WHEP's own certificate");

struct _WhepHttpsRenewal
{
  gchar *folder;
  NetCredentials *credentials;
  gchar *fingerprint;  /* of the certificate in use */
  gboolean is_failing; /* the last attempt has failed, and this was logged */
  GSource *timer;
};

/* Credentials read files that have changed when they are used. */
static void
note_new_one (WhepHttpsRenewal *self)
{
  g_autofree gchar *fingerprint = NULL;

  net_credentials_context (self->credentials);
  fingerprint = net_credentials_dup_fingerprint (self->credentials);
  if (g_str_equal (fingerprint, self->fingerprint))
    return;
  GST_WARNING ("the certificate has been renewed, its fingerprint is %s",
      fingerprint);
  g_free (self->fingerprint);
  self->fingerprint = g_steal_pointer (&fingerprint);
}

void
whep_https_renewal_check (WhepHttpsRenewal *self, const gchar *const *names,
    gint64 now_s)
{
  g_autoptr (GError) error = NULL;

  if (net_identity_ensure (self->folder, names, now_s, &error)) {
    self->is_failing = FALSE;
    note_new_one (self);
    return;
  }
  if (!self->is_failing)
    GST_WARNING ("the certificate cannot be renewed: %s", error->message);
  self->is_failing = TRUE;
}

static gboolean
on_timer (gpointer user_data)
{
  g_auto (GStrv) names = net_machinenames_list ();

  whep_https_renewal_check (user_data, (const gchar *const *) names,
      g_get_real_time () / G_USEC_PER_SEC);
  return G_SOURCE_CONTINUE;
}

WhepHttpsRenewal *
whep_https_renewal_new (const gchar *folder, NetCredentials *credentials)
{
  WhepHttpsRenewal *self = g_new0 (WhepHttpsRenewal, 1);

  self->folder = g_strdup (folder);
  self->credentials = credentials;
  self->fingerprint = net_credentials_dup_fingerprint (credentials);
  self->timer = g_timeout_source_new_seconds (WHEP_HTTPS_RENEWAL_INTERVAL_S);
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  return self;
}

void
whep_https_renewal_free (WhepHttpsRenewal *self)
{
  if (self == NULL)
    return;
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_free (self->fingerprint);
  g_free (self->folder);
  g_free (self);
}
