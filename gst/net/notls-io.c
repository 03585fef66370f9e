/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replaces credentials-io.c, identity-io.c and tls.c in a build without TLS: a
 * server with a certificate does not start, so that no connection has TLS. */

#include "gst/net/credentials-io.h"
#include "gst/net/identity-io.h"
#include "gst/net/tls.h"

static void
set_error (const gchar *what, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
      "“%s” can't be used: this build has no TLS", what);
}

NetCredentials *
net_credentials_new (const gchar *certificate, const gchar *key, GError **error)
{
  set_error (certificate, error);
  return NULL;
}

NetCredentials *
net_credentials_new_for_http (const gchar *certificate, const gchar *key,
    GError **error)
{
  set_error (certificate, error);
  return NULL;
}

gboolean
net_identity_ensure (const gchar *folder, const gchar *const *names,
    gint64 now_s, GError **error)
{
  set_error (folder, error);
  return FALSE;
}

void
net_credentials_free (NetCredentials *self)
{
}

void
net_tls_free (NetTls *self)
{
}

/* Without credentials, none of the following is called. */

SSL_CTX *
net_credentials_context (NetCredentials *self)
{
  g_assert_not_reached ();
}

gchar *
net_credentials_dup_fingerprint (const NetCredentials *self)
{
  g_assert_not_reached ();
}

gboolean
net_tls_is_established (const NetTls *self)
{
  g_assert_not_reached ();
}

NetTls *
net_tls_new (SSL_CTX *context)
{
  g_assert_not_reached ();
}

NetTlsResult
net_tls_receive (NetTls *self, const guint8 **data, gsize *size,
    const guint8 **plain, gsize *plain_size, GByteArray *out)
{
  g_assert_not_reached ();
}

const gchar *
net_tls_why (const NetTls *self)
{
  g_assert_not_reached ();
}

void
net_tls_send (NetTls *self, const guint8 *plain, gsize size, GByteArray *out)
{
  g_assert_not_reached ();
}

void
net_tls_close (NetTls *self, GByteArray *out)
{
  g_assert_not_reached ();
}
