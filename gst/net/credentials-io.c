/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The certificate and the key of TLS: see credentials-io.h. */

#include "gst/net/credentials-io.h"

#include "gst/access/filestamp-io.h"

#include <gst/gstinfo.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

GST_DEBUG_CATEGORY_STATIC (net_credentials_debug);
#define GST_CAT_DEFAULT net_credentials_debug

typedef enum
{
  CERTIFICATE,
  KEY,
  N_FILES,
} File;

struct _NetCredentials
{
  gchar *paths[N_FILES];
  AccessFileStamp stamps[N_FILES]; /* when they were last read */
  gboolean is_for_http;
  SSL_CTX *context; /* of the last usable files */
};

/* OpenSSL would ask for a password at the terminal, where no operator can be
 * expected. */
static int
no_password (char *buffer, int size, int is_writing, void *user_data)
{
  return -1;
}

static gboolean
fail (const gchar *path, const gchar *what, GError **error)
{
  const gchar *why = ERR_reason_error_string (ERR_peek_last_error ());

  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "“%s”: %s (%s)", path,
      what, why != NULL ? why : "no reason is given");
  ERR_clear_error ();
  return FALSE;
}

static gboolean
fill_context (NetCredentials *self, SSL_CTX *context, GError **error)
{
  const gchar *const *paths = (const gchar *const *) self->paths;

  ERR_clear_error ();
  SSL_CTX_set_default_passwd_cb (context, no_password);
  if (!SSL_CTX_use_certificate_chain_file (context, paths[CERTIFICATE]))
    return fail (paths[CERTIFICATE], "not a certificate in PEM", error);
  /* This also compares the key with the certificate. */
  if (!SSL_CTX_use_PrivateKey_file (context, paths[KEY], SSL_FILETYPE_PEM))
    return fail (paths[KEY], "not the certificate's key in PEM", error);
  return TRUE;
}

/* On failure, returns FALSE and keeps the old context. */
static gboolean
load (NetCredentials *self, GError **error)
{
  SSL_CTX *context = net_tls_context_new ();

  if (context == NULL)
    return fail (self->paths[CERTIFICATE], "TLS is not available", error);
  if (self->is_for_http)
    net_tls_context_use_for_http (context);
  if (!fill_context (self, context, error)) {
    SSL_CTX_free (context);
    return FALSE;
  }
  SSL_CTX_free (self->context);
  self->context = context;
  return TRUE;
}

/* Reads the files if they have changed. Each version is read once, whether it
 * is usable or not. */
static gboolean
refresh (NetCredentials *self, GError **error)
{
  AccessFileStamp now[N_FILES];
  gboolean is_there = TRUE;
  gboolean is_same = TRUE;

  for (guint i = 0; i < N_FILES; i++) {
    is_there =
        is_there && access_filestamp_take (&now[i], self->paths[i], error);
    if (!is_there)
      now[i] = (AccessFileStamp){ 0 };
    is_same = is_same && access_filestamp_equal (&now[i], &self->stamps[i]);
  }
  if (is_same && self->context != NULL) {
    g_clear_error (error);
    return TRUE;
  }
  memcpy (self->stamps, now, sizeof now);
  return is_there && load (self, error);
}

static NetCredentials *
credentials_new (const gchar *certificate, const gchar *key,
    gboolean is_for_http, GError **error)
{
  NetCredentials *self = g_new0 (NetCredentials, 1);
  gboolean has_key = key != NULL && *key != '\0';

  GST_DEBUG_CATEGORY_INIT (net_credentials_debug, "netcredentials", 0,
      "Certificate and key of RTMPS and HTTPS");
  self->is_for_http = is_for_http;
  self->paths[CERTIFICATE] = g_strdup (certificate);
  self->paths[KEY] = g_strdup (has_key ? key : certificate);
  if (!refresh (self, error))
    g_clear_pointer (&self, net_credentials_free);
  return self;
}

NetCredentials *
net_credentials_new (const gchar *certificate, const gchar *key, GError **error)
{
  return credentials_new (certificate, key, FALSE, error);
}

NetCredentials *
net_credentials_new_for_http (const gchar *certificate, const gchar *key,
    GError **error)
{
  return credentials_new (certificate, key, TRUE, error);
}

void
net_credentials_free (NetCredentials *self)
{
  if (self == NULL)
    return;
  SSL_CTX_free (self->context);
  for (guint i = 0; i < N_FILES; i++)
    g_free (self->paths[i]);
  g_free (self);
}

SSL_CTX *
net_credentials_context (NetCredentials *self)
{
  g_autoptr (GError) error = NULL;

  if (!refresh (self, &error))
    GST_WARNING ("the previous certificate stays in use: %s", error->message);
  return self->context;
}

/* The format is that of browsers and of openssl. */
gchar *
net_credentials_dup_fingerprint (const NetCredentials *self)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  GString *text = g_string_new (NULL);
  guint size;

  if (!X509_digest (SSL_CTX_get0_certificate (self->context), EVP_sha256 (),
          digest, &size))
    g_error ("SHA-256 is missing from OpenSSL.");
  for (guint i = 0; i < size; i++)
    g_string_append_printf (text, i == 0 ? "%02X" : ":%02X", digest[i]);
  return g_string_free (text, FALSE);
}
