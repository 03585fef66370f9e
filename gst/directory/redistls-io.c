/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TLS for a connection to Redis: see redistls-io.h. hiredis' own context would
 * verify the certificate, but not whose it is. */

#include "gst/directory/redistls-io.h"

#include <hiredis/hiredis_ssl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* Returns: (nullable): a client that trusts nobody but @host. */
static SSL *
client_new (const gchar *host)
{
  SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
  SSL *ssl = NULL;

  if (context == NULL)
    return NULL;
  SSL_CTX_set_verify (context, SSL_VERIFY_PEER, NULL);
  if (SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION) == 1 &&
      SSL_CTX_set_default_verify_paths (context) == 1)
    ssl = SSL_new (context);
  SSL_CTX_free (context);
  if (ssl == NULL)
    return NULL;
  /* RFC 6066 section 3: an address is no server name. */
  if (g_hostname_is_ip_address (host)
          ? X509_VERIFY_PARAM_set1_ip_asc (SSL_get0_param (ssl), host) == 1
          : SSL_set1_host (ssl, host) == 1 &&
              SSL_set_tlsext_host_name (ssl, host) == 1)
    return ssl;
  SSL_free (ssl);
  return NULL;
}

gboolean
directory_redis_secure (redisContext *context, const gchar *host, gchar **why)
{
  SSL *ssl;

  if (redisInitOpenSSL () != REDIS_OK || (ssl = client_new (host)) == NULL) {
    *why = g_strdup ("TLS cannot be set up");
    return FALSE;
  }
  /* Then it is the connection's. */
  if (redisInitiateSSL (context, ssl) == REDIS_OK)
    return TRUE;
  SSL_free (ssl);
  *why = g_strdup_printf ("TLS: %s", context->errstr);
  return FALSE;
}
