/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client of HTTPS on loopback, on OpenSSL and a socket that blocks: a test
 * decides about each byte. */

#pragma once

#include <glib.h>
#include <openssl/ssl.h>

G_BEGIN_DECLS

typedef struct
{
  int fd;
  SSL_CTX *context;
  SSL *ssl; /* NULL without TLS */
} TlsClient;

/* Connects from @from, an address of loopback. */
TlsClient tls_client_new_from (const gchar *from, guint16 port);
TlsClient tls_client_new (guint16 port);
/* Performs the handshake and accepts any certificate. */
void tls_client_shake_hands (TlsClient *self);
void tls_client_clear (TlsClient *self);

/* What a ClientHello of this client is. */
GByteArray *tls_client_hello (void);

/* Performs the handshake up to what the client says last.
 *
 * Returns: (transfer full): that, which is to be sent. */
GByteArray *tls_client_begin (TlsClient *self);

/* Without TLS, whether or not there is a session. */
void tls_client_send_raw (TlsClient *self, const void *data, gsize size);
void tls_client_say (TlsClient *self, const gchar *text);
/* Returns: (transfer full): all that comes until the server ends it. */
gchar *tls_client_hear (TlsClient *self);
/* Returns: (transfer full): up to the words, or to the end. */
gchar *tls_client_hear_until (TlsClient *self, const gchar *words);
/* Sends no more. */
void tls_client_end (TlsClient *self);
/* Reads until the end, which fails the test if it does not come. */
void tls_client_wait_for_end (TlsClient *self);
/* Whether the server has neither said anything nor ended the connection. */
gboolean tls_client_is_quiet (TlsClient *self);

G_END_DECLS
