/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The certificate of HTTPS: see httpscredentials-io.h. */

#include "ext/whep/http/httpscredentials-io.h"
#include "gst/net/identity-io.h"
#include "gst/net/machinenames-io.h"

static gboolean
is_set (const gchar *text)
{
  return text != NULL && *text != '\0';
}

static NetCredentials *
open_own (const gchar *folder, GError **error)
{
  g_auto (GStrv) names = net_machinenames_list ();
  g_autofree gchar *certificate =
      g_build_filename (folder, NET_IDENTITY_CERTIFICATE, NULL);
  g_autofree gchar *key = g_build_filename (folder, NET_IDENTITY_KEY, NULL);

  if (!net_identity_ensure (folder, (const gchar *const *) names,
          g_get_real_time () / G_USEC_PER_SEC, error))
    return NULL;
  return net_credentials_new_for_http (certificate, key, error);
}

const gchar *
whep_https_self_signed_folder (const WhepHttpsParams *params)
{
  if (is_set (params->certificate) || !is_set (params->self_signed))
    return NULL;
  return params->self_signed;
}

NetCredentials *
whep_https_credentials_open (const WhepHttpsParams *params, GError **error)
{
  if (is_set (params->certificate))
    return net_credentials_new_for_http (params->certificate, params->key,
        error);
  if (whep_https_self_signed_folder (params) != NULL)
    return open_own (params->self_signed, error);
  if (params->is_only)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        "https-only needs a certificate: tls-certificate or tls-self-signed");
  return NULL;
}
